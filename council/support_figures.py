"""The figures of a period: how many requests, how soon they were answered and carried out, what people said of it.

Times are minutes of working time, written when they happen. Nothing here leads to who asked, and a figure of fewer than
five values is not given.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import ceil
from typing import Any, NamedTuple

from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.errors import Refusal
from council.local_time import first_showing
from council.notices import NoticeKind, Word, tell
from council.settings import ProgrammeSettings
from council.support_views import check_on_team
from storage.outbox import Notice, NoticePriority
from storage.people import Person
from storage.programme import Council
from storage.support import SupportKind, SupportRequest, Verdict

LEAST = 5
"""Fewer values than this say more of each of them than of all (domain.md, section 5)."""
FACES = (5, 4, 3, 2, 1)
FILE_WAITS = timedelta(hours=1)
"""A file that could not be sent in this time is asked for anew."""
_DAY = timedelta(days=1)


class PeriodUpsideDown(Refusal):
    """Its last day comes before its first."""


class Span(StrEnum):
    """The periods that stand on buttons."""

    THIS_MONTH = "month"
    LAST_MONTH = "last_month"
    QUARTER = "quarter"
    PROGRAMME_YEAR = "year"


@dataclass(frozen=True)
class Dates:
    """Local days, first and last included. Raises PeriodUpsideDown."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodUpsideDown


@dataclass(frozen=True)
class Times:
    """Some working times, in minutes. `median` and `slow` (the 90th percentile) are None below LEAST values."""

    count: int = 0
    median: float | None = None
    slow: float | None = None

    @classmethod
    def of(cls, minutes: Iterable[int]) -> "Times":
        values = sorted(minutes)
        if len(values) < LEAST:
            return cls(len(values))
        return cls(len(values), median_of(values), percentile(values, 90))


@dataclass(frozen=True)
class Figures:
    """Of one council, kind or animator, or of all.

    `answered` and `carried_out` are the times to the first answer and to completion. Of `verdicts` and `faces` there is
    nothing below LEAST of them.
    """

    label: str | SupportKind | None
    asked: int
    answered: Times
    carried_out: Times
    judged: int = 0
    verdicts: dict[Verdict, int] = field(default_factory=dict)
    faced: int = 0
    faces: dict[int, int] = field(default_factory=dict)

    @property
    def solved_share(self) -> float | None:
        """Of those who gave their view, the share that said « résolu », 0 to 1; None of too few."""
        return self.verdicts.get(Verdict.SOLVED, 0) / self.judged if self.verdicts else None


@dataclass(frozen=True)
class SupportFigures:
    """All cuts of a period. A council or an animator None: of no council, of nobody."""

    dates: Dates
    everything: Figures
    by_council: tuple[Figures, ...]
    by_kind: tuple[Figures, ...]
    by_animator: tuple[Figures, ...]


class Entry(NamedTuple):
    """What is counted of one request."""

    council: str | None
    kind: SupportKind
    animator: str | None
    first_answer_minutes: int | None
    completion_minutes: int | None
    verdict: Verdict | None
    face: int | None
    council_id: int | None = None
    animator_id: int | None = None


