"""The webhook: who may call it, what it takes, and when it says 200."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.inbound.webhook import HEADER, PATH
from council import people
from handlers.cards.profile import NewsPress
from storage.people import News
from tests.inbound.programs import free_port
from tests.inbound.takers import lines, set_aside, told_by_bot
from tests.scenes.stage import TOKEN, Person, Stage

SECRET = "a-secret-of-the-tests"


on_sqlite = pytest.mark.parametrize("database_url_fixture", ["sqlite"], indirect=True)


class Caller:
    """Somebody who calls the bot's address, as Telegram does or not quite."""

    def __init__(self, http: aiohttp.ClientSession, url: str, stage: Stage) -> None:
        self._http, self._url, self.stage = http, url, stage

    async def posts(self, body: bytes | dict[str, Any], secret: str | None = SECRET) -> int:
        headers = {} if secret is None else {HEADER: secret}
        content = {"json": body} if isinstance(body, dict) else {"data": body}
        async with self._http.post(self._url + PATH, headers=headers, **content) as answer:
            return answer.status

    async def gets(self, path: str) -> int:
        async with self._http.get(self._url + path) as answer:
            return answer.status


@pytest.fixture
async def caller(stage: Stage) -> AsyncIterator[Caller]:
    """The bot of the stage listens by webhook; Telegram's own calls are as real as the caller's."""
    await stage.stop_bot()
    url = f"http://127.0.0.1:{free_port()}"
    await stage.start_bot(webhook_url=url, webhook_secret=SECRET, listen=url.removeprefix("http://"))
    await stage.until(lambda: stage.playground.world.first_bot().webhook is not None)
    async with aiohttp.ClientSession() as http:
        yield Caller(http, url, stage)


def a_press(person: Person, data: str, update_id: int = 1) -> dict[str, Any]:
    """An update that Telegram might send, built by hand."""
    message = told_by_bot(person.stage, person)
    query = {"id": "1", "from": person.phone.user(), "message": message.body, "chat_instance": "1", "data": data}
    return {"update_id": update_id, "callback_query": query}


DIGEST = NewsPress(News.DIGEST).pack()


@on_sqlite
async def test_telegram_itself_is_answered(caller: Caller):
    rosa = await caller.stage.joined("Rosa", "nord")
    assert await rosa.forges(DIGEST, on=told_by_bot(caller.stage, rosa)) == "C’est noté."
    assert await lines(caller.stage, "person.news_changed") == 1


@on_sqlite
async def test_without_the_secret_nobody_is_heard(caller: Caller):
    rosa = await caller.stage.joined("Rosa", "nord")
    for secret in (None, "", SECRET[:-1], SECRET + "x", SECRET.upper(), "é"):
        assert await caller.posts(a_press(rosa, DIGEST), secret=secret) == 403
        assert await caller.posts(b"{", secret=secret) == 403
    assert await lines(caller.stage, "person.news_changed") == 0


@on_sqlite
async def test_a_body_that_is_no_update_is_refused(caller: Caller):
    numbered = (b'{"update_id": "1"}', b'{"update_id": true}', b'{"update_id": null}')
    for body in (b"", b"{", b"[]", b"7", b'"update"', b"{}", *numbered, b"\xff\xfe", b"[" * 9999):
        assert await caller.posts(body) == 400, body
    assert await set_aside(caller.stage) == []


@on_sqlite
async def test_an_update_of_a_kind_to_come_is_set_aside_and_not_sent_for_ever(caller: Caller):
    assert await caller.posts({"update_id": 5, "message": {"message_id": "?"}}) == 200
    [kept] = await set_aside(caller.stage)
    assert kept.payload == {"update_id": 5, "message": {"message_id": "?"}}
    assert await caller.posts({"update_id": 6, "of_a_kind": {"to": "come"}}) == 200


async def test_the_same_update_twice_at_once_has_one_effect(caller: Caller):
    rosa = await caller.stage.joined("Rosa", "nord")
    update = a_press(rosa, DIGEST)
    assert await asyncio.gather(*(caller.posts(update) for _ in range(5))) == [200] * 5
    assert await lines(caller.stage, "person.news_changed") == 1


async def test_200_comes_only_after_the_commit(caller: Caller, monkeypatch):
    rosa = await caller.stage.joined("Rosa", "nord")
    begun, go_on = asyncio.Event(), asyncio.Event()
    mute = people.mute_news

    async def slow(*given):
        await mute(*given)
        begun.set()
        await go_on.wait()

    monkeypatch.setattr(people, "mute_news", slow)
    posting = asyncio.create_task(caller.posts(a_press(rosa, DIGEST)))
    await begun.wait()
    assert not (await asyncio.wait({posting}, timeout=0.2))[0]
    assert await lines(caller.stage, "person.news_changed") == 0
    go_on.set()
    assert await posting == 200
    assert await lines(caller.stage, "person.news_changed") == 1


@on_sqlite
async def test_the_address_and_no_path_holds_the_token(caller: Caller):
    [told] = [call for call in caller.stage.playground.world.calls if call.method == "setWebhook"]
    assert TOKEN.partition(":")[2] not in told.params["url"]
    assert told.params["url"].endswith(PATH)
    assert told.params["secret_token"] == SECRET
    assert [await caller.gets(path) for path in (f"/{TOKEN}", f"/bot{TOKEN}", PATH)] == [404, 404, 405]


@on_sqlite
async def test_from_webhook_to_polling_and_back_nothing_is_lost(caller: Caller):
    stage = caller.stage
    rosa = await stage.joined("Rosa", "nord")
    await stage.stop_bot()
    presses = [rosa.phone.presses(told_by_bot(stage, rosa), data=DIGEST)]
    await stage.start_bot()
    await stage.until(lambda: presses[0].answer)
    assert stage.playground.world.first_bot().webhook is None

    await stage.stop_bot()
    presses.append(rosa.phone.presses(told_by_bot(stage, rosa), data=DIGEST))
    url = f"http://127.0.0.1:{free_port()}"
    await stage.start_bot(webhook_url=url, webhook_secret=SECRET, listen=url.removeprefix("http://"))
    await stage.until(lambda: presses[1].answer)
    assert await lines(stage, "person.news_changed") == 2
