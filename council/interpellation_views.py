"""An interpellation as somebody may read it: its words, who stands behind it, how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.council_choice import council_of
from council.interpellation_states import S, is_public, load_interpellation, may_vote
from council.settings import PartnerKind, ProgrammeSettings
from storage.interpellations import (
    AWAITED,
    UNPUBLISHED,
    AnswerFile,
    Interpellation,
    InterpellationAct,
    InterpellationAnswer,
    InterpellationEvent,
    InterpellationKind,
    InterpellationSignature,
    InterpellationState,
    InterpellationVote,
    VoteChoice,
)
from storage.people import Person, Role, RoleGrant

SIGNED_IN = (S.COSIGNING, S.VOTING, S.ADOPTED)
"""States in which the letter has not left: one signs until the end of signing, and may take it back all the time."""
_TOLD_TO_FEW = frozenset(
    {
        InterpellationAct.SENT_BACK,
        InterpellationAct.ACKNOWLEDGED,
        InterpellationAct.PASSED_ON,
        InterpellationAct.ASKING_AGAIN_WISHED,
    }
)
"""Steps whose words are for the author and who carries it: nobody has read them for the public, or they name people."""


@dataclass(frozen=True)
class Step:
    """One line of the history. `on` is the day of the step as it is told, when another than that of `at`.

    `words` are "" where they are not this reader's to read.
    """

    id: int
    at: datetime
    act: InterpellationAct
    on: date | None
    words: str


@dataclass(frozen=True)
class Votes:
    """How many members said what."""

    in_favour: int = 0
    against: int = 0
    abstain: int = 0

    @property
    def cast(self) -> int:
        return self.in_favour + self.against + self.abstain


@dataclass(frozen=True)
class Answered:
    """What the partner answered, in words; who `signed` it, as they say."""

    id: int
    signed: str
    words: str
    answered_on: date


@dataclass(frozen=True)
class InterpellationView:
    """As `reader_id` sees it at `as_of` (UTC).

    `author` is the first name, None when it is hidden or erased: people read « Un habitant ». `partner_kind` is None
    for a partner that the programme's file does not know. `votes` are those of the council; while the vote lasts only
    their sum is for all. `voices` counts what the author has said aloud, `files` photos and documents. `steps` are the
    whole history, oldest first, and `documents` counts those that came with steps. `prolonged` tells whether the time
    to sign was longer once already.
    """

    id: int
    number: str
    kind: InterpellationKind
    state: InterpellationState
    revision: int
    council_id: int
    council: str
    partner: str
    partner_code: str
    partner_kind: PartnerKind | None
    theme: str
    title: str
    facts: str
    place: str
    since: str
    people: str
    tried: str
    asked: str
    author: str | None
    anonymous: bool
    is_author: bool
    voices: int
    files: int
    threshold: int
    signatures: int
    signed: bool
    shows_name: bool
    cosign_until: datetime | None
    vote_until: datetime | None
    votes: Votes
    my_vote: VoteChoice | None
    my_view: str
    has_members: bool
    majority_position: str
    dissenting_views: tuple[str, ...]
    sent_at: datetime | None
    due_at: datetime | None
    answer: Answered | None
    steps: tuple[Step, ...]
    documents: int
    reader_id: int
    carries: bool
    leads: bool
    votes_here: bool
    follows: bool
    prolonged: bool
    as_of: datetime

    @property
    def is_public(self) -> bool:
        return self.state not in (*UNPUBLISHED, S.WITHDRAWN)

    @property
    def is_awaited(self) -> bool:
        return self.state in AWAITED

    @property
    def is_written(self) -> bool:
        """Whether what happens and what is asked stand in words: a letter needs them."""
        return bool(self.facts and self.asked)

    @property
    def may_sign(self) -> bool:
        in_time = self.cosign_until is not None and self.as_of < self.cosign_until
        return self.state in SIGNED_IN and in_time and not self.signed

    @property
    def may_unsign(self) -> bool:
        return self.state in SIGNED_IN and self.signed

    @property
    def lacks_signatures(self) -> bool:
        """Whether the time to sign is over without enough of them."""
        over = self.cosign_until is not None and self.cosign_until <= self.as_of
        return self.state is S.COSIGNING and over

    @property
    def vote_runs(self) -> bool:
        return self.state is S.VOTING and self.vote_until is not None and self.as_of < self.vote_until

    @property
    def awaits_confirmation(self) -> bool:
        return self.state is S.VOTING and not self.vote_runs

    @property
    def may_withdraw(self) -> bool:
        """The author while nobody else has a part in it, and whoever carries it on until the vote."""
        if self.state in UNPUBLISHED:
            return self.is_author
        return self.state is S.COSIGNING and (self.is_author or self.carries)


async def view_interpellation(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor, interpellation_id: int
) -> InterpellationView:
    """For those who may see it. Raises NotAllowed for all others, and when there is none."""
    interpellation = await load_interpellation(session, actor, interpellation_id)
    return await view_of(session, clock, programme, actor, interpellation)


async def view_of(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor, interpellation: Interpellation
) -> InterpellationView:
    """As `view_interpellation`, of a row whose reader is known to be allowed."""
    council = await council_of(session, interpellation.council_id)
    signature = await session.get(InterpellationSignature, (interpellation.id, actor.person_id))
    vote = await session.get(InterpellationVote, (interpellation.id, actor.person_id))
    carries = actor.manages(interpellation.council_id)
    is_author = interpellation.author_id == actor.person_id
    steps = await _steps(session, interpellation.id, whole=carries or is_author)
    return InterpellationView(
        id=interpellation.id,
        number=interpellation.number,
        kind=interpellation.kind,
        state=interpellation.state,
        revision=interpellation.revision,
        council_id=interpellation.council_id,
        council=council.name if council is not None else "",
        partner=interpellation.partner_name,
        partner_code=interpellation.partner_code,
        partner_kind=_partner_kind(programme, interpellation.partner_code),
        theme=interpellation.theme,
        title=interpellation.title,
        facts=interpellation.facts,
        place=interpellation.place,
        since=interpellation.since,
        people=interpellation.people,
        tried=interpellation.tried,
        asked=interpellation.asked,
        author=await _author(session, interpellation, knows=carries and not is_public(interpellation)),
        anonymous=interpellation.anonymous,
        is_author=is_author,
        voices=len(interpellation.originals),
        files=len(interpellation.evidence),
        threshold=interpellation.threshold,
        signatures=await count_signatures(session, interpellation.id),
        signed=signature is not None,
        shows_name=signature is not None and signature.shows_name,
        cosign_until=interpellation.cosign_until,
        vote_until=interpellation.vote_until,
        votes=await count_votes(session, interpellation.id),
        my_vote=vote.choice if vote is not None else None,
        my_view=vote.view if vote is not None else "",
        has_members=await has_members(session, interpellation.council_id),
        majority_position=interpellation.majority_position,
        dissenting_views=tuple(interpellation.dissenting_views),
        sent_at=interpellation.sent_at,
        due_at=interpellation.due_at,
        answer=await _answer(session, interpellation.id),
        steps=steps,
        documents=await _documents(session, interpellation.id),
        reader_id=actor.person_id,
        carries=carries,
        leads=actor.has(Role.LEAD, interpellation.council_id),
        votes_here=may_vote(actor, interpellation),
        follows=interpellation.council_id in actor.follows,
        prolonged=was_prolonged(steps),
        as_of=clock.now(),
    )


async def count_signatures(session: AsyncSession, interpellation_id: int) -> int:
    query = select(func.count()).select_from(InterpellationSignature)
    return (await session.exec(query.where(col(InterpellationSignature.interpellation_id) == interpellation_id))).one()


async def count_votes(session: AsyncSession, interpellation_id: int) -> Votes:
    query = (
        select(col(InterpellationVote.choice), func.count())
        .where(col(InterpellationVote.interpellation_id) == interpellation_id)
        .group_by(col(InterpellationVote.choice))
    )
    counted = {VoteChoice(choice): count for choice, count in (await session.exec(query)).all()}
    return Votes(*(counted.get(each, 0) for each in (VoteChoice.FOR, VoteChoice.AGAINST, VoteChoice.ABSTAIN)))


async def has_members(session: AsyncSession, council_id: int) -> bool:
    """Whether somebody sits on the council as a member; a lead alone is no vote."""
    return bool(await voters(session, council_id, Role.MEMBER))


async def voters(session: AsyncSession, council_id: int, *roles: Role) -> frozenset[int]:
    """Who holds one of these roles in the council now, by default those who vote."""
    held = (
        col(RoleGrant.council_id) == council_id,
        col(RoleGrant.revoked_at).is_(None),
        col(RoleGrant.role).in_(roles or (Role.MEMBER, Role.LEAD)),
    )
    return frozenset((await session.exec(select(col(RoleGrant.person_id)).where(*held))).all())


def was_prolonged(steps: Sequence[Step]) -> bool:
    """Whether the time to sign was made longer: before the vote began."""
    acts = [each.act for each in steps]
    if InterpellationAct.SIGNED_ENOUGH in acts:
        acts = acts[: acts.index(InterpellationAct.SIGNED_ENOUGH)]
    return InterpellationAct.PROLONGED in acts


def _partner_kind(programme: ProgrammeSettings, code: str) -> PartnerKind | None:
    return next((each.kind for each in programme.partners if each.code == code), None)


async def _author(session: AsyncSession, interpellation: Interpellation, *, knows: bool) -> str | None:
    """`knows`: whoever decides whether it is published may know who wrote it."""
    if interpellation.author_id is None or (interpellation.anonymous and not knows):
        return None
    person = await session.get(Person, interpellation.author_id)
    return person.first_name if person is not None and person.erased_at is None else None


async def _documents(session: AsyncSession, interpellation_id: int) -> int:
    query = (
        select(func.count())
        .select_from(AnswerFile)
        .join(InterpellationEvent, col(AnswerFile.event_id) == col(InterpellationEvent.id))
    )
    return (await session.exec(query.where(col(InterpellationEvent.interpellation_id) == interpellation_id))).one()


async def _answer(session: AsyncSession, interpellation_id: int) -> Answered | None:
    query = (
        select(InterpellationAnswer)
        .where(col(InterpellationAnswer.interpellation_id) == interpellation_id)
        .order_by(col(InterpellationAnswer.id).desc())
        .limit(1)
    )
    found = (await session.exec(query)).first()
    return Answered(found.id, found.signed, found.words, found.answered_on) if found is not None else None


async def _steps(session: AsyncSession, interpellation_id: int, *, whole: bool) -> tuple[Step, ...]:
    query = (
        select(InterpellationEvent)
        .where(col(InterpellationEvent.interpellation_id) == interpellation_id)
        .order_by(col(InterpellationEvent.id))
    )
    found = (await session.exec(query)).all()
    return tuple(
        Step(each.id, each.at, each.act, each.on, each.words if whole or each.act not in _TOLD_TO_FEW else "")
        for each in found
    )
