"""Dialogues left open: after the programme's delay the person is told, once, and may go on where they were."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.clock import Clock
from council.notices import NoticeKind, Word, tell
from council.turns import each_in_turn
from storage.database import Database
from storage.dialogues import Dialogue
from storage.outbox import NoticePriority
from storage.people import Person


async def pause_expired(database: Database, clock: Clock) -> int:
    """Pauses what has expired and tells those who had begun something; how many dialogues."""
    expired = (
        col(Dialogue.expires_at) <= clock.now(),
        col(Dialogue.paused).is_(False),
        col(Dialogue.state).is_not(None),
    )
    key = col(Dialogue.chat_id), col(Dialogue.telegram_id), col(Dialogue.thread_id)

    async def pause(session: AsyncSession, place: int) -> bool:
        this = (column == value for column, value in zip(key, found[place], strict=True))
        one = select(Dialogue).where(*expired, *this)
        # Who is answering at this very moment goes on.
        dialogue = (await session.exec(one.with_for_update(skip_locked=True))).first()
        if dialogue is not None:
            await _pause(session, clock, dialogue)
        return dialogue is not None

    async with database.read() as session:
        found = (await session.exec(select(*key).where(*expired).order_by(col(Dialogue.expires_at)))).all()
    # By their places in the list: what names a dialogue names a person's account, and would stand in the log.
    return sum(await each_in_turn(database, range(len(found)), pause))


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
