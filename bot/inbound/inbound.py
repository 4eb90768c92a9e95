"""The inbound part: aiogram's bot and dispatcher, fed by long polling or by the webhook."""

import asyncio
import contextlib

import structlog
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bot.context import Context
from bot.inbound.bare_calls import BareSession
from bot.inbound.conversation import Conversation
from bot.inbound.gate_middleware import GateMiddleware
from bot.inbound.poller import Poller
from bot.inbound.routers import dispatcher
from bot.inbound.webhook import Webhook
from bot.partner_pages.pages import PartnerPages
from bot.web import WebServer

log = structlog.get_logger("bot.inbound")

RETRY = 3.0  # seconds


class TokenRefused(Exception):
    """Telegram does not know this token."""


class Inbound:
    """Listens until `stop`; `run` returns or raises only then, or when another poller was here first."""

    def __init__(self, context: Context, bot: Bot, conversation: Conversation) -> None:
        self._context = context
        self.bot = bot
        self.conversation = conversation
        self._webhook = Webhook(bot, conversation, context.settings) if context.settings.webhook_url else None
        self._poller = Poller(bot, conversation)
        self._stopped, self._ended = asyncio.Event(), asyncio.Event()
        self._ended.set()

    @classmethod
    async def open(cls, context: Context) -> "Inbound":
        """Raises TokenRefused."""
        settings = context.settings
        session = BareSession(api=TelegramAPIServer.from_base(settings.bot_api_url), timeout=20, limit=100)
        bot = Bot(settings.bot_token.get_secret_value(), session=session)
        bot.session.middleware(GateMiddleware(context.gate))
        try:
            me = await bot.get_me()
        except (TelegramUnauthorizedError, TelegramNotFound):
            await bot.session.close()
            raise TokenRefused from None
        except BaseException:
            await bot.session.close()
            raise
        return cls(context, bot, Conversation(context, dispatcher(), bot, me.username or ""))

    def add_to(self, web: WebServer) -> None:
        """The partners' pages, and the webhook's path when there is a webhook."""
        PartnerPages(self._context).add_to(web.app)
        if self._webhook is not None:
            self._webhook.add_to(web.app)

    @property
    def is_ready(self) -> bool:
        return self._webhook is not None or self._poller.is_listening

    async def run(self) -> None:
        """Raises AnotherPoller and WebhookRefused."""
        self._ended.clear()
        try:
            await self._choose_way()
            await (self._stopped.wait() if self._webhook is not None else self._poller.run())
        finally:
            self._ended.set()

    async def _choose_way(self) -> None:
        """Tells Telegram to call us, or not to; a network that fails meanwhile is waited for."""
        while not self._stopped.is_set():
            try:
                await (self._webhook.announce() if self._webhook is not None else self.bot.delete_webhook())
            except (TelegramNetworkError, TelegramServerError, TelegramRetryAfter, ClientDecodeError):
                log.warning("telegram_unreachable")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopped.wait(), RETRY)
            else:
                return

    async def tell_commands(self) -> None:
        """Puts the command menus where Telegram shows them."""
        await self.conversation.menus.tell_everybody()

    async def stop(self, grace: float) -> None:
        """Handlers in flight, and their answers, have `grace` seconds; the web server, and its webhook, are down."""
        self._stopped.set()
        deadline = asyncio.get_running_loop().time() + grace
        await self._poller.stop(grace)
        await self.conversation.finish(max(deadline - asyncio.get_running_loop().time(), 1.0))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), max(deadline - asyncio.get_running_loop().time(), 1.0))

    async def close(self) -> None:
        await self.bot.session.close()
