"""What those who carry an interpellation see of it: its letters, the proof that they left, what may be done next."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate
from council.interpellation_bounces import letter_that_may_come_back
from council.interpellation_delays import is_late, is_very_late
from council.interpellation_letters import next_round, partner_address, wish_to_add
from council.interpellation_states import check_carries, load_interpellation
from council.interpellation_views import InterpellationView, view_of
from council.mails import WITHDRAWN
from council.settings import ProgrammeSettings
from storage.interpellations import Interpellation, InterpellationLetter, LetterState, LetterWay
from storage.mails import Mail, MailState


@dataclass(frozen=True)
class LetterView:
    """One letter and the proof of it.

    `message_id` is the left part of the e-mail's Message-ID, `answer` what the server said last, `sha256` the hash of
    the PDF in hexadecimal; `mail_state` is None for a letter on paper. `partner` and `number` are of its case.
    """

    id: int
    interpellation_id: int
    number: str
    partner: str
    round: int
    way: LetterWay
    state: LetterState
    address: str | None
    handed_to: str | None
    created_at: datetime
    sent_at: datetime | None
    sha256: str
    bytes: int
    message_id: str | None
    answer: str | None
    mail_state: MailState | None

    @property
    def withdrawn(self) -> bool:
        """It had not left yet, and named somebody who has erased their account."""
        return self.answer == WITHDRAWN


@dataclass(frozen=True)
class CarryView:
    """The case as its menu shows it. `letters` are oldest first.

    `round` is that of the letter that may be sent now, None when none may; `address` where it would go by e-mail, None:
    nowhere. `wished` is what a follow-up is to add: empty when it was said aloud and is not in writing yet, None when
    nothing is wished. `may_come_back` is a letter by e-mail that nobody is known to have received.
    """

    case: InterpellationView
    letters: tuple[LetterView, ...]
    round: int | None
    address: str | None
    wished: str | None
    late: bool
    very_late: bool
    may_come_back: int | None

    @property
    def newest(self) -> LetterView | None:
        return self.letters[-1] if self.letters else None

    @property
    def under_way(self) -> LetterView | None:
        """A letter by e-mail whose fate is not known yet."""
        newest = self.newest
        waits = newest is not None and newest.state is LetterState.WAITING and newest.way is LetterWay.MAIL
        return newest if waits else None

    @property
    def on_paper(self) -> LetterView | None:
        """A letter that somebody has taken along and not handed over yet."""
        newest = self.newest
        waits = newest is not None and newest.state is LetterState.WAITING and newest.way is LetterWay.BY_HAND
        return newest if waits else None

    @property
    def sent(self) -> LetterView | None:
        """The last letter that has left."""
        return next((each for each in reversed(self.letters) if each.state is LetterState.SENT), None)

    @property
    def wished_aloud(self) -> bool:
        """The author has said what is missing, and nobody has written it yet."""
        return self.wished == "" and self.case.voices > 0

    @property
    def may_send(self) -> bool:
        """A letter may be sent now; a follow-up once it has words to add."""
        return self.round is not None and self.under_way is None and (self.round == 1 or bool(self.wished))


async def view_carrying(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor, interpellation_id: int
) -> CarryView:
    """Raises NotAllowed for who does not carry it."""
    row = await load_interpellation(session, actor, interpellation_id)
    check_carries(actor, row)
    return CarryView(
        case=await view_of(session, clock, programme, actor, row),
        letters=await _letters(session, row),
        round=_round(row),
        address=partner_address(programme, row),
        wished=await wish_to_add(session, row),
        late=is_late(programme, row, clock.now()),
        very_late=is_very_late(programme, row, clock.now()),
        may_come_back=await letter_that_may_come_back(session, row),
    )


async def view_letter(session: AsyncSession, actor: Actor, letter_id: int) -> LetterView:
    """Raises NotAllowed for who does not carry its case, and when there is none."""
    row, letter = await _carried(session, actor, letter_id)
    return next(each for each in await _letters(session, row) if each.id == letter.id)


async def letter_file(session: AsyncSession, actor: Actor, letter_id: int) -> tuple[LetterView, bytes]:
    """The letter as it was written. Raises as `view_letter` does, and OutOfDate when it was withdrawn."""
    view = await view_letter(session, actor, letter_id)
    query = select(col(InterpellationLetter.pdf)).where(col(InterpellationLetter.id) == letter_id)
    content = (await session.exec(query)).one()
    if not content:
        raise OutOfDate
    return view, content


async def view_unsent(session: AsyncSession, actor: Actor, letter_id: int) -> LetterView | None:
    """A letter that did not arrive, or may not have; None when that is over, or another letter has taken its place."""
    row, letter = await _carried(session, actor, letter_id)
    newest = (await _letters(session, row))[-1]
    over = newest.id != letter.id or newest.state is not LetterState.NOT_SENT or _round(row) != newest.round
    return None if over else newest


async def _carried(session: AsyncSession, actor: Actor, letter_id: int) -> tuple[Interpellation, InterpellationLetter]:
    """Raises NotAllowed."""
    letter = await session.get(InterpellationLetter, letter_id, options=[defer(InterpellationLetter.pdf)])  # type: ignore[arg-type]
    if letter is None:
        raise NotAllowed
    row = await load_interpellation(session, actor, letter.interpellation_id)
    check_carries(actor, row)
    return row, letter


def _round(row: Interpellation) -> int | None:
    try:
        return next_round(row)
    except OutOfDate:
        return None


async def _letters(session: AsyncSession, row: Interpellation) -> tuple[LetterView, ...]:
    query = (
        select(InterpellationLetter, Mail, func.length(InterpellationLetter.pdf))
        .join(Mail, col(InterpellationLetter.mail_id) == col(Mail.id), isouter=True)
        .where(col(InterpellationLetter.interpellation_id) == row.id)
        .order_by(col(InterpellationLetter.round), col(InterpellationLetter.attempt))
        .options(defer(InterpellationLetter.pdf))  # type: ignore[arg-type]
    )
    return tuple(
        LetterView(
            id=letter.id,
            interpellation_id=row.id,
            number=row.number,
            partner=row.partner_name,
            round=letter.round,
            way=letter.way,
            state=letter.state,
            address=letter.address,
            handed_to=letter.handed_to,
            created_at=letter.created_at,
            sent_at=letter.sent_at,
            sha256=letter.sha256,
            bytes=size,
            message_id=mail.message_header if mail is not None else None,
            answer=mail.answer if mail is not None else None,
            mail_state=mail.state if mail is not None else None,
        )
        for letter, mail, size in (await session.exec(query)).all()
    )
