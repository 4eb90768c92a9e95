from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .chats import Chat

Content = dict[str, Any]

# What a message keeps when its content is edited, copied or forwarded elsewhere.
_ENVELOPE = frozenset(
    {
        "message_id",
        "from",
        "sender_chat",
        "chat",
        "date",
        "edit_date",
        "reply_to_message",
        "reply_markup",
        "message_thread_id",
        "is_topic_message",
        "media_group_id",
        "forward_origin",
        "has_protected_content",
    }
)
_CAPTIONED = frozenset({"photo", "voice", "audio", "video", "animation", "document"})


@dataclass(slots=True)
class Message:
    """One message of a chat. `body` is what bots see; `keyboard` is the markup of any kind that people see."""

    chat: Chat
    id: int
    body: dict[str, Any]
    sender_id: int
    keyboard: dict[str, Any] | None = None
    reactions: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The text or the caption."""
        return str(self.body.get("text") or self.body.get("caption") or "")

    @property
    def date(self) -> int:
        return int(self.body["date"])

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        """The rows of the inline keyboard, empty when there is none."""
        rows: list[list[dict[str, Any]]] = self.body.get("reply_markup", {}).get("inline_keyboard", [])
        return rows

    @property
    def captioned(self) -> bool:
        return not _CAPTIONED.isdisjoint(self.body)

    def content(self) -> Content:
        return {key: value for key, value in self.body.items() if key not in _ENVELOPE}

    def replace_content(self, content: Content) -> None:
        self.body = {key: value for key, value in self.body.items() if key in _ENVELOPE} | content

    def set_inline(self, markup: dict[str, Any] | None) -> None:
        self.keyboard = markup
        if markup is None:
            self.body.pop("reply_markup", None)
        else:
            self.body["reply_markup"] = markup

    def quoted(self) -> dict[str, Any]:
        """As it stands inside a reply: without the message that it answers itself."""
        return {key: value for key, value in self.body.items() if key != "reply_to_message"}

    def page(self) -> dict[str, Any]:
        shown = dict(self.body)
        if self.keyboard is not None:
            shown["reply_markup"] = self.keyboard
        if self.reactions:
            shown["reactions"] = [{"user_id": who, "reaction": what} for who, what in self.reactions.items()]
        return shown
