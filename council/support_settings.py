"""How a programme answers support requests: who gets them, when somebody is alerted, and the answers kept ready."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from council.settings_section import Code, Language, Section, Text, repeated, wrong
from storage.support import SupportKind

FIELDS = frozenset({"prenom", "conseil", "animateur", "numero"})
"""What a ready answer may name between braces: the person's first name, their council, who answers, the number."""
_FIELD = re.compile(r"\{([^{}]*)\}")


class ReadyAnswer(Section):
    """An answer that animators often give. `text` by language: French always, others where translated.

    No kinds: it is offered for all.
    """

    code: Code
    title: Text
    kinds: tuple[SupportKind, ...] = ()
    text: dict[Language, Annotated[str, Field(min_length=1, max_length=3000)]]

    @model_validator(mode="after")
    def _speaks_french(self) -> Self:
        if "fr" not in self.text:
            raise wrong("french_is_missing", at="text")
        return self

    @model_validator(mode="after")
    def _knows_its_fields(self) -> Self:
        for language, words in self.text.items():
            for name in _FIELD.findall(words):
                if name not in FIELDS:
                    raise wrong("unknown_field", at=f"text.{language}", name=name)
        return self


class SupportSettings(Section):
    """All figures are choices of ours.

    `talk`: in private chats with the bot, or in a team group with a topic for each request. `capacity`: open requests
    that an animator takes on at once. `warn_minutes` before a promise the animator is warned; the coordinator hears
    `escalate_minutes` after the deputy. `skills`: kinds that go to who is good at them. `told_by_mail`: who hears by
    e-mail when a request goes to a resource actor. Minutes and days are working time,
    but `reopen_days` those of the calendar.
    """

    talk: Literal["private", "topics"] = "private"
    capacity: int = Field(default=20, ge=1, le=1000)
    warn_minutes: int = Field(default=60, ge=1, le=6000)
    escalate_minutes: int = Field(default=60, ge=1, le=6000)
    reopen_days: int = Field(default=14, ge=0, le=366)
    ask_again_days: int = Field(default=3, ge=1, le=60)
    close_days: int = Field(default=3, ge=1, le=60)
    skills: tuple[SupportKind, ...] = ()
    told_by_mail: tuple[Literal["prefect_delegate", "project_lead"], ...] = ()
    answers: tuple[ReadyAnswer, ...] = ()

    @field_validator("answers")
    @classmethod
    def _told_apart(cls, answers: tuple[ReadyAnswer, ...]) -> tuple[ReadyAnswer, ...]:
        for place, code in repeated(each.code for each in answers):
            raise wrong("named_twice", at=f"{place}.code", name=code)
        return answers
