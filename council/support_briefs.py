"""A request in short, for who is told of it: what is asked, by whom, and by when somebody answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.support_files import Files, files_of
from council.support_taking import QUEUE
from storage import duty
from storage.people import Person
from storage.programme import Council
from storage.support import (
    SupportAct,
    SupportEvent,
    SupportKind,
    SupportMessage,
    SupportRequest,
    SupportSide,
    SupportState,
)

_GIVEN = (SupportAct.ASSIGNED, SupportAct.TAKEN, SupportAct.TRANSFERRED)


@dataclass(frozen=True)
class Brief:
    """`first_name` and `holder` are None when there is nobody, or an account that was erased.

    `words` is the first thing that was written, the newest once it is `reopened`; bare and on one line, "" when there
    are none. `files` is all that was sent beside words.
    """

    id: int
    number: str
    kind: SupportKind
    state: SupportState
    council: str | None
    first_name: str | None
    holder_id: int | None
    holder: str | None
    promised_at: datetime
    answered: bool
    words: str
    files: Files
    reopened: bool = False

    @property
    def in_queue(self) -> bool:
        """It waits for somebody to take it."""
        return self.holder_id is None and self.state in QUEUE


async def brief_of(session: AsyncSession, request_id: int) -> Brief | None:
    """None: there is no such request. The caller checks who may read it."""
    asker, holder = aliased(Person), aliased(Person)
    query: Any = (
        select(SupportRequest, col(Council.name), asker.first_name, holder.id, holder.first_name)  # type: ignore[call-overload]
        .join(asker, asker.id == col(SupportRequest.person_id))
        .outerjoin(holder, holder.id == col(SupportRequest.animator_id))
        .outerjoin(Council, col(Council.id) == col(SupportRequest.council_id))
        .where(col(SupportRequest.id) == request_id)
    )
    row = (await session.exec(query)).first()
    if row is None:
        return None
    request, council, first_name, holder_id, holder_name = row
    return Brief(
        id=request.id,
        number=request.number,
        kind=request.kind,
        state=request.state,
        council=council,
        first_name=first_name or None,
        holder_id=holder_id,
        holder=holder_name or None,
        promised_at=request.promised_at,
        answered=request.first_answer_at is not None,
        words=await _written(session, request_id, newest=request.rounds > 1),
        files=await files_of(session, request_id),
        reopened=request.rounds > 1,
    )


async def count_queue(session: AsyncSession) -> int:
    """How many requests wait for somebody to take them."""
    waiting = duty.is_open(), col(SupportRequest.animator_id).is_(None), col(SupportRequest.state).in_(QUEUE)
    return (await session.exec(select(func.count()).select_from(SupportRequest).where(*waiting))).one()


async def who_gave(session: AsyncSession, request_id: int) -> tuple[str | None, bool]:
    """First name of who put it into the hands it is in (None: the turn did), and whether others had it before."""
    query: Any = (
        select(col(SupportEvent.act), col(Person.first_name))
        .outerjoin(Person, col(Person.id) == col(SupportEvent.person_id))
        .where(col(SupportEvent.request_id) == request_id, col(SupportEvent.act).in_(_GIVEN))
        .order_by(col(SupportEvent.id).desc())
        .limit(1)
    )
    row = (await session.exec(query)).first()
    return (row[1] or None, row[0] == SupportAct.TRANSFERRED) if row else (None, False)


async def _written(session: AsyncSession, request_id: int, *, newest: bool) -> str:
    query = (
        select(SupportMessage)
        .where(col(SupportMessage.request_id) == request_id, col(SupportMessage.side) == SupportSide.REQUESTER)
        .order_by(col(SupportMessage.id).desc() if newest else col(SupportMessage.id))
        .limit(5)
    )
    messages = (await session.exec(query)).all()
    for each in messages:
        if words := Markup(" ").join(Markup(part) for part in each.parts).striptags():
            return words
    return ""
