"""A meeting while its lead fills it in: what has been said, what is asked next, and where « Retour » leads.

Kept as JSON in the dialogue: ISO moments, ids and the lead's own words.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from council.errors import OutOfDate
from council.meeting_plans import MeetingPlan
from council.meeting_views import CouncilName, Counts, MeetingView
from handlers.moment_choice import MomentChoice
from storage.meetings import MeetingKind, MeetingState

FEATURE = "meeting"


class FormStep(StrEnum):
    """One question each, in the order in which they are asked."""

    COUNCILS = "councils"
    KIND = "kind"
    TITLE = "title"
    START = "start"
    LENGTH = "length"
    PLACE = "place"
    AGENDA = "agenda"
    CAPACITY = "capacity"
    MEDIA = "media"
    ANNOUNCE = "announce"
    ANNOUNCE_AT = "announce_at"
    FIELDS = "fields"
    PREVIEW = "preview"

    @property
    def state(self) -> str:
        """The name of the dialogue's state at this step."""
        return f"{FEATURE}:{self.value}"

    @classmethod
    def of_state(cls, state: str | None) -> Self:
        """Raises OutOfDate: no form is open."""
        feature, _, step = (state or "").partition(":")
        if feature != FEATURE:
            raise OutOfDate
        return cls(step)


QUESTIONS = tuple(step for step in FormStep if step not in (FormStep.ANNOUNCE_AT, FormStep.FIELDS, FormStep.PREVIEW))
CHANGEABLE = tuple(step for step in QUESTIONS if step not in (FormStep.COUNCILS, FormStep.ANNOUNCE))
NOW, LATER = "now", "later"
"""The values of `MeetingDraft.announce`: at once, or for a meeting that waits for its moment."""


