"""`portevoix init`, `invite`, `import-quartiers`, `migrate`: putting a programme in place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import typer
from sqlmodel import col, select

from bot.cli.sentences import terminal_say
from bot.readiness import NotReady, check_database
from bot.settings import SettingProblem, Settings, WrongSetting, read_settings
from council.boundaries import import_boundaries
from council.clock import SystemClock
from council.invitations import invite, invite_first_coordinator
from council.programme import apply_programme
from council.programme_file import programme_path, read_programme_file
from council.roles import has_coordinator
from documents.qr import deep_link
from locales.translator import available_languages
from storage.database import Database, database_exists
from storage.migrate import migrate
from storage.people import Role
from storage.programme import Council

say = terminal_say()


async def init_programme(name: str) -> None:
    """Applies the programme; prints the first coordinator's invitation as long as there is no coordinator."""
    settings = read_settings()
    programme = read_programme_file(programme_path(name), available_languages())
    async with open_database(settings, tables=False) as database:
        await migrate(database)
        async with database.write() as session:
            applied = await apply_programme(session, SystemClock(), programme)
            coordinated = await has_coordinator(session)
            made = None
            if not coordinated:
                made = await invite_first_coordinator(session, SystemClock())
    typer.echo(say.plain("Programme en place : {name}.", name=programme.name))
    typer.echo(say.plural("{n} conseil.", "{n} conseils.", len(programme.councils)).unescape())
    if applied.removed:
        typer.echo(say.plain("Conseils retirés : {codes}.", codes=say.enumeration(applied.removed)))
    if made is not None:
        typer.echo(say.plain("Invitation pour la première coordination. Elle ne sert qu’une fois :"))
        typer.echo(await _link(settings, made.token))


async def invite_somebody(role: Role, council_code: str | None, uses: int) -> None:
    """Prints a link to a role. Raises Refusal for a role that needs a council, or must not have one."""
    settings = read_settings()
    async with open_database(settings) as database, database.write() as session:
        council_id = None
        if council_code is not None:
            council_id = (await session.exec(select(col(Council.id)).where(col(Council.code) == council_code))).first()
            if council_id is None:
                raise WrongSetting("--council", SettingProblem.NO_SUCH_COUNCIL)
        made = await invite(session, SystemClock(), None, role, council_id, uses=uses)
    typer.echo(await _link(settings, made.token))


async def import_neighbourhoods(path: Path) -> None:
    """Reads boundaries; codes that the programme does not have are listed."""
    settings = read_settings()
    content = await asyncio.to_thread(path.read_bytes)
    async with open_database(settings) as database, database.write() as session:
        imported = await import_boundaries(session, SystemClock(), content)
    typer.echo(say.plural("{n} contour lu.", "{n} contours lus.", len(imported.written)).unescape())
    if imported.unknown:
        typer.echo(say.plain("Codes inconnus du programme : {codes}.", codes=say.enumeration(imported.unknown)))


async def migrate_database() -> None:
    """To the newest tables."""
    async with open_database(read_settings(), tables=False) as database:
        await migrate(database)
    typer.echo(say.plain("La base est à jour."))


@asynccontextmanager
async def open_database(settings: Settings, *, tables: bool = True) -> AsyncIterator[Database]:
    """The database of a deployment, closed at the end. Raises NotReady, without `tables` only when it is not there."""
    if tables and not database_exists(settings.database_url):
        raise NotReady("nothing")
    database = Database(settings.database_url)
    try:
        await check_database(database, tables=tables)
        yield database
    finally:
        await database.close()


async def _link(settings: Settings, token: str) -> str:
    """The deep link; without a bot that answers, what to write to it."""
    username = await _bot_username(settings)
    if username is None:
        return say.plain("Écrivez au robot : {command}", command=f"/start {token}")
    return deep_link(username, token)


async def _bot_username(settings: Settings) -> str | None:
    secret = settings.bot_token.get_secret_value()
    if not secret:
        return None
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http,
            http.get(f"{settings.bot_api_url}/bot{secret}/getMe") as answer,
        ):
            told = await answer.json()
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None
    return told["result"]["username"] if told.get("ok") else None
