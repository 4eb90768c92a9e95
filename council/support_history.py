"""The whole story of a request for the team: each step, each message and note, and what messages said before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import literal, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.support_overview import Words, words_of
from council.support_states import check_handles, load_support
from storage.people import Person
from storage.support import SupportAct, SupportEvent, SupportMessage, SupportState, SupportVersion

_EVENT, _MESSAGE = 0, 1
LAST_PAGE = 500


@dataclass(frozen=True)
class Happening:
    """One step of a request. `who` did it (None: the bot, or somebody erased), `other` is whom it was about."""

    at: datetime
    act: SupportAct
    state: SupportState
    who: str | None
    other: str | None
    detail: str


@dataclass(frozen=True)
class Said:
    """One message, as it stands now; `before` is what it said earlier, oldest first, each with when it was replaced."""

    at: datetime
    words: Words
    before: tuple[tuple[datetime, tuple[str, ...]], ...]


@dataclass(frozen=True)
class HistoryPage:
    """A page of the story, oldest first. `more`: another page follows."""

    request_id: int
    number: str
    entries: tuple[Happening | Said, ...]
    page: int
    more: bool


async def history_page(session: AsyncSession, actor: Actor, request_id: int, page: int, size: int) -> HistoryPage:
    """Page `page` (from 0) of everything that has happened; in place of one that is not there, the first.

    Raises:
        NotAllowed: not of the team, or no such request.
    """
    request = await load_support(session, actor, request_id)
    check_handles(actor, request)
    page = min(max(page, 0), LAST_PAGE)
    found = await _page(session, request_id, size + 1, page * size)
    if not found and page:
        page, found = 0, await _page(session, request_id, size + 1, 0)
    shown = found[:size]
    happenings = await _happenings(session, [each for sort, each in shown if sort == _EVENT])
    said = await _said(session, [each for sort, each in shown if sort == _MESSAGE])
    entries = [happenings[each] if sort == _EVENT else said[each] for sort, each in shown]
    return HistoryPage(request.id, request.number, tuple(entries), page, len(found) > size)


async def _page(session: AsyncSession, request_id: int, limit: int, offset: int) -> list[tuple[int, int]]:
    """(event or message, id), in the order of time; of one moment, the words come before the step they made."""
    events: Any = select(
        col(SupportEvent.at).label("at"), literal(_EVENT).label("sort"), col(SupportEvent.id).label("id")
    ).where(col(SupportEvent.request_id) == request_id, col(SupportEvent.act) != SupportAct.WRITTEN)
    messages: Any = select(
        col(SupportMessage.created_at).label("at"), literal(_MESSAGE).label("sort"), col(SupportMessage.id).label("id")
    ).where(col(SupportMessage.request_id) == request_id)
    both = union_all(events, messages).subquery()
    query = (
        select(both.c.sort, both.c.id).order_by(both.c.at, both.c.sort.desc(), both.c.id).limit(limit).offset(offset)
    )
    return [(sort, row_id) for sort, row_id in (await session.exec(query)).all()]


async def _happenings(session: AsyncSession, ids: list[int]) -> dict[int, Happening]:
    who, other = aliased(Person), aliased(Person)
    query = (
        select(SupportEvent, who, other)
        .outerjoin(who, col(who.id) == col(SupportEvent.person_id))
        .outerjoin(other, col(other.id) == col(SupportEvent.other_id))
        .where(col(SupportEvent.id).in_(ids))
    )
    return {
        event.id: Happening(event.at, event.act, event.state, _name(actor), _name(about), event.detail)
        for event, actor, about in (await session.exec(query)).all()
    }


async def _said(session: AsyncSession, ids: list[int]) -> dict[int, Said]:
    words = await words_of(session, ids)
    versions = (
        select(SupportVersion)
        .where(col(SupportVersion.message_id).in_(ids))
        .order_by(col(SupportVersion.replaced_at), col(SupportVersion.id))
    )
    before: dict[int, list[tuple[datetime, tuple[str, ...]]]] = {}
    for each in (await session.exec(versions)).all():
        before.setdefault(each.message_id, []).append((each.replaced_at, tuple(each.parts)))
    return {
        message_id: Said(each.created_at, each, tuple(before.get(message_id, ()))) for message_id, each in words.items()
    }


def _name(person: Person | None) -> str | None:
    return person.first_name if person is not None and person.erased_at is None else None
