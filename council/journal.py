"""The journal: the audit as the coordinator reads it, and nobody else.

It holds no words that anybody wrote, and no name where who acted was promised that theirs is not given.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit
from council.actors import Actor, check_coordinates
from council.clock import Clock
from council.errors import NotAllowed
from council.local_time import first_showing, local
from council.notices import NoticeKind, Word, tell
from council.roles import TEAM
from council.settings import ProgrammeSettings
from storage.audit import AuditLine
from storage.journal import LineFilter, Names, ever_held, latest_lines, names_of, next_lines
from storage.outbox import Notice, NoticePriority
from storage.people import Role

UNNAMED = ("proposal.reported", "interpellation.view_written")
"""Acts of which the person was told that their name is not given: the journal does not give it either."""
MOST_IN_TABLE = 20_000
"""Lines; older ones are found by another choice of what is sought."""
TABLE_WAITS = timedelta(hours=1)
"""A table that could not be sent in this time is asked for anew."""
_PORTION = 1_000


class JournalKind(StrEnum):
    """What an act is about."""

    MEETINGS = "meeting"
    PROPOSALS = "proposal"
    INTERPELLATIONS = "question"
    REQUESTS = "request"
    TEAM = "team"
    ACCOUNTS = "account"
    REFUSALS = "refusal"


class JournalPeriod(StrEnum):
    """Local days up to today, which counts as one."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


_ACTS: dict[JournalKind, tuple[str, ...]] = {
    JournalKind.MEETINGS: ("meeting.", "announcement."),
    JournalKind.PROPOSALS: ("proposal.",),
    JournalKind.INTERPELLATIONS: ("interpellation.",),
    JournalKind.REQUESTS: ("support.",),
    JournalKind.TEAM: (
        "role.",
        "invitation.",
        "post.",
        "absence.",
        "resource_actor.",
        "council.status_set",
        "group.",
        "team_group.",
        "programme.",
        "boundaries.",
        "mail.",
        "journal.",
    ),
    JournalKind.ACCOUNTS: ("person.", "council.followed", "council.left"),
    JournalKind.REFUSALS: ("refused",),
}
_DAYS = {JournalPeriod.TODAY: 1, JournalPeriod.WEEK: 7, JournalPeriod.MONTH: 30}


@dataclass(frozen=True)
class Sought:
    """What the coordinator wants to read: of one kind, by one person of the team, of a period; None: of all."""

    kind: JournalKind | None = None
    person_id: int | None = None
    period: JournalPeriod = JournalPeriod.ALL


@dataclass(frozen=True)
class Somebody:
    """`first_name` is empty once the account is erased: the number is all that is left of them."""

    person_id: int
    first_name: str


@dataclass(frozen=True)
class JournalLine:
    """Who did what to what. `who` None: time acted, or somebody without an account here, or `is_unnamed`.

    `name` is the public number or the name of what it was done to, `meeting_at` when that meeting begins. `other` is
    whom it was done to; `role` and `council` are those that it gave or took.
    """

    id: int
    at: datetime
    act: str
    kind: JournalKind | None
    subject: str
    who: Somebody | None = None
    is_unnamed: bool = False
    other: Somebody | None = None
    name: str = ""
    meeting_at: datetime | None = None
    role: Role | None = None
    council: str | None = None


@dataclass(frozen=True)
class JournalPage:
    """The latest line first; whether there are newer and older ones. `person` is whom the choice is limited to."""

    lines: tuple[JournalLine, ...]
    newer: bool
    older: bool
    person: Somebody | None = None


@dataclass(frozen=True)
class JournalTable:
    """`is_whole` False: older lines were left out, there are more than MOST_IN_TABLE."""

    lines: tuple[JournalLine, ...]
    is_whole: bool
    person: Somebody | None = None


def kind_of(act: str) -> JournalKind | None:
    """None: an act that this version does not know."""
    for kind, acts in _ACTS.items():
        if any(act.startswith(each) if each.endswith(".") else act == each for each in acts):
            return kind
    return None


async def journal_page(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    sought: Sought,
    size: int,
    *,
    before: int | None = None,
    after: int | None = None,
) -> JournalPage:
    """One page: of the lines before that one, of those just after that one, or the latest.

    Lines that come meanwhile move none from page to page. Raises NotAllowed for all but the coordinator, and for
    somebody who has never been of the team.
    """
    person = await _person(session, actor, sought)
    wanted = _filter(sought, clock, programme)
    if after is not None:
        newer = await next_lines(session, wanted, size + 1, after=after)
        if len(newer) > size:
            return JournalPage(await _read(session, newer[1:]), newer=True, older=True, person=person)
        before = None
    rows = await latest_lines(session, wanted, size + 1, before=before)
    if not rows and before is not None:
        before, rows = None, await latest_lines(session, wanted, size + 1)
    lines = await _read(session, rows[:size])
    return JournalPage(lines, newer=before is not None, older=len(rows) > size, person=person)


