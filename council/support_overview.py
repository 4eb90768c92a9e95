"""One support request as the team sees it: how it stands, the last words, who has it, what it has to do with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.council_choice import council_of
from council.support_files import Files, files_of
from council.support_states import check_handles, is_late, load_support
from storage import duty
from storage.animators import AnimatorPost
from storage.meetings import Meeting
from storage.people import Person, Role, RoleGrant
from storage.support import (
    ENDED,
    ContentKind,
    SupportKind,
    SupportMessage,
    SupportRequest,
    SupportSide,
    SupportState,
    Verdict,
)

LAST_WORDS = 3
RELATED = 6
"""How many requests that have to do with one are named on its card."""


@dataclass(frozen=True)
class Words:
    """One message of the talk. `author` is a first name, None for somebody who has been erased."""

    side: SupportSide
    kind: ContentKind
    parts: tuple[str, ...]
    author: str | None
    created_at: datetime
    edited: bool


@dataclass(frozen=True)
class Related:
    """Another request: that one was merged into this, this into that one, or they are linked."""

    id: int
    number: str
    merged_here: bool
    merged_there: bool


@dataclass(frozen=True)
class TeamView:
    """A request for one reader of the team, at the moment `as_of`.

    `first_name` is None once the requester is erased, `animator` while nobody holds it. `may_give`: the reader may give
    it to others and put it back, `may_take_over`: from whom they stand in for, or coordinate.
    """

    id: int
    number: str
    kind: SupportKind
    theme: str | None
    state: SupportState
    council_id: int | None
    council: str | None
    for_council: bool
    first_name: str | None
    language: str
    animator_id: int | None
    animator: str | None
    promised_at: datetime
    answered: bool
    late: bool
    rounds: int
    result: str | None
    verdict: Verdict | None
    face: int | None
    meeting_id: int | None
    meeting: str | None
    meeting_at: datetime | None
    related: tuple[Related, ...]
    words: tuple[Words, ...]
    files: Files
    mine: bool
    may_give: bool
    may_take_over: bool
    reader_id: int
    as_of: datetime

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @property
    def in_queue(self) -> bool:
        return self.state in (SupportState.RECEIVED, SupportState.QUALIFIED)

    @property
    def in_hand(self) -> bool:
        return self.state in duty.IN_HAND


async def team_view(session: AsyncSession, clock: Clock, actor: Actor, request_id: int) -> TeamView:
    """The request for somebody of the team. Raises NotAllowed for all others, and when there is none."""
    request = await load_support(session, actor, request_id)
    check_handles(actor, request)
    asker, animator = await _both(session, request)
    council = await council_of(session, request.council_id)
    meeting = await session.get(Meeting, request.meeting_id) if request.meeting_id is not None else None
    mine = request.animator_id == actor.person_id
    return TeamView(
        id=request.id,
        number=request.number,
        kind=request.kind,
        theme=request.theme,
        state=request.state,
        council_id=request.council_id,
        council=council.name if council else None,
        for_council=request.for_council,
        first_name=asker.first_name if asker and asker.erased_at is None else None,
        language=asker.language if asker else actor.language,
        animator_id=request.animator_id,
        animator=animator.first_name if animator else None,
        promised_at=request.promised_at,
        answered=request.first_answer_at is not None,
        late=is_late(request, clock.now()),
        rounds=request.rounds,
        result=request.result,
        verdict=request.verdict,
        face=request.face,
        meeting_id=meeting.id if meeting else None,
        meeting=meeting.title if meeting else None,
        meeting_at=meeting.starts_at if meeting else None,
        related=await _related(session, request),
        words=await last_words(session, request.id, LAST_WORDS),
        files=await files_of(session, request.id),
        mine=mine,
        may_give=mine or actor.is_coordinator,
        may_take_over=not mine and (actor.is_coordinator or await _stands_in(session, actor, request.animator_id)),
        reader_id=actor.person_id,
        as_of=clock.now(),
    )


async def last_words(session: AsyncSession, request_id: int, limit: int) -> tuple[Words, ...]:
    """The last messages, notes included, oldest first. Whoever calls has checked who reads them."""
    newest = _words().where(col(SupportMessage.request_id) == request_id)
    query = newest.order_by(col(SupportMessage.id).desc()).limit(limit)
    return tuple(reversed([words for _, words in await _read(session, query)]))


async def words_of(session: AsyncSession, message_ids: Iterable[int]) -> dict[int, Words]:
    """Messages by their ids. Whoever calls has checked who reads them."""
    query = _words().where(col(SupportMessage.id).in_(tuple(message_ids)))
    return dict(await _read(session, query))


@dataclass(frozen=True)
class Colleague:
    """Somebody of the team whom a request may be given to, and how many they have in hand."""

    person_id: int
    first_name: str
    load: int
    coordinates: bool
    accompanies: bool


async def colleagues(session: AsyncSession, actor: Actor, request_id: int) -> list[Colleague]:
    """Who may be given the request: the animators of its council first, then the others by load.

    Neither who holds it nor who asked.

    Raises:
        NotAllowed: not of the team, or no such request.
    """
    request = await load_support(session, actor, request_id)
    check_handles(actor, request)
    query = (
        select(col(Person.id), col(Person.first_name), col(RoleGrant.role), col(RoleGrant.council_id))
        .join(RoleGrant, col(RoleGrant.person_id) == col(Person.id))
        .where(
            col(RoleGrant.role).in_(duty.TEAM),
            col(RoleGrant.revoked_at).is_(None),
            col(Person.telegram_id).is_not(None),
            col(Person.unreachable_since).is_(None),
            col(Person.id).not_in([each for each in (request.person_id, request.animator_id) if each is not None]),
        )
    )
    rows = (await session.exec(query)).all()
    loads = await duty.loads(session, {row[0] for row in rows})
    found: dict[int, Colleague] = {}
    for person_id, first_name, role, council_id in rows:
        before = found.get(person_id)
        found[person_id] = Colleague(
            person_id,
            first_name,
            loads[person_id],
            role is Role.COORDINATOR or (before is not None and before.coordinates),
            (role is Role.ANIMATOR and council_id is not None and council_id == request.council_id)
            or (before is not None and before.accompanies),
        )
    return sorted(found.values(), key=lambda each: (not each.accompanies, each.load, each.first_name, each.person_id))


def _words() -> Any:
    return select(SupportMessage, col(Person.first_name), col(Person.erased_at)).outerjoin(
        Person, col(Person.id) == col(SupportMessage.author_id)
    )


async def _read(session: AsyncSession, query: Any) -> list[tuple[int, Words]]:
    return [
        (
            each.id,
            Words(
                each.side,
                each.kind,
                tuple(each.parts),
                None if erased_at else author,
                each.created_at,
                each.edited_at is not None,
            ),
        )
        for each, author, erased_at in (await session.exec(query)).all()
    ]


async def _both(session: AsyncSession, request: SupportRequest) -> tuple[Person | None, Person | None]:
    ids = [each for each in (request.person_id, request.animator_id) if each is not None]
    people = {each.id: each for each in (await session.exec(select(Person).where(col(Person.id).in_(ids)))).all()}
    return people.get(request.person_id), people.get(request.animator_id or 0)


async def _related(session: AsyncSession, request: SupportRequest) -> tuple[Related, ...]:
    query = (
        select(col(SupportRequest.id), col(SupportRequest.number), col(SupportRequest.duplicate_of_id))
        .where(
            or_(
                col(SupportRequest.id).in_(
                    [each for each in (request.duplicate_of_id, request.linked_to_id) if each is not None]
                ),
                col(SupportRequest.duplicate_of_id) == request.id,
                col(SupportRequest.linked_to_id) == request.id,
            )
        )
        .order_by(col(SupportRequest.id).desc())
        .limit(RELATED)
    )
    return tuple(
        Related(other_id, number, into == request.id, other_id == request.duplicate_of_id)
        for other_id, number, into in (await session.exec(query)).all()
    )


async def _stands_in(session: AsyncSession, actor: Actor, animator_id: int | None) -> bool:
    post = await session.get(AnimatorPost, animator_id) if animator_id is not None else None
    return post is not None and post.deputy_id == actor.person_id
