"""`portevoix init`, `invite`, `migrate`, `import-quartiers`, as an operator types them."""

import asyncio
import json
import os
import re
from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import col, select

from bot.cli import main
from council.actors import Held, load_actor
from council.invitations import TokenRevoked, TokenUsedUp, accept
from council.joining import join
from council.programme_file import programme_path
from storage.database import Database
from storage.people import Role
from storage.programme import Council, Neighbourhood
from tests.operations.examining import TOKEN

Types = Callable[..., Awaitable[str]]


@pytest.fixture
def types(monkeypatch, capsys, tmp_path) -> Types:
    """Types a command in an empty folder and gives back what it said."""
    monkeypatch.chdir(tmp_path)
    for each in [each for each in os.environ if each.startswith("PORTEVOIX_")]:
        monkeypatch.delenv(each)
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")

    async def typed(*words: str, code: int = 0) -> str:
        monkeypatch.setattr("sys.argv", ["portevoix", *words])
        with pytest.raises(SystemExit) as ended:
            await asyncio.to_thread(main)  # a process of its own would do the same, and take seconds
        said = capsys.readouterr()
        assert ended.value.code == code, said.err
        return said.err if code else said.out

    return typed


@pytest.fixture
def database_in_use(types, monkeypatch, database_url_fixture, database) -> Database:
    """The one that the commands are told of."""
    monkeypatch.setenv("PORTEVOIX_DATABASE_URL", database_url_fixture)
    return database


def token_in(said: str) -> str:
    return re.search(r"(?:/start |\?start=)([A-Za-z0-9_-]+)\s*$", said).group(1)


async def joins_with(database: Database, clock, telegram_id: int, token: str) -> tuple[Held, ...]:
    """What somebody new is after opening the link."""
    async with database.write() as session:
        claire = await join(session, clock, telegram_id, "Claire", "fr", "1", fifteen_or_over=True)
        await accept(session, clock, claire, token)
    async with database.read() as session:
        return (await load_actor(session, telegram_id)).held


async def council_id(database: Database, code: str) -> int:
    async with database.read() as session:
        return (await session.exec(select(col(Council.id)).where(col(Council.code) == code))).one()


async def test_init_prints_the_first_coordinators_invitation_until_there_is_one(types, database_in_use, clock):
    said = await types("init", "toulouse")
    assert "12 conseils." in said
    assert "Elle ne sert qu’une fois" in said
    token = token_in(said)
    (held,) = await joins_with(database_in_use, clock, 7_000_000_001, token)
    assert held.role is Role.COORDINATOR
    with pytest.raises(TokenUsedUp):
        await joins_with(database_in_use, clock, 7_000_000_002, token)
    again = await types("init", "toulouse")
    assert "12 conseils." in again
    assert "Invitation" not in again
    async with database_in_use.read() as session:
        assert (await load_actor(session, 7_000_000_001)).held == (held,)


async def test_a_forgotten_link_of_the_operator_opens_nothing(types, database_in_use, clock):
    first, second = token_in(await types("init", "toulouse")), token_in(await types("init", "toulouse"))
    with pytest.raises(TokenRevoked):
        await joins_with(database_in_use, clock, 7_000_000_001, first)
    aside = token_in(await types("invite", "coordinator"))
    (held,) = await joins_with(database_in_use, clock, 7_000_000_002, aside)
    assert held.role is Role.COORDINATOR
    with pytest.raises(TokenRevoked):
        await joins_with(database_in_use, clock, 7_000_000_003, second)


async def test_a_bot_that_answers_is_in_the_link(types, monkeypatch, playground, bot):
    monkeypatch.setenv("PORTEVOIX_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("PORTEVOIX_BOT_API_URL", playground.url)
    said = await types("init", "paris")
    assert "8 conseils." in said
    assert f"https://t.me/{bot.username}?start=" in said


async def test_a_role_is_invited_as_often_as_it_is_said(types, database_in_use, clock):
    await types("init", "toulouse")
    async with database_in_use.read() as session:
        code = (await session.exec(select(col(Council.code)))).first()
    token = token_in(await types("invite", "lead", "--council", code, "--uses", "2"))
    for telegram_id in (7_000_000_001, 7_000_000_002):
        (held,) = await joins_with(database_in_use, clock, telegram_id, token)
        assert (held.role, held.council_id) == (Role.LEAD, await council_id(database_in_use, code))
    with pytest.raises(TokenUsedUp):
        await joins_with(database_in_use, clock, 7_000_000_003, token)


async def test_a_language_without_a_catalogue_is_refused_before_anything_is_put_in_place(types, tmp_path):
    words = programme_path("toulouse").read_text().replace('languages = ["fr", "en", "ar"]', 'languages = ["fr", "tr"]')
    assert '"tr"' in words
    (tmp_path / "ville.toml").write_text(words)
    said = await types("init", "ville.toml", code=1)
    assert re.search(r"ville\.toml, ligne \d+, languages : le robot ne parle pas « tr »", said)
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("database_in_use")
@pytest.mark.parametrize("words", [("invite", "lead"), ("invite", "lead", "--council", "nulle-part")])
async def test_a_role_that_cannot_be_is_refused_in_a_sentence(types, words):
    await types("init", "toulouse")
    said = await types(*words, code=1)
    assert said.startswith("portevoix: ")
    assert said.count("\n") == 1


async def test_boundaries_are_read_and_unknown_codes_named(types, database_in_use, tmp_path):
    await types("init", "toulouse")
    square = {"type": "Polygon", "coordinates": [[[1.4, 43.6], [1.5, 43.6], [1.5, 43.7], [1.4, 43.6]]]}
    features = [
        {"type": "Feature", "properties": {"code_qp": code}, "geometry": square} for code in ("QP031010", "QP099999")
    ]
    (tmp_path / "quartiers.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    said = await types("import-quartiers", "quartiers.geojson")
    assert "1 contour lu." in said
    assert "QP099999" in said
    async with database_in_use.read() as session:
        all_of_them = (await session.exec(select(Neighbourhood))).all()
        assert [each.code for each in all_of_them if each.boundary] == ["QP031010"]


async def test_where_nothing_is_yet_all_is_made_in_one_file(types, tmp_path):
    assert "12 conseils." in await types("init", "toulouse")
    assert (tmp_path / "data" / "portevoix.db").stat().st_size > 0
    assert "La base est à jour." in await types("migrate")
    assert token_in(await types("invite", "coordinator"))
