from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .bots import Bot
from .calls import CallRecord, Log
from .chats import Chat, Group, Member, PrivateChat
from .clock import Clock
from .errors import ControlError
from .events import Feed
from .faults import Faults
from .files import FileStore
from .flood import FloodLimits, FloodSettings
from .mails import Mailbox
from .membership import set_status
from .messages import Content, Message
from .phones import Phone
from .privacy import hears
from .updates import UpdateQueue

KEPT_CALLS = 200_000
# Telegram refuses to answer a press after a while.
CALLBACK_LIFETIME_SECONDS = 30.0
# The member who writes for a group's anonymous administrators.
ANONYMOUS_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
_FIRST_SUPERGROUP = -1_001_800_000_001
_FIRST_GROUP = -4_800_000_001


class World:
    """All that the playground knows: bots, people, chats, files, time. Everything is in memory."""

    def __init__(self, flood: FloodSettings | None = None) -> None:
        self.feed = Feed()
        self.clock = Clock(self.feed)
        self.files = FileStore()
        self.faults = Faults()
        self.flood = FloodLimits(flood)
        self.mailbox = Mailbox(self.feed, self.clock)
        self.log = Log(self.feed, self.clock)
        self.calls: deque[CallRecord] = deque(maxlen=KEPT_CALLS)
        self.bots: dict[int, Bot] = {}
        self.bots_by_token: dict[str, Bot] = {}
        self.phones: dict[int, Phone] = {}
        self.groups: dict[int, Group] = {}
        self.callback_lifetime = CALLBACK_LIFETIME_SECONDS
        self.first_retry_of_webhook = 1.0

    # --- who is there

    def add_bot(
        self, token: str, username: str, first_name: str = "", *, can_read_all_group_messages: bool = False
    ) -> Bot:
        """Registers a bot, or renames the one that has this token."""
        bot = self.bots_by_token.get(token)
        if bot is None:
            bot_id = int(token.split(":", 1)[0])
            if bot_id in self.bots:
                raise ControlError("A bot with this id has another token.")
            bot = Bot(bot_id, token, username, first_name or username, UpdateQueue(self.feed.wake))
            self.bots[bot.id] = self.bots_by_token[token] = bot
            for phone in self.phones.values():
                self.private_chat(bot, phone)
        bot.username, bot.first_name = username, first_name or username
        bot.can_read_all_group_messages = can_read_all_group_messages
        self.feed.emit("commands", bot=bot)
        return bot

    def first_bot(self) -> Bot:
        for bot in self.bots.values():
            return bot
        raise ControlError("No bot is registered.")

    def bot(self, name: str | int) -> Bot:
        """A bot by its id or username."""
        for bot in self.bots.values():
            if str(name).removeprefix("@") in {str(bot.id), bot.username}:
                return bot
        raise ControlError("There is no such bot.", 404)

    def add_phone(self, phone_id: int, first_name: str, *, started: bool = True, **details: Any) -> Phone:
        """A person with a phone. `details`: last_name, username, language_code, role, open, deactivated, aside."""
        phone = self.phones.get(phone_id)
        if phone is None:
            phone = self.phones[phone_id] = Phone(self, phone_id, first_name)
            phone.started = started
        phone.becomes(first_name=first_name, **details)
        for bot in self.bots.values():
            self.private_chat(bot, phone)
        return phone

    def phone(self, phone_id: int) -> Phone:
        try:
            return self.phones[phone_id]
        except KeyError:
            raise ControlError("There is no such phone.", 404) from None

    def private_chat(self, bot: Bot, phone: Phone) -> PrivateChat:
        chat = bot.private_chats.get(phone.id)
        if chat is None:
            chat = bot.private_chats[phone.id] = PrivateChat(bot, phone)
            self.feed.emit("chat", chat=chat)
        return chat

    def add_group(
        self,
        title: str,
        *,
        kind: str = "supergroup",
        group_id: int | None = None,
        forum: bool = False,
        username: str = "",
        members: Iterable[int] = (),
        creator: int | None = None,
        bot: Bot | None = None,
        bot_admin: bool = False,
    ) -> Group:
        """A group with these people and, when given, this bot. Bots hear of it as of any group they are added to."""
        kind = "supergroup" if forum else kind
        group_id = group_id or (self.free_supergroup_id() if kind == "supergroup" else self._free_group_id())
        group = self.groups[group_id] = Group(group_id, kind, title, is_forum=forum, username=username)
        for person in members:
            group.members[person] = Member(self.phone(person), "member")
        if creator is not None:
            group.members[creator] = Member(self.phone(creator), "creator")
        self.feed.emit("chat", chat=group)
        if bot is not None:
            adder = self.phones[creator] if creator is not None else bot
            set_status(self, group, bot, "administrator" if bot_admin else "member", by=adder)
        return group

    def group(self, chat_id: int) -> Group:
        try:
            return self.groups[chat_id]
        except KeyError:
            raise ControlError("There is no such group.", 404) from None

    def free_supergroup_id(self) -> int:
        return min([_FIRST_SUPERGROUP, *self.groups]) - 1

    def _free_group_id(self) -> int:
        return min([_FIRST_GROUP, *(group_id for group_id in self.groups if group_id > -(10**12))]) - 1

    def chats(self) -> Iterator[Chat]:
        for bot in self.bots.values():
            yield from bot.private_chats.values()
        yield from self.groups.values()

    def find_chat(self, bot: Bot, name: str) -> Chat | None:
        """The chat that a bot means by an id or an @username."""
        if name.startswith("@"):
            return next((g for g in self.groups.values() if g.username.lower() == name[1:].lower()), None)
        try:
            chat_id = int(name)
        except ValueError:
            return None
        if chat_id < 0:
            return self.groups.get(chat_id)
        return bot.private_chats.get(chat_id)

    # --- what is said

    def post(
        self,
        chat: Chat,
        content: Content,
        *,
        sender: Phone | Bot | None,
        reply: Message | None = None,
        thread_id: int | None = None,
        keyboard: dict[str, Any] | None = None,
    ) -> Message:
        """Puts a message into a chat; without a sender it comes from the group's anonymous administrators."""
        author: dict[str, Any] = ANONYMOUS_ADMIN if sender is None else sender.user()
        number = chat.next_message_id()
        body: dict[str, Any] = {"message_id": number, "from": author, "chat": chat.brief(), "date": self.clock.unix()}
        if sender is None:
            body["sender_chat"] = chat.brief()
        if thread_id:
            body["message_thread_id"] = thread_id
            body["is_topic_message"] = True
        if reply is None and thread_id:
            reply = chat.messages.get(thread_id)  # in a topic what answers nothing else answers the note that opened it
        if reply is not None:
            body["reply_to_message"] = reply.quoted()
        body.update(content)
        message = Message(chat, number, body, int(author["id"]), keyboard)
        if keyboard is not None and "inline_keyboard" in keyboard:
            body["reply_markup"] = keyboard
        chat.keep(message)
        self.feed.emit("message", chat=chat.key, chat_id=chat.id, message=message)
        return message

    def say(self, chat: Chat, content: Content, *, sender: Phone | Bot, thread_id: int | None = None) -> Message:
        """A service message: it comes from somebody, and all bots of the chat hear it."""
        message = self.post(chat, content, sender=sender, thread_id=thread_id)
        self.tell_bots("message", message)
        return message

    def changed(self, message: Message) -> None:
        self.feed.emit("edited", chat=message.chat.key, chat_id=message.chat.id, message=message)

    def reacted(self, message: Message) -> None:
        reactions = message.page().get("reactions", [])
        self.feed.emit(
            "reaction",
            chat=message.chat.key,
            chat_id=message.chat.id,
            message_id=message.id,
            reactions=reactions,
        )

    def tell_bots(self, kind: str, message: Message) -> None:
        for bot in self.bots_seeing(message.chat):
            if bot.id != message.sender_id and hears(bot, message):
                bot.queue.push(kind, message.body)

    def bots_seeing(self, chat: Chat, also: object = None) -> list[Bot]:
        """The bots that are in a chat, and `also` the one that has just left it."""
        if isinstance(chat, PrivateChat):
            return [chat.bot]
        if not isinstance(chat, Group):
            return []
        return [
            member.person
            for member in chat.members.values()
            if isinstance(member.person, Bot) and (member.present or member.person is also)
        ]

    def author_bot(self, message: Message) -> Bot:
        """The bot whose button this is; a forged press in a private chat goes to that chat's bot."""
        if message.sender_id in self.bots:
            return self.bots[message.sender_id]
        seeing = self.bots_seeing(message.chat)
        if not seeing:
            raise ControlError("There is no bot in this chat.")
        return seeing[0]

    # --- looking on

    async def wait_for(self, predicate: Callable[[], Any], timeout: float = 10) -> Any:  # noqa: ASYNC109 - callers say how long
        """What the predicate gives, once it is true; raises TimeoutError after so many real seconds."""
        return await self.feed.wait_for(predicate, timeout)
