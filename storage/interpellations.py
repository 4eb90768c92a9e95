"""Interpellations and saisines: what a council asks an institution, who stands behind it, and the answer."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary, SmallInteger, Text, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Table, big, json_value, row_id, word


class InterpellationKind(StrEnum):
    """A saisine is the referral to the prefect, with fields and a path of its own (domain.md, sections 1 and 4)."""

    INTERPELLATION = "interpellation"
    SAISINE = "saisine"


class InterpellationState(StrEnum):
    """The states of both paths (domain.md, section 4); `submitted`, `voting`, `rejected` and `withdrawn` are ours.

    `submitted`: the author has done with it, and it waits for a lead or an animator, who opens it or sends it back.

    Overdue and very overdue are derived from the due date, never stored.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    COSIGNING = "cosigning"
    VOTING = "voting"
    REJECTED = "rejected"
    ADOPTED = "adopted"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    RETAINED = "retained"
    NOT_RETAINED = "not_retained"
    DIAGNOSED = "diagnosed"
    IN_STEERING = "in_steering"
    IN_MUNICIPAL_COUNCIL = "in_municipal_council"
    FOLLOWED_UP = "followed_up"
    REPORTED_BACK = "reported_back"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class InterpellationAct(StrEnum):
    """One step in the history of an interpellation."""

    WRITTEN = "written"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    OPENED = "opened"
    SIGNED_ENOUGH = "signed_enough"
    NOT_ENOUGH = "not_enough"
    PROLONGED = "prolonged"
    VOTE_OPENED = "vote_opened"
    VOTE_ENDED = "vote_ended"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    SENT = "sent"
    NOT_SENT = "not_sent"
    HANDED_OVER = "handed_over"
    ACKNOWLEDGED = "acknowledged"
    PASSED_ON = "passed_on"
    ANSWERED = "answered"
    EXTENDED = "extended"
    DUE_MOVED = "due_moved"
    NO_RECEIPT = "no_receipt"
    REMINDED = "reminded"
    OVERDUE = "overdue"
    VERY_OVERDUE = "very_overdue"
    FORWARDED = "forwarded"
    RETAINED = "retained"
    NOT_RETAINED = "not_retained"
    DIAGNOSED = "diagnosed"
    IN_STEERING = "in_steering"
    IN_MUNICIPAL_COUNCIL = "in_municipal_council"
    FOLLOWED_UP = "followed_up"
    ASKED_AGAIN = "asked_again"
    ASKING_AGAIN_WISHED = "asking_again_wished"
    REPORTED_BACK = "reported_back"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class VoteChoice(StrEnum):
    """What a member of the council says of an interpellation."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class LetterWay(StrEnum):
    """How a letter reaches the partner."""

    MAIL = "mail"
    BY_HAND = "by_hand"


class LetterState(StrEnum):
    """`waiting`: the mail is on its way, or a lead has the paper. Nothing counts as sent before `sent`."""

    WAITING = "waiting"
    SENT = "sent"
    NOT_SENT = "not_sent"


class AnswerWay(StrEnum):
    """How an answer has come."""

    PAGE = "page"
    PAPER = "paper"
    TELEPHONE = "telephone"


class Opinion(StrEnum):
    """Whether an answer answers, to somebody who asked."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


UNPUBLISHED = (InterpellationState.DRAFT, InterpellationState.SUBMITTED)
"""Nobody but the author, the leads and the team knows of it."""
AWAITED = (InterpellationState.SENT, InterpellationState.ACKNOWLEDGED, InterpellationState.FORWARDED)
"""States in which the partner's answer, or the prefect's decision, is due."""
ENDED = (
    InterpellationState.CLOSED,
    InterpellationState.REJECTED,
    InterpellationState.WITHDRAWN,
)

_LOOKED_AT = text("next_look_at IS NOT NULL")


