"""Faults on order, and Telegram's limits."""

import asyncio

import aiohttp
import pytest
from playground_api import TOKEN, Api

from playground.errors import ApiError, ControlError
from playground.flood import FloodLimits, FloodSettings
from playground.phones import Phone
from playground.server import Playground


async def test_a_429_says_when_to_come_back(api: Api, playground: Playground, aicha: Phone) -> None:
    playground.world.faults.add("429", method="send*", retry_after=7, times=2)
    for _ in range(2):
        refused = await api("sendMessage", chat_id=aicha.id, text="x")
        assert (refused.status, refused.error) == (429, "Too Many Requests: retry after 7")
        assert refused.body["parameters"] == {"retry_after": 7}
    assert (await api("sendMessage", chat_id=aicha.id, text="x")).status == 200


@pytest.mark.parametrize(
    ("kind", "settings", "status", "error"),
    [
        ("403", {}, 403, "Forbidden: bot was blocked by the user"),
        ("400", {"text": "PEER_ID_INVALID"}, 400, "Bad Request: PEER_ID_INVALID"),
        ("5xx", {"code": 502}, 502, "Bad Gateway"),
        ("migrate", {"to": -1001}, 400, "Bad Request: group chat was upgraded to a supergroup chat"),
    ],
)
async def test_refusals_on_order(
    api: Api, playground: Playground, aicha: Phone, kind: str, settings: dict[str, object], status: int, error: str
) -> None:
    playground.world.faults.add(kind, **settings)
    refused = await api("sendMessage", chat_id=aicha.id, text="x")
    assert (refused.status, refused.error) == (status, error)
    assert aicha.chat().texts() == []
    assert playground.world.calls[-1].fault == kind


async def test_a_fault_strikes_where_and_when_it_is_told(api: Api, playground: Playground, aicha: Phone) -> None:
    luc = playground.world.add_phone(8, "Luc")
    playground.world.faults.add("403", chat_id=luc.id, skip=1)
    statuses = [
        (await api("sendMessage", chat_id=phone.id, text="x")).status for phone in (aicha, luc, aicha, luc, luc)
    ]
    assert statuses == [200, 200, 200, 403, 200]


async def test_a_fault_of_one_chat_stays_with_the_chat_that_it_struck(
    api: Api, playground: Playground, aicha: Phone
) -> None:
    luc = playground.world.add_phone(8, "Luc")
    playground.world.faults.add("429", scope="chat", times=2)
    statuses = [(await api("sendMessage", chat_id=phone.id, text="x")).status for phone in (aicha, luc, aicha)]
    assert statuses == [429, 200, 429]


async def test_a_lost_answer_was_delivered_and_a_reset_was_not(
    playground: Playground, aicha: Phone, http: aiohttp.ClientSession
) -> None:
    url = f"{playground.url}/bot{TOKEN}/sendMessage"
    for kind, text in (("lost_answer", "arrivé"), ("reset", "jamais")):
        playground.world.faults.add(kind)
        with pytest.raises(aiohttp.ClientConnectionError):
            # A POST is not sent again by the client of its own accord.
            await http.post(url, json={"chat_id": aicha.id, "text": text})
    assert aicha.chat().texts() == ["arrivé"]
    assert [call.status for call in playground.world.calls] == [0, 0]


async def test_a_proxys_error_is_no_json(playground: Playground, aicha: Phone, http: aiohttp.ClientSession) -> None:
    playground.world.faults.add("5xx", code=502, html=True)
    async with http.post(f"{playground.url}/bot{TOKEN}/getMe") as response:
        assert (response.status, response.content_type) == (502, "text/html")


@pytest.mark.parametrize(("after", "delivered"), [(False, []), (True, ["x"])])
async def test_a_call_hangs_before_or_after_its_effect(
    api: Api, playground: Playground, aicha: Phone, after: bool, delivered: list[str]
) -> None:
    playground.world.faults.add("hang", seconds=60, after=after)
    call = asyncio.create_task(api("sendMessage", chat_id=aicha.id, text="x"))
    await playground.world.wait_for(lambda: playground.world.calls)
    assert aicha.chat().texts() == delivered
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)


async def test_faults_are_ordered_over_http_too(api: Api, control: Api, aicha: Phone) -> None:
    await control("POST", "/faults", rules=[{"kind": "403", "method": "sendmessage"}, {"kind": "400", "text": "no"}])
    assert (await api("sendMessage", chat_id=aicha.id, text="x")).status == 403
    assert (await control("POST", "/faults", clear=True)).body == {"added": 0, "rules": 0}
    assert (await api("sendMessage", chat_id=aicha.id, text="x")).status == 200
    assert (await control("POST", "/faults", kind="rain")).body == {"error": "There is no fault of kind “rain”."}


def test_a_fault_with_an_unknown_setting_is_refused(playground: Playground) -> None:
    with pytest.raises(ControlError, match="no setting “colour”"):
        playground.world.faults.add("429", colour="red")


# --- limits


def passed(limits: FloodLimits, chats: list[int], count: int = 1) -> int:
    """How many of these calls pass before the first refusal."""
    for number, chat_id in enumerate(chats):
        try:
            limits.check(1, chat_id, count)
        except ApiError:
            return number
    return len(chats)


def test_thirty_messages_a_second_in_all() -> None:
    assert passed(FloodLimits(FloodSettings()), list(range(1, 40))) == 30


def test_three_at_once_to_one_person() -> None:
    assert passed(FloodLimits(FloodSettings()), [5] * 5) == 3


def test_twenty_a_minute_to_one_group() -> None:
    assert passed(FloodLimits(FloodSettings()), [-5] * 25) == 20


def test_an_album_counts_its_items() -> None:
    assert passed(FloodLimits(FloodSettings()), [-1, -2, -3, -4], count=10) == 3


def test_insisting_makes_the_wait_longer() -> None:
    limits = FloodLimits(FloodSettings(chat_burst=1, retry_after=3, penalty_step=2))
    limits.check(1, 5, 1)
    waits = []
    for _ in range(3):
        with pytest.raises(ApiError) as refused:
            limits.check(1, 5, 1)
        waits.append(refused.value.parameters["retry_after"])
    assert waits == [3, 5, 7]
    limits.check(1, 6, 1)


async def test_limits_hold_messages_and_edits_but_not_answers(api: Api, control: Api, aicha: Phone) -> None:
    assert (await control("POST", "/flood", on=True, chat_burst=2)).body["chat_burst"] == 2
    assert (await api("sendMessage", chat_id=aicha.id, text="un")).status == 200
    assert (await api("editMessageText", chat_id=aicha.id, message_id=1, text="deux")).status == 200
    assert (await api("sendMessage", chat_id=aicha.id, text="trois")).status == 429
    assert (await api("sendChatAction", chat_id=aicha.id, action="typing")).status == 200
    assert (await api("getChat", chat_id=aicha.id)).status == 200
    assert (await control("POST", "/flood", on=False)).body["on"] is False
    assert (await api("sendMessage", chat_id=aicha.id, text="quatre")).status == 200
