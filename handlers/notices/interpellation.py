"""What has become of an interpellation, said as it stands when the word leaves."""

from council.actors import Actor, load_actor
from council.errors import NotAllowed
from council.interpellation_news import TO_SIGN, TO_VOTE
from council.interpellation_views import InterpellationView, view_interpellation
from council.live_cards import LiveKind
from council.notices import NoticeKind
from handlers.cards.card import Card
from handlers.cards.interpellation import interpellation_card
from handlers.cards.interpellation_news import (
    call_to_sign_card,
    call_to_vote_card,
    news_card,
    to_open_card,
    withdrawn_card,
)
from handlers.notices import Delivery, renders
from handlers.notices.live_card import shows
from storage.interpellations import Interpellation, InterpellationEvent, InterpellationState
from storage.outbox import LiveCard


@renders(NoticeKind.INTERPELLATION_NEWS)
async def interpellation_news(delivery: Delivery) -> Card | None:
    """None for who may not read it any more: but that it was withdrawn is told to all who signed it."""
    event = await delivery.session.get(InterpellationEvent, delivery.notice.revision)
    if event is None or event.interpellation_id != delivery.notice.subject_id:
        return None
    view = await _seen(delivery)
    if view is not None:
        words = next((each.words for each in view.steps if each.id == event.id), "")
        return news_card(delivery.say, view, event.act, words)
    return await _withdrawn(delivery, delivery.notice.subject_id)


@renders(NoticeKind.INTERPELLATION_CALL)
async def interpellation_call(delivery: Delivery) -> Card | None:
    """None once the reader has signed or voted, and when the time for it is over."""
    view = await _seen(delivery)
    if view is None:
        return None
    if delivery.notice.detail == TO_SIGN and view.may_sign and view.state is InterpellationState.COSIGNING:
        return call_to_sign_card(delivery.say, view)
    if delivery.notice.detail == TO_VOTE and view.vote_runs and view.votes_here and view.my_vote is None:
        return call_to_vote_card(delivery.say, view)
    return None


@renders(NoticeKind.INTERPELLATION_TO_OPEN)
async def interpellation_to_open(delivery: Delivery) -> Card | None:
    """None when somebody has opened it or sent it back meanwhile, and for who may not."""
    view = await _seen(delivery)
    if view is None or view.state is not InterpellationState.SUBMITTED or not view.carries:
        return None
    return to_open_card(delivery.say, view)


@shows(LiveKind.INTERPELLATION)
async def live_interpellation(delivery: Delivery, kept: LiveCard) -> Card | None:
    view = await _view(delivery, await load_actor(delivery.session, delivery.notice.chat_id), kept.subject_id)
    if view is not None:
        return interpellation_card(view, delivery.say)
    return await _withdrawn(delivery, kept.subject_id)


async def _withdrawn(delivery: Delivery, interpellation_id: int) -> Card | None:
    """For who has known it while it was public; None when it still is there, or never was."""
    row = await delivery.session.get(Interpellation, interpellation_id)
    if row is None or row.state is not InterpellationState.WITHDRAWN or row.cosign_until is None:
        return None
    return withdrawn_card(delivery.say, row.number)


async def _seen(delivery: Delivery) -> InterpellationView | None:
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    return await _view(delivery, actor, delivery.notice.subject_id)


async def _view(delivery: Delivery, actor: Actor | None, interpellation_id: int) -> InterpellationView | None:
    """None for who may not read it."""
    if actor is None:
        return None
    try:
        return await view_interpellation(delivery.session, delivery.clock, delivery.programme, actor, interpellation_id)
    except NotAllowed:
        return None
