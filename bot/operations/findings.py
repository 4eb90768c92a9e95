"""What an examination finds: a level, a code that has a sentence, and the figures that the sentence needs."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Code(StrEnum):
    """One for each thing that can be said; bot.operations.doctor_sentences says them."""

    SETTINGS_READ = "settings_read"
    TOKEN_MISSING = "token_missing"  # noqa: S105 - a code, not a token
    CLOCK_URL_SET = "clock_url_set"
    ROLES_WITHOUT_REDIS = "roles_without_redis"

    DATABASE_READY = "database_ready"
    DATABASE_MISSING = "database_missing"
    DATABASE_UNREACHABLE = "database_unreachable"
    DATABASE_BARE = "database_bare"
    DATABASE_OLDER = "database_older"
    DATABASE_NEWER = "database_newer"
    FOREIGN_KEYS_OFF = "foreign_keys_off"
    WAL_OFF = "wal_off"
    DISK_FREE = "disk_free"
    DISK_LOW = "disk_low"

    PROGRAMME_PRESENT = "programme_present"
    PROGRAMME_MISSING = "programme_missing"
    CONTROLLER_MISSING = "controller_missing"
    PROGRAMME_UNREADABLE = "programme_unreadable"
    COORDINATOR_PRESENT = "coordinator_present"
    COORDINATOR_MISSING = "coordinator_missing"
    CATALOGUES_COMPLETE = "catalogues_complete"
    CATALOGUE_MISSING = "catalogue_missing"
    CATALOGUE_INCOMPLETE = "catalogue_incomplete"

    OUTBOX_CALM = "outbox_calm"
    NOTICES_FAILED = "notices_failed"
    NOTICES_UNCERTAIN = "notices_uncertain"
    NOTICES_LATE = "notices_late"
    NOTHING_SET_ASIDE = "nothing_set_aside"
    UPDATES_SET_ASIDE = "updates_set_aside"

    TELEGRAM_ANSWERS = "telegram_answers"
    TELEGRAM_UNREACHABLE = "telegram_unreachable"
    TELEGRAM_REFUSES = "telegram_refuses"
    TOKEN_REFUSED = "token_refused"  # noqa: S105
    CLOCK_RIGHT = "clock_right"
    CLOCK_WRONG = "clock_wrong"
    UPDATES_FLOW = "updates_flow"
    UPDATES_WAITING = "updates_waiting"
    WEBHOOK_UNWANTED = "webhook_unwanted"
    WEBHOOK_MISSING = "webhook_missing"
    WEBHOOK_ELSEWHERE = "webhook_elsewhere"
    WEBHOOK_FAILING = "webhook_failing"
    COMMANDS_SET = "commands_set"
    COMMANDS_MISSING = "commands_missing"
    GROUP_PRIVACY_ON = "group_privacy_on"
    GROUP_PRIVACY_OFF = "group_privacy_off"

    MAIL_ANSWERS = "mail_answers"
    MAIL_UNREACHABLE = "mail_unreachable"
    MAIL_LOGIN_REFUSED = "mail_login_refused"
    MAIL_TLS_FAILED = "mail_tls_failed"
    MAIL_REFUSES = "mail_refuses"
    MAIL_IN_CLEAR = "mail_in_clear"
    MAILS_UNSENT = "mails_unsent"
    PUBLIC_URL_MISSING = "public_url_missing"

    REDIS_ANSWERS = "redis_answers"
    REDIS_UNREACHABLE = "redis_unreachable"


@dataclass(frozen=True)
class Finding:
    """`values` hold no secret: no token, no password, no address of a database."""

    level: Level
    code: Code
    values: dict[str, Any] = field(default_factory=dict)


def fine(code: Code, **values: Any) -> Finding:
    return Finding(Level.OK, code, values)


def warning(code: Code, **values: Any) -> Finding:
    """The bot runs, but not as it should."""
    return Finding(Level.WARNING, code, values)


def error(code: Code, **values: Any) -> Finding:
    """The bot cannot run, or cannot serve people."""
    return Finding(Level.ERROR, code, values)
