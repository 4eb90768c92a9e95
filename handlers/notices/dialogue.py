"""Telling of a dialogue that was left open."""

from council.dialogues import still_paused
from council.notices import NoticeKind
from handlers.cards.card import Card
from handlers.cards.dialogue import paused_card
from handlers.notices import Delivery, renders


@renders(NoticeKind.DIALOGUE_PAUSED)
async def render_pause(delivery: Delivery) -> Card | None:
    notice = delivery.notice
    if not await still_paused(delivery.session, notice.subject_id, notice.revision):
        return None
    return paused_card(delivery.say)