class Interpellation(Table, table=True):
    """A formal question of a council to a partner.

    What the author said, one question each (bare text): `facts`, `place`, `since`, `people` (how many, who), `tried`,
    `asked`; `evidence` are council.contents.Content as JSON, `originals` the voices of the author, for moderators
    alone, each with its `question` and its `content`. `partner_code` is one of the programme's partners, `partner_name`
    as it was when chosen. `anonymous` hides the author's first name from the public and the partner; `author_id` None:
    the account is erased.
    `cosign_until` and `vote_until` end a step; `threshold` is how many signatures it takes. `majority_position` and
    `dissenting_views` are written down at adoption (cadre de référence of June 2014). `due_at` is when the partner's
    answer is due by the delay agreed locally, never a legal one, `calendar` the fingerprint of the calendar it was
    computed with and `extra_days` the working days added by extensions; `next_look_at` is when a sweep looks at it
    again, and `alert_level` how many of the alerts of this round have gone. `round` counts the letters: a follow-up is
    a new one. `meeting_id` is where it is reported back. Moments are UTC.
    """

    __tablename__ = "interpellation"
    __table_args__ = (
        Index("ix_interpellation_of_council", "council_id", "state", "changed_at"),
        Index("ix_interpellation_look", "next_look_at", sqlite_where=_LOOKED_AT, postgresql_where=_LOOKED_AT),
    )

    id: int = row_id()
    number: str = Field(unique=True)
    kind: InterpellationKind = word(InterpellationKind)
    state: InterpellationState = word(InterpellationState, default=InterpellationState.DRAFT)
    council_id: int = big(foreign_key="council.id", ondelete="RESTRICT")
    author_id: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    anonymous: bool = False
    partner_code: str
    partner_name: str
    theme: str = ""
    title: str
    facts: str = Field(default="", sa_type=Text)
    place: str = Field(default="", sa_type=Text)
    since: str = Field(default="", sa_type=Text)
    people: str = Field(default="", sa_type=Text)
    tried: str = Field(default="", sa_type=Text)
    asked: str = Field(default="", sa_type=Text)
    evidence: list[dict[str, Any]] = json_value(default_factory=list)
    originals: list[dict[str, Any]] = json_value(default_factory=list)
    threshold: int = 0
    cosign_until: datetime | None = None
    vote_until: datetime | None = None
    majority_position: str = Field(default="", sa_type=Text)
    dissenting_views: list[str] = json_value(default_factory=list)
    adopted_by: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True)
    adopted_at: datetime | None = None
    round: int = Field(default=1, sa_type=SmallInteger)
    sent_at: datetime | None = None
    due_at: datetime | None = None
    calendar: str = ""
    extra_days: int = 0
    alert_level: int = Field(default=0, sa_type=SmallInteger)
    next_look_at: datetime | None = None
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    meeting_id: int | None = big(default=None, foreign_key="meeting.id", ondelete="SET NULL", nullable=True, index=True)
    created_at: datetime
    changed_at: datetime
    closed_at: datetime | None = None
    revision: int = 1
    request_key: str = Field(unique=True)


class InterpellationSignature(Table, table=True):
    """A resident stands behind it; `shows_name`: they chose to appear by their first name in the letter."""

    __tablename__ = "interpellation_signature"

    interpellation_id: int = big(primary_key=True, foreign_key="interpellation.id", ondelete="CASCADE")
    person_id: int = big(primary_key=True, foreign_key="person.id", ondelete="CASCADE", index=True)
    shows_name: bool = False
    signed_at: datetime


class InterpellationVote(Table, table=True):
    """The vote of a member of the council; `view` is what they want to see written down."""

    __tablename__ = "interpellation_vote"

    interpellation_id: int = big(primary_key=True, foreign_key="interpellation.id", ondelete="CASCADE")
    person_id: int = big(primary_key=True, foreign_key="person.id", ondelete="CASCADE", index=True)
    choice: VoteChoice = word(VoteChoice)
    view: str = Field(default="", sa_type=Text)
    voted_at: datetime


