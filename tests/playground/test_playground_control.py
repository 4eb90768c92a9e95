"""The controls: what the page and the tests turn."""

import asyncio
import base64
import json
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from playground_api import AICHA, OK_KEYBOARD, TOKEN, Api

from playground.bots import Bot
from playground.phones import Phone
from playground.server import Playground

ROOT = Path(__file__).parents[2]


async def test_a_world_is_set_up_over_http(playground: Playground, control: Api, http: aiohttp.ClientSession) -> None:
    await control("POST", "/phones", id=AICHA, first_name="Aïcha", role="Habitante", open=True, language_code="ar")
    await control("POST", "/bots", token=TOKEN, username="voix_bot", first_name="Voix")
    group = (await control("POST", "/groups", title="Conseil", forum=True, members=[AICHA], bot_admin=True)).body

    state = (await control("GET", "/state")).body
    assert [bot["username"] for bot in state["bots"]] == ["voix_bot"]
    assert TOKEN not in json.dumps(state)
    assert state["phones"] == [
        {
            "id": AICHA,
            "first_name": "Aïcha",
            "language_code": "ar",
            "role": "Habitante",
            "open": True,
            "deactivated": False,
            "aside": False,
        }
    ]
    private, forum = state["chats"]
    assert (private["key"], private["started"], private["blocked"]) == (f"p:123456:{AICHA}", True, False)
    assert forum["key"] == f"g:{group['id']}"
    assert [member["status"] for member in forum["members"]] == ["member", "administrator"]
    assert forum["messages"][0]["new_chat_members"][0]["id"] == 123456

    async with http.post(f"{playground.url}/bot999:unknown_token/getMe") as response:
        assert (response.status, (await response.json())["description"]) == (401, "Unauthorized")


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        ("/bots", {"token": "x", "username": "y"}, 400, "A token looks like 123456:abcdef."),
        ("/phones", {"id": -1, "first_name": "x"}, 400, "A phone's id is a positive number."),
        ("/phones/99/send", {"text": "x"}, 404, "There is no such phone."),
        (f"/phones/{AICHA}/send", {"kind": "text"}, 400, "The message is empty."),
        (f"/phones/{AICHA}/send", {"kind": "dream"}, 400, "There is no message of kind “dream”."),
        (f"/phones/{AICHA}/send", {"text": "x", "chat_id": -5}, 404, "There is no such group."),
        (f"/phones/{AICHA}/press", {"message_id": 99}, 404, "There is no such message."),
        ("/groups", {"title": "x", "kind": "channel"}, 400, "A group's kind is group or supergroup."),
        ("/clock", {"advance_seconds": -1}, 400, "The clock never goes back."),
        ("/clock", {"next_event": True}, 400, "No next event has been announced."),
        ("/nowhere", {"x": 1}, 404, "There is no such address."),
    ],
)
async def test_what_cannot_be_turned_is_said_in_a_sentence(
    control: Api, aicha: Phone, path: str, body: dict[str, object], status: int, sentence: str
) -> None:
    reply = await control("POST", path, **body)
    assert (reply.status, reply.body) == (status, {"error": sentence})


async def test_another_site_cannot_steer_the_playground(
    playground: Playground, http: aiohttp.ClientSession, aicha: Phone
) -> None:
    url = f"{playground.url}/playground/phones/{AICHA}/block"
    async with http.post(url, headers={"Origin": "https://exemple.fr"}) as response:
        assert response.status == 403
    assert not aicha.chat().blocked
    async with http.post(url, headers={"Origin": playground.url}) as response:
        assert response.status == 200
    assert aicha.chat().blocked


async def test_a_phone_sends_edits_reacts_and_deletes(api: Api, control: Api, aicha: Phone) -> None:
    path = f"/phones/{AICHA}"
    started = (await control("POST", f"{path}/send", kind="start", payload="abc")).body
    assert (started["message_id"], started["chat_id"]) == (1, AICHA)
    file = base64.b64encode(b"bytes").decode()
    await control("POST", f"{path}/send", kind="document", file=file, file_name="a.txt", caption="doc")
    contact = {"phone_number": "+33561000000", "first_name": "Aïcha", "user_id": AICHA}
    await control("POST", f"{path}/send", kind="contact", contact=contact)
    album = await control(
        "POST", f"{path}/send", kind="album", items=[{"kind": "photo", "caption": "a"}, {"kind": "video"}]
    )
    assert album.body["message_ids"] == [4, 5]
    await control("POST", f"{path}/edit", message_id=2, caption="le doc")
    await control("POST", f"{path}/react", message_id=1, emoji="👍")
    await control("POST", f"{path}/delete", message_ids=[5])

    updates = (await api("getUpdates")).result
    assert updates[0]["message"]["text"] == "/start abc"
    assert updates[1]["message"]["document"]["file_name"] == "a.txt"
    assert updates[2]["message"]["contact"] == contact
    assert updates[-1]["edited_message"]["caption"] == "le doc"
    shown = (await control("GET", "/state")).body["chats"][0]["messages"]
    assert [message["message_id"] for message in shown] == [1, 2, 3, 4]
    assert shown[0]["reactions"] == [{"user_id": AICHA, "reaction": [{"type": "emoji", "emoji": "👍"}]}]


