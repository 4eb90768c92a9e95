"""Who holds which role: given, taken away, listed. Whoever has a role in a council follows that council."""

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, notices
from council.actors import Actor, check_coordinates
from council.clock import Clock
from council.council_choice import check_councils
from council.errors import NotAllowed, NotJoined, OutOfDate, Refusal
from council.lock_order import hold_person
from council.meeting_notices import tell_newcomer
from council.notices import NoticeKind, Word
from council.support_taking import release_all_of
from storage import duty
from storage.database import dialect_insert
from storage.invitations import Invitation
from storage.outbox import NoticePriority
from storage.people import College, Follow, Role, RoleGrant
from storage.roles import Holder, find_holder, grant_in_force, holders

TEAM = (Role.COORDINATOR, Role.ANIMATOR, Role.LEAD)
"""The roles that the coordinator's list of the team shows, in its order."""


class LastCoordinator(Refusal):
    """A programme never stands without a coordinator: nobody could invite anybody any more."""


async def grant(
    session: AsyncSession,
    clock: Clock,
    actor: Actor,
    person_id: int,
    role: Role,
    council_id: int | None = None,
    college: College | None = None,
) -> None:
    """The coordinator gives somebody who has joined one more role, or the same one in one more council.

    They hear of it. Giving what they have already changes nothing.

    Raises:
        NotAllowed: not the coordinator, no such person or council, or a role that is not given this way.
    """
    check_coordinates(actor)
    if role is Role.RESIDENT or (role is Role.COORDINATOR) != (council_id is None):
        raise NotAllowed
    try:
        await hold_person(session, person_id)
    except NotJoined as gone:
        raise NotAllowed from gone
    if council_id is not None:
        await check_councils(session, frozenset({council_id}))
    grant_id = await give(session, clock, person_id, role, council_id, college, granted_by=actor.person_id)
    if grant_id is None:
        return
    await audit.record(
        session, clock, actor, "role.granted", "role", grant_id, person_id=person_id, role=role, council_id=council_id
    )
    if person_id != actor.person_id:
        await notices.tell(session, clock, person_id, _about_you(NoticeKind.ROLE_GIVEN, grant_id))


