"""A person's own choices, and whether they can be written to."""

import unicodedata
from datetime import timedelta

from sqlalchemy import delete, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, roles, rsvp, support_gone
from council.actors import Actor
from council.clock import Clock
from council.council_choice import check_councils
from council.errors import EmptyWords, NotAllowed, TooLong
from council.written import BLANKS, JOINERS
from storage import queue
from storage.outbox import Notice, NoticeState
from storage.people import Follow, News, Person

FIRST_NAME_LIMIT = 64
"""Characters; Telegram's own limit for a first name."""
HEARD_EVERY = timedelta(days=1)
"""How exactly we remember when somebody was last heard: retention counts in months, a write per tap would be waste."""


def readable_name(words: str) -> str:
    """A name on one line, without signs that print nothing or turn the text around it; "" when nothing is left."""
    spaced = "".join(" " if each.isspace() or each in BLANKS else each for each in words)
    kept = "".join(each for each in spaced if each in JOINERS or not unicodedata.category(each).startswith("C"))
    name = " ".join(kept.split())
    return name if name.strip(JOINERS + " ") else ""


async def follow(session: AsyncSession, clock: Clock, actor: Actor, council_id: int) -> bool:
    """True when they did not follow it yet. Raises NotAllowed for a council that does not exist."""
    await check_councils(session, frozenset({council_id}))
    new = await roles.follow(session, clock, actor.person_id, council_id)
    if new:
        await audit.record(session, clock, actor, "council.followed", "council", council_id)
    return new


async def unfollow(session: AsyncSession, clock: Clock, actor: Actor, council_id: int) -> bool:
    """True when they followed it until now.

    Roles in the council stay as they are; without one, answers to its coming meetings are taken back.
    """
    gone = delete(Follow).where(col(Follow.person_id) == actor.person_id, col(Follow.council_id) == council_id)
    left = bool((await session.exec(gone)).rowcount)
    if left:
        await rsvp.release_answers(session, clock, actor.person_id)
        await audit.record(session, clock, actor, "council.left", "council", council_id)
    return left


async def change_language(
    session: AsyncSession, clock: Clock, actor: Actor, language: str, offered: tuple[str, ...]
) -> None:
    """From now on, and for what already waits to be sent. Raises NotAllowed for a language that is not offered."""
    if language not in offered:
        raise NotAllowed
    await _set(session, actor, language=language)
    theirs = col(Notice.chat_id) == actor.telegram_id, col(Notice.person_id) == actor.person_id
    await session.exec(update(Notice).where(queue.is_unfinished(Notice), *theirs).values(locale=language))
    await audit.record(session, clock, actor, "person.language_changed", "person", actor.person_id, language=language)


async def change_first_name(session: AsyncSession, clock: Clock, actor: Actor, words: str) -> str:
    """The name as it is kept. Raises EmptyWords and TooLong."""
    name = readable_name(words)
    if not name:
        raise EmptyWords
    if len(name) > FIRST_NAME_LIMIT:
        raise TooLong(FIRST_NAME_LIMIT)
    await _set(session, actor, first_name=name)
    await audit.record(session, clock, actor, "person.first_name_changed", "person", actor.person_id)
    return name


async def news_setting(session: AsyncSession, actor: Actor) -> News:
    return (await session.exec(select(col(Person.news)).where(col(Person.id) == actor.person_id))).one()


async def mute_news(session: AsyncSession, clock: Clock, actor: Actor, news: News) -> None:
    """How they take news; what is about themselves is sent whatever they choose."""
    await _set(session, actor, news=news)
    await audit.record(session, clock, actor, "person.news_changed", "person", actor.person_id, news=news.value)


def long_unheard(actor: Actor, clock: Clock) -> bool:
    """Whether hearing them now is worth noting: they could not be reached, or were last heard a day ago."""
    return actor.heard_at is None or actor.heard_at <= clock.now() - HEARD_EVERY


async def heard_from(session: AsyncSession, clock: Clock, telegram_id: int) -> None:
    """They can be reached again, and were last heard today. Writes once a day; unknown people are left alone."""
    now = clock.now()
    worth_a_write = (
        col(Person.telegram_id) == telegram_id,
        or_(col(Person.unreachable_since).is_not(None), col(Person.last_heard_at) <= now - HEARD_EVERY),
    )
    # Read first: an update without any effect must stay one that wrote nothing.
    if (await session.exec(select(col(Person.id)).where(*worth_a_write))).first() is not None:
        await session.exec(update(Person).where(*worth_a_write).values(unreachable_since=None, last_heard_at=now))


async def became_unreachable(session: AsyncSession, clock: Clock, telegram_id: int) -> None:
    """They blocked the bot (a 403, or "kicked"): nothing more is tried until they are heard again."""
    now = clock.now()
    reachable = col(Person.telegram_id) == telegram_id, col(Person.unreachable_since).is_(None)
    newly = (await session.exec(update(Person).where(*reachable).values(unreachable_since=now))).rowcount
    # What is leased and has not left yet finds its lease void, and costs no call either.
    unsent = queue.is_unfinished(Notice), col(Notice.attempted_at).is_(None)
    theirs = update(Notice).where(col(Notice.chat_id) == telegram_id, *unsent)
    await session.exec(theirs.values(state=NoticeState.CANCELLED, finished_at=now))
    if newly:
        await support_gone.tell_holders(session, clock, telegram_id)


async def _set(session: AsyncSession, actor: Actor, **values: object) -> None:
    await session.exec(update(Person).where(col(Person.id) == actor.person_id).values(**values))
