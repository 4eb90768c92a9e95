"""What Telegram says of a bot becomes findings, and the token stays where it is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.operations.doctor import examine
from bot.operations.findings import Code, Finding, Level, error, fine, warning
from council.clock import SystemClock
from playground.bots import Bot
from playground.server import Playground
from tests.operations.examining import NOBODY_LISTENS, SECRET, TOKEN, FakeTelegram, codes, set_commands, the, trouble


class Shifted:
    """The machine's clock, set wrong."""

    def __init__(self, seconds: float) -> None:
        self._shift = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift


async def test_a_token_that_telegram_does_not_know_is_never_shown(settings):
    findings = await examine(settings(bot_token="123456:someone-elses"))
    assert Code.TOKEN_REFUSED in codes(findings, Level.ERROR)
    assert "someone-elses" not in repr(findings)


async def test_telegram_out_of_reach_does_not_show_the_token(settings):
    findings = await examine(settings(bot_api_url=NOBODY_LISTENS))
    assert Code.TELEGRAM_UNREACHABLE in codes(findings, Level.ERROR)
    assert SECRET not in repr(findings)


@pytest.mark.parametrize("kind", ["5xx", "reset"])
async def test_a_bad_day_at_telegrams(settings, playground: Playground, kind: str):
    playground.world.faults.add(kind, method="getMe")
    findings = await examine(settings())
    assert {Code.TELEGRAM_UNREACHABLE, Code.TELEGRAM_REFUSES} & codes(findings, Level.ERROR)
    assert SECRET not in repr(findings)


@pytest.mark.parametrize(("seconds", "right"), [(0, True), (20, True), (-20, True), (90, False), (-90, False)])
async def test_the_machines_clock_is_compared_with_telegrams(settings, seconds: int, right: bool):
    findings = await examine(settings(), Shifted(seconds))
    if right:
        assert Code.CLOCK_RIGHT in codes(findings, Level.OK)
    else:
        assert abs(the(findings, Code.CLOCK_WRONG).values["seconds"] - 90) < 30


async def test_commands_without_privacy_are_not_enough(settings, playground: Playground):
    await set_commands(playground, "menu")
    assert Code.COMMANDS_MISSING in trouble(await examine(settings()))


async def test_a_bot_that_reads_whole_groups(settings, bot: Bot):
    bot.can_read_all_group_messages = True
    assert Code.GROUP_PRIVACY_OFF in trouble(await examine(settings()))


HOOK = "https://voix.example/tg"


@pytest.mark.parametrize(
    ("wanted", "info", "expected"),
    [
        (None, {"url": ""}, fine(Code.UPDATES_FLOW)),
        (None, {"url": f"{HOOK}/telegram/updates"}, warning(Code.WEBHOOK_UNWANTED)),
        (HOOK, {"url": f"{HOOK}/telegram/updates"}, fine(Code.UPDATES_FLOW)),
        (f"{HOOK}/", {"url": f"{HOOK}/telegram/updates"}, fine(Code.UPDATES_FLOW)),
        (HOOK, {"url": ""}, error(Code.WEBHOOK_MISSING)),
        (HOOK, {"url": "https://autre.example/telegram/updates"}, error(Code.WEBHOOK_ELSEWHERE)),
        (HOOK, {"url": "https://voix.example/tg2/telegram/updates"}, error(Code.WEBHOOK_ELSEWHERE)),
        (None, {"url": "", "pending_update_count": 101}, warning(Code.UPDATES_WAITING, n=101)),
    ],
)
async def test_the_webhook_and_the_setting_agree(
    settings, telegram: FakeTelegram, wanted: str | None, info: dict[str, Any], expected: Finding
):
    telegram.info = info
    findings = await examine(settings(bot_api_url=telegram.url, webhook_url=wanted, webhook_secret="s3cret"))
    assert the(findings, expected.code) == expected
    assert "getUpdates" not in telegram.asked  # the running bot is its one consumer
    assert HOOK not in repr(findings)


@pytest.mark.parametrize(("ago", "expected"), [(timedelta(hours=1), True), (timedelta(days=2), False)])
async def test_a_webhook_that_fails_now_is_told_from_one_that_failed_once(
    settings, telegram: FakeTelegram, ago: timedelta, expected: bool
):
    telegram.info = {
        "url": f"{HOOK}/telegram/updates",
        "last_error_date": int((SystemClock().now() - ago).timestamp()),
        "last_error_message": f"Wrong response from the webhook: 502 Bad Gateway {TOKEN}",
    }
    findings = await examine(settings(bot_api_url=telegram.url, webhook_url=HOOK, webhook_secret="s3cret"))
    assert (Code.WEBHOOK_FAILING in trouble(findings)) is expected
    assert SECRET not in repr(findings)


async def test_a_redirection_does_not_carry_the_token_away(settings, telegram: FakeTelegram, playground: Playground):
    telegram.redirect_to = f"{playground.url}/bot{TOKEN}/getMe"
    findings = await examine(settings(bot_api_url=telegram.url))
    assert Code.TELEGRAM_ANSWERS not in codes(findings)
    assert telegram.asked == ["getMe"]
