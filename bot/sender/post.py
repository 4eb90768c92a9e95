"""python-telegram-bot as the post: one call of the Bot API in, what became of it out."""

import ssl
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto
from functools import cache
from typing import Any

import httpx
from telegram import (
    ForumTopic,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.gate import Gate
from bot.messages import Call
from bot.sender.limiter import Departure, GateLimiter

READ_TIMEOUT = 15.0  # seconds without an answer; then the message may have arrived
CONNECT_TIMEOUT = 8.0
# httpx's own causes of a failure in which no byte of ours has left.
UNSENT = (httpx.ConnectTimeout, httpx.ConnectError, httpx.PoolTimeout)
NOT_MODIFIED = ("message is not modified", "topic_not_modified")
_IN_ALBUM = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "document": InputMediaDocument,
    "audio": InputMediaAudio,
}
TOPIC_GONE = ("message thread not found", "topic_deleted", "topic_closed", "topic_id_invalid")


class Fate(StrEnum):
    """What became of a call, in the words of design.md, section 3."""

    DELIVERED = auto()
    PAUSED = auto()  # 429: not delivered, again after `wait`
    UNREACHABLE = auto()  # 403: the person blocked the bot, or never started it
    MIGRATED = auto()  # the group has a new number, `chat_id`
    TOPIC_GONE = auto()  # the group is there, its topic was deleted or closed
    REFUSED = auto()  # 400: never again
    AGAIN = auto()  # 5xx, or no connection: not delivered
    UNCERTAIN = auto()  # sent, and no answer came


@dataclass(frozen=True)
class Outcome:
    """`message_ids` are those of all messages of the call: an album makes several."""

    fate: Fate
    message_ids: tuple[int, ...] = ()
    wait: timedelta = timedelta()
    chat_id: int | None = None
    error: str | None = None

    @property
    def message_id(self) -> int | None:
        return self.message_ids[0] if self.message_ids else None


class Post:
    """One ExtBot on the bot's token; it never asks for updates and never retries by itself."""

    def __init__(self, token: str, api_url: str, gate: Gate) -> None:
        request = HTTPXRequest(
            connection_pool_size=32,
            read_timeout=READ_TIMEOUT,
            write_timeout=READ_TIMEOUT,
            connect_timeout=CONNECT_TIMEOUT,
            pool_timeout=CONNECT_TIMEOUT,
            httpx_kwargs={"verify": _certificates()},
        )
        self._bot: ExtBot[Departure] = ExtBot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=request,
            get_updates_request=request,  # never used: it need not be made
            rate_limiter=GateLimiter(gate),  # type: ignore[arg-type]
        )

    async def open(self) -> None:
        """Opens the connections and asks who we are; raises TelegramError when the server does not know us."""
        await self._bot.initialize()

    async def close(self) -> None:
        await self._bot.shutdown()

    @property
    def username(self) -> str:
        return self._bot.username

    async def send(self, call: Call, departure: Departure) -> Outcome:
        """Makes the call once.

        Raises:
            StillWaiting: The gate has not opened in the time that the departure may wait; nothing was sent.
            Exception: What `departure.settle` raises comes out as it is; nothing was sent.
        """
        try:
            result = await self._make(call, departure)
        except TelegramError as error:
            return _outcome_of(error)
        if isinstance(result, ForumTopic):  # known by the number of the message that opens it
            return Outcome(Fate.DELIVERED, (result.message_thread_id,))
        messages = result if isinstance(result, list | tuple) else (result,)
        return Outcome(Fate.DELIVERED, tuple(each.message_id for each in messages if isinstance(each, Message)))

    async def _make(self, call: Call, departure: Departure) -> object:
        params = dict(call.params)
        if "reply_markup" in params:
            params["reply_markup"] = InlineKeyboardMarkup.de_json(params["reply_markup"], self._bot)
        if "link_preview_options" in params:
            params["link_preview_options"] = LinkPreviewOptions(**params["link_preview_options"])
        if "reply_parameters" in params:
            params["reply_parameters"] = ReplyParameters(**params["reply_parameters"])
        if call.method == "sendMediaGroup":
            params["media"] = [_in_album(each) for each in params["media"]]
        if call.method == "editMessageMedia":
            if call.upload is not None:
                params["media"] |= {"media": call.upload.content, "filename": call.upload.file_name}
            params["media"] = _in_album(params["media"])
        elif call.upload is not None:
            params[call.upload.field] = InputFile(call.upload.content, filename=call.upload.file_name)
        method = getattr(self._bot, call.method)
        return await method(**params, rate_limit_args=departure)


@cache
def _certificates() -> ssl.SSLContext:
    """Whom httpx trusts, read once: it takes a fiftieth of a second and a megabyte each time."""
    return httpx.create_ssl_context()


def _in_album(media: dict[str, Any]) -> object:
    values = {name: value for name, value in media.items() if name != "type"}
    return _IN_ALBUM[media["type"]](**values)


def _outcome_of(error: TelegramError) -> Outcome:
    if isinstance(error.__cause__, TelegramError):
        # A refusal in somebody else's words, such as a proxy's page: Telegram has neither taken nor judged anything.
        return Outcome(Fate.AGAIN, error="not an answer of Telegram")
    match error:
        case RetryAfter():
            wait = error.retry_after
            return Outcome(Fate.PAUSED, wait=wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
        case ChatMigrated():
            return Outcome(Fate.MIGRATED, chat_id=error.new_chat_id)
        case Forbidden():
            return Outcome(Fate.UNREACHABLE, error=error.message)
        case BadRequest() if any(each in error.message.lower() for each in NOT_MODIFIED):
            return Outcome(Fate.DELIVERED)
        case BadRequest() if any(each in error.message.lower() for each in TOPIC_GONE):
            return Outcome(Fate.TOPIC_GONE, error=error.message)
        case BadRequest():
            return Outcome(Fate.REFUSED, error=error.message)
        case NetworkError():
            return _network_outcome(error)
        case InvalidToken() | Conflict():
            return Outcome(Fate.AGAIN, error=error.message)
    return Outcome(Fate.UNCERTAIN, error=type(error).__name__)  # an answer that could not be read


def _network_outcome(error: NetworkError) -> Outcome:
    cause = error.__cause__
    if isinstance(cause, UNSENT):
        return Outcome(Fate.AGAIN, error=type(cause).__name__)
    if not isinstance(error, TimedOut) and cause is None:
        return Outcome(Fate.AGAIN, error="5xx")  # an answer: the server says that it did nothing
    return Outcome(Fate.UNCERTAIN, error=type(cause or error).__name__)
