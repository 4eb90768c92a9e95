"""Writing an interpellation: what somebody says, one question each, kept until they send it to those who open it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, live_cards, notices
from council.actors import Actor
from council.clock import Clock
from council.contents import Content
from council.council_choice import council_of
from council.errors import EmptyWords, NotAllowed, OutOfDate, Refusal
from council.interpellation_news import tell_people
from council.interpellation_states import S, change, check_carries, load_interpellation, move
from council.live_cards import LiveKind
from council.local_time import local
from council.lock_order import hold_person
from council.notices import NoticeKind, Word
from council.settings import PartnerEntry, PartnerKind, ProgrammeSettings
from council.support import sits_on
from council.written import no_longer
from storage import duty
from storage.interpellations import (
    UNPUBLISHED,
    Interpellation,
    InterpellationAct,
    InterpellationKind,
)
from storage.numbers import next_number
from storage.outbox import NoticePriority

SERIES = "I"
"""Numbers of interpellations and saisines begin with it."""
WORDS_LIMIT = 8_000
"""UTF-16 units of the answer to one question: two of the longest messages."""
FILES_LIMIT = 20
"""Voices, and photos, of one interpellation."""
TITLE_LIMIT = 90
_OF_THE_STATE = (PartnerKind.PREFECTURE, PartnerKind.PREFECT_DELEGATE)


class Question(StrEnum):
    """What is asked of the author, one thing at a time; a column of the table each."""

    FACTS = "facts"
    PLACE = "place"
    SINCE = "since"
    PEOPLE = "people"
    TRIED = "tried"
    ASKED = "asked"


NEEDED = (Question.FACTS, Question.ASKED)
"""Without these two there is nothing to send; all else may be passed over."""


class AnswerNeeded(Refusal):
    """What happens, or what is asked, was neither written nor said."""


class PartnerNeeded(Refusal):
    """Nobody was chosen to whom it goes."""


class NotWritten(Refusal):
    """What was said aloud must stand in words before anybody else can read it."""


class AskedAlready(Refusal):
    """The same author has sent the same words. `number` is that of the other."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class CouncilLeft(Refusal):
    """The author neither follows the council nor sits on it any more. `council_id` is the one to follow."""

    def __init__(self, council_id: int) -> None:
        super().__init__(council_id)
        self.council_id = council_id


@dataclass(frozen=True)
class Voice:
    """What the author said aloud: in answer to a question, or of what an answer lacks (None)."""

    question: Question | None
    content: Content

    def as_json(self) -> dict[str, Any]:
        question = self.question.value if self.question is not None else None
        return {"question": question, "content": self.content.as_json()}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        question = Question(stored["question"]) if stored["question"] is not None else None
        return cls(question, Content.from_json(stored["content"]))


@dataclass(frozen=True)
class InterpellationDraft:
    """What was said so far. `words` are bare text; `partner_code` "" and `theme` "": not chosen yet."""

    kind: InterpellationKind
    council_id: int
    partner_code: str = ""
    theme: str = ""
    anonymous: bool = False
    words: Mapping[Question, str] = field(default_factory=dict)
    voices: tuple[Voice, ...] = ()
    evidence: tuple[Content, ...] = ()


def councils_to_speak_in(actor: Actor) -> frozenset[int]:
    """Councils whose resident or member somebody is."""
    return actor.follows | sits_on(actor)


async def partners_of(
    session: AsyncSession, programme: ProgrammeSettings, council_id: int, kind: InterpellationKind
) -> tuple[PartnerEntry, ...]:
    """To whom a council may write; of a saisine the prefect alone. Resource actors are helped by, not asked."""
    council = await council_of(session, council_id)
    here = (each for each in programme.partners if not each.councils or (council and council.code in each.councils))
    if kind is InterpellationKind.SAISINE:
        return tuple(sorted((each for each in here if each.kind in _OF_THE_STATE), key=_prefecture_first))
    return tuple(each for each in here if each.kind is not PartnerKind.RESOURCE_ACTOR)


