"""How somebody of the team works: who stands in for them, how much they take on, what they are good at."""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit
from council.absences import check_minds
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, Refusal
from council.settings import ProgrammeSettings
from storage import duty
from storage.animators import AnimatorPost, AnimatorSkill
from storage.database import dialect_insert
from storage.people import Person
from storage.support import SupportKind

LEAST, MOST = 1, 200
"""Open requests that somebody may take on at once (choice)."""


class CapacityOutOfReach(Refusal):
    """Not from LEAST to MOST requests."""


@dataclass(frozen=True)
class PostView:
    """`capacity` None: as the programme says, which is `usual`. `load` is what they work on now."""

    person_id: int
    first_name: str
    deputy_id: int | None
    deputy: str | None
    capacity: int | None
    usual: int
    load: int
    skills: frozenset[SupportKind]


@dataclass(frozen=True)
class Colleague:
    person_id: int
    first_name: str


async def post_of(session: AsyncSession, programme: ProgrammeSettings, actor: Actor, person_id: int) -> PostView:
    """Raises NotAllowed: neither one's own nor, for the coordinator, that of somebody of the team."""
    await check_minds(session, actor, person_id)
    person = await session.get_one(Person, person_id)
    post = await session.get(AnimatorPost, person_id)
    deputy = await session.get(Person, post.deputy_id) if post is not None and post.deputy_id is not None else None
    if deputy is not None and not await duty.roles_of(session, deputy.id):
        deputy = None
    skills = select(col(AnimatorSkill.kind)).where(col(AnimatorSkill.person_id) == person_id)
    return PostView(
        person_id=person_id,
        first_name=person.first_name,
        deputy_id=deputy.id if deputy else None,
        deputy=deputy.first_name if deputy else None,
        capacity=post.capacity if post else None,
        usual=programme.support.capacity,
        load=(await duty.loads(session, (person_id,)))[person_id],
        skills=frozenset(SupportKind(each) for each in (await session.exec(skills)).all()),
    )


async def team_members(session: AsyncSession, actor: Actor) -> list[Colleague]:
    """Everybody who animates or coordinates, by first name. Raises NotAllowed for who does neither."""
    if not actor.holds_anywhere(*duty.TEAM):
        raise NotAllowed
    return [Colleague(person_id, name) for person_id, name in await duty.names(session)]


async def set_deputy(session: AsyncSession, clock: Clock, actor: Actor, person_id: int, deputy_id: int | None) -> None:
    """Who gets requests while this person is away or full; None: nobody does.

    Raises:
        NotAllowed: not the actor's to say, or the other is not of the team, or is the person.
    """
    await check_minds(session, actor, person_id)
    if deputy_id is not None and (deputy_id == person_id or not await duty.roles_of(session, deputy_id)):
        raise NotAllowed
    (post,) = (await duty.lock_posts(session, (person_id,))).values()
    if post.deputy_id != deputy_id:
        post.deputy_id = deputy_id
        await audit.record(session, clock, actor, "post.deputy", "animator_post", person_id, person_id=deputy_id)


async def set_capacity(session: AsyncSession, clock: Clock, actor: Actor, person_id: int, capacity: int | None) -> None:
    """How many requests the person takes on at once; None: as many as the programme says.

    Raises:
        NotAllowed: not the actor's to say.
        CapacityOutOfReach: fewer than LEAST or more than MOST.
    """
    await check_minds(session, actor, person_id)
    if capacity is not None and not LEAST <= capacity <= MOST:
        raise CapacityOutOfReach
    (post,) = (await duty.lock_posts(session, (person_id,))).values()
    if post.capacity != capacity:
        post.capacity = capacity
        await audit.record(session, clock, actor, "post.capacity", "animator_post", person_id, capacity=capacity)


async def set_skill(
    session: AsyncSession, clock: Clock, actor: Actor, person_id: int, kind: SupportKind, has: bool
) -> None:
    """Whether the person is good at this kind of request. Saying it again changes nothing. Raises NotAllowed."""
    await check_minds(session, actor, person_id)
    if has:
        writing = dialect_insert(session, AnimatorSkill).values(person_id=person_id, kind=kind)
        changed = (await session.exec(writing.on_conflict_do_nothing())).rowcount
    else:
        losing = delete(AnimatorSkill).where(col(AnimatorSkill.person_id) == person_id, col(AnimatorSkill.kind) == kind)
        changed = (await session.exec(losing)).rowcount
    if changed:
        await audit.record(session, clock, actor, "post.skill", "animator_post", person_id, kind=kind.value, has=has)
