"""What a programme file says, checked: the settings that every rule reads."""

from datetime import date, time
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from storage.programme import Regime


class Section(BaseModel):
    """Parent of all sections: unknown keys are errors, values do not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Period(Section):
    start: date
    end: date


class Controller(Section):
    """GDPR controller: who answers for the data, how to reach them, and on which basis (domain.md, section 7)."""

    name: str
    contact: str
    basis: str = Field(default="public_interest", pattern="^(public_interest|consent)$")


class QuietSpan(Section):
    """Local hours in which nobody is written to unless they have just acted."""

    start: time = time(21)
    end: time = time(8)


class ReminderOffsets(Section):
    """Minutes before the start at which people are reminded of a meeting."""

    unanswered: tuple[int, ...] = (7 * 24 * 60,)
    coming: tuple[int, ...] = (24 * 60, 2 * 60)


class NeighbourhoodEntry(Section):
    code: str
    name: str
    population: int | None = Field(default=None, ge=0)
    vintage: str | None = None


class PlaceEntry(Section):
    name: str
    latitude: float | None = None
    longitude: float | None = None


class CouncilEntry(Section):
    code: str = Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")
    name: str = Field(min_length=1, max_length=80)
    regime: Regime
    neighbourhoods: tuple[NeighbourhoodEntry, ...] = ()
    places: tuple[PlaceEntry, ...] = ()


class ProgrammeSettings(Section):
    """One programme: its councils, its time, its ways."""

    name: str = Field(min_length=1, max_length=120)
    period: Period
    timezone: str = "Europe/Paris"
    languages: tuple[str, ...] = ("fr", "en", "ar")
    controller: Controller
    quiet_hours: QuietSpan = QuietSpan()
    reminders: ReminderOffsets = ReminderOffsets()
    dialogue_hours: int = Field(default=24, ge=1, le=24 * 30)
    councils: tuple[CouncilEntry, ...] = Field(min_length=1)

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