@dataclass(frozen=True)
class MeetingDraft:
    """None: not asked yet. `announce` is "now", "later" or None; `announce_at` holds the moment of "later".

    `key` makes creating the meeting twice impossible. `version` counts the previews: a confirmation holds for the one
    that it stands under. `meeting` and `revision` are set when a meeting that is there already is changed. `choice` is
    a moment on its way to being chosen; `point` is one on the map (latitude, longitude) that waits for its
    name; `reviewing` says that each answer leads back to the preview. `entered` is the step at which a change of a
    meeting began: until there is a preview, « Retour » leads out from there. `request` is the support request that the
    meeting is created for. `again`: all but its moment is taken from the last meeting, and need not be asked.
    """

    key: int
    councils: tuple[int, ...] = ()
    kind: MeetingKind | None = None
    title: str | None = None
    starts_at: datetime | None = None
    minutes: int | None = None
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    agenda: str | None = None
    capacity: int | None = None
    media_kind: str | None = None
    media_file_id: str | None = None
    media_asked: bool = False
    album: str | None = None
    announce: str | None = None
    announce_at: datetime | None = None
    choice: MomentChoice | None = None
    point: tuple[float, float] | None = None
    several: bool = False
    reviewing: bool = False
    confirmed: bool = False
    version: int = 0
    meeting: int | None = None
    revision: int = 0
    entered: FormStep | None = None
    request: int | None = None
    again: bool = False

    def steps(self) -> list[FormStep]:
        """The questions of this draft: who runs one council is not asked which, and several make it inter-council."""
        if self.meeting is not None:
            # Of one that waits to be announced the moment can be changed; now is a button of its card.
            return [*CHANGEABLE, FormStep.ANNOUNCE_AT] if self.announce == LATER else list(CHANGEABLE)
        skipped = set()
        if not self.several:
            skipped.add(FormStep.COUNCILS)
        if len(self.councils) > 1 and not self.reviewing:
            skipped.add(FormStep.KIND)
        return [step for step in QUESTIONS if step not in skipped]

    @property
    def begins(self) -> FormStep | None:
        """The question at which a new meeting may be made like the last one: the first about the meeting itself."""
        fresh = self.meeting is None and not self.reviewing and not self.again
        return next(step for step in self.steps() if step is not FormStep.COUNCILS) if fresh else None

    def after(self, step: FormStep) -> FormStep:
        """The step that an answer leads to."""
        if self.reviewing or (self.again and step is FormStep.START):
            return FormStep.PREVIEW
        steps = self.steps()
        place = steps.index(FormStep.ANNOUNCE if step is FormStep.ANNOUNCE_AT else step) + 1
        return steps[place] if place < len(steps) else FormStep.PREVIEW

    def before(self, step: FormStep) -> FormStep | None:
        """The step that « Retour » leads to; None at the first."""
        if step is FormStep.ANNOUNCE_AT and self.meeting is None:
            return FormStep.ANNOUNCE
        if step is self.entered and not self.version:
            return None
        if step is FormStep.FIELDS:
            return FormStep.PREVIEW if self.version else None
        if step is FormStep.PREVIEW:
            return FormStep.FIELDS
        if self.reviewing:
            return FormStep.FIELDS
        steps = self.steps()
        place = steps.index(step)
        return steps[place - 1] if place > 0 else None

    def with_councils(self, councils: tuple[int, ...]) -> Self:
        """Several councils meet as councils; one alone has no such meeting."""
        kind = self.kind
        if len(councils) > 1 and len(self.councils) <= 1:
            kind = MeetingKind.INTER_COUNCIL
        if len(councils) <= 1 and kind is MeetingKind.INTER_COUNCIL:
            kind = None
        return replace(self, councils=councils, kind=kind)

    def like(self, last: MeetingPlan) -> Self:
        """Another meeting like the last one: its agenda, its file and its moment are of their day."""
        return replace(
            self,
            kind=last.kind,
            title=last.title,
            minutes=last.minutes,
            place=last.place,
            latitude=last.latitude,
            longitude=last.longitude,
            agenda="",
            capacity=last.capacity,
            media_asked=True,
            announce=NOW,
            again=True,
        )

    def plan(self) -> MeetingPlan:
        """Raises OutOfDate: a question has not been answered yet."""
        if self.kind is None or self.title is None or self.starts_at is None or self.minutes is None:
            raise OutOfDate
        return MeetingPlan(
            kind=self.kind,
            title=self.title,
            starts_at=self.starts_at,
            minutes=self.minutes,
            place=self.place or "",
            latitude=self.latitude,
            longitude=self.longitude,
            agenda=self.agenda or "",
            capacity=self.capacity or 0,
            media_kind=self.media_kind,
            media_file_id=self.media_file_id,
            announce_at=self.announce_at if self.announce == LATER else None,
        )

    def missing(self) -> FormStep | None:
        """The first question without an answer."""
        answered = {
            FormStep.COUNCILS: bool(self.councils),
            FormStep.KIND: self.kind is not None,
            FormStep.TITLE: self.title is not None,
            FormStep.START: self.starts_at is not None,
            FormStep.LENGTH: self.minutes is not None,
            FormStep.PLACE: self.place is not None,
            FormStep.AGENDA: self.agenda is not None,
            FormStep.CAPACITY: self.capacity is not None,
            FormStep.MEDIA: self.media_asked,
            FormStep.ANNOUNCE: self.announce == NOW or self.announce_at is not None,
            FormStep.ANNOUNCE_AT: self.announce_at is not None,
        }
        return next((step for step in self.steps() if not answered[step]), None)

    @classmethod
    def of(cls, view: MeetingView, key: int, entered: FormStep) -> Self:
        """A meeting that is there already, to be changed from that step on."""
        return cls(
            key=key,
            councils=tuple(council.id for council in view.councils),
            kind=view.kind,
            title=view.title,
            starts_at=view.starts_at,
            minutes=view.minutes,
            place=view.place,
            latitude=view.latitude,
            longitude=view.longitude,
            agenda=view.agenda,
            capacity=view.capacity,
            media_kind=view.media_kind,
            media_file_id=view.media_file_id,
            media_asked=True,
            reviewing=True,
            meeting=view.id,
            revision=view.revision,
            entered=entered,
            announce=LATER if view.is_draft else None,
            announce_at=view.announce_at if view.is_draft else None,
        )

    def as_view(self, councils: tuple[CouncilName, ...], as_of: datetime) -> MeetingView:
        """The meeting as a resident will first see it. Raises OutOfDate like `plan`."""
        plan = self.plan()
        return MeetingView(
            id=self.meeting or 0,
            kind=plan.kind,
            state=MeetingState.ANNOUNCED,
            title=plan.title,
            agenda=plan.agenda,
            starts_at=plan.starts_at,
            minutes=plan.minutes,
            place=plan.place,
            latitude=plan.latitude,
            longitude=plan.longitude,
            capacity=plan.capacity,
            media_kind=plan.media_kind,
            media_file_id=plan.media_file_id,
            reminder_offsets=None,
            revision=self.revision,
            told_revision=self.revision,
            announce_at=plan.announce_at or as_of,
            announced_at=as_of,
            cancel_reason=None,
            minutes_file_id=None,
            created_by=None,
            councils=councils,
            counted=Counts(),
            answer=None,
            waiting_since=None,
            waiting_position=None,
            as_of=as_of,
        )

    def as_json(self) -> dict[str, Any]:
        kept = dict(self.__dict__)
        for name in ("starts_at", "announce_at"):
            kept[name] = kept[name].isoformat() if kept[name] else None
        kept["kind"] = self.kind.value if self.kind else None
        kept["councils"] = list(self.councils)
        kept["point"] = list(self.point) if self.point else None
        kept["choice"] = self.choice.as_json() if self.choice else None
        return kept

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        moments = {
            name: datetime.fromisoformat(kept[name]) if kept[name] else None for name in ("starts_at", "announce_at")
        }
        changed: dict[str, Any] = {
            **moments,
            "kind": MeetingKind(kept["kind"]) if kept["kind"] else None,
            "councils": tuple(kept["councils"]),
            "point": (kept["point"][0], kept["point"][1]) if kept["point"] else None,
            "choice": MomentChoice.from_json(kept["choice"]) if kept["choice"] else None,
            "entered": FormStep(kept["entered"]) if kept.get("entered") else None,
        }
        return cls(**{**kept, **changed})
