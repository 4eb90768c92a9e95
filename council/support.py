"""Support requests: asked with a dated promise, added to, withdrawn."""

from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.contents import Content
from council.council_choice import check_councils
from council.errors import EmptyWords, NotAllowed
from council.local_time import local
from council.lock_order import hold_person
from council.promises import promise_for
from council.routing import choose_animator, hand_over
from council.settings import ProgrammeSettings
from council.support_states import note
from council.support_talk import keep_words
from council.support_topics import open_topic
from storage.numbers import next_number
from storage.people import Role
from storage.support import SupportAct, SupportKind, SupportRequest, SupportSide, SupportState

SERIES = "D"
"""Numbers of requests (demandes) begin with it."""


@dataclass(frozen=True)
class SupportDraft:
    """What somebody is about to ask. `council_id` None: they follow no council."""

    kind: SupportKind
    contents: tuple[Content, ...]
    council_id: int | None
    for_council: bool = False
    theme: str | None = None
    linked_to_id: int | None = None


async def ask_support(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    draft: SupportDraft,
    request_key: str,
) -> SupportRequest:
    """A new request with its dated promise, in the hands of an animator or in the queue. The same key again: the same.

    Raises:
        EmptyWords: nothing was said.
        NotAllowed: not a council that they follow or have a role in, or asked for a council without sitting on it.
        NotJoined: they erase their account at this moment.
    """
    _check_may_ask(actor, draft)
    await hold_person(session, actor.person_id)
    if draft.council_id is not None:
        await check_councils(session, frozenset({draft.council_id}))
    there = (await session.exec(select(SupportRequest).where(col(SupportRequest.request_key) == request_key))).first()
    if there is not None:
        return there
    now = clock.now()
    nobody_themselves = frozenset({actor.person_id})
    animator_id = await choose_animator(
        session, clock, programme, draft.council_id, draft.kind, besides=nobody_themselves
    )
    promise = await promise_for(session, programme, now, animator_id)
    request = SupportRequest(
        number=await next_number(session, SERIES, local(now, programme.tz).year),
        person_id=actor.person_id,
        council_id=draft.council_id,
        for_council=draft.for_council,
        kind=draft.kind,
        theme=draft.theme,
        state=SupportState.RECEIVED,
        created_at=now,
        changed_at=now,
        asked_at=now,
        promised_at=promise.due_at,
        next_alert_at=promise.warn_at,
        calendar=promise.calendar,
        linked_to_id=draft.linked_to_id,
        request_key=request_key,
    )
    session.add(request)
    await session.flush()
    await keep_words(session, clock, request, actor, SupportSide.REQUESTER, draft.contents)
    await note(session, clock, request, SupportAct.ASKED, actor)
    await hand_over(session, clock, programme, request, animator_id)
    await open_topic(session, clock, programme, request)
    return request


def councils_to_ask_of(actor: Actor) -> frozenset[int]:
    """Councils that somebody follows or has a role in."""
    return actor.follows | {held.council_id for held in actor.held if held.council_id is not None}


def asks_anywhere(actor: Actor) -> bool:
    """Who has no council yet may name any, which they need not follow for that; so may the coordinator."""
    return actor.is_coordinator or not councils_to_ask_of(actor)


def sits_on(actor: Actor) -> frozenset[int]:
    """Councils that somebody may ask for: they lead it or are a member."""
    sitting = (Role.LEAD, Role.MEMBER)
    return frozenset(held.council_id for held in actor.held if held.role in sitting and held.council_id is not None)


def _check_may_ask(actor: Actor, draft: SupportDraft) -> None:
    if not draft.contents:
        raise EmptyWords
    council = draft.council_id
    if council is not None and council not in councils_to_ask_of(actor) and not asks_anywhere(actor):
        raise NotAllowed
    if draft.for_council and council not in sits_on(actor):
        raise NotAllowed
