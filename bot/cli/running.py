"""`portevoix run`."""

import asyncio
import gc

import structlog

from bot.app import App
from bot.cli.sentences import explain
from bot.logs import configure_logs, log_stray_errors
from bot.settings import PREFIX, SettingProblem, Settings, WrongSetting, read_settings

log = structlog.get_logger("bot")

COLLECTED_AFTER = (10_000, 20, 20)  # objects, then rounds; Python's own (700, 10, 10) take a tenth of each turn


async def run_bot() -> None:
    """Until it is asked to stop. Raises what bot.cli.sentences explains; a fault of ours is logged, exit code 1."""
    settings = settings_with_token()
    configure_logs(settings.log_format, settings.log_level)
    log_stray_errors(asyncio.get_running_loop())
    try:
        await App(settings).run(_collect_garbage_from_now_on)
    except Exception as error:
        if explain(error) is not None:
            raise
        log.exception("program_failed")  # a traceback would quote words
        raise SystemExit(1) from None


async def _collect_garbage_from_now_on() -> None:
    """What the start has made stays until the end: the collector, off until now, never looks at it."""
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
    gc.enable()


def settings_with_token() -> Settings:
    """The settings; a bot without a token cannot run. Raises WrongSetting."""
    settings = read_settings()
    if not settings.bot_token.get_secret_value():
        raise WrongSetting(f"{PREFIX}BOT_TOKEN", SettingProblem.MISSING)
    return settings
