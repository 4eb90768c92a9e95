"""Proposals as somebody reads them: one whole, and what this reader may do with it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.council_choice import council_of
from council.errors import NotAllowed
from council.meeting_views import takes_part
from council.proposal_originals import Told, originals_of, told_by
from council.proposal_states import ReportedBack, is_public, may_moderate, may_see, reported_back
from council.proposal_treatment import agenda_of, is_to_be_discussed
from council.support_mine import first_name
from storage.proposals import ENDED, Proposal, ProposalFollower, ProposalState


@dataclass(frozen=True)
class ProposalView:
    """A proposal for one reader.

    `title` is "" while nobody has put into words what was `told`. `author` is the first name as this reader may know
    it: None when it is hidden from them (`anonymous`), or the account is erased. `supporters` are distinct people.
    `supports` and `follows` are the reader's own; whoever supports does not follow besides. `reason` is why it was
    refused, set aside or must be corrected; `outcome` what the council or a partner said; `reported_back` what was told
    of that in a meeting. `meeting` is the one on whose agenda it stands: the council will still talk of it there
    (`to_be_discussed`), or has. `merged_into` is the number of the one that goes on. Moments are UTC.
    """

    id: int
    number: str
    council_id: int
    council: str
    theme: str
    state: ProposalState
    title: str
    told: Told | None
    words: str
    place: str
    latitude: float | None
    longitude: float | None
    photo_file_id: str | None
    done_photo_file_id: str | None
    author: str | None
    anonymous: bool
    supporters: int
    mine: bool
    supports: bool
    follows: bool
    reason: str | None
    outcome: str | None
    reported_back: ReportedBack | None
    meeting: str | None
    meeting_at: datetime | None
    to_be_discussed: bool
    merged_into_id: int | None
    merged_into: str | None
    published_at: datetime | None
    moved_at: datetime
    hidden: bool
    public: bool
    takes_part: bool
    may_treat: bool
    may_moderate: bool

    @property
    def may_support(self) -> bool:
        """Open to the reader's support: another's, published, of a council of theirs, and not decided yet."""
        return self.may_be_supported and self.takes_part

    @property
    def may_be_supported(self) -> bool:
        """Open to support of those who take part in the council."""
        return self.public and not self.mine and not self.supports and self.state not in ENDED


async def view_proposal(session: AsyncSession, actor: Actor, proposal_id: int) -> ProposalView:
    """The proposal for this reader; one that was merged leads all but its author and the moderators to the other.

    Raises:
        NotAllowed: not published, hidden, or there is none: nobody learns which.
    """
    proposal = await session.get(Proposal, proposal_id)
    while proposal is not None and not may_see(actor, proposal) and proposal.merged_into_id is not None:
        proposal = await session.get(Proposal, proposal.merged_into_id)
    if proposal is None or not may_see(actor, proposal):
        raise NotAllowed
    return await view_of(session, actor, proposal)


async def view_of(session: AsyncSession, actor: Actor, proposal: Proposal) -> ProposalView:
    """The proposal for a reader of whom the caller knows that they may see it."""
    mine, manages = actor.person_id == proposal.author_id, actor.manages(proposal.council_id)
    follower = await session.get(ProposalFollower, (proposal.id, actor.person_id))
    council = await council_of(session, proposal.council_id)
    meeting = await agenda_of(session, proposal)
    merged_into = await session.get(Proposal, proposal.merged_into_id) if proposal.merged_into_id is not None else None
    told_back = proposal.state is ProposalState.REPORTED_BACK
    known = mine or manages or not proposal.anonymous
    return ProposalView(
        id=proposal.id,
        number=proposal.number,
        council_id=proposal.council_id,
        council=council.name if council is not None else "",
        theme=proposal.theme,
        state=proposal.state,
        title=proposal.title,
        told=told_by(originals_of(proposal)),
        words=proposal.words,
        place=proposal.place,
        latitude=proposal.latitude,
        longitude=proposal.longitude,
        photo_file_id=proposal.photo_file_id,
        done_photo_file_id=proposal.done_photo_file_id,
        author=await first_name(session, proposal.author_id) if known else None,
        anonymous=proposal.anonymous,
        supporters=await count_supporters(session, proposal.id),
        mine=mine,
        supports=follower is not None and follower.supports,
        follows=follower is not None and not follower.supports,
        reason=proposal.reason,
        outcome=proposal.outcome,
        reported_back=await reported_back(session, proposal.id) if told_back else None,
        meeting=meeting.title if meeting is not None else None,
        meeting_at=meeting.starts_at if meeting is not None else None,
        to_be_discussed=meeting is not None and await is_to_be_discussed(session, proposal),
        merged_into_id=merged_into.id if merged_into is not None else None,
        merged_into=merged_into.number if merged_into is not None else None,
        published_at=proposal.published_at,
        moved_at=proposal.moved_at,
        hidden=proposal.hidden_at is not None,
        public=is_public(proposal),
        takes_part=takes_part(actor, frozenset({proposal.council_id})),
        may_treat=manages,
        may_moderate=may_moderate(actor, proposal),
    )


async def count_supporters(session: AsyncSession, proposal_id: int) -> int:
    """How many people stand behind it."""
    supporting = col(ProposalFollower.proposal_id) == proposal_id, col(ProposalFollower.supports)
    return (await session.exec(select(func.count()).select_from(ProposalFollower).where(*supporting))).one()
