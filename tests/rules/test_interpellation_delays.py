"""By when an answer is expected: counted in working days, explained, extended, and counted again with the calendar."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from promise_scenes import paris
from sqlmodel import col, select

from council.errors import EmptyWords, NotAllowed, OutOfDate
from council.interpellation_delays import (
    AlertLevel,
    acknowledgement_due,
    days_before,
    delay_values,
    due_after,
    explain_due,
    is_late,
    is_very_late,
    late_from,
    recompute_due_days,
    very_late_from,
)
from council.interpellation_extensions import EXTENSIONS, DayIsOver, extend, offered_extensions
from council.interpellation_reminders import PartnerMoment, PartnerWord, remind_awaited
from council.local_time import local
from council.mails import MailWords
from council.notices import NoticeKind
from council.settings import Closure, Delays, PartnerEntry, PartnerKind, ProgrammeSettings
from council.working_time import Why, calendar_of
from documents.interpellation_mails import partner_mail
from storage.interpellations import (
    Interpellation,
    InterpellationAct,
    InterpellationEvent,
    InterpellationKind,
    InterpellationLetter,
    InterpellationState,
    LetterState,
    LetterWay,
)
from storage.mails import Mail
from storage.outbox import Notice
from storage.people import Role
from tests.conftest import small_settings

A, S = InterpellationAct, InterpellationState
SETTINGS = small_settings()
TOWN = PartnerEntry(code="mairie", name="Ville d’Essai", kind=PartnerKind.CITY, email="mairie@ville.example")
MONDAY = paris(2026, 3, 2, 10)

moments = st.builds(datetime.combine, st.dates(date(2024, 1, 1), date(2029, 12, 31)), st.times(), st.just(UTC))
lengths = st.integers(1, 90)
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def closed(first: date, length: int = 1, name: str = "Pont") -> Closure:
    return Closure(name=name, start=first, end=first + timedelta(days=length - 1))


def with_closures(*closures: Closure) -> ProgrammeSettings:
    return SETTINGS.model_copy(update={"closures": closures})


def day_of(moment: datetime) -> date:
    return local(moment, SETTINGS.tz).date()


# --- counting


@given(moments, lengths, st.lists(st.tuples(days, st.integers(1, 20)), max_size=4))
def test_it_is_a_working_day_and_so_many_of_them_have_gone_by(sent_at, length, spans):
    settings = with_closures(*(closed(first, n) for first, n in spans))
    due = day_of(due_after(settings, sent_at, length))
    calendar, day, counted = calendar_of(settings), day_of(sent_at), 0
    while day < due:
        day += timedelta(days=1)
        counted += calendar.is_working_day(day)
    assert calendar.is_working_day(due)
    assert counted == length


@given(moments, lengths, days, st.integers(1, 30))
def test_a_closure_never_makes_it_earlier(sent_at, length, first, closure):
    before = due_after(SETTINGS, sent_at, length)
    assert due_after(with_closures(closed(first, closure)), sent_at, length) >= before


@given(moments, lengths, lengths)
def test_an_extension_adds_exactly_so_many_working_days(sent_at, length, more):
    once = due_after(SETTINGS, sent_at, length)
    assert due_after(SETTINGS, sent_at, length + more) == due_after(SETTINGS, once, more)


@given(st.dates(date(2024, 1, 1), date(2029, 12, 31)), st.times(), st.times(), lengths)
def test_the_hour_of_sending_counts_for_nothing(day, one, other, length):
    sent = [datetime.combine(day, each, SETTINGS.tz).astimezone(UTC) for each in (one, other)]
    same_day = [each for each in sent if day_of(each) == day]  # an hour that the clock skips is in another
    assert len({due_after(SETTINGS, each, length) for each in same_day}) == 1


@given(moments, lengths)
def test_the_same_number_of_working_days_leads_back(sent_at, length):
    due = due_after(SETTINGS, sent_at, length)
    back = days_before(SETTINGS, due, length)
    assert due_after(SETTINGS, back, length) == due


@pytest.mark.parametrize(
    ("sent", "length", "due"),
    [
        (paris(2026, 3, 2, 10), 10, date(2026, 3, 16)),
        (paris(2026, 3, 27, 17), 1, date(2026, 3, 30)),  # the clocks go forward in between
        (paris(2026, 10, 23, 17), 1, date(2026, 10, 26)),  # and back
        (paris(2026, 4, 3, 10), 1, date(2026, 4, 7)),  # Easter Monday
        (paris(2026, 4, 30, 23, 59), 1, date(2026, 5, 4)),  # 1 May is a Friday
        (paris(2026, 3, 7, 12), 1, date(2026, 3, 9)),  # noted on a Saturday
        (paris(2026, 12, 31, 9), 1, date(2027, 1, 4)),
        (paris(2028, 2, 28, 9), 1, date(2028, 2, 29)),
    ],
)
def test_days_that_one_can_check(sent, length, due):
    assert day_of(due_after(SETTINGS, sent, length)) == due


def test_late_begins_with_the_day_after():
    due = due_after(SETTINGS, MONDAY, 10)
    assert late_from(SETTINGS, due) == paris(2026, 3, 17)
    assert day_of(very_late_from(SETTINGS, due)) > day_of(late_from(SETTINGS, due))


def test_where_nobody_ever_works_days_of_the_calendar_are_counted():
    shut = with_closures(closed(date(2020, 1, 1), 9_000))
    assert day_of(due_after(shut, MONDAY, 10)) == date(2026, 3, 12)
    assert days_before(shut, due_after(shut, MONDAY, 10), 5) == due_after(shut, MONDAY, 10)


# --- as rows


async def sent(programme: Any, *, at: datetime = MONDAY, **values: Any) -> Interpellation:
    """An interpellation of the north whose letter was sent then."""
    programme.clock.set(at)
    programme.settings = programme.settings.model_copy(update={"partners": (TOWN,)})
    kind = values.get("kind", InterpellationKind.INTERPELLATION)
    async with programme.database.write() as session:
        row = Interpellation(
            **{
                "number": "I-2026-001",
                "kind": kind,
                "state": S.SENT,
                "council_id": programme.nord,
                "partner_code": "mairie",
                "partner_name": "Ville d’Essai",
                "title": "L’ascenseur",
                "created_at": at,
                "changed_at": at,
                "request_key": "test",
                **delay_values(programme.settings, kind, at),
                **values,
            }
        )
        session.add(row)
        await session.flush()
        session.add(
            InterpellationLetter(
                interpellation_id=row.id,
                round=1,
                way=LetterWay.MAIL,
                state=LetterState.SENT,
                address="mairie@ville.example",
                pdf=b"%PDF",
                sha256="0" * 64,
                created_at=at,
                sent_at=at,
            )
        )
    return row


async def again(programme: Any, row: Interpellation) -> Interpellation:
    async with programme.database.read() as session:
        return await session.get_one(Interpellation, row.id)


async def acts(programme: Any) -> list[InterpellationAct]:
    async with programme.database.read() as session:
        return list((await session.exec(select(InterpellationEvent.act).order_by(col(InterpellationEvent.id)))).all())


async def told(programme: Any) -> list[int | None]:
    async with programme.database.read() as session:
        news = col(Notice.kind) == NoticeKind.INTERPELLATION_NEWS
        return list((await session.exec(select(Notice.person_id).where(news).order_by(col(Notice.id)))).all())


async def mails(programme: Any) -> list[Mail]:
    async with programme.database.read() as session:
        return list((await session.exec(select(Mail).order_by(col(Mail.id)))).all())


def words(word: PartnerWord) -> MailWords:
    return MailWords(word.moment, f"{word.title} {word.due_at.date()} {word.reason}")


async def give(
    session: Any, programme: Any, actor: Any, row: Interpellation, days: int, reason: str = "Congés", **more: Any
) -> bool:
    """So many working days more; whether the partner is told."""
    more = {"mail": words, "has_pages": False, **more}
    return await extend(session, programme.clock, programme.settings, actor, row.id, days, reason, **more)


def with_settings(programme: Any, **changes: Any) -> None:
    programme.settings = programme.settings.model_copy(update=changes)


@pytest.fixture
async def fatou(programme):
    return await programme.person("Fatou", roles=((Role.LEAD, programme.nord),))


async def test_the_columns_of_a_letter_that_was_sent(programme, fatou):
    row = await sent(programme)
    assert day_of(row.due_at) == date(2026, 4, 14)  # Easter Monday lies in between
    assert (row.extra_days, row.alert_level, row.acknowledged_at, row.answered_at) == (0, 0, None, None)
    saisine = delay_values(programme.settings, InterpellationKind.SAISINE, MONDAY)
    assert saisine["due_at"] > row.due_at


async def test_it_is_explained_with_holidays_closures_and_extensions(programme, fatou):
    with_settings(programme, closures=(closed(date(2026, 3, 19), name="Formation"),))
    row = await sent(programme)
    async with programme.database.write() as session:
        await give(session, programme, fatou, row, 5)
    rosa = await programme.person("Rosa")
    async with programme.database.read() as session:
        due = await explain_due(session, programme.clock, programme.settings, rosa, row.id)
    assert (due.days, due.extra_days, due.reasons) == (30, 5, ("Congés",))
    assert [(each.day, each.why, each.name) for each in due.days_off] == [
        (date(2026, 3, 19), Why.CLOSURE, "Formation"),
        (date(2026, 4, 6), Why.HOLIDAY, "Lundi de Pâques"),
    ]
    assert due.acknowledge_by == acknowledgement_due(programme.settings, MONDAY)
    assert day_of(due.due_at) == date(2026, 4, 22)
    assert not due.late


async def test_nothing_is_explained_once_it_is_answered(programme, fatou):
    row = await sent(programme, answered_at=MONDAY, state=S.ANSWERED)
    async with programme.database.read() as session:
        with pytest.raises(OutOfDate):
            await explain_due(session, programme.clock, programme.settings, fatou, row.id)


async def test_late_and_very_late(programme, fatou):
    row = await sent(programme)
    assert not is_late(programme.settings, row, paris(2026, 4, 14, 23, 59))
    assert is_late(programme.settings, row, paris(2026, 4, 15))
    assert not is_very_late(programme.settings, row, paris(2026, 5, 1))
    assert is_very_late(programme.settings, row, paris(2026, 6, 30))


async def test_who_extends_and_by_how_much(programme, fatou):
    row = await sent(programme)
    rosa = await programme.person("Rosa")

    async def extended(actor, days, reason="Congés"):
        async with programme.database.write() as session:
            return await give(session, programme, actor, row, days, reason)

    for actor, days, reason, refusal in (
        (rosa, 5, "Congés", NotAllowed),
        (fatou, 7, "Congés", OutOfDate),
        (fatou, 5, "  ", EmptyWords),
    ):
        with pytest.raises(refusal):
            await extended(actor, days, reason)
    for days, extra in ((10, 10), (5, 15)):
        assert await extended(fatou, days)
        assert (await again(programme, row)).extra_days == extra
    assert (await again(programme, row)).due_at == due_after(programme.settings, MONDAY, 45)
    assert await acts(programme) == [A.EXTENDED, A.EXTENDED]


async def test_the_partner_hears_of_more_time_by_mail_once_each(programme, fatou):
    row = await sent(programme)
    for days in (5, 10):
        async with programme.database.write() as session:
            assert await give(session, programme, fatou, row, days, "Le service déménage.")
    first, second = await mails(programme)
    assert (first.subject, first.address, second.subject) == ("extended", "mairie@ville.example", "extended")
    due_at = (await again(programme, row)).due_at
    assert due_at is not None
    assert second.body == f"L’ascenseur {due_at.date()} Le service déménage."
    assert first.body != second.body


async def test_who_has_no_address_is_told_of_more_time_by_nobody(programme, fatou):
    row = await sent(programme, partner_code="bailleur")
    async with programme.database.write() as session:
        letter = (await session.exec(select(InterpellationLetter))).one()
        letter.address, letter.way = None, LetterWay.BY_HAND
    async with programme.database.write() as session:
        assert not await give(session, programme, fatou, row, 5)
    assert await mails(programme) == []


def test_the_mail_of_more_time_says_until_when_and_why():
    word = PartnerWord(
        moment=PartnerMoment.EXTENDED, programme="Essai", timezone="Europe/Paris", council="Nord", number="I-2026-001",
        title="L’ascenseur", sent_at=MONDAY, due_at=paris(2026, 4, 22, 12), token="jeton", open_until=paris(2027, 3, 2),
        reason="Le service\ndéménage.",
    )  # fmt: skip
    mail = partner_mail(word, base_url="https://bot.ville.example")
    assert mail.subject == "I-2026-001 : vous avez plus de temps pour répondre"
    for part in (
        "attendue avant la fin du mercredi 22 avril 2026",
        "convenu localement",
        "Raison : Le service déménage.",
        "/r/jeton",
    ):
        assert part in mail.body, part


async def test_no_day_that_is_over_is_given(programme, fatou):
    row = await sent(programme)
    programme.clock.set(paris(2026, 4, 24, 10))
    async with programme.database.read() as session:
        _, offered = await offered_extensions(session, programme.clock, programme.settings, fatou, row.id)
    assert [each.days for each in offered] == [10, 20]
    assert set(EXTENSIONS) == {5, 10, 20}
    with pytest.raises(DayIsOver):
        async with programme.database.write() as session:
            await give(session, programme, fatou, row, 5)


async def recompute(programme: Any) -> None:
    await recompute_due_days(programme.database, programme.clock, programme.settings)


async def test_a_closure_moves_it_and_is_told_once(programme, fatou):
    row = await sent(programme)
    await recompute(programme)
    assert await acts(programme) == []
    with_settings(programme, closures=(closed(date(2026, 3, 19), 2),))
    await recompute(programme)
    await recompute(programme)
    assert day_of((await again(programme, row)).due_at) == date(2026, 4, 16)
    assert await acts(programme) == [A.DUE_MOVED]
    assert await told(programme) == [fatou.person_id]


async def test_a_closure_elsewhere_is_not_told(programme, fatou):
    row = await sent(programme)
    with_settings(programme, closures=(closed(date(2026, 8, 3), 5),))
    await recompute(programme)
    after = await again(programme, row)
    assert (after.due_at, await acts(programme)) == (row.due_at, [])
    assert after.calendar != row.calendar


async def test_another_delay_in_the_settings_holds_for_later_letters_alone(programme, fatou):
    row = await sent(programme)
    with_settings(programme, delays=Delays(interpellation_days=45), closures=(closed(date(2026, 3, 19)),))
    await recompute(programme)
    assert day_of((await again(programme, row)).due_at) == date(2026, 4, 15)


async def test_nobody_is_told_of_a_day_that_is_over(programme, fatou):
    with_settings(programme, closures=(closed(date(2026, 3, 19)),))
    row = await sent(programme)
    programme.clock.set(paris(2026, 4, 15, 10))
    with_settings(programme, closures=())
    await recompute(programme)
    assert (await again(programme, row)).due_at == row.due_at
    assert await acts(programme) == []


async def test_a_day_that_moves_has_reminders_of_its_own_and_a_receipt_is_missed_once(programme, fatou):
    row = await sent(programme, alert_level=AlertLevel.BEFORE)
    async with programme.database.write() as session:
        await give(session, programme, fatou, row, 5)
    assert (await again(programme, row)).alert_level == AlertLevel.NO_RECEIPT


# --- reminders


async def remind(programme: Any) -> None:
    await remind_awaited(programme.database, programme.clock, programme.settings, words, has_pages=False)


async def at(programme: Any, *moment: int) -> None:
    """Twice: the second run does nothing."""
    programme.clock.set(paris(*moment))
    await remind(programme)
    await remind(programme)


async def test_each_reminder_and_alert_comes_once_and_in_working_hours(programme, fatou):
    row = await sent(programme)
    await at(programme, 2026, 3, 16, 10)
    assert await acts(programme) == []
    await at(programme, 2026, 3, 17, 3)  # at night
    assert await acts(programme) == []
    await at(programme, 2026, 3, 17, 10)
    assert await acts(programme) == [A.NO_RECEIPT]
    await at(programme, 2026, 4, 4, 10)  # a Saturday
    await at(programme, 2026, 4, 6, 10)  # Easter Monday
    assert len(await mails(programme)) == 0
    await at(programme, 2026, 4, 7, 10)
    assert [each.subject for each in await mails(programme)] == [PartnerMoment.BEFORE]
    await at(programme, 2026, 4, 14, 17)
    await at(programme, 2026, 4, 15, 8)
    assert len(await mails(programme)) == 1
    await at(programme, 2026, 4, 15, 9, 30)
    assert [each.subject for each in await mails(programme)] == [PartnerMoment.BEFORE, PartnerMoment.AFTER]
    await at(programme, 2026, 7, 1, 10)
    assert await acts(programme) == [A.NO_RECEIPT, A.REMINDED, A.OVERDUE, A.REMINDED, A.VERY_OVERDUE]
    assert (await again(programme, row)).next_look_at is None
    assert len(await mails(programme)) == 2


async def test_after_a_standstill_the_last_alert_alone_is_told(programme, fatou):
    await sent(programme)
    await at(programme, 2026, 7, 1, 10)
    assert await acts(programme) == [A.VERY_OVERDUE, A.REMINDED]
    assert [each.subject for each in await mails(programme)] == [PartnerMoment.AFTER]


@pytest.mark.parametrize("values", [{"answered_at": MONDAY}, {"state": S.ANSWERED}, {"state": S.CLOSED}])
async def test_nothing_comes_once_something_was_answered(programme, fatou, values):
    await sent(programme, **values)
    await at(programme, 2026, 7, 1, 10)
    assert (await acts(programme), await mails(programme)) == ([], [])


async def test_a_receipt_that_came_is_not_missed(programme, fatou):
    await sent(programme, state=S.ACKNOWLEDGED, acknowledged_at=MONDAY)
    await at(programme, 2026, 3, 20, 10)
    assert await acts(programme) == []


async def test_a_partner_without_an_address_is_not_written_to(programme, fatou):
    row = await sent(programme, partner_code="bailleur")
    async with programme.database.write() as session:
        letter = (await session.exec(select(InterpellationLetter))).one()
        letter.address, letter.way = None, LetterWay.BY_HAND
    await at(programme, 2026, 4, 15, 10)
    assert (await acts(programme), await mails(programme)) == ([A.OVERDUE], [])
    assert (await again(programme, row)).alert_level == AlertLevel.LATE


def test_noon_of_a_day_on_which_the_clock_changes_is_the_noon_of_the_wall():
    due = due_after(SETTINGS, datetime.combine(date(2026, 3, 28), time(12), SETTINGS.tz), 1)
    assert local(due, SETTINGS.tz).time() == time(12)
