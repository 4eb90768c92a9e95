"""Keyboards under messages: what Telegram takes and what it refuses."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from .arguments import Arguments
from .errors import ApiError, bad_request

Markup = dict[str, Any]
_DATA_LIMIT_BYTES = 64
_COPY_LIMIT = 256
_BUTTON_LIMIT = 100
_ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    }
)
_LINK_SCHEMES = frozenset({"http", "https", "tg", "ton"})


def read_markup(arguments: Arguments) -> Markup | None:
    """The keyboard of a new message, of any kind; raises the Bot API's refusals."""
    given = _object(arguments)
    if not given:
        return None
    if "inline_keyboard" in given:
        return _inline(given)
    if "keyboard" in given:
        return {**given, "keyboard": [[_key(key) for key in _row(row)] for row in _rows(given["keyboard"])]}
    if given.get("remove_keyboard") or given.get("force_reply"):
        return given
    return None


def read_inline_markup(arguments: Arguments) -> Markup | None:
    """The keyboard of an edited message, which can only be an inline one."""
    given = _object(arguments)
    if not given:
        return None
    if "inline_keyboard" not in given:
        raise bad_request("inline keyboard expected")
    return _inline(given)


def _object(arguments: Arguments) -> Markup | None:
    try:
        return arguments.json("reply_markup", dict)
    except ApiError as error:
        unreadable = "JSON object" in error.description
        reason = "can't parse reply keyboard markup JSON object" if unreadable else "object expected as reply markup"
        raise bad_request(reason) from None


def _inline(given: Markup) -> Markup | None:
    rows = [[_button(button) for button in _row(row)] for row in _rows(given["inline_keyboard"])]
    rows = [row for row in rows if row]
    if sum(map(len, rows)) > _BUTTON_LIMIT:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _rows(given: object) -> list[Any]:
    if not isinstance(given, list):
        raise bad_request("can't parse reply keyboard markup JSON object")
    return given


def _row(given: object) -> list[Any]:
    if not isinstance(given, list):
        raise bad_request("can't parse inline keyboard row: expected an Array of InlineKeyboardButton")
    return given


def _button(given: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    button = {key: value for key, value in given.items() if value is not None}
    if not str(button.get("text", "")).strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    if _ACTIONS.isdisjoint(button):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    _check_action(button)
    return button


def _check_action(button: dict[str, Any]) -> None:
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= _DATA_LIMIT_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not _is_link(str(button["url"])):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "copy_text" in button and not 1 <= len(str(button["copy_text"].get("text", ""))) <= _COPY_LIMIT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _is_link(url: str) -> bool:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in _LINK_SCHEMES:
        return False
    return parts.scheme in {"tg", "ton"} or "." in (parts.hostname or "")


def _key(given: object) -> dict[str, Any]:
    if isinstance(given, str):
        return {"text": given}
    if isinstance(given, dict) and given.get("text"):
        return {key: value for key, value in given.items() if value is not None}
    raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
