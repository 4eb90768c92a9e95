"""Told about meetings; each is made anew when it leaves, and dropped when it is no longer true."""

from council.actors import load_actor
from council.errors import NotAllowed
from council.meeting_notices import changed_fields, reminder_of, start_before, still_true
from council.meeting_views import open_managed
from council.notices import NoticeKind
from handlers.cards.card import Card
from handlers.cards.meeting_lead import held_card
from handlers.cards.meeting_notices import (
    announced_card,
    cancelled_card,
    changed_card,
    reminder_card,
    seat_card,
)
from handlers.moment_choice import Now
from handlers.notices import Delivery, renders
from storage.meetings import Audience


@renders(NoticeKind.MEETING_ANNOUNCED)
async def announced(delivery: Delivery) -> Card | None:
    view = await still_true(delivery.session, delivery.clock, delivery.notice)
    return announced_card(delivery.say, view) if view else None


@renders(NoticeKind.MEETING_CHANGED)
async def changed(delivery: Delivery) -> Card | None:
    notice = delivery.notice
    view = await still_true(delivery.session, delivery.clock, notice)
    return changed_card(delivery.say, view, changed_fields(notice), start_before(notice)) if view else None


@renders(NoticeKind.MEETING_CANCELLED)
async def cancelled(delivery: Delivery) -> Card | None:
    view = await still_true(delivery.session, delivery.clock, delivery.notice)
    return cancelled_card(delivery.say, view) if view else None


@renders(NoticeKind.MEETING_HELD)
async def held(delivery: Delivery) -> Card | None:
    """None when somebody has announced it meanwhile, and for who does not run it any more."""
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    if actor is None:
        return None
    try:
        view = await open_managed(delivery.session, delivery.clock, actor, delivery.notice.subject_id)
    except NotAllowed:
        return None
    return held_card(delivery.say, view) if view.awaits_confirmation else None


@renders(NoticeKind.MEETING_REMINDER)
async def reminder(delivery: Delivery) -> Card | None:
    view = await still_true(delivery.session, delivery.clock, delivery.notice)
    if view is None:
        return None
    audience, _ = reminder_of(delivery.notice)
    now = Now(delivery.clock.now(), delivery.programme.tz)
    return reminder_card(delivery.say, view, now, asks=audience is Audience.UNANSWERED)


@renders(NoticeKind.SEAT_GIVEN)
async def seat_given(delivery: Delivery) -> Card | None:
    view = await still_true(delivery.session, delivery.clock, delivery.notice)
    return seat_card(delivery.say, view) if view else None