class InterpellationLetter(Table, table=True):
    """One letter to the partner: what was written, and the proof that it left.

    `pdf` is the letter as it was sent and `sha256` its hash in hexadecimal; it is empty when the letter was withdrawn
    before that, since it named somebody who has left. `said` is the hash of what it says but for its day, by which a
    paper is known that would say something else by now. `enclosed` counts the photos and papers that stand at its end.
    By mail, `mail_id` holds the proof of the server (storage.mails); by hand, `handed_to` says to whom and `sent_at`
    when. `words` is what a follow-up adds.
    """

    __tablename__ = "interpellation_letter"
    __table_args__ = (UniqueConstraint("interpellation_id", "round", "attempt"),)

    id: int = row_id()
    interpellation_id: int = big(foreign_key="interpellation.id", ondelete="CASCADE")
    round: int = Field(sa_type=SmallInteger)
    attempt: int = Field(default=1, sa_type=SmallInteger)
    way: LetterWay = word(LetterWay)
    state: LetterState = word(LetterState, default=LetterState.WAITING)
    address: str | None = None
    words: str = Field(default="", sa_type=Text)
    pdf: bytes = Field(sa_type=LargeBinary)
    sha256: str
    said: str = ""
    enclosed: int = Field(default=0, sa_type=SmallInteger)
    mail_id: int | None = big(default=None, foreign_key="mail.id", ondelete="SET NULL", nullable=True, index=True)
    handed_to: str | None = None
    written_by: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True)
    created_at: datetime
    sent_at: datetime | None = None


class PartnerLink(Table, table=True):
    """A personal way to the page of one letter: the token itself is known to its reader alone.

    `token_hash` is the SHA-256 of the token in hexadecimal. `name` is for whom it was made; `passed_on_by_id` the link
    whose reader passed it on. It opens nothing after `expires_at`, or once it is revoked.
    """

    __tablename__ = "partner_link"

    id: int = row_id()
    letter_id: int = big(foreign_key="interpellation_letter.id", ondelete="CASCADE", index=True)
    token_hash: str = Field(unique=True)
    name: str
    passed_on_by_id: int | None = big(default=None, foreign_key="partner_link.id", ondelete="SET NULL", nullable=True)
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    opened_at: datetime | None = None


class InterpellationAnswer(Table, table=True):
    """What a partner answered: on the page, or entered by somebody of the team who has it on paper or by telephone."""

    __tablename__ = "interpellation_answer"

    id: int = row_id()
    interpellation_id: int = big(foreign_key="interpellation.id", ondelete="CASCADE", index=True)
    round: int = Field(sa_type=SmallInteger)
    way: AnswerWay = word(AnswerWay)
    link_id: int | None = big(default=None, foreign_key="partner_link.id", ondelete="SET NULL", nullable=True)
    signed: str
    """Who answers, as they say: a name, a service."""
    words: str = Field(default="", sa_type=Text)
    entered_by: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True)
    answered_on: date
    created_at: datetime
    request_key: str = Field(unique=True)


class AnswerFile(Table, table=True):
    """A file that came with an answer or a step; `file_id` when Telegram has it, `content` when we do."""

    __tablename__ = "answer_file"

    id: int = row_id()
    answer_id: int | None = big(
        default=None, foreign_key="interpellation_answer.id", ondelete="CASCADE", nullable=True, index=True
    )
    event_id: int | None = big(
        default=None, foreign_key="interpellation_event.id", ondelete="CASCADE", nullable=True, index=True
    )
    file_name: str
    media_type: str
    content: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    file_id: str | None = None
    sha256: str | None = None


class InterpellationOpinion(Table, table=True):
    """Whether an answer answers: the author's word counts for the state, those of others are counted."""

    __tablename__ = "interpellation_opinion"

    answer_id: int = big(primary_key=True, foreign_key="interpellation_answer.id", ondelete="CASCADE")
    person_id: int = big(primary_key=True, foreign_key="person.id", ondelete="CASCADE", index=True)
    opinion: Opinion = word(Opinion)
    at: datetime


class InterpellationEvent(Table, table=True):
    """The history: who did what, when, and the state it came to. `on` is the day of a step as it is told."""

    __tablename__ = "interpellation_event"

    id: int = row_id()
    interpellation_id: int = big(foreign_key="interpellation.id", ondelete="CASCADE", index=True)
    at: datetime
    act: InterpellationAct = word(InterpellationAct)
    state: InterpellationState = word(InterpellationState)
    person_id: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    on: date | None = None
    words: str = Field(default="", sa_type=Text)
