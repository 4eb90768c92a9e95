"""What the reader of a personal link may see: one letter, and what was answered to it. Nothing of any other case."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.clock import Clock
from council.contents import Content
from council.council_choice import council_of
from council.interpellation_answers import answers_of, takes_answers
from council.interpellation_letters import evidence_of, papers_in, points_in
from council.interpellation_sending import settle_by_reader
from council.interpellation_views import count_signatures
from council.partner_links import open_link
from storage.interpellations import (
    AWAITED,
    AnswerWay,
    Interpellation,
    InterpellationKind,
    InterpellationLetter,
    InterpellationState,
    LetterState,
    PartnerLink,
)
from storage.mails import MailAttachment


@dataclass(frozen=True)
class AnswerSeen:
    """An answer given so far; `files` are names."""

    signed: str
    words: str
    way: AnswerWay
    answered_on: date
    files: tuple[str, ...]


@dataclass(frozen=True)
class DocumentSeen:
    """A document that went beside the letter; `id` opens it with the same link."""

    id: int
    file_name: str
    bytes: int


@dataclass(frozen=True)
class PartnerView:
    """The page of one link.

    `name` is for whom the link was made. `theme` is a code of the programme's, `points` are on the map. The words of
    the letter are bare text, each empty when it was not said; `words` is what a follow-up adds. `signatures` counts who
    signed: no name of theirs is here, those who chose to appear stand in the letter itself, which is `pdf_bytes` long.
    At the end of that stand the `enclosed` photos and papers, `documents` went beside it; `left_out` counts what could
    not. `due_at` is agreed locally, never a legal date.
    `is_news`: nobody has opened it before, or nobody knows whether the letter has arrived. Moments are UTC.
    """

    name: str
    number: str
    kind: InterpellationKind
    state: InterpellationState
    council: str
    partner: str
    title: str
    theme: str
    facts: str
    place: str
    points: tuple[Content, ...]
    since: str
    people: str
    tried: str
    asked: str
    words: str
    round: int
    signatures: int
    majority_position: str
    dissenting_views: tuple[str, ...]
    sent_at: datetime | None
    due_at: datetime | None
    acknowledged_at: datetime | None
    closed_at: datetime | None
    answers: tuple[AnswerSeen, ...]
    pdf_bytes: int
    enclosed: int
    documents: tuple[DocumentSeen, ...]
    left_out: int
    takes_answers: bool
    is_news: bool

    @property
    def awaits_receipt(self) -> bool:
        """Whether to say that the letter has come is still news."""
        return self.state is InterpellationState.SENT

    @property
    def is_awaited(self) -> bool:
        return self.state in AWAITED


async def view_for_partner(session: AsyncSession, clock: Clock, token: str) -> PartnerView | None:
    """None for a token that opens nothing: unknown, expired and revoked look alike."""
    opened = await open_link(session, clock, token)
    return await _view(session, *opened) if opened is not None else None


async def note_opened(session: AsyncSession, clock: Clock, token: str) -> None:
    """Somebody has looked: no receipt, but a letter of which nobody knew whether it had arrived has arrived."""
    opened = await open_link(session, clock, token)
    if opened is None:
        return
    link, letter, _ = opened
    first = col(PartnerLink.id) == link.id, col(PartnerLink.opened_at).is_(None)
    await session.exec(update(PartnerLink).where(*first).values(opened_at=clock.now()))
    await settle_by_reader(session, clock, letter)


async def letter_for_partner(session: AsyncSession, clock: Clock, token: str) -> tuple[str, bytes] | None:
    """The number of the case and the letter as a PDF; None for a token that opens nothing."""
    opened = await open_link(session, clock, token)
    if opened is None:
        return None
    query = select(col(InterpellationLetter.pdf)).where(col(InterpellationLetter.id) == opened[1].id)
    return opened[2].number, (await session.exec(query)).one()


async def document_for_partner(
    session: AsyncSession, clock: Clock, token: str, document_id: int
) -> tuple[str, str, bytes] | None:
    """Name, media type and content of a document of that letter; None for a token or a document that opens nothing."""
    opened = await open_link(session, clock, token)
    if opened is None:
        return None
    query = select(MailAttachment).where(*_beside(opened[1]), col(MailAttachment.id) == document_id)
    found = (await session.exec(query)).first()
    return (found.file_name, found.media_type, found.content) if found is not None else None


async def _view(
    session: AsyncSession, link: PartnerLink, letter: InterpellationLetter, interpellation: Interpellation
) -> PartnerView:
    council = await council_of(session, interpellation.council_id)
    evidence, documents = evidence_of(interpellation), await _documents(session, letter)
    answers = tuple(
        AnswerSeen(each.signed, each.words, each.way, each.answered_on, tuple(file.file_name for file in files))
        for each, files in await answers_of(session, interpellation.id)
    )
    return PartnerView(
        name=link.name,
        number=interpellation.number,
        kind=interpellation.kind,
        state=interpellation.state,
        council=council.name if council is not None else "",
        partner=interpellation.partner_name,
        title=interpellation.title,
        theme=interpellation.theme,
        facts=interpellation.facts,
        place=interpellation.place,
        points=points_in(evidence),
        since=interpellation.since,
        people=interpellation.people,
        tried=interpellation.tried,
        asked=interpellation.asked,
        words=letter.words,
        round=letter.round,
        signatures=await count_signatures(session, interpellation.id),
        majority_position=interpellation.majority_position,
        dissenting_views=tuple(interpellation.dissenting_views),
        sent_at=letter.sent_at or interpellation.sent_at,
        due_at=interpellation.due_at,
        acknowledged_at=interpellation.acknowledged_at,
        closed_at=interpellation.closed_at,
        answers=answers,
        pdf_bytes=await _length_of(session, letter),
        enclosed=letter.enclosed,
        documents=documents,
        left_out=len(papers_in(evidence)) - letter.enclosed - len(documents),
        takes_answers=takes_answers(interpellation),
        is_news=link.opened_at is None or letter.state is LetterState.NOT_SENT,
    )


async def _length_of(session: AsyncSession, letter: InterpellationLetter) -> int:
    query = select(func.length(InterpellationLetter.pdf)).where(col(InterpellationLetter.id) == letter.id)
    return int((await session.exec(query)).one())


async def _documents(session: AsyncSession, letter: InterpellationLetter) -> tuple[DocumentSeen, ...]:
    query = select(col(MailAttachment.id), col(MailAttachment.file_name), func.length(MailAttachment.content)).where(
        *_beside(letter)
    )
    rows = (await session.exec(query.order_by(col(MailAttachment.id)))).all()
    return tuple(DocumentSeen(each, name, int(size)) for each, name, size in rows)


def _beside(letter: InterpellationLetter) -> tuple[ColumnElement[bool], ...]:
    """What its mail brought but the letter itself."""
    return col(MailAttachment.mail_id) == letter.mail_id, col(MailAttachment.sha256) != letter.sha256
