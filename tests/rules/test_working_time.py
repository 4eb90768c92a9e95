"""Working time: hours of the wall clock, less weekends, holidays, closures and absences, also when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from council.settings import Closure, Delays, ProgrammeSettings, WorkingHours, WorkingSpan
from council.support_settings import SupportSettings
from council.working_time import (
    NeverOpen,
    Skipped,
    Why,
    WorkingCalendar,
    calendar_of,
    common_days,
    fingerprint,
    public_holidays,
)
from tests.conftest import small_settings

PARIS = ZoneInfo("Europe/Paris")
ZERO, MINUTE, HOUR = timedelta(), timedelta(minutes=1), timedelta(hours=1)
FIRST, LAST = datetime(2026, 1, 1), datetime(2027, 12, 31)  # noqa: DTZ001  # bounds for Hypothesis are naive


def settings(**changes) -> ProgrammeSettings:
    return small_settings().model_copy(update=changes)


USUAL = calendar_of(settings())


def paris(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=PARIS, fold=fold).astimezone(UTC)


def span(start: str, end: str) -> WorkingSpan:
    return WorkingSpan(start=time.fromisoformat(start), end=time.fromisoformat(end))


def every_day(*spans: WorkingSpan) -> WorkingHours:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return WorkingHours(**dict.fromkeys(days, spans))


NIGHTS = calendar_of(settings(working_hours=every_day(span("01:00", "02:30"), span("02:30", "05:00"))))
"""Works in the very hours in which clocks change."""


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (paris(2026, 3, 6, 18, 40), 3, paris(2026, 3, 9, 12)),  # Friday evening
        (paris(2026, 3, 2, 10), 3, paris(2026, 3, 2, 15)),  # over the midday break
        (paris(2026, 3, 2, 9), 3, paris(2026, 3, 2, 12)),  # ends with the morning
        (paris(2026, 3, 2, 7), 0, paris(2026, 3, 2, 9)),
        (paris(2026, 4, 3, 18, 40), 3, paris(2026, 4, 7, 12)),  # Easter Monday
        (paris(2026, 4, 30, 17), 3, paris(2026, 5, 4, 11)),  # Friday 1 May
        (paris(2026, 12, 24, 17), 8, paris(2026, 12, 28, 18)),  # Christmas on a Friday
        (paris(2026, 3, 27, 17), 3, paris(2026, 3, 30, 11)),  # the last Sunday of March has 23 hours
        (paris(2026, 10, 23, 17), 3, paris(2026, 10, 26, 11)),  # that of October has 25
    ],
)
def test_working_time_is_added(start, hours, end):
    assert USUAL.add(start, hours * HOUR) == end
    assert USUAL.between(start, end) == hours * HOUR


def test_good_friday_is_a_holiday_in_alsace_and_moselle_alone():
    asked = paris(2026, 4, 2, 17)
    assert USUAL.add(asked, 3 * HOUR) == paris(2026, 4, 3, 11)
    assert calendar_of(settings(holidays_region="57")).add(asked, 3 * HOUR) == paris(2026, 4, 7, 11)
    assert public_holidays("57", 2026)[date(2026, 4, 3)] == "Vendredi saint"
    assert date(2026, 4, 3) not in public_holidays(None, 2026)


def test_closures_and_absences_are_taken_off_and_named():
    closure = Closure(name="Pont de mai", start=date(2026, 5, 4), end=date(2026, 5, 5))
    calendar = calendar_of(settings(closures=(closure,)), away=[(date(2026, 5, 6), date(2026, 5, 6))])
    asked = paris(2026, 4, 30, 17)
    assert calendar.add(asked, 3 * HOUR) == paris(2026, 5, 7, 11)
    assert calendar.why_skipped(asked, paris(2026, 5, 7, 11)) == [
        Skipped(date(2026, 5, 1), Why.HOLIDAY, "Fête du Travail"),
        Skipped(date(2026, 5, 2), Why.WEEKDAY),
        Skipped(date(2026, 5, 3), Why.WEEKDAY),
        Skipped(date(2026, 5, 4), Why.CLOSURE, "Pont de mai"),
        Skipped(date(2026, 5, 5), Why.CLOSURE, "Pont de mai"),
        Skipped(date(2026, 5, 6), Why.AWAY),
    ]
    assert not calendar.is_working_day(date(2026, 5, 6))
    assert USUAL.is_working_day(date(2026, 5, 6))


def test_the_end_of_the_morning_is_closed_and_its_beginning_open():
    assert USUAL.is_open(paris(2026, 3, 2, 9))
    assert not USUAL.is_open(paris(2026, 3, 2, 12))
    assert USUAL.next_open(paris(2026, 3, 2, 12)) == paris(2026, 3, 2, 14)
    assert USUAL.next_open(paris(2026, 3, 2, 11)) == paris(2026, 3, 2, 11)


def test_an_hour_that_comes_twice_is_worked_twice_and_one_that_is_skipped_not_at_all():
    def whole(day: date) -> timedelta:
        return sum((end - start for start, end in NIGHTS.spans_of(day)), ZERO)

    assert whole(date(2026, 3, 28)) == 4 * HOUR
    assert whole(date(2026, 3, 29)) == 3 * HOUR
    assert whole(date(2026, 10, 25)) == 5 * HOUR
    assert NIGHTS.add(paris(2026, 3, 29, 1, 30), HOUR) == paris(2026, 3, 29, 3, 30)
    assert NIGHTS.add(paris(2026, 10, 25, 1, 30), 2 * HOUR) == paris(2026, 10, 25, 2, 30, fold=1)


def test_hours_that_fall_into_the_hour_that_is_skipped_are_no_hours_that_day():
    calendar = calendar_of(settings(working_hours=every_day(span("02:10", "02:50"))))
    assert calendar.spans_of(date(2026, 3, 29)) == ()
    assert calendar.add(paris(2026, 3, 28, 12), 40 * MINUTE) == paris(2026, 3, 30, 2, 50)


@pytest.mark.parametrize(
    ("moment", "days", "then"),
    [
        (paris(2026, 3, 2, 10), 3, paris(2026, 3, 5, 10)),
        (paris(2026, 3, 5, 10), 3, paris(2026, 3, 10, 10)),
        (paris(2026, 3, 2, 20), 3, paris(2026, 3, 5, 18)),
        (paris(2026, 3, 2, 6), 3, paris(2026, 3, 5, 9)),
        (paris(2026, 3, 7, 10), 1, paris(2026, 3, 9, 10)),
        (paris(2026, 3, 26, 10), 3, paris(2026, 3, 31, 10)),  # the clock changes in between
        (paris(2026, 4, 30, 10), 1, paris(2026, 5, 4, 10)),
    ],
)
def test_working_days_are_counted_at_the_same_time_of_the_wall(moment, days, then):
    assert USUAL.add_days(moment, days) == then


def test_a_week_without_hours_is_read_as_the_usual_one():
    calendar = calendar_of(settings(working_hours=every_day()))
    assert calendar.add(paris(2026, 3, 6, 18, 40), 3 * HOUR) == paris(2026, 3, 9, 12)


def test_a_team_that_is_closed_for_ever_says_so_and_does_not_search_for_ever():
    closed = Closure(name="Fin", start=date(2020, 1, 1), end=date(2099, 12, 31))
    calendar = calendar_of(settings(closures=(closed,)))
    now = paris(2026, 3, 2, 10)
    for search in (calendar.next_open, lambda m: calendar.add(m, HOUR), lambda m: calendar.subtract(m, HOUR)):
        with pytest.raises(NeverOpen):
            search(now)
    assert calendar.between(now, now + timedelta(days=365)) == ZERO
    assert calendar.add_days(now, 3) == paris(2026, 3, 5, 10)


def test_a_closure_of_nearly_a_year_is_waited_for():
    closed = Closure(name="Travaux", start=date(2026, 3, 3), end=date(2027, 2, 26))
    assert calendar_of(settings(closures=(closed,))).next_open(paris(2026, 3, 2, 18)) == paris(2027, 3, 1, 9)


def test_no_time_is_added_backwards():
    with pytest.raises(ValueError, match="negative"):
        USUAL.add(paris(2026, 3, 2, 10), -HOUR)


MAY_8 = Closure(name="Pont", start=date(2026, 5, 15), end=date(2026, 5, 15))


@pytest.mark.parametrize(
    "changes",
    [
        {"closures": (MAY_8,)},
        {"holidays_region": "57"},
        {"timezone": "America/Cayenne"},
        {"working_hours": WorkingHours(friday=())},
        {"delays": Delays(first_answer_hours=4)},
        {"support": SupportSettings(warn_minutes=30)},
    ],
)
def test_whatever_moves_promises_changes_the_fingerprint(changes):
    assert fingerprint(settings(**changes)) != fingerprint(settings())


def test_what_moves_no_promise_leaves_the_fingerprint():
    assert fingerprint(settings(name="Autre", support=SupportSettings(capacity=3))) == fingerprint(settings())


def test_a_holiday_that_a_law_adds_changes_the_fingerprint(monkeypatch):
    before = fingerprint(settings())
    known = public_holidays(None, 2026)

    def with_one_more(region: str | None, year: int) -> dict[date, str]:
        return known | ({date(2026, 6, 15): "Fête nouvelle"} if year == 2026 else {})

    monkeypatch.setattr("council.working_time.public_holidays", with_one_more)
    assert fingerprint(settings()) != before


# --- laws ---

some_days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
stretches = st.builds(lambda first, n: (first, first + timedelta(days=n)), some_days, st.integers(0, 20))
zones = st.sampled_from(["Europe/Paris", "America/Cayenne", "Indian/Reunion", "Pacific/Noumea", "America/Miquelon"])


@st.composite
def weeks(draw) -> WorkingHours:
    def day() -> tuple[WorkingSpan, ...]:
        bounds = sorted(draw(st.sets(st.integers(0, 24 * 12 - 1), max_size=6)))
        return tuple(
            WorkingSpan(start=time(a // 12, a % 12 * 5), end=time(b // 12, b % 12 * 5))
            for a, b in zip(bounds[::2], bounds[1::2], strict=False)
        )

    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return WorkingHours(**{name: day() for name in names})


@st.composite
def calendars(draw) -> WorkingCalendar:
    programme = settings(
        timezone=draw(zones),
        working_hours=draw(weeks()),
        holidays_region=draw(st.sampled_from([None, "57", "974"])),
        closures=tuple(
            Closure(name="Fermé", start=first, end=last) for first, last in draw(st.lists(stretches, max_size=3))
        ),
    )
    return calendar_of(programme, draw(st.lists(stretches, max_size=3)))


near_a_change = st.builds(
    lambda day, minutes: datetime(*day, tzinfo=UTC) + minutes * MINUTE,
    st.sampled_from([(2026, 3, 29), (2026, 10, 25), (2027, 3, 28), (2027, 10, 31)]),
    st.integers(-600, 600),
)
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC)) | near_a_change
spans = st.timedeltas(ZERO, timedelta(hours=60))
some_calendars = st.sampled_from([USUAL, NIGHTS]) | calendars()


def within_hours(calendar: WorkingCalendar, moment: datetime) -> bool:
    """Within a span or at its end."""
    return calendar.is_open(moment) or calendar.is_open(moment - timedelta.resolution)


@given(some_calendars, moments, spans)
@example(NIGHTS, paris(2026, 3, 29, 1, 30), HOUR)
@example(NIGHTS, paris(2026, 10, 25, 1, 30), HOUR)
def test_what_is_added_has_passed_and_lies_within_hours(calendar, start, added):
    end = calendar.add(start, added)
    assert end >= start
    assert calendar.between(start, end) == added
    assert within_hours(calendar, end)
    assert end.tzinfo is UTC


@given(some_calendars, moments, spans)
def test_what_is_subtracted_passes_until_the_end(calendar, end, taken):
    start = calendar.subtract(end, taken)
    assert start <= end
    assert calendar.between(start, end) == taken
    assert within_hours(calendar, start)


@given(some_calendars, moments, st.timedeltas(MINUTE, timedelta(hours=60)))
def test_adding_and_taking_away_is_going_there_and_back(calendar, start, added):
    opened = calendar.next_open(start)
    back = calendar.subtract(calendar.add(opened, added), added)
    # At a closing and at the next opening the same working time has passed.
    assert calendar.between(opened, back) == ZERO
    assert calendar.add(back, added) == calendar.add(opened, added)


@given(some_calendars, moments, moments, spans)
def test_who_asks_later_waits_at_least_as_long(calendar, one, other, added):
    earlier, later = sorted((one, other))
    assert calendar.add(earlier, added) <= calendar.add(later, added)
    assert calendar.subtract(earlier, added) <= calendar.subtract(later, added)


@given(some_calendars, moments, spans, st.timedeltas(MINUTE, timedelta(hours=60)))
def test_two_parts_are_as_long_as_the_whole(calendar, start, first, second):
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@given(some_calendars, moments, st.timedeltas(ZERO, timedelta(days=20)), st.timedeltas(ZERO, timedelta(days=20)))
def test_time_between_adds_up_and_never_exceeds_the_clock(calendar, start, first, second):
    middle, end = start + first, start + first + second
    assert calendar.between(start, middle) + calendar.between(middle, end) == calendar.between(start, end)
    assert ZERO <= calendar.between(start, end) <= end - start
    assert calendar.between(end, start) == -calendar.between(start, end)


@given(some_calendars, moments, spans, zones)
def test_the_zone_in_which_a_moment_is_written_changes_nothing(calendar, start, added, zone):
    elsewhere = start.astimezone(ZoneInfo(zone))
    assert calendar.add(elsewhere, added) == calendar.add(start, added)
    assert calendar.subtract(elsewhere, added) == calendar.subtract(start, added)
    assert calendar.is_open(elsewhere) == calendar.is_open(start)
    assert calendar.between(elsewhere, calendar.add(start, added)) == added


@given(some_calendars, moments)
def test_the_next_opening_is_the_first(calendar, moment):
    opening = calendar.next_open(moment)
    assert calendar.is_open(opening)
    assert opening == moment or not calendar.is_open(moment)
    assert calendar.between(moment, opening) == ZERO


@given(some_calendars, some_days)
def test_hours_stand_in_order_and_apart(calendar, day):
    bounds = [moment for opening in calendar.spans_of(day) for moment in opening]
    assert bounds == sorted(bounds)
    assert all(start < end for start, end in calendar.spans_of(day))
    assert bool(calendar.spans_of(day)) == calendar.is_working_day(day)


@given(calendars(), moments, st.integers(1, 15))
def test_working_days_ahead_are_working_days(calendar, moment, days):
    then = calendar.add_days(moment, days)
    today, day = (each.astimezone(calendar.tz).date() for each in (moment, then))
    ahead = [today + timedelta(days=n) for n in range(1, (day - today).days + 1)]
    assert sum(calendar.is_working_day(each) for each in ahead) == days
    assert within_hours(calendar, then) or calendar.spans_of(day)[0][0] < then < calendar.spans_of(day)[-1][1]


@given(st.lists(stretches, max_size=4), st.lists(stretches, max_size=4))
def test_common_days_are_in_both(one, other):
    def days(spans):
        return {first + timedelta(days=n) for first, last in spans for n in range((last - first).days + 1)}

    assert days(common_days(one, other)) == days(one) & days(other)
