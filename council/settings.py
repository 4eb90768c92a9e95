"""What a programme file says, checked: the settings that every rule reads.

Figures that no source publishes are choices of ours: each stands here as a default, and a file may set another.
"""

from datetime import time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from council.interpellation_settings import InterpellationSettings
from council.proposal_settings import ProposalSettings
from council.settings_section import Code, Day, Euros, Hour, Language, MailAddress, Section, Text, repeated, wrong
from council.support_settings import SupportSettings
from storage.programme import Regime

REFERENCE_LANGUAGE = "fr"
"""Legal texts are French, and whoever speaks none of the languages offered is answered in it."""

CENTS = 100
SPOKEN = "spoken"
"""In a validation's context: the languages that have a catalogue, which nothing below the handlers knows."""


@cache
def _timezones() -> frozenset[str]:
    """Read once: they are files, and the programme is loaded again every half minute."""
    return frozenset(available_timezones())


def _known_timezone(name: str) -> str:
    if name not in _timezones():
        raise wrong("unknown_timezone")
    return name


class Period(Section):
    """First and last day."""

    start: Day
    end: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise wrong("ends_before_start", at="end", start=self.start.isoformat())
        return self


class Controller(Section):
    """GDPR controller: who answers for the data, how to reach them, and on which basis (domain.md, section 7)."""

    name: Text
    contact: Text
    basis: Literal["public_interest", "consent"] = "public_interest"


class QuietSpan(Section):
    """Local hours in which nobody is written to unless they have just acted."""

    start: Hour = time(21)
    end: Hour = time(8)


class ReminderOffsets(Section):
    """Minutes before the start at which people are reminded of a meeting."""

    unanswered: tuple[Annotated[int, Field(gt=0)], ...] = (7 * 24 * 60,)
    coming: tuple[Annotated[int, Field(gt=0)], ...] = (24 * 60, 2 * 60)


class NeighbourhoodEntry(Section):
    """A quartier prioritaire. A population that no source gives is left out, never guessed."""

    code: Code
    name: Text
    population: int | None = Field(default=None, ge=0)
    vintage: str | None = Field(default=None, max_length=20)


class PlaceEntry(Section):
    """Degrees (WGS 84): both or none."""

    name: Text
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise wrong("half_a_location", at="longitude" if self.latitude is None else "latitude")
        return self


class CouncilEntry(Section):
    code: Code
    name: str = Field(min_length=1, max_length=80)
    regime: Regime
    town: Text | None = None
    neighbourhoods: tuple[NeighbourhoodEntry, ...] = ()
    places: tuple[PlaceEntry, ...] = ()

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        for place, code in repeated(each.code for each in self.neighbourhoods):
            raise wrong("named_twice", at=f"neighbourhoods.{place}.code", name=code)
        for place, name in repeated(each.name for each in self.places):
            raise wrong("named_twice", at=f"places.{place}.name", name=name)
        return self


class Team(Section):
    """Posts that the programme provides for; who holds them is known from the roles. None: not known."""

    coordinators: int | None = Field(default=None, ge=0)
    animators: int | None = Field(default=None, ge=0)


class WorkingSpan(Section):
    """Hours on the local clock, within one day."""

    start: Hour
    end: Hour

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise wrong("ends_before_start", at="end", start=self.start.isoformat("minutes"))
        return self


Spans = tuple[WorkingSpan, ...]
_USUAL_DAY = (WorkingSpan(start=time(9), end=time(12)), WorkingSpan(start=time(14), end=time(18)))


class WorkingHours(Section):
    """When the team works, by weekday on the local clock; public holidays and closures are taken off elsewhere.

    Monday to Friday is the scheme's; the hours are a choice.
    """

    monday: Spans = _USUAL_DAY
    tuesday: Spans = _USUAL_DAY
    wednesday: Spans = _USUAL_DAY
    thursday: Spans = _USUAL_DAY
    friday: Spans = _USUAL_DAY
    saturday: Spans = ()
    sunday: Spans = ()

    @field_validator("*", mode="after")
    @classmethod
    def _one_after_the_other(cls, day: Spans) -> Spans:
        if any(later.start < earlier.end for earlier, later in pairwise(day)):
            raise wrong("hours_overlap")
        return day


Region = Literal["57", "6AE", "971", "972", "973", "974", "976", "BL", "MF", "NC", "PF", "PM", "WF"]
"""Parts of France with public holidays of their own, as the library `holidays` names them (ISO 3166-2:FR)."""


class Closure(Period):
    """Days, first and last included, on which the team does not work."""

    name: Text


class PartnerKind(StrEnum):
    """Whom a council writes to, or may mobilise (domain.md, section 2)."""

    PREFECTURE = "prefecture"
    CITY = "city"
    LANDLORD = "landlord"
    INTERCOMMUNALITY = "intercommunality"
    PREFECT_DELEGATE = "prefect_delegate"
    PROJECT_LEAD = "project_lead"
    SIGNATORY = "signatory"
    RESOURCE_ACTOR = "resource_actor"


class PartnerEntry(Section):
    """An institution or a resource actor, reached by e-mail, never by Telegram. No councils: all of them."""

    code: Code
    name: Text
    kind: PartnerKind
    email: MailAddress | None = None
    themes: tuple[Text, ...] = ()
    councils: tuple[Code, ...] = ()


