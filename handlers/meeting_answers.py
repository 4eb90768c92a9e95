"""What an answer makes of a meeting's draft: a button's choice, typed words, a place, a file."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from council.errors import OutOfDate
from council.meeting_plans import AnnouncedTooLate, check_agenda, check_capacity, check_length, check_place, check_title
from handlers.awaited import ButtonsAwaited, FileAwaited, LengthNotUnderstood, NumberNotFound, SeveralNumbers
from handlers.buttons import Forged, Press
from handlers.cards.meeting_form import (
    AGAIN,
    ALL,
    DONE,
    KEEP,
    NONE,
    Offered,
    place_mark,
    title_choices,
)
from handlers.cards.pickers import picked
from handlers.meeting_draft import LATER, NOW, FormStep, MeetingDraft
from handlers.moment_choice import MomentChoice, MomentStep, Now
from handlers.typed_dates import NotUnderstood, parse_duration
from locales.translator import Translator
from storage.meetings import MeetingKind

_NUMBER = re.compile(r"\d{1,3}(?:[\s.,’']\d{3})+(?!\d)|\d+")
"""As people write them: « 1 000 », « 1.000 », with spaces of any width."""


@dataclass(frozen=True)
class Answered:
    """The draft after an answer, and the question to ask now; None: the one that comes after."""

    draft: MeetingDraft
    ask: FormStep | None = None


def chosen(draft: MeetingDraft, step: FormStep, choice: str, offered: Offered, say: Translator) -> Answered:
    """A button's answer.

    Raises:
        Forged: no button of ours says that.
        OutOfDate: what it offered is gone.
        Refusal: a rule about meetings.
    """
    if choice == KEEP:
        return Answered(replace(draft, choice=None, point=None))
    if choice == AGAIN:
        return _again(draft, offered)
    if step is FormStep.COUNCILS:
        return _councils(draft, choice, offered)
    if step is FormStep.TITLE:
        return Answered(_suggested_title(draft, choice))
    if step is FormStep.PLACE:
        return Answered(_at_place(draft, choice, offered))
    if (step, choice) == (FormStep.ANNOUNCE, LATER):
        return Answered(replace(draft, announce=LATER), ask=FormStep.ANNOUNCE_AT)
    if (step, choice) in _FIXED:
        return Answered(replace(draft, **_FIXED[step, choice]))
    if step in _READ:
        return Answered(_READ[step](draft, choice))
    raise Forged(choice)


def typed(draft: MeetingDraft, step: FormStep, text: str, language: str, now: Now) -> Answered:
    """Words as an answer.

    Raises:
        ButtonsAwaited, FileAwaited: this question takes no words.
        Refusal: they cannot be read, or a rule about meetings.
    """
    match step:
        case FormStep.TITLE:
            return Answered(replace(draft, title=check_title(text)))
        case FormStep.START | FormStep.ANNOUNCE_AT:
            return with_moment(draft, step, _choice(draft, now).typed(text, language, now))
        case FormStep.ANNOUNCE:
            choice = MomentChoice.begin(now).typed(text, language, now)
            return with_moment(replace(draft, announce=LATER), FormStep.ANNOUNCE_AT, choice)
        case FormStep.LENGTH:
            return Answered(replace(draft, minutes=check_length(_minutes(text, language))))
        case FormStep.PLACE:
            # A new name is another place, unless it is the name of the point that has just come.
            return Answered(_placed(draft, check_place(text), draft.point))
        case FormStep.AGENDA:
            return Answered(replace(draft, agenda=check_agenda(text)))
        case FormStep.CAPACITY:
            return Answered(replace(draft, capacity=check_capacity(_seats_in(text))))
        case FormStep.MEDIA:
            raise FileAwaited
    raise ButtonsAwaited


def _seats_in(text: str) -> int:
    """Raises NumberNotFound and SeveralNumbers."""
    match _NUMBER.findall(text):
        case []:
            raise NumberNotFound
        case [number]:
            return int(re.sub(r"\D", "", number))
        case _:
            raise SeveralNumbers


def located(draft: MeetingDraft, latitude: float, longitude: float, name: str = "") -> Answered:
    """A point on the map: with a name it is the place, without one the name is asked. Raises PlaceTooLong."""
    if name:
        return Answered(_placed(draft, check_place(name), (latitude, longitude)))
    return Answered(replace(draft, point=(latitude, longitude)), ask=FormStep.PLACE)


def enclosed(draft: MeetingDraft, kind: str, file_id: str, album: str | None) -> Answered:
    return Answered(replace(draft, media_kind=kind, media_file_id=file_id, media_asked=True, album=album))


def moment_picked(draft: MeetingDraft, step: FormStep, pressed: Press, now: Now) -> Answered:
    """A press on a calendar or a clock. Raises Refusals, and Forged for what no button of ours says."""
    if step not in (FormStep.START, FormStep.ANNOUNCE_AT):
        raise OutOfDate
    return with_moment(draft, step, picked(_choice(draft, now), pressed, now))


def with_moment(draft: MeetingDraft, step: FormStep, choice: MomentChoice) -> Answered:
    """Raises AnnouncedTooLate when the announcement would come after the start."""
    if choice.step is not MomentStep.CHOSEN:
        return Answered(replace(draft, choice=choice), ask=step)
    if step is FormStep.START:
        return Answered(replace(draft, starts_at=choice.moment, choice=None))
    if draft.starts_at and choice.moment and choice.moment >= draft.starts_at:
        raise AnnouncedTooLate
    return Answered(replace(draft, announce_at=choice.moment, choice=None))


def _choice(draft: MeetingDraft, now: Now) -> MomentChoice:
    return draft.choice or MomentChoice.begin(now)


def _councils(draft: MeetingDraft, choice: str, offered: Offered) -> Answered:
    if choice == DONE:
        if not draft.councils:
            raise OutOfDate
        return Answered(draft)
    if choice == ALL:
        return Answered(draft.with_councils(tuple(offered.councils)), ask=FormStep.COUNCILS)
    council = _number(choice)
    if council not in offered.councils:
        raise OutOfDate
    turned = {*draft.councils} ^ {council}
    return Answered(
        draft.with_councils(tuple(each for each in offered.councils if each in turned)), ask=FormStep.COUNCILS
    )


def _again(draft: MeetingDraft, offered: Offered) -> Answered:
    if offered.last is None:
        raise OutOfDate
    return Answered(draft.like(offered.last), ask=FormStep.START)


def _of_kind(draft: MeetingDraft, choice: str) -> MeetingDraft:
    try:
        return replace(draft, kind=MeetingKind(choice))
    except ValueError as error:
        raise Forged(choice) from error


def _at_place(draft: MeetingDraft, choice: str, offered: Offered) -> MeetingDraft:
    if choice == NONE:
        if draft.point is None:
            raise OutOfDate
        return _placed(draft, "", draft.point)
    place = next((each for each in offered.places if place_mark(each) == choice), None)
    if place is None:
        raise OutOfDate
    return replace(draft, place=place.name, latitude=place.latitude, longitude=place.longitude, point=None)


def _placed(draft: MeetingDraft, name: str, point: tuple[float, float] | None) -> MeetingDraft:
    latitude, longitude = point or (None, None)
    return replace(draft, place=name, latitude=latitude, longitude=longitude, point=None)


def _suggested_title(draft: MeetingDraft, choice: str) -> MeetingDraft:
    titles, number = title_choices(draft), _number(choice)
    if number >= len(titles):
        raise OutOfDate
    # Kept in the language of reference, whatever the lead reads: it is what all residents will see.
    return replace(draft, title=titles[number])


def _number(choice: str) -> int:
    if not (choice.isascii() and choice.isdigit()) or len(choice) > 18:
        raise Forged(choice)
    return int(choice)


def _minutes(text: str, language: str) -> int:
    try:
        length = parse_duration(text, language)
    except NotUnderstood as error:
        raise LengthNotUnderstood from error
    return int(length / timedelta(minutes=1))


_FIXED: dict[tuple[FormStep, str], dict[str, Any]] = {
    (FormStep.AGENDA, NONE): {"agenda": ""},
    (FormStep.MEDIA, NONE): {"media_kind": None, "media_file_id": None, "media_asked": True},
    (FormStep.ANNOUNCE, NOW): {"announce": NOW, "announce_at": None},
}
_READ: dict[FormStep, Callable[[MeetingDraft, str], MeetingDraft]] = {
    FormStep.KIND: _of_kind,
    FormStep.LENGTH: lambda draft, choice: replace(draft, minutes=check_length(_number(choice))),
    FormStep.CAPACITY: lambda draft, choice: replace(draft, capacity=check_capacity(_number(choice))),
}