async def journal_people(session: AsyncSession, actor: Actor) -> list[Somebody]:
    """Who is of the team, or was once: what somebody did before they left is asked for most. Raises NotAllowed."""
    check_coordinates(actor)
    return [Somebody(*each) for each in await ever_held(session, TEAM)]


async def ask_for_table(session: AsyncSession, clock: Clock, actor: Actor, sought: Sought, request_key: str) -> None:
    """Has the lines made into a table and sent later; the journal says so too. Raises NotAllowed."""
    await _person(session, actor, sought)
    word = Word(
        NoticeKind.JOURNAL_TABLE,
        actor.person_id,
        NoticePriority.TRANSACTIONAL,
        detail=f"{sought.kind or ''}/{sought.person_id or ''}/{sought.period}/{request_key}",
        quiet=False,
        expires_at=clock.now() + TABLE_WAITS,
    )
    await tell(session, clock, actor.person_id, word)
    await audit.record(session, clock, actor, "journal.asked", "journal")


def table_of(notice: Notice) -> Sought:
    """What a JOURNAL_TABLE notice sends."""
    kind, person_id, period, _ = (notice.detail or "").split("/", 3)
    return Sought(JournalKind(kind) if kind else None, int(person_id) if person_id else None, JournalPeriod(period))


async def journal_table(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor, sought: Sought
) -> JournalTable:
    """All the lines, up to MOST_IN_TABLE. Raises NotAllowed."""
    person = await _person(session, actor, sought)
    wanted = _filter(sought, clock, programme)
    lines: list[JournalLine] = []
    while len(lines) <= MOST_IN_TABLE:
        rows = await latest_lines(session, wanted, _PORTION, before=lines[-1].id if lines else None)
        lines += await _read(session, rows)
        if len(rows) < _PORTION:
            break
    return JournalTable(tuple(lines[:MOST_IN_TABLE]), len(lines) <= MOST_IN_TABLE, person)


async def _person(session: AsyncSession, actor: Actor, sought: Sought) -> Somebody | None:
    """Whom the choice is limited to. Raises NotAllowed."""
    people = {each.person_id: each for each in await journal_people(session, actor)}
    if sought.person_id is None:
        return None
    if sought.person_id not in people:
        raise NotAllowed
    return people[sought.person_id]


def _filter(sought: Sought, clock: Clock, programme: ProgrammeSettings) -> LineFilter:
    days = _DAYS.get(sought.period)
    since = None
    if days is not None:
        first = local(clock.now(), programme.tz).date() - timedelta(days=days - 1)
        since = first_showing(datetime.combine(first, time()), programme.tz)
    return LineFilter(
        acts=_ACTS[sought.kind] if sought.kind is not None else (),
        besides=UNNAMED if sought.person_id is not None else (),  # the choice itself would name them
        person_id=sought.person_id,
        since=since,
    )


async def _read(session: AsyncSession, rows: list[AuditLine]) -> tuple[JournalLine, ...]:
    names = await names_of(session, rows)
    return tuple(_line(each, names) for each in rows)


def _line(row: AuditLine, names: Names) -> JournalLine:
    role, council_id = row.details.get("role"), row.details.get("council_id")
    is_unnamed, number = row.act in UNNAMED, row.subject_id or 0
    is_about_post = row.subject == "animator_post"
    return JournalLine(
        id=row.id,
        at=row.at,
        act=row.act,
        kind=kind_of(row.act),
        subject=row.subject,
        who=None if is_unnamed else _somebody(row.person_id, names),
        is_unnamed=is_unnamed,
        other=_somebody(row.details.get("person_id"), names),
        name=names.first_names.get(number, "") if is_about_post else names.called.get((row.subject, number), ""),
        meeting_at=names.meetings.get(number) if row.subject == "meeting" else None,
        role=Role(role) if role else None,
        council=names.councils.get(council_id) if council_id else None,
    )


def _somebody(person_id: int | None, names: Names) -> Somebody | None:
    return Somebody(person_id, names.first_names.get(person_id, "")) if person_id is not None else None
