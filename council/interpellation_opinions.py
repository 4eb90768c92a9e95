"""Whether an answer answers: the author's word counts for what comes next, those of others are counted beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, live_cards, notices
from council.actors import Actor
from council.clock import Clock
from council.contents import Content
from council.errors import NotAllowed, OutOfDate
from council.interpellation_answers import team_of
from council.interpellation_drafts import FILES_LIMIT, Voice
from council.interpellation_letter_rows import check_none_under_way, lock_case
from council.interpellation_letters import wish_to_add
from council.interpellation_states import TRANSITIONS, change, load_interpellation, note
from council.live_cards import LiveKind
from council.notices import NoticeKind, Word
from council.written import written
from storage.database import dialect_insert
from storage.interpellations import (
    ENDED,
    AnswerFile,
    AnswerWay,
    Interpellation,
    InterpellationAct,
    InterpellationAnswer,
    InterpellationOpinion,
    InterpellationSignature,
    InterpellationState,
    Opinion,
)
from storage.outbox import NoticePriority

AGAIN_LIMIT = 2_000
"""UTF-16 units of what a follow-up adds."""
WISHED = "wished"
"""Detail of the notice that the author wants a follow-up; else it is their opinion."""


@dataclass(frozen=True)
class AnswerView:
    """An answer as `reader` sees it. `files` counts them; `opinions` those of all, `authors` the one that counts.

    `mine` is None for who has said nothing; `may_judge`: the author, those who signed, those who follow the council.
    `may_ask_again`: the author may say what is missing. `wished` are the author's words for a follow-up not sent yet,
    empty when they were said aloud, None when there are none. `earlier` is the answer before this one.
    """

    id: int
    interpellation_id: int
    number: str
    title: str
    signed: str
    words: str
    way: AnswerWay
    answered_on: date
    files: int
    mine: Opinion | None
    authors: Opinion | None
    opinions: Mapping[Opinion, int]
    is_author: bool
    may_judge: bool
    may_ask_again: bool
    carries: bool
    wished: str | None
    earlier: int | None


async def view_answer(session: AsyncSession, actor: Actor, answer_id: int) -> AnswerView:
    """Raises NotAllowed: no such answer, or nothing that this person may see."""
    answer, case = await _load(session, actor, answer_id)
    mine = await session.get(InterpellationOpinion, (answer.id, actor.person_id))
    authors = (
        await session.get(InterpellationOpinion, (answer.id, case.author_id)) if case.author_id is not None else None
    )
    counting = select(func.count()).select_from(AnswerFile).where(col(AnswerFile.answer_id) == answer.id)
    is_author = case.author_id == actor.person_id
    return AnswerView(
        id=answer.id,
        interpellation_id=case.id,
        number=case.number,
        title=case.title,
        signed=answer.signed,
        words=answer.words,
        way=answer.way,
        answered_on=answer.answered_on,
        files=(await session.exec(counting)).one(),
        mine=mine.opinion if mine is not None else None,
        authors=authors.opinion if authors is not None else None,
        opinions=await count_opinions(session, answer.id),
        is_author=is_author,
        may_judge=await _may_judge(session, actor, case),
        may_ask_again=is_author and may_ask_again(case),
        carries=actor.manages(case.council_id),
        wished=await wish_to_add(session, case),
        earlier=await _earlier(session, answer),
    )


async def judge_answer(session: AsyncSession, clock: Clock, actor: Actor, answer_id: int, opinion: Opinion) -> None:
    """Says whether it answers; a later word takes the place of an earlier one.

    The author's « en partie » or « non » is told to who carries the case, once.

    Raises:
        NotAllowed: neither the author, nor one who signed, nor a follower of the council.
        OutOfDate: the case has ended.
    """
    answer, case = await _load(session, actor, answer_id)
    await lock_case(session, case.id)
    if case.state in ENDED:
        raise OutOfDate
    if not await _may_judge(session, actor, case):
        raise NotAllowed
    values = {"opinion": opinion, "at": clock.now()}
    row = dialect_insert(session, InterpellationOpinion).values(
        answer_id=answer.id, person_id=actor.person_id, **values
    )
    await session.exec(row.on_conflict_do_update(index_elements=["answer_id", "person_id"], set_=values))
    await audit.record(session, clock, actor, "interpellation.judged", "interpellation", case.id, opinion=opinion.value)
    await live_cards.refresh(session, clock, LiveKind.INTERPELLATION, case.id)
    if case.author_id == actor.person_id and opinion is not Opinion.YES:
        await _tell_team(session, clock, actor, case, answer.id, detail=opinion.value)


async def ask_again(
    session: AsyncSession, clock: Clock, actor: Actor, answer_id: int, words: str, *, voice: Content | None = None
) -> None:
    """The author says what is missing: those who carry the case send it on as a follow-up.

    What they said aloud instead, in a `voice`, is for those who carry it to hear, and to write down.

    Raises:
        NotAllowed: not the author.
        OutOfDate: no follow-up can be sent any more.
        LetterUnderWay: one is on its way, which could not say it any more.
        EmptyWords, TooLong: nothing to send, or more than AGAIN_LIMIT.
    """
    answer, case = await _load(session, actor, answer_id)
    if case.author_id != actor.person_id:
        raise NotAllowed
    case = await lock_case(session, case.id)
    if not may_ask_again(case):
        raise OutOfDate
    await check_none_under_way(session, case)
    wished = InterpellationAct.ASKING_AGAIN_WISHED
    if voice is not None:
        voices = [*case.originals, Voice(None, voice).as_json()][-FILES_LIMIT:]  # those of the draft are in writing
        event = await change(session, clock, case, wished, actor, originals=voices)
    else:
        event = await note(session, clock, case, wished, actor, words=written(words, AGAIN_LIMIT))
    await _tell_team(session, clock, actor, case, answer.id, detail=WISHED, revision=event.id)


def may_ask_again(case: Interpellation) -> bool:
    """Whether a follow-up may leave: a new round of the same thread."""
    return InterpellationState.SENT in TRANSITIONS[case.kind].get(case.state, frozenset())


async def count_opinions(session: AsyncSession, answer_id: int) -> Mapping[Opinion, int]:
    """How many said what; opinions that nobody has are left out."""
    query = (
        select(col(InterpellationOpinion.opinion), func.count())
        .where(col(InterpellationOpinion.answer_id) == answer_id)
        .group_by(col(InterpellationOpinion.opinion))
    )
    counted = {Opinion(opinion): n for opinion, n in (await session.exec(query)).all()}
    return {each: counted[each] for each in Opinion if each in counted}


async def _load(session: AsyncSession, actor: Actor, answer_id: int) -> tuple[InterpellationAnswer, Interpellation]:
    answer = await session.get(InterpellationAnswer, answer_id)
    if answer is None:
        raise NotAllowed
    return answer, await load_interpellation(session, actor, answer.interpellation_id)


async def _earlier(session: AsyncSession, answer: InterpellationAnswer) -> int | None:
    before = (
        col(InterpellationAnswer.interpellation_id) == answer.interpellation_id,
        col(InterpellationAnswer.id) < answer.id,
    )
    return (await session.exec(select(func.max(col(InterpellationAnswer.id))).where(*before))).one()


async def _may_judge(session: AsyncSession, actor: Actor, case: Interpellation) -> bool:
    if case.author_id == actor.person_id or case.council_id in actor.follows:
        return case.state not in ENDED
    signed = await session.get(InterpellationSignature, (case.id, actor.person_id))
    return signed is not None and case.state not in ENDED


async def _tell_team(
    session: AsyncSession,
    clock: Clock,
    actor: Actor,
    case: Interpellation,
    answer_id: int,
    *,
    detail: str,
    revision: int = 0,
) -> None:
    word = Word(
        NoticeKind.INTERPELLATION_ASKED_AGAIN, answer_id, NoticePriority.TRANSACTIONAL, revision=revision, detail=detail
    )
    await notices.tell_each(session, clock, await team_of(session, case) - {actor.person_id}, word)
