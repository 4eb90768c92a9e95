"""Telegram calls us: 200 only after the effect is committed, so that what a crash interrupts is sent again."""

import hmac
import json
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiohttp import web

from bot.inbound.conversation import Conversation
from bot.inbound.source import ALLOWED_UPDATES
from bot.settings import Settings

log = structlog.get_logger("bot.webhook")

PATH = "/telegram/updates"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
AT_ONCE = 40


class WebhookRefused(Exception):
    """Telegram will not call this address."""


class Webhook:
    """Takes updates at PATH, told from forged ones by the secret in the header and by nothing else."""

    def __init__(self, bot: Bot, conversation: Conversation, settings: Settings) -> None:
        self._bot = bot
        self._conversation = conversation
        self._secret = settings.webhook_secret.get_secret_value()
        self._url = (settings.webhook_url or "").rstrip("/") + PATH

    def add_to(self, app: web.Application) -> None:
        app.router.add_post(PATH, self._receive)

    async def announce(self) -> None:
        """Tells Telegram where to call. Raises WebhookRefused."""
        try:
            await self._bot.set_webhook(
                self._url, secret_token=self._secret, allowed_updates=ALLOWED_UPDATES, max_connections=AT_ONCE
            )
        except TelegramBadRequest as error:
            raise WebhookRefused from error

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._secret.encode()):
            return web.Response(status=403)
        raw = _update_in(await request.read())
        if raw is None:
            log.warning("unreadable_update")
            return web.Response(status=400)
        await self._conversation.take(raw)
        return web.Response()


def _update_in(body: bytes) -> dict[str, Any] | None:
    """None for what is no update at all; one that we cannot read is still one, and is set aside."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return raw if isinstance(number, int) and not isinstance(number, bool) else None
