"""Opaque deep-link tokens: who invited whom, to which role."""

from datetime import datetime

from sqlmodel import Field

from storage.columns import Table, big, row_id, word
from storage.people import College, Role


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
