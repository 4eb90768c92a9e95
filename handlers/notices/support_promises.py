"""Told of promises, as they stand when the word leaves."""

from council.escalation import alert_of, awaited_request_of
from council.notices import NoticeKind
from council.promises import moved_promise_of
from handlers.cards.card import Card
from handlers.cards.support_promises import alert_card, late_card, promise_moved_card
from handlers.notices import Delivery, renders


@renders(NoticeKind.SUPPORT_ALERT)
async def support_alert(delivery: Delivery) -> Card | None:
    alert = await alert_of(delivery.session, delivery.clock, delivery.notice)
    return alert_card(delivery.say, alert) if alert else None


@renders(NoticeKind.SUPPORT_PROMISE_MOVED)
async def support_promise_moved(delivery: Delivery) -> Card | None:
    moved = await moved_promise_of(delivery.session, delivery.clock, delivery.programme, delivery.notice)
    return promise_moved_card(delivery.say, moved) if moved else None


@renders(NoticeKind.SUPPORT_LATE)
async def support_late(delivery: Delivery) -> Card | None:
    request = await awaited_request_of(delivery.session, delivery.notice)
    return late_card(delivery.say, request.id, request.number) if request else None
