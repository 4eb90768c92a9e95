"""Proposals: what residents put forward, who supports them, and what came of each."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Table, big, json_value, row_id, word


class ProposalState(StrEnum):
    """The states of domain.md, section 4; `to_correct` and `withdrawn` are ours.

    Up to `received` nobody but the author and the moderators knows of it: `received` is the first state of a text that
    is public.
    """

    SUBMITTED = "submitted"
    TO_CORRECT = "to_correct"
    RECEIVED = "received"
    DISCUSSED = "discussed"
    RETAINED = "retained"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    DONE = "done"
    REFUSED = "refused"
    REPORTED_BACK = "reported_back"
    MERGED = "merged"
    SET_ASIDE = "set_aside"
    WITHDRAWN = "withdrawn"


class ProposalAct(StrEnum):
    """One step in the history of a proposal."""

    SUBMITTED = "submitted"
    CORRECTION_ASKED = "correction_asked"
    CORRECTED = "corrected"
    PUBLISHED = "published"
    MERGED = "merged"
    SET_ASIDE = "set_aside"
    WITHDRAWN = "withdrawn"
    PUT_ON_AGENDA = "put_on_agenda"
    TAKEN_OFF_AGENDA = "taken_off_agenda"
    DISCUSSED = "discussed"
    RETAINED = "retained"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    DONE = "done"
    REFUSED = "refused"
    REPORTED_BACK = "reported_back"
    HIDDEN = "hidden"
    SHOWN_AGAIN = "shown_again"


class ReportReason(StrEnum):
    """Why somebody finds that a published text should not stand there."""

    PERSONAL = "personal"
    OFFENSIVE = "offensive"
    FALSE = "false"
    OTHER = "other"


UNPUBLISHED = (ProposalState.SUBMITTED, ProposalState.TO_CORRECT)
"""States in which the author may still withdraw, and the text is nobody else's business."""
NEVER_PUBLIC = (*UNPUBLISHED, ProposalState.SET_ASIDE, ProposalState.WITHDRAWN, ProposalState.MERGED)
"""Not shown to residents: neither in lists nor by number. A merged one leads to the one it was merged into."""
ENDED = (
    ProposalState.DONE,
    ProposalState.REFUSED,
    ProposalState.REPORTED_BACK,
    ProposalState.MERGED,
    ProposalState.SET_ASIDE,
    ProposalState.WITHDRAWN,
)
"""States in which the council has nothing more to do, but to report back what was done or refused."""

_TO_MODERATE = text("state = 'submitted' OR hidden_at IS NOT NULL")


class Proposal(Table, table=True):
    """An idea for the neighbourhood, as it is published.

    `title` and `words` are what people read (bare text); `originals` is what the author sent (council.contents.Content
    as JSON), voice included, for the author and the moderators alone. `folded` is title and words without accents or
    case, to search in. `theme` is a code of the programme's list. `anonymous` hides the author's first name from the
    public, never from moderators; `author_id` None: the account is erased. `photo_file_id` is the picture that is
    published, `done_photo_file_id` that of what was done. `reason` is why it was set aside, refused or must be
    corrected; `outcome` what the council or a partner said of it. `flags` names what moderators should look at.
    `moved_at` is when its state last changed; `stale_told_at` when lead and animators were last told that it stands
    still. `revision` grows with every change: two moderators at once do not overwrite each other. Moments are UTC.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_of_council", "council_id", "state", "published_at"),
        Index("ix_proposal_to_moderate", "council_id", sqlite_where=_TO_MODERATE, postgresql_where=_TO_MODERATE),
        Index("ix_proposal_moved", "state", "moved_at"),
    )

    id: int = row_id()
    number: str = Field(unique=True)
    council_id: int = big(foreign_key="council.id", ondelete="RESTRICT")
    author_id: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    anonymous: bool = False
    theme: str
    state: ProposalState = word(ProposalState, default=ProposalState.SUBMITTED)
    title: str
    words: str = Field(default="", sa_type=Text)
    folded: str = Field(default="", sa_type=Text)
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    originals: list[dict[str, Any]] = json_value(default_factory=list)
    photo_file_id: str | None = None
    done_photo_file_id: str | None = None
    flags: list[str] = json_value(default_factory=list)
    reason: str | None = Field(default=None, sa_type=Text)
    outcome: str | None = Field(default=None, sa_type=Text)
    merged_into_id: int | None = big(
        default=None, foreign_key="proposal.id", ondelete="SET NULL", nullable=True, index=True
    )
    meeting_id: int | None = big(default=None, foreign_key="meeting.id", ondelete="SET NULL", nullable=True, index=True)
    created_at: datetime
    published_at: datetime | None = None
    moved_at: datetime
    hidden_at: datetime | None = None
    stale_told_at: datetime | None = None
    revision: int = 1
    request_key: str = Field(unique=True)


class ProposalFollower(Table, table=True):
    """Somebody who hears what becomes of a proposal; `supports`: and stands behind it."""

    __tablename__ = "proposal_follower"

    proposal_id: int = big(primary_key=True, foreign_key="proposal.id", ondelete="CASCADE")
    person_id: int = big(primary_key=True, foreign_key="person.id", ondelete="CASCADE", index=True)
    supports: bool
    since: datetime


class ProposalReport(Table, table=True):
    """Somebody finds that a text should not stand there; `settled_at` is set once a moderator has looked."""

    __tablename__ = "proposal_report"
    __table_args__ = (UniqueConstraint("proposal_id", "person_id"),)

    id: int = row_id()
    proposal_id: int = big(foreign_key="proposal.id", ondelete="CASCADE")
    person_id: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    reason: ReportReason = word(ReportReason)
    at: datetime
    settled_at: datetime | None = None


class ProposalEvent(Table, table=True):
    """The history of a proposal: who did what, when, and the state it came to. `words` were given with the act."""

    __tablename__ = "proposal_event"

    id: int = row_id()
    proposal_id: int = big(foreign_key="proposal.id", ondelete="CASCADE", index=True)
    at: datetime
    act: ProposalAct = word(ProposalAct)
    state: ProposalState = word(ProposalState)
    person_id: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    words: str = Field(default="", sa_type=Text)