def readable(words: str) -> str:
    """`words` without the blanks around them. Raises EmptyWords when they hold no letter and no figure."""
    if not any(each.isalnum() for each in words):
        raise EmptyWords
    return no_longer(words, WORDS_LIMIT)


async def keep_draft(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    draft: InterpellationDraft,
    request_key: str,
) -> Interpellation:
    """A row of its own for what was said, which the council's leads and the team may see. The same key again: the same.

    Raises:
        CouncilLeft: not a council that they follow or sit on.
        NotAllowed: a partner that this council has not.
        NotJoined: they erase their account at this moment.
        TooLong: an answer.
    """
    _check_speaks(actor, draft.council_id)
    await hold_person(session, actor.person_id)
    kept = select(Interpellation).where(col(Interpellation.request_key) == request_key)
    there = (await session.exec(kept)).first()
    if there is not None:
        return there
    now = clock.now()
    interpellation = Interpellation(
        number=await next_number(session, SERIES, local(now, programme.tz).year),
        council_id=draft.council_id,
        author_id=actor.person_id,
        created_at=now,
        changed_at=now,
        request_key=request_key,
        **await _columns(session, programme, draft),
    )
    session.add(interpellation)
    await session.flush()
    await audit.record(session, clock, actor, "interpellation.draft_kept", "interpellation", interpellation.id)
    return interpellation


async def load_draft(session: AsyncSession, actor: Actor, interpellation_id: int) -> Interpellation:
    """One's own, while it is not sent. Raises NotAllowed, OutOfDate."""
    interpellation = await load_interpellation(session, actor, interpellation_id)
    if interpellation.author_id != actor.person_id:
        raise NotAllowed
    if interpellation.state is not S.DRAFT:
        raise OutOfDate
    return interpellation


async def rewrite_draft(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    interpellation_id: int,
    draft: InterpellationDraft,
) -> Interpellation:
    """The author's draft as it is now; what did not change is not written.

    Raises:
        NotAllowed, OutOfDate: not theirs, or sent already.
    """
    interpellation = await load_draft(session, actor, interpellation_id)
    columns = await _columns(session, programme, draft)
    changed = {name: value for name, value in columns.items() if getattr(interpellation, name) != value}
    if not changed:
        return interpellation
    seen = col(Interpellation.id) == interpellation.id, col(Interpellation.revision) == interpellation.revision
    values = {**changed, "revision": interpellation.revision + 1, "changed_at": clock.now()}
    writing = update(Interpellation).where(*seen).values(**values).execution_options(synchronize_session=False)
    if not (await session.exec(writing)).rowcount:
        raise OutOfDate
    await session.refresh(interpellation)
    await audit.record(session, clock, actor, "interpellation.draft_kept", "interpellation", interpellation.id)
    await live_cards.refresh(session, clock, LiveKind.INTERPELLATION, interpellation.id)
    return interpellation


async def write_answer(
    session: AsyncSession, clock: Clock, actor: Actor, interpellation_id: int, question: Question, words: str
) -> Interpellation:
    """Somebody who carries it writes one answer down, in the place of what stood there; the author is told.

    Raises:
        NotAllowed: neither lead nor animator of the council.
        OutOfDate: it is public already.
        EmptyWords, TooLong: the words.
    """
    interpellation = await load_interpellation(session, actor, interpellation_id)
    check_carries(actor, interpellation)
    if interpellation.state not in UNPUBLISHED:
        raise OutOfDate
    values: dict[str, Any] = {question.value: readable(words)}
    if question is Question.FACTS:
        values["title"] = title_of(words)
    await change(session, clock, interpellation, InterpellationAct.WRITTEN, actor, **values)
    author = frozenset({interpellation.author_id} if interpellation.author_id is not None else ())
    await tell_people(session, clock, interpellation, InterpellationAct.WRITTEN, author, actor=actor)
    return interpellation


