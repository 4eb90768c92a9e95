"""Told to the team: a request is theirs, waits for somebody, has left them; somebody is away."""

from council.absence_offers import absence_view
from council.actors import load_actor
from council.local_time import local
from council.notices import NoticeKind
from council.routing import SEVERAL
from council.support_briefs import Brief, brief_of, count_queue, who_gave
from handlers.cards.card import Card
from handlers.cards.support_team import (
    absence_declared_card,
    assigned_card,
    left_you_card,
    offered_card,
    queued_card,
    several_queued_card,
)
from handlers.notices import Delivery, renders
from storage import duty
from storage.people import Role
from storage.support import ENDED


@renders(NoticeKind.SUPPORT_ASSIGNED)
async def support_assigned(delivery: Delivery) -> Card | None:
    brief = await _brief(delivery)
    if brief is None or brief.holder_id != delivery.notice.person_id:
        return None
    given_by, transferred = await who_gave(delivery.session, brief.id)
    return assigned_card(delivery.say, brief, delivery.clock.now(), given_by, transferred=transferred)


@renders(NoticeKind.SUPPORT_QUEUED)
async def support_queued(delivery: Delivery) -> Card | None:
    brief = await _brief(delivery)
    if delivery.notice.detail == SEVERAL:
        waiting = await count_queue(delivery.session)
        return several_queued_card(delivery.say, waiting) if brief is not None and waiting else None
    return queued_card(delivery.say, brief, delivery.clock.now()) if brief is not None and brief.in_queue else None


@renders(NoticeKind.SUPPORT_LEFT_YOU)
async def support_left_you(delivery: Delivery) -> Card | None:
    brief = await _brief(delivery)
    if brief is None or brief.holder_id == delivery.notice.person_id:
        return None
    return left_you_card(delivery.say, brief)


@renders(NoticeKind.SUPPORT_OFFERED)
async def support_offered(delivery: Delivery) -> Card | None:
    """None when nothing waits there any more, or the reader neither stands in nor coordinates any more."""
    today = local(delivery.clock.now(), delivery.programme.tz).date()
    view = await absence_view(delivery.session, delivery.notice.subject_id, today)
    reader = delivery.notice.person_id
    if view is None or reader is None or not view.requests or view.starts_on > today:
        return None
    if view.deputy_id != reader and Role.COORDINATOR not in await duty.roles_of(delivery.session, reader):
        return None
    return offered_card(delivery.say, view, delivery.clock.now(), reader)


@renders(NoticeKind.ABSENCE_DECLARED)
async def absence_declared(delivery: Delivery) -> Card | None:
    today = local(delivery.clock.now(), delivery.programme.tz).date()
    view = await absence_view(delivery.session, delivery.notice.subject_id, today)
    reader = delivery.notice.person_id
    if view is None or reader is None or not await duty.roles_of(delivery.session, reader):
        return None
    return absence_declared_card(delivery.say, view, reader)


async def _brief(delivery: Delivery) -> Brief | None:
    """The request, while it is open and the reader is of the team."""
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    if actor is None or not actor.holds_anywhere(*duty.TEAM):
        return None
    brief = await brief_of(delivery.session, delivery.notice.subject_id)
    return brief if brief is not None and brief.state not in ENDED else None
