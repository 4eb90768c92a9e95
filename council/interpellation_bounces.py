"""A letter that a server had taken and that came back all the same: nobody has read it, and it counts as sent no more.

What a mail server sends back goes to the mailbox of the sender (PORTEVOIX_MAIL_FROM): whoever reads it there says so.
"""

from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate
from council.interpellation_letter_rows import lock_carried
from council.interpellation_news import concerned, tell_people
from council.interpellation_states import S, change, check_carries, load_interpellation, note
from council.partner_links import revoke_links
from storage import duty
from storage.interpellations import (
    Interpellation,
    InterpellationAct,
    InterpellationAnswer,
    InterpellationEvent,
    InterpellationLetter,
    LetterState,
    LetterWay,
    PartnerLink,
)


async def note_came_back(session: AsyncSession, clock: Clock, actor: Actor, letter_id: int) -> Interpellation:
    """The case is where it was before this letter left, and those who had heard that it was sent hear so.

    What a follow-up was to add is wished again.

    Raises:
        NotAllowed: somebody who does not carry it, or no such letter.
        OutOfDate: it is not the last letter that was sent by e-mail, or somebody has received it.
    """
    letter, row = await check_may_come_back(session, actor, letter_id)
    row = await lock_carried(session, actor, row.id)
    await session.refresh(letter)
    if not await _may_come_back(session, row, letter):
        raise OutOfDate
    letter.state, letter.sent_at = LetterState.NOT_SENT, None
    await revoke_links(session, clock, letter.id)
    not_sent = InterpellationAct.NOT_SENT
    await change(session, clock, row, not_sent, actor, **await _values_before(session, row, letter))
    if letter.round > 1:
        await note(session, clock, row, InterpellationAct.ASKING_AGAIN_WISHED, actor, words=letter.words)
    told = await concerned(session, row) | await duty.animators(session, row.council_id)
    await tell_people(session, clock, row, not_sent, told, actor=actor)
    return row


async def check_may_come_back(
    session: AsyncSession, actor: Actor, letter_id: int
) -> tuple[InterpellationLetter, Interpellation]:
    """The letter and its case. Raises as `note_came_back` does."""
    letter = await session.get(InterpellationLetter, letter_id)
    if letter is None:
        raise NotAllowed
    row = await load_interpellation(session, actor, letter.interpellation_id)
    check_carries(actor, row)
    if not await _may_come_back(session, row, letter):
        raise OutOfDate
    return letter, row


async def letter_that_may_come_back(session: AsyncSession, row: Interpellation) -> int | None:
    """The last letter, while nobody is known to have received it; None: there is no such letter."""
    query = (
        select(InterpellationLetter)
        .where(col(InterpellationLetter.interpellation_id) == row.id)
        .order_by(col(InterpellationLetter.id).desc())
        .limit(1)
        .options(defer(InterpellationLetter.pdf))  # type: ignore[arg-type]
    )
    letter = (await session.exec(query)).first()
    return letter.id if letter is not None and await _may_come_back(session, row, letter) else None


async def _may_come_back(session: AsyncSession, row: Interpellation, letter: InterpellationLetter) -> bool:
    """Neither a receipt nor an answer has come, and nobody has opened its page."""
    is_out = letter.state is LetterState.SENT and letter.way is LetterWay.MAIL and letter.round == row.round
    if not is_out or row.state is not S.SENT or row.acknowledged_at is not None or row.answered_at is not None:
        return False
    opened = col(PartnerLink.letter_id) == letter.id, col(PartnerLink.opened_at).is_not(None)
    return (await session.exec(select(col(PartnerLink.id)).where(*opened).limit(1))).first() is None


async def _values_before(session: AsyncSession, row: Interpellation, letter: InterpellationLetter) -> dict[str, Any]:
    """Columns of the case as they were before this letter left; nothing is awaited."""
    values = {"due_at": None, "calendar": "", "extra_days": 0, "alert_level": 0, "next_look_at": None, "sent_at": None}
    if letter.round == 1:
        return {**values, "state": S.ADOPTED}
    before = (
        select(col(InterpellationEvent.state))
        .where(col(InterpellationEvent.interpellation_id) == row.id, col(InterpellationEvent.state) != S.SENT)
        .order_by(col(InterpellationEvent.id).desc())
        .limit(1)
    )
    state = S((await session.exec(before)).one())
    answered = await _last(session, row, col(InterpellationAnswer.created_at), InterpellationAnswer)
    sent_at = await _last(session, row, col(InterpellationLetter.sent_at), InterpellationLetter)
    received = {"sent_at": sent_at, "acknowledged_at": answered, "answered_at": answered}
    return {**values, **received, "state": state, "round": letter.round - 1}


async def _last(session: AsyncSession, row: Interpellation, moment: Any, table: Any) -> Any:
    """The newest of these moments of the case; None when there is none."""
    of_case = col(table.interpellation_id) == row.id, moment.is_not(None)
    return (await session.exec(select(moment).where(*of_case).order_by(moment.desc()).limit(1))).first()
