"""Invitations: opaque links that make somebody a resident, a member, a lead, an animator or a coordinator.

Only the hash of a token is kept, so an invitation is shown once; a council's public link alone can be shown again.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, Refusal
from council.lock_order import hold_person
from council.roles import follow, give, holds
from storage.database import dialect_insert
from storage.invitations import (
    Invitation,
    InvitationUse,
    OpenInvitation,
    find_public_invitation,
    open_invitations,
)
from storage.people import College, Role
from storage.programme import Council

MOST_USES = 500
USUAL_LIFE, LONGEST_LIFE = timedelta(days=30), timedelta(days=366)


class TokenUnknown(Refusal):
    """No invitation has this token: mistyped, forged, or its council is gone."""


class TokenExpired(Refusal):
    """The invitation's life is over."""


class TokenUsedUp(Refusal):
    """As many people as it was made for have used it, or the person lost what it once gave them."""


class TokenRevoked(Refusal):
    """Who may invite took it back."""


class OwnInvitation(Refusal):
    """The author opened their own link: it is not spent, so that the person it is for can still use it."""


class CouncilNeeded(Refusal):
    """This role is held in a council, and none was named."""


class WholeProgrammeRole(Refusal):
    """A coordinator coordinates the whole programme, not one council."""


class UsesOutOfRange(Refusal):
    """An invitation is for 1 to `most` people."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class LifeOutOfRange(Refusal):
    """An invitation lives at most `longest`, and more than no time."""

    def __init__(self, longest: timedelta) -> None:
        super().__init__(longest)
        self.longest = longest


@dataclass(frozen=True)
class Invited:
    """What a link gives. `council_id` None: a role in the whole programme; `college` is for members alone."""

    role: Role
    council_id: int | None
    college: College | None
    invitation_id: int


@dataclass(frozen=True)
class MadeInvitation:
    """A new invitation; its `token` cannot be read again afterwards. `expires_at` is aware UTC."""

    invited: Invited
    token: str
    uses: int
    expires_at: datetime


def may_invite(actor: Actor | None, role: Role, council_id: int | None) -> bool:
    """Coordinators invite everybody, leads the members and residents of their council, animators its residents.

    None is whoever runs the program on its machine: they make the first coordinator.
    """
    if actor is None or actor.is_coordinator:
        return True
    if council_id is None:
        return False
    if actor.has(Role.LEAD, council_id):
        return role in (Role.MEMBER, Role.RESIDENT)
    return role is Role.RESIDENT and actor.has(Role.ANIMATOR, council_id)


async def invite(
    session: AsyncSession,
    clock: Clock,
    actor: Actor | None,
    role: Role,
    council_id: int | None = None,
    college: College | None = None,
    uses: int = 1,
    life: timedelta = USUAL_LIFE,
) -> MadeInvitation:
    """A new link for `uses` people, dead after `life`.

    Raises:
        NotAllowed: this actor may not invite to that role there, or the council is unknown.
        CouncilNeeded, WholeProgrammeRole: the role and the council do not go together.
        UsesOutOfRange, LifeOutOfRange: figures that no button offers.
    """
    if not may_invite(actor, role, council_id):
        raise NotAllowed
    _check_scope(role, council_id)
    if not 1 <= uses <= MOST_USES:
        raise UsesOutOfRange(MOST_USES)
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise LifeOutOfRange(LONGEST_LIFE)
    await _check_council_exists(session, council_id)
    token, now = _new_token(), clock.now()
    invitation = Invitation(
        token_hash=_hash(token),
        role=role,
        council_id=council_id,
        college=college if role is Role.MEMBER else None,
        uses_left=uses,
        expires_at=now + life,
        created_by=actor.person_id if actor else None,
        created_at=now,
    )
    session.add(invitation)
    await session.flush()
    await audit.record(
        session,
        clock,
        actor,
        "invitation.made",
        "invitation",
        invitation.id,
        role=role,
        council_id=council_id,
        uses=uses,
    )
    return MadeInvitation(_invited(invitation), token, uses, now + life)


async def invite_first_coordinator(session: AsyncSession, clock: Clock) -> MadeInvitation:
    """By whoever runs the program. Links of theirs that still lay open are closed: one of them is enough."""
    await _close_open_to_coordination(session, clock)
    return await invite(session, clock, None, Role.COORDINATOR)


async def preview(session: AsyncSession, clock: Clock, token: str) -> Invited:
    """What the link would give to somebody who has not joined yet; changes nothing.

    Raises:
        TokenUnknown, TokenRevoked, TokenExpired, TokenUsedUp: it gives nothing.
    """
    invitation = await _by_token(session, token)
    _check_open(invitation, clock.now())
    return _invited(invitation)


async def accept(session: AsyncSession, clock: Clock, actor: Actor, token: str) -> Invited:
    """Gives the person what the link is for; a role in a council makes them follow it.

    Whoever has it already spends no use, and a role that was taken away does not come back by its old link.

    Raises:
        TokenUnknown, TokenRevoked, TokenExpired, TokenUsedUp: it gives nothing to this person.
        OwnInvitation: the actor made it for somebody else.
        NotJoined: they erase their account at this moment.
    """
    await hold_person(session, actor.person_id)
    invitation = await _by_token(session, token)
    invited = _invited(invitation)
    if invited.role is not Role.RESIDENT and await holds(session, actor.person_id, invited.role, invited.council_id):
        return invited
    _check_open(invitation, clock.now())
    if invitation.public_token is None and invitation.created_by == actor.person_id:
        raise OwnInvitation
    async with session.begin_nested():  # a use that finds no place left is taken back, whatever the caller does next
        await _spend(session, clock, actor, invitation)
        if invited.role is not Role.RESIDENT:
            await give(
                session,
                clock,
                actor.person_id,
                invited.role,
                invited.council_id,
                invited.college,
                granted_by=invitation.created_by,
            )
        elif invited.council_id is not None:
            await follow(session, clock, actor.person_id, invited.council_id)
    if invited.role is Role.COORDINATOR and invitation.created_by is None:
        await _close_open_to_coordination(session, clock, besides=invitation.id)
    await audit.record(
        session,
        clock,
        actor,
        "invitation.accepted",
        "invitation",
        invitation.id,
        role=invited.role,
        council_id=invited.council_id,
    )
    return invited


async def revoke(session: AsyncSession, clock: Clock, actor: Actor, invitation_id: int) -> None:
    """Closes a link at once, for whoever may make such a one; closing it twice is no error.

    Raises:
        NotAllowed: not theirs to close, unknown, or a council's public link, which hangs on walls.
    """
    invitation = await session.get(Invitation, invitation_id)
    if invitation is None or invitation.public_token is not None:
        raise NotAllowed
    if not may_invite(actor, invitation.role, invitation.council_id):
        raise NotAllowed
    closing = (
        update(Invitation)
        .where(col(Invitation.id) == invitation_id, col(Invitation.revoked_at).is_(None))
        .values(revoked_at=clock.now())
    )
    if (await session.exec(closing)).rowcount:
        await audit.record(session, clock, actor, "invitation.revoked", "invitation", invitation_id)


async def public_link(session: AsyncSession, clock: Clock, council_id: int) -> str:
    """The token of a council's own link for residents: one for all, without end, the same each time it is asked for.

    Raises:
        NotAllowed: no such council.
    """
    await _check_council_exists(session, council_id, lock=True)
    invitation = await find_public_invitation(session, council_id)
    if invitation is None:
        token = _new_token()
        invitation = Invitation(
            token_hash=_hash(token),
            public_token=token,
            role=Role.RESIDENT,
            council_id=council_id,
            created_at=clock.now(),
        )
        session.add(invitation)
        await session.flush()
    return str(invitation.public_token)


async def list_open(
    session: AsyncSession, clock: Clock, actor: Actor, council_id: int | None = None
) -> list[OpenInvitation]:
    """Links that still work and that this actor may close, newest first; `council_id` None: of the whole programme.

    Raises:
        NotAllowed: neither the council's lead nor the coordinator.
    """
    if not may_invite(actor, Role.MEMBER, council_id):
        raise NotAllowed
    roles = tuple(each for each in Role if may_invite(actor, each, council_id))
    return await open_invitations(session, clock.now(), roles, council_id)


async def _close_open_to_coordination(session: AsyncSession, clock: Clock, besides: int | None = None) -> None:
    """Those that nobody of the programme has made: a forgotten one would open everything for a month."""
    forgotten = (
        select(col(Invitation.id))
        .where(
            col(Invitation.role) == Role.COORDINATOR,
            col(Invitation.created_by).is_(None),
            col(Invitation.revoked_at).is_(None),
            or_(col(Invitation.uses_left).is_(None), col(Invitation.uses_left) > 0),
            col(Invitation.id) != (besides or 0),
        )
        .order_by(col(Invitation.id))
        .with_for_update(skip_locked=True)  # one that is being accepted at this moment gives nothing more either
    )
    for invitation_id in (await session.exec(forgotten)).all():
        closing = update(Invitation).where(col(Invitation.id) == invitation_id).values(revoked_at=clock.now())
        await session.exec(closing)
        await audit.record(session, clock, None, "invitation.revoked", "invitation", invitation_id)


def _check_scope(role: Role, council_id: int | None) -> None:
    if role is Role.COORDINATOR and council_id is not None:
        raise WholeProgrammeRole
    if role is not Role.COORDINATOR and council_id is None:
        raise CouncilNeeded


async def _check_council_exists(session: AsyncSession, council_id: int | None, *, lock: bool = False) -> None:
    if council_id is None:
        return
    query = select(col(Council.id)).where(col(Council.id) == council_id)
    if lock:  # two first askers at once: the second waits, then finds the link of the first
        query = query.with_for_update(key_share=True)
    if (await session.exec(query)).first() is None:
        raise NotAllowed


async def _by_token(session: AsyncSession, token: str) -> Invitation:
    query = select(Invitation).where(col(Invitation.token_hash) == _hash(token))
    invitation = (await session.exec(query)).first()
    if invitation is None:
        raise TokenUnknown
    return invitation


def _check_open(invitation: Invitation, now: datetime) -> None:
    if invitation.revoked_at is not None:
        raise TokenRevoked
    if invitation.expires_at is not None and invitation.expires_at <= now:
        raise TokenExpired
    if invitation.uses_left == 0:
        raise TokenUsedUp


async def _spend(session: AsyncSession, clock: Clock, actor: Actor, invitation: Invitation) -> None:
    """One use, unless this person has used it before: then only what is not a role can be had again."""
    use = (
        dialect_insert(session, InvitationUse)
        .values(invitation_id=invitation.id, person_id=actor.person_id, used_at=clock.now())
        .on_conflict_do_nothing()
    )
    if not (await session.exec(use)).rowcount:
        if invitation.role is not Role.RESIDENT:
            raise TokenUsedUp
        return
    if invitation.uses_left is None:
        return
    spent = (
        update(Invitation)
        .where(
            col(Invitation.id) == invitation.id,
            col(Invitation.uses_left) > 0,
            col(Invitation.revoked_at).is_(None),
        )
        .values(uses_left=col(Invitation.uses_left) - 1)
    )
    if not (await session.exec(spent)).rowcount:
        raise TokenUsedUp


def _invited(invitation: Invitation) -> Invited:
    return Invited(invitation.role, invitation.council_id, invitation.college, invitation.id)


def _new_token() -> str:
    """32 characters of Telegram's deep-link alphabet, 192 bits of chance."""
    return secrets.token_urlsafe(24)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
