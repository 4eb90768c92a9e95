"""Dialogues left open: after the programme's delay the person is told, once, and may go on where they were."""

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


async def paused_state(session: AsyncSession, telegram_id: int, version: int) -> str | None:
    """Where a dialogue was paused; None when its pause is no longer to be told: something was begun since."""
    query = select(col(Dialogue.version), col(Dialogue.state)).where(
        col(Dialogue.telegram_id) == telegram_id, col(Dialogue.chat_id) == telegram_id, col(Dialogue.paused)
    )
    row = (await session.exec(query)).first()
    return row[1] if row is not None and row[0] == version else None
