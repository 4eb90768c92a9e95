"""Databases to copy from and to, a good copy, and deployments to examine."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

import storage.migrate
from bot.operations.backup import backup
from bot.settings import Settings
from playground.bots import Bot
from playground.server import Playground
from storage.database import Database
from storage.migrate import newest_revision
from tests.operations.examining import TOKEN, FakeTelegram
from tests.operations.filling import ENGINES, elsewhere, fill


@pytest.fixture(params=ENGINES)
async def target(request: pytest.FixtureRequest, fresh_url: Callable[[str], str]) -> AsyncIterator[Database]:
    """Another migrated, empty database, on each engine in turn."""
    made = Database(fresh_url(request.param))
    yield made
    await made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "copie.zip"


@pytest.fixture(scope="module")
def good_bytes(sqlite_template: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A copy with something in every table."""
    directory = tmp_path_factory.mktemp("bonne")
    (directory / "source.db").write_bytes(sqlite_template)

    async def make(database: Database) -> None:
        await fill(database)
        await backup(database, directory / "bonne.zip")

    elsewhere(make, f"sqlite:///{directory / 'source.db'}")
    return (directory / "bonne.zip").read_bytes()


@pytest.fixture
def good(good_bytes: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "bonne.zip"
    path.write_bytes(good_bytes)
    return path


LATER = """
import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{newest}"
branch_labels = depends_on = None


def upgrade():
    op.create_table("later", sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), primary_key=True))


def downgrade():
    op.drop_table("later")
"""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A version of the program that has one more revision."""
    newest = newest_revision()
    copied = tmp_path / "migrations"
    shutil.copytree(storage.migrate.MIGRATIONS, copied)
    (copied / "versions" / "9000_later.py").write_text(LATER.format(newest=newest))
    monkeypatch.setattr(storage.migrate, "MIGRATIONS", copied)
    yield "9000"
    storage.migrate.tables_at.cache_clear()


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No .env and no PORTEVOIX_ setting of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"PORTEVOIX_{name.upper()}", raising=False)


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    async with Playground() as running:
        yield running


@pytest.fixture
def bot(playground: Playground) -> Bot:
    return playground.world.add_bot(TOKEN, "voix_bot", "Voix")


@pytest.fixture
def settings(playground: Playground, bot: Bot, tmp_path: Path) -> Callable[..., Settings]:
    """A good deployment's, but for a database; each test spoils what it is about."""

    def make(**given: Any) -> Settings:
        usual = {"bot_token": TOKEN, "bot_api_url": playground.url, "database_url": f"sqlite:///{tmp_path / 'no.db'}"}
        return Settings(**{**usual, **given})

    return make


@pytest.fixture
def here(settings: Callable[..., Settings], database: Database) -> Callable[..., Settings]:
    """Settings with the test's database."""
    url = database.url.render_as_string(hide_password=False)
    return lambda **given: settings(**{"database_url": url, **given})


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    fake = FakeTelegram()
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", fake.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield fake
    await runner.cleanup()
