"""Files of a case, for whoever may see it: those of an answer, and the documents of steps."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.errors import NotAllowed
from council.interpellation_answers import KeptFile
from council.interpellation_states import load_interpellation
from storage.interpellations import AnswerFile, InterpellationAct, InterpellationAnswer, InterpellationEvent


@dataclass(frozen=True)
class StepDocument:
    """The document of a step: which step, and its day."""

    file_id: int
    act: InterpellationAct
    on: date


async def files_of_answer(session: AsyncSession, actor: Actor, answer_id: int) -> list[KeptFile]:
    """With their content. Raises NotAllowed: no such answer, or nothing that this person may see."""
    answer = await session.get(InterpellationAnswer, answer_id)
    if answer is None:
        raise NotAllowed
    await load_interpellation(session, actor, answer.interpellation_id)
    of_answer = col(AnswerFile.answer_id) == answer_id
    found = (await session.exec(select(AnswerFile).where(of_answer).order_by(col(AnswerFile.id)))).all()
    return [_kept(each) for each in found]


async def step_documents(session: AsyncSession, actor: Actor, case_id: int) -> list[StepDocument]:
    """Oldest first. Raises NotAllowed: nothing that this person may see."""
    await load_interpellation(session, actor, case_id)
    query = (
        select(
            col(AnswerFile.id), col(InterpellationEvent.act), col(InterpellationEvent.on), col(InterpellationEvent.at)
        )
        .join(InterpellationEvent, col(AnswerFile.event_id) == col(InterpellationEvent.id))
        .where(col(InterpellationEvent.interpellation_id) == case_id)
        .order_by(col(AnswerFile.id))
    )
    rows = (await session.exec(query)).all()
    return [StepDocument(file_id, InterpellationAct(act), on or at.date()) for file_id, act, on, at in rows]


async def step_document(session: AsyncSession, actor: Actor, file_id: int) -> KeptFile:
    """One of them. Raises NotAllowed: no such document, or nothing that this person may see."""
    file = await session.get(AnswerFile, file_id)
    event = await session.get(InterpellationEvent, file.event_id) if file is not None and file.event_id else None
    if file is None or event is None:
        raise NotAllowed
    await load_interpellation(session, actor, event.interpellation_id)
    return _kept(file)


def _kept(row: AnswerFile) -> KeptFile:
    return KeptFile(row.file_name, row.media_type, row.content, row.file_id)