async def test_a_press_waits_for_its_answer(api: Api, playground: Playground, control: Api, aicha: Phone) -> None:
    await api("sendMessage", chat_id=AICHA, text="?", reply_markup=OK_KEYBOARD)
    press = asyncio.create_task(control("POST", f"/phones/{AICHA}/press", message_id=1, row=0, col=1))
    bot = playground.world.first_bot()
    await playground.world.wait_for(lambda: bot.presses, 5)
    await api("answerCallbackQuery", callback_query_id=next(iter(bot.presses)), text="Noté")
    assert (await press).body == {"answered": True, "text": "Noté", "show_alert": False, "url": ""}

    unanswered = await control("POST", f"/phones/{AICHA}/press", message_id=1, row=0, col=0, wait=0)
    assert unanswered.body["answered"] is False
    missing = await control("POST", f"/phones/{AICHA}/press", message_id=1, row=7, col=0)
    assert missing.body == {"error": "There is no button at this place."}


async def test_a_changed_language_is_in_the_next_update(api: Api, control: Api, aicha: Phone) -> None:
    await control("POST", f"/phones/{AICHA}", language_code="ar", first_name="عائشة")
    aicha.sends("x")
    sender = (await api("getUpdates")).result[-1]["message"]["from"]
    assert (sender["language_code"], sender["first_name"]) == ("ar", "عائشة")


async def test_the_clock_goes_forward_and_messages_follow_it(
    playground: Playground, control: Api, aicha: Phone
) -> None:
    clock = playground.world.clock
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert (await control("POST", "/clock", to=tomorrow.isoformat())).status == 200
    assert abs(aicha.sends("x").date - tomorrow.timestamp()) < 60
    back = await control("POST", "/clock", to="2020-01-01T00:00:00Z")
    assert back.body == {"error": "The clock never goes back."}

    event = tomorrow + timedelta(days=3)
    announced = (await control("PUT", "/clock/next", at=event.isoformat(), label="Rappel")).body
    assert announced["next_label"] == "Rappel"
    version = announced["version"]
    waiting = asyncio.create_task(control("GET", f"/clock?after={version}&timeout=20"))
    await asyncio.sleep(0)
    moved = (await control("POST", "/clock", next_event=True)).body
    assert moved["version"] == version + 1
    assert (await waiting).body["version"] == version + 1
    assert clock.now() >= event


async def test_mails_lie_in_the_mailbox(playground: Playground, control: Api, http: aiohttp.ClientSession) -> None:
    attachment = {"name": "lettre.pdf", "mime": "application/pdf", "base64": base64.b64encode(b"%PDF").decode()}
    letter = {"from": "a@b.fr", "to": ["c@d.fr", "e@f.fr"], "subject": "S", "text": "T", "attachments": [attachment]}
    await control("POST", "/mails", **letter)
    (mail,) = (await control("GET", "/mails")).body["mails"]
    assert (mail["n"], mail["to"], mail["attachments"]) == (
        1,
        "c@d.fr, e@f.fr",
        [{"i": 0, "name": "lettre.pdf", "mime": "application/pdf", "size": 4}],
    )
    async with http.get(f"{playground.url}/playground/mails/1/attachments/0") as response:
        assert (await response.read(), response.content_type) == (b"%PDF", "application/pdf")
    assert (await control("GET", "/mails/1/attachments/7")).status == 404


async def _events(http: aiohttp.ClientSession, url: str, count: int, **headers: str) -> list[dict[str, object]]:
    events: list[dict[str, object]] = []
    async with http.get(url, headers={key.replace("_", "-"): value for key, value in headers.items()}) as response:
        async for line in response.content:
            if line.startswith(b"data: "):
                events.append(json.loads(line[6:]))
                if len(events) == count:
                    break
    return events


