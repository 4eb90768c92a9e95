"""Choosing a moment: each day and time to come is on exactly one button, and nothing past is on any."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.errors import OutOfDate, Refusal
from council.local_time import PastMoment, TooFarAway, last_showing
from handlers.buttons import Forged, Press, unpack
from handlers.cards.card import Button
from handlers.cards.month import DotPress
from handlers.cards.pickers import (
    PICKER_PRESSES,
    DayPress,
    HourPress,
    MinutePress,
    MomentPress,
    MonthPress,
    day_rows,
    hour_rows,
    minute_rows,
    moment_card,
    picked,
)
from handlers.moment_choice import MomentChoice, MomentStep, Now
from handlers.typed_dates import ImpossibleDate, NotUnderstood
from locales.translator import translator

PARIS = ZoneInfo("Europe/Paris")
FRENCH = translator("fr")
START = datetime(2026, 1, 1, tzinfo=UTC)
nows = st.integers(0, 4 * 366 * 24 * 60).map(lambda minutes: Now(START + timedelta(minutes=minutes), PARIS))


def at(*local: int) -> Now:
    return Now(datetime(*local, tzinfo=PARIS).astimezone(UTC), PARIS)


def pressable(rows: Iterable[Sequence[Button]]) -> list[Press]:
    """What the buttons of a picker choose, in reading order."""
    return [button.press for row in rows for button in row if button.press and not isinstance(button.press, DotPress)]


def calendar_presses(now: Now) -> list:
    """Every press met by turning the pages from the first to the last."""
    choice, met = MomentChoice.begin(now), []
    while True:
        rows = day_rows(FRENCH, choice.month, now)
        met += [each for each in pressable(rows) if isinstance(each, DayPress)]
        onward = [each for each in pressable(rows[:1]) if isinstance(each, MonthPress)]
        ahead = [each for each in onward if each.first_day > choice.month]
        if not ahead:
            return met
        choice = picked(choice, ahead[0], now)


@given(nows)
def test_each_day_to_come_stands_on_exactly_one_button_and_no_past_day_on_any(now):
    days = [each.day for each in calendar_presses(now)]
    assert days == sorted(set(days))
    assert days[0] in (now.today, now.today + timedelta(days=1))
    assert days[-1] == now.last_day
    assert len(days) == (days[-1] - days[0]).days + 1


@given(nows, st.integers(0, 500))
def test_each_time_to_come_stands_on_exactly_one_button_and_no_past_time_on_any(now, ahead):
    day = now.today + timedelta(days=ahead)
    hours = [each.hour for each in pressable(hour_rows(FRENCH, day, now))]
    shown = [(each.hour, each.minute) for hour in range(24) for each in pressable(minute_rows(FRENCH, day, hour, now))]
    expected = [
        (hour, minute)
        for hour in range(24)
        for minute in range(0, 60, 5)
        if last_showing(datetime(day.year, day.month, day.day, hour, minute), PARIS) > now.moment  # noqa: DTZ001
    ]
    assert shown == expected
    assert hours == sorted({hour for hour, _ in expected})


@given(nows, st.data())
def test_three_presses_always_lead_to_a_moment_to_come_that_the_clock_shows_so(now, data):
    choice = MomentChoice.begin(now)
    day = data.draw(st.sampled_from(calendar_presses(now)))
    choice = picked(choice, day, now)
    hour = data.draw(st.sampled_from(pressable(hour_rows(FRENCH, choice.day, now))))
    choice = picked(choice, hour, now)
    minute = data.draw(st.sampled_from(pressable(minute_rows(FRENCH, choice.day, choice.hour, now))))
    choice = picked(choice, minute, now)
    if choice.step is MomentStep.CLOCK_CHANGE:
        card = moment_card(FRENCH, choice, now, "")
        choice = picked(choice, data.draw(st.sampled_from(pressable(card.rows))), now)
        assert choice.moment > now.moment
        return
    shown = choice.moment.astimezone(PARIS)
    assert choice.moment > now.moment
    assert (shown.date(), shown.hour, shown.minute) == (day.day, minute.hour, minute.minute)


@given(nows, st.integers(0, 300))
def test_buttons_and_json_carry_a_choice_through_unchanged(now, ahead):
    day = now.today + timedelta(days=ahead + 1)
    choice = MomentChoice.begin(now).at_day(day, now).at_hour(18)
    assert MomentChoice.from_json(choice.as_json()) == choice
    full = choice.at_time(18, 30, now)
    assert MomentChoice.from_json(full.as_json()) == full
    for each in pressable(day_rows(FRENCH, day, now)) + pressable(minute_rows(FRENCH, day, 18, now)):
        assert unpack(each.pack(), type(each)) == each


def test_a_typed_day_and_time_are_chosen_at_once_and_a_typed_time_waits_for_its_day():
    now = at(2026, 3, 2, 10)
    both = MomentChoice.begin(now).typed("mardi 18h30", "fr", now)
    assert both.moment == datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
    time_first = MomentChoice.begin(now).typed("18h30", "fr", now)
    assert time_first.step is MomentStep.DAY
    assert time_first.at_day(date(2026, 3, 12), now).moment == datetime(2026, 3, 12, 17, 30, tzinfo=UTC)
    day_first = MomentChoice.begin(now).typed("12/03", "fr", now)
    assert day_first.step is MomentStep.HOUR
    assert day_first.typed("18", "fr", now).moment == datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
    assert day_first.typed("vendredi à 9h", "fr", now).moment == datetime(2026, 3, 6, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("le chat dort", NotUnderstood),
        ("31/02 à 18h", ImpossibleDate),
        ("hier à 18h", PastMoment),
        ("12/03/2031 à 18h", TooFarAway),
    ],
)
def test_what_is_no_moment_to_come_is_refused_by_name(text, refusal):
    now = at(2026, 3, 2, 10)
    with pytest.raises(refusal):
        MomentChoice.begin(now).typed(text, "fr", now)


def test_in_spring_the_skipped_hour_is_asked_back_with_the_hours_around_it():
    now = at(2026, 3, 2, 10)
    choice = MomentChoice.begin(now).typed("29/03 à 2h30", "fr", now)
    card = moment_card(FRENCH, choice, now, "")
    assert "n’existe pas" in card.text
    assert [row[0].label.replace("\u00a0", " ") for row in card.rows] == ["1 h 30", "3 h 30"]
    assert picked(choice, card.rows[1][0].press, now).moment == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_in_autumn_the_repeated_hour_is_asked_back_and_both_can_be_chosen():
    now = at(2026, 10, 20, 10)
    choice = MomentChoice.begin(now).typed("25/10 à 2h30", "fr", now)
    card = moment_card(FRENCH, choice, now, "")
    assert "arrive deux fois" in card.text
    moments = [picked(choice, row[0].press, now).moment for row in card.rows]
    assert moments == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]


def test_between_the_two_showings_only_the_second_is_left():
    now = Now(datetime(2026, 10, 25, 0, 45, tzinfo=UTC), PARIS)
    choice = MomentChoice.begin(now).at_day(date(2026, 10, 25), now).at_hour(2).at_time(2, 30, now)
    (row,) = moment_card(FRENCH, choice, now, "").rows
    assert "après" in row[0].label
    assert picked(choice, row[0].press, now).moment == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_going_back_asks_one_question_before():
    now = at(2026, 3, 2, 10)
    choice = MomentChoice.begin(now).at_day(date(2026, 3, 12), now).at_hour(18)
    assert choice.back().step is MomentStep.HOUR
    assert choice.back().back().step is MomentStep.DAY
    assert choice.back().back().back() is None


@given(nows, st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_a_forged_press_is_refused_and_never_more(now, one, two):
    choice = MomentChoice.begin(now)
    for kind in PICKER_PRESSES:
        pressed = kind(one, two) if kind is MinutePress else kind(one)
        try:
            after = picked(choice, pressed, now)
        except (Forged, Refusal):
            continue
        assert after.moment is None or after.moment > now.moment


def test_a_moment_that_no_question_offered_is_out_of_date():
    now = at(2026, 3, 2, 10)
    with pytest.raises(OutOfDate):
        picked(MomentChoice.begin(now), MomentPress(30_000_000), now)
    with pytest.raises(OutOfDate):
        picked(MomentChoice.begin(now), HourPress(18), now)


def test_past_days_are_dots_and_the_page_before_this_month_is_one_too():
    now = at(2026, 3, 12, 10)
    rows = day_rows(FRENCH, date(2026, 3, 1), now)
    assert isinstance(rows[0][0].press, DotPress)
    assert rows[0][1].label == "mars 2026"
    labels = [button.label for row in rows[2:] for button in row if isinstance(button.press, DayPress)]
    assert labels == [str(day) for day in range(12, 32)]


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [("fr", "◀ mars", "mai ▶"), ("en", "◀ Mar", "May ▶"), ("ar", "▶ \u2068مارس\u2069", "\u2068مايو\u2069 ◀")],
)
def test_the_months_beside_are_named_and_their_arrows_point_the_way_one_reads(language, before, after):
    row = day_rows(translator(language), date(2026, 4, 1), at(2026, 3, 12, 10))[0]
    assert (row[0].label, row[2].label) == (before, after)
    assert [row[0].press, row[2].press] == [MonthPress(2026 * 12 + 2), MonthPress(2026 * 12 + 4)]


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_every_language_gets_seven_short_weekdays_from_monday(language):
    say = translator(language)
    names = [button.label for button in day_rows(say, date(2026, 3, 1), at(2026, 3, 2, 10))[1]]
    assert len(names) == 7
    assert all(0 < len(name) <= 3 for name in names)
