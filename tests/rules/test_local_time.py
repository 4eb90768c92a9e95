"""The wall clock of Paris and of elsewhere, on ordinary days and on the two nights a year when it is moved."""

# ruff: noqa: DTZ001  # times without a zone are what people say

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.local_time import (
    FARTHEST_AHEAD,
    PastMoment,
    RepeatedHour,
    SkippedHour,
    TooFarAway,
    check_future,
    first_showing,
    last_showing,
    local,
    resolve,
)

PARIS = ZoneInfo("Europe/Paris")
ZONES = [PARIS, ZoneInfo("Indian/Reunion"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")]
SPRINGS = [(2026, 3, 29), (2027, 3, 28)]
AUTUMNS = [(2026, 10, 25), (2027, 10, 31)]

nights_of_change = st.builds(
    lambda day, minutes: datetime(*day) + timedelta(minutes=minutes),
    st.sampled_from(SPRINGS + AUTUMNS),
    st.integers(0, 240),
)
wall_times = nights_of_change | st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31))
moments = wall_times.map(lambda naive: naive.replace(tzinfo=UTC))
zones = st.sampled_from(ZONES)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def readings(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """What a person may choose from: one moment, the two of a repeated hour, or the two around a skipped one."""
    try:
        return [resolve(wall, zone)]
    except RepeatedHour as twice:
        return [twice.first, twice.second]
    except SkippedHour as skipped:
        return [skipped.before, skipped.after]


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        (datetime(2026, 3, 28, 18, 30), utc(2026, 3, 28, 17, 30)),
        (datetime(2026, 3, 29, 18, 30), utc(2026, 3, 29, 16, 30)),
        (datetime(2026, 10, 24, 18, 30), utc(2026, 10, 24, 16, 30)),
        (datetime(2026, 10, 25, 18, 30), utc(2026, 10, 25, 17, 30)),
        (datetime(2027, 3, 28, 1, 59), utc(2027, 3, 28, 0, 59)),
        (datetime(2027, 3, 28, 3, 0), utc(2027, 3, 28, 1, 0)),
        (datetime(2027, 10, 31, 1, 59), utc(2027, 10, 30, 23, 59)),
        (datetime(2027, 10, 31, 3, 0), utc(2027, 10, 31, 2, 0)),
    ],
)
def test_the_clock_of_paris_in_utc(wall, moment):
    assert resolve(wall, PARIS) == moment
    assert resolve(wall, PARIS).tzinfo is UTC


@pytest.mark.parametrize("day", SPRINGS)
@pytest.mark.parametrize("minute", [0, 30, 59])
def test_spring_skips_an_hour_and_offers_the_same_minutes_on_both_sides(day, minute):
    with pytest.raises(SkippedHour) as refused:
        resolve(datetime(*day, 2, minute), PARIS)
    assert refused.value.before == utc(*day, 0, minute)
    assert refused.value.after == utc(*day, 1, minute)
    assert local(refused.value.before, PARIS).hour == 1
    assert local(refused.value.after, PARIS).hour == 3


@pytest.mark.parametrize("day", AUTUMNS)
@pytest.mark.parametrize("minute", [0, 30, 59])
def test_autumn_repeats_an_hour_and_offers_both(day, minute):
    with pytest.raises(RepeatedHour) as refused:
        resolve(datetime(*day, 2, minute), PARIS)
    assert (refused.value.first, refused.value.second) == (utc(*day, 0, minute), utc(*day, 1, minute))


@pytest.mark.parametrize("day", SPRINGS)
@pytest.mark.parametrize("wall", [(2, 0), (2, 30, 29), (2, 59, 59)])
def test_a_skipped_time_is_first_and_last_shown_at_the_jump(day, wall):
    assert first_showing(datetime(*day, *wall), PARIS) == last_showing(datetime(*day, *wall), PARIS) == utc(*day, 1)


@pytest.mark.parametrize("day", AUTUMNS)
def test_a_repeated_time_is_shown_first_and_last_an_hour_apart(day):
    assert first_showing(datetime(*day, 2, 30), PARIS) == utc(*day, 0, 30)
    assert last_showing(datetime(*day, 2, 30), PARIS) == utc(*day, 1, 30)


@given(moments, zones)
def test_a_moment_shown_and_resolved_is_the_same_moment_or_one_of_two(moment, zone):
    wall = local(moment, zone).replace(tzinfo=None, fold=0)
    assert moment in readings(wall, zone)


@given(wall_times, zones)
def test_a_wall_time_resolved_is_shown_again_unless_it_is_skipped(wall, zone):
    shown = [local(moment, zone).replace(tzinfo=None, fold=0) for moment in readings(wall, zone)]
    assert all(time == wall for time in shown) or (len(shown) == 2 and shown[0] < wall < shown[1])


@given(wall_times, zones)
def test_two_readings_come_in_the_order_of_time(wall, zone):
    assert readings(wall, zone) == sorted(readings(wall, zone))


@given(wall_times, wall_times, zones)
def test_who_comes_later_on_the_wall_is_not_first_shown_earlier(one, other, zone):
    earlier, later = sorted((one, other))
    assert first_showing(earlier, zone) <= first_showing(later, zone)
    assert last_showing(earlier, zone) <= last_showing(later, zone)
    assert first_showing(one, zone) <= last_showing(one, zone)


@given(st.sampled_from(SPRINGS), st.integers(0, 3599), zones)
def test_the_jump_is_found_to_the_minute(day, second, zone):
    wall = datetime(*day, 2) + timedelta(seconds=second)
    shown = local(first_showing(wall, zone), zone).replace(tzinfo=None)
    assert shown == (datetime(*day, 3) if zone is PARIS else wall)


def test_a_moment_is_not_resolved_and_a_naive_time_is_not_shown():
    with pytest.raises(ValueError, match="already has a time zone"):
        resolve(utc(2026, 3, 1), PARIS)
    with pytest.raises(ValueError, match="no time zone"):
        local(datetime(2026, 3, 1), PARIS)


NOW = utc(2026, 3, 2, 9)


@pytest.mark.parametrize("moment", [NOW, NOW - timedelta(seconds=1), utc(2025, 3, 12)])
def test_what_is_past_or_now_is_refused(moment):
    with pytest.raises(PastMoment):
        check_future(moment, NOW)


def test_what_is_more_than_eighteen_months_ahead_is_refused_with_the_last_moment_allowed():
    check_future(NOW + FARTHEST_AHEAD, NOW)
    check_future(utc(2027, 8, 31), NOW)
    with pytest.raises(TooFarAway) as refused:
        check_future(NOW + FARTHEST_AHEAD + timedelta(seconds=1), NOW)
    assert refused.value.farthest == NOW + FARTHEST_AHEAD
    with pytest.raises(TooFarAway):
        check_future(NOW + timedelta(days=2), NOW, farthest_ahead=timedelta(days=1))


def test_the_second_half_past_two_is_still_ahead_of_the_first():
    first = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=0)
    second = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1)
    check_future(second, now=first)
    with pytest.raises(PastMoment):
        check_future(first, now=second)
