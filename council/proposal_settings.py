"""How a programme takes proposals."""

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from council.settings_section import Code, Language, Section, repeated, wrong

ThemeName = Annotated[str, Field(min_length=1, max_length=40)]


class ProposalTheme(Section):
    """What a proposal may be about. `name` by language: French always, others where translated.

    `sign` is an emoji that helps to find its button; it never stands alone.
    """

    code: Code
    sign: str = Field(default="", max_length=8)
    name: dict[Language, ThemeName]

    @model_validator(mode="after")
    def _speaks_french(self) -> "ProposalTheme":
        if "fr" not in self.name:
            raise wrong("french_is_missing", at="name")
        return self

    def called(self, language: str) -> str:
        """Its name in that language, in French where it is not translated."""
        return self.name.get(language, self.name["fr"])


OTHER_THEME = ProposalTheme(
    code="autre", sign="💬", name={"fr": "Autre chose", "en": "Something else", "ar": "شيء آخر"}
)
"""Always offered, last: everybody's idea has a theme."""


class ProposalSettings(Section):
    """All figures are choices of ours.

    `reports` of residents hide a text until a moderator has looked; after `stale_weeks` without a movement lead and
    animators are told of a proposal.
    """

    themes: tuple[ProposalTheme, ...] = ()
    reports: int = Field(default=3, ge=1, le=100)
    stale_weeks: int = Field(default=6, ge=1, le=104)

    @field_validator("themes")
    @classmethod
    def _told_apart(cls, themes: tuple[ProposalTheme, ...]) -> tuple[ProposalTheme, ...]:
        for place, code in repeated([OTHER_THEME.code, *(each.code for each in themes)]):
            raise wrong("named_twice", at=f"{place - 1}.code", name=code)
        return themes

    @property
    def offered(self) -> tuple[ProposalTheme, ...]:
        """The programme's themes, and "something else"."""
        return (*self.themes, OTHER_THEME)

    def theme(self, code: str) -> ProposalTheme:
        """A theme that has left the file meanwhile is "something else"."""
        return next((each for each in self.offered if each.code == code), OTHER_THEME)
