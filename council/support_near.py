"""Finding one request among all: by its number, or by what it has in common with another."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.errors import NotAllowed
from council.support_states import check_handles, load_support, may_see
from storage.duty import is_open
from storage.people import Person
from storage.support import SupportKind, SupportRequest


async def find_request(session: AsyncSession, actor: Actor, number: str) -> int:
    """The id of the request of this number, for those who may see it.

    Raises NotAllowed: not theirs, or there is none; nobody learns which.
    """
    request = (await session.exec(select(SupportRequest).where(col(SupportRequest.number) == number))).first()
    if request is None or not may_see(actor, request):
        raise NotAllowed
    return request.id


@dataclass(frozen=True)
class NearRequest:
    """Another open request that may be meant; `first_name` is None once the person is erased."""

    id: int
    number: str
    kind: SupportKind
    first_name: str | None


async def near_requests(session: AsyncSession, actor: Actor, request_id: int, limit: int) -> list[NearRequest]:
    """Open requests of the same person, then those of the same kind in the same council, the newest first.

    Raises:
        NotAllowed: not of the team, or no such request.
    """
    request = await load_support(session, actor, request_id)
    check_handles(actor, request)
    same_person = col(SupportRequest.person_id) == request.person_id
    alike = and_(
        col(SupportRequest.council_id).is_not_distinct_from(request.council_id),
        col(SupportRequest.kind) == request.kind,
    )
    shown: tuple[Any, ...] = (
        col(SupportRequest.id),
        col(SupportRequest.number),
        col(SupportRequest.kind),
        col(Person.first_name),
        col(Person.erased_at),
    )
    query = (
        select(*shown)
        .join(Person, col(Person.id) == col(SupportRequest.person_id))
        .where(
            is_open(),
            col(SupportRequest.id) != request.id,
            col(SupportRequest.person_id) != actor.person_id,
            or_(same_person, alike),
        )
        .order_by(case((same_person, 0), else_=1), col(SupportRequest.id).desc())
        .limit(limit)
    )
    return [
        NearRequest(other_id, number, SupportKind(kind), None if erased_at else first_name)
        for other_id, number, kind, first_name, erased_at in (await session.exec(query)).all()
    ]
