from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .chats import PrivateChat
from .updates import UpdateQueue

if TYPE_CHECKING:
    from .presses import Press
    from .webhook import Webhook

# Presses that nobody answered are forgotten beyond this many.
_KEPT_PRESSES = 20_000


@dataclass(slots=True)
class CommandList:
    scope: dict[str, Any]
    language_code: str
    commands: list[dict[str, str]]

    def page(self) -> dict[str, Any]:
        return {"scope": self.scope, "language_code": self.language_code, "commands": self.commands}


@dataclass(slots=True, eq=False)
class Bot:
    id: int
    token: str
    username: str
    first_name: str
    queue: UpdateQueue
    can_read_all_group_messages: bool = False
    webhook: Webhook | None = None
    private_chats: dict[int, PrivateChat] = field(default_factory=dict)
    presses: OrderedDict[str, Press] = field(default_factory=OrderedDict)
    commands: dict[tuple[str, str], CommandList] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int | None, dict[str, Any]] = field(default_factory=dict)

    def user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}

    def menu_button(self, chat_id: int | None) -> dict[str, Any]:
        return self.menu_buttons.get(chat_id) or self.menu_buttons.get(None) or {"type": "default"}

    def remember(self, press: Press) -> None:
        self.presses[press.id] = press
        if len(self.presses) > _KEPT_PRESSES:
            self.presses.popitem(last=False)

    def page(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "username": self.username,
            "first_name": self.names.get("") or self.first_name,
            "description": self.descriptions.get("", ""),
            "short_description": self.short_descriptions.get("", ""),
            "commands": [listed.page() for listed in self.commands.values()],
            "menu_button": self.menu_button(None),
        }
