"""Letters as rows: written once a round, giving way to one another, and leaving at last."""

import hashlib
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, live_cards
from council.actors import Actor
from council.clock import Clock
from council.errors import OutOfDate, Refusal
from council.interpellation_delays import delay_values
from council.interpellation_letters import DrawnLetter, LetterFacts, fingerprint_of, letter_facts, next_round
from council.interpellation_news import tell_concerned
from council.interpellation_states import S, check_carries, load_interpellation, move
from council.live_cards import LiveKind
from council.local_time import local
from council.partner_links import revoke_links, without_tokens
from council.settings import ProgrammeSettings
from storage.interpellations import (
    Interpellation,
    InterpellationAct,
    InterpellationLetter,
    LetterState,
)
from storage.mails import Mail, MailState


class LetterUnderWay(Refusal):
    """A letter of this round is on its way by e-mail, or has been sent."""


async def lock_carried(session: AsyncSession, actor: Actor, interpellation_id: int) -> Interpellation:
    """The interpellation, held with its e-mails until the end of the transaction. Raises NotAllowed."""
    check_carries(actor, await load_interpellation(session, actor, interpellation_id))
    await _lock_mails(session, interpellation_id)
    return await lock_case(session, interpellation_id)


async def _lock_mails(session: AsyncSession, interpellation_id: int) -> None:
    """Before the case: whoever notes how one of them ended holds it first (council/lock_order.py)."""
    sent = select(col(InterpellationLetter.mail_id)).where(
        col(InterpellationLetter.interpellation_id) == interpellation_id, col(InterpellationLetter.mail_id).is_not(None)
    )
    mails = select(Mail).where(col(Mail.id).in_(sent)).order_by(col(Mail.id)).with_for_update()
    await session.exec(mails.execution_options(populate_existing=True))


async def lock_case(session: AsyncSession, interpellation_id: int) -> Interpellation:
    """As it is now, held until the end of the transaction: of two who send at once, one waits for the other."""
    one = select(Interpellation).where(col(Interpellation.id) == interpellation_id).with_for_update()
    return (await session.exec(one.execution_options(populate_existing=True))).one()


async def check_unchanged(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor, facts: LetterFacts
) -> None:
    """Raises OutOfDate when the letter would say something else by now."""
    now = await letter_facts(
        session, clock, programme, actor, facts.interpellation_id, facts.way, has_pages=facts.online
    )
    if now != facts:
        raise OutOfDate


async def letters_of_round(session: AsyncSession, interpellation_id: int, number: int) -> list[InterpellationLetter]:
    """Oldest first, without their PDFs, which may be large."""
    of_round = (
        col(InterpellationLetter.interpellation_id) == interpellation_id,
        col(InterpellationLetter.round) == number,
    )
    query = select(InterpellationLetter).where(*of_round).order_by(col(InterpellationLetter.attempt))
    return list((await session.exec(query.options(defer(InterpellationLetter.pdf)))).all())  # type: ignore[arg-type]


async def check_none_under_way(session: AsyncSession, row: Interpellation) -> None:
    """Raises LetterUnderWay while the next letter is on its way by e-mail; OutOfDate when none may be sent."""
    letters = await letters_of_round(session, row.id, next_round(row))
    if any(each.state is LetterState.WAITING and each.mail_id is not None for each in letters):
        raise LetterUnderWay


async def put_aside_others(session: AsyncSession, clock: Clock, row: Interpellation) -> None:
    """Earlier letters of this round give way. Raises LetterUnderWay when one of them may still arrive by itself."""
    for each in await letters_of_round(session, row.id, next_round(row)):
        mail = await session.get(Mail, each.mail_id) if each.mail_id is not None else None
        if each.state is LetterState.SENT or (each.state is LetterState.WAITING and mail is not None):
            raise LetterUnderWay
        each.state = LetterState.NOT_SENT
        if mail is not None:
            mail.body = without_tokens(mail.body)
            if mail.state is not MailState.UNCERTAIN:  # nobody has read it; of the others one may have
                await revoke_links(session, clock, each.id)


async def freeze_letter(
    session: AsyncSession, clock: Clock, actor: Actor, row: Interpellation, drawn: DrawnLetter, address: str | None
) -> InterpellationLetter:
    """The letter as it was drawn, as a further attempt of its round. `address` None: it goes on paper."""
    facts = drawn.facts
    of_round = (
        col(InterpellationLetter.interpellation_id) == row.id,
        col(InterpellationLetter.round) == facts.round,
    )
    last = (await session.exec(select(func.max(col(InterpellationLetter.attempt))).where(*of_round))).one()
    letter = InterpellationLetter(
        interpellation_id=row.id,
        round=facts.round,
        attempt=(last or 0) + 1,
        way=facts.way,
        address=address,
        words=facts.words,
        pdf=drawn.pdf,
        sha256=hash_of_letter(drawn.pdf),
        said=fingerprint_of(facts),
        enclosed=drawn.enclosed,
        written_by=actor.person_id,
        created_at=clock.now(),
    )
    session.add(letter)
    await session.flush()
    return letter


async def touch(
    session: AsyncSession, clock: Clock, actor: Actor, act: str, row: Interpellation, letter: InterpellationLetter
) -> None:
    """The audit line of a letter, and the cards refreshed."""
    await audit.record(session, clock, actor, act, "interpellation", row.id, letter=letter.id)
    await live_cards.refresh(session, clock, LiveKind.INTERPELLATION, row.id)


def hash_of_letter(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


async def leave(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    row: Interpellation,
    letter: InterpellationLetter,
    sent_at: datetime,
    act: InterpellationAct,
    actor: Actor | None,
) -> None:
    """The interpellation is sent, and an answer is awaited from then on. A follow-up is told as what it is."""
    act = act if letter.round == 1 else InterpellationAct.ASKED_AGAIN
    values = {**delay_values(programme, row.kind, sent_at), "round": letter.round}
    event = await move(session, clock, row, S.SENT, act, actor, words=letter.words, **values)
    event.on = local(sent_at, programme.tz).date()
    await tell_concerned(session, clock, row, act, actor=actor)
