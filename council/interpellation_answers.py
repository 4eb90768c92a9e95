"""What a partner answers: the letter has come, words and files; told at once to those who asked."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.actors import Actor
from council.clock import Clock
from council.errors import EmptyWords, Refusal
from council.interpellation_news import signatories, tell_concerned
from council.interpellation_states import change, check_carries, move
from council.local_time import local
from council.notices import Followers, NoticeKind, Word
from council.settings import ProgrammeSettings
from council.written import no_longer, written
from storage import duty
from storage.interpellations import (
    AnswerFile,
    AnswerWay,
    Interpellation,
    InterpellationAct,
    InterpellationAnswer,
    InterpellationKind,
    InterpellationState,
    PartnerLink,
)
from storage.outbox import NoticePriority

S = InterpellationState
NAME_LIMIT = 120
WORDS_LIMIT = 10_000
"""UTF-16 units of who answers, and of what they answer."""
FILES_LIMIT = 5
ANSWERABLE = frozenset(
    {
        S.SENT,
        S.ACKNOWLEDGED,
        S.ANSWERED,
        S.FORWARDED,
        S.RETAINED,
        S.NOT_RETAINED,
        S.DIAGNOSED,
        S.IN_STEERING,
        S.IN_MUNICIPAL_COUNCIL,
        S.FOLLOWED_UP,
        S.REPORTED_BACK,
    }
)
"""A letter was sent, and not all is said."""


class AnswersClosed(Refusal):
    """The case has ended, or nothing was sent: no answer is taken."""


class NameMissing(EmptyWords):
    """Nobody says who answers."""


class NothingAnswered(EmptyWords):
    """Neither words nor a file."""


class FutureDay(Refusal):
    """A day that is still to come, of something that has happened."""


class BeforeSending(Refusal):
    """A day before the letter was sent."""


class TooManyFiles(Refusal):
    """More than FILES_LIMIT."""


@dataclass(frozen=True)
class KeptFile:
    """A file that came with an answer or a step.

    `content` when it came on the page; `file_id` when Telegram has it: then `media_type` is TELEGRAM_PHOTO or
    TELEGRAM_DOCUMENT, since Telegram shows a file only as what it was sent.
    """

    file_name: str
    media_type: str
    content: bytes | None = None
    file_id: str | None = None

    @property
    def sha256(self) -> str | None:
        """In hexadecimal; None for what Telegram keeps."""
        return hashlib.sha256(self.content).hexdigest() if self.content is not None else None


TELEGRAM_PHOTO, TELEGRAM_DOCUMENT = "telegram/photo", "telegram/document"


@dataclass(frozen=True)
class AnswerDraft:
    """An answer as it is given: `signed` says who answers, `answered_on` which day, in the programme's time zone."""

    signed: str
    words: str
    answered_on: date
    way: AnswerWay = AnswerWay.PAGE
    files: tuple[KeptFile, ...] = ()


By = PartnerLink | Actor
"""Who acts: the reader of a personal link, or somebody of the team who was told."""


async def acknowledge(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, interpellation: Interpellation, by: By
) -> bool:
    """The letter has arrived, says its reader. Whether that was new: twice is once.

    Raises:
        NotAllowed: somebody who does not carry it.
        AnswersClosed: it has ended, or was never sent.
    """
    await _hold(session, interpellation)
    check_takes(interpellation, by)
    if interpellation.state is not S.SENT:
        return False
    who = by.name if isinstance(by, PartnerLink) else ""
    await move(
        session,
        clock,
        interpellation,
        S.ACKNOWLEDGED,
        InterpellationAct.ACKNOWLEDGED,
        _actor(by),
        words=who,
        acknowledged_at=clock.now(),
    )
    await tell_concerned(session, clock, interpellation, InterpellationAct.ACKNOWLEDGED, actor=_actor(by))
    return True


async def answer(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    interpellation: Interpellation,
    draft: AnswerDraft,
    request_key: str,
    *,
    by: By,
) -> InterpellationAnswer:
    """An answer, kept with its files and told at once. The same `request_key` again is the same answer.

    A further answer is kept beside the first, as long as the case is not closed. To a saisine an answer is no
    decision: its path goes on by the steps of council/saisine_steps.py.

    Raises:
        NotAllowed: somebody who does not carry it.
        AnswersClosed: it has ended, or was never sent.
        NameMissing, NothingAnswered, TooLong, TooManyFiles: the draft is not whole.
        FutureDay, BeforeSending: no day on which it can have come.
    """
    await _hold(session, interpellation)
    known = await _known(session, request_key)
    if known is not None:
        return known
    check_takes(interpellation, by)
    check_day(clock, programme, interpellation, draft.answered_on)
    row = await _new_row(session, clock, interpellation, draft, request_key, by)
    session.add_all(file_row(each, answer_id=row.id) for each in draft.files)
    await _note_answered(session, clock, interpellation, by, row.signed)
    await _tell_answered(session, clock, interpellation, row)
    return row


async def answers_of(
    session: AsyncSession, interpellation_id: int
) -> list[tuple[InterpellationAnswer, list[AnswerFile]]]:
    """All answers of a case with their files, oldest first. Whoever calls has checked who reads them."""
    of_case = col(InterpellationAnswer.interpellation_id) == interpellation_id
    answers = (
        await session.exec(select(InterpellationAnswer).where(of_case).order_by(col(InterpellationAnswer.id)))
    ).all()
    query = select(AnswerFile).join(InterpellationAnswer, col(AnswerFile.answer_id) == col(InterpellationAnswer.id))
    files = (
        await session.exec(query.where(of_case).options(defer(AnswerFile.content)).order_by(col(AnswerFile.id)))  # type: ignore[arg-type]
    ).all()
    return [(each, [file for file in files if file.answer_id == each.id]) for each in answers]


