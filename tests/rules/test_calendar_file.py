"""The calendar file of a meeting: a diary shows the very moment, on both sides of a clock change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from documents.calendar_file import CalendarEntry, calendar_file

PARIS = ZoneInfo("Europe/Paris")


def entry(**changes) -> CalendarEntry:
    plain = CalendarEntry(
        uid="meeting-7@portevoix",
        sequence=1,
        starts_at=datetime(2026, 3, 10, 17, 30, tzinfo=UTC),
        minutes=120,
        summary="Plénière ; <b>été</b> & Cie",
        description="Ordre du jour :\n1. Bilan, suites\n2. Questions \\ réponses",
        place="Salle des fêtes, 3 rue du Nord",
        stamped_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    )
    return replace(plain, **changes)


def read_back(made: CalendarEntry, tz: ZoneInfo = PARIS):
    calendar = Calendar.from_ical(calendar_file(made, tz))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_a_diary_reads_everything_that_residents_need():
    calendar, event = read_back(entry(latitude=43.6459, longitude=1.4482))
    assert str(event["UID"]) == "meeting-7@portevoix"
    assert event["SEQUENCE"] == 1
    assert str(event["SUMMARY"]) == "Plénière ; <b>été</b> & Cie"
    assert str(event["DESCRIPTION"]) == "Ordre du jour :\n1. Bilan, suites\n2. Questions \\ réponses"
    assert str(event["LOCATION"]) == "Salle des fêtes, 3 rue du Nord"
    assert event["GEO"].to_ical() == "43.6459;1.4482"
    assert event["STATUS"] == "CONFIRMED"
    assert event["DTSTAMP"].dt == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event["DTSTART"].to_ical() == b"20260310T183000"
    assert event["DTEND"].to_ical() == b"20260310T203000"
    assert [str(each["TZID"]) for each in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]


def test_no_point_on_the_map_is_invented():
    _, event = read_back(entry())
    assert "GEO" not in event


def test_a_moved_then_cancelled_meeting_replaces_the_one_in_the_diary():
    _, first = read_back(entry())
    _, moved = read_back(entry(sequence=2, starts_at=datetime(2026, 3, 11, 17, 30, tzinfo=UTC)))
    _, cancelled = read_back(entry(sequence=3, cancelled=True))
    assert first["UID"] == moved["UID"] == cancelled["UID"]
    assert first["SEQUENCE"] < moved["SEQUENCE"] < cancelled["SEQUENCE"]
    assert cancelled["STATUS"] == "CANCELLED"


@pytest.mark.parametrize(
    "starts_at",
    [
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # 1:30, half an hour before the clock jumps from 2:00 to 3:00
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # 3:30, just after
        datetime(2026, 10, 24, 23, 30, tzinfo=UTC),  # 1:30, ends when the clock shows 2:30 for the second time
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # the first 2:30
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # the second 2:30
        datetime(2026, 10, 25, 2, 30, tzinfo=UTC),  # 3:30
    ],
)
@pytest.mark.parametrize("minutes", [30, 60, 90, 120])
def test_across_both_clock_changes_the_moments_stay_true(starts_at, minutes):
    _, event = read_back(entry(starts_at=starts_at, minutes=minutes))
    assert event["DTSTART"].dt.astimezone(UTC) == starts_at
    assert event["DTEND"].dt.astimezone(UTC) == starts_at + timedelta(minutes=minutes)


@given(
    minute=st.integers(0, 11 * 365 * 24 * 60),
    minutes=st.integers(1, 14 * 60),
    zone=st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/Cayenne", "UTC"]),
)
def test_whatever_the_moment_and_the_zone_a_parser_reads_it_back(minute, minutes, zone):
    starts_at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    _, event = read_back(entry(starts_at=starts_at, minutes=minutes), ZoneInfo(zone))
    assert event["DTSTART"].dt.astimezone(UTC) == starts_at
    assert event["DTEND"].dt.astimezone(UTC) == starts_at + timedelta(minutes=minutes)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=400))
def test_whatever_a_lead_writes_comes_back_as_written(words):
    _, event = read_back(entry(description=words, summary=words[:50]))
    assert str(event["DESCRIPTION"]) == words
    assert max(len(line) for line in calendar_file(entry(description=words), PARIS).splitlines()) <= 75
