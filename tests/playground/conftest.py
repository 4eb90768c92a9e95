from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from playground_api import AICHA, TOKEN, Api, Reply

from playground.bots import Bot
from playground.phones import Phone
from playground.server import Playground


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    async with Playground() as running:
        yield running


@pytest.fixture
def bot(playground: Playground) -> Bot:
    return playground.world.add_bot(TOKEN, "voix_bot", "Voix")


@pytest.fixture
def aicha(playground: Playground, bot: Bot) -> Phone:
    return playground.world.add_phone(AICHA, "Aïcha", language_code="fr", role="Habitante")


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def api(playground: Playground, bot: Bot, http: aiohttp.ClientSession) -> Api:
    """Calls the Bot API as a program without any library would: JSON in, JSON out."""

    async def call(method: str, **params: Any) -> Reply:
        async with http.post(f"{playground.url}/bot{TOKEN}/{method}", json=params) as response:
            return Reply(response.status, await response.json())

    return call


@pytest.fixture
def control(playground: Playground, http: aiohttp.ClientSession) -> Api:
    """Turns the knobs: `await control("POST", "/phones/1/send", text="…")`."""

    async def call(verb: str, path: str, **body: Any) -> Reply:
        options = {"json": body} if body else {}
        async with http.request(verb, f"{playground.url}/playground{path}", **options) as response:
            return Reply(response.status, await response.json())

    return call
