"""What the tests of promises share: an animator's team, a request, and what has been told."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, delete, select, update

from council.actors import Actor
from council.contents import Content
from council.notices import NoticeKind
from council.support import SupportDraft, ask_support
from storage.animators import Absence, AnimatorPost
from storage.outbox import Notice
from storage.people import Role
from storage.support import ContentKind, SupportEvent, SupportKind, SupportRequest

PARIS = ZoneInfo("Europe/Paris")
FRIDAY_EVENING = datetime(2026, 3, 6, 18, 40, tzinfo=PARIS).astimezone(UTC)
_MESSAGE_IDS = itertools.count(1)


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS).astimezone(UTC)


async def animator_of(programme, *councils: int, name: str = "Julien") -> Actor:
    return await programme.person(name, roles=tuple((Role.ANIMATOR, each) for each in councils))


async def coordinator_of(programme, name: str = "Claire") -> Actor:
    return await programme.person(name, roles=((Role.COORDINATOR, None),))


async def stands_in(programme, animator: Actor, deputy: Actor) -> None:
    async with programme.database.write() as session:
        await session.exec(delete(AnimatorPost).where(col(AnimatorPost.person_id) == animator.person_id))
        session.add(AnimatorPost(person_id=animator.person_id, deputy_id=deputy.person_id))


async def away(programme, animator: Actor, first: date, last: date) -> None:
    """Declared now."""
    async with programme.database.write() as session:
        session.add(
            Absence(person_id=animator.person_id, starts_on=first, ends_on=last, created_at=programme.clock.now())
        )


async def asked(programme, resident: Actor, key: str = "update:1", at: datetime = FRIDAY_EVENING) -> SupportRequest:
    programme.clock.set(at)
    words = Content(ContentKind.TEXT, chat_id=resident.telegram_id, message_id=next(_MESSAGE_IDS), parts=("Bonjour",))
    async with programme.database.write() as session:
        return await ask_support(
            session,
            programme.clock,
            programme.settings,
            resident,
            SupportDraft(SupportKind.ROOM, (words,), programme.nord),
            key,
        )


async def again(programme, request: SupportRequest) -> SupportRequest:
    """The request as it stands now."""
    async with programme.database.read() as session:
        return (await session.exec(select(SupportRequest).where(col(SupportRequest.id) == request.id))).one()


async def change(programme, request: SupportRequest, **values: Any) -> None:
    async with programme.database.write() as session:
        await session.exec(update(SupportRequest).where(col(SupportRequest.id) == request.id).values(**values))


async def told(programme, kind: NoticeKind) -> Sequence[Notice]:
    async with programme.database.read() as session:
        return (await session.exec(select(Notice).where(col(Notice.kind) == kind).order_by(col(Notice.id)))).all()


async def steps(programme, request: SupportRequest) -> list[tuple[str, str]]:
    query = select(SupportEvent).where(col(SupportEvent.request_id) == request.id).order_by(col(SupportEvent.id))
    async with programme.database.read() as session:
        return [(each.act.value, each.detail) for each in (await session.exec(query)).all()]
