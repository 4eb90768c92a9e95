"""Findings, and a Telegram to find them at."""

from typing import Any

import aiohttp
from aiohttp import web

from bot.operations.findings import Code, Finding, Level
from playground.server import Playground

TOKEN = "123456:test-token_1"
SECRET = "test-token_1"
NOBODY_LISTENS = "http://127.0.0.1:9"


def codes(findings: list[Finding], *levels: Level) -> set[Code]:
    return {finding.code for finding in findings if not levels or finding.level in levels}


def trouble(findings: list[Finding]) -> set[Code]:
    return codes(findings, Level.WARNING, Level.ERROR)


def the(findings: list[Finding], code: Code) -> Finding:
    found = [finding for finding in findings if finding.code is code]
    assert len(found) == 1, codes(findings)
    return found[0]


async def set_commands(playground: Playground, *names: str) -> None:
    body = {
        "commands": [{"command": name, "description": "…"} for name in names],
        "scope": {"type": "all_private_chats"},
    }
    async with aiohttp.ClientSession() as http, http.post(f"{playground.url}/bot{TOKEN}/setMyCommands", json=body) as a:
        assert a.status == 200


class FakeTelegram:
    """A Bot API that says of its webhook what the test wants."""

    def __init__(self) -> None:
        self.info: dict[str, Any] = {"url": "", "pending_update_count": 0}
        self.redirect_to: str | None = None
        self.url = ""
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.match_info["method"])
        if self.redirect_to:
            raise web.HTTPTemporaryRedirect(self.redirect_to)
        results = {"getMe": {"username": "voix_bot"}, "getWebhookInfo": self.info, "getMyCommands": []}
        return web.json_response({"ok": True, "result": results[request.match_info["method"]]})
