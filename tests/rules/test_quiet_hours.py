"""When the bot keeps quiet, by the clock on the wall, also in the nights when that clock is moved."""

# ruff: noqa: DTZ001  # times without a zone are what people say

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from council.local_time import first_showing, local
from council.quiet_hours import QuietHours

PARIS = ZoneInfo("Europe/Paris")
NIGHT = QuietHours(time(21), time(8), PARIS)
NAP = QuietHours(time(13), time(15), PARIS)
CHANGES = [datetime(2026, 3, 29), datetime(2026, 10, 25), datetime(2027, 3, 28), datetime(2027, 10, 31)]

ordinary_moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
moments_near_a_change = st.builds(
    lambda day, minutes: day.replace(tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-1800, 1800),
)
moments = ordinary_moments | moments_near_a_change
bounds = st.times().map(lambda t: t.replace(second=0, microsecond=0)) | st.sampled_from([time(2), time(2, 30), time(3)])
quiet_hours = st.builds(QuietHours, bounds, bounds, st.just(PARIS))


def paris(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=PARIS, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "moment", "covered"),
    [
        (NIGHT, paris(2026, 3, 10, 20, 59), False),
        (NIGHT, paris(2026, 3, 10, 21, 0), True),
        (NIGHT, paris(2026, 3, 10, 23, 59), True),
        (NIGHT, paris(2026, 3, 11, 0, 0), True),
        (NIGHT, paris(2026, 3, 11, 7, 59), True),
        (NIGHT, paris(2026, 3, 11, 8, 0), False),
        (NAP, paris(2026, 3, 10, 12, 59), False),
        (NAP, paris(2026, 3, 10, 13, 0), True),
        (NAP, paris(2026, 3, 10, 14, 59), True),
        (NAP, paris(2026, 3, 10, 15, 0), False),
        (NAP, paris(2026, 3, 10, 23, 0), False),
        (QuietHours(time(0), time(0), PARIS), paris(2026, 3, 10, 0, 0), False),
        (QuietHours(time(21), time(21), PARIS), paris(2026, 3, 10, 21, 0), False),
        # Summer time: 19:30 UTC is 20:30 in winter, 21:30 in summer.
        (NIGHT, datetime(2026, 1, 10, 19, 30, tzinfo=UTC), False),
        (NIGHT, datetime(2026, 7, 10, 19, 30, tzinfo=UTC), True),
    ],
)
def test_what_is_covered(quiet, moment, covered):
    assert quiet.covers(moment) is covered


@pytest.mark.parametrize(
    ("evening", "morning", "hours"),
    [
        (paris(2026, 3, 10, 21), paris(2026, 3, 11, 8), 11),
        (paris(2026, 3, 28, 21), paris(2026, 3, 29, 8), 10),
        (paris(2026, 10, 24, 21), paris(2026, 10, 25, 8), 12),
        (paris(2027, 3, 27, 21), paris(2027, 3, 28, 8), 10),
        (paris(2027, 10, 30, 21), paris(2027, 10, 31, 8), 12),
    ],
)
def test_a_night_ends_at_eight_on_the_wall_whatever_its_length(evening, morning, hours):
    assert morning - evening == timedelta(hours=hours)
    for moment in (evening, evening + timedelta(hours=5), morning - timedelta(seconds=1)):
        assert NIGHT.ends_after(moment) == morning
        assert NIGHT.begins_before(moment) == evening


def test_outside_quiet_hours_a_moment_stays_where_it_is():
    noon = paris(2026, 3, 10, 12)
    assert NIGHT.ends_after(noon) == NIGHT.begins_before(noon) == noon


def test_an_hour_that_autumn_repeats_stays_quiet_both_times():
    until_half_past_two = QuietHours(time(21), time(2, 30), PARIS)
    assert until_half_past_two.covers(paris(2026, 10, 25, 2, 45, fold=0))
    assert until_half_past_two.ends_after(paris(2026, 10, 24, 22)) == paris(2026, 10, 25, 2, 30, fold=1)
    from_half_past_two = QuietHours(time(2, 30), time(8), PARIS)
    assert from_half_past_two.begins_before(paris(2026, 10, 25, 7)) == paris(2026, 10, 25, 2, 30, fold=0)
    assert from_half_past_two.covers(paris(2026, 10, 25, 2, 0, fold=1))


def test_a_bound_that_spring_skips_falls_at_the_jump():
    jump = paris(2026, 3, 29, 3)
    assert QuietHours(time(21), time(2, 30), PARIS).ends_after(paris(2026, 3, 28, 22)) == jump
    assert QuietHours(time(2, 30), time(8), PARIS).begins_before(paris(2026, 3, 29, 7)) == jump
    assert not QuietHours(time(2), time(2, 45), PARIS).covers(jump)


def test_quiet_days_that_touch_at_a_clock_change_are_one():
    all_day_but_little = QuietHours(time(2, 50), time(2, 10), PARIS)
    assert all_day_but_little.ends_after(paris(2026, 10, 24, 12)) == paris(2026, 10, 26, 2, 10)
    assert all_day_but_little.begins_before(paris(2026, 10, 25, 12)) == paris(2026, 10, 24, 2, 50)


@given(moments, quiet_hours)
@example(paris(2026, 10, 25, 2, 15, fold=1), QuietHours(time(21), time(2, 30), PARIS))
def test_a_clock_that_shows_quiet_time_is_always_obeyed(moment, quiet):
    shown = local(moment, PARIS).time()
    crosses = quiet.start > quiet.end
    shows_quiet = (shown >= quiet.start or shown < quiet.end) if crosses else quiet.start <= shown < quiet.end
    if shows_quiet:
        assert quiet.covers(moment)
    elif quiet.covers(moment):  # only because the night is not broken by the repeated hour
        wall = local(moment, PARIS).replace(tzinfo=None, fold=0)
        assert wall.date() in {day.date() for day in CHANGES[1::2]}
        assert wall.hour == 2


@given(moments, quiet_hours)
def test_the_bounds_of_a_night_enclose_it_and_are_its_own(moment, quiet):
    begin, end = quiet.begins_before(moment), quiet.ends_after(moment)
    assert begin <= moment <= end
    assert not quiet.covers(end)
    if quiet.covers(moment):
        assert quiet.covers(begin)
        assert not quiet.covers(begin - timedelta.resolution)
        assert quiet.covers(end - timedelta.resolution)
        assert quiet.ends_after(begin) == end
        assert quiet.begins_before(end - timedelta.resolution) == begin


@given(moments, moments, quiet_hours)
def test_waiting_for_the_end_keeps_the_order(one, other, quiet):
    earlier, later = sorted((one, other))
    assert quiet.ends_after(earlier) <= quiet.ends_after(later)
    assert quiet.begins_before(earlier) <= quiet.begins_before(later)


@given(st.dates(datetime(2026, 1, 1).date(), datetime(2027, 12, 31).date()), quiet_hours)
def test_each_day_has_its_quiet_hours(day, quiet):
    assume(quiet.start != quiet.end)
    begins = first_showing(datetime.combine(day, quiet.start), PARIS)
    skipped_whole = local(begins, PARIS).time() != quiet.start
    assert quiet.covers(begins) or skipped_whole
