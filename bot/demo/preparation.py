"""What is there before the first look: phones and a group in the playground, a programme and people in the database."""

from datetime import timedelta

import aiohttp

from bot.clock import PlaygroundClock
from bot.demo.directory import with_partners
from bot.demo.people import PEOPLE, people_of
from bot.demo.seed import seed
from council.meeting_notices import quiet_hours
from council.programme_file import programme_path, read_programme_file
from council.settings import ProgrammeSettings
from locales.translator import Translator, available_languages
from storage.database import Database
from storage.migrate import migrate
from storage.people import Role

TOKEN = "4200000001:demonstration-token-of-the-playground"  # noqa: S105 - opens nothing but the playground
USERNAME = "porte_voix_bot"
AFTER_NIGHT = timedelta(hours=1)

# A group that no council knows yet: the lead can link it with the bot's button.
GROUP_ID = -1_004_200_000_001
IN_GROUP = {Role.RESIDENT, Role.LEAD}


async def prepare(database_url: str, name: str, url: str, say: Translator) -> None:
    """Before the bot runs. Raises what reading a programme file raises."""
    programme = with_partners(read_programme_file(programme_path(name), available_languages()), say)
    clock = PlaygroundClock(f"{url}/playground/clock")
    async with aiohttp.ClientSession(f"{url}/") as http:
        await _post(http, "bots", {"token": TOKEN, "username": USERNAME, "first_name": say.plain("Porte-voix")})
        for person in people_of(name):
            phone = {
                "id": person.telegram_id,
                "first_name": person.first_name,
                "language_code": person.language,
                "role": say.plain(person.label),
                "started": person.role is not None,
                "open": person.open,
                "aside": person.aside,
            }
            await _post(http, "phones", phone)
        await clock.read()
        await _begin_by_day(http, clock, programme)
        await _make_group(http, say)
    database = Database(database_url)
    await migrate(database)
    await seed(database, clock, name, programme, say)
    await database.close()


async def open_menus(url: str) -> None:
    """Whoever has joined asks for the menu, so that each phone shows where to begin."""
    async with aiohttp.ClientSession(f"{url}/") as http:
        for person in PEOPLE:
            if person.role is not None:
                await _post(http, f"phones/{person.telegram_id}/send", {"text": "/menu"})


async def _make_group(http: aiohttp.ClientSession, say: Translator) -> None:
    members = [person for person in PEOPLE if person.role in IN_GROUP]
    lead = next(person for person in members if person.role is Role.LEAD)
    group = {
        "id": GROUP_ID,
        "title": say.plain("Le groupe du conseil"),
        "kind": "supergroup",
        "members": [person.telegram_id for person in members],
        "creator": lead.telegram_id,
        "bot": True,
    }
    await _post(http, "groups", group)


async def _begin_by_day(http: aiohttp.ClientSession, clock: PlaygroundClock, programme: ProgrammeSettings) -> None:
    """At night the bot would keep its news to itself until morning, and there would be nothing to see."""
    morning = quiet_hours(programme).ends_after(clock.now())
    if morning > clock.now():
        await _post(http, "clock", {"to": (morning + AFTER_NIGHT).isoformat()})
        await clock.read()


async def _post(http: aiohttp.ClientSession, path: str, body: dict[str, object]) -> None:
    async with http.post(f"playground/{path}", json=body) as answer:
        answer.raise_for_status()
