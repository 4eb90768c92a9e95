"""Group chats of a council: linked by a lead, followed through upgrades, left when the bot is put out."""

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit
from council.actors import Actor, check_manages
from council.clock import Clock
from council.errors import Refusal
from council.invitations import public_link
from council.support_topics import move_topics, topic_gone
from council.team_group import leave_team, linked_team
from storage import queue
from storage.database import dialect_insert
from storage.groups import CouncilGroup
from storage.invitations import find_public_invitation
from storage.outbox import Notice


class GroupOfTeam(Refusal):
    """The team's own group is no council's."""


async def link_group(
    session: AsyncSession, clock: Clock, actor: Actor, chat_id: int, council_id: int, thread_id: int | None
) -> None:
    """Announcements of the council are shown in this group too, from now on.

    Raises:
        NotAllowed: not a lead or animator of the council, nor the coordinator.
        GroupOfTeam: what people ask the team is talked about there.
    """
    check_manages(actor, frozenset({council_id}))
    if await linked_team(session) == chat_id:
        raise GroupOfTeam
    values = {"council_id": council_id, "thread_id": thread_id, "linked_by": actor.person_id, "linked_at": clock.now()}
    row = dialect_insert(session, CouncilGroup).values(chat_id=chat_id, **values)
    await session.exec(row.on_conflict_do_update(index_elements=["chat_id"], set_={**values, "unlinked_at": None}))
    await public_link(session, clock, council_id)  # what is announced in the group leads people to it
    await audit.record(session, clock, actor, "group.linked", "council", council_id, chat=chat_id)


async def unlink_group(session: AsyncSession, clock: Clock, chat_id: int) -> None:
    """The bot was put out of the group, or may no longer write there."""
    gone = (
        update(CouncilGroup)
        .where(col(CouncilGroup.chat_id) == chat_id, col(CouncilGroup.unlinked_at).is_(None))
        .values(unlinked_at=clock.now())
    )
    if (await session.exec(gone)).rowcount:
        await audit.record(session, clock, None, "group.unlinked", "group", chat_id)
    await leave_team(session, clock, chat_id, told=True)


async def leave_topic(session: AsyncSession, clock: Clock, chat_id: int, thread_id: int) -> None:
    """The topic is gone: the group is told in its general one, now and from now on; a request gets another topic."""
    if await topic_gone(session, clock, chat_id, thread_id):
        return
    linked = col(CouncilGroup.chat_id) == chat_id, col(CouncilGroup.thread_id) == thread_id
    if (await session.exec(update(CouncilGroup).where(*linked).values(thread_id=None))).rowcount:
        await audit.record(session, clock, None, "group.topic_left", "group", chat_id)
    waiting = (
        col(Notice.chat_id) == chat_id,
        col(Notice.thread_id) == thread_id,
        queue.is_unfinished(Notice),
    )
    await session.exec(update(Notice).where(*waiting).values(thread_id=None))


async def group_token(session: AsyncSession, chat_id: int) -> str | None:
    """The public link's token of the council that this group is linked to; None before anybody asked for one."""
    council_id = (
        await session.exec(select(col(CouncilGroup.council_id)).where(col(CouncilGroup.chat_id) == chat_id))
    ).first()
    invitation = await find_public_invitation(session, council_id) if council_id is not None else None
    return invitation.public_token if invitation is not None else None


async def move_group(session: AsyncSession, old: int, new: int) -> None:
    """A group became a supergroup: its link and what waits for it take the new number, together."""
    there = await session.exec(select(col(CouncilGroup.chat_id)).where(col(CouncilGroup.chat_id) == new))
    if there.first() is None:
        await session.exec(update(CouncilGroup).where(col(CouncilGroup.chat_id) == old).values(chat_id=new))
    else:  # linked anew before we heard of it: two links would tell everything twice
        await session.exec(delete(CouncilGroup).where(col(CouncilGroup.chat_id) == old))
    await move_topics(session, old, new)
    await queue.rewrite_chat(session, old, new)
