"""Sending letters to partners by e-mail: one counts as sent when a server has taken it.

A letter is drawn before its transaction, and frozen in it if nothing that it says has changed meanwhile.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate, Refusal
from council.interpellation_letter_rows import (
    check_none_under_way,
    check_unchanged,
    freeze_letter,
    leave,
    letters_of_round,
    lock_carried,
    lock_case,
    put_aside_others,
    touch,
)
from council.interpellation_letters import DrawnLetter, LetterFacts, next_round, partner_address
from council.interpellation_states import note
from council.mails import (
    UNSENT,
    WITHDRAWN,
    Attachment,
    MailWords,
    is_mail_address,
    on_mail_settled,
    put_back,
    write_mail,
)
from council.notices import NoticeKind, Word
from council.partner_links import make_link, without_tokens
from council.programme import load_programme
from council.settings import ProgrammeSettings
from council.written import written
from storage import duty, mail_queue
from storage.interpellations import (
    Interpellation,
    InterpellationAct,
    InterpellationLetter,
    LetterState,
)
from storage.mails import Mail, MailState
from storage.outbox import NoticePriority

MAIL_KIND = "interpellation_letter"
"""The kind of the mails that bring a letter; their subject is the letter."""
FOLLOW_UP_LIMIT = 2000
"""UTF-16 units of what a follow-up adds."""


class NoPartnerAddress(Refusal):
    """The programme knows no e-mail address of that partner."""


@dataclass(frozen=True)
class LetterMail:
    """What the e-mail of a letter is made of; `token` opens its page until `open_until`, None: there is no page."""

    letter: DrawnLetter
    timezone: str
    token: str | None
    open_until: datetime


WriteMail = Callable[[LetterMail], MailWords]


async def send_letter(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    drawn: DrawnLetter,
    mail: WriteMail,
) -> InterpellationLetter:
    """Puts the letter on its way by e-mail, once; it counts as sent when a server has taken it.

    Raises:
        NotAllowed: somebody who does not carry it.
        OutOfDate: something that the letter says has changed since it was drawn, or nothing is to be sent.
        LetterUnderWay: somebody has just sent it.
        NoPartnerAddress: there is no address to send it to.
    """
    row = await lock_carried(session, actor, drawn.facts.interpellation_id)
    address = partner_address(programme, row)
    if address is None:
        raise NoPartnerAddress
    await check_unchanged(session, clock, programme, actor, drawn.facts)
    await put_aside_others(session, clock, row)
    letter = await freeze_letter(session, clock, actor, row, drawn, address)
    facts = drawn.facts
    token = await make_link(session, clock, programme, letter, facts.partner) if facts.online else None
    open_until = clock.now() + timedelta(days=programme.interpellations.link_days)
    words = mail(LetterMail(drawn, programme.timezone, token, open_until))
    letter.mail_id = await write_mail(
        session,
        clock,
        kind=MAIL_KIND,
        subject_id=letter.id,
        address=address,
        subject=words.subject,
        body=words.body,
        dedup_key=f"{MAIL_KIND}:{letter.id}",
        attachments=(Attachment(file_name(facts), "application/pdf", drawn.pdf), *drawn.attached),
        headers=reply_headers(programme),
    )
    await session.flush()
    await touch(session, clock, actor, "interpellation.letter_mailed", row, letter)
    return letter


async def send_same_again(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor, letter_id: int
) -> InterpellationLetter:
    """The same e-mail once more, of which nobody knows whether it has arrived: its reader knows it by its number.

    Raises:
        NotAllowed: somebody who does not carry it, or no such letter.
        OutOfDate: it has arrived or was withdrawn, another letter has taken its place, or the partner has another
            address now.
    """
    letter = await session.get(InterpellationLetter, letter_id)
    if letter is None:
        raise NotAllowed
    row = await lock_carried(session, actor, letter.interpellation_id)
    await session.refresh(letter)
    newest = (await letters_of_round(session, row.id, letter.round))[-1]
    mail = await session.get(Mail, letter.mail_id) if letter.mail_id is not None else None
    same_address = letter.address == partner_address(programme, row)
    if newest.id != letter.id or letter.round != next_round(row) or not same_address:
        raise OutOfDate
    if mail is None or mail.state is not MailState.UNCERTAIN or letter.state is not LetterState.NOT_SENT:
        raise OutOfDate
    if not mail.body:  # withdrawn since
        raise OutOfDate
    await put_back(session, clock, mail.id)
    letter.state = LetterState.WAITING
    await touch(session, clock, actor, "interpellation.letter_again", row, letter)
    return letter


async def send_follow_up(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    interpellation_id: int,
    words: str,
) -> Interpellation:
    """Somebody who carries it says what a further letter adds; it leaves when they have seen and sent it as the first.

    What was wished last, by the author or by them, stands in the letter.

    Raises:
        NotAllowed: somebody who does not carry it.
        OutOfDate: no further letter may be sent now.
        LetterUnderWay: it is on its way already.
        EmptyWords, TooLong: the words.
    """
    row = await lock_carried(session, actor, interpellation_id)
    if next_round(row) == 1:
        raise OutOfDate
    await check_none_under_way(session, row)
    words = written(words, FOLLOW_UP_LIMIT)
    await note(session, clock, row, InterpellationAct.ASKING_AGAIN_WISHED, actor, words=words)
    return row


# --- what became of the mail


@on_mail_settled(MAIL_KIND)
async def settle_letter(session: AsyncSession, clock: Clock, mail: Mail) -> None:
    """A server has taken the letter: it is sent. Else it is not, and whoever carries it hears why."""
    letter = await session.get(InterpellationLetter, mail.subject_id)
    if letter is None or letter.mail_id != mail.id:
        return
    row = await lock_case(session, letter.interpellation_id)
    await session.refresh(letter)
    if mail.state is MailState.SENT:
        mail.body = without_tokens(mail.body)
        await _count_as_sent(session, clock, row, letter, mail.finished_at)
    elif mail.state in UNSENT and letter.state is LetterState.WAITING:
        letter.state = LetterState.NOT_SENT
        if mail.answer == WITHDRAWN:
            letter.pdf = b""  # nobody has read it, and it names who has left
            await mail_queue.forget_files(session, mail.id)
        await note(session, clock, row, InterpellationAct.NOT_SENT, None)
        await _tell_unsent(session, clock, row, letter, mail)


async def unheard_mails(session: AsyncSession) -> list[int]:
    """Mails of letters that have ended and were not heard of, since something failed at that moment; oldest first."""
    ended = (
        col(InterpellationLetter.state) == LetterState.WAITING,
        col(Mail.state).in_((MailState.SENT, *UNSENT)),
    )
    query = select(col(Mail.id)).join(InterpellationLetter, col(InterpellationLetter.mail_id) == col(Mail.id))
    return list((await session.exec(query.where(*ended).order_by(col(Mail.id)))).all())


async def settle_by_reader(session: AsyncSession, clock: Clock, letter: InterpellationLetter) -> None:
    """Its personal link was opened: a letter of which nobody knew whether it had arrived has arrived."""
    mail = await session.get(Mail, letter.mail_id) if letter.mail_id is not None else None
    if letter.state is not LetterState.NOT_SENT or mail is None or mail.state is not MailState.UNCERTAIN:
        return
    row = await lock_case(session, letter.interpellation_id)
    await session.refresh(letter)
    await _count_as_sent(session, clock, row, letter, mail.attempted_at)


async def _count_as_sent(
    session: AsyncSession,
    clock: Clock,
    row: Interpellation,
    letter: InterpellationLetter,
    at: datetime | None = None,
) -> None:
    """The letter has arrived; its interpellation is sent, unless another letter of this round had arrived before."""
    if letter.state is LetterState.SENT:
        return
    letter.state, letter.sent_at = LetterState.SENT, at or clock.now()
    try:
        is_next = next_round(row) == letter.round
    except OutOfDate:
        return
    if not is_next:
        return
    programme = await load_programme(session)
    await leave(session, clock, programme, row, letter, letter.sent_at, InterpellationAct.SENT, None)


async def _tell_unsent(
    session: AsyncSession, clock: Clock, row: Interpellation, letter: InterpellationLetter, mail: Mail
) -> None:
    team = await duty.animators(session, row.council_id) or await duty.coordinators(session)
    told = team | await duty.leads(session, row.council_id) | frozenset(filter(None, (letter.written_by,)))
    word = Word(NoticeKind.INTERPELLATION_UNSENT, letter.id, NoticePriority.TRANSACTIONAL, revision=mail.claims)
    await notices.tell_each(session, clock, told, word)


# --- pieces


def file_name(facts: LetterFacts) -> str:
    """« Lettre I-2026-003.pdf », with the number of the round of a follow-up."""
    return f"Lettre {facts.number}.pdf" if facts.round == 1 else f"Lettre {facts.number} ({facts.round}).pdf"


def reply_headers(programme: ProgrammeSettings) -> dict[str, str]:
    """An answer by e-mail goes to the contact of the programme, where that is an address."""
    contact = programme.controller.contact
    return {"Reply-To": contact} if is_mail_address(contact) else {}
