"""Telling of a dialogue that was left open."""

from council.dialogues import paused_state
from council.notices import NoticeKind
from handlers.cards.card import Card
from handlers.cards.dialogue import left_card
from handlers.notices import Delivery, renders


@renders(NoticeKind.DIALOGUE_PAUSED)
async def render_pause(delivery: Delivery) -> Card | None:
    notice = delivery.notice
    state = await paused_state(delivery.session, notice.subject_id, notice.revision)
    return left_card(delivery.say, state.partition(":")[0], notice.revision) if state is not None else None
