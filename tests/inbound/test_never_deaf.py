"""Nothing that a programme says, and no fault in the care of faults, keeps the bot from answering everybody else."""

import pytest
import structlog.testing

from bot.inbound.conversation import Conversation
from council.clock import SystemClock
from council.programme import apply_programme
from tests.inbound.takers import set_aside
from tests.scenes.stage import Stage

on_sqlite = pytest.mark.parametrize("database_url_fixture", ["sqlite"], indirect=True)
MORE_THAN_TELEGRAM_GIVES = 130


async def test_a_language_without_a_catalogue_is_answered_in_french_and_stops_nobody(stage: Stage):
    """A deployment of before `init` refused it, or whose catalogue is gone."""
    rosa = await stage.joined("Rosa", "nord")
    await stage.stop_bot()
    with_turkish = stage.settings.model_copy(update={"languages": ("fr", "en", "ar", "tr")})
    async with stage.database.write() as session:
        await apply_programme(session, SystemClock(), with_turkish)
    await stage.start_bot()

    elif_ = stage.person("Elif", language="tr")
    await elif_.starts()
    await elif_.sees("Bonjour")
    for _ in range(MORE_THAN_TELEGRAM_GIVES):
        rosa.phone.sends("/profil")
    await stage.quiet_moment()
    await rosa.sends("/langue")
    await rosa.sees("Langue")
    assert await set_aside(stage) == []


@on_sqlite
@pytest.mark.parametrize("broken", ["_with_tries", "take"])
async def test_a_fault_outside_every_guard_holds_up_nobody_and_leaves_a_trace(stage: Stage, monkeypatch, broken):
    rosa, awa = await stage.joined("Rosa", "nord"), await stage.joined("Awa", "nord")
    sound = getattr(Conversation, broken)

    async def raising(self, raw, *rest):
        if raw["message"]["from"]["id"] == rosa.id:
            raise RuntimeError
        return await sound(self, raw, *rest)

    monkeypatch.setattr(Conversation, broken, raising)
    with structlog.testing.capture_logs() as lines:
        rosa.phone.sends("/profil")
        for _ in range(MORE_THAN_TELEGRAM_GIVES):
            awa.phone.sends("/profil")
        await awa.sends("/langue")
        await awa.sees("Langue")
        await stage.quiet_moment()  # the offset has gone past hers

    told = [each for each in lines if each["log_level"] == "error"]
    assert [each["event"] for each in told] == ["update_given_up" if broken == "take" else "update_set_aside"]
    kept = await set_aside(stage)
    assert [each.reference for each in kept] == ([] if broken == "take" else [told[0]["reference"]])
