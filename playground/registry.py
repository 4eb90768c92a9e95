"""The Bot API methods that this server knows, and one call of one of them."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from .arguments import Arguments, whole_number
from .bots import Bot
from .calls import CallRecord
from .chats import Chat, Group
from .entities import Entity, Formatted, trimmed, utf16_length, with_found_entities
from .errors import bad_request
from .html_text import parse_html
from .messages import Message
from .rules import check_is_member, check_may_write, not_found
from .world import World

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024


class Encoded(str):
    """A result that is JSON already."""

    __slots__ = ()


@dataclass(slots=True)
class Call:
    world: World
    bot: Bot
    arguments: Arguments
    record: CallRecord

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat that the call names, in which the bot is; raises the Bot API's refusals."""
        given = self.arguments.text(name)
        if not given:
            raise bad_request(f"{name} is empty")
        chat = self.world.find_chat(self.bot, given)
        if chat is None:
            raise bad_request("chat not found")
        if isinstance(chat, Group):
            check_is_member(self.bot, chat)
        return chat

    def writable_chat(self) -> Chat:
        chat = self.chat()
        check_may_write(self.bot, chat)
        return chat

    def group(self) -> Group:
        chat = self.chat()
        if not isinstance(chat, Group):
            raise bad_request("method is available only for supergroup and channel chats")
        return chat

    def message(self, purpose: str, chat: Chat, name: str = "message_id") -> Message:
        """The message that the call names; `purpose` completes "message to … not found"."""
        number = self.arguments.integer(name)
        if number <= 0:
            raise bad_request("message identifier is not specified")
        message = chat.messages.get(number)
        if message is None:
            raise not_found(purpose)
        return message

    def formatted_text(self) -> Formatted:
        formatted = self.formatted("text", "parse_mode", "entities")
        if not formatted.text:
            raise bad_request("message text is empty")
        if utf16_length(formatted.text) > TEXT_LIMIT:
            raise bad_request("message is too long")
        return formatted

    def formatted(self, name: str, mode_name: str, entities_name: str) -> Formatted:
        mode = self.arguments.text(mode_name)
        entities = None if mode else self.arguments.json(entities_name, list)
        return self.formatted_as(self.arguments.text(name), mode, entities)

    def formatted_as(self, text: str, mode: str, entities: list[Any] | None) -> Formatted:
        formatted = _parsed(text, mode, entities)
        return with_found_entities(trimmed(self._with_known_people(formatted)))

    def _with_known_people(self, formatted: Formatted) -> Formatted:
        """A mention by id works for people whom the bot has met; otherwise it is plain text."""
        if not any(entity["type"] == "text_mention" for entity in formatted.entities):
            return formatted
        entities = []
        for entity in formatted.entities:
            if entity["type"] == "text_mention":
                phone = self.world.phones.get(int(entity.get("user", {}).get("id", 0)))
                if phone is None:
                    continue
                entity = {**entity, "user": phone.user()}
            entities.append(entity)
        return Formatted(formatted.text, entities)


def _parsed(text: str, mode: str, entities: list[Any] | None) -> Formatted:
    match mode.lower():
        case "html":
            return parse_html(text)
        case "":
            return Formatted(text, _given_entities(text, entities or []))
        case "markdown" | "markdownv2":
            raise bad_request(f"can't parse entities: the playground does not read {mode}, use HTML or entities")
    raise bad_request("unsupported parse_mode")


def _given_entities(text: str, given: list[Any]) -> list[Entity]:
    end = utf16_length(text)
    entities = []
    for entity in given:
        if not isinstance(entity, dict) or not {"type", "offset", "length"} <= entity.keys():
            raise bad_request("can't parse MessageEntity: expected an Object")
        offset = whole_number(entity["offset"], "MessageEntity")
        length = whole_number(entity["length"], "MessageEntity")
        if length > 0 and 0 <= offset < end:
            kept = {key: value for key, value in entity.items() if value is not None}
            entities.append(kept | {"offset": offset, "length": min(length, end - offset)})
    return entities


Handler = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    handler: Handler
    parameters: frozenset[str]
    counts: Callable[[Call], int] | None
    """How many messages the call is in the eyes of the flood limits; None when they do not look at it."""
    waits: bool

    async def run(self, call: Call) -> Any:
        result = self.handler(call)
        return await result if self.waits else result


METHODS: dict[str, Method] = {}


def one_message(_: Call) -> int:
    return 1


def method(
    name: str, *parameters: str, counts: Callable[[Call], int] | None = None
) -> Callable[[Callable[[Call], Any | Awaitable[Any]]], Handler]:
    """Registers a method with the parameters that it knows, as words separated by blanks."""

    def register(handler: Handler) -> Handler:
        known = frozenset(word for words in parameters for word in words.split())
        METHODS[name.lower()] = Method(name, handler, known, counts, inspect.iscoroutinefunction(handler))
        return handler

    return register
