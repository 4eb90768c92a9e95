"""Told to a person about their own roles."""

from council.notices import NoticeKind
from handlers.cards.card import Card
from handlers.cards.team import role_given_card, role_revoked_card
from handlers.notices import Delivery, renders
from storage.roles import find_holder, grant_in_force


@renders(NoticeKind.ROLE_GIVEN)
async def role_given(delivery: Delivery) -> Card | None:
    holder = await find_holder(delivery.session, delivery.notice.subject_id)
    return None if holder is None or holder.revoked else role_given_card(holder, delivery.say)


@renders(NoticeKind.ROLE_REVOKED)
async def role_revoked(delivery: Delivery) -> Card | None:
    """No longer true when the role has been given back meanwhile."""
    holder = await find_holder(delivery.session, delivery.notice.subject_id)
    if holder is None or not holder.revoked:
        return None
    if await grant_in_force(delivery.session, holder.person_id, holder.role, holder.council_id) is not None:
        return None
    return role_revoked_card(holder, delivery.say)
