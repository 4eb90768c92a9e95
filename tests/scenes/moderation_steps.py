"""What scenes about moderated proposals have in common: a text in the queue, a moderator's taps, what was kept."""

import itertools

from markupsafe import escape
from sqlalchemy import update
from sqlmodel import col, select

from council.contents import Content
from council.notices import NoticeKind
from council.proposal_support import follow, report, support
from council.proposals import ProposalDraft, correct_proposal, submit_proposal
from storage.people import Person as Who
from storage.people import Role, RoleGrant
from storage.proposals import Proposal, ProposalEvent, ProposalFollower, ReportReason
from storage.support import ContentKind
from tests.scenes.interpellation_steps import StageClock
from tests.scenes.meeting_steps import notices
from tests.scenes.proposal_steps import published
from tests.scenes.stage import Person, Stage

BENCH = "Un banc devant l’école. Les parents attendent debout."
_KEYS = itertools.count()


async def in_queue(person: Person, words: str = BENCH, council: str = "nord", *, anonymous: bool = False) -> Proposal:
    """Sent by the use case that the taps of its author would call; its moderators have been told."""
    stage = person.stage
    content = Content(ContentKind.TEXT, person.id, 1, (str(escape(words)),))
    draft = ProposalDraft(stage.councils[council], "autre", (content,), anonymous=anonymous)
    actor, key = await stage.actor(person), f"scene:{next(_KEYS)}"
    async with stage.database.write() as session:
        made = await submit_proposal(session, StageClock(stage), stage.settings, actor, draft, key)
    await stage.all_delivered()
    return made


async def corrects(person: Person, proposal: Proposal, words: str) -> None:
    """By the use case that the taps of its author would call; who asked has been told."""
    stage = person.stage
    content = Content(ContentKind.TEXT, person.id, 2, (str(escape(words)),))
    draft, actor = ProposalDraft(proposal.council_id, "autre", (content,)), await stage.actor(person)
    async with stage.database.write() as session:
        await correct_proposal(session, StageClock(stage), stage.settings, actor, proposal.id, draft)
    await stage.all_delivered()


async def public(author: Person, moderator: Person, words: str = BENCH) -> Proposal:
    """A published proposal, of which everybody has been told."""
    made = await published(author.stage, moderator, await in_queue(author, words))
    await author.stage.all_delivered()
    return made


async def opens(moderator: Person, proposal: Proposal) -> None:
    """From the queue."""
    await moderator.sends("/moderation")
    await moderator.taps(proposal.number)
    await moderator.sees(proposal.number, "De :")


async def publishes(moderator: Person, proposal: Proposal) -> None:
    await opens(moderator, proposal)
    await moderator.taps("Publier")
    await moderator.sees("est publiée")
    await moderator.stage.all_delivered()


async def supports(person: Person, proposal: Proposal) -> None:
    actor = await person.stage.actor(person)
    async with person.stage.database.write() as session:
        await support(session, StageClock(person.stage), actor, proposal.id)


async def follows(person: Person, proposal: Proposal) -> None:
    actor = await person.stage.actor(person)
    async with person.stage.database.write() as session:
        await follow(session, StageClock(person.stage), actor, proposal.id)


async def reports(person: Person, proposal: Proposal, reason: ReportReason = ReportReason.PERSONAL) -> None:
    stage = person.stage
    actor = await stage.actor(person)
    async with stage.database.write() as session:
        await report(session, StageClock(stage), stage.settings, actor, proposal.id, reason)


async def standing(stage: Stage, proposal: Proposal) -> dict[int, bool]:
    """Telegram ids of who follows it, and whether they support it."""
    async with stage.database.read() as session:
        query = (
            select(col(Who.telegram_id), col(ProposalFollower.supports))
            .join(ProposalFollower, col(ProposalFollower.person_id) == col(Who.id))
            .where(col(ProposalFollower.proposal_id) == proposal.id)
        )
        return dict((await session.exec(query)).all())


async def revoked(person: Person, role: Role) -> None:
    """The role ends, as when who coordinates takes it back."""
    stage = person.stage
    actor = await stage.actor(person)
    async with stage.database.write() as session:
        ending = update(RoleGrant).where(col(RoleGrant.person_id) == actor.person_id, col(RoleGrant.role) == role)
        await session.exec(ending.values(revoked_at=stage.now()))


async def acts(stage: Stage, proposal: Proposal) -> list[str]:
    """What was done with it, in order."""
    async with stage.database.read() as session:
        query = select(ProposalEvent.act).where(col(ProposalEvent.proposal_id) == proposal.id)
        return [each.value for each in (await session.exec(query.order_by(col(ProposalEvent.id)))).all()]


async def told(stage: Stage, kind: NoticeKind) -> list[int]:
    """Ids of the chats to which notices of this kind were written."""
    return sorted(each.chat_id for each in await notices(stage, kind))


async def menu(lead: Person, proposal: Proposal) -> None:
    """What the council may do with a published one, from its card."""
    await lead.sends(proposal.number)
    await lead.taps("Faire avancer")
    await lead.sees(proposal.number, "État :")
