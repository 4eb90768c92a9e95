"""Reading and keeping dialogues; a change is refused when somebody else changed the same dialogue since."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import dialect_insert, execute_built
from storage.dialogues import Dialogue

Key = tuple[int, int, int]
"""Chat, person (Telegram's numbers), thread (0: none)."""


class DialogueConflict(Exception):
    """Another update of this person has changed the dialogue since it was read."""


ASIDE = "_"
"""How the names of data begin that belong to the conversation, not to what a dialogue is about."""
LEFT = f"{ASIDE}left"
"""Drafts that somebody has walked away from, the newest first: state, data, `mark` and `told`.

The mark is the version at which it was left, which names it; told: the person was reminded of it.
"""


DIALOGUE: tuple[Any, ...] = (col(Dialogue.state), col(Dialogue.data), col(Dialogue.version), col(Dialogue.paused))
"""What `dialogue_of` reads."""
IS_THIS_DIALOGUE: Any = and_(
    col(Dialogue.chat_id) == bindparam("chat_id"),
    col(Dialogue.telegram_id) == bindparam("telegram_id"),
    col(Dialogue.thread_id) == bindparam("thread_id"),
)
_READ: Any = select(*DIALOGUE).where(IS_THIS_DIALOGUE)  # built once: it stands on the way of every tap


def dialogue_of(row: Sequence[Any] | None) -> tuple[str | None, dict[str, Any], int]:
    """State, data and version from the `DIALOGUE` columns; a paused dialogue is the newest of those that were left."""
    if row is None:
        return None, {}, 0
    state, data, version, paused = row
    if version is None:
        return None, {}, 0
    return (None, _as_left(state, data, version), version) if paused else (state, data, version)


async def read_dialogue(session: AsyncSession, key: Key) -> tuple[str | None, dict[str, Any], int]:
    """State, data and version; a paused dialogue is the newest of those that were left."""
    chat_id, telegram_id, thread_id = key
    key_values = {"chat_id": chat_id, "telegram_id": telegram_id, "thread_id": thread_id}
    return dialogue_of((await execute_built(session, _READ, key_values)).first())


async def keep_dialogue(
    session: AsyncSession,
    key: Key,
    version: int,
    state: str | None,
    data: dict[str, Any],
    now: datetime,
    expires_at: datetime,
) -> None:
    """Writes what changed; a paused dialogue stays paused until it is resumed or let go, or another is begun.

    Raises DialogueConflict when `version` is no longer the newest.
    """
    if state is None and version and await _kept_paused(session, key, version, data):
        return
    chat_id, telegram_id, thread_id = key
    values = {
        "state": state,
        "data": data,
        "version": version + 1,
        "paused": False,
        "changed_at": now,
        "expires_at": expires_at,
    }
    if version:
        change = (
            update(Dialogue)
            .where(
                col(Dialogue.chat_id) == chat_id,
                col(Dialogue.telegram_id) == telegram_id,
                col(Dialogue.thread_id) == thread_id,
                col(Dialogue.version) == version,
            )
            .values(**values)
        )
    else:
        row = dialect_insert(session, Dialogue).values(
            chat_id=chat_id, telegram_id=telegram_id, thread_id=thread_id, **values
        )
        change = row.on_conflict_do_nothing()  # type: ignore[assignment]
    if not (await session.exec(change)).rowcount:
        raise DialogueConflict


async def _kept_paused(session: AsyncSession, key: Key, version: int, data: dict[str, Any]) -> bool:
    """Whether a paused dialogue stands there that was not let go: only what was said aside is kept with it."""
    chat_id, telegram_id, thread_id = key
    paused = (
        col(Dialogue.chat_id) == chat_id,
        col(Dialogue.telegram_id) == telegram_id,
        col(Dialogue.thread_id) == thread_id,
        col(Dialogue.version) == version,
        col(Dialogue.paused),
    )
    own, *older = data.get(LEFT) or [None]
    kept = (await session.exec(select(col(Dialogue.data)).where(*paused))).first()
    if kept is None or own is None or own["mark"] != version:
        return False
    aside = {**_aside(data), LEFT: older}
    change = update(Dialogue).where(*paused).values(data={**kept, **aside})
    return bool((await session.exec(change)).rowcount)


def _as_left(state: str | None, data: dict[str, Any], version: int) -> dict[str, Any]:
    own = {name: value for name, value in data.items() if not name.startswith(ASIDE)}
    return {**_aside(data), LEFT: [{"state": state, "data": own, "mark": version, "told": True}, *data.get(LEFT, [])]}


def _aside(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name.startswith(ASIDE)}


async def forget_dialogues(session: AsyncSession, telegram_id: int) -> None:
    """All dialogues of a person, in every chat."""
    await session.exec(delete(Dialogue).where(col(Dialogue.telegram_id) == telegram_id))
