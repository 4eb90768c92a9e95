"""The card of a request, made anew for whoever reads it: who asked, or somebody of the team."""

from council.actors import load_actor
from council.live_cards import LiveKind
from council.support_mine import view_of
from council.support_overview import team_view
from council.support_states import may_handle
from handlers.cards.card import Card
from handlers.cards.request_card import team_card
from handlers.cards.support import support_card
from handlers.notices import Delivery
from handlers.notices.live_card import shows
from storage.outbox import LiveCard
from storage.support import SupportRequest


@shows(LiveKind.SUPPORT)
async def request_of_reader(delivery: Delivery, kept: LiveCard) -> Card | None:
    """By the roles that the reader has now; None for who may not see it any more."""
    session, say = delivery.session, delivery.say
    request = await session.get(SupportRequest, kept.subject_id)
    actor = await load_actor(session, delivery.notice.chat_id)
    if request is None or actor is None:
        return None
    if request.person_id == actor.person_id:
        return support_card(say, await view_of(session, delivery.clock, request))
    if not may_handle(actor, request):
        return None
    return team_card(say, await team_view(session, delivery.clock, actor, request.id))
