"""A wrong or missing setting stops the program with one sentence that names it: exit code 1, and no traceback."""

import os
import socket
from collections.abc import Callable

import pytest

from bot.cli import main
from council.clock import SystemClock
from council.programme import apply_programme
from playground.server import Playground
from storage.database import Database
from tests.conftest import small_settings
from tests.inbound.conftest import BOT_TOKEN
from tests.inbound.programs import Program

WRONG: list[tuple[str, dict[str, str]]] = [
    ("PORTEVOIX_BOT_TOKEN", {"BOT_TOKEN": ""}),
    ("PORTEVOIX_BOT_TOKEN", {"BOT_TOKEN": "not-a-token"}),
    ("PORTEVOIX_BOT_TOKEN", {"BOT_TOKEN": "123456:"}),
    ("PORTEVOIX_BOT_TOKEN", {"BOT_TOKEN": "123456:a token/of../getMe?"}),
    ("PORTEVOIX_ROLES", {"ROLES": "inbound,everything"}),
    ("PORTEVOIX_ROLES", {"ROLES": " , "}),
    ("PORTEVOIX_LISTEN", {"LISTEN": "8080"}),
    ("PORTEVOIX_LISTEN", {"LISTEN": "localhost:http"}),
    ("PORTEVOIX_LISTEN", {"LISTEN": "127.0.0.1:65536"}),
    ("PORTEVOIX_WEBHOOK_SECRET", {"WEBHOOK_URL": "https://bot.example"}),
    ("PORTEVOIX_WEBHOOK_SECRET", {"WEBHOOK_URL": "https://bot.example", "WEBHOOK_SECRET": "é è"}),
    ("PORTEVOIX_WEBHOOK_SECRET", {"WEBHOOK_URL": "https://bot.example", "WEBHOOK_SECRET": "a" * 257}),
    ("PORTEVOIX_WEBHOOK_URL", {"WEBHOOK_URL": "http://bot.example", "WEBHOOK_SECRET": "secret"}),
    ("PORTEVOIX_BOT_API_URL", {"BOT_API_URL": "api.telegram.org"}),
    ("PORTEVOIX_DATABASE_URL", {"DATABASE_URL": "portevoix.db"}),
    ("PORTEVOIX_DATABASE_URL", {"DATABASE_URL": "mysql://127.0.0.1/portevoix"}),
    ("PORTEVOIX_DATABASE_URL", {"DATABASE_URL": "postgresql+psycopg2://127.0.0.1/portevoix"}),
    ("PORTEVOIX_DATABASE_URL", {"DATABASE_URL": "postgres+asyncpg://127.0.0.1/portevoix"}),
    ("PORTEVOIX_DATABASE_URL", {"DATABASE_URL": "postgresql://u:p@h:abc/x"}),
    ("PORTEVOIX_DATABASE_URL", {"DATABASE_URL": "postgresql://u:p@h:70000/x"}),
    ("PORTEVOIX_PUBLIC_URL", {"PUBLIC_URL": "bot.ville.example"}),
    ("PORTEVOIX_REDIS_URL", {"REDIS_URL": "127.0.0.1:6379"}),
    ("PORTEVOIX_SMTP_URL", {"SMTP_URL": "mail.example", "MAIL_FROM": "a@b.example"}),
    ("PORTEVOIX_MAIL_FROM", {"SMTP_URL": "smtp://mail.example"}),
    ("PORTEVOIX_MAIL_FROM", {"MAIL_FROM": "nobody"}),
    ("PORTEVOIX_RATE_GLOBAL", {"RATE_GLOBAL": "many"}),
    ("PORTEVOIX_RATE_GROUP", {"RATE_GROUP": "0"}),
    ("PORTEVOIX_LOG_FORMAT", {"LOG_FORMAT": "xml"}),
    ("PORTEVOIX_LOG_LEVEL", {"LOG_LEVEL": "loud"}),
]


@pytest.mark.parametrize("command", ["run", "migrate"])
@pytest.mark.parametrize(("name", "settings"), [each for each in WRONG if each[0] == "PORTEVOIX_DATABASE_URL"])
def test_a_wrong_database_stops_every_command_with_a_sentence(
    name: str, settings: dict[str, str], command: str, monkeypatch, capsys, tmp_path
):
    is_refused_in_a_sentence(name, settings, command, monkeypatch, capsys, tmp_path)


@pytest.mark.parametrize(("name", "settings"), WRONG)
def test_a_wrong_setting_stops_the_program_with_a_sentence_that_names_it(
    name: str, settings: dict[str, str], monkeypatch, capsys, tmp_path
):
    is_refused_in_a_sentence(name, settings, "run", monkeypatch, capsys, tmp_path)


