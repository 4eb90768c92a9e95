"""Rows that have served: deleted in small portions, so that nobody waits behind a large one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.database import Database
from storage.dialogues import Dialogue
from storage.outbox import Fanout, LiveCard, Notice, NoticeState
from storage.updates import ProcessedUpdate, SetAsideUpdate

# Telegram keeps an update for 24 hours; after two days none can come again.
PROCESSED = timedelta(days=2)
SET_ASIDE = timedelta(days=30)
# A notice's row proves what was told and keeps it from being told twice; meetings are planned within 18 months.
NOTICE = timedelta(days=730)
LIVE_CARD = timedelta(days=90)
PAUSED_DIALOGUE = timedelta(days=30)
PORTION = 2_000

_FINISHED = (NoticeState.SENT, NoticeState.FAILED, NoticeState.CANCELLED, NoticeState.EXPIRED, NoticeState.UNCERTAIN)


async def forget_old_rows(database: Database, now: datetime) -> int:
    """How many rows went."""
    gone = 0
    for table, key, chosen in _old(now):
        gone += await _delete_in_portions(database, table, key, chosen)
    return gone + await _forget_left_dialogues(database, now)


def _old(now: datetime) -> list[tuple[Any, Any, Callable[[], SelectOfScalar[int]]]]:
    return [
        (
            ProcessedUpdate,
            col(ProcessedUpdate.update_id),
            lambda: select(col(ProcessedUpdate.update_id)).where(col(ProcessedUpdate.at) < now - PROCESSED),
        ),
        (
            SetAsideUpdate,
            col(SetAsideUpdate.id),
            lambda: select(col(SetAsideUpdate.id)).where(col(SetAsideUpdate.at) < now - SET_ASIDE),
        ),
        (
            Notice,
            col(Notice.id),
            lambda: select(col(Notice.id)).where(
                col(Notice.finished_at) < now - NOTICE, col(Notice.state).in_(_FINISHED)
            ),
        ),
        (Fanout, col(Fanout.id), lambda: select(col(Fanout.id)).where(col(Fanout.finished_at) < now - NOTICE)),
        (LiveCard, col(LiveCard.id), lambda: select(col(LiveCard.id)).where(col(LiveCard.made_at) < now - LIVE_CARD)),
    ]


async def _delete_in_portions(
    database: Database, table: Any, key: Any, chosen: Callable[[], SelectOfScalar[int]]
) -> int:
    gone = 0
    while True:
        async with database.write() as session:
            deleted = (await session.exec(delete(table).where(key.in_(chosen().limit(PORTION))))).rowcount
            gone += deleted
        if deleted < PORTION:
            return gone


async def _forget_left_dialogues(database: Database, now: datetime) -> int:
    """Drafts that nobody came back to."""
    async with database.write() as session:
        left = delete(Dialogue).where(col(Dialogue.expires_at) < now - PAUSED_DIALOGUE)
        return (await session.exec(left)).rowcount
