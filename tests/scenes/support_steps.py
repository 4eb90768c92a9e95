"""What scenes about support requests have in common: asking as people do, and looking into what was kept."""

from sqlmodel import col, select

from storage.support import SupportMessage, SupportRequest
from tests.scenes.stage import Person, Stage

FRIDAY, MONDAY = 4, 0
ROOM = ("Une réunion", "Trouver une salle")


async def begins(person: Person, *taps: str) -> None:
    """To the step of the explanation, by buttons alone."""
    await person.sends("/demande")
    for label in taps or ROOM:
        await person.taps(label)
    await person.sees("Expliquez")


async def asks(person: Person, words: str = "Nous cherchons une salle", *taps: str) -> SupportRequest:
    """A whole request; as it was kept."""
    await begins(person, *taps)
    await person.sends(words)
    await person.taps("C’est tout")
    await person.taps("Envoyer")
    await person.sees("C’est envoyé")
    return (await requests(person.stage))[-1]


async def requests(stage: Stage) -> list[SupportRequest]:
    async with stage.database.read() as session:
        return list((await session.exec(select(SupportRequest).order_by(col(SupportRequest.id)))).all())


async def again(stage: Stage, request: SupportRequest) -> SupportRequest:
    """The request as it stands now."""
    async with stage.database.read() as session:
        return await session.get_one(SupportRequest, request.id)


async def words_of(stage: Stage, request: SupportRequest) -> list[SupportMessage]:
    async with stage.database.read() as session:
        query = select(SupportMessage).where(col(SupportMessage.request_id) == request.id)
        return list((await session.exec(query.order_by(col(SupportMessage.id)))).all())


async def carries_out(stage: Stage, animator: Person, request: SupportRequest, result: str) -> None:
    """On the team's own card."""
    await animator.sends("/demandes")
    await animator.taps(request.number)
    await animator.taps("C’est fait")
    await animator.sends(result)
    await stage.all_delivered()


def alerts(*people: Person) -> list[tuple[str, str]]:
    """Who has been alerted of what colour so far."""
    return [
        (each.phone.first_name, text[0]) for each in people for text in each.texts() if text.startswith(("🟠", "🔴"))
    ]
