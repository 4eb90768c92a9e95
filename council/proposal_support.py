"""Standing behind a proposal, following it, and saying that its text should not stand there."""

from datetime import timedelta

from sqlalchemy import delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, live_cards
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, Refusal
from council.live_cards import LiveKind
from council.meeting_views import takes_part
from council.proposal_moderation import tell_moderators
from council.proposal_states import change, is_public
from council.proposal_views import count_supporters
from council.settings import ProgrammeSettings
from storage.database import dialect_insert
from storage.proposals import ENDED, Proposal, ProposalAct, ProposalFollower, ProposalReport, ReportReason

FEW = 20
"""So many supporters are counted on every card within seconds; beyond that the number moves on once in MANY_SPACING."""
MANY_SPACING = timedelta(hours=1)
"""A popular proposal stands in hundreds of chats: an edit of each for every tap would hold up what people wait for."""


class OwnProposal(Refusal):
    """Nobody supports, follows or reports words of their own."""


class NotOfTheCouncil(Refusal):
    """Support is for those who follow the council or have a role in it."""

    def __init__(self, council_id: int) -> None:
        super().__init__(council_id)
        self.council_id = council_id


class ProposalDecided(Refusal):
    """It has come to its end: support would change nothing any more."""


async def support(session: AsyncSession, clock: Clock, actor: Actor, proposal_id: int) -> bool:
    """The actor stands behind it and hears what becomes of it; False when they did already.

    Raises:
        NotAllowed: not published, or no such proposal.
        OwnProposal, NotOfTheCouncil, ProposalDecided
    """
    proposal = await _held_published(session, actor, proposal_id)
    if not takes_part(actor, frozenset({proposal.council_id})):
        raise NotOfTheCouncil(proposal.council_id)
    if proposal.state in ENDED:
        raise ProposalDecided
    writing = dialect_insert(session, ProposalFollower).values(
        proposal_id=proposal.id, person_id=actor.person_id, supports=True, since=clock.now()
    )
    standing = writing.on_conflict_do_update(
        index_elements=["proposal_id", "person_id"],
        set_={"supports": True, "since": clock.now()},
        where=~col(ProposalFollower.supports),
    )
    return await _note(session, clock, actor, proposal, "supported", (await session.exec(standing)).rowcount)


async def withdraw_support(session: AsyncSession, clock: Clock, actor: Actor, proposal_id: int) -> bool:
    """The actor stands behind it no more and hears no more of it; False when they did not. Raises NotAllowed."""
    proposal = await _held_published(session, actor, proposal_id)
    return await _note(
        session, clock, actor, proposal, "support_withdrawn", await _leave(session, actor, proposal, True)
    )


async def follow(session: AsyncSession, clock: Clock, actor: Actor, proposal_id: int) -> bool:
    """The actor hears what becomes of it; False when they did already, as a supporter perhaps.

    Raises:
        NotAllowed: not published, or no such proposal.
        OwnProposal
    """
    proposal = await _held_published(session, actor, proposal_id)
    writing = dialect_insert(session, ProposalFollower).values(
        proposal_id=proposal.id, person_id=actor.person_id, supports=False, since=clock.now()
    )
    new = (await session.exec(writing.on_conflict_do_nothing())).rowcount
    return await _note(session, clock, actor, proposal, "followed", new)


async def unfollow(session: AsyncSession, clock: Clock, actor: Actor, proposal_id: int) -> bool:
    """The actor hears no more of it, unless they support it; False when they did not follow. Raises NotAllowed."""
    proposal = await _held_published(session, actor, proposal_id)
    return await _note(session, clock, actor, proposal, "left", await _leave(session, actor, proposal, False))


async def report(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    proposal_id: int,
    reason: ReportReason,
) -> bool:
    """The actor finds that its text should not stand there; False when they have said so before.

    After as many people as the programme says the text is hidden until a moderator has looked;
    moderators are told.

    Raises:
        NotAllowed: not published, or no such proposal.
        OwnProposal
    """
    proposal = await _held_published(session, actor, proposal_id)
    writing = dialect_insert(session, ProposalReport).values(
        proposal_id=proposal.id, person_id=actor.person_id, reason=reason, at=clock.now()
    )
    if not (await session.exec(writing.on_conflict_do_nothing())).rowcount:
        return False
    await audit.record(session, clock, actor, "proposal.reported", "proposal", proposal.id, reason=reason)
    if await _reports(session, proposal.id) >= programme.proposals.reports:
        await change(session, clock, proposal, ProposalAct.HIDDEN, None, hidden_at=clock.now())
        await tell_moderators(session, clock, proposal)
    return True


async def _held_published(session: AsyncSession, actor: Actor, proposal_id: int) -> Proposal:
    """Somebody else's published proposal, until the end of the transaction.

    Of several who report at once the last one counts all; who supports it while it is joined with another is not left
    behind, and who does not any more is not taken along.

    Raises NotAllowed, OwnProposal.
    """
    proposal = await session.get(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    if proposal is None or not is_public(proposal):
        raise NotAllowed
    if proposal.author_id == actor.person_id:
        raise OwnProposal
    return proposal


async def _leave(session: AsyncSession, actor: Actor, proposal: Proposal, supports: bool) -> int:
    leaving = delete(ProposalFollower).where(
        col(ProposalFollower.proposal_id) == proposal.id,
        col(ProposalFollower.person_id) == actor.person_id,
        col(ProposalFollower.supports).is_(supports),
    )
    return (await session.exec(leaving)).rowcount


async def _note(session: AsyncSession, clock: Clock, actor: Actor, proposal: Proposal, act: str, changed: int) -> bool:
    """The audit line, and the cards refreshed, when something has changed."""
    if changed:
        await audit.record(session, clock, actor, f"proposal.{act}", "proposal", proposal.id)
        supporters = await count_supporters(session, proposal.id)
        spacing = live_cards.SPACING if supporters <= FEW else MANY_SPACING
        await live_cards.refresh(session, clock, LiveKind.PROPOSAL, proposal.id, spacing)
    return bool(changed)


async def _reports(session: AsyncSession, proposal_id: int) -> int:
    """How many people have reported it whom no moderator has answered yet."""
    open_ones = col(ProposalReport.proposal_id) == proposal_id, col(ProposalReport.settled_at).is_(None)
    return (await session.exec(select(func.count()).select_from(ProposalReport).where(*open_ones))).one()
