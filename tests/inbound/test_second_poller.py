"""Two programs on one token: the second gives way with a sentence, the first goes on."""

from collections.abc import Callable

import pytest

from council.clock import SystemClock
from council.programme import apply_programme
from playground.server import Playground
from storage.database import Database
from tests.conftest import small_settings
from tests.inbound.conftest import BOT_TOKEN
from tests.inbound.programs import Program
from tests.inbound.test_settings import assert_is_one_sentence

ROSA = 6_000_000_001


async def settings_of(url: str, playground: Playground) -> dict[str, str]:
    database = Database(url)
    async with database.write() as session:
        await apply_programme(session, SystemClock(), small_settings())
    await database.close()
    told = {"BOT_TOKEN": BOT_TOKEN, "BOT_API_URL": playground.url, "DATABASE_URL": url}
    return {**told, "ROLES": "inbound", "LOG_LEVEL": "ERROR"}


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
async def test_a_second_poller_is_refused_and_the_first_goes_on(
    playground: Playground, program: Callable[..., Program], fresh_url: Callable[[str], str], busy: bool
):
    world = playground.world
    crowd = [world.add_phone(ROSA + n, f"Rosa {n}", language_code="fr") for n in range(40)]
    first = program("run", **await settings_of(fresh_url("sqlite"), playground))
    # It has listened in vain for a while: from then on it is who was here first.
    await first.until(world, lambda: sum(call.method == "getUpdates" for call in world.calls) >= 2)

    second = program("run", **await settings_of(fresh_url("sqlite"), playground))
    if busy:  # updates that the second may well be given
        for each in crowd:
            each.sends("/aide")
    assert await second.ended() == 1, second.stderr
    assert_is_one_sentence(second.stderr, "Porte-voix", "relancez")

    assert first.runs
    awa = world.add_phone(ROSA - 1, "Awa", language_code="fr")
    awa.sends("/aide")
    await first.until(world, lambda: any(c.method == "sendMessage" and c.chat_id == awa.id for c in world.calls))
    first.terminate()
    assert await first.ended() == 0
