"""What somebody holds who is away, offered to who stands in for them and to who coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from council import notices
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate
from council.local_time import first_showing, local
from council.notices import NoticeKind, Word
from council.settings import ProgrammeSettings
from council.support_taking import transfer
from council.turns import each_in_turn
from council.working_time import NeverOpen, calendar_of
from storage import duty
from storage.animators import Absence, AnimatorPost
from storage.database import Database
from storage.outbox import Notice, NoticePriority
from storage.people import Person
from storage.support import SupportKind, SupportRequest


@dataclass(frozen=True)
class OfferedRequest:
    id: int
    number: str
    kind: SupportKind
    promised_at: datetime
    answered: bool


@dataclass(frozen=True)
class AbsenceView:
    """An absence as it stands, with the deputy of who is away and the requests in their hands, oldest promise first."""

    id: int
    person_id: int
    first_name: str
    starts_on: date
    ends_on: date
    deputy_id: int | None
    deputy: str | None
    requests: Sequence[OfferedRequest]


async def offer(session: AsyncSession, clock: Clock, programme: ProgrammeSettings, absence: Absence) -> None:
    """Offers what they hold to the deputy, when there, and to who coordinates; each is told once an absence."""
    today = local(clock.now(), programme.tz).date()
    stand_in = frozenset((await duty.deputies(session, (absence.person_id,))).values())
    fit = await duty.team_among(session, stand_in)
    told = fit - await duty.away_on(session, fit, today) | await duty.coordinators(session)
    word = Word(NoticeKind.SUPPORT_OFFERED, absence.id, NoticePriority.TRANSACTIONAL)
    await notices.tell_each(session, clock, told - {absence.person_id}, word)


async def offer_begun(database: Database, clock: Clock, programme: ProgrammeSettings) -> int:
    """Offers for absences whose first working morning has come; how many. Each once, on the day or after a stop."""
    now = clock.now()
    today = local(now, programme.tz).date()
    query = _unsaid().where(col(Absence.starts_on) <= today, col(Absence.ends_on) >= today)

    async def offer_one(session: AsyncSession, absence_id: int) -> None:
        await offer(session, clock, programme, await session.get_one(Absence, absence_id))

    async with database.read() as session:
        found = (await session.exec(query)).all()
    try:
        begun = [each.id for each in found if _first_morning(each, programme) <= now]
    except NeverOpen:  # a team that works no more offers nothing
        return 0
    return len(await each_in_turn(database, begun, offer_one))


async def next_offer(session: AsyncSession, now: datetime, programme: ProgrammeSettings) -> datetime | None:
    """When `offer_begun` has something to offer next, as things stand."""
    ahead = _unsaid().where(col(Absence.ends_on) >= local(now, programme.tz).date())
    try:
        mornings = [(each, _first_morning(each, programme)) for each in (await session.exec(ahead)).all()]
    except NeverOpen:
        return None
    in_time = (at for each, at in mornings if at > now and local(at, programme.tz).date() <= each.ends_on)
    return min(in_time, default=None)


def _first_morning(absence: Absence, programme: ProgrammeSettings) -> datetime:
    """When the team begins to work while they are away. Raises NeverOpen."""
    midnight = first_showing(datetime.combine(absence.starts_on, time()), programme.tz)
    return calendar_of(programme).next_open(midnight)


def _unsaid() -> SelectOfScalar[Absence]:
    """Absences for which nothing has been offered."""
    said = exists().where(
        col(Notice.kind) == NoticeKind.SUPPORT_OFFERED.value, col(Notice.subject_id) == col(Absence.id)
    )
    return select(Absence).where(col(Absence.cancelled_at).is_(None), ~said).order_by(col(Absence.id))


async def offered_view(session: AsyncSession, actor: Actor, absence_id: int, today: date) -> AbsenceView:
    """An absence and what it leaves undone, for who coordinates, who stands in, and the person.

    Raises:
        NotAllowed: for anybody else, and when there is none.
        OutOfDate: it is over or called off.
    """
    view = await absence_view(session, absence_id, today)
    absence = await session.get(Absence, absence_id)
    person_id = absence.person_id if absence is not None else None
    stands_in = person_id is not None and (await duty.deputies(session, (person_id,))).get(person_id) == actor.person_id
    on_team = actor.holds_anywhere(*duty.TEAM)
    if not on_team or not (actor.is_coordinator or stands_in or actor.person_id == person_id):
        raise NotAllowed
    if view is None:
        raise OutOfDate
    return view


async def absence_view(session: AsyncSession, absence_id: int, today: date) -> AbsenceView | None:
    """None: unknown, over or called off. The caller checks who may read it."""
    absence = await session.get(Absence, absence_id)
    if absence is None or absence.cancelled_at is not None or absence.ends_on < today:
        return None
    person = await session.get_one(Person, absence.person_id)
    post = await session.get(AnimatorPost, absence.person_id)
    deputy = await session.get(Person, post.deputy_id) if post is not None and post.deputy_id is not None else None
    if deputy is not None and not await duty.roles_of(session, deputy.id):
        deputy = None
    return AbsenceView(
        id=absence.id,
        person_id=person.id,
        first_name=person.first_name,
        starts_on=absence.starts_on,
        ends_on=absence.ends_on,
        deputy_id=deputy.id if deputy else None,
        deputy=deputy.first_name if deputy else None,
        requests=await held_by(session, person.id),
    )


async def held_by(session: AsyncSession, person_id: int) -> list[OfferedRequest]:
    """The requests that somebody works on, oldest promise first."""
    held = duty.is_open(), col(SupportRequest.animator_id) == person_id, col(SupportRequest.state).in_(duty.IN_HAND)
    query = select(SupportRequest).where(*held).order_by(col(SupportRequest.promised_at), col(SupportRequest.id))
    return [
        OfferedRequest(each.id, each.number, each.kind, each.promised_at, each.first_answer_at is not None)
        for each in (await session.exec(query)).all()
    ]


async def take_offered(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    absence_id: int,
    request_id: int | None = None,
) -> int:
    """The actor takes over one of the requests that are offered, or all (None); how many they got.

    One that has moved on since is left where it is, and so is one that the actor asked themselves.

    Raises:
        NotAllowed: not offered to them.
        OutOfDate: the absence is over or called off.
    """
    view = await offered_view(session, actor, absence_id, local(clock.now(), programme.tz).date())
    wanted = sorted(each.id for each in view.requests if request_id in (None, each.id))
    taken = 0
    for each in wanted:
        request = await session.get_one(SupportRequest, each)
        if request.person_id == actor.person_id or view.person_id == actor.person_id:
            continue
        try:
            await transfer(session, clock, programme, actor, each, actor.person_id)
        except OutOfDate:
            continue
        taken += 1
    return taken