async def test_events_are_followed_and_resumed(
    playground: Playground, api: Api, http: aiohttp.ClientSession, aicha: Phone
) -> None:
    start = playground.world.feed.seq
    url = f"{playground.url}/playground/events?after={start}"
    reading = asyncio.create_task(_events(http, url, 3))
    await api("sendMessage", chat_id=AICHA, text="un", reply_markup=OK_KEYBOARD)
    aicha.blocks()
    message, log, *_ = seen = await asyncio.wait_for(reading, 5)
    assert (message["type"], message["chat"], message["seq"]) == ("message", f"p:123456:{AICHA}", start + 1)
    assert log["type"] == "log"

    again = await _events(http, f"{playground.url}/playground/events", 2, Last_Event_ID=str(start + 1))
    assert again == seen[1:]
    lost = await _events(http, f"{playground.url}/playground/events", 1, Last_Event_ID="99999")
    assert lost == [{"seq": playground.world.feed.seq, "type": "reset"}]


async def test_a_bot_presents_itself(api: Api, bot: Bot, aicha: Phone) -> None:
    assert (await api("setMyName", name="La voix")).result
    assert (await api("setMyName", name="الصوت", language_code="ar")).result
    assert (await api("getMyName", language_code="ar")).result == {"name": "الصوت"}
    assert (await api("getMyName", language_code="en")).result == {"name": "La voix"}
    assert (await api("setMyDescription", description="d")).result
    assert (await api("getMyDescription")).result == {"description": "d"}
    assert (await api("setMyShortDescription", short_description="s")).result
    assert (await api("getMyShortDescription")).result == {"short_description": "s"}
    assert (await api("setChatMenuButton", chat_id=AICHA, menu_button={"type": "commands"})).result
    assert (await api("getChatMenuButton", chat_id=AICHA)).result == {"type": "commands"}
    assert (await api("getChatMenuButton")).result == {"type": "default"}
    assert (bot.page()["first_name"], bot.page()["description"], bot.page()["short_description"]) == (
        "La voix",
        "d",
        "s",
    )


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"commands": [{"command": "Menu", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "menu", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "menu", "description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": f"c{n}", "description": "x"} for n in range(101)]}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
        ({"commands": [], "scope": {"type": "mine"}}, "can't parse BotCommandScope: unsupported type specified"),
    ],
)
async def test_wrong_commands_are_refused(api: Api, params: dict[str, object], refusal: str) -> None:
    assert (await api("setMyCommands", **params)).error == f"Bad Request: {refusal}"


async def test_commands_are_taken_back(api: Api, bot: Bot) -> None:
    await api("setMyCommands", commands=[{"command": "/menu", "description": "x"}])
    assert (await api("getMyCommands")).result == [{"command": "menu", "description": "x"}]
    assert (await api("deleteMyCommands")).result
    assert (await api("getMyCommands")).result == []


async def test_parameters_come_in_every_form(playground: Playground, http: aiohttp.ClientSession, aicha: Phone) -> None:
    url = f"{playground.url}/bot{TOKEN}/sendMessage"
    async with http.get(url, params={"chat_id": AICHA, "text": "par l'adresse"}) as response:
        assert response.status == 200
    async with http.post(url, data={"chat_id": AICHA, "text": "par un formulaire é"}) as response:
        assert response.status == 200
    async with http.post(url, data=b"{", headers={"Content-Type": "application/json"}) as response:
        assert (await response.json())["description"] == "Bad Request: can't parse JSON object"
    assert aicha.chat().texts() == ["par l'adresse", "par un formulaire é"]


async def test_the_page_is_served_and_nothing_beside_it(playground: Playground, http: aiohttp.ClientSession) -> None:
    for path in ("/static/../server.py", "/static/%2e%2e/server.py", "/static/nothing.js"):
        async with http.get(playground.url + path) as response:
            assert response.status == 404


async def test_the_program_stops_on_sigterm_and_says_when_its_port_is_taken() -> None:
    async with Playground() as other:
        command = [sys.executable, "-m", "playground", "--port"]
        taken = await asyncio.create_subprocess_exec(
            *command, str(other.port), cwd=ROOT, stderr=asyncio.subprocess.PIPE
        )
        _, complaint = await taken.communicate()
        assert taken.returncode == 3
        assert complaint.decode() == f"Port {other.port} of 127.0.0.1 is in use by another program.\n"
    port = other.port
    running = await asyncio.create_subprocess_exec(
        *command, str(port), cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    await _answers(f"http://127.0.0.1:{port}/playground/state")
    running.send_signal(signal.SIGTERM)
    assert await running.communicate() == (b"", b"")
    assert running.returncode == 0


async def _answers(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(400):
            try:
                async with session.get(url):
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.025)
    pytest.fail("the playground did not start")
