"""Writing notices: in the transaction of the change that they tell, to one person or to a whole audience."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Integer, String, bindparam, cast, func, literal, null, or_, union, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar
from sqlmodel.sql.sqltypes import UTCDateTime

from council.clock import Clock
from storage.database import (
    Insert,
    InsertInto,
    dialect_insert,
    engine_insert,
    plain_table,
    wake_sender_after,
)
from storage.groups import CouncilGroup
from storage.meetings import Answer, Rsvp
from storage.outbox import Fanout, Notice, NoticePriority, NoticeState
from storage.people import Follow, News, Person
from storage.proposals import ProposalFollower


class NoticeKind(StrEnum):
    """What a notice tells; handlers/notices.py makes the card of each."""

    MEETING_ANNOUNCED = "meeting_announced"
    MEETING_CHANGED = "meeting_changed"
    MEETING_CANCELLED = "meeting_cancelled"
    MEETING_HELD = "meeting_held"
    MEETING_REMINDER = "meeting_reminder"
    SEAT_GIVEN = "seat_given"
    ANNOUNCEMENT = "announcement"
    LIVE_CARD = "live_card"
    ROLE_GIVEN = "role_given"
    ROLE_REVOKED = "role_revoked"
    DIALOGUE_PAUSED = "dialogue_paused"
    NEWS_DIGEST = "news_digest"
    ACCOUNT_ENDING = "account_ending"
    MEETING_IN_GROUP = "meeting_in_group"
    ANNOUNCEMENT_IN_GROUP = "announcement_in_group"
    SUPPORT_ASSIGNED = "support_assigned"
    SUPPORT_QUEUED = "support_queued"
    SUPPORT_LEFT_YOU = "support_left_you"
    SUPPORT_ALERT = "support_alert"
    SUPPORT_OFFERED = "support_offered"
    ABSENCE_DECLARED = "absence_declared"
    SUPPORT_NEWS = "support_news"
    SUPPORT_PROMISE_MOVED = "support_promise_moved"
    SUPPORT_LATE = "support_late"
    SUPPORT_VERDICT_ASKED = "support_verdict_asked"
    SUPPORT_REOPENED = "support_reopened"
    SUPPORT_RELAY = "support_relay"
    SUPPORT_EDITED = "support_edited"
    SUPPORT_UNDELIVERED = "support_undelivered"
    SUPPORT_REQUESTER_GONE = "support_requester_gone"
    SUPPORT_TOPIC = "support_topic"
    SUPPORT_TOPIC_TROUBLE = "support_topic_trouble"
    SUPPORT_SIGN = "support_sign"
    TEAM_DIGEST = "team_digest"
    SUPPORT_FIGURES = "support_figures"
    JOURNAL_TABLE = "journal_table"
    MAIL_UNSENT = "mail_unsent"
    PROPOSAL_TO_MODERATE = "proposal_to_moderate"
    PROPOSAL_NEWS = "proposal_news"
    PROPOSAL_STALE = "proposal_stale"
    PROPOSAL_TO_CORRECT = "proposal_to_correct"
    INTERPELLATION_NEWS = "interpellation_news"
    INTERPELLATION_ANSWERED = "interpellation_answered"
    INTERPELLATION_ASKED_AGAIN = "interpellation_asked_again"
    INTERPELLATION_UNSENT = "interpellation_unsent"
    INTERPELLATION_CALL = "interpellation_call"
    INTERPELLATION_TO_OPEN = "interpellation_to_open"


# Those whom the announcement of a meeting reached, or may have reached.
TOLD = (NoticeState.SENT, NoticeState.UNCERTAIN, NoticeState.LEASED)

GROUP_LANGUAGE = "fr"
"""What is written into a group, whose readers have many languages: the language of reference."""

# Rows copied in one transaction of a fan-out: on SQLite other writers wait for one chunk, some tens of milliseconds; on
# PostgreSQL nobody waits but who announces.
CHUNK = 8_000
CHUNK_SIDE_BY_SIDE = 50_000
_LAST_ID = 2**63 - 1


IN_ORDER = 10**10
"""Added to a person's id in a key, for as many digits in each: keys that come in their own order are written one after
the other into their index, a fifth faster than keys that jump about in it."""


@dataclass(frozen=True)
class Word:
    """What is said, whoever hears it.

    `news` is kept from people who muted the news or take one digest a day; all else is about the reader and always
    sent. `quiet` False: not held at night. Times are aware.
    """

    kind: NoticeKind
    subject_id: int
    priority: NoticePriority
    revision: int = 0
    detail: str = ""
    news: bool = False
    quiet: bool = True
    not_before: datetime | None = None
    expires_at: datetime | None = None

    @property
    def key(self) -> str:
        """Unique with the person's id behind it: the same word is never said twice to one person."""
        return f"{self.kind}:{self.subject_id}:{self.revision}:{self.detail}:"


@dataclass(frozen=True)
class Followers:
    """Everybody who follows one of these councils."""

    council_ids: tuple[int, ...]

    def ids(self) -> Any:
        """A select of person ids, as `id`; somebody may be in it twice."""
        return select(col(Follow.person_id).label("id")).where(col(Follow.council_id).in_(self.council_ids))


