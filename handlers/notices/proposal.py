"""Told of proposals: that one waits, what became of it, what stands still, and with whom."""

from council.actors import load_actor
from council.council_choice import council_of
from council.errors import NotAllowed, OutOfDate
from council.live_cards import LiveKind
from council.notices import NoticeKind
from council.proposal_desk import open_desk
from council.proposal_mine import to_correct
from council.proposal_news import news_of
from council.proposal_originals import originals_of, told_by
from council.proposal_stale import stale_proposals
from handlers.cards.card import Card
from handlers.cards.moderation import desk_card, waits_card
from handlers.cards.proposal_news import news_card, to_correct_card
from handlers.cards.proposal_stale import stale_notice_card
from handlers.cards.proposal_words import title_words
from handlers.notices import Delivery, renders
from handlers.notices.live_card import shows
from storage.outbox import LiveCard


@renders(NoticeKind.PROPOSAL_TO_MODERATE)
async def proposal_to_moderate(delivery: Delivery) -> Card | None:
    """None once it is decided, and for who does not moderate it any more."""
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    if actor is None:
        return None
    try:
        view = await open_desk(delivery.session, actor, delivery.notice.subject_id)
    except NotAllowed:
        return None
    return waits_card(delivery.say, view) if view.waits and not view.mine else None


@renders(NoticeKind.PROPOSAL_NEWS)
async def proposal_news(delivery: Delivery) -> Card | None:
    news = await news_of(delivery.session, delivery.notice)
    return news_card(delivery.say, news) if news is not None else None


@renders(NoticeKind.PROPOSAL_TO_CORRECT)
async def proposal_to_correct(delivery: Delivery) -> Card | None:
    """None once it is corrected, taken back or set aside."""
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    if actor is None:
        return None
    try:
        proposal = await to_correct(delivery.session, actor, delivery.notice.subject_id)
    except (NotAllowed, OutOfDate):
        return None
    title = title_words(delivery.say, proposal.title, told_by(originals_of(proposal)))
    return to_correct_card(delivery.say, proposal.id, proposal.number, title, proposal.reason or "")


@renders(NoticeKind.PROPOSAL_STALE)
async def proposal_stale(delivery: Delivery) -> Card | None:
    """None when all have moved since, and for who does not run the council any more."""
    council_id = delivery.notice.subject_id
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    council = await council_of(delivery.session, council_id)
    if actor is None or council is None:
        return None
    stale = await stale_proposals(delivery.session, delivery.clock, delivery.programme, actor, council_id)
    return stale_notice_card(delivery.say, stale, council.name, council_id) if stale else None


@shows(LiveKind.MODERATION)
async def moderation(delivery: Delivery, kept: LiveCard) -> Card | None:
    """None for who does not moderate it any more: what stands there stays, and its buttons are refused."""
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    if actor is None:
        return None
    try:
        view = await open_desk(delivery.session, actor, kept.subject_id)
    except NotAllowed:
        return None
    return desk_card(delivery.say, view, delivery.programme)
