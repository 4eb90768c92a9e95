"""What the tests of meetings share: a lead, residents, a meeting, and what waits in the outbox."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlmodel import col, select, update

from council.actors import Actor
from council.meeting_plans import MeetingPlan
from council.meetings import create_meeting
from council.notices import NoticeKind
from council.rsvp import RsvpOutcome, answer_meeting
from storage.meetings import Answer, Meeting, MeetingKind
from storage.outbox import Notice, NoticeState
from storage.people import Role

# Tuesday 17 March 2026, 18:30 in Paris: two weeks after the tests' first moment.
START = datetime(2026, 3, 17, 17, 30, tzinfo=UTC)


def plan(**changes) -> MeetingPlan:
    return replace(
        MeetingPlan(
            MeetingKind.PLENARY, title="Plénière de mars", starts_at=START, minutes=120, place="Salle des fêtes"
        ),
        **changes,
    )


async def lead_of(programme, *councils: int, name: str = "Léa") -> Actor:
    return await programme.person(name, follows=councils, roles=tuple((Role.LEAD, each) for each in councils))


async def residents(programme, *names: str) -> list[Actor]:
    return [await programme.person(name, follows=(programme.nord,)) for name in names]


async def announced(programme, lead: Actor, key: str = "update:1", councils=None, **changes) -> Meeting:
    async with programme.database.write() as session:
        return await create_meeting(
            session,
            programme.clock,
            programme.settings,
            lead,
            frozenset(councils or (programme.nord,)),
            plan(**changes),
            key,
        )


async def answers(programme, actor: Actor, meeting: Meeting, answer: Answer) -> RsvpOutcome:
    async with programme.database.write() as session:
        return await answer_meeting(session, programme.clock, actor, meeting.id, answer)


async def notices(programme, kind: NoticeKind) -> list[Notice]:
    async with programme.database.read() as session:
        return list((await session.exec(select(Notice).where(col(Notice.kind) == kind).order_by(col(Notice.id)))).all())


async def told(programme, kind: NoticeKind) -> list[int]:
    """Persons with such a notice, in the order of the outbox."""
    return [notice.person_id for notice in await notices(programme, kind)]


async def delivered(programme, *actors: Actor, state: NoticeState = NoticeState.SENT) -> None:
    """The announcements to these people (to all when none are named) have left by now."""
    now = programme.clock.now()
    change = update(Notice).where(col(Notice.kind) == NoticeKind.MEETING_ANNOUNCED)
    if actors:
        change = change.where(col(Notice.person_id).in_([actor.person_id for actor in actors]))
    async with programme.database.write() as session:
        await session.exec(change.values(state=state, started_at=now, finished_at=now))