def dates_of(span: Span, today: date, programme: ProgrammeSettings) -> Dates:
    """The period of a button, up to today where it has not ended.

    The programme's year begins on the day of the year on which the programme began; before and after the programme its
    nearest year is taken.
    """
    month = today.replace(day=1)
    match span:
        case Span.THIS_MONTH:
            return Dates(month, today)
        case Span.LAST_MONTH:
            last = month - _DAY
            return Dates(last.replace(day=1), last)
        case Span.QUARTER:
            return Dates(month.replace(month=(today.month - 1) // 3 * 3 + 1), today)
        case Span.PROGRAMME_YEAR:
            start, end = programme.period.start, programme.period.end
            shown = min(max(today, start), end)
            first = _anniversary(start, shown.year)
            if first > shown:
                first = _anniversary(start, shown.year - 1)
            return Dates(first, shown)


def median_of(ordered: Sequence[int]) -> float:
    """The middle of ordered values; between the two in the middle, their mean. Raises ValueError: there are none."""
    if not ordered:
        raise ValueError("no values")
    middle = len(ordered) // 2
    return float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def percentile(ordered: Sequence[int], percent: int) -> int:
    """By the nearest rank: the smallest of the ordered values that at least `percent` % of all do not exceed.

    Raises ValueError: there are none, or no such percentile (1 to 100).
    """
    if not ordered or not 0 < percent <= 100:
        raise ValueError(percent)
    return ordered[ceil(len(ordered) * percent / 100) - 1]


async def load_entries(
    session: AsyncSession, programme: ProgrammeSettings, actor: Actor, dates: Dates
) -> Sequence[Entry]:
    """The requests that were asked on these local days: `count_figures` takes its time with them, and no session.

    Of a request that was reopened, the times are those of its last round. The team sees them. Raises NotAllowed.
    """
    check_on_team(actor)
    since, until = _moments(dates, programme)
    return [Entry(*row) for row in (await session.exec(_entries(since, until))).all()]


def count_figures(dates: Dates, entries: Sequence[Entry]) -> SupportFigures:
    """All cuts of these requests, the largest group first."""
    return SupportFigures(
        dates,
        _figures(None, entries),
        _cut(entries, lambda each: (each.council_id, each.council), lambda each: each.council),
        _cut(entries, lambda each: each.kind, lambda each: each.kind),
        _cut(entries, lambda each: (each.animator_id, each.animator), lambda each: each.animator),
    )


def _cut(
    entries: Sequence[Entry], key: Callable[[Entry], Any], label: Callable[[Entry], str | SupportKind | None]
) -> tuple[Figures, ...]:
    groups: dict[Any, list[Entry]] = {}
    for each in entries:
        groups.setdefault(key(each), []).append(each)
    counted = [_figures(label(group[0]), group) for group in groups.values()]
    return tuple(sorted(counted, key=lambda each: (-each.asked, str(each.label))))


def _figures(label: str | SupportKind | None, entries: Sequence[Entry]) -> Figures:
    verdicts = Counter(each.verdict for each in entries if each.verdict is not None)
    faces = Counter(each.face for each in entries if each.face is not None)
    return Figures(
        label,
        len(entries),
        Times.of(each.first_answer_minutes for each in entries if each.first_answer_minutes is not None),
        Times.of(each.completion_minutes for each in entries if each.completion_minutes is not None),
        verdicts.total(),
        {each: verdicts[each] for each in Verdict} if verdicts.total() >= LEAST else {},
        faces.total(),
        {each: faces[each] for each in FACES} if faces.total() >= LEAST else {},
    )


def _entries(since: datetime, until: datetime) -> Any:
    holder: Any = aliased(Person)
    request = SupportRequest
    columns: tuple[Any, ...] = (
        col(Council.name),
        col(request.kind),
        holder.first_name,
        col(request.first_answer_minutes),
        col(request.completion_minutes),
        col(request.verdict),
        col(request.face),
        col(request.council_id),
        col(request.animator_id),
    )
    return (
        select(*columns)
        .select_from(request)
        .outerjoin(Council, col(Council.id) == col(request.council_id))
        .outerjoin(holder, holder.id == col(request.animator_id))
        .where(col(request.created_at) >= since, col(request.created_at) < until)
    )


def _moments(dates: Dates, programme: ProgrammeSettings) -> tuple[datetime, datetime]:
    """From the first midnight to the one after the last day."""
    since, until = (
        first_showing(datetime.combine(day, time()), programme.tz) for day in (dates.first, dates.last + _DAY)
    )
    return since, until


def _anniversary(day: date, year: int) -> date:
    """The 29th of February is the 1st of March in other years."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


class FigureFile(StrEnum):
    """In what shape the figures of a period are sent."""

    CHART = "chart"
    SHEET = "sheet"


async def ask_for_file(
    session: AsyncSession, clock: Clock, actor: Actor, file: FigureFile, dates: Dates, request_key: str
) -> None:
    """Has it made and sent later: drawing takes seconds, in which others would wait. Raises NotAllowed."""
    check_on_team(actor)
    word = Word(
        NoticeKind.SUPPORT_FIGURES,
        actor.person_id,
        NoticePriority.TRANSACTIONAL,
        detail=f"{file}/{dates.first}/{dates.last}/{request_key}",
        quiet=False,
        expires_at=clock.now() + FILE_WAITS,
    )
    await tell(session, clock, actor.person_id, word)


def file_of(notice: Notice) -> tuple[FigureFile, Dates]:
    """What a SUPPORT_FIGURES notice sends."""
    file, first, last, _ = (notice.detail or "").split("/", 3)
    return FigureFile(file), Dates(date.fromisoformat(first), date.fromisoformat(last))
