"""The team's group on the stage: who is in it, what its topics show, what requesters write."""

from dataclasses import dataclass, field

from sqlmodel import col, select

from council.clock import SystemClock
from council.contents import Content
from council.programme import apply_programme
from council.roles import revoke
from council.support import SupportDraft, ask_support
from council.support_end import reopen, who_goes_on
from council.support_settings import SupportSettings
from council.support_states import move
from council.support_talk import say_to_requester, say_to_team, write_note
from playground.chats import Group, Topic
from playground.messages import Message
from playground.presses import Press
from storage.groups import TeamGroup
from storage.people import Role
from storage.support import ContentKind, SupportAct, SupportKind, SupportRequest, SupportState
from tests.scenes.stage import NotSeen, Person, Stage, _plain

LINK = "C’est le groupe de l’équipe"


@dataclass
class Team:
    """A coordinator, two animators, and their supergroup with topics."""

    stage: Stage
    carole: Person
    julien: Person
    nora: Person
    group: Group
    _written: int = field(default=900_000)

    # --- the group

    async def link(self, by: Person | None = None) -> str:
        return await self.presses(by or self.carole, LINK)

    def topics(self) -> list[Topic]:
        return list(self.group.topics.values())

    async def topic(self, number: int = 0) -> Topic:
        """Waits until there are so many topics; the last of them."""
        await self.stage.until(lambda: len(self.group.topics) > number)
        return self.topics()[number]

    def shown(self, topic: Topic | None = None) -> list[Message]:
        """What the bot has written in this topic, or outside of any."""
        bot, thread = self.stage.playground.world.first_bot(), topic.thread_id if topic else None
        return [
            each
            for each in self.group.messages.values()
            if each.sender_id == bot.id and each.body.get("message_thread_id") == thread
        ]

    async def sees(self, topic: Topic | None, *parts: str, times: int = 1) -> Message:
        def found() -> list[Message]:
            return [each for each in self.shown(topic) if all(_plain(part) in _plain(each.text) for part in parts)]

        try:
            await self.stage.until(lambda: len(found()) >= times)
        except TimeoutError:
            raise NotSeen(f"{parts} not in {[each.text for each in self.shown(topic)]}") from None
        return found()[-1]

    async def never_sees(self, topic: Topic | None, *parts: str) -> None:
        await self.stage.all_delivered()
        assert not [each for each in self.shown(topic) if all(_plain(part) in _plain(each.text) for part in parts)]

    async def writes(self, person: Person, topic: Topic, text: str, reply_to: int | None = None) -> Message:
        sent = person.phone.sends(text, chat_id=self.group.id, thread_id=topic.thread_id, reply_to=reply_to)
        await self.stage.quiet_moment()
        return sent

    async def presses(self, person: Person, label: str, topic: Topic | None = None) -> str:
        """The button on the newest message that has it; the toast."""

        def find() -> tuple[Message, int, int] | None:
            for message in reversed(self.shown(topic)):
                for row, buttons in enumerate(message.buttons):
                    for column, button in enumerate(buttons):
                        if _plain(label) in _plain(button["text"]) and "callback_data" in button:
                            return message, row, column
            return None

        await self.stage.until(lambda: find() is not None)
        found = find()
        assert found is not None
        return await self.answered(person.phone.presses(found[0], row=found[1], column=found[2]))

    async def answered(self, press: Press) -> str:
        await self.stage.until(lambda: press.answer is not None)
        await self.stage.quiet_moment()
        return press.answer.text if press.answer else ""

    def sign_on(self, message: Message) -> str | None:
        """The bot's reaction under a message."""
        reactions = message.reactions.get(self.stage.playground.world.first_bot().id)
        return reactions[0]["emoji"] if reactions else None

    async def signed(self, message: Message, emoji: str) -> None:
        await self.stage.until(lambda: self.sign_on(message) == emoji)

    async def linked(self) -> list[int]:
        async with self.stage.database.read() as session:
            query = select(col(TeamGroup.chat_id)).where(col(TeamGroup.unlinked_at).is_(None))
            return list((await session.exec(query)).all())

    # --- requesters

    async def asks(self, person: Person, text: str, council: str | None = "nord") -> int:
        """A request, by the use case that the dialogue would call; its id."""
        async with self.stage.database.write() as session:
            draft = SupportDraft(
                kind=SupportKind.ROOM,
                contents=(self._words(person, text),),
                council_id=self.stage.councils[council] if council else None,
            )
            actor = await self.stage.actor(person)
            key = f"scene:{self._written}"
            request = await ask_support(session, SystemClock(), self.stage.settings, actor, draft, key)
        self._wake()
        return request.id

    async def adds(self, person: Person, request_id: int, text: str) -> None:
        async with self.stage.database.write() as session:
            actor, words = await self.stage.actor(person), (self._words(person, text),)
            await say_to_team(session, SystemClock(), self.stage.settings, actor, request_id, words)
        self._wake()

    async def answers(self, person: Person, request_id: int, text: str, *, note: bool = False) -> None:
        """Somebody of the team writes in their private chat."""
        async with self.stage.database.write() as session:
            actor, words = await self.stage.actor(person), (self._words(person, text),)
            if note:
                await write_note(session, SystemClock(), actor, request_id, words)
            else:
                await say_to_requester(session, SystemClock(), self.stage.settings, actor, request_id, words)
        self._wake()

    async def ends(self, request_id: int, person: Person) -> None:
        async with self.stage.database.write() as session:
            request = await session.get_one(SupportRequest, request_id)
            actor = await self.stage.actor(person)
            await move(session, SystemClock(), request, SupportState.CARRIED_OUT, SupportAct.CARRIED_OUT, actor)
            await move(session, SystemClock(), request, SupportState.CLOSED, SupportAct.CLOSED, None)
        self._wake()

    async def reopens(self, person: Person, request_id: int) -> None:
        async with self.stage.database.write() as session:
            request = await session.get_one(SupportRequest, request_id)
            clock, settings = SystemClock(), self.stage.settings
            next_one = await who_goes_on(session, clock, settings, request)
            await reopen(session, clock, settings, await self.stage.actor(person), request, next_one)
        self._wake()

    async def dismisses(self, person: Person, council: str) -> None:
        async with self.stage.database.write() as session:
            person_id = (await self.stage.actor(person)).person_id
            carole, council_id = await self.stage.actor(self.carole), self.stage.councils[council]
            await revoke(session, SystemClock(), carole, person_id, Role.ANIMATOR, council_id)

    def _words(self, person: Person, text: str) -> Content:
        self._written += 1
        return Content(ContentKind.TEXT, person.id, self._written, (text,))

    def _wake(self) -> None:
        if self.stage.app is not None:
            self.stage.app.database.after_notices()

    async def request(self, request_id: int) -> SupportRequest:
        async with self.stage.database.read() as session:
            return await session.get_one(SupportRequest, request_id)


async def gathered(stage: Stage, *, talk: str = "topics", **kind: object) -> Team:
    """The team with its group, which the bot has just been added to."""
    stage.settings = stage.settings.model_copy(update={"support": SupportSettings(talk=talk)})
    async with stage.database.write() as session:
        await apply_programme(session, SystemClock(), stage.settings)
    await stage.all_delivered()
    carole = await stage.joined("Carole", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    nora = await stage.joined("Nora", "sud", role=Role.ANIMATOR)
    world = stage.playground.world
    members = [each.id for each in (carole, julien, nora)]
    group = world.add_group(
        "Équipe",
        members=members,
        creator=carole.id,
        bot=world.first_bot(),
        **{"forum": True, "bot_admin": True, **kind},
    )
    await stage.quiet_moment()
    return Team(stage, carole, julien, nora, group)
