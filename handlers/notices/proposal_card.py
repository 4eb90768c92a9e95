"""The card of a proposal, kept true wherever it stands."""

from council.actors import load_actor
from council.errors import NotAllowed
from council.live_cards import LiveKind
from council.proposal_views import view_proposal
from handlers.cards.card import Card
from handlers.cards.proposal import gone_card, proposal_card
from handlers.notices import Delivery
from handlers.notices.live_card import shows
from storage.outbox import LiveCard
from storage.proposals import Proposal


@shows(LiveKind.PROPOSAL)
async def proposal(delivery: Delivery, kept: LiveCard) -> Card | None:
    """Hidden or set aside: its words and its picture leave the chat of who may not see them any more."""
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    if actor is None:
        return None
    try:
        view = await view_proposal(delivery.session, delivery.clock, actor, kept.subject_id)
    except NotAllowed:
        gone = await delivery.session.get(Proposal, kept.subject_id)
        return gone_card(delivery.say, under_picture=gone is not None and gone.photo_file_id is not None)
    return proposal_card(delivery.say, view, delivery.programme)