@dataclass(frozen=True)
class Told:
    """Everybody who may count on this meeting: the announcement reached them, or they answered from the list.

    Announcements that left after `before` said what is true now: who had one of those needs no second word.
    """

    meeting_id: int
    before: datetime | None = None

    def ids(self) -> Any:
        told: Any = select(col(Notice.person_id).label("id")).where(
            col(Notice.kind) == NoticeKind.MEETING_ANNOUNCED,
            col(Notice.subject_id) == self.meeting_id,
            col(Notice.state).in_(TOLD),
        )
        if self.before is not None:
            told = told.where(or_(col(Notice.started_at).is_(None), col(Notice.started_at) <= self.before))
        return union(told, select(col(Rsvp.person_id).label("id")).where(col(Rsvp.meeting_id) == self.meeting_id))


@dataclass(frozen=True)
class Attendees:
    """Everybody who said yes or maybe to this meeting."""

    meeting_id: int

    def ids(self) -> Any:
        return select(col(Rsvp.person_id).label("id")).where(
            col(Rsvp.meeting_id) == self.meeting_id, col(Rsvp.answer).in_((Answer.YES, Answer.MAYBE))
        )


@dataclass(frozen=True)
class ProposalFollowers:
    """Everybody who stands behind a proposal, or follows it."""

    proposal_id: int

    def ids(self) -> Any:
        theirs = col(ProposalFollower.proposal_id) == self.proposal_id
        return select(col(ProposalFollower.person_id).label("id")).where(theirs)


Audience = Followers | Told | Attendees | ProposalFollowers


async def tell(session: AsyncSession, clock: Clock, person_id: int, word: Word) -> None:
    """One notice to one person; nothing when they are erased, cannot be reached, or were told already."""
    await tell_each(session, clock, (person_id,), word)


async def tell_each(session: AsyncSession, clock: Clock, person_ids: Iterable[int], word: Word) -> None:
    """Like `tell`, to a few people at once."""
    people = reachable(word, col(Person.id)).where(col(Person.id).in_(tuple(person_ids)))
    await copy_to(session, clock, word, people)


async def tell_all(session: AsyncSession, clock: Clock, audience: Audience, word: Word) -> None:
    """One notice to an audience: the first chunk now, the rest by the fan-out sweep, which a crash does not stop."""
    fanout = Fanout(
        kind=word.kind,
        subject_id=word.subject_id,
        revision=word.revision,
        audience=_audience_as_json(audience),
        notice=_word_as_json(word),
        created_at=clock.now(),
    )
    session.add(fanout)
    await session.flush()
    await copy_chunk(session, clock, fanout)


async def count_audience(session: AsyncSession, audience: Audience, word: Word) -> int:
    """How many people would be written to now."""
    people = reachable(word, col(Person.id)).where(col(Person.id).in_(audience.ids())).subquery()
    return (await session.exec(select(func.count()).select_from(people))).one()


async def copy_chunk(session: AsyncSession, clock: Clock, fanout: Fanout, chunk: int | None = None) -> None:
    """The next people of a fan-out, in the order of their ids; finishes it when there are no more.

    The rows never pass through Python, and the place it has come to moves in the same transaction.
    """
    alone = session.get_bind().dialect.name == "sqlite"
    chunk = chunk or (CHUNK if alone else CHUNK_SIDE_BY_SIDE)
    statements = _copying(engine_insert(session), _audience_from_json(fanout.audience), _word_from_json(fanout.notice))
    now = clock.now()
    ahead = {"after": fanout.cursor, "skipped": chunk - 1}
    last = (await session.exec(statements.end, params=ahead)).first()
    bounds = {"after": fanout.cursor, "until": _LAST_ID if last is None else last, "now": now}
    wake_sender_after(session)
    copied = (await session.exec(statements.copy, params=bounds)).rowcount
    await session.exec(
        update(Fanout)
        .where(col(Fanout.id) == fanout.id)
        .values(
            cursor=last if last is not None else fanout.cursor,
            copied=col(Fanout.copied) + copied,
            finished_at=None if last is not None else now,
        )
    )


@dataclass(frozen=True)
class _Copying:
    """`end` finds the last person of a chunk, none when it is the last one; `copy` writes the chunk."""

    end: Any
    copy: Insert


@lru_cache(maxsize=32)
def _copying(insert: InsertInto, audience: Audience, word: Word) -> _Copying:
    """Built once for all chunks of a fan-out: to build them takes longer than SQLite needs for a thousand rows."""
    ids = audience.ids().subquery()
    after = bindparam("after", type_=BigInteger)
    until = bindparam("until", type_=BigInteger)
    # The audience alone says where the chunk ends: read in the order of its index, not joined with all who are left.
    ahead = select(ids.c.id).where(ids.c.id > after)
    end = ahead.order_by(ids.c.id).offset(bindparam("skipped", type_=Integer)).limit(1)
    moment = bindparam("now", type_=UTCDateTime)
    columns = {**notice_columns(word, datetime.now(UTC)), "created_at": moment}
    if word.not_before is None:
        columns["not_before"] = moment
    of_chunk = col(Person.id) > after, col(Person.id) <= until, col(Person.id).in_(ahead.where(ids.c.id <= until))
    people = reachable(word, *columns.values()).where(*of_chunk).order_by(col(Person.id))
    return _Copying(end, insert(plain_table(Notice)).from_select(list(columns), people).on_conflict_do_nothing())


