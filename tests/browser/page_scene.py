"""What the tests of the playground's page share: three people, a bot, and where things are on the page."""

import aiohttp
from playwright.async_api import Locator, Page

TOKEN = "7000000001:AAtoken_for_page_tests"
AMINA, YUSUF, CLAIRE = 5_010_000_000_001, 502, 503
PEOPLE = [
    (AMINA, "Amina", "Habitante", "fr"),
    (YUSUF, "Yusuf", "Habitant", "ar"),
    (CLAIRE, "Claire", "Agent", "en"),
]


class Scene:
    """Three people and a bot, driven through the control API and the Bot API."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session

    async def control(self, path: str, body: dict | None = None, method: str = "POST") -> dict:
        async with self.session.request(method, f"{self.url}/playground/{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def bot(self, method: str, **parameters: object) -> object:
        async with self.session.post(f"{self.url}/bot{TOKEN}/{method}", json=parameters) as answer:
            body = await answer.json()
        assert body["ok"], body
        return body["result"]

    async def say(self, text: str, chat_id: int = AMINA, **more: object) -> dict:
        return await self.bot("sendMessage", chat_id=chat_id, text=text, **more)

    async def updates(self, offset: int = 0) -> list[dict]:
        """What the bot hears next (waits for it)."""
        return await self.bot("getUpdates", timeout=20, offset=offset)


async def ready(open_page, scene: Scene, query: str = "", **options: object) -> Page:
    page = await open_page(scene.url + "/" + query, **options)
    await page.wait_for_selector("html[data-ready]", state="attached")
    return page


def phone(page: Page, number: int = AMINA) -> Locator:
    return page.locator(f'[data-phone="{number}"]')


def message(page: Page, sent: dict, number: int = AMINA) -> Locator:
    return phone(page, number).locator(f'[data-message-id="{sent["message_id"]}"]')
