"""When people are reminded of a meeting: at a waking hour, never after it began."""

# ruff: noqa: DTZ001  # times without a zone are what people say

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.local_time import first_showing, local
from council.quiet_hours import QuietHours
from council.reminder_times import BEFORE_THE_NIGHT, TIME_TO_COME, reminder_due, reminder_schedule

PARIS = ZoneInfo("Europe/Paris")
NIGHT = QuietHours(time(21), time(8), PARIS)
NEVER = QuietHours(time(0), time(0), PARIS)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
HOUR, DAY = 60, 24 * 60
CHANGE_DAYS = [datetime(2026, 3, 29), datetime(2026, 10, 25), datetime(2027, 3, 28), datetime(2027, 10, 31)]


def paris(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=PARIS, fold=fold).astimezone(UTC)


def due(starts_at: datetime, offset: int, quiet: QuietHours = NIGHT, now: datetime = LONG_AGO) -> datetime | None:
    return reminder_due(starts_at, offset, quiet, PARIS, now)


starts = st.datetimes(datetime(2026, 1, 2), datetime(2027, 12, 31), timezones=st.just(UTC)) | st.builds(
    lambda day, minutes: day.replace(tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from(CHANGE_DAYS),
    st.integers(-2 * DAY, 2 * DAY),
)
offsets = st.sampled_from([HOUR, 2 * HOUR, DAY, 2 * DAY, 7 * DAY]) | st.integers(1, 10 * DAY)
bounds = st.times().map(lambda t: t.replace(second=0, microsecond=0))
quiet_hours = st.just(NIGHT) | st.builds(QuietHours, bounds, bounds, st.just(PARIS))


@pytest.mark.parametrize(
    ("starts_at", "offset", "expected"),
    [
        (paris(2026, 3, 10, 18, 30), DAY, paris(2026, 3, 9, 18, 30)),
        (paris(2026, 3, 10, 18, 30), 2 * HOUR, paris(2026, 3, 10, 16, 30)),
        (paris(2026, 3, 10, 18, 30), 7 * DAY, paris(2026, 3, 3, 18, 30)),
        # « Un jour avant » across the change: 23 or 25 hours, the same hour on the wall.
        (paris(2026, 3, 29, 18, 30), DAY, paris(2026, 3, 28, 18, 30)),
        (paris(2026, 10, 25, 18, 30), DAY, paris(2026, 10, 24, 18, 30)),
        (paris(2027, 3, 30, 18, 30), 7 * DAY, paris(2027, 3, 23, 18, 30)),
        (paris(2027, 11, 2, 18, 30), 7 * DAY, paris(2027, 10, 26, 18, 30)),
        # A day and two hours: the day by the wall, the hours by the watch.
        (paris(2026, 3, 29, 18, 30), DAY + 2 * HOUR, paris(2026, 3, 28, 16, 30)),
        # In quiet hours: at their end.
        (paris(2026, 3, 10, 9, 30), 2 * HOUR, paris(2026, 3, 10, 8, 0)),
        (paris(2026, 3, 10, 21, 30), DAY, paris(2026, 3, 10, 8, 0)),
        # Too near to the start by then: the evening before.
        (paris(2026, 3, 10, 8, 31), HOUR, paris(2026, 3, 10, 8, 0)),
        (paris(2026, 3, 10, 8, 30), HOUR, paris(2026, 3, 9, 20, 0)),
        (paris(2026, 3, 10, 8, 0), HOUR, paris(2026, 3, 9, 20, 0)),
        (paris(2026, 3, 29, 8, 15), 2 * HOUR, paris(2026, 3, 28, 20, 0)),
        (paris(2026, 3, 10, 23, 0), HOUR, paris(2026, 3, 10, 20, 0)),
    ],
)
def test_when_a_reminder_is_due(starts_at, offset, expected):
    assert due(starts_at, offset) == expected


def test_hours_are_elapsed_time_across_a_clock_change():
    assert due(paris(2026, 3, 29, 9, 0), 12 * HOUR, NEVER) == paris(2026, 3, 28, 20, 0)
    assert due(paris(2026, 10, 25, 9, 0), 12 * HOUR, NEVER) == paris(2026, 10, 24, 22, 0)


def test_a_day_before_an_hour_that_does_not_exist_or_exists_twice():
    assert due(paris(2026, 3, 30, 2, 30), DAY, NEVER) == paris(2026, 3, 29, 3, 0)
    assert due(paris(2026, 10, 26, 2, 30), DAY, NEVER) == paris(2026, 10, 25, 2, 30, fold=0)


def test_what_is_too_late_is_not_given():
    meeting, reminder = paris(2026, 3, 10, 18, 30), paris(2026, 3, 9, 18, 30)
    assert due(meeting, DAY, now=reminder - timedelta(seconds=1)) == reminder
    assert due(meeting, DAY, now=reminder) is None
    assert due(meeting, DAY, now=meeting + timedelta(days=1)) is None
    # The evening before is over: not at night, not at the last minute.
    assert due(paris(2026, 3, 10, 8, 15), HOUR, now=paris(2026, 3, 9, 20, 30)) is None


def test_a_reminder_that_waits_for_the_morning_is_planned_in_the_night_too():
    assert due(paris(2026, 3, 10, 18, 30), 20 * HOUR, now=paris(2026, 3, 9, 23)) == paris(2026, 3, 10, 8)


def test_no_waking_hour_before_the_meeting_means_no_reminder():
    nearly_always = QuietHours(time(9), time(8, 30), PARIS)
    assert due(paris(2026, 3, 10, 9, 0), HOUR, nearly_always) is None


@pytest.mark.parametrize("offset", [0, -HOUR])
def test_a_reminder_comes_before(offset):
    with pytest.raises(ValueError, match="before the start"):
        due(paris(2026, 3, 10, 18, 30), offset)


@given(starts, offsets, quiet_hours, st.integers(-15 * DAY, DAY))
def test_never_in_quiet_hours_never_past_never_once_it_began(starts_at, offset, quiet, minutes):
    now = starts_at + timedelta(minutes=minutes)
    moment = due(starts_at, offset, quiet, now)
    if moment is not None:
        assert not quiet.covers(moment)
        assert now < moment < starts_at
        assert moment == due(starts_at, offset, quiet), "the hour of planning changes nothing"
        assert moment.tzinfo is UTC


@given(starts, offsets)
def test_a_reminder_moved_by_the_night_leaves_time_to_come(starts_at, offset):
    moment = due(starts_at, offset)
    assert moment is not None
    if moment != due(starts_at, offset, NEVER):
        at_the_end = NIGHT.ends_after(moment - timedelta.resolution) == moment
        assert moment < starts_at - TIME_TO_COME if at_the_end else local(moment, PARIS).time() == time(20)


@given(starts, st.integers(1, 10))
def test_whole_days_keep_the_hour_on_the_wall(starts_at, days):
    wanted = local(starts_at, PARIS).replace(tzinfo=None, fold=0) - timedelta(days=days)
    moment = due(starts_at, days * DAY, NEVER)
    assert moment == first_showing(wanted, PARIS)


@given(starts, st.integers(1, DAY - 1))
def test_less_than_a_day_is_elapsed_time(starts_at, offset):
    assert due(starts_at, offset, NEVER) == starts_at - timedelta(minutes=offset)


@given(starts, offsets, offsets)
def test_a_longer_notice_comes_no_later_but_for_the_hour_before_the_night(starts_at, one, other):
    shorter, longer = sorted((one, other))
    late, early = due(starts_at, shorter), due(starts_at, longer)
    assert early is not None
    assert late is not None
    assert early <= late + BEFORE_THE_NIGHT


@given(starts, st.timedeltas(timedelta(0), timedelta(days=3)), st.integers(1, DAY - 1))
def test_of_two_meetings_the_later_is_not_reminded_earlier(starts_at, by, offset):
    sooner, later = due(starts_at, offset, NEVER), due(starts_at + by, offset, NEVER)
    assert sooner is not None
    assert later is not None
    assert sooner <= later


def test_of_reminders_at_one_moment_the_last_call_stays():
    breakfast = paris(2026, 3, 10, 8, 15)
    assert reminder_schedule(breakfast, [DAY, 2 * HOUR, HOUR, HOUR], NIGHT, PARIS, LONG_AGO) == [
        (DAY, paris(2026, 3, 9, 8, 15)),
        (HOUR, paris(2026, 3, 9, 20, 0)),
    ]


def test_the_schedule_leaves_out_what_is_past():
    meeting = paris(2026, 3, 10, 18, 30)
    assert reminder_schedule(meeting, [7 * DAY, DAY, 2 * HOUR], NIGHT, PARIS, now=paris(2026, 3, 9, 19)) == [
        (2 * HOUR, paris(2026, 3, 10, 16, 30))
    ]
    assert reminder_schedule(meeting, [], NIGHT, PARIS, LONG_AGO) == []


@given(starts, st.lists(offsets, max_size=5), quiet_hours)
def test_a_schedule_is_in_order_without_twins_and_loses_no_moment(starts_at, several, quiet):
    schedule = reminder_schedule(starts_at, several, quiet, PARIS, LONG_AGO)
    moments = [moment for _, moment in schedule]
    assert moments == sorted(set(moments))
    assert set(moments) == {moment for offset in several if (moment := due(starts_at, offset, quiet))}
    for offset, moment in schedule:
        assert offset == min(other for other in several if due(starts_at, other, quiet) == moment)
