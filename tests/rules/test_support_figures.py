"""Figures of a period: against a library's, never of too few, and none of another day."""

import statistics
from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from council.errors import NotAllowed
from council.support_figures import (
    LEAST,
    Dates,
    Entry,
    PeriodUpsideDown,
    Span,
    Times,
    count_figures,
    dates_of,
    load_entries,
    median_of,
    percentile,
)
from council.team_load import held_by, team_load
from handlers.cards.support_figures import figures_card, span_words
from handlers.cards.team_load import LoadPress
from locales.translator import translator
from storage.animators import Absence, AnimatorPost
from storage.people import Role
from storage.support import SupportKind, SupportRequest, SupportState, Verdict
from tests.conftest import small_settings

PARIS = ZoneInfo("Europe/Paris")
MINUTES = st.lists(st.integers(0, 100_000), min_size=1, max_size=60)
NUMBERS = count(1)


@given(MINUTES)
def test_the_median_is_that_of_the_library(minutes):
    assert median_of(sorted(minutes)) == statistics.median(minutes)


@given(MINUTES, st.integers(1, 100))
def test_the_nearest_rank_is_a_value_that_enough_of_them_do_not_exceed_and_the_smallest_such(minutes, percent):
    found = percentile(sorted(minutes), percent)
    assert found in minutes
    enough = [each for each in minutes if sum(other <= each for other in minutes) * 100 >= percent * len(minutes)]
    assert found == min(enough)


@given(MINUTES)
def test_half_of_all_by_the_nearest_rank_is_the_library_s_lower_median(minutes):
    assert percentile(sorted(minutes), 50) == statistics.median_low(minutes)


@given(st.lists(st.integers(0, 10_000), max_size=12))
def test_of_fewer_than_five_nothing_is_given(minutes):
    times = Times.of(minutes)
    assert times.count == len(minutes)
    assert (times.median is None) == (times.slow is None) == (len(minutes) < LEAST)


@pytest.mark.parametrize("percent", [0, 101, -5])
def test_there_is_no_such_percentile(percent):
    with pytest.raises(ValueError, match=str(percent)):
        percentile([1, 2], percent)


@given(st.dates(date(2024, 1, 1), date(2029, 12, 31)))
def test_each_button_s_period_ends_today_or_before_and_begins_before_it_ends(today):
    programme = small_settings()
    for span in Span:
        dates = dates_of(span, today, programme)
        assert dates.first <= dates.last
        assert dates.last <= max(today, programme.period.start)
        assert (dates.last - dates.first).days <= 366


def test_periods_of_a_day_in_the_middle_of_the_year():
    programme = small_settings().model_copy(deep=True)
    today = date(2026, 3, 2)
    assert dates_of(Span.THIS_MONTH, today, programme) == Dates(date(2026, 3, 1), today)
    assert dates_of(Span.LAST_MONTH, today, programme) == Dates(date(2026, 2, 1), date(2026, 2, 28))
    assert dates_of(Span.QUARTER, today, programme) == Dates(date(2026, 1, 1), today)
    assert dates_of(Span.PROGRAMME_YEAR, today, programme) == Dates(date(2026, 1, 1), today)
    with pytest.raises(PeriodUpsideDown):
        Dates(today, date(2026, 3, 1))


def entry(council="Nord", kind=SupportKind.OTHER, animator="Julien", answered=None, done=None, verdict=None, face=None):
    ids = {"council_id": hash(council) if council else None, "animator_id": hash(animator) if animator else None}
    return Entry(council, kind, animator, answered, done, verdict, face, **ids)


ENTRIES = st.lists(
    st.builds(
        entry,
        st.sampled_from(["Nord", "Sud", None]),
        st.sampled_from(list(SupportKind)[:3]),
        st.sampled_from(["Julien", "Inès", None]),
        st.none() | st.integers(0, 5_000),
        st.none() | st.integers(0, 50_000),
        st.none() | st.sampled_from(list(Verdict)),
        st.none() | st.integers(1, 5),
    ),
    max_size=40,
)
DATES = Dates(date(2026, 3, 1), date(2026, 3, 31))


@given(ENTRIES)
def test_every_cut_adds_up_to_all(entries):
    figures = count_figures(DATES, entries)
    assert figures.everything.asked == len(entries)
    for cut in (figures.by_council, figures.by_kind, figures.by_animator):
        assert sum(each.asked for each in cut) == len(entries)
        assert sum(each.answered.count for each in cut) == figures.everything.answered.count
        assert sum(each.judged for each in cut) == figures.everything.judged
        assert [each.asked for each in cut] == sorted((each.asked for each in cut), reverse=True)
        for each in cut:
            assert bool(each.verdicts) == (each.judged >= LEAST)
            assert bool(each.faces) == (each.faced >= LEAST)
            assert (each.solved_share is None) == (each.judged < LEAST)
            assert sum(each.verdicts.values()) == (each.judged if each.verdicts else 0)


