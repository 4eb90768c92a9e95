"""Whatever goes wrong, at the most talkative level: no token, no name, no word of anybody stands in the log."""

import json
from collections.abc import Callable

import pytest

from handlers.cards.profile import LanguagePress, NamePress, NewsPress
from playground.server import Playground
from storage.people import News
from tests.inbound.conftest import BOT_TOKEN
from tests.inbound.crowds import Crowd
from tests.inbound.programs import Program
from tests.inbound.sabotage import WORDS, fail_in_every_way

SECRETS = (BOT_TOKEN.partition(":")[2], WORDS, "Prénom", "Plénière", "Salle des fêtes", "pass-of-the-database")


@pytest.mark.parametrize("log_format", ["json", "console"])
async def test_errors_of_every_kind_are_logged_without_words(
    log_format: str, playground: Playground, program: Callable[..., Program], fresh_url: Callable[[str], str]
):
    world = playground.world
    crowd = Crowd(playground, fresh_url("sqlite"))
    await crowd.gathers(6, 0)
    rosa, awa, *others = crowd.members
    for kind, phone in zip(("403", "400", "5xx", "reset"), others, strict=True):
        world.faults.add(kind, method="send*", chat_id=phone.id, text=f"{kind}: {WORDS}")
    world.faults.add("400", method="editMessage*", text=f"Bad Request: {WORDS}")
    running = program(
        "run",
        sabotage=fail_in_every_way,
        BOT_TOKEN=BOT_TOKEN,
        BOT_API_URL=playground.url,
        DATABASE_URL=crowd.url,
        LOG_LEVEL="DEBUG",
        LOG_FORMAT=log_format,
    )
    presses = [
        crowd.presses_on(rosa, NewsPress(News.NONE)),
        crowd.presses_on(rosa, LanguagePress("en")),
        crowd.presses_on(rosa, NamePress()),
    ]
    rosa.sends(WORDS)
    presses.append(crowd.presses_on(awa, NewsPress(News.NONE)))
    for phone in others:
        phone.sends(f"/profil {WORDS}")
    await running.until(world, lambda: all(each.answer for each in presses) and not len(crowd.bot.queue))
    await running.until(world, lambda: not world.faults.rules)
    running.terminate()
    assert await running.ended() == 0, running.stderr

    logged = running.stderr
    for kind in ("update_failed", "update_set_aside", "stray_error", "somebody said %s", "RuntimeError", "warning"):
        assert kind in logged
    for secret in SECRETS:
        assert secret not in logged, [line for line in logged.splitlines() if secret in line][:3]
    assert "Traceback" not in logged
    if log_format == "json":
        assert all(isinstance(json.loads(line), dict) for line in logged.splitlines())


@pytest.mark.parametrize(
    "wrong",
    [
        {"BOT_TOKEN": "4200000019:a-token-of-nobody"},
        {"BOT_API_URL": "http://127.0.0.1:1"},
        {"DATABASE_URL": "postgresql://somebody:pass-of-the-database@127.0.0.1:1/portevoix"},
        {"DATABASE_URL": "postgresql://somebody:pass-of-the-database@127.0.0.1:1:2/portevoix"},
    ],
)
async def test_what_stops_the_program_is_said_without_secrets(
    wrong: dict[str, str], playground: Playground, program: Callable[..., Program], fresh_url: Callable[[str], str]
):
    crowd = Crowd(playground, fresh_url("sqlite"))
    await crowd.gathers(0, 0)
    told = {"BOT_TOKEN": BOT_TOKEN, "BOT_API_URL": playground.url, "DATABASE_URL": crowd.url, "LOG_LEVEL": "DEBUG"}
    running = program("run", **{**told, **wrong})
    assert await running.ended() == 1
    assert "Traceback" not in running.stderr
    assert not [secret for secret in (*SECRETS, "a-token-of-nobody") if secret in running.stderr], running.stderr