def is_refused_in_a_sentence(name: str, settings: dict[str, str], command: str, monkeypatch, capsys, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    for each in [each for each in os.environ if each.startswith("PORTEVOIX_")]:
        monkeypatch.delenv(each)
    for each, value in {"BOT_TOKEN": BOT_TOKEN, **settings}.items():
        monkeypatch.setenv(f"PORTEVOIX_{each}", value)
    monkeypatch.setattr("sys.argv", ["portevoix", command])

    with pytest.raises(SystemExit) as ended:
        main()

    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert_is_one_sentence(said, name)
    assert BOT_TOKEN not in said
    assert not list(tmp_path.iterdir())  # refused before anything was made


def assert_is_one_sentence(said: str, *names: str) -> None:
    assert said.startswith("portevoix: ")
    assert said.count("\n") == 1, said
    assert all(name in said for name in names), said


@pytest.fixture
async def ready(fresh_url: Callable[[str], str], playground: Playground) -> dict[str, str]:
    """Settings with which the program would run."""
    url = fresh_url("sqlite")
    database = Database(url)
    async with database.write() as session:
        await apply_programme(session, SystemClock(), small_settings())
    await database.close()
    return {"BOT_TOKEN": BOT_TOKEN, "BOT_API_URL": playground.url, "DATABASE_URL": url, "LISTEN": "127.0.0.1:0"}


@pytest.mark.parametrize("roles", ["inbound,sender,sweeps", "inbound"], ids=["all", "inbound"])
@pytest.mark.parametrize(
    ("names", "settings"),
    [
        (["PORTEVOIX_BOT_TOKEN"], {"BOT_TOKEN": "4200000019:of-somebody-else"}),
        (["PORTEVOIX_BOT_API_URL"], {"BOT_API_URL": "http://127.0.0.1:1"}),
        (["PORTEVOIX_DATABASE_URL"], {"DATABASE_URL": "postgresql://127.0.0.1:1/portevoix"}),
        (["PORTEVOIX_DATABASE_URL"], {"DATABASE_URL": "postgresql://nowhere.invalid/portevoix"}),
        (["PORTEVOIX_DATABASE_URL"], {"DATABASE_URL": "postgresql://127.0.0.1:5432/portevoix_that_is_not"}),
        (["PORTEVOIX_LISTEN"], {"LISTEN": "nowhere.invalid:8080"}),
        (["portevoix migrate"], {"DATABASE_URL": "sqlite:///empty.db"}),
    ],
)
async def test_what_cannot_be_reached_is_said_in_a_sentence(
    names: list[str], settings: dict[str, str], roles: str, ready: dict[str, str], program: Callable[..., Program]
):
    running = program("run", **{**ready, **settings, "ROLES": roles})
    assert await running.ended() == 1, running.stderr
    assert_is_one_sentence(running.stderr, *names)


async def test_a_port_in_use_is_said_in_a_sentence(ready: dict[str, str], program: Callable[..., Program]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        running = program("run", **{**ready, "LISTEN": f"127.0.0.1:{taken.getsockname()[1]}"})
        assert await running.ended() == 1, running.stderr
    assert_is_one_sentence(running.stderr, "PORTEVOIX_LISTEN")


async def test_a_database_without_a_programme_is_said_in_a_sentence(
    ready: dict[str, str], program: Callable[..., Program], fresh_url: Callable[[str], str]
):
    running = program("run", **{**ready, "DATABASE_URL": fresh_url("sqlite")})
    assert await running.ended() == 1, running.stderr
    assert_is_one_sentence(running.stderr, "portevoix init")


async def test_a_webhook_address_that_telegram_refuses_is_said_in_a_sentence(
    ready: dict[str, str], playground: Playground, program: Callable[..., Program]
):
    playground.world.faults.add("400", method="setWebhook", text="Bad Request: bad webhook: Failed to resolve host")
    running = program("run", **ready, WEBHOOK_URL="https://nowhere.invalid", WEBHOOK_SECRET="secret")
    assert await running.ended() == 1, running.stderr
    assert_is_one_sentence(running.stderr, "PORTEVOIX_WEBHOOK_URL")


async def test_a_token_that_telegram_takes_back_while_we_run_is_said_in_a_sentence(
    ready: dict[str, str], playground: Playground, program: Callable[..., Program]
):
    running = program("run", **ready)
    await running.until(playground.world, lambda: any(c.method == "getUpdates" for c in playground.world.calls))
    del playground.world.bots_by_token[BOT_TOKEN]
    assert await running.ended() == 1, running.stderr
    assert_is_one_sentence(running.stderr.splitlines(keepends=True)[-1], "PORTEVOIX_BOT_TOKEN")
    assert "Traceback" not in running.stderr


async def test_a_fault_of_ours_is_said_without_words_of_its_own(ready: dict[str, str], program: Callable[..., Program]):
    running = program("run", **ready, sabotage=_nothing_works)
    assert await running.ended() == 1
    assert "ValueError" in running.stderr
    assert "Traceback" not in running.stderr
    assert "what Rosa wrote" not in running.stderr


def _nothing_works() -> None:
    from bot import app

    async def broken(_session: object) -> None:
        raise ValueError("what Rosa wrote")

    app.load_programme = broken
