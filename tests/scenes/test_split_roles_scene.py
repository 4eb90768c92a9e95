"""One bot as three processes' worth of parts: listening, sending and sweeping apart, on PostgreSQL and Redis."""

import asyncio
import os
from datetime import timedelta

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.app import App
from bot.settings import read_settings
from council.clock import SystemClock
from council.programme import apply_programme
from playground.server import Playground
from storage.database import Database
from storage.people import Role
from tests.conftest import REQUIRED, small_settings
from tests.scenes.stage import TOKEN, Stage

REDIS = os.environ.get("PORTEVOIX_TEST_REDIS", "redis://127.0.0.1:6379/14")


async def redis_answers() -> None:
    client = Redis.from_url(REDIS)
    try:
        await client.flushdb()
    except RedisError:
        reason = "Redis does not answer at PORTEVOIX_TEST_REDIS"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    finally:
        await client.aclose()


async def test_parts_in_processes_of_their_own_make_one_bot(fresh_url):
    await redis_answers()
    url = fresh_url("postgresql")
    database = Database(url)
    async with Playground(port=0) as playground:
        stage = Stage(playground, database, url, small_settings())
        await stage.raise_curtain()
        await stage.stop_bot()
        running = []
        for role in ("sender", "sweeps"):
            settings = read_settings(
                bot_token=TOKEN,
                bot_api_url=playground.url,
                database_url=url,
                redis_url=REDIS,
                roles=role,
                listen="127.0.0.1:0",
                clock_url=f"{playground.url}/playground/clock",
            )
            app = App(settings)
            running.append((app, asyncio.create_task(app.run())))
        await stage.start_bot(roles="inbound", redis_url=REDIS)

        fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
        lina = await stage.joined("Lina", "nord")
        await fatou.sends("/annoncer")
        await fatou.sends("Le local ouvre demain.")
        await fatou.taps("Envoyer")
        # The wake-up over Redis brings it at once; without one the sender would still look by itself.
        await lina.sees("Le local ouvre demain.")

        # Each part reads the programme anew, and goes with the playground's clock.
        async with database.write() as session:
            await apply_programme(session, SystemClock(), small_settings().model_copy(update={"name": "Essai neuf"}))
        stage.playground.world.clock.move_to(stage.now() + timedelta(days=3))
        assert stage.app is not None
        parts = [stage.app.context, *(app.context for app, _ in running)]
        await stage.until(lambda: all(each.programme.name == "Essai neuf" for each in parts))
        assert all(abs(each.clock.now() - stage.now()) < timedelta(minutes=1) for each in parts)

        await stage.stop_bot()
        for app, task in running:
            app.stop()
            await task
    await database.close()
