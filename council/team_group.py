"""The group of the team: linked by who coordinates, one at most, left when the bot is put out."""

from sqlalchemy import exists, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit
from council.actors import Actor, check_coordinates
from council.clock import Clock
from council.errors import NotAllowed, Refusal
from council.lock_order import hold_programme
from council.settings import ProgrammeSettings
from council.support_topics import give_up_topics
from storage.database import dialect_insert
from storage.groups import CouncilGroup, TeamGroup


class TopicsAreOff(Refusal):
    """The group has no topics: one talk could not be told from another."""


class GroupOfCouncil(Refusal):
    """A council's members read along there; what a person asks the team is none of their business."""


class TeamIsPrivate(Refusal):
    """The programme has the team answer in private chats."""


async def link_team(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    chat_id: int,
    *,
    has_topics: bool,
) -> None:
    """From now on each new request has its topic in this group; a group that was the team's before is no longer.

    Whether the bot may make topics there is known when the first is made.

    Raises:
        NotAllowed: not the coordinator.
        TeamIsPrivate: the programme has no such group.
        TopicsAreOff: a group without topics.
        GroupOfCouncil: a council has linked it.
    """
    check_coordinates(actor)
    if programme.support.talk != "topics":
        raise TeamIsPrivate
    if not has_topics:
        raise TopicsAreOff
    await hold_programme(session)  # of two groups that are linked at once one is the team's
    if await is_council_group(session, chat_id):
        raise GroupOfCouncil
    before = await linked_team(session)
    if before == chat_id:
        return
    if before is not None:
        await leave_team(session, clock, before)
    values = {"linked_by": actor.person_id, "linked_at": clock.now(), "unlinked_at": None}
    row = dialect_insert(session, TeamGroup).values(chat_id=chat_id, **values)
    await session.exec(row.on_conflict_do_update(index_elements=["chat_id"], set_=values))
    await audit.record(session, clock, actor, "team_group.linked", "group", chat_id)


async def unlink_team(session: AsyncSession, clock: Clock, actor: Actor, chat_id: int) -> None:
    """The coordinator takes the team's talk back into private chats. Raises NotAllowed for all others."""
    check_coordinates(actor)
    if not await leave_team(session, clock, chat_id):
        raise NotAllowed


async def leave_team(session: AsyncSession, clock: Clock, chat_id: int, *, told: bool = False) -> bool:
    """The group is the team's no longer, or the bot was put out: its requests go on in private chats.

    `told`: who coordinates hears of it. False when it was not the team's.
    """
    there = col(TeamGroup.chat_id) == chat_id, col(TeamGroup.unlinked_at).is_(None)
    if not (await session.exec(update(TeamGroup).where(*there).values(unlinked_at=clock.now()))).rowcount:
        return False
    await audit.record(session, clock, None, "team_group.unlinked", "group", chat_id)
    await give_up_topics(session, clock, chat_id, told=told)
    return True


async def linked_team(session: AsyncSession) -> int | None:
    """The chat of the group that is linked now."""
    query = select(col(TeamGroup.chat_id)).where(col(TeamGroup.unlinked_at).is_(None))
    return (await session.exec(query.order_by(col(TeamGroup.linked_at).desc()).limit(1))).first()


async def is_council_group(session: AsyncSession, chat_id: int) -> bool:
    linked = exists().where(col(CouncilGroup.chat_id) == chat_id, col(CouncilGroup.unlinked_at).is_(None))
    return bool((await session.exec(select(linked))).one())
