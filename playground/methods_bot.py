"""How a bot presents itself: commands, names, descriptions, menu button."""

from __future__ import annotations

import json
import re
from typing import Any

from .bots import CommandList
from .entities import utf16_length
from .errors import bad_request
from .registry import Call, method

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2,3})?")
_MOST_COMMANDS = 100
_LIMITS = {"name": 64, "description": 512, "short_description": 120, "command": 256}
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


@method("setMyCommands", "commands scope language_code")
def set_my_commands(call: Call) -> bool:
    given = call.arguments.json("commands", list)
    if given is None:
        raise bad_request("commands is empty")
    if len(given) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    scope, language = _scope(call), _language(call)
    commands = [_command(item) for item in given]
    key = (_key(scope), language)
    call.bot.commands.pop(key, None)
    if commands:
        call.bot.commands[key] = CommandList(scope, language, commands)
    return _presented(call)


@method("getMyCommands", "scope language_code")
def get_my_commands(call: Call) -> list[dict[str, str]]:
    listed = call.bot.commands.get((_key(_scope(call)), _language(call)))
    return listed.commands if listed else []


@method("deleteMyCommands", "scope language_code")
def delete_my_commands(call: Call) -> bool:
    call.bot.commands.pop((_key(_scope(call)), _language(call)), None)
    return _presented(call)


def _command(item: Any) -> dict[str, str]:
    if not isinstance(item, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    command = str(item.get("command", "")).removeprefix("/")
    description = str(item.get("description", "")).strip()
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= utf16_length(description) <= _LIMITS["command"]:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


def _scope(call: Call) -> dict[str, Any]:
    given = call.arguments.json("scope", dict) or {"type": "default"}
    kind = str(given.get("type", ""))
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    scope: dict[str, Any] = {"type": kind}
    for name in _SCOPES[kind]:
        if given.get(name) is None:
            raise bad_request(f"{name} is empty" if name == "chat_id" else f"can't parse BotCommandScope: no {name}")
        scope[name] = given[name]
    if "chat_id" in scope and call.world.find_chat(call.bot, str(scope["chat_id"])) is None:
        raise bad_request("chat not found")
    return scope


def _key(scope: dict[str, Any]) -> str:
    return json.dumps({key: str(value) for key, value in scope.items()}, sort_keys=True)


def _language(call: Call) -> str:
    language = call.arguments.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


@method("setMyName", "name language_code")
def set_my_name(call: Call) -> bool:
    return _present(call, call.bot.names, "name")


@method("getMyName", "language_code")
def get_my_name(call: Call) -> dict[str, str]:
    own = {"": call.bot.first_name}
    return {"name": _presentation(call, own | call.bot.names)}


@method("setMyDescription", "description language_code")
def set_my_description(call: Call) -> bool:
    return _present(call, call.bot.descriptions, "description")


@method("getMyDescription", "language_code")
def get_my_description(call: Call) -> dict[str, str]:
    return {"description": _presentation(call, call.bot.descriptions)}


@method("setMyShortDescription", "short_description language_code")
def set_my_short_description(call: Call) -> bool:
    return _present(call, call.bot.short_descriptions, "short_description")


@method("getMyShortDescription", "language_code")
def get_my_short_description(call: Call) -> dict[str, str]:
    return {"short_description": _presentation(call, call.bot.short_descriptions)}


def _present(call: Call, texts: dict[str, str], name: str) -> bool:
    text, language = call.arguments.text(name), _language(call)
    if utf16_length(text) > _LIMITS[name]:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    texts.pop(language, None)
    if text:
        texts[language] = text
    return _presented(call)


def _presentation(call: Call, texts: dict[str, str]) -> str:
    """The text in this language, or the one for all languages."""
    return texts.get(_language(call)) or texts.get("", "")


@method("setChatMenuButton", "chat_id menu_button")
def set_chat_menu_button(call: Call) -> bool:
    button = call.arguments.json("menu_button", dict) or {"type": "default"}
    if button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("MenuButton has unsupported type")
    chat_id = call.chat().id if call.arguments.text("chat_id") else None
    call.bot.menu_buttons[chat_id] = button
    return _presented(call)


@method("getChatMenuButton", "chat_id")
def get_chat_menu_button(call: Call) -> dict[str, Any]:
    return call.bot.menu_button(call.chat().id if call.arguments.text("chat_id") else None)


def _presented(call: Call) -> bool:
    call.world.feed.emit("commands", bot=call.bot)
    return True
