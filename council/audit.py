"""The audit line that goes with every change, in the same transaction."""

from typing import Any

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from storage.audit import AuditLine
from storage.database import execute_built, plain_table

_LINES: Any = plain_table(AuditLine)
_LINE = insert(_LINES)  # built once: it goes with every change


async def record(
    session: AsyncSession,
    clock: Clock,
    actor: Actor | int | None,
    act: str,
    subject: str,
    subject_id: int | None = None,
    **details: str | int | bool | None,
) -> None:
    """Who did what to what: `details` hold ids and words of the code, never what somebody wrote.

    `actor` is None when time acted (a sweep), a person's id when they have only just come to exist.
    """
    person_id = actor.person_id if isinstance(actor, Actor) else actor
    line = {
        "at": clock.now(),
        "person_id": person_id,
        "act": act,
        "subject": subject,
        "subject_id": subject_id,
        "details": details,
    }
    await execute_built(session, _LINE, line)
