"""What happens while an answer is awaited: the partner is reminded, and those who ask hear when it is late. Once each.

All of it in working hours, never at night; and nothing once something was answered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.clock import Clock
from council.council_choice import council_of
from council.interpellation_delays import (
    AlertLevel,
    acknowledgement_due,
    days_before,
    is_awaited,
    late_from,
    very_late_from,
)
from council.interpellation_letters import partner_address
from council.interpellation_news import tell_people
from council.interpellation_sending import reply_headers
from council.interpellation_states import S, note
from council.mails import BY_MACHINE, UNSENT, MailWords, on_mail_settled, write_mail
from council.notices import NoticeKind, Word
from council.partner_links import make_link, without_tokens
from council.settings import ProgrammeSettings
from council.turns import each_due
from council.working_time import NeverOpen, calendar_of
from storage import duty
from storage.database import Database
from storage.interpellations import (
    AWAITED,
    Interpellation,
    InterpellationAct,
    InterpellationLetter,
    LetterState,
)
from storage.mails import Mail, MailState
from storage.outbox import NoticePriority

PORTION = 50
"""Interpellations of one run, between two of other sweeps."""
MAIL_KIND = "interpellation_reminder"
"""The kind of the mails that remind a partner; their subject is the interpellation."""
_LONG = timedelta(days=30)
"""After which a sweep looks again where nobody works: the programme may have hours again."""


class PartnerMoment(StrEnum):
    """When a partner is written to again: before the answer is expected, when it has not come, given more time."""

    BEFORE = "before"
    AFTER = "after"
    EXTENDED = "extended"


@dataclass(frozen=True)
class PartnerWord:
    """What such an e-mail is made of: `reason` is that of more time.

    `token` opens the page until `open_until`, None: there is no page.
    """

    moment: PartnerMoment
    programme: str
    timezone: str
    council: str
    number: str
    title: str
    sent_at: datetime
    due_at: datetime
    token: str | None
    open_until: datetime
    reason: str = ""


WritePartner = Callable[[PartnerWord], MailWords]


async def remind_awaited(
    database: Database,
    clock: Clock,
    programme: ProgrammeSettings,
    mail: WritePartner,
    *,
    has_pages: bool,
    portion: int = PORTION,
) -> bool:
    """Reminders and alerts whose moment has come, each once a round and expected day.

    Each interpellation has its own short transaction. True: a portion is done and there may be more.
    """
    due = col(Interpellation.next_look_at) <= clock.now(), col(Interpellation.state).in_(AWAITED)

    async def look(session: AsyncSession, interpellation_id: int) -> None:
        one = select(Interpellation).where(*due, col(Interpellation.id) == interpellation_id)
        row = (await session.exec(one.with_for_update(skip_locked=True))).first()
        if row is not None:
            await _Look(session, clock, programme, row, mail, has_pages).done()

    query = select(col(Interpellation.id)).where(*due).order_by(col(Interpellation.next_look_at))
    return await each_due(database, query, look, portion) == portion


@dataclass(frozen=True)
class _Look:
    """One look at one interpellation."""

    session: AsyncSession
    clock: Clock
    programme: ProgrammeSettings
    row: Interpellation
    mail: WritePartner
    has_pages: bool

    async def done(self) -> None:
        """Does what is due by now, and says when to look again."""
        row, now = self.row, self.clock.now()
        if not is_awaited(row) or row.due_at is None or row.sent_at is None:
            row.next_look_at = None
            return
        if not self._works(now):
            row.next_look_at = self._next_opening(now)
            return
        moments = self._moments(row.sent_at, row.due_at)
        reached = max((level for level, moment in moments.items() if moment <= now), default=AlertLevel.NOTHING)
        if reached > row.alert_level:
            before, row.alert_level = row.alert_level, int(reached)
            await self._tell(AlertLevel(before), reached)
        ahead = [moment for level, moment in moments.items() if level > row.alert_level]
        row.next_look_at = min(ahead, default=None)

    def _moments(self, sent_at: datetime, due_at: datetime) -> dict[AlertLevel, datetime]:
        """When each alert is due. Without a receipt the council hears of it, unless the reminder comes before."""
        moments = {
            AlertLevel.LATE: late_from(self.programme, due_at),
            AlertLevel.VERY_LATE: very_late_from(self.programme, due_at),
        }
        before = days_before(self.programme, due_at, self.programme.interpellations.partner_days)
        if sent_at < before < due_at:
            moments[AlertLevel.BEFORE] = before
        receipt = late_from(self.programme, acknowledgement_due(self.programme, sent_at))
        if self.row.state is S.SENT and receipt < before:
            moments[AlertLevel.NO_RECEIPT] = receipt
        return moments

    async def _tell(self, before: AlertLevel, reached: AlertLevel) -> None:
        """Of several alerts that come at once, after a standstill, the last is told; the partner is written to once."""
        act = InterpellationAct
        if reached is AlertLevel.VERY_LATE and before < AlertLevel.VERY_LATE:
            await self._tell_late(act.VERY_OVERDUE)
        elif reached is AlertLevel.LATE:
            await self._tell_late(act.OVERDUE)
        elif reached is AlertLevel.NO_RECEIPT:
            await self._tell_no_receipt()
        if reached >= AlertLevel.LATE and before < AlertLevel.LATE:
            await self._remind(PartnerMoment.AFTER)
        elif reached is AlertLevel.BEFORE:
            await self._remind(PartnerMoment.BEFORE)

    async def _tell_late(self, act: InterpellationAct) -> None:
        """The author and who carries it."""
        await note(self.session, self.clock, self.row, act, None)
        author = frozenset(filter(None, (self.row.author_id,)))
        await tell_people(self.session, self.clock, self.row, act, author | await self._carriers())

    async def _tell_no_receipt(self) -> None:
        await note(self.session, self.clock, self.row, InterpellationAct.NO_RECEIPT, None)
        act = InterpellationAct.NO_RECEIPT
        await tell_people(self.session, self.clock, self.row, act, await self._carriers())

    async def _carriers(self) -> frozenset[int]:
        council_id = self.row.council_id
        team = await duty.animators(self.session, council_id) or await duty.coordinators(self.session)
        return team | await duty.leads(self.session, council_id)

    async def _remind(self, moment: PartnerMoment) -> None:
        """By e-mail, where there is an address; a letter carried by hand is reminded of so as well."""
        session, clock, row = self.session, self.clock, self.row
        if await write_to_partner(session, clock, self.programme, row, moment, self.mail, has_pages=self.has_pages):
            await note(session, clock, row, InterpellationAct.REMINDED, None)

    def _works(self, now: datetime) -> bool:
        return calendar_of(self.programme).is_open(now)

    def _next_opening(self, now: datetime) -> datetime:
        try:
            return calendar_of(self.programme).next_open(now)
        except NeverOpen:
            return now + _LONG


async def write_to_partner(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    row: Interpellation,
    moment: PartnerMoment,
    mail: WritePartner,
    *,
    has_pages: bool,
    reason: str = "",
) -> bool:
    """An e-mail about the day on which an answer is expected, once for each; False where there is no address."""
    letter = await _sent_letter(session, row)
    address = (letter.address if letter is not None else None) or partner_address(programme, row)
    if letter is None or address is None or row.sent_at is None or row.due_at is None:
        return False
    token = await make_link(session, clock, programme, letter, row.partner_name) if has_pages else None
    council = await council_of(session, row.council_id)
    words = mail(
        PartnerWord(
            moment=moment,
            programme=programme.name,
            timezone=programme.timezone,
            council=council.name if council is not None else "",
            number=row.number,
            title=row.title,
            sent_at=row.sent_at,
            due_at=row.due_at,
            token=token,
            open_until=clock.now() + timedelta(days=programme.interpellations.link_days),
            reason=reason,
        )
    )
    await write_mail(
        session,
        clock,
        kind=MAIL_KIND,
        subject_id=row.id,
        address=address,
        subject=words.subject,
        body=words.body,
        dedup_key=f"{MAIL_KIND}:{row.id}:{row.round}:{moment}:{row.due_at.isoformat()}",
        headers={**BY_MACHINE, **reply_headers(programme)},
    )
    return True


async def _sent_letter(session: AsyncSession, row: Interpellation) -> InterpellationLetter | None:
    """The letter of this round that was sent."""
    sent = (
        col(InterpellationLetter.interpellation_id) == row.id,
        col(InterpellationLetter.round) == row.round,
        col(InterpellationLetter.state) == LetterState.SENT,
    )
    query = select(InterpellationLetter).where(*sent).order_by(col(InterpellationLetter.attempt).desc()).limit(1)
    return (await session.exec(query.options(defer(InterpellationLetter.pdf)))).first()  # type: ignore[arg-type]


@on_mail_settled(MAIL_KIND)
async def _tell_trouble(session: AsyncSession, clock: Clock, mail: Mail) -> None:
    """The team of the council hears of a reminder that did not arrive; of one that did the token goes."""
    if mail.state is MailState.SENT:
        mail.body = without_tokens(mail.body)
    if mail.state not in UNSENT:
        return
    row = await session.get(Interpellation, mail.subject_id)
    team = await duty.animators(session, row.council_id) if row is not None else frozenset()
    word = Word(NoticeKind.MAIL_UNSENT, mail.id, NoticePriority.TRANSACTIONAL, revision=mail.claims)
    await notices.tell_each(session, clock, team or await duty.coordinators(session), word)
