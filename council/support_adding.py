"""Words that a requester adds: to the request while it is open or only just closed, else to a new one linked to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.contents import Content
from council.settings import ProgrammeSettings
from council.support import SupportDraft, ask_support, asks_anywhere, councils_to_ask_of, sits_on
from council.support_end import may_reopen, reopen, who_goes_on
from council.support_mine import ListedRequest, load_mine
from council.support_talk import say_to_team
from storage import duty
from storage.people import Person
from storage.support import ENDED, SupportRequest, SupportState

OFFERED = 3
"""Requests among which somebody chooses when they sent something out of any dialogue."""


class How(Enum):
    """What became of words that were added."""

    ADDED = "added"
    REOPENED = "reopened"
    LINKED = "linked"


@dataclass(frozen=True)
class Added:
    """Where the words stand now."""

    request: SupportRequest
    how: How


@dataclass(frozen=True)
class ToAnswer:
    """A request of somebody else, in the hands of who writes."""

    id: int
    number: str
    first_name: str


async def add_words(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    request_id: int,
    contents: Sequence[Content],
    request_key: str,
) -> Added:
    """Writes more to one's own request; the team hears of it. The same key again begins no second new request.

    Raises:
        NotAllowed: not their request.
        EmptyWords: nothing was written.
    """
    request = await load_mine(session, actor, request_id)
    if request.state in ENDED and not may_reopen(programme, request, clock.now()):
        draft = _linked_draft(actor, request, tuple(contents))
        return Added(await ask_support(session, clock, programme, actor, draft, request_key), How.LINKED)
    how = How.ADDED
    if request.state in ENDED:
        next_one = await who_goes_on(session, clock, programme, request)
        await session.refresh(request, with_for_update=True)
        if request.state in ENDED:  # and not reopened by words of a moment ago
            await reopen(session, clock, programme, actor, request, next_one)
            how = How.REOPENED
    await say_to_team(session, clock, programme, actor, request.id, contents)
    return Added(request, how)


async def requests_to_add_to(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor
) -> list[ListedRequest]:
    """The few requests of a person that words may be meant for: open ones, then those that would reopen."""
    query = (
        select(SupportRequest)
        .where(
            col(SupportRequest.person_id) == actor.person_id,
            col(SupportRequest.state).not_in((SupportState.WITHDRAWN, SupportState.MERGED)),
        )
        .order_by(col(SupportRequest.changed_at).desc(), col(SupportRequest.id).desc())
        .limit(100)
    )
    requests = (await session.exec(query)).all()
    now = clock.now()
    still = [each for each in requests if each.state not in ENDED]
    closed = [each for each in requests if may_reopen(programme, each, now)]
    return [ListedRequest(each.id, each.number, each.kind, each.state) for each in [*still, *closed][:OFFERED]]


async def requests_to_answer(session: AsyncSession, actor: Actor) -> list[ToAnswer]:
    """The few requests in somebody's hands that words may be meant for, those with the newest events first."""
    asker: Any = aliased(Person)
    query: Any = (
        select(col(SupportRequest.id), col(SupportRequest.number), asker.first_name)
        .join(asker, asker.id == col(SupportRequest.person_id))
        .where(
            col(SupportRequest.animator_id) == actor.person_id,
            duty.is_open(),
            col(SupportRequest.person_id) != actor.person_id,
            asker.erased_at.is_(None),
        )
        .order_by(col(SupportRequest.changed_at).desc(), col(SupportRequest.id).desc())
        .limit(OFFERED)
    )
    return [ToAnswer(*row) for row in (await session.exec(query)).all()]


def _linked_draft(actor: Actor, request: SupportRequest, contents: tuple[Content, ...]) -> SupportDraft:
    """About the same thing; what the person has left since is left out."""
    council = request.council_id
    if council is not None and council not in councils_to_ask_of(actor) and not asks_anywhere(actor):
        council = None
    for_council = request.for_council and council in sits_on(actor)
    return SupportDraft(request.kind, contents, council, for_council, request.theme, linked_to_id=request.id)
