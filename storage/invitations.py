"""Opaque deep-link tokens: who invited whom, to which role."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Table, big, row_id, word
from storage.people import College, Role
from storage.programme import Council


class Invitation(Table, table=True):
    """A link to a role.

    Only the hash of its token is kept: a copy of the database lets nobody in. A council's public link (role resident)
    is printed on posters and shown again at will, so that one keeps its token in clear. `uses_left` None: no limit.
    """

    __tablename__ = "invitation"

    id: int = row_id()
    token_hash: str = Field(unique=True)
    public_token: str | None = None
    role: Role = word(Role)
    council_id: int | None = big(default=None, foreign_key="council.id", ondelete="CASCADE", nullable=True, index=True)
    college: College | None = word(College, default=None, nullable=True)
    uses_left: int | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    created_by: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True)
    created_at: datetime


class InvitationUse(Table, table=True):
    """One person uses an invitation once; using it again costs no further use."""

    __tablename__ = "invitation_use"

    invitation_id: int = big(primary_key=True, foreign_key="invitation.id", ondelete="CASCADE")
    person_id: int = big(primary_key=True, foreign_key="person.id", ondelete="CASCADE", index=True)
    used_at: datetime


@dataclass(frozen=True)
class OpenInvitation:
    """A link that still works, without its token, which nobody can read again. `expires_at` is aware UTC."""

    invitation_id: int
    role: Role
    council_id: int | None
    council_name: str | None
    uses_left: int | None
    expires_at: datetime | None


async def find_public_invitation(session: AsyncSession, council_id: int) -> Invitation | None:
    """The link of a council that anybody may be shown."""
    query = (
        select(Invitation)
        .where(
            col(Invitation.council_id) == council_id,
            col(Invitation.public_token).is_not(None),
            col(Invitation.revoked_at).is_(None),
        )
        .order_by(col(Invitation.id))
        .limit(1)
    )
    return (await session.exec(query)).first()


async def open_invitations(
    session: AsyncSession, now: datetime, roles: tuple[Role, ...], council_id: int | None = None
) -> list[OpenInvitation]:
    """Links to these roles that somebody can still use, newest first; public ones are not listed."""
    query = (
        select(Invitation, col(Council.name))
        .outerjoin(Council, col(Council.id) == col(Invitation.council_id))
        .where(
            col(Invitation.role).in_(roles),
            col(Invitation.public_token).is_(None),
            col(Invitation.revoked_at).is_(None),
            or_(col(Invitation.expires_at).is_(None), col(Invitation.expires_at) > now),
            or_(col(Invitation.uses_left).is_(None), col(Invitation.uses_left) > 0),
        )
        .order_by(col(Invitation.id).desc())
    )
    if council_id is not None:
        query = query.where(col(Invitation.council_id) == council_id)
    return [
        OpenInvitation(each.id, each.role, each.council_id, name, each.uses_left, each.expires_at)
        for each, name in (await session.exec(query)).all()
    ]
