"""Settings of a deployment, from the environment or .env; a wrong one stops the program with one sentence."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.mailer.server import read_sender, read_smtp_url

PREFIX = "PORTEVOIX_"
ProcessRole = Literal["inbound", "sender", "sweeps"]
ALL_ROLES: frozenset[ProcessRole] = frozenset(get_args(ProcessRole))


class SettingProblem(StrEnum):
    """What is wrong with a setting."""

    MISSING = "missing"
    NOT_A_TOKEN = "not_a_token"  # noqa: S105 - a name
    NOT_AN_ADDRESS = "not_an_address"
    SECRET_MISSING = "secret_missing"  # noqa: S105
    NOT_HTTPS = "not_https"
    NOT_ONE_OF = "not_one_of"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"
    NOT_HTTP = "not_http"
    NOT_PLAIN = "not_plain"
    NOT_A_DATABASE = "not_a_database"
    NOT_REDIS = "not_redis"
    NOT_SMTP = "not_smtp"
    NOT_A_SENDER = "not_a_sender"
    SENDER_MISSING = "sender_missing"
    NO_SUCH_COUNCIL = "no_such_council"
    UNREADABLE = "unreadable"


_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_PORT = re.compile(r"[0-9]{1,5}")
_DATABASE = re.compile(r"sqlite(\+aiosqlite)?:///|postgres(ql(\+asyncpg)?)?://")  # no other driver is asynchronous
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # what Telegram takes


class _Unusable(ValueError):
    def __init__(self, problem: SettingProblem, setting: str = "") -> None:
        super().__init__(problem)
        self.problem, self.setting = problem, setting


class Settings(BaseSettings):
    """Contract of design.md, section 4; names there carry the prefix PORTEVOIX_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", hide_input_in_errors=True)

    bot_token: SecretStr = SecretStr("")
    bot_api_url: str = "https://api.telegram.org"
    database_url: str = f"sqlite:///{Path('data') / 'portevoix.db'}"
    redis_url: str | None = None
    roles: Annotated[frozenset[ProcessRole], NoDecode] = ALL_ROLES
    webhook_url: str | None = None
    webhook_secret: SecretStr = SecretStr("")
    listen: str = "127.0.0.1:8080"
    public_url: str | None = None
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    rate_global: int = Field(default=30, ge=1)
    rate_group: int = Field(default=20, ge=1)
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    clock_url: str | None = None
    """Where a playground tells the time; never set it for real."""

    @field_validator("roles", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return frozenset(each.strip() for each in value.split(",") if each.strip()) if isinstance(value, str) else value

    @field_validator("bot_token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _TOKEN.fullmatch(value.get_secret_value()):
            raise _Unusable(SettingProblem.NOT_A_TOKEN)
        return value

    @field_validator("listen")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not _PORT.fullmatch(port) or int(port) > 65535:
            raise _Unusable(SettingProblem.NOT_AN_ADDRESS)
        return value

    @field_validator("roles")
    @classmethod
    def _has_a_role(cls, value: frozenset[ProcessRole]) -> frozenset[ProcessRole]:
        if not value:
            raise _Unusable(SettingProblem.MISSING)
        return value

    @field_validator("bot_api_url")
    @classmethod
    def _is_over_http(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise _Unusable(SettingProblem.NOT_HTTP)
        return value

    @field_validator("public_url")
    @classmethod
    def _is_a_site(cls, value: str | None) -> str | None:
        if not value:
            return None
        if not value.startswith(("https://", "http://")):
            raise _Unusable(SettingProblem.NOT_HTTP)
        return value

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        try:
            port = make_url(value).port
        except (ValueError, ArgumentError):
            raise _Unusable(SettingProblem.NOT_A_DATABASE) from None
        if not _DATABASE.match(value) or port not in (None, *range(1, 65536)):
            raise _Unusable(SettingProblem.NOT_A_DATABASE)
        return value

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, value: str | None) -> str | None:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise _Unusable(SettingProblem.NOT_REDIS)
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        try:
            read_smtp_url(value.get_secret_value())
        except ValueError:
            raise _Unusable(SettingProblem.NOT_SMTP) from None
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, value: str | None) -> str | None:
        if not value:
            return None
        try:
            read_sender(value)
        except ValueError:
            raise _Unusable(SettingProblem.NOT_A_SENDER) from None
        return value

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> "Settings":
        if self.smtp_url is not None and self.mail_from is None:
            raise _Unusable(SettingProblem.SENDER_MISSING, "mail_from")
        return self

    @model_validator(mode="after")
    def _webhook_has_a_secret(self) -> "Settings":
        if self.webhook_url and not self.webhook_secret.get_secret_value():
            # Telegram's updates are told from anybody else's by this secret alone.
            raise _Unusable(SettingProblem.SECRET_MISSING, "webhook_secret")
        if self.webhook_url and not _SECRET.fullmatch(self.webhook_secret.get_secret_value()):
            raise _Unusable(SettingProblem.NOT_PLAIN, "webhook_secret")
        if self.webhook_url and not self.webhook_url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise _Unusable(SettingProblem.NOT_HTTPS, "webhook_url")
        return self

    @property
    def listen_host(self) -> str:
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def listen_port(self) -> int:
        return int(self.listen.rpartition(":")[2])


class WrongSetting(Exception):
    """One setting that cannot be used; bot.settings_sentences says it."""

    def __init__(self, name: str, problem: SettingProblem, expected: str = "") -> None:
        super().__init__(name, problem, expected)
        self.name, self.problem, self.expected = name, problem, expected


def read_settings(**given: object) -> Settings:
    """Raises WrongSetting."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise _first_wrong(error.errors(include_url=False, include_input=False)[0]) from None


def _first_wrong(details: ErrorDetails) -> WrongSetting:
    context = details.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, _Unusable):
        name = cause.setting or str(details["loc"][0])
        return WrongSetting(PREFIX + name.upper(), cause.problem)
    name = PREFIX + str(details["loc"][0]).upper()
    if details["type"] == "literal_error":
        return WrongSetting(name, SettingProblem.NOT_ONE_OF, str(context.get("expected", "")).replace(" or ", ", "))
    if details["type"].startswith("int"):
        return WrongSetting(name, SettingProblem.NOT_A_NUMBER)
    if details["type"].startswith("greater"):
        return WrongSetting(name, SettingProblem.TOO_SMALL, str(context.get("ge", "")))
    return WrongSetting(name, SettingProblem.UNREADABLE)
