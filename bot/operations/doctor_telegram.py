"""What the Bot API says of this bot. Asked by plain HTTP; nothing here may show an address, which holds the token."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.logs import HIDDEN, TOKEN
from bot.operations.findings import Code, Finding, error, fine, warning
from bot.settings import Settings
from council.clock import Clock

PATIENCE = 10  # seconds
SKEW = timedelta(seconds=30)
LATELY = timedelta(days=1)
MANY_WAITING = 100
NO_SUCH_TOKEN = (401, 404)


class _NoAnswer(Exception):
    """Carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


class _BotApi:
    """Read-only calls; the moment of the last answer by Telegram's own clock is in `date`, when it told one."""

    def __init__(self, http: aiohttp.ClientSession, settings: Settings) -> None:
        self._http = http
        self._address = f"{settings.bot_api_url.rstrip('/')}/bot{settings.bot_token.get_secret_value()}"
        self.date: datetime | None = None

    async def ask(self, method: str, **params: Any) -> Any:
        """The result. Raises _NoAnswer."""
        try:
            # A redirection would carry the token to another host.
            async with self._http.post(f"{self._address}/{method}", json=params, allow_redirects=False) as answer:
                self.date = _date_of(answer.headers.get("Date"))
                status, body = answer.status, await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as problem:
            raise _NoAnswer(error(Code.TELEGRAM_UNREACHABLE, reason=type(problem).__name__)) from None
        if isinstance(body, dict) and body.get("ok"):
            return body["result"]
        if status in NO_SUCH_TOKEN:
            raise _NoAnswer(error(Code.TOKEN_REFUSED))
        raise _NoAnswer(error(Code.TELEGRAM_REFUSES, status=status))


async def examine_telegram(settings: Settings, clock: Clock) -> list[Finding]:
    """Nothing without a token: that is another finding."""
    if not settings.bot_token.get_secret_value():
        return []
    found: list[Finding] = []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as http:
        api = _BotApi(http, settings)
        try:
            me = await api.ask("getMe")
            found.append(fine(Code.TELEGRAM_ANSWERS, username=me.get("username", "")))
            found += _clock(api.date, clock.now())
            found += _webhook(await api.ask("getWebhookInfo"), settings, clock.now())
            # Where bot.inbound sets them for everybody.
            commands = await api.ask("getMyCommands", scope={"type": "all_private_chats"})
            found.append(_commands(commands))
            found.append(_group_privacy(me))
        except _NoAnswer as none:
            found.append(none.finding)
    return found


def _clock(told: datetime | None, now: datetime) -> list[Finding]:
    """Wrong by more than network and whole seconds explain: reminders would leave at wrong moments."""
    if told is None:
        return []
    ahead = now - told
    if abs(ahead) <= SKEW:
        return [fine(Code.CLOCK_RIGHT)]
    return [error(Code.CLOCK_WRONG, seconds=round(abs(ahead).total_seconds()))]


def _webhook(info: dict[str, Any], settings: Settings, now: datetime) -> list[Finding]:
    found = []
    waiting = int(info.get("pending_update_count", 0))
    if waiting > MANY_WAITING:
        found.append(warning(Code.UPDATES_WAITING, n=waiting))
    set_url, wanted = str(info.get("url") or ""), settings.webhook_url
    if wanted is None:
        if set_url:
            found.append(warning(Code.WEBHOOK_UNWANTED))
    elif not set_url:
        found.append(error(Code.WEBHOOK_MISSING))
    elif not set_url.startswith(wanted.rstrip("/") + "/"):
        found.append(error(Code.WEBHOOK_ELSEWHERE))
    elif _is_recent(info.get("last_error_date"), now):
        reason = TOKEN.sub(HIDDEN, str(info.get("last_error_message", "")))
        found.append(warning(Code.WEBHOOK_FAILING, reason=reason))
    return found or [fine(Code.UPDATES_FLOW)]


def _is_recent(unix_time: int | None, now: datetime) -> bool:
    return unix_time is not None and datetime.fromtimestamp(unix_time, UTC) > now - LATELY


def _commands(commands: list[dict[str, str]]) -> Finding:
    """Telegram asks that /privacy be there and be listed."""
    listed = any(each.get("command") == "privacy" for each in commands)
    return fine(Code.COMMANDS_SET) if listed else warning(Code.COMMANDS_MISSING)


def _group_privacy(me: dict[str, Any]) -> Finding:
    """Without it every word said in a group would come to us, and we need none."""
    reads_all = me.get("can_read_all_group_messages", False)
    return warning(Code.GROUP_PRIVACY_OFF) if reads_all else fine(Code.GROUP_PRIVACY_ON)


def _date_of(header: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(header).astimezone(UTC) if header else None
    except ValueError:
        return None
