"""What a letter to a partner says: all of it, read at one moment, so that it can be drawn away from the database."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.contents import Content
from council.council_choice import council_of
from council.errors import OutOfDate
from council.interpellation_delays import answer_days
from council.interpellation_states import TRANSITIONS, S, check_carries, load_interpellation
from council.interpellation_views import count_signatures
from council.local_time import local
from council.mails import Attachment, is_mail_address
from council.proposal_settings import OTHER_THEME
from council.settings import REFERENCE_LANGUAGE, ProgrammeSettings
from storage.interpellations import (
    Interpellation,
    InterpellationAct,
    InterpellationEvent,
    InterpellationKind,
    InterpellationLetter,
    InterpellationSignature,
    LetterWay,
)
from storage.people import Person
from storage.support import ContentKind

SENDINGS = (InterpellationAct.SENT, InterpellationAct.HANDED_OVER, InterpellationAct.ASKED_AGAIN)
"""Acts by which a letter has left; the last is that of a follow-up, by whatever way."""


@dataclass(frozen=True)
class LetterFacts:
    """One letter, in bare text as people wrote it; empty where nothing was said.

    `town` is that of the council, and `theme` has a name of the programme's. `evidence` is what the author gave to show
    it, without the chat that it came from. `names` are first names of those who chose to appear among the `signatures`.
    `words` is what a follow-up adds, `first_sent_on` when the first letter was sent. `online`: the e-mail has a
    personal link to answer. `contact` is where an answer on paper goes. Days are local ones.
    """

    interpellation_id: int
    revision: int
    way: LetterWay
    online: bool
    programme: str
    contact: tuple[str, str]
    council: str
    town: str
    number: str
    kind: InterpellationKind
    round: int
    partner: str
    on: date
    theme: str
    title: str
    facts: str
    place: str
    since: str
    people: str
    tried: str
    asked: str
    evidence: tuple[Content, ...]
    signatures: int
    names: tuple[str, ...]
    majority_position: str
    dissenting_views: tuple[str, ...]
    words: str
    first_sent_on: date | None
    answer_days: int
    acknowledgement_days: int


@dataclass(frozen=True)
class DrawnLetter:
    """A letter that was drawn from these facts.

    `enclosed` counts the papers that stand at its end, `attached` are the documents that go beside it.
    """

    facts: LetterFacts
    pdf: bytes
    enclosed: int = 0
    attached: tuple[Attachment, ...] = ()

    @property
    def left_out(self) -> int:
        """Papers that are neither picture nor document, or too large, or that Telegram does not give any more."""
        return len(papers_in(self.facts.evidence)) - self.enclosed - len(self.attached)


async def letter_facts(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    interpellation_id: int,
    way: LetterWay,
    *,
    has_pages: bool,
) -> LetterFacts:
    """The letter that could be sent now. `has_pages`: partners can reach the pages of this deployment.

    Raises:
        NotAllowed: somebody who does not carry it.
        OutOfDate: nothing is to be sent now.
    """
    row = await load_interpellation(session, actor, interpellation_id)
    check_carries(actor, row)
    number = next_round(row)
    words = await words_to_add(session, row) if number > 1 else ""
    if number > 1 and not words:
        raise OutOfDate
    council = await council_of(session, row.council_id)
    return LetterFacts(
        interpellation_id=row.id,
        revision=row.revision,
        way=way,
        online=has_pages and way is LetterWay.MAIL,
        programme=programme.name,
        contact=(programme.controller.name, programme.controller.contact),
        council=council.name if council is not None else "",
        town=programme.town_of(council.code) if council is not None else "",
        number=row.number,
        kind=row.kind,
        round=number,
        partner=row.partner_name,
        on=local(clock.now(), programme.tz).date(),
        theme=theme_name(programme, row.theme),
        title=row.title,
        facts=row.facts,
        place=row.place,
        since=row.since,
        people=row.people,
        tried=row.tried,
        asked=row.asked,
        evidence=evidence_of(row),
        signatures=await count_signatures(session, row.id),
        names=await _shown_names(session, row.id),
        majority_position=row.majority_position,
        dissenting_views=tuple(row.dissenting_views),
        words=words,
        first_sent_on=await _first_sent_on(session, programme, row),
        answer_days=answer_days(programme, row.kind),
        acknowledgement_days=programme.delays.acknowledgement_days,
    )


def fingerprint_of(facts: LetterFacts) -> str:
    """SHA-256, in hexadecimal, of all that the letter says but for its day: two papers of one hash say the same."""
    said = {name: each for name, each in asdict(facts).items() if name not in ("on", "revision")}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def evidence_of(row: Interpellation) -> tuple[Content, ...]:
    """What the author gave to show it, from nowhere: a letter names no chat."""
    given = (Content.from_json(each) for each in row.evidence)
    return tuple(replace(each, chat_id=0, message_id=0, reply_to=None) for each in given)


def papers_in(evidence: Sequence[Content]) -> tuple[Content, ...]:
    """The files among it."""
    return tuple(each for each in evidence if each.kind is not ContentKind.LOCATION)


def points_in(evidence: Sequence[Content]) -> tuple[Content, ...]:
    """The points on the map among it: they are told in words."""
    return tuple(each for each in evidence if each.kind is ContentKind.LOCATION)


def next_round(row: Interpellation) -> int:
    """Of the letter that may be sent now. Raises OutOfDate when none may."""
    if S.SENT not in TRANSITIONS[row.kind][row.state]:
        raise OutOfDate
    return row.round if row.state is S.ADOPTED else row.round + 1


def partner_address(programme: ProgrammeSettings, row: Interpellation) -> str | None:
    """Where mail for its partner goes by the settings of today; None: nowhere."""
    found = (each.email for each in programme.partners if each.code == row.partner_code)
    return next((each for each in found if each is not None and is_mail_address(each)), None)


async def words_to_add(session: AsyncSession, row: Interpellation) -> str:
    """What a follow-up is to add, as it was last wished since the last letter; empty when nothing is in words."""
    return await wish_to_add(session, row) or ""


async def wish_to_add(session: AsyncSession, row: Interpellation) -> str | None:
    """Like `words_to_add`; None when nothing is wished, empty when it was said aloud and nobody has written it yet."""
    acts = (*SENDINGS, InterpellationAct.ASKING_AGAIN_WISHED)
    newest = (
        select(col(InterpellationEvent.act), col(InterpellationEvent.words))
        .where(col(InterpellationEvent.interpellation_id) == row.id, col(InterpellationEvent.act).in_(acts))
        .order_by(col(InterpellationEvent.id).desc())
        .limit(1)
    )
    found = (await session.exec(newest)).first()
    return found[1] if found is not None and found[0] is InterpellationAct.ASKING_AGAIN_WISHED else None


def theme_name(programme: ProgrammeSettings, code: str) -> str:
    """In French, as the letter is; "" for none, and for « something else »."""
    theme = programme.proposals.theme(code) if code else OTHER_THEME
    return "" if theme == OTHER_THEME else theme.called(REFERENCE_LANGUAGE)


async def _first_sent_on(session: AsyncSession, programme: ProgrammeSettings, row: Interpellation) -> date | None:
    """A letter that came back was not."""
    of_case = col(InterpellationLetter.interpellation_id) == row.id, col(InterpellationLetter.sent_at).is_not(None)
    query = select(col(InterpellationLetter.sent_at)).where(*of_case).order_by(col(InterpellationLetter.sent_at))
    first = (await session.exec(query.limit(1))).first()
    return local(first, programme.tz).date() if first is not None else None


async def _shown_names(session: AsyncSession, interpellation_id: int) -> tuple[str, ...]:
    query = (
        select(col(Person.first_name))
        .join(InterpellationSignature, col(InterpellationSignature.person_id) == col(Person.id))
        .where(
            col(InterpellationSignature.interpellation_id) == interpellation_id,
            col(InterpellationSignature.shows_name).is_(True),
            col(Person.erased_at).is_(None),
        )
        .order_by(col(InterpellationSignature.signed_at), col(Person.id))
    )
    return tuple(each for each in (await session.exec(query)).all() if each)
