"""Cards that are kept true: edited in place when what they show has changed."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Integer, String, bindparam, cast, delete, literal, null, union_all
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from council.clock import Clock
from council.notices import GROUP_LANGUAGE, NoticeKind, Word, notice_columns, reachable
from storage.database import Insert, InsertInto, engine_insert, execute_built, plain_table
from storage.outbox import LiveCard, Notice, NoticePriority
from storage.people import Person
from storage.queue import is_unfinished

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


async def look_again(session: AsyncSession, clock: Clock, chat_id: int, message_id: int, shown: int) -> None:
    """This message, which is kept true, is looked at once more, as soon as `refresh` would have it edited.

    What was committed after its card was made and before `keep` found no message to refresh. `shown` marks what the
    message shows (`mark_of` in bot/messages.py): it is edited if the card is another by then.
    """
    await session.flush()
    now = clock.now()
    bucket, leaves_at = _bucket(now, SPACING)
    values = {"now": now, "leaves_at": leaves_at, "bucket": str(bucket), "here": chat_id, "message": message_id}
    await session.exec(_looking_again(engine_insert(session)), params={**values, "mark": shown})


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
    await execute_built(session, _refreshing(engine_insert(session)), values)


@cache
def _refreshing(insert: InsertInto) -> Insert:
    """Built once: it stands on the way of every answer to a meeting."""
    shown = col(LiveCard.kind) == bindparam("shown"), col(LiveCard.subject_id) == bindparam("shown_id")
    columns, cards = _edits(shown)
    return insert(plain_table(Notice)).from_select(columns, cards).on_conflict_do_nothing()


@cache
def _looking_again(insert: InsertInto) -> Insert:
    """Built once: it follows every card that is kept true.

    With a key of its own, since `refresh` wants its edit whatever the message showed before, and since a press may show
    the next card within the same five seconds.
    """
    message = col(LiveCard.chat_id) == bindparam("here"), col(LiveCard.message_id) == bindparam("message")
    mark = bindparam("mark", type_=Integer)
    columns, cards = _edits(message, literal(":again:", String) + cast(mark, String), revision=mark)
    return insert(plain_table(Notice)).from_select(columns, cards).on_conflict_do_nothing()


def _edits(shown: tuple[Any, ...], key: Any = "", **more: Any) -> tuple[list[str], Any]:
    """The columns of a notice for each card of which `shown` holds, and the select of their values."""
    word = Word(NoticeKind.LIVE_CARD, 0, NoticePriority.TRANSACTIONAL, quiet=False)
    # By the message, not by the card's row: SQLite gives the number of a deleted row to the next one.
    message: Any = cast(col(LiveCard.chat_id), String) + ":" + cast(col(LiveCard.message_id), String)
    # And by what it shows: a press may turn the message into another card within the same five seconds.
    shows: Any = col(LiveCard.kind) + ":" + cast(col(LiveCard.subject_id), String) + key
    columns = {
        **notice_columns(word, datetime.now(UTC)),
        "not_before": bindparam("leaves_at", type_=UTCDateTime),
        "created_at": bindparam("now", type_=UTCDateTime),
        "dedup_key": literal("live_card:", String) + message + ":" + bindparam("bucket", type_=String) + ":" + shows,
        "chat_id": col(LiveCard.chat_id),
        "subject_id": col(LiveCard.subject_id),
        "detail": cast(col(LiveCard.message_id), String),
        **more,
    }
    of_people = reachable(word, *columns.values()).join(LiveCard, col(LiveCard.person_id) == col(Person.id))
    in_groups = {**columns, "person_id": null(), "locale": literal(GROUP_LANGUAGE, String)}
    of_groups: Any = select(*in_groups.values()).select_from(LiveCard).where(col(LiveCard.person_id).is_(None))
    return list(columns), union_all(of_people.where(*shown), of_groups.where(*shown))


async def live_card_of(session: AsyncSession, notice: Notice) -> LiveCard | None:
    """The card that a LIVE_CARD notice refreshes; None when it has been replaced or shows something else."""
    shown = (
        col(LiveCard.chat_id) == notice.chat_id,
        col(LiveCard.message_id) == int(notice.detail or 0),
        col(LiveCard.subject_id) == notice.subject_id,
    )
    return (await session.exec(select(LiveCard).where(*shown))).first()


async def is_followed(session: AsyncSession, notice: Notice) -> bool:
    """Whether another edit of the same card waits behind this notice: that one will say what is true."""
    same_message = col(Notice.chat_id) == notice.chat_id, col(Notice.detail) == notice.detail
    same_card = col(Notice.kind) == notice.kind, col(Notice.subject_id) == notice.subject_id
    behind = is_unfinished(Notice), col(Notice.priority) == notice.priority, col(Notice.id) > notice.id
    query = select(col(Notice.id)).where(*same_message, *behind, *same_card).limit(1)
    return (await session.exec(query)).first() is not None


def _bucket(now: datetime, spacing: timedelta) -> tuple[int, datetime]:
    """The number of the span of time that `now` falls in, and when its edit leaves."""
    number = int(now.timestamp() // spacing.total_seconds())
    return number, datetime.fromtimestamp((number + 1) * spacing.total_seconds(), UTC) + MARGIN
