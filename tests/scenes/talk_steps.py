"""Steps that scenes of the talk share: a request between a resident and an animator, and what passes between them."""

from dataclasses import dataclass

from council.contents import Content
from council.support import SupportDraft, ask_support
from playground.messages import Message
from storage.people import Role
from storage.support import ContentKind, SupportKind, SupportRequest
from tests.scenes.stage import Person, Stage


@dataclass
class StageClock:
    """The clock of the stage, for what happens before the scene."""

    stage: Stage

    def now(self):
        return self.stage.now()


async def asked(
    stage: Stage, person: Person, words: str = "Il nous faut une salle.", council: str = "nord"
) -> SupportRequest:
    """A request that this person has sent; it is in the hands of whose turn it is."""
    message = person.phone.sends(words)
    await stage.quiet_moment()
    content = Content(ContentKind.TEXT, person.id, message.id, (words,))
    draft = SupportDraft(SupportKind.ROOM, (content,), stage.councils[council])
    actor = await stage.actor(person)
    async with stage.database.write() as session:
        return await ask_support(
            session, StageClock(stage), stage.settings, actor, draft, f"scene:{person.id}:{message.id}"
        )


async def talking(stage: Stage) -> tuple[Person, Person, SupportRequest]:
    """Rosa has asked; Julien has the request."""
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    request = await asked(stage, rosa)
    await stage.all_delivered()
    return rosa, julien, request


async def opens_talk(stage: Stage, person: Person, request: SupportRequest) -> None:
    """Begins to write to the other side, by the button that stands under each relayed message and card."""
    anything = person.messages()[-1]
    await person.forges(f"talk:{request.id}:", anything)
    await person.sees("Vous écrivez à")


async def replies(person: Person, message: Message, text: str) -> Message:
    """As people do who swipe a message, a moment after it came."""
    await person.stage.all_delivered()
    sent = person.phone.sends(text, reply_to=message.id)
    await person.stage.quiet_moment()
    return sent
