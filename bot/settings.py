"""Settings of a deployment, from the environment or .env; a wrong one stops the program with one sentence."""

from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "PORTEVOIX_"
ProcessRole = Literal["inbound", "sender", "sweeps"]
ALL_ROLES: frozenset[ProcessRole] = frozenset(get_args(ProcessRole))


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
        number, _, rest = value.get_secret_value().partition(":")
        if value.get_secret_value() and not (number.isdigit() and rest):
            raise ValueError("is not of the form 123456:ABC…, as @BotFather gives it")
        return value

    @field_validator("listen")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit():
            raise ValueError("is not of the form host:port")
        return value

    @model_validator(mode="after")
    def _webhook_has_a_secret(self) -> "Settings":
        if self.webhook_url and not self.webhook_secret.get_secret_value():
            # Telegram's updates are told from anybody else's by this secret alone.
            raise ValueError("PORTEVOIX_WEBHOOK_SECRET is needed with PORTEVOIX_WEBHOOK_URL")
        if self.webhook_url and not self.webhook_url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("PORTEVOIX_WEBHOOK_URL must begin with https://")
        return self

    @property
    def listen_host(self) -> str:
        return self.listen.rpartition(":")[0]

    @property
    def listen_port(self) -> int:
        return int(self.listen.rpartition(":")[2])


class WrongSetting(Exception):
    """One sentence that names the setting."""


def read_settings(**given: object) -> Settings:
    """Raises WrongSetting."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = PREFIX + str(first["loc"][0]).upper() if first["loc"] else ""
        reason = first["msg"].removeprefix("Value error, ")
        raise WrongSetting(f"{name}: {reason}" if name else reason) from None
