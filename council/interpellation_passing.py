"""Passing a letter on: its reader names who should answer, and they get a mail with a link of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.clock import Clock
from council.council_choice import council_of
from council.errors import Refusal
from council.interpellation_answers import NAME_LIMIT, NameMissing, check_takes, one_line
from council.interpellation_news import tell_concerned
from council.interpellation_states import note
from council.mails import (
    BY_MACHINE,
    UNSENT,
    BadMailAddress,
    MailWords,
    is_mail_address,
    on_mail_settled,
    write_mail,
)
from council.notices import NoticeKind, Word
from council.partner_links import hash_of, make_link, without_tokens
from council.settings import ProgrammeSettings
from council.written import written
from storage import duty
from storage.interpellations import Interpellation, InterpellationAct, InterpellationLetter, PartnerLink
from storage.mails import Mail
from storage.outbox import NoticePriority

PASSED_ON_LIMIT = 5
"""How many people one letter is passed on to from one link (choice): no link is a way to write to the world."""
LETTER_LIMIT = 20
"""And from all links of it, those that were passed on too (choice): nor is a chain of them."""
MAIL_KIND = "partner_link"
"""The kind of the mails that bring a passed-on link; their subject is the link."""


class PassedOnTooOften(Refusal):
    """More than PASSED_ON_LIMIT people from one link."""


class LetterPassedOnTooOften(Refusal):
    """More than LETTER_LIMIT people from all links of a letter."""


@dataclass(frozen=True)
class PassedOn:
    """What the person reads to whom a letter is passed on; `token` opens the page, `expires_at` is aware."""

    programme: str
    timezone: str
    council: str
    number: str
    title: str
    name: str
    passer: str
    token: str
    expires_at: datetime


async def pass_on(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    link: PartnerLink,
    name: str,
    address: str,
    *,
    mail: Callable[[PassedOn], MailWords],
    request_key: str,
) -> None:
    """The reader of a link names somebody who should answer: they get a mail with a link of their own.

    `mail` says it. The same `request_key` again is the same mail.

    Raises:
        NameMissing, TooLong: nobody is named, or with too many words.
        BadMailAddress: no address that a mail could be sent to.
        PassedOnTooOften, LetterPassedOnTooOften: this link, or all links of the letter, have named enough people.
        AnswersClosed: the case has ended.
    """
    letter = await session.get_one(InterpellationLetter, link.letter_id)
    interpellation = await session.get_one(Interpellation, letter.interpellation_id)
    await session.refresh(interpellation, with_for_update=True)  # of two taps at once the second finds the first's mail
    check_takes(interpellation, link)
    dedup_key = f"{MAIL_KIND}:{request_key}"
    if (await session.exec(select(col(Mail.id)).where(col(Mail.dedup_key) == dedup_key))).first() is not None:
        return
    name = one_line(written(name, NAME_LIMIT, empty=NameMissing))
    if not is_mail_address(address):
        raise BadMailAddress
    passers = select(col(PartnerLink.passed_on_by_id)).where(
        col(PartnerLink.letter_id) == letter.id, col(PartnerLink.passed_on_by_id).is_not(None)
    )
    passed_on_by = (await session.exec(passers)).all()
    if passed_on_by.count(link.id) >= PASSED_ON_LIMIT:
        raise PassedOnTooOften
    if len(passed_on_by) >= LETTER_LIMIT:
        raise LetterPassedOnTooOften
    token = await make_link(session, clock, programme, letter, name, passed_on_by=link)
    made = await _link_of(session, token)
    council = await council_of(session, interpellation.council_id)
    said = mail(
        PassedOn(
            programme.name,
            programme.timezone,
            council.name if council is not None else "",
            interpellation.number,
            interpellation.title,
            name,
            link.name,
            token,
            made.expires_at,
        )
    )
    await write_mail(
        session,
        clock,
        kind=MAIL_KIND,
        subject_id=made.id,
        address=address,
        subject=said.subject,
        body=said.body,
        dedup_key=dedup_key,
        headers=BY_MACHINE,
    )
    await note(session, clock, interpellation, InterpellationAct.PASSED_ON, None, words=name)
    await tell_concerned(session, clock, interpellation, InterpellationAct.PASSED_ON)


async def _link_of(session: AsyncSession, token: str) -> PartnerLink:
    return (await session.exec(select(PartnerLink).where(col(PartnerLink.token_hash) == hash_of(token)))).one()


@on_mail_settled(MAIL_KIND)
async def _tell_trouble(session: AsyncSession, clock: Clock, mail: Mail) -> None:
    """The team of the council hears of a mail that did not arrive, or may not have; of one that did the token goes."""
    if mail.state not in UNSENT:
        mail.body = without_tokens(mail.body)
        return
    query = (
        select(col(Interpellation.council_id))
        .join(InterpellationLetter, col(InterpellationLetter.interpellation_id) == col(Interpellation.id))
        .join(PartnerLink, col(PartnerLink.letter_id) == col(InterpellationLetter.id))
        .where(col(PartnerLink.id) == mail.subject_id)
    )
    council_id = (await session.exec(query)).first()
    told = await duty.animators(session, council_id) if council_id is not None else frozenset()
    word = Word(NoticeKind.MAIL_UNSENT, mail.id, NoticePriority.TRANSACTIONAL, revision=mail.claims)
    await notices.tell_each(session, clock, told or await duty.coordinators(session), word)
