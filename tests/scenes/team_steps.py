"""What scenes of the team at work share."""

from datetime import timedelta
from itertools import count

from sqlmodel import col, select

from council.contents import Content
from council.programme import apply_programme
from council.support import SupportDraft, ask_support
from playground.messages import Message
from storage.people import Person as PersonRow
from storage.support import ContentKind, SupportKind, SupportRequest
from tests.scenes.stage import PARIS, Person, Stage
from tests.scenes.talk_steps import StageClock

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


async def programme_says(stage: Stage, **changes: object) -> None:
    """The programme's file says so, and is read again."""
    stage.settings = stage.settings.model_copy(update=changes)
    async with stage.database.write() as session:
        await apply_programme(session, StageClock(stage), stage.settings)
    await stage.all_delivered()


async def rules(stage: Stage, **support: object) -> None:
    """Like `programme_says`, of what stands under [support]."""
    await programme_says(stage, support=stage.settings.support.model_copy(update=support))


async def opens_post(coordinator: Person, name: str) -> None:
    """How somebody of the team works, for the coordinator to change."""
    await coordinator.sends("/equipe")
    await coordinator.forges("tm:0", on=coordinator.messages()[-1])
    await coordinator.taps(name)


async def is_replaced_by(coordinator: Person, name: str, deputy: str) -> None:
    await opens_post(coordinator, name)
    await coordinator.taps("Remplaçant")
    await coordinator.taps(deputy)
    await coordinator.sees(f"{deputy} remplace en cas d’absence")


async def picks(person: Person, stage: Stage, days_ahead: int) -> None:
    """A day of the calendar that is shown, turning its page where it must."""
    today = stage.now().astimezone(PARIS).date()
    day = today + timedelta(days=days_ahead)
    shown = person.messages()[-1]
    if f"day:{day.toordinal()}" not in pressable(shown):
        await person.taps("▶")
        shown = person.messages()[-1]
    assert f"day:{day.toordinal()}" in pressable(shown), person.buttons()
    assert await person.forges(f"day:{day.toordinal()}", on=shown) == ""


def pressable(message: Message) -> list[str]:
    """What the buttons of a message carry."""
    return [each["callback_data"] for row in message.buttons for each in row if "callback_data" in each]


async def notes_absence(person: Person, stage: Stage, first: int, last: int) -> None:
    """Days ahead of today."""
    await person.sends("/absence")
    await person.taps("Ajouter")
    await picks(person, stage, first)
    await person.sees("Et le dernier jour ?")
    if first == last:
        await person.taps("Un seul jour")
    else:
        await picks(person, stage, last)
    await person.sees("Je note cette absence ?")
    await person.taps("Oui, noter")
    await stage.all_delivered()
