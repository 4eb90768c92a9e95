from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .messages import Message

if TYPE_CHECKING:
    from .bots import Bot
    from .phones import Phone

# Older messages of a chat are forgotten: a benchmark must not fill the memory.
KEPT_MESSAGES = 5_000
_NAMES = ("first_name", "last_name", "username")
_CAN_ACT = frozenset({"creator", "administrator"})
_PRESENT = frozenset({"creator", "administrator", "member"})


class Chat:
    def __init__(self, chat_id: int, kind: str, key: str) -> None:
        self.id = chat_id
        self.type = kind
        self.key = key
        self.messages: dict[int, Message] = {}
        self.pinned: list[int] = []
        self._last_id = 0
        self._brief: dict[str, Any] | None = None

    def brief(self) -> dict[str, Any]:
        """The Chat object inside messages."""
        if self._brief is None:
            self._brief = self._describe()
        return self._brief

    def forget_brief(self) -> None:
        self._brief = None

    def _describe(self) -> dict[str, Any]:
        raise NotImplementedError

    def next_message_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def keep(self, message: Message) -> None:
        self.messages[message.id] = message
        if len(self.messages) > KEPT_MESSAGES:
            del self.messages[next(iter(self.messages))]

    def texts(self) -> list[str]:
        """The texts and captions, oldest first."""
        return [message.text for message in self.messages.values()]

    def last(self) -> Message:
        """The newest message; raises IndexError in an empty chat."""
        if not self.messages:
            raise IndexError(f"chat {self.key} holds no message")
        return self.messages[next(reversed(self.messages))]

    def page(self) -> dict[str, Any]:
        return {"key": self.key, "id": self.id, "type": self.type, "pinned": self.pinned[::-1]}


class PrivateChat(Chat):
    def __init__(self, bot: Bot, phone: Phone) -> None:
        super().__init__(phone.id, "private", f"p:{bot.id}:{phone.id}")
        self.bot = bot
        self.phone = phone
        self.started = phone.started
        self.blocked = False

    def _describe(self) -> dict[str, Any]:
        user = self.phone.user()
        return {"id": self.id, "type": "private"} | {key: user[key] for key in _NAMES if key in user}

    def page(self) -> dict[str, Any]:
        return super().page() | {
            "bot_id": self.bot.id,
            "phone_id": self.phone.id,
            "started": self.started,
            "blocked": self.blocked,
        }


@dataclass(slots=True)
class Member:
    person: Phone | Bot
    status: str

    @property
    def present(self) -> bool:
        return self.status in _PRESENT

    @property
    def can_administer(self) -> bool:
        return self.status in _CAN_ACT

    def brief(self) -> dict[str, Any]:
        return {"user": self.person.user(), "status": self.status}


@dataclass(slots=True)
class Topic:
    thread_id: int
    name: str
    icon_color: int
    closed: bool = False

    def page(self) -> dict[str, Any]:
        return {"message_thread_id": self.thread_id, "name": self.name, "closed": self.closed}


class Group(Chat):
    def __init__(self, chat_id: int, kind: str, title: str, *, is_forum: bool = False, username: str = "") -> None:
        super().__init__(chat_id, kind, f"g:{chat_id}")
        self.title = title
        self.is_forum = is_forum
        self.username = username
        self.members: dict[int, Member] = {}
        self.topics: dict[int, Topic] = {}
        self.migrated_to: int | None = None
        self.bots_can_send = True
        self.bots_can_manage_topics = True

    def _describe(self) -> dict[str, Any]:
        brief: dict[str, Any] = {"id": self.id, "type": self.type, "title": self.title}
        if self.username:
            brief["username"] = self.username
        if self.is_forum:
            brief["is_forum"] = True
        return brief

    def member(self, user_id: int) -> Member | None:
        return self.members.get(user_id)

    def present(self) -> Iterator[Member]:
        return (member for member in self.members.values() if member.present)

    def page(self) -> dict[str, Any]:
        return super().page() | {
            "title": self.title,
            "is_forum": self.is_forum,
            "members": [member.brief() for member in self.members.values()],
            "topics": [topic.page() for topic in self.topics.values()],
            "migrated_to": self.migrated_to,
        }