def unfinished_fanouts() -> SelectOfScalar[int]:
    """Those that have people left, the oldest first."""
    return select(col(Fanout.id)).where(col(Fanout.finished_at).is_(None)).order_by(col(Fanout.id))


def reachable(word: Word, *columns: Any) -> Any:
    """Those who can be written to: a blocked bot costs no further message, and news go to who wants each of them."""
    people = select(*columns).where(col(Person.telegram_id).is_not(None), col(Person.unreachable_since).is_(None))
    return people.where(col(Person.news) == News.EACH) if word.news else people


async def copy_to(session: AsyncSession, clock: Clock, word: Word, people: Any) -> int:
    """INSERT … SELECT of one notice for each of `people` (a select of person ids); how many were new."""
    columns = notice_columns(word, clock.now())
    source = people.with_only_columns(*columns.values()).order_by(col(Person.id))
    insert = dialect_insert(session, Notice).from_select(list(columns), source).on_conflict_do_nothing()
    wake_sender_after(session)
    return (await session.exec(insert)).rowcount


async def tell_groups(session: AsyncSession, clock: Clock, council_ids: frozenset[int], word: Word) -> None:
    """One notice to each group chat that is linked to one of these councils, in the language of reference."""
    columns = {
        **notice_columns(word, clock.now()),
        "dedup_key": literal(f"{word.key}group:", String) + cast(col(CouncilGroup.chat_id), String),
        "person_id": null(),
        "chat_id": col(CouncilGroup.chat_id),
        "thread_id": col(CouncilGroup.thread_id),
        "locale": literal(GROUP_LANGUAGE, String),
    }
    linked = col(CouncilGroup.council_id).in_(council_ids), col(CouncilGroup.unlinked_at).is_(None)
    source: Any = select(*columns.values()).where(*linked)
    insert = dialect_insert(session, Notice).from_select(list(columns), source).on_conflict_do_nothing()
    wake_sender_after(session)
    await session.exec(insert)


def notice_values(word: Word, now: datetime) -> dict[str, Any]:
    """What an outbox row holds of the word, to whomever it goes."""
    return {
        "kind": word.kind.value,
        "subject_id": word.subject_id,
        "revision": word.revision,
        "detail": word.detail,
        "priority": int(word.priority),
        "quiet": word.quiet,
        "not_before": word.not_before or now,
        "expires_at": word.expires_at,
        "state": NoticeState.PENDING,
        "attempts": 0,
        "claims": 0,
        "created_at": now,
    }


def notice_columns(word: Word, now: datetime) -> dict[str, Any]:
    """The columns of an outbox row, as expressions over Person."""
    table = Notice.__table__.c  # type: ignore[attr-defined]
    return {
        "dedup_key": literal(word.key, String) + cast(col(Person.id) + IN_ORDER, String),
        "person_id": col(Person.id),
        "chat_id": col(Person.telegram_id),
        "locale": col(Person.language),
        **{name: literal(value, table[name].type) for name, value in notice_values(word, now).items()},
    }


def _word_as_json(word: Word) -> dict[str, Any]:
    return {
        "kind": word.kind.value,
        "subject_id": word.subject_id,
        "priority": int(word.priority),
        "revision": word.revision,
        "detail": word.detail,
        "news": word.news,
        "quiet": word.quiet,
        "not_before": word.not_before.isoformat() if word.not_before else None,
        "expires_at": word.expires_at.isoformat() if word.expires_at else None,
    }


def _word_from_json(stored: Mapping[str, Any]) -> Word:
    moments = {
        name: datetime.fromisoformat(stored[name]) if stored[name] else None for name in ("not_before", "expires_at")
    }
    return Word(
        **{**stored, **moments, "kind": NoticeKind(stored["kind"]), "priority": NoticePriority(stored["priority"])}
    )


def _audience_as_json(audience: Audience) -> dict[str, Any]:
    match audience:
        case Followers(council_ids):
            return {"followers": list(council_ids)}
        case Told(meeting_id, before):
            return {"told": meeting_id, "before": before.isoformat() if before else None}
        case Attendees(meeting_id):
            return {"attendees": meeting_id}
        case ProposalFollowers(proposal_id):
            return {"proposal_followers": proposal_id}


def _audience_from_json(stored: Mapping[str, Any]) -> Audience:
    match stored:
        case {"followers": council_ids}:
            return Followers(tuple(council_ids))
        case {"told": meeting_id, **rest}:
            return Told(meeting_id, datetime.fromisoformat(rest["before"]) if rest.get("before") else None)
        case {"attendees": meeting_id}:
            return Attendees(meeting_id)
        case {"proposal_followers": proposal_id}:
            return ProposalFollowers(proposal_id)
    raise ValueError(stored)
