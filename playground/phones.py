"""People and what they do with their phones. All of it happens at once and queues updates: no HTTP, no waiting."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from .attachments import Attachment, content_of
from .chats import Chat, PrivateChat
from .entities import Entity, Formatted, typed
from .errors import ControlError
from .membership import announce_status
from .messages import Content, Message
from .presses import Press
from .rules import remove_messages

if TYPE_CHECKING:
    from .bots import Bot
    from .world import World

_PAYLOAD = re.compile("[A-Za-z0-9_-]{1,64}")


class Phone:
    def __init__(self, world: World, phone_id: int, first_name: str) -> None:
        self.world = world
        self.id = phone_id
        self.first_name = first_name
        self.last_name = ""
        self.username = ""
        self.language_code = "fr"
        self.role = ""
        self.open = False
        self.started = True
        self.deactivated = False
        self.aside = False
        self._user: dict[str, Any] | None = None

    def user(self) -> dict[str, Any]:
        if self._user is None:
            named = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
            self._user = {
                "id": self.id,
                "is_bot": False,
                "first_name": self.first_name,
                **{key: value for key, value in named.items() if value},
            }
        return self._user

    def becomes(self, **changes: Any) -> None:
        """A new name, language, role…: what bots read in the next update."""
        for key, value in changes.items():
            setattr(self, key, value)
        self._user = None
        for bot in self.world.bots.values():
            if chat := bot.private_chats.get(self.id):
                chat.forget_brief()
        self.world.feed.emit("phone", phone=self)

    def chat(self, bot: Bot | None = None) -> PrivateChat:
        """The private chat with this bot, by default with the only or first one."""
        return self.world.private_chat(bot or self.world.first_bot(), self)

    def sends(
        self,
        text: str = "",
        *,
        chat_id: int | None = None,
        bot: Bot | None = None,
        reply_to: int | None = None,
        thread_id: int | None = None,
        entities: list[Entity] | None = None,
        attachment: Attachment | None = None,
        forward_from: str = "",
    ) -> Message:
        """Sends a text, or an attachment with the text as its caption."""
        chat = self._writable(chat_id, bot)
        formatted = Formatted(text, entities) if entities is not None else typed(text)
        content = _text(formatted) if attachment is None else self._attached(attachment, formatted)
        return self._post(chat, content, reply_to, thread_id, forward_from)

    def sends_album(
        self,
        items: Sequence[tuple[Attachment, str]],
        *,
        chat_id: int | None = None,
        bot: Bot | None = None,
        reply_to: int | None = None,
        thread_id: int | None = None,
    ) -> list[Message]:
        """Attachments with their captions: one update each, tied by one media_group_id."""
        chat = self._writable(chat_id, bot)
        album = {"media_group_id": str(secrets.randbelow(9 * 10**16) + 10**16)}
        return [
            self._post(chat, self._attached(item, typed(caption)) | album, reply_to, thread_id, "")
            for item, caption in items
        ]

    def starts(self, payload: str = "", *, bot: Bot | None = None) -> Message:
        """Presses START, or opens a deep link with its payload, which Telegram takes in few signs only."""
        if payload and not _PAYLOAD.fullmatch(payload):
            raise ControlError("A deep link carries 1 to 64 of the signs A-Z, a-z, 0-9, _ and -.")
        chat = self.chat(bot)
        if chat.blocked:
            self.unblocks(bot=bot)
        return self.sends(f"/start {payload}".strip(), bot=chat.bot)

    def edits(self, message: Message, text: str) -> None:
        """Changes the text or the caption of a message of one's own."""
        if message.sender_id != self.id:
            raise ControlError("People edit their own messages only.")
        field, content = ("caption", message.content()) if message.captioned else ("text", {})
        formatted = typed(text)
        content.pop("caption_entities", None)
        content[field] = formatted.text
        if formatted.entities:
            content["caption_entities" if field == "caption" else "entities"] = formatted.entities
        message.replace_content(content)
        message.body["edit_date"] = self.world.clock.unix()
        self.world.changed(message)
        self.world.tell_bots("edited_message", message)

    def presses(
        self,
        message: Message,
        *,
        row: int = 0,
        column: int = 0,
        data: str | None = None,
        inaccessible: bool = False,
    ) -> Press:
        """Presses an inline button; with `data` a forged one, with `inaccessible` one too old for bots to see."""
        bot = self.world.author_bot(message)
        data = _button_data(message, row, column) if data is None else data
        press = Press(self.world, str(secrets.randbits(62) + 1), self, message.chat, message.id)
        bot.remember(press)
        shown = {"chat": message.chat.brief(), "message_id": message.id, "date": 0} if inaccessible else message.body
        bot.queue.push(
            "callback_query",
            {
                "id": press.id,
                "from": self.user(),
                "message": shown,
                "chat_instance": str(message.chat.id * 7919),
                "data": data,
            },
        )
        return press

    def blocks(self, *, bot: Bot | None = None) -> None:
        self._set_blocked(self.chat(bot), blocked=True)

    def unblocks(self, *, bot: Bot | None = None) -> None:
        self._set_blocked(self.chat(bot), blocked=False)

    def reacts(self, message: Message, emoji: str | None) -> None:
        old = message.reactions.pop(self.id, [])
        new = [{"type": "emoji", "emoji": emoji}] if emoji else []
        if new:
            message.reactions[self.id] = new
        self.world.reacted(message)
        payload = {
            "chat": message.chat.brief(),
            "message_id": message.id,
            "user": self.user(),
            "date": self.world.clock.unix(),
            "old_reaction": old,
            "new_reaction": new,
        }
        for bot in self.world.bots_seeing(message.chat):
            bot.queue.push("message_reaction", payload)

    def deletes(self, chat: Chat, message_ids: Iterable[int]) -> None:
        """Deletes for everyone; bots hear nothing of it."""
        remove_messages(self.world, chat, message_ids)

    def _writable(self, chat_id: int | None, bot: Bot | None) -> Chat:
        if chat_id is None or chat_id == self.id:
            chat = self.chat(bot)
            if chat.blocked:
                raise ControlError("This phone has blocked the bot.")
            if not chat.started:
                chat.started = True
                self.world.feed.emit("chat", chat=chat)
            return chat
        group = self.world.group(chat_id)
        member = group.member(self.id)
        if member is None or not member.present:
            raise ControlError("This person is not in the group.")
        if group.migrated_to:
            raise ControlError("The group has become a supergroup.")
        return group

    def _attached(self, attachment: Attachment, caption: Formatted) -> Content:
        content = content_of(self.world.files, attachment)
        if caption.text:
            content["caption"] = caption.text
            if caption.entities:
                content["caption_entities"] = caption.entities
        return content

    def _post(
        self, chat: Chat, content: Content, reply_to: int | None, thread_id: int | None, forward_from: str
    ) -> Message:
        if forward_from:
            content |= {
                "forward_origin": {
                    "type": "hidden_user",
                    "sender_user_name": forward_from,
                    "date": self.world.clock.unix(),
                }
            }
        reply = chat.messages.get(reply_to) if reply_to else None
        message = self.world.post(chat, content, sender=self, reply=reply, thread_id=thread_id)
        self.world.tell_bots("message", message)
        return message

    def _set_blocked(self, chat: PrivateChat, *, blocked: bool) -> None:
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        announce_status(self.world, chat, chat.bot, by=self, old=old, new=new)
        self.world.feed.emit("blocked", chat=chat.key, phone_id=self.id, blocked=blocked)
        self.world.feed.emit("chat", chat=chat)

    def page(self) -> dict[str, Any]:
        return {key: value for key, value in self.user().items() if key != "is_bot"} | {
            "language_code": self.language_code,
            "role": self.role,
            "open": self.open,
            "deactivated": self.deactivated,
            "aside": self.aside,
        }


def _text(formatted: Formatted) -> Content:
    if not formatted.text:
        raise ControlError("The message is empty.")
    content: Content = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = formatted.entities
    return content


def _button_data(message: Message, row: int, column: int) -> str:
    try:
        button = message.buttons[row][column]
    except IndexError:
        raise ControlError("There is no button at this place.", 404) from None
    if "callback_data" not in button:
        raise ControlError("This button sends nothing to the bot.")
    return str(button["callback_data"])
