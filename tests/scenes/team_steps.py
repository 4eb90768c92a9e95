"""What scenes of the team at work share."""

from itertools import count

from sqlmodel import col, select

from council.contents import Content
from council.support import SupportDraft, ask_support
from storage.people import Person as PersonRow
from storage.support import ContentKind, SupportKind, SupportRequest
from tests.scenes.stage import Person, Stage

_NUMBERS = count(900_001)


async def made(
    stage: Stage, person: Person, words: str, council: str | None = None, kind: SupportKind = SupportKind.ROOM
) -> SupportRequest:
    """A request made by the use case that a resident's taps call; `words` as safe HTML."""
    assert stage.app is not None
    assert stage.app.context is not None
    number = next(_NUMBERS)
    content = Content(ContentKind.TEXT, chat_id=person.id, message_id=number, parts=(words,))
    draft = SupportDraft(kind, (content,), stage.councils[council] if council else None)
    actor = await stage.actor(person)
    async with stage.database.write() as session:
        request = await ask_support(session, stage.app.context.clock, stage.settings, actor, draft, f"scene:{number}")
    await stage.all_delivered()
    return request


async def holder(stage: Stage, request: SupportRequest) -> str | None:
    """The first name of who has it now."""
    async with stage.database.read() as session:
        query = select(col(PersonRow.first_name)).join(
            SupportRequest, col(SupportRequest.animator_id) == col(PersonRow.id)
        )
        return (await session.exec(query.where(col(SupportRequest.id) == request.id))).first()


async def loses_role(stage: Stage, coordinator: Person, person: Person) -> None:
    """By the buttons of the team's list."""
    await coordinator.sends("/menu")
    await coordinator.forges("tm:0", on=coordinator.messages()[-1])
    await coordinator.taps(person.phone.first_name)
    await coordinator.taps("Retirer ce rôle")
    await coordinator.taps("Oui, retirer")
    await stage.all_delivered()
