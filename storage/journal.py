"""The audit as a list, the latest line first, and the names of what its lines point to.

Lines are numbered as they are written: by its key alone the list is read page by page, whatever is sought in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, not_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.audit import AuditLine
from storage.interpellations import Interpellation
from storage.meetings import Meeting
from storage.people import Person, Role, RoleGrant
from storage.programme import Council
from storage.proposals import Proposal
from storage.resource_actors import ResourceActor
from storage.support import SupportRequest


@dataclass(frozen=True)
class LineFilter:
    """`acts` are whole or, with a dot at their end, what acts begin with; none: all. `since` is aware."""

    acts: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    person_id: int | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Names:
    """By the numbers of rows; `first_names` are empty where an account is erased. `called`: by subject and number."""

    first_names: Mapping[int, str] = field(default_factory=dict)
    councils: Mapping[int, str] = field(default_factory=dict)
    meetings: Mapping[int, datetime] = field(default_factory=dict)
    called: Mapping[tuple[str, int], str] = field(default_factory=dict)


_CALLED: dict[str, tuple[Any, Any]] = {
    "proposal": (col(Proposal.id), col(Proposal.number)),
    "interpellation": (col(Interpellation.id), col(Interpellation.number)),
    "support_request": (col(SupportRequest.id), col(SupportRequest.number)),
    "resource_actor": (col(ResourceActor.id), col(ResourceActor.name)),
    "council": (col(Council.id), col(Council.name)),
}


async def latest_lines(
    session: AsyncSession, sought: LineFilter, limit: int, *, before: int | None = None
) -> list[AuditLine]:
    """At most `limit` lines, the latest first; of those written before the line of that number."""
    query = _sought(sought).order_by(col(AuditLine.id).desc())
    if before is not None:
        query = query.where(col(AuditLine.id) < before)
    return list((await session.exec(query.limit(limit))).all())


async def next_lines(session: AsyncSession, sought: LineFilter, limit: int, *, after: int) -> list[AuditLine]:
    """At most `limit` of the lines written after that one, the nearest to it, the latest first."""
    query = _sought(sought).where(col(AuditLine.id) > after).order_by(col(AuditLine.id)).limit(limit)
    return list((await session.exec(query)).all())[::-1]


async def names_of(session: AsyncSession, lines: Sequence[AuditLine]) -> Names:
    """All names that these lines need, each kind read once."""
    pointed: dict[str, set[int]] = {}
    for each in lines:
        if each.subject_id is not None:
            pointed.setdefault(each.subject, set()).add(each.subject_id)
    people = {each.person_id for each in lines} | {each.details.get("person_id") for each in lines}
    councils = {each.details.get("council_id") for each in lines}
    called = {
        (subject, number): name
        for subject, (key, value) in _CALLED.items()
        for number, name in (await _named(session, key, value, pointed.get(subject, ()))).items()
    }
    return Names(
        await _named(session, col(Person.id), col(Person.first_name), people | pointed.get("animator_post", set())),
        await _named(session, col(Council.id), col(Council.name), councils),
        await _named(session, col(Meeting.id), col(Meeting.starts_at), pointed.get("meeting", ())),
        called,
    )


async def ever_held(session: AsyncSession, roles: Iterable[Role]) -> list[tuple[int, str]]:
    """(id, first name) of all who hold one of these roles, or held it once; of an erased account without a name."""
    held = select(col(RoleGrant.person_id)).where(col(RoleGrant.role).in_(tuple(roles)))
    query = select(col(Person.id), col(Person.first_name)).where(col(Person.id).in_(held))
    in_order = query.order_by(col(Person.erased_at).is_not(None), col(Person.first_name), col(Person.id))
    return [(person_id, name) for person_id, name in (await session.exec(in_order)).all()]


def _sought(sought: LineFilter) -> Any:
    query = select(AuditLine)
    act = col(AuditLine.act)
    if sought.acts:
        query = query.where(
            or_(*(act.startswith(each, autoescape=True) if each.endswith(".") else act == each for each in sought.acts))
        )
    if sought.besides:
        query = query.where(not_(act.in_(sought.besides)))
    if sought.person_id is not None:
        query = query.where(col(AuditLine.person_id) == sought.person_id)
    if sought.since is not None:
        # Where to stop: the newest line that is older. Without it, few lines found would mean the whole table read.
        older = select(col(AuditLine.id)).where(col(AuditLine.at) < sought.since).order_by(col(AuditLine.id).desc())
        bound = func.coalesce(older.limit(1).scalar_subquery(), 0)
        query = query.where(col(AuditLine.id) > bound, col(AuditLine.at) >= sought.since)
    return query


async def _named(session: AsyncSession, key: Any, value: Any, wanted: Iterable[int | None]) -> dict[int, Any]:
    ids = {each for each in wanted if each is not None}
    return dict((await session.exec(select(key, value).where(key.in_(ids)))).all()) if ids else {}