def test_times_of_too_few_are_dashes_and_why_there_is_no_share_is_said():
    card = figures_card(translator("fr"), count_figures(DATES, [entry(answered=30)] * 4), LoadPress(0))
    assert "Première réponse : –" in card.text
    assert "Résolues : personne n’a encore donné son avis." in card.text
    card = figures_card(translator("fr"), count_figures(DATES, [entry(verdict=Verdict.SOLVED)]), LoadPress(0))
    assert "Résolues : 1 avis, c’est trop peu pour compter." in card.text
    card = figures_card(
        translator("fr"), count_figures(DATES, [entry(answered=135, verdict=Verdict.SOLVED)] * 5), LoadPress(0)
    )
    assert "Première réponse : une sur deux en 2 h 15, neuf sur dix en 2 h 15" in card.text
    assert "100" in card.text


@pytest.mark.parametrize(("minutes", "words"), [(None, "–"), (0, "0 min"), (59.5, "1 h"), (60, "1 h"), (65, "1 h 05")])
def test_a_working_time_in_words(minutes, words):
    assert span_words(translator("fr"), minutes) == words


async def asked(programme, person, at, **values):
    number = next(NUMBERS)
    request = SupportRequest(
        number=f"D-{number}",
        person_id=person.person_id,
        created_at=at,
        changed_at=at,
        asked_at=at,
        calendar="",
        request_key=f"figures:{number}",
        **{"kind": SupportKind.OTHER, "state": SupportState.CLOSED, "promised_at": at, **values},
    )
    async with programme.database.write() as session:
        session.add(request)
    return request


async def test_requests_count_by_the_local_day_on_which_they_were_asked(programme):
    awa = await programme.person("Awa", roles=((Role.COORDINATOR, None),))
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    for moment in (
        datetime(2026, 2, 28, 23, 59, tzinfo=PARIS),
        datetime(2026, 3, 1, 0, 0, tzinfo=PARIS),
        datetime(2026, 3, 31, 23, 59, tzinfo=PARIS),  # summer time
        datetime(2026, 4, 1, 0, 0, tzinfo=PARIS),
    ):
        await asked(programme, rosa, moment, council_id=programme.nord, first_answer_minutes=60)
    async with programme.database.read() as session:
        figures = count_figures(DATES, await load_entries(session, programme.settings, awa, DATES))
        assert (figures.everything.asked, figures.everything.answered.count) == (2, 2)
        assert [each.label for each in figures.by_council] == ["Quartier Nord"]
        with pytest.raises(NotAllowed):
            await load_entries(session, programme.settings, rosa, DATES)


async def test_the_load_counts_what_each_works_on_and_who_is_late_or_away(programme):
    now = programme.clock.now()
    awa = await programme.person("Awa", roles=((Role.COORDINATOR, None),))
    julien = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord), (Role.ANIMATOR, programme.sud)))
    ines = await programme.person("Inès", roles=((Role.ANIMATOR, programme.sud),))
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    today = now.astimezone(PARIS).date()
    async with programme.database.write() as session:
        session.add(AnimatorPost(person_id=julien.person_id, capacity=5))
        session.add(Absence(person_id=ines.person_id, starts_on=today, ends_on=today, created_at=now))
    past = datetime(2026, 2, 20, 10, tzinfo=PARIS)
    mine = {"animator_id": julien.person_id}
    late = await asked(programme, rosa, past, state=SupportState.ASSIGNED, **mine)
    await asked(programme, rosa, past, state=SupportState.WAITING, first_answer_at=past, **mine)
    await asked(programme, rosa, past, state=SupportState.CARRIED_OUT, first_answer_at=past, **mine)
    await asked(programme, rosa, past, state=SupportState.CLOSED, **mine)
    await asked(programme, rosa, past, state=SupportState.RECEIVED)
    async with programme.database.read() as session:
        load = await team_load(session, programme.clock, programme.settings, ines)
        found = [(each.first_name, each.open, each.capacity, each.late, each.away_until) for each in load.people]
        assert found == [("Julien", 2, 5, 1, None), ("Awa", 0, None, 0, None), ("Inès", 0, 20, 0, today)]
        assert (load.unassigned, load.unassigned_late) == (1, 1)
        held = await held_by(session, programme.clock, awa, julien.person_id)
        assert [(each.id == late.id, each.late) for each in held.requests] == [(True, True), (False, False)]
        for actor, person in ((ines, julien), (rosa, julien), (awa, rosa)):
            with pytest.raises(NotAllowed):
                await held_by(session, programme.clock, actor, person.person_id)
        with pytest.raises(NotAllowed):
            await team_load(session, programme.clock, programme.settings, rosa)


async def test_the_load_takes_as_many_statements_for_ten_as_for_one(programme):
    awa = await programme.person("Awa", roles=((Role.COORDINATOR, None),))
    taken = []
    for size in (1, 10):
        for n in range(size):
            await programme.person(f"A{size}{n}", roles=((Role.ANIMATOR, programme.nord),))
        sent = []
        listener = lambda _c, _cur, statement, *_, sent=sent: sent.append(statement)  # noqa: E731
        event.listen(programme.database.engine.sync_engine, "before_cursor_execute", listener)
        async with programme.database.read() as session:
            await team_load(session, programme.clock, programme.settings, awa)
        event.remove(programme.database.engine.sync_engine, "before_cursor_execute", listener)
        taken.append(len([each for each in sent if each.startswith("SELECT")]))
    assert taken == [3, 3]
