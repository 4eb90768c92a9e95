"""Cards that are kept true: edited in place when what they show has changed."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, cast, delete, literal, null, union_all
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from council.clock import Clock
from council.notices import GROUP_LANGUAGE, NoticeKind, Word, notice_columns, reachable
from storage.database import Insert, InsertInto, engine_insert, plain_table
from storage.outbox import LiveCard, Notice, NoticePriority
from storage.people import Person

SPACING = timedelta(seconds=5)
"""One edit of a card in this time, however many people answer: more would only spend the limits of Telegram."""
MARGIN = timedelta(seconds=1)
"""An edit leaves this long after its five seconds, when every change made within them has been committed."""


class LiveKind(StrEnum):
    """What a live card shows; its subject is the id of that thing."""

    MEETING = "meeting"
    SUPPORT = "support"
    SUPPORT_TALK = "support_talk"
    SUPPORT_DRAFT = "support_draft"
    PROPOSAL = "proposal"
    MODERATION = "moderation"
    INTERPELLATION = "interpellation"


COUNTING = frozenset({LiveKind.SUPPORT_DRAFT})
"""Cards whose subject may well have grown while their message was on its way: they are looked at once more."""


async def keep(
    session: AsyncSession,
    clock: Clock,
    person_id: int | None,
    chat_id: int,
    message_id: int,
    kind: LiveKind | str,
    subject_id: int,
) -> None:
    """From now on this message is kept true; an older card of the same reader and subject no longer is.

    `person_id` None: a group reads it.
    """
    await forget(session, chat_id, message_id)
    reader = col(LiveCard.person_id) == person_id  # IS NULL for a group
    shown = col(LiveCard.kind) == kind, col(LiveCard.subject_id) == subject_id
    await session.exec(delete(LiveCard).where(reader, *shown))
    session.add(
        LiveCard(
            person_id=person_id,
            chat_id=chat_id,
            message_id=message_id,
            kind=str(kind),
            subject_id=subject_id,
            made_at=clock.now(),
        )
    )
    if kind in COUNTING:
        await refresh(session, clock, kind, subject_id)


async def forget(session: AsyncSession, chat_id: int, message_id: int) -> None:
    """This message shows something else now: a refresh would write over it."""
    await session.exec(delete(LiveCard).where(col(LiveCard.chat_id) == chat_id, col(LiveCard.message_id) == message_id))


async def refresh(
    session: AsyncSession, clock: Clock, kind: LiveKind | str, subject_id: int, spacing: timedelta = SPACING
) -> None:
    """Every card of this subject will be edited once, within `spacing` from now, with what is true then.

    The notice names the message (`detail`). Who may see the card is asked again when it is made.
    """
    now = clock.now()
    bucket, leaves_at = _bucket(now, spacing)
    values = {"now": now, "leaves_at": leaves_at, "bucket": str(bucket), "shown": str(kind), "shown_id": subject_id}
    await session.exec(_refreshing(engine_insert(session)), params=values)


@cache
def _refreshing(insert: InsertInto) -> Insert:
    """Built once: it stands on the way of every answer to a meeting."""
    word = Word(NoticeKind.LIVE_CARD, 0, NoticePriority.TRANSACTIONAL, quiet=False)
    # By the message, not by the card's row: SQLite gives the number of a deleted row to the next one.
    message: Any = cast(col(LiveCard.chat_id), String) + ":" + cast(col(LiveCard.message_id), String)
    # And by what it shows: a press may turn the message into another card within the same five seconds.
    shows: Any = col(LiveCard.kind) + ":" + cast(col(LiveCard.subject_id), String)
    columns = {
        **notice_columns(word, datetime.now(UTC)),
        "not_before": bindparam("leaves_at", type_=UTCDateTime),
        "created_at": bindparam("now", type_=UTCDateTime),
        "dedup_key": literal("live_card:", String) + message + ":" + bindparam("bucket", type_=String) + ":" + shows,
        "chat_id": col(LiveCard.chat_id),
        "subject_id": col(LiveCard.subject_id),
        "detail": cast(col(LiveCard.message_id), String),
    }
    shown = col(LiveCard.kind) == bindparam("shown"), col(LiveCard.subject_id) == bindparam("shown_id")
    of_people = reachable(word, *columns.values()).join(LiveCard, col(LiveCard.person_id) == col(Person.id))
    in_groups = {**columns, "person_id": null(), "locale": literal(GROUP_LANGUAGE, String)}
    of_groups: Any = select(*in_groups.values()).select_from(LiveCard).where(col(LiveCard.person_id).is_(None))
    cards = union_all(of_people.where(*shown), of_groups.where(*shown))
    return insert(plain_table(Notice)).from_select(list(columns), cards).on_conflict_do_nothing()


async def live_card_of(session: AsyncSession, notice: Notice) -> LiveCard | None:
    """The card that a LIVE_CARD notice refreshes; None when it has been replaced or shows something else."""
    shown = (
        col(LiveCard.chat_id) == notice.chat_id,
        col(LiveCard.message_id) == int(notice.detail or 0),
        col(LiveCard.subject_id) == notice.subject_id,
    )
    return (await session.exec(select(LiveCard).where(*shown))).first()


def _bucket(now: datetime, spacing: timedelta) -> tuple[int, datetime]:
    """The number of the span of time that `now` falls in, and when its edit leaves."""
    number = int(now.timestamp() // spacing.total_seconds())
    return number, datetime.fromtimestamp((number + 1) * spacing.total_seconds(), UTC) + MARGIN
