"""How bots hear of things: long polling, its conflicts, and webhooks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web
from playground_api import AICHA, Api

from playground.bots import Bot
from playground.phones import Phone
from playground.server import Playground

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


async def test_updates_come_until_they_are_confirmed(api: Api, aicha: Phone) -> None:
    for text in ("un", "deux", "trois"):
        aicha.sends(text)
    updates = (await api("getUpdates", limit=2)).result
    assert [update["message"]["text"] for update in updates] == ["un", "deux"]
    assert updates[1]["update_id"] == updates[0]["update_id"] + 1
    assert (await api("getUpdates", limit=2)).result == updates

    rest = (await api("getUpdates", offset=updates[1]["update_id"] + 1)).result
    assert [update["message"]["text"] for update in rest] == ["trois"]


async def test_a_negative_offset_forgets_all_but_the_last(api: Api, aicha: Phone) -> None:
    for text in ("un", "deux", "trois"):
        aicha.sends(text)
    assert [update["message"]["text"] for update in (await api("getUpdates", offset=-1)).result] == ["trois"]
    assert len((await api("getUpdates")).result) == 1


async def test_a_long_poll_ends_when_something_happens(api: Api, bot: Bot, aicha: Phone) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=20))
    await asyncio.wait_for(_polled(bot), 5)
    aicha.sends("enfin")
    assert (await asyncio.wait_for(poll, 5)).result[0]["message"]["text"] == "enfin"


async def test_of_two_long_polls_the_older_is_ended(api: Api, bot: Bot, aicha: Phone) -> None:
    older = asyncio.create_task(api("getUpdates", timeout=20))
    await asyncio.wait_for(_polled(bot), 5)
    newer = asyncio.create_task(api("getUpdates", timeout=20))
    ended = await asyncio.wait_for(older, 5)
    assert (ended.status, ended.error) == (409, CONFLICT)
    aicha.sends("à toi")
    assert len((await asyncio.wait_for(newer, 5)).result) == 1


async def _polled(bot: Bot) -> None:
    while not bot.queue.polled:
        await asyncio.sleep(0.005)


async def test_only_wanted_updates_come_and_the_wish_stays(api: Api, aicha: Phone) -> None:
    await api("getUpdates", allowed_updates=["message_reaction"])
    message = aicha.sends("pas voulu")
    aicha.reacts(message, "👍")
    await api("getUpdates")
    aicha.reacts(message, None)
    first, second = (await api("getUpdates")).result
    assert first["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert (second["message_reaction"]["old_reaction"], second["message_reaction"]["new_reaction"]) == (
        [{"type": "emoji", "emoji": "👍"}], [],
    )  # fmt: skip


async def test_reactions_are_not_sent_unasked(api: Api, aicha: Phone) -> None:
    aicha.reacts(aicha.sends("x"), "👍")
    assert ["message" in update for update in (await api("getUpdates")).result] == [True]


async def test_a_deep_link_arrives_as_a_command_with_its_payload(api: Api, aicha: Phone) -> None:
    aicha.starts("inv_1-2")
    message = (await api("getUpdates")).result[0]["message"]
    assert message["text"] == "/start inv_1-2"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"]["language_code"] == "fr"


@pytest.mark.parametrize("payload", ["x" * 65, "é", "a b", "<b>", "a.b"])
async def test_what_no_deep_link_carries_is_not_taken(control: Api, api: Api, aicha: Phone, payload: str) -> None:
    refused = await control("POST", f"/phones/{AICHA}/send", kind="start", payload=payload)
    assert refused.status == 400
    assert "deep link" in refused.body["error"]
    assert (await api("getUpdates")).result == []
    assert (await control("POST", f"/phones/{AICHA}/send", kind="start", payload="_" * 64)).status == 200


async def test_an_edit_by_a_person(api: Api, aicha: Phone) -> None:
    message = aicha.sends("un")
    aicha.edits(message, "**deux**")
    first, second = (await api("getUpdates")).result
    assert first["message"]["text"] == "un", "what was on its way is not changed"
    assert second["edited_message"]["text"] == "deux"
    assert second["edited_message"]["entities"][0]["type"] == "bold"
    assert second["edited_message"]["edit_date"] > 0


async def test_blocking_is_told(api: Api, aicha: Phone) -> None:
    aicha.blocks()
    aicha.blocks()
    aicha.unblocks()
    changes = [update["my_chat_member"] for update in (await api("getUpdates")).result]
    assert [(c["old_chat_member"]["status"], c["new_chat_member"]["status"]) for c in changes] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]
    assert changes[0]["from"]["id"] == aicha.id


async def test_thousands_of_updates_are_queued_at_once(api: Api, aicha: Phone, bot: Bot) -> None:
    for number in range(2_000):
        aicha.sends(f"message {number}")
    seen: list[int] = []
    while updates := (await api("getUpdates", offset=seen[-1] + 1 if seen else 0)).result:
        seen += [update["update_id"] for update in updates]
    assert seen == list(range(seen[0], seen[0] + 2_000))
    assert len(bot.queue) == 0


# --- webhooks


class Receiver:
    """A bot's own web server."""

    def __init__(self) -> None:
        self.url = ""
        self.secrets: list[str | None] = []
        self.texts: list[str] = []
        self.answer: Callable[[], Awaitable[web.Response]] = self.accept

    async def accept(self) -> web.Response:
        return web.Response()

    async def handle(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.texts.append((await request.json())["message"]["text"])
        return await self.answer()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_a_webhook_gets_updates_with_its_secret(
    api: Api, playground: Playground, bot: Bot, aicha: Phone, receiver: Receiver
) -> None:
    aicha.sends("avant")
    assert (await api("setWebhook", url=receiver.url, secret_token="s3cret")).result
    aicha.sends("après")
    await playground.world.wait_for(lambda: bot.webhook and bot.webhook.info()["pending_update_count"] == 0)

    assert sorted(receiver.texts) == ["après", "avant"]
    assert receiver.secrets == ["s3cret", "s3cret"]
    assert (await api("getUpdates")).error == ACTIVE

    assert (await api("deleteWebhook")).result
    assert (await api("getUpdates")).result == []


async def test_a_webhook_that_fails_is_tried_again(
    api: Api, playground: Playground, bot: Bot, aicha: Phone, receiver: Receiver
) -> None:
    playground.world.first_retry_of_webhook = 0.01

    async def fail_twice() -> web.Response:
        return web.Response(status=500 if len(receiver.texts) < 3 else 200)

    receiver.answer = fail_twice
    await api("setWebhook", url=receiver.url)
    aicha.sends("encore")
    await playground.world.wait_for(lambda: len(receiver.texts) == 3)
    await playground.world.wait_for(lambda: bot.webhook and bot.webhook.info()["pending_update_count"] == 0)

    info = (await api("getWebhookInfo")).result
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert (info["url"], info["pending_update_count"]) == (receiver.url, 0)


async def test_what_a_webhook_did_not_take_is_not_lost(
    api: Api, playground: Playground, aicha: Phone, receiver: Receiver
) -> None:
    async def refuse() -> web.Response:
        return web.Response(status=503)

    receiver.answer = refuse
    await api("setWebhook", url=receiver.url)
    aicha.sends("un")
    aicha.sends("deux")
    await playground.world.wait_for(lambda: len(receiver.texts) == 2)
    assert (await api("getWebhookInfo")).result["pending_update_count"] == 2
    await api("deleteWebhook")
    assert [update["message"]["text"] for update in (await api("getUpdates")).result] == ["un", "deux"]


async def test_a_webhook_may_answer_with_a_method(
    api: Api, playground: Playground, aicha: Phone, receiver: Receiver
) -> None:
    async def reply() -> web.Response:
        return web.json_response({"method": "sendMessage", "chat_id": aicha.id, "text": "reçu"})

    receiver.answer = reply
    await api("setWebhook", url=receiver.url)
    aicha.sends("allô")
    await playground.world.wait_for(lambda: aicha.chat().last().text == "reçu")


async def test_a_webhook_may_answer_with_a_form_and_its_file(
    api: Api, playground: Playground, aicha: Phone, receiver: Receiver
) -> None:
    """As aiogram's own handler does."""

    async def reply() -> web.Response:
        form = aiohttp.MultipartWriter("form-data")
        fields = {"method": "sendDocument", "chat_id": str(aicha.id), "document": "attach://letter"}
        for name, value in fields.items():
            form.append(value).set_content_disposition("form-data", name=name)
        form.append(b"bytes").set_content_disposition("form-data", name="letter", filename="lettre.txt")
        return web.Response(body=form)

    receiver.answer = reply
    await api("setWebhook", url=receiver.url)
    aicha.sends("la lettre ?")
    document = await playground.world.wait_for(lambda: aicha.chat().last().body.get("document"))
    assert (document["file_name"], document["file_size"]) == ("lettre.txt", 5)


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"url": "nowhere"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://a.fr", "secret_token": "é"}, "secret token contains unallowed characters"),
    ],
)
async def test_a_wrong_webhook_is_refused(api: Api, params: dict[str, str], refusal: str) -> None:
    assert (await api("setWebhook", **params)).error == f"Bad Request: {refusal}"
