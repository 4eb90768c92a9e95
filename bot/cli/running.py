"""`portevoix run`."""

import asyncio

from bot.app import App
from bot.logs import configure_logs, log_stray_errors
from bot.settings import PREFIX, SettingProblem, Settings, WrongSetting, read_settings


async def run_bot() -> None:
    """Until it is asked to stop. Raises what bot.cli.sentences explains."""
    settings = settings_with_token()
    configure_logs(settings.log_format, settings.log_level)
    log_stray_errors(asyncio.get_running_loop())
    await App(settings).run()


def settings_with_token() -> Settings:
    """The settings; a bot without a token cannot run. Raises WrongSetting."""
    settings = read_settings()
    if not settings.bot_token.get_secret_value():
        raise WrongSetting(f"{PREFIX}BOT_TOKEN", SettingProblem.MISSING)
    return settings
