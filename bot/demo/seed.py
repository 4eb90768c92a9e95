"""Fills the demonstration by the same use cases that people's taps call: nothing is there that could not happen."""

from datetime import datetime, time, timedelta

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.demo.directory import fill_directory
from bot.demo.interpellations import Interpellations
from bot.demo.people import PEOPLE, DemoPerson, people_of
from bot.demo.proposals import Proposals
from bot.demo.requests import Cast, Requests
from bot.demo.team_at_work import TeamAtWork
from council.actors import Actor, load_actor
from council.clock import Clock
from council.invitations import accept, invite
from council.joining import join
from council.local_time import first_showing, local
from council.meeting_plans import MeetingPlan
from council.meetings import create_meeting
from council.notices import NoticeKind
from council.privacy import NOTICE_VERSION
from council.programme import apply_programme
from council.settings import ProgrammeSettings
from locales.translator import Translator
from storage.database import Database
from storage.meetings import MeetingKind
from storage.outbox import Notice
from storage.people import College, Role
from storage.programme import Council
from storage.support import SupportRequest, SupportState

NEWS_LIVE = timedelta(hours=36)

# The council that the demonstration plays in (Empalot in Toulouse, the 18th in Paris), and one beside it.
STAGES = {"toulouse": ("empalot", "rangueil"), "paris": ("paris-18", "paris-19")}


async def seed(database: Database, clock: Clock, name: str, programme: ProgrammeSettings, say: Translator) -> None:
    """Programme, people, a meeting, requests, proposals and questions, in a database that is migrated and empty."""
    async with database.write() as session:
        await apply_programme(session, clock, programme)
    async with database.write() as session:
        council_id, other_id = [await _stage(session, code) for code in STAGES[name]]
        for person in people_of(name):
            if person.role is not None:
                named = [await _stage(session, code) for code in person.councils]
                await _join(session, clock, person, named or [other_id if person.elsewhere else council_id])
    async with database.write() as session:
        lead = await _actor(session, next(p for p in PEOPLE if p.role is Role.LEAD))
        await _announce(session, clock, programme, lead, council_id, say)
    async with database.write() as session:
        await fill_directory(session, clock, await _actor(session, _named("Julien")), say)
    async with database.write() as session:
        cast = Cast(*[await _actor(session, _named(name)) for name in ("Samir", "Linda", "Mehmet", "Julien")])
        await Requests(session, clock, programme, council_id, say).seed(cast)
    async with database.write() as session:
        lead, *neighbours = [await _actor(session, _named(name)) for name in ("Fatou", "Samir", "Linda", "Mehmet")]
        await Proposals(session, clock, programme, council_id, lead, say).seed(*neighbours)
        await Interpellations(session, clock, programme, council_id, lead, say).seed(*neighbours)
    if name == "paris":
        async with database.write() as session:
            await TeamAtWork(session, clock, programme, say).seed()
    async with database.write() as session:
        await _forget_old_news(session, clock)


async def _forget_old_news(session: AsyncSession, clock: Clock) -> None:
    """What was news days ago was read then: phones begin with what is to be done now."""
    old = col(Notice.created_at) < clock.now() - NEWS_LIVE
    taken_up = select(col(SupportRequest.id)).where(col(SupportRequest.state) != SupportState.RECEIVED)
    of_taken_up = col(Notice.kind) == NoticeKind.SUPPORT_ASSIGNED, col(Notice.subject_id).in_(taken_up)
    await session.exec(delete(Notice).where(*of_taken_up))
    for read in ("proposal_", "interpellation_", "absence_"):
        await session.exec(delete(Notice).where(col(Notice.kind).startswith(read), old))


def _named(first_name: str) -> DemoPerson:
    return next(person for person in PEOPLE if person.first_name == first_name)


async def _stage(session: AsyncSession, code: str) -> int:
    found = (await session.exec(select(col(Council.id)).where(col(Council.code) == code))).first()
    return found or (await session.exec(select(col(Council.id)).order_by(col(Council.position)))).first() or 0


async def _join(session: AsyncSession, clock: Clock, person: DemoPerson, council_ids: list[int]) -> None:
    await join(
        session,
        clock,
        telegram_id=person.telegram_id,
        first_name=person.first_name,
        language=person.language,
        consent_version=NOTICE_VERSION,
        fifteen_or_over=True,
        council_ids=council_ids,
    )
    if person.role in (None, Role.RESIDENT):
        return
    college = College.HABITANTS if person.role is Role.MEMBER else None
    for scope in [None] if person.role is Role.COORDINATOR else council_ids:
        made = await invite(session, clock, None, person.role, scope, college=college)
        await accept(session, clock, await _actor(session, person), made.token)


async def _actor(session: AsyncSession, person: DemoPerson) -> Actor:
    actor = await load_actor(session, person.telegram_id)
    if actor is None:
        raise LookupError(person.first_name)
    return actor


async def _announce(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, lead: Actor, council_id: int, say: Translator
) -> None:
    plan = MeetingPlan(
        kind=MeetingKind.PLENARY,
        title=say.plain("Réunion plénière du conseil citoyen"),
        starts_at=_next_thursday_evening(clock.now(), programme),
        minutes=120,
        place=say.plain("Maison de quartier, salle 2"),
        agenda=say.plain("Le budget de l’année. La propreté des rues. Vos idées."),
        capacity=40,
    )
    await create_meeting(session, clock, programme, lead, frozenset({council_id}), plan, "demo:meeting")


def _next_thursday_evening(now: datetime, programme: ProgrammeSettings) -> datetime:
    """Half past six, at least ten days ahead, so that all three reminders are still to come."""
    day = local(now, programme.tz).date() + timedelta(days=10)
    day += timedelta(days=(3 - day.weekday()) % 7)
    return first_showing(datetime.combine(day, time(18, 30)), programme.tz)
