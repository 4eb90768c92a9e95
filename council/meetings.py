"""Meetings: planned, announced to who follows the councils, changed and cancelled.

Two leads who act at once: the second is shown what the first has done (MeetingChanged). Announcements that have not
left yet simply say what is true when they do; who had one before a change is told again, once.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, live_cards, notices
from council.actors import Actor, check_manages
from council.clock import Clock
from council.council_choice import councils_of_meeting
from council.errors import NotAllowed
from council.live_cards import LiveKind
from council.meeting_notices import (
    cannot_wait,
    check_heard_in_time,
    quiet_hours,
    tell_announced,
    tell_cancelled,
    tell_changed,
)
from council.meeting_plans import (
    REASON_LIMIT,
    MeetingBegun,
    MeetingCancelled,
    MeetingChanged,
    MeetingPlan,
    NeedsConfirmation,
    ReasonTooLong,
    check_plan,
    plan_of,
)
from council.notices import NoticeKind, Word
from council.reminders import drop_reminders, plan_reminders
from council.rsvp import promote_waiting
from council.settings import ProgrammeSettings
from council.turns import each_in_turn
from council.written import written
from storage import duty
from storage.database import Database, dialect_insert
from storage.meetings import Meeting, MeetingCouncil, MeetingState
from storage.outbox import Notice, NoticePriority
from storage.programme import Council, CouncilStatus

UNSAID = frozenset({"capacity", "reminder_offsets", "announce_at"})
"""What a lead changes without anybody having to hear of it; who gets a seat by it is told that."""


@dataclass(frozen=True)
class MeetingEdit:
    """The meeting after an edit; `changed` names its fields; `told` whether people will hear of it."""

    meeting: Meeting
    changed: frozenset[str]
    told: bool


async def create_meeting(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    council_ids: frozenset[int],
    plan: MeetingPlan,
    request_key: str,
    confirmed: bool = False,
) -> Meeting:
    """A meeting of one council, or of several; announced now, or a draft until its chosen time.

    A time at night means the end of that night. The same `request_key` again gives the same meeting and does nothing.

    Raises:
        NotAllowed: the actor does not manage every one of the councils.
        HeardTooLate: the night would keep it from people until it has begun.
        NeedsConfirmation: a council is in its electoral reserve and nobody has confirmed.
        Refusal: the plan does not hold (council.meeting_plans.check_plan).
    """
    await check_council_choice(session, actor, council_ids)
    there = (await session.exec(select(Meeting).where(col(Meeting.request_key) == request_key))).first()
    if there is not None:
        return there
    now = clock.now()
    plan = check_plan(plan, now)
    if not confirmed and await needs_confirmation(session, council_ids):
        raise NeedsConfirmation
    announce_at = max(plan.announce_at or now, now)
    heard_at = check_heard_in_time(announce_at, plan.starts_at, quiet_hours(programme))
    if announce_at > now:
        announce_at = heard_at
    draft = Meeting(
        **_columns(replace(plan, announce_at=announce_at)),
        confirmed=confirmed,
        created_by=actor.person_id,
        created_at=now,
        request_key=request_key,
    )
    row = dialect_insert(session, Meeting).values(draft.model_dump(exclude={"id"})).on_conflict_do_nothing()
    is_new = bool((await session.exec(row)).rowcount)
    meeting = (await session.exec(select(Meeting).where(col(Meeting.request_key) == request_key))).one()
    if not is_new:
        return meeting
    session.add_all(MeetingCouncil(meeting_id=meeting.id, council_id=each) for each in sorted(council_ids))
    await session.flush()
    await audit.record(session, clock, actor, "meeting.created", "meeting", meeting.id, councils=len(council_ids))
    if announce_at <= now:
        await _announce(session, clock, programme, actor, meeting, council_ids)
    return meeting


async def announce_meeting(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    meeting_id: int,
    confirmed: bool = False,
) -> Meeting:
    """Announces a draft now, whenever it was meant to be.

    Raises:
        NotAllowed, MeetingCancelled, MeetingBegun: not to be announced.
        HeardTooLate: it is night, and people would hear of it when it has begun.
        MeetingChanged: it has been announced already.
        NeedsConfirmation: a council is in its electoral reserve and nobody has confirmed.
    """
    meeting, council_ids = await _load_managed(session, clock, actor, meeting_id)
    if meeting.state != MeetingState.DRAFT:
        raise MeetingChanged
    if not (confirmed or meeting.confirmed) and await needs_confirmation(session, council_ids):
        raise NeedsConfirmation
    check_heard_in_time(clock.now(), meeting.starts_at, quiet_hours(programme))
    if not await _announce(session, clock, programme, actor, meeting, council_ids):
        raise MeetingChanged
    return meeting


async def announce_due_meetings(database: Database, clock: Clock, programme: ProgrammeSettings) -> int:
    """Announces the drafts whose time has come, each in a transaction of its own. How many.

    A draft of a council that has entered its electoral reserve since is held until a lead confirms it, which leads are
    told (`tell_held_meetings`); one that should have begun by now is left alone.
    """
    due = _due_drafts(clock.now()).where(col(Meeting.confirmed) | ~_is_reserved())

    async def announce(session: AsyncSession, meeting_id: int) -> bool:
        if (await session.exec(due.where(col(Meeting.id) == meeting_id))).first() is None:
            return False  # changed since the list was made
        meeting = await session.get_one(Meeting, meeting_id)
        council_ids = await councils_of_meeting(session, meeting_id)
        return await _announce(session, clock, programme, None, meeting, council_ids)

    async with database.read() as session:
        ids = (await session.exec(due.order_by(col(Meeting.announce_at)))).all()
    return sum(await each_in_turn(database, ids, announce))


async def tell_held_meetings(database: Database, clock: Clock) -> int:
    """Tells who may confirm them of drafts that an electoral reserve holds back, each once; how many drafts.

    That is who wrote the draft, and whoever leads all of its councils.
    """
    told = exists().where(
        col(Notice.kind) == NoticeKind.MEETING_HELD.value,
        col(Notice.subject_id) == col(Meeting.id),
        col(Notice.revision) == col(Meeting.revision),
    )
    held = _due_drafts(clock.now()).where(~col(Meeting.confirmed), _is_reserved(), ~told.correlate(Meeting))

    async def tell(session: AsyncSession, meeting_id: int) -> None:
        await _tell_held(session, clock, await session.get_one(Meeting, meeting_id))

    async with database.read() as session:
        ids = (await session.exec(held)).all()
    return len(await each_in_turn(database, ids, tell))


async def _tell_held(session: AsyncSession, clock: Clock, meeting: Meeting) -> None:
    leads = [await duty.leads(session, each) for each in await councils_of_meeting(session, meeting.id)]
    told = frozenset.intersection(*leads) | ({meeting.created_by} if meeting.created_by is not None else frozenset())
    word = Word(
        NoticeKind.MEETING_HELD,
        meeting.id,
        NoticePriority.TRANSACTIONAL,
        revision=meeting.revision,
        expires_at=meeting.starts_at,
    )
    await notices.tell_each(session, clock, told, word)


async def edit_meeting(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    meeting_id: int,
    seen_revision: int,
    plan: MeetingPlan,
) -> MeetingEdit:
    """Changes what the lead saw (`seen_revision`) into `plan`; answers that were given stand.

    All whom the announcement has reached, and all who answered, are told once; a draft and an edit that changes nothing
    tell nobody, nor do more seats or other reminders. A move is told at night too when the meeting, at its old or its
    new time, begins before the coming quiet hours are over: people would stand before a closed door.

    Raises:
        NotAllowed, MeetingCancelled, MeetingBegun: not to be changed any more.
        MeetingChanged: somebody changed it after the lead had seen it.
        Refusal: the plan does not hold (council.meeting_plans.check_plan).
    """
    meeting, _ = await _load_managed(session, clock, actor, meeting_id)
    if meeting.revision != seen_revision:
        raise MeetingChanged
    is_draft, announce_at = meeting.state == MeetingState.DRAFT, plan.announce_at or meeting.announce_at
    plan = check_plan(replace(plan, announce_at=announce_at), clock.now())
    if is_draft:
        heard_at = check_heard_in_time(announce_at, plan.starts_at, quiet_hours(programme))
        plan = replace(plan, announce_at=heard_at)
    before, after = _columns(replace(plan_of(meeting), announce_at=meeting.announce_at)), _columns(plan)
    changed = frozenset(name for name, value in after.items() if value != before[name])
    if not is_draft:
        changed -= {"announce_at"}
    if not changed:
        return MeetingEdit(meeting, changed, told=False)
    old_start = meeting.starts_at
    told = not is_draft and not changed <= UNSAID
    values = {name: after[name] for name in changed}
    if told:
        values["told_revision"] = seen_revision + 1
    await _change(session, meeting, **values)
    act = "meeting.moved" if "starts_at" in changed else "meeting.edited"
    await audit.record(session, clock, actor, act, "meeting", meeting.id, fields=",".join(sorted(changed)))
    if not is_draft:
        if changed & {"starts_at", "reminder_offsets"}:
            await plan_reminders(session, clock, programme, meeting)
        if told:
            soonest = min(old_start, meeting.starts_at)
            urgent = "starts_at" in changed and cannot_wait(soonest, clock.now(), quiet_hours(programme))
            await tell_changed(session, clock, programme, meeting, changed - UNSAID, old_start, quiet=not urgent)
        if "capacity" in changed:
            await promote_waiting(session, clock, meeting.id)
    await live_cards.refresh(session, clock, LiveKind.MEETING, meeting.id)
    return MeetingEdit(meeting, changed, told)


async def cancel_meeting(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    meeting_id: int,
    seen_revision: int,
    reason: str,
) -> Meeting:
    """The meeting will not take place, and all who were told are told why; of a draft nobody hears anything.

    Said at night too when the meeting begins before the coming quiet hours are over: people would stand before a closed
    door. Announcements that have not left yet never do.

    Raises:
        NotAllowed, MeetingCancelled, MeetingBegun: not to be cancelled any more.
        MeetingChanged: somebody changed it after the lead had seen it.
        EmptyWords, ReasonTooLong: the reason.
    """
    reason = written(reason, REASON_LIMIT, too_long=ReasonTooLong)
    meeting, _ = await _load_managed(session, clock, actor, meeting_id)
    if meeting.revision != seen_revision:
        raise MeetingChanged
    is_draft, revision = meeting.state == MeetingState.DRAFT, seen_revision + 1
    await _change(session, meeting, state=MeetingState.CANCELLED, cancel_reason=reason, told_revision=revision)
    await audit.record(session, clock, actor, "meeting.cancelled", "meeting", meeting.id)
    await drop_reminders(session, clock, meeting.id)
    if not is_draft:
        urgent = cannot_wait(meeting.starts_at, clock.now(), quiet_hours(programme))
        await tell_cancelled(session, clock, programme, meeting, quiet=not urgent)
    await live_cards.refresh(session, clock, LiveKind.MEETING, meeting.id)
    return meeting


async def check_council_choice(session: AsyncSession, actor: Actor, council_ids: frozenset[int]) -> None:
    """Raises NotAllowed unless the actor manages each of these councils, and they exist."""
    check_manages(actor, council_ids)
    known = select(func.count()).select_from(Council).where(col(Council.id).in_(council_ids))
    if (await session.exec(known)).one() != len(council_ids):
        raise NotAllowed


async def needs_confirmation(session: AsyncSession, council_ids: frozenset[int]) -> bool:
    """Whether one of the councils is in its electoral reserve (neutrality: domain.md, section 4)."""
    reserved = select(col(Council.id)).where(
        col(Council.id).in_(council_ids), col(Council.status) == CouncilStatus.ELECTORAL_RESERVE
    )
    return (await session.exec(reserved.limit(1))).first() is not None


async def _load_managed(
    session: AsyncSession, clock: Clock, actor: Actor, meeting_id: int
) -> tuple[Meeting, frozenset[int]]:
    """The meeting, which may still be changed, and its councils."""
    meeting = await session.get(Meeting, meeting_id, populate_existing=True)
    if meeting is None:
        raise NotAllowed
    council_ids = await councils_of_meeting(session, meeting_id)
    check_manages(actor, council_ids)
    if meeting.state == MeetingState.CANCELLED:
        raise MeetingCancelled
    if meeting.starts_at <= clock.now():
        raise MeetingBegun
    return meeting, council_ids


def _due_drafts(now: datetime) -> Any:
    """Ids of the drafts that should be announced by now."""
    return select(col(Meeting.id)).where(
        col(Meeting.state) == MeetingState.DRAFT, col(Meeting.announce_at) <= now, col(Meeting.starts_at) > now
    )


def _is_reserved() -> Any:
    """Whether a meeting (of the enclosing query) is of a council in its electoral reserve."""
    reserved = exists().where(
        col(MeetingCouncil.meeting_id) == col(Meeting.id),
        col(Council.id) == col(MeetingCouncil.council_id),
        col(Council.status) == CouncilStatus.ELECTORAL_RESERVE,
    )
    return reserved.correlate(Meeting)


def _columns(plan: MeetingPlan) -> dict[str, Any]:
    """The plan as columns of the meeting."""
    offsets = plan.reminder_offsets
    stored = None if offsets is None else offsets.model_dump(mode="json")
    return {**{each.name: getattr(plan, each.name) for each in fields(plan)}, "reminder_offsets": stored}


async def _change(session: AsyncSession, meeting: Meeting, **values: Any) -> None:
    """Writes unless somebody has written since the meeting was read; then MeetingChanged."""
    as_read = (
        col(Meeting.id) == meeting.id,
        col(Meeting.revision) == meeting.revision,
        col(Meeting.state) == meeting.state,
    )
    change = update(Meeting).where(*as_read).values(**values, revision=meeting.revision + 1)
    if not (await session.exec(change.execution_options(synchronize_session=False))).rowcount:
        raise MeetingChanged
    await session.refresh(meeting)


async def _announce(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor | None,
    meeting: Meeting,
    council_ids: frozenset[int],
) -> bool:
    """From draft to announced; False when it was not a draft any more. `actor` None: its time had come."""
    now = clock.now()
    draft = col(Meeting.id) == meeting.id, col(Meeting.state) == MeetingState.DRAFT
    change = (
        update(Meeting)
        .where(*draft)
        .values(state=MeetingState.ANNOUNCED, announced_at=now, told_revision=col(Meeting.revision))
    )
    if not (await session.exec(change.execution_options(synchronize_session=False))).rowcount:
        return False
    await session.refresh(meeting)
    await audit.record(session, clock, actor, "meeting.announced", "meeting", meeting.id)
    await tell_announced(session, clock, meeting, council_ids)
    await plan_reminders(session, clock, programme, meeting)
    await live_cards.refresh(session, clock, LiveKind.MEETING, meeting.id)
    return True