def troubles_in(draft: AnswerDraft) -> list[Refusal]:
    """All that is missing or too much: NameMissing, NothingAnswered, TooLong, TooManyFiles."""
    return [
        *_trouble(lambda: written(draft.signed, NAME_LIMIT, empty=NameMissing)),
        *_trouble(lambda: no_longer(draft.words, WORDS_LIMIT)),
        *([NothingAnswered()] if not draft.words.strip() and not draft.files else []),
        *([TooManyFiles()] if len(draft.files) > FILES_LIMIT else []),
    ]


def _trouble(check: Callable[[], object]) -> list[Refusal]:
    try:
        check()
    except Refusal as refusal:
        return [refusal]
    return []


def file_row(file: KeptFile, *, answer_id: int | None = None, event_id: int | None = None) -> AnswerFile:
    """The row of a file that came with an answer, or with a step."""
    return AnswerFile(
        answer_id=answer_id,
        event_id=event_id,
        file_name=file.file_name,
        media_type=file.media_type,
        content=file.content,
        file_id=file.file_id,
        sha256=file.sha256,
    )


async def team_of(session: AsyncSession, interpellation: Interpellation) -> frozenset[int]:
    """Who carries the case and can be written to: leads and animators of its council."""
    council_id = interpellation.council_id
    return await duty.leads(session, council_id) | await duty.animators(session, council_id)


def takes_answers(interpellation: Interpellation) -> bool:
    """Whether a partner may answer now: a letter was sent, and the case has not ended."""
    return interpellation.state in ANSWERABLE


def check_day(clock: Clock, programme: ProgrammeSettings, interpellation: Interpellation, day: date) -> None:
    """A day on which something can have happened to this case. Raises FutureDay and BeforeSending."""
    if day > local(clock.now(), programme.tz).date():
        raise FutureDay
    if interpellation.sent_at is not None and day < local(interpellation.sent_at, programme.tz).date():
        raise BeforeSending


def check_takes(interpellation: Interpellation, by: By) -> None:
    """Raises AnswersClosed; NotAllowed for somebody who does not carry it."""
    if isinstance(by, Actor):
        check_carries(by, interpellation)
    if not takes_answers(interpellation):
        raise AnswersClosed


def _actor(by: By) -> Actor | None:
    return by if isinstance(by, Actor) else None


async def _hold(session: AsyncSession, interpellation: Interpellation) -> None:
    """As it is now, until the end of the transaction: nobody who answers is told that somebody else was faster."""
    await session.refresh(interpellation, with_for_update=True)


async def _new_row(
    session: AsyncSession, clock: Clock, interpellation: Interpellation, draft: AnswerDraft, request_key: str, by: By
) -> InterpellationAnswer:
    for trouble in troubles_in(draft):
        raise trouble
    row = InterpellationAnswer(
        interpellation_id=interpellation.id,
        round=interpellation.round,
        way=draft.way,
        link_id=by.id if isinstance(by, PartnerLink) else None,
        signed=one_line(draft.signed),
        words=draft.words.strip(),
        entered_by=by.person_id if isinstance(by, Actor) else None,
        answered_on=draft.answered_on,
        created_at=clock.now(),
        request_key=request_key,
    )
    session.add(row)
    await session.flush()
    return row


async def _note_answered(
    session: AsyncSession, clock: Clock, interpellation: Interpellation, by: By, signed: str
) -> None:
    """History and state. Who answers has received the letter; what is answered is no longer waited for."""
    now, act = clock.now(), InterpellationAct.ANSWERED
    values: dict[str, datetime] = {}
    if interpellation.answered_at is None or interpellation.state is S.SENT:
        values["answered_at"] = now
    if interpellation.acknowledged_at is None:
        values["acknowledged_at"] = now
    if interpellation.state not in (S.SENT, S.ACKNOWLEDGED):
        await change(session, clock, interpellation, act, _actor(by), words=signed, **values)
    elif interpellation.kind is InterpellationKind.SAISINE:
        await change(session, clock, interpellation, act, _actor(by), words=signed, state=S.ACKNOWLEDGED, **values)
    else:
        values["answered_at"] = now
        await move(
            session, clock, interpellation, S.ANSWERED, act, _actor(by), words=signed, next_look_at=None, **values
        )


async def _tell_answered(
    session: AsyncSession, clock: Clock, interpellation: Interpellation, row: InterpellationAnswer
) -> None:
    """Those who asked and who carry it hear at once; the council's followers as they take their news."""
    word = Word(NoticeKind.INTERPELLATION_ANSWERED, row.id, NoticePriority.TRANSACTIONAL)
    asked = await signatories(session, interpellation.id) | frozenset(filter(None, (interpellation.author_id,)))
    await notices.tell_each(session, clock, asked | await team_of(session, interpellation), word)
    news = replace(word, priority=NoticePriority.BROADCAST, news=True)
    await notices.tell_all(session, clock, Followers((interpellation.council_id,)), news)


async def _known(session: AsyncSession, request_key: str) -> InterpellationAnswer | None:
    query = select(InterpellationAnswer).where(col(InterpellationAnswer.request_key) == request_key)
    return (await session.exec(query)).first()


def one_line(words: str) -> str:
    """Blanks of any kind, line breaks too, become one."""
    return " ".join(words.split())
