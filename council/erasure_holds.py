"""All that an erasure changes, held before any of it is changed: in the one order of council/lock_order.py."""

from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.interpellation_erasure import cases_that_name, mails_that_name
from storage import duty, queue
from storage.dialogues import Dialogue
from storage.interpellations import Interpellation
from storage.invitations import Invitation
from storage.mails import Mail
from storage.meetings import Meeting, Rsvp
from storage.outbox import LiveCard, Notice
from storage.people import RoleGrant
from storage.proposals import Proposal, ProposalFollower
from storage.support import SupportMessage, SupportRequest


async def hold_all_of(session: AsyncSession, clock: Clock, actor: Actor) -> None:
    """From their roles on; the caller holds the person and the programme."""
    person_id, chat_id = actor.person_id, actor.telegram_id
    asked = select(col(SupportRequest.id)).where(col(SupportRequest.person_id) == person_id)
    followed = select(col(ProposalFollower.proposal_id)).where(col(ProposalFollower.person_id) == person_id)
    answered = select(col(Rsvp.meeting_id)).where(col(Rsvp.person_id) == person_id)
    await _hold(session, RoleGrant.id, col(RoleGrant.person_id) == person_id, col(RoleGrant.revoked_at).is_(None))
    await _hold(session, Invitation.id, col(Invitation.created_by) == person_id, col(Invitation.revoked_at).is_(None))
    # Who asked the same as they did goes on with somebody of the team.
    merged = col(SupportRequest.duplicate_of_id).in_(asked)
    heirs = (await session.exec(select(col(SupportRequest.id)).where(merged).limit(1))).first() is not None
    team = {each for each, _ in await duty.names(session)} if heirs else set()
    await duty.lock_posts(session, {person_id, *team})
    await _hold(session, Mail.id, col(Mail.id).in_(await mails_that_name(session, person_id)))
    await _hold(session, Proposal.id, or_(col(Proposal.author_id) == person_id, col(Proposal.id).in_(followed)))
    # A letter that is being written with their name is in line before this, or finds that the name is gone.
    cases = or_(col(Interpellation.author_id) == person_id, col(Interpellation.id).in_(cases_that_name(person_id)))
    await _hold(session, Interpellation.id, cases)
    in_hand = and_(col(SupportRequest.animator_id) == person_id, duty.is_open())
    await _hold(session, SupportRequest.id, or_(col(SupportRequest.person_id) == person_id, in_hand, merged))
    await _hold(session, Meeting.id, col(Meeting.id).in_(answered), col(Meeting.starts_at) > clock.now())
    # Whoever sends them a message holds its notice, and then writes down where it stands.
    await _hold(session, Notice.id, col(Notice.chat_id) == chat_id, col(Notice.state).in_(queue.UNFINISHED))
    await _hold(session, LiveCard.id, col(LiveCard.person_id) == person_id)
    await _hold(session, Dialogue.chat_id, col(Dialogue.telegram_id) == chat_id)
    said = or_(col(SupportMessage.request_id).in_(asked), col(SupportMessage.chat_id) == chat_id)
    await _hold(session, SupportMessage.id, said)


async def _hold(session: AsyncSession, key: Any, *theirs: Any) -> None:
    await session.exec(select(col(key)).where(*theirs).order_by(col(key)).with_for_update())