class Allotment(Section):
    """The yearly budget, in euros: exact to the cent, never a float.

    `common_share` (0 to 1) of the envelope goes to the common pot; `fixed_part` goes to each council before the rest is
    shared by population.
    """

    envelope: Euros
    common_share: Decimal = Field(default=Decimal(0), ge=0, le=1, max_digits=7)
    fixed_part: Euros = Decimal(0)

    @property
    def envelope_cents(self) -> int:
        return int(self.envelope * CENTS)

    @property
    def fixed_part_cents(self) -> int:
        """For each council."""
        return int(self.fixed_part * CENTS)


class Delays(Section):
    """Delays agreed locally; none of them is a legal one (domain.md, section 1).

    Those of interpellations are working days, from the day after the sending.
    """

    acknowledgement_days: int = Field(default=10, ge=1, le=366)
    interpellation_days: int = Field(default=30, ge=1, le=366)
    saisine_days: int = Field(default=60, ge=1, le=366)
    very_overdue_days: int = Field(default=30, ge=1, le=366)
    first_answer_hours: int = Field(default=3, ge=1, le=200)
    """Working hours until a support request has a first answer: asked on Friday at 18:40, Monday 12:00."""


class Retention(Section):
    """How long data of people is kept (domain.md, section 7).

    What was said in a support request goes `requests_months` after its end (choice).
    """

    inactive_months: int = Field(default=12, ge=1)
    requests_months: int = Field(default=24, ge=1)
    warning_days: tuple[Annotated[int, Field(gt=0)], ...] = (30, 7)
    undrawn_months: int = Field(default=6, ge=0)
    members_months: int = Field(default=12, ge=0)
    exports_days: int = Field(default=7, ge=1)


class ProgrammeSettings(Section):
    """One programme: its councils, its time, its ways. `town` is that of every council which names no other."""

    name: str = Field(min_length=1, max_length=120)
    town: Text | None = None
    period: Period
    timezone: Annotated[str, AfterValidator(_known_timezone)] = "Europe/Paris"
    languages: tuple[Language, ...] = ("fr", "en", "ar")
    controller: Controller
    team: Team = Team()
    working_hours: WorkingHours = WorkingHours()
    holidays_region: Region | None = None
    closures: tuple[Closure, ...] = ()
    partners: tuple[PartnerEntry, ...] = ()
    allotment: Allotment | None = None
    delays: Delays = Delays()
    support: SupportSettings = SupportSettings()
    proposals: ProposalSettings = ProposalSettings()
    interpellations: InterpellationSettings = InterpellationSettings()
    quiet_hours: QuietSpan = QuietSpan()
    reminders: ReminderOffsets = ReminderOffsets()
    retention: Retention = Retention()
    dialogue_hours: int = Field(default=24, ge=1, le=24 * 30)
    councils: tuple[CouncilEntry, ...] = Field(min_length=1)

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def town_of(self, council_code: str) -> str:
        """The town of a council; "" where the file names none."""
        own = next((each.town for each in self.councils if each.code == council_code), None)
        return own or self.town or ""

    @field_validator("languages")
    @classmethod
    def _speaks_french(cls, languages: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if REFERENCE_LANGUAGE not in languages:
            raise wrong("french_is_missing")
        for place, language in repeated(languages):
            raise wrong("named_twice", at=str(place), name=language)
        spoken = (info.context or {}).get(SPOKEN) or languages
        for place, language in enumerate(languages):
            if language not in spoken:
                raise wrong("unspoken_language", at=str(place), name=language, choices=list(spoken))
        return languages

    @field_validator("councils")
    @classmethod
    def _told_apart(cls, councils: tuple[CouncilEntry, ...]) -> tuple[CouncilEntry, ...]:
        for place, code in repeated(each.code for each in councils):
            raise wrong("named_twice", at=f"{place}.code", name=code)
        for place, _ in repeated(each.name.casefold() for each in councils):
            raise wrong("named_twice", at=f"{place}.name", name=councils[place].name)
        return councils

    @field_validator("councils")
    @classmethod
    def _one_neighbourhood_a_code(cls, councils: tuple[CouncilEntry, ...]) -> tuple[CouncilEntry, ...]:
        """A quartier that several councils share is written under each of them, alike."""
        known: dict[str, NeighbourhoodEntry] = {}
        for place, council in enumerate(councils):
            for row, entry in enumerate(council.neighbourhoods):
                if known.setdefault(entry.code, entry) != entry:
                    raise wrong("told_differently", at=f"{place}.neighbourhoods.{row}", name=entry.code)
        return councils

    @field_validator("partners")
    @classmethod
    def _partners_told_apart(cls, partners: tuple[PartnerEntry, ...]) -> tuple[PartnerEntry, ...]:
        for place, code in repeated(each.code for each in partners):
            raise wrong("named_twice", at=f"{place}.code", name=code)
        return partners

    @model_validator(mode="after")
    def _partners_know_their_councils(self) -> Self:
        codes = {each.code for each in self.councils}
        for place, partner in enumerate(self.partners):
            for unknown in (each for each in partner.councils if each not in codes):
                raise wrong("unknown_council", at=f"partners.{place}.councils", name=unknown)
        return self

    @model_validator(mode="after")
    def _fixed_parts_fit(self) -> Self:
        if self.allotment is None:
            return self
        shared = self.allotment.envelope * (1 - self.allotment.common_share)
        if self.allotment.fixed_part * len(self.councils) > shared:
            raise wrong("fixed_parts_too_large", at="allotment.fixed_part", shared=str(shared))
        return self