async def give(
    session: AsyncSession,
    clock: Clock,
    person_id: int,
    role: Role,
    council_id: int | None,
    college: College | None,
    *,
    granted_by: int | None,
) -> int | None:
    """Writes the role and the following that goes with it, for a use case that has checked the right to it.

    The id of the new grant; None when the person held the role already.
    """
    writing = (
        dialect_insert(session, RoleGrant)
        .values(
            person_id=person_id,
            role=role,
            council_id=council_id,
            college=college,
            granted_by=granted_by,
            granted_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )
    is_new = (await session.exec(writing)).rowcount
    if council_id is not None:
        await follow(session, clock, person_id, council_id)
    return await grant_in_force(session, person_id, role, council_id) if is_new else None


async def follow(session: AsyncSession, clock: Clock, person_id: int, council_id: int) -> bool:
    """The person hears of this council from now on, and of its next meetings now; False when they did already.

    The caller checked the council.
    """
    following = dialect_insert(session, Follow).values(council_id=council_id, person_id=person_id, since=clock.now())
    is_new = bool((await session.exec(following.on_conflict_do_nothing())).rowcount)
    if is_new:
        await tell_newcomer(session, clock, person_id, council_id)
    return is_new


async def revoke(
    session: AsyncSession, clock: Clock, actor: Actor, person_id: int, role: Role, council_id: int | None
) -> None:
    """Takes a role away; the person goes on following the council, and hears of it.

    Their open invitations that rested on this role close with it, and support requests that they may not hold any more
    go back to the queue.

    Raises:
        NotAllowed: only the coordinator, and a lead for the members of their council.
        LastCoordinator: nobody would be left to coordinate.
        OutOfDate: the person does not hold it (any more).
    """
    leads_there = council_id is not None and actor.has(Role.LEAD, council_id)
    if not (actor.is_coordinator or (role is Role.MEMBER and leads_there)):
        raise NotAllowed
    if role is Role.COORDINATOR:
        await check_another_coordinator(session, person_id)
    grant_id = await grant_in_force(session, person_id, role, council_id)
    taking = (
        update(RoleGrant)
        .where(col(RoleGrant.id) == grant_id, col(RoleGrant.revoked_at).is_(None))
        .values(revoked_at=clock.now())
    )
    if grant_id is None or not (await session.exec(taking)).rowcount:
        raise OutOfDate
    await _close_invitations(session, clock, person_id, role, council_id)
    await audit.record(
        session, clock, actor, "role.revoked", "role", grant_id, person_id=person_id, role=role, council_id=council_id
    )
    if role in duty.TEAM:
        await release_all_of(session, clock, actor, person_id, council_id)
    if person_id != actor.person_id:
        await notices.tell(session, clock, person_id, _about_you(NoticeKind.ROLE_REVOKED, grant_id))


async def check_another_coordinator(session: AsyncSession, person_id: int) -> None:
    """That somebody else coordinates too.

    Locks who coordinates: two who dismiss each other, or leave, at the same time would otherwise both succeed.

    Raises:
        LastCoordinator: nobody else does.
    """
    query = (
        select(col(RoleGrant.person_id))
        .where(col(RoleGrant.role) == Role.COORDINATOR, col(RoleGrant.revoked_at).is_(None))
        .order_by(col(RoleGrant.id))
        .with_for_update()
    )
    if set((await session.exec(query)).all()) <= {person_id}:
        raise LastCoordinator


async def holds(session: AsyncSession, person_id: int, role: Role, council_id: int | None) -> bool:
    """Whether the person holds exactly this role there, by the database and not by what was loaded before."""
    return await grant_in_force(session, person_id, role, council_id) is not None


async def has_coordinator(session: AsyncSession) -> bool:
    """Whether anybody coordinates the programme yet."""
    return bool(await holders(session, (Role.COORDINATOR,)))


async def team(session: AsyncSession, actor: Actor) -> list[Holder]:
    """Coordinators, animators and leads of the programme.

    Raises:
        NotAllowed: neither coordinator nor animator.
    """
    if not _sees_team(actor):
        raise NotAllowed
    return await holders(session, TEAM)


async def members(session: AsyncSession, actor: Actor, council_id: int) -> list[Holder]:
    """Members of a council.

    Raises:
        NotAllowed: the actor neither leads nor accompanies that council, nor coordinates.
    """
    if not actor.manages(council_id):
        raise NotAllowed
    return await holders(session, (Role.MEMBER,), council_id)


async def role_of(session: AsyncSession, actor: Actor, grant_id: int) -> Holder:
    """One role in force, for whoever may list it.

    Raises:
        NotAllowed: not theirs to see, or unknown.
        OutOfDate: it has been taken away.
    """
    holder = await find_holder(session, grant_id)
    if holder is None:
        raise NotAllowed
    if not (actor.manages(holder.council_id or 0) if holder.role is Role.MEMBER else _sees_team(actor)):
        raise NotAllowed
    if holder.revoked:
        raise OutOfDate
    return holder


async def councils_of(session: AsyncSession, person_id: int, role: Role) -> frozenset[int]:
    """Councils in which the person holds this role."""
    query = select(col(RoleGrant.council_id)).where(
        col(RoleGrant.person_id) == person_id, col(RoleGrant.role) == role, col(RoleGrant.revoked_at).is_(None)
    )
    return frozenset(each for each in (await session.exec(query)).all() if each is not None)


async def leads(session: AsyncSession, council_id: int) -> list[str]:
    """First names of who leads a council: residents may know whom to turn to."""
    return [each.first_name for each in await holders(session, (Role.LEAD,), council_id)]


def _sees_team(actor: Actor) -> bool:
    return actor.holds_anywhere(Role.COORDINATOR, Role.ANIMATOR)


async def _close_invitations(
    session: AsyncSession, clock: Clock, person_id: int, role: Role, council_id: int | None
) -> None:
    if role not in (Role.COORDINATOR, Role.LEAD):
        return
    closing = update(Invitation).where(
        col(Invitation.created_by) == person_id,
        col(Invitation.public_token).is_(None),
        col(Invitation.revoked_at).is_(None),
    )
    if role is Role.LEAD:
        closing = closing.where(
            col(Invitation.council_id) == council_id, col(Invitation.role).in_((Role.MEMBER, Role.RESIDENT))
        )
    await session.exec(closing.values(revoked_at=clock.now()))


def _about_you(kind: NoticeKind, grant_id: int) -> Word:
    return Word(kind, grant_id, NoticePriority.TRANSACTIONAL)
