"""A thousand updates wait; the program is stopped and killed while it takes them: none is lost, none counts twice."""

import math
import random
import signal
from collections.abc import Callable

import pytest

from playground.server import Playground
from tests.inbound.conftest import BOT_TOKEN
from tests.inbound.crowds import Crowd
from tests.inbound.programs import Program, free_port

SECRET = "a-secret-for-the-webhook"
PEOPLE = 200
"""Five updates each."""


def answers(playground: Playground) -> int:
    """Answers that people have been given so far."""
    methods = ("answerCallbackQuery", "sendMessage")
    return sum(call.method in methods and call.status == 200 for call in playground.world.calls)


@pytest.mark.parametrize(
    ("way", "engine", "seed"),
    [
        ("polling", "sqlite", 1),
        ("polling", "postgresql", 2),
        ("webhook", "sqlite", 3),
        ("webhook", "postgresql", 4),
    ],
)
async def test_a_thousand_waiting_updates_survive_every_kind_of_stop(
    way: str,
    engine: str,
    seed: int,
    playground: Playground,
    program: Callable[..., Program],
    fresh_url: Callable[[str], str],
):
    crowd = Crowd(playground, fresh_url(engine))
    # A press stays answerable however long a busy machine takes over four runs: what is asked is whether each is taken.
    playground.world.callback_lifetime = math.inf
    # Telegram's webhook calls come side by side: who joins by it might see one step overtake another on its way.
    strangers = PEOPLE * 3 // 10 if way == "polling" else 0
    await crowd.gathers(PEOPLE - strangers, strangers)
    await crowd.acts()
    settings = _settings(crowd, way)
    draw = random.Random(seed)
    ends = draw.sample([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM], 3)
    points = sorted(draw.sample(range(PEOPLE // 4, PEOPLE * 7 // 2), 3))
    before: set[int] = set()
    # An answer does not hold back the confirmation: the kill may take it, never its effect.
    cut_off: set[int] = set()

    for end, point in zip(ends, points, strict=True):
        running = program("run", **settings)
        await running.until(playground.world, lambda point=point: answers(playground) >= point)
        running.process.kill() if end == signal.SIGKILL else running.terminate()
        code = await running.ended()
        processed = await crowd.processed()
        if end == signal.SIGTERM:
            assert code == 0, running.stderr
            in_this_run = [crowd.presses[each] for each in crowd.presses if each in processed - before]
            assert all(press.answer for press in in_this_run)  # what was in flight was finished, and answered
        else:
            assert code == -signal.SIGKILL
        waiting = set(await crowd.waiting())
        assert set(crowd.updates) - waiting <= processed  # confirmed only after it was committed
        cut_off |= {each for each in processed - waiting if each in crowd.presses and not crowd.presses[each].answer}
        before = processed

    running = program("run", **settings)
    awaited = [press for each, press in crowd.presses.items() if each not in cut_off]
    await running.until(playground.world, lambda: all(press.answer for press in awaited))
    running.terminate()
    assert await running.ended() == 0, running.stderr
    assert await crowd.waiting() == []
    assert await crowd.processed() == set(crowd.updates)
    await crowd.check_every_effect_once(in_order=way == "polling")


def _settings(crowd: Crowd, way: str) -> dict[str, str]:
    port = free_port()
    settings = {
        "BOT_TOKEN": BOT_TOKEN,
        "BOT_API_URL": crowd.playground.url,
        "DATABASE_URL": crowd.url,
        "ROLES": "inbound",
        "RATE_GLOBAL": "100000",
        "LOG_LEVEL": "WARNING",
        "LISTEN": f"127.0.0.1:{port}",
    }
    webhook = {"WEBHOOK_URL": f"http://127.0.0.1:{port}", "WEBHOOK_SECRET": SECRET}
    return settings | (webhook if way == "webhook" else {})
