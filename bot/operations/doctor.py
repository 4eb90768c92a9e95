"""Examines a deployment from outside of the running bot, leaving nothing behind, and without aiogram's seconds."""

import asyncio

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.operations.doctor_database import examine_database
from bot.operations.doctor_mail import examine_mail
from bot.operations.doctor_telegram import examine_telegram
from bot.operations.findings import Code, Finding, Level, error, fine, warning
from bot.settings import ALL_ROLES, Settings
from council.clock import Clock, SystemClock

REAL_TELEGRAM = "https://api.telegram.org"
PATIENCE = 5  # seconds


async def examine(settings: Settings, clock: Clock | None = None) -> list[Finding]:
    """All findings, good ones too, in the order in which one would mend them. Never raises for what it looks for."""
    clock = clock or SystemClock()
    database, telegram, redis, mail = await asyncio.gather(
        examine_database(settings, clock),
        examine_telegram(settings, clock),
        _examine_redis(settings),
        examine_mail(settings),
    )
    return [*_examine_settings(settings), *database, *redis, *telegram, *mail]


def worst(findings: list[Finding]) -> Level:
    """The level that an exit code stands for."""
    levels = {finding.level for finding in findings}
    return next(level for level in (Level.ERROR, Level.WARNING, Level.OK) if level in levels or level is Level.OK)


def _examine_settings(settings: Settings) -> list[Finding]:
    found = []
    if not settings.bot_token.get_secret_value():
        found.append(error(Code.TOKEN_MISSING))
    if settings.clock_url:
        # A clock that anybody may move, with real people: meetings would be announced and reminded of at any hour.
        real = settings.bot_api_url.rstrip("/") == REAL_TELEGRAM
        found.append((error if real else warning)(Code.CLOCK_URL_SET))
    if settings.roles != ALL_ROLES and not settings.redis_url:
        found.append(warning(Code.ROLES_WITHOUT_REDIS))
    if settings.smtp_url is not None and settings.public_url is None:
        found.append(warning(Code.PUBLIC_URL_MISSING))
    return found or [fine(Code.SETTINGS_READ)]


async def _examine_redis(settings: Settings) -> list[Finding]:
    if not settings.redis_url:
        return []
    try:
        redis = Redis.from_url(settings.redis_url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)
        async with redis:
            # A write, since a Redis that loads its data or has become a replica answers a ping and is of no use.
            await redis.set("portevoix:doctor", 1, px=1)
    except (RedisError, OSError, TimeoutError, ValueError) as problem:
        return [error(Code.REDIS_UNREACHABLE, reason=type(problem).__name__)]
    return [fine(Code.REDIS_ANSWERS)]
