"""What scenes about proposals have in common: proposing as people do, publishing, and looking into what was kept."""

from sqlmodel import col, select

from council.proposal_moderation import publish
from playground.attachments import Attachment
from storage.proposals import Proposal
from tests.scenes.interpellation_steps import StageClock
from tests.scenes.stage import Person, Stage


async def begins(person: Person) -> None:
    """To the step of the idea."""
    await person.sends("/proposer")
    await person.sees("Quelle est votre idée")


async def tells_where_and_who(person: Person, *, theme: str = "Autre chose", name: str | None = None) -> None:
    """From the theme to the preview, without a place; `name` None: their own first name."""
    await person.taps(theme)
    await person.taps("Pas de lieu précis")
    await person.taps(name or person.phone.first_name)


async def proposes(
    person: Person,
    words: str = "Des bancs au parc",
    attachment: Attachment | None = None,
    *,
    theme: str = "Autre chose",
    name: str | None = None,
) -> Proposal:
    """A whole proposal, that nobody has read yet; as it was kept."""
    await begins(person)
    await person.sends(words, attachment)
    await person.taps("C’est tout")
    await tells_where_and_who(person, theme=theme, name=name)
    await person.taps("Envoyer")
    await person.sees("C’est envoyé")
    return (await proposals(person.stage))[-1]


async def published(stage: Stage, moderator: Person, proposal: Proposal) -> Proposal:
    """Published by the use case that the moderator's tap would call; as it stands then."""
    now = await again(stage, proposal)
    async with stage.database.write() as session:
        await publish(session, StageClock(stage), await stage.actor(moderator), now.id, now.revision)
    return await again(stage, proposal)


async def proposals(stage: Stage) -> list[Proposal]:
    async with stage.database.read() as session:
        return list((await session.exec(select(Proposal).order_by(col(Proposal.id)))).all())


async def again(stage: Stage, proposal: Proposal) -> Proposal:
    """The proposal as it stands now."""
    async with stage.database.read() as session:
        return await session.get_one(Proposal, proposal.id)