async def submit_draft(session: AsyncSession, clock: Clock, actor: Actor, interpellation_id: int) -> Interpellation:
    """The author has done with it: those who may open it are told. Sent twice: once.

    Raises:
        NotAllowed, OutOfDate: not theirs, or sent already.
        CouncilLeft: they follow the council no more.
        AnswerNeeded, PartnerNeeded: something is missing.
        AskedAlready: the same words are there already.
        NotJoined: they erase their account at this moment.
    """
    await hold_person(session, actor.person_id)
    interpellation = await load_draft(session, actor, interpellation_id)
    _check_speaks(actor, interpellation.council_id)
    said = {each["question"] for each in interpellation.originals}
    if any(not getattr(interpellation, each.value) and each.value not in said for each in NEEDED):
        raise AnswerNeeded
    if not interpellation.partner_code:
        raise PartnerNeeded
    await _check_asked_once(session, actor, interpellation)
    await move(session, clock, interpellation, S.SUBMITTED, InterpellationAct.SUBMITTED, actor)
    word = Word(
        NoticeKind.INTERPELLATION_TO_OPEN,
        interpellation.id,
        NoticePriority.TRANSACTIONAL,
        revision=interpellation.revision,
    )
    await notices.tell_each(session, clock, await who_opens(session, interpellation) - {actor.person_id}, word)
    return interpellation


async def who_opens(session: AsyncSession, interpellation: Interpellation) -> frozenset[int]:
    """Leads and animators of the council; where there is none, who coordinates."""
    council_id = interpellation.council_id
    there = await duty.leads(session, council_id) | await duty.animators(session, council_id)
    return there or await duty.coordinators(session)


def title_of(words: str) -> str:
    """The beginning of what happens, on one line: enough to tell it from others in a list."""
    line = " ".join(words.split())
    if len(line) <= TITLE_LIMIT:
        return line
    return line[: TITLE_LIMIT - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _check_speaks(actor: Actor, council_id: int) -> None:
    if council_id not in councils_to_speak_in(actor):
        raise CouncilLeft(council_id)


async def _columns(session: AsyncSession, programme: ProgrammeSettings, draft: InterpellationDraft) -> dict[str, Any]:
    """The draft as columns. Raises NotAllowed for a partner that this council has not, TooLong."""
    words = {each.value: no_longer(draft.words.get(each, ""), WORDS_LIMIT) for each in Question}
    partner = await _partner(session, programme, draft)
    return {
        **words,
        "kind": draft.kind,
        "anonymous": draft.anonymous,
        "theme": draft.theme,
        "title": title_of(words[Question.FACTS]),
        "partner_code": partner.code if partner is not None else "",
        "partner_name": partner.name if partner is not None else "",
        "originals": [each.as_json() for each in draft.voices[:FILES_LIMIT]],
        "evidence": _as_json(draft.evidence[:FILES_LIMIT]),
    }


async def _partner(
    session: AsyncSession, programme: ProgrammeSettings, draft: InterpellationDraft
) -> PartnerEntry | None:
    if not draft.partner_code:
        return None
    offered = await partners_of(session, programme, draft.council_id, draft.kind)
    found = next((each for each in offered if each.code == draft.partner_code), None)
    if found is None:
        raise NotAllowed
    return found


async def _check_asked_once(session: AsyncSession, actor: Actor, interpellation: Interpellation) -> None:
    if not interpellation.facts:
        return
    same = (
        col(Interpellation.author_id) == actor.person_id,
        col(Interpellation.id) != interpellation.id,
        col(Interpellation.council_id) == interpellation.council_id,
        col(Interpellation.partner_code) == interpellation.partner_code,
        col(Interpellation.facts) == interpellation.facts,
        col(Interpellation.asked) == interpellation.asked,
        col(Interpellation.state).in_((S.SUBMITTED, S.COSIGNING, S.VOTING, S.ADOPTED)),
    )
    number = (await session.exec(select(col(Interpellation.number)).where(*same))).first()
    if number is not None:
        raise AskedAlready(number)


def _as_json(contents: Sequence[Content]) -> list[dict[str, Any]]:
    """As the database gives it back, so that what did not change is seen not to have."""
    return [{**each.as_json(), "parts": list(each.parts)} for each in contents]


def _prefecture_first(partner: PartnerEntry) -> int:
    return _OF_THE_STATE.index(partner.kind)
