"""Calls to Telegram as bot.messages makes them, carried by aiogram without its models of them."""

import json
from functools import partial
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import BufferedInputFile
from aiohttp import FormData, JsonPayload
from pydantic import PrivateAttr

from bot.messages import Call

# pydantic forgets a generic model that nobody holds: aiogram would build these anew, milliseconds each, call by call.
HELD = (Response[bool], Response[Any], Response[list[dict[str, Any]]])
COMPACT = partial(json.dumps, separators=(",", ":"))


class BareCall(TelegramMethod[Any]):
    """A call as bot.messages makes it, answered as Telegram's JSON.

    The parameters are plain values already, and of the answer two numbers are read: aiogram's models of either cost
    more than all else on the way out.
    """

    __returning__ = Any

    def __init__(self, call: Call) -> None:
        params = dict(call.params)
        if call.upload is not None:
            params[call.upload.field] = BufferedInputFile(call.upload.content, call.upload.file_name)
        super().__init__(**params)
        self._call = call

    _call: Call = PrivateAttr()

    @property
    def __api_method__(self) -> str:  # type: ignore[override]
        return self._call.method

    @property
    def plain(self) -> dict[str, Any] | None:
        """The parameters for a body of JSON; None when a file goes with the call."""
        if self._call.upload is not None:
            return None
        return {name: value for name, value in self._call.params.items() if value is not None}


class BareSession(AiohttpSession):
    """Sends bare calls as JSON: as a form, every sign of a text that is not ASCII is written out three times."""

    def build_form_data(  # type: ignore[override]
        self, bot: Bot, method: TelegramMethod[TelegramType]
    ) -> FormData | JsonPayload:
        plain = method.plain if isinstance(method, BareCall) else None
        return super().build_form_data(bot, method) if plain is None else JsonPayload(plain, dumps=COMPACT)
