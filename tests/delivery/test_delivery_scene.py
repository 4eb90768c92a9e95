"""The whole bot: what the sender learns of a person, and what their next word changes."""

from council.actors import load_actor
from council.announcements import announce
from storage.people import Role
from tests.conftest import FakeClock
from tests.delivery.post_office import both
from tests.scenes.conftest import stage as stage
from tests.scenes.stage import Person, Stage


async def announced(stage: Stage, lead: Person, words: str) -> None:
    clock = FakeClock()
    clock.set(stage.now())
    async with stage.database.write() as session:
        actor = await load_actor(session, lead.id)
        assert actor is not None
        await announce(session, clock, actor, frozenset({stage.councils["nord"]}), words, None, words)
    assert stage.app is not None
    stage.app.database.after_notices()
    await stage.all_delivered()


@both
async def test_who_blocked_the_bot_is_left_alone_until_they_write_again(stage: Stage):
    rosa, fatou = await stage.joined("Rosa", "nord"), await stage.joined("Fatou", "nord")
    lead = await stage.joined("Lou", "sud", role=Role.COORDINATOR)

    def asked() -> int:
        calls = stage.playground.world.calls
        return len([each for each in calls if each.method == "sendMessage" and each.chat_id == rosa.id])

    # As after a network fault: Telegram's own word of the block, which usually comes first, was lost.
    stage.playground.world.faults.add("403", chat_id=rosa.id, method="sendMessage", times=100)
    await announced(stage, lead, "La première nouvelle")
    await announced(stage, lead, "La deuxième nouvelle")
    await fatou.sees("La deuxième nouvelle")
    assert asked() == 1

    stage.playground.world.faults.clear()
    await rosa.sends("/menu")
    await announced(stage, lead, "La troisième nouvelle")
    await rosa.sees("La troisième nouvelle")
    assert not [text for text in rosa.texts() if "deuxième" in text]
