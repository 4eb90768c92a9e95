"""What must be known before an update is handled, in one statement: it stands on the way of every tap."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, literal
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import ACTOR, Actor, actor_of, of_actor
from storage.database import execute_built
from storage.dialogue_store import DIALOGUE, IS_THIS_DIALOGUE, Key, dialogue_of
from storage.dialogues import Dialogue
from storage.updates import ProcessedUpdate

IS_PROCESSED = exists().where(col(ProcessedUpdate.update_id) == bindparam("update_id"))


class Opening(NamedTuple):
    """Who acts, None when they have not joined; then what storage.dialogue_store.read_dialogue gives."""

    actor: Actor | None
    dialogue: tuple[str | None, dict[str, Any], int]


_ONE = select(literal(1).label("one")).subquery()
_ASKED: tuple[Any, ...] = (*ACTOR, *DIALOGUE, IS_PROCESSED)
_OPENING: Any = select(*_ASKED).select_from(of_actor(_ONE.outerjoin(Dialogue, IS_THIS_DIALOGUE)))


async def open_update(session: AsyncSession, update_id: int, key: Key) -> Opening | None:
    """None when the update has been processed before."""
    chat_id, telegram_id, thread_id = key
    asked = {"update_id": update_id, "chat_id": chat_id, "telegram_id": telegram_id, "thread_id": thread_id}
    rows = (await execute_built(session, _OPENING, asked)).all()
    *dialogue, is_processed = rows[0][len(ACTOR) :]
    if is_processed:
        return None
    return Opening(actor_of(telegram_id, [row[: len(ACTOR)] for row in rows]), dialogue_of(dialogue))
