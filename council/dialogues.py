"""Dialogues left open: after the programme's delay the person is told, once, and may go on where they were."""

from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.clock import Clock
from council.notices import NoticeKind, Word, tell
from storage.database import Database
from storage.dialogues import Dialogue
from storage.outbox import NoticePriority
from storage.people import Person

PORTION = 200


async def pause_expired(database: Database, clock: Clock) -> int:
    """Pauses what has expired and tells those who had begun something; how many dialogues."""
    async with database.write() as session:
        query = (
            select(Dialogue)
            .where(col(Dialogue.expires_at) <= clock.now(), col(Dialogue.paused).is_(False))
            .where(col(Dialogue.state).is_not(None))
            .limit(PORTION)
            .with_for_update(skip_locked=True)  # who is answering at this very moment goes on
        )
        expired = (await session.exec(query)).all()
        for dialogue in expired:
            await _pause(session, clock, dialogue)
    return len(expired)


async def _pause(session: AsyncSession, clock: Clock, dialogue: Dialogue) -> None:
    dialogue.paused = True
    dialogue.version += 1
    person_id = (
        await session.exec(select(col(Person.id)).where(col(Person.telegram_id) == dialogue.telegram_id))
    ).first()
    if person_id is not None and dialogue.chat_id == dialogue.telegram_id:
        word = Word(
            NoticeKind.DIALOGUE_PAUSED,
            dialogue.telegram_id,
            NoticePriority.TRANSACTIONAL,
            revision=dialogue.version,
        )
        await tell(session, clock, person_id, word)


async def paused_dialogue(session: AsyncSession, telegram_id: int) -> tuple[str, dict[str, Any]] | None:
    """State and data of the paused dialogue in the private chat; None when there is none any more."""
    dialogue = await session.get(Dialogue, (telegram_id, telegram_id, 0))
    if dialogue is None or not dialogue.paused or dialogue.state is None:
        return None
    return dialogue.state, dialogue.data


async def still_paused(session: AsyncSession, telegram_id: int, version: int) -> bool:
    """Whether the notice of a pause is still true: nothing was begun since."""
    query = select(col(Dialogue.version)).where(
        col(Dialogue.telegram_id) == telegram_id, col(Dialogue.chat_id) == telegram_id, col(Dialogue.paused)
    )
    return (await session.exec(query)).first() == version


async def end_paused(session: AsyncSession, telegram_id: int) -> None:
    """The person does not want to go on."""
    await session.exec(
        update(Dialogue)
        .where(col(Dialogue.telegram_id) == telegram_id, col(Dialogue.paused))
        .values(state=None, data={}, paused=False)
    )
