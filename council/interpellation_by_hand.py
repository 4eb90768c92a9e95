"""Letters that are carried on paper: printed, handed over on a day, and sent from that day on."""

from datetime import date, datetime, time

from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate, Refusal
from council.interpellation_answers import FutureDay, one_line
from council.interpellation_letter_rows import (
    check_unchanged,
    freeze_letter,
    hash_of_letter,
    leave,
    letters_of_round,
    lock_carried,
    put_aside_others,
    touch,
)
from council.interpellation_letters import DrawnLetter, fingerprint_of, letter_facts
from council.interpellation_states import check_carries, load_interpellation
from council.local_time import first_showing, local
from council.settings import ProgrammeSettings
from council.written import written
from storage.interpellations import (
    Interpellation,
    InterpellationAct,
    InterpellationLetter,
    LetterState,
    LetterWay,
)

HANDED_LIMIT = 120
"""UTF-16 units of to whom a letter was handed."""


class BeforeLetter(Refusal):
    """A day before the letter was written."""


class PaperChanged(Refusal):
    """The letter would say something else than the paper: somebody has changed their mind since it was printed."""


async def print_letter(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor, drawn: DrawnLetter
) -> InterpellationLetter:
    """Keeps the letter that somebody takes along on paper; the same letter again is the same row.

    Raises NotAllowed, OutOfDate and LetterUnderWay as `send_letter` does.
    """
    row = await lock_carried(session, actor, drawn.facts.interpellation_id)
    await check_unchanged(session, clock, programme, actor, drawn.facts)
    sha256 = hash_of_letter(drawn.pdf)
    for each in await letters_of_round(session, row.id, drawn.facts.round):
        if each.sha256 == sha256 and each.way is LetterWay.BY_HAND and each.state is LetterState.WAITING:
            return each
    await put_aside_others(session, clock, row)
    letter = await freeze_letter(session, clock, actor, row, drawn, None)
    await touch(session, clock, actor, "interpellation.letter_printed", row, letter)
    return letter


async def hand_over(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    letter_id: int,
    handed_to: str,
    day: date,
    *,
    as_printed: bool = False,
) -> Interpellation:
    """The paper was given to `handed_to` on that local day: from then on it is sent.

    `as_printed`: this very paper was given, whatever was wished since.

    Raises:
        NotAllowed: somebody who does not carry it, or no such letter.
        OutOfDate: it is sent already, or another letter has taken its place.
        PaperChanged: a wish has come since it was printed.
        FutureDay, BeforeLetter: no day on which it can have been handed over.
        EmptyWords, TooLong: to whom.
    """
    letter, row = await open_paper(session, actor, letter_id, lock=True)
    if not as_printed:
        await check_paper(session, clock, programme, actor, letter)
    handed_to = one_line(written(handed_to, HANDED_LIMIT))
    check_handed_on(clock, programme, letter, day)
    noon = first_showing(datetime.combine(day, time(12)), programme.tz)
    sent_at = min(clock.now(), max(noon, letter.created_at))
    letter.state, letter.handed_to, letter.sent_at = LetterState.SENT, handed_to, sent_at
    await leave(session, clock, programme, row, letter, sent_at, InterpellationAct.HANDED_OVER, actor)
    return row


async def open_paper(
    session: AsyncSession, actor: Actor, letter_id: int, *, lock: bool = False
) -> tuple[InterpellationLetter, Interpellation]:
    """A letter that somebody has on paper and that was not handed over yet.

    Raises NotAllowed, and OutOfDate when it was, or when another letter has taken its place.
    """
    letter = await session.get(InterpellationLetter, letter_id)
    if letter is None:
        raise NotAllowed
    if lock:
        row = await lock_carried(session, actor, letter.interpellation_id)
        await session.refresh(letter)
    else:
        row = await load_interpellation(session, actor, letter.interpellation_id)
        check_carries(actor, row)
    if letter.way is not LetterWay.BY_HAND or letter.state is not LetterState.WAITING:
        raise OutOfDate
    return letter, row


async def check_paper(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor, letter: InterpellationLetter
) -> None:
    """Raises PaperChanged when the letter would say something else by now, OutOfDate when none may be sent."""
    number, way = letter.interpellation_id, letter.way
    facts = await letter_facts(session, clock, programme, actor, number, way, has_pages=False)
    if fingerprint_of(facts) != letter.said:
        raise PaperChanged


def check_handed_on(clock: Clock, programme: ProgrammeSettings, letter: InterpellationLetter, day: date) -> None:
    """Raises FutureDay, and BeforeLetter for a day on which the paper did not exist."""
    if day > local(clock.now(), programme.tz).date():
        raise FutureDay
    if day < local(letter.created_at, programme.tz).date():
        raise BeforeLetter
