"""Cards that are kept true: made anew for who may still see them, and put in the place of the old."""

from council.actors import load_actor
from council.errors import NotAllowed
from council.live_cards import LiveKind, live_card_of
from council.meeting_views import attendance, open_managed
from council.notices import NoticeKind
from handlers.cards.meeting_lead import NAMES_SHOWN, live_card
from handlers.notices import Delivery, Edit, renders


@renders(NoticeKind.LIVE_CARD)
async def refreshed(delivery: Delivery) -> Edit | None:
    """None when the message shows something else by now, or its reader does not run the meeting any more."""
    kept = await live_card_of(delivery.session, delivery.notice)
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    if kept is None or actor is None or kept.kind != LiveKind.MEETING:
        return None
    try:
        view = await open_managed(delivery.session, delivery.clock, actor, kept.subject_id)
    except NotAllowed:
        return None
    answered = await attendance(delivery.session, view.id, NAMES_SHOWN)
    return Edit(kept.message_id, live_card(delivery.say, view, answered))
