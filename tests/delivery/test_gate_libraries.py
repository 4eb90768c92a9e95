"""Both libraries through one gate, against a small Bot API that writes down when each call arrives."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter
from aiogram.types import InputMediaPhoto as AiogramPhoto
from aiohttp import web
from telegram import InputMediaPhoto
from telegram.error import RetryAfter
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.gate import Limits, Priority
from bot.gate.calls import chat_of, is_message
from bot.gate.memory import MemoryGate
from bot.inbound.gate_middleware import GateMiddleware
from bot.sender.limiter import GateLimiter

TOKEN = "42:TEST"
TOLERANCE = 0.06
"""Seconds by which this machine may deliver two calls closer together than they left."""


@dataclass(frozen=True)
class Arrival:
    at: float
    method: str
    chat: str


@dataclass
class BotApi:
    """Answers every call; refuses the chats that the test names, once each."""

    arrivals: list[Arrival] = field(default_factory=list)
    refuse: dict[str, int] = field(default_factory=dict)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        form = await request.post()
        method, chat = request.match_info["method"], str(form.get("chat_id", ""))
        self.arrivals.append(Arrival(time.monotonic(), method, chat))
        if (wait := self.refuse.pop(chat, None)) is not None:
            parameters = {"retry_after": wait}
            body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": parameters}
            return web.json_response(body, status=429)
        message = {"message_id": 1, "date": 0, "chat": {"id": int(chat or 1), "type": "private"}, "text": "."}
        results = {"sendMediaGroup": [message], "answerCallbackQuery": True, "sendChatAction": True, "getUpdates": []}
        return web.json_response({"ok": True, "result": results.get(method, message)})

    def of(self, *chats: int) -> list[float]:
        return [arrival.at for arrival in self.arrivals if arrival.chat in {str(chat) for chat in chats}]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    api, app = BotApi(), web.Application()
    app.router.add_post("/bot{token}/{method}", api.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield api
    await runner.cleanup()


@dataclass
class Libraries:
    gate: MemoryGate
    replies: Bot
    outbox: ExtBot


@pytest.fixture
async def libraries(api: BotApi) -> AsyncIterator[Libraries]:
    gate = MemoryGate(Limits(messages=10, window=0.5, group_messages=3, group_window=1, private_spacing=0.3))
    session = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
    session.middleware(GateMiddleware(gate))
    sending, listening = HTTPXRequest(connection_pool_size=20), HTTPXRequest()
    outbox = ExtBot(
        TOKEN,
        base_url=f"{api.url}/bot",
        request=sending,
        get_updates_request=listening,
        rate_limiter=GateLimiter(gate),
    )
    replies = Bot(TOKEN, session=session)
    # First calls open connections and build what the library builds once: not part of what is timed here.
    await asyncio.gather(replies.answer_callback_query("0"), outbox.answer_callback_query("0"))
    await replies.send_message(999, "warm")
    api.arrivals.clear()
    yield Libraries(gate, replies, outbox)
    await session.close()
    await sending.shutdown()
    await listening.shutdown()


async def test_both_libraries_together_keep_the_bots_limit(api: BotApi, libraries: Libraries) -> None:
    notices = [
        libraries.outbox.send_message(number, "news", rate_limit_args=Priority.BROADCAST) for number in range(1, 16)
    ]
    replies = [libraries.replies.send_message(number, "reply") for number in range(101, 116)]
    await asyncio.gather(*notices, *replies)
    arrived = sorted(arrival.at for arrival in api.arrivals)
    assert len(arrived) == 30
    for first, one_too_many in zip(arrived, arrived[10:], strict=False):
        assert one_too_many - first >= 0.5


async def test_replies_arrive_before_the_outbox_that_asked_first(api: BotApi, libraries: Libraries) -> None:
    notices = [
        asyncio.create_task(libraries.outbox.send_message(number, "n", rate_limit_args=priority))
        for number, priority in [*((n, Priority.BROADCAST) for n in range(1, 6)), (50, Priority.RELAY)]
    ]
    await asyncio.sleep(0)
    await asyncio.gather(*notices, libraries.replies.send_message(100, "reply"))
    assert max(api.of(100)) < min(api.of(3, 4, 5))
    assert max(api.of(50)) < min(api.of(4, 5))


async def test_a_call_without_priority_goes_last(api: BotApi, libraries: Libraries) -> None:
    calls = [libraries.outbox.send_message(number, "n") for number in range(1, 6)]
    await asyncio.gather(*calls, libraries.outbox.send_message(9, "n", rate_limit_args=Priority.REMINDER))
    assert max(api.of(9)) < min(api.of(3, 4, 5))


async def test_one_person_hears_from_both_libraries_with_the_spacing_kept(api: BotApi, libraries: Libraries) -> None:
    await libraries.replies.send_message(7, "reply")
    await libraries.outbox.send_message(7, "notice", rate_limit_args=Priority.RELAY)
    await libraries.outbox.edit_message_text("corrected", 7, 1, rate_limit_args=Priority.RELAY)
    first, second, third = api.of(7)
    assert second - first >= 0.3
    assert third - second >= 0.3


async def test_an_album_fills_its_groups_window(api: BotApi, libraries: Libraries) -> None:
    photo = "https://example.org/p.jpg"
    await libraries.outbox.send_media_group(-9, [InputMediaPhoto(photo)] * 2, rate_limit_args=Priority.RELAY)
    await libraries.replies.send_media_group(-8, [AiogramPhoto(media=photo)] * 3)
    await asyncio.gather(libraries.replies.send_message(-9, "fits"), libraries.replies.send_message(-8, "waits"))
    (album, fits), (full, waits) = api.of(-9), api.of(-8)
    assert album < fits < waits
    assert waits - full >= 1


async def refused_through_outbox(libraries: Libraries, chat: int) -> None:
    with pytest.raises(RetryAfter):
        await libraries.outbox.send_message(chat, "n", rate_limit_args=Priority.RELAY)


async def refused_through_replies(libraries: Libraries, chat: int) -> None:
    with pytest.raises(TelegramRetryAfter):
        await libraries.replies.send_message(chat, "n")


@pytest.mark.parametrize("refused", [refused_through_outbox, refused_through_replies])
async def test_a_429_seen_by_either_holds_that_chat_for_both_and_no_other(api, libraries, refused) -> None:
    api.refuse = {"7": 1}
    await refused(libraries, 7)
    await asyncio.gather(
        libraries.replies.send_message(7, "reply"),
        libraries.outbox.send_message(7, "notice", rate_limit_args=Priority.TRANSACTIONAL),
        libraries.outbox.send_message(8, "other", rate_limit_args=Priority.BROADCAST),
    )
    first, *later = api.of(7)
    assert len(later) == 2
    assert min(later) - first >= 1 - TOLERANCE
    assert api.of(8)[0] - first < 1


async def test_a_second_chats_429_pauses_the_whole_bot(api: BotApi, libraries: Libraries) -> None:
    api.refuse = {"7": 1, "8": 1}
    await refused_through_outbox(libraries, 7)
    await refused_through_replies(libraries, 8)
    await asyncio.gather(
        libraries.replies.send_message(9, "reply"),
        libraries.replies.answer_callback_query("1"),
        libraries.outbox.answer_callback_query("2"),
    )
    refusal = api.of(8)[0]
    after = [arrival.at - refusal for arrival in api.arrivals if arrival.at > refusal]
    assert len(after) == 3
    assert min(after) >= 1 - TOLERANCE


async def test_listening_goes_on_through_a_pause(api: BotApi, libraries: Libraries) -> None:
    await libraries.gate.pause(1000)
    async with asyncio.timeout(5):
        assert await libraries.replies.get_updates() == []


async def test_typing_and_answers_to_buttons_take_no_place(api: BotApi, libraries: Libraries) -> None:
    async with asyncio.timeout(5):
        for _ in range(15):
            await libraries.replies.send_chat_action(7, "typing")
            await libraries.outbox.answer_callback_query("1")
    await libraries.outbox.send_message(7, "n", rate_limit_args=Priority.RELAY)
    assert libraries.gate.waiting == 0


async def test_a_retry_after_given_as_a_timedelta_pauses_too(
    api: BotApi, libraries: Libraries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    api.refuse = {"7": 1}
    with pytest.raises(RetryAfter) as refusal:
        await libraries.outbox.send_message(7, "n", rate_limit_args=Priority.RELAY)
    assert refusal.value.retry_after == timedelta(seconds=1)
    await libraries.outbox.send_message(7, "n", rate_limit_args=Priority.RELAY)
    first, second = api.of(7)
    assert second - first >= 1 - TOLERANCE


@pytest.mark.parametrize(
    ("method", "counted"),
    [
        ("sendMessage", True),
        ("sendMediaGroup", True),
        ("copyMessages", True),
        ("forwardMessage", True),
        ("editMessageReplyMarkup", True),
        ("sendChatAction", False),
        ("editForumTopic", False),
        ("deleteMessage", False),
        ("getChatMember", False),
    ],
)
def test_what_counts_as_a_message(method: str, counted: bool) -> None:
    assert is_message(method) is counted


@pytest.mark.parametrize(
    ("given", "chat"), [(-100, -100), ("-100", -100), ("42", 42), ("@Canal", "@canal"), (None, None)]
)
def test_a_chat_has_one_key_however_it_is_written(given: object, chat: object) -> None:
    assert chat_of(given) == chat
