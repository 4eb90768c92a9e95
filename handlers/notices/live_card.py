"""Cards that are kept true: made anew for who may still see them, and put in the place of the old."""

from collections.abc import Awaitable, Callable

from council.actors import load_actor
from council.errors import NotAllowed
from council.live_cards import LiveKind, is_followed, live_card_of
from council.meeting_views import attendance, open_managed
from council.notices import NoticeKind
from handlers.cards.card import Card
from handlers.cards.meeting_lead import NAMES_SHOWN, live_card
from handlers.notices import Delivery, Edit, renders
from storage.outbox import LiveCard

Showing = Callable[[Delivery, LiveCard], Awaitable[Card | None]]
_SHOWINGS: dict[tuple[str, bool], Showing] = {}


def shows(kind: LiveKind, *, in_group: bool = False) -> Callable[[Showing], Showing]:
    """Declares how cards of a kind are made anew. It answers None when their reader may not see them any more.

    `in_group`: those that a group reads, and nobody in particular.
    """

    def declare(showing: Showing) -> Showing:
        _SHOWINGS[kind, in_group] = showing
        return showing

    return declare


@renders(NoticeKind.LIVE_CARD)
async def refreshed(delivery: Delivery) -> Edit | None:
    """None when the message shows something else by now, or is not its reader's to see any more."""
    kept = await live_card_of(delivery.session, delivery.notice)
    showing = _SHOWINGS.get((kept.kind, kept.person_id is None)) if kept is not None else None
    if kept is None or showing is None:
        return None
    shown = delivery.notice.revision  # known when the card is only looked at once more
    if shown and await is_followed(delivery.session, delivery.notice):
        return None
    card = await showing(delivery, kept)
    if card is None:
        return None
    return Edit(kept.message_id, card, has_media=card.media is not None, instead_of=shown)


@shows(LiveKind.MEETING)
async def meeting(delivery: Delivery, kept: LiveCard) -> Card | None:
    """None for who does not run the meeting any more."""
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    if actor is None:
        return None
    try:
        view = await open_managed(delivery.session, delivery.clock, actor, kept.subject_id)
    except NotAllowed:
        return None
    answered = await attendance(delivery.session, view.id, NAMES_SHOWN)
    return live_card(delivery.say, view, answered)
