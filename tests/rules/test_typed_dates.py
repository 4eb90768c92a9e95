"""What people type about time, and what the bot makes of it. Now is Tuesday 10 March 2026, 10:00, unless said."""

# ruff: noqa: DTZ001  # times without a zone are what people say

import subprocess
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date, format_time
from hypothesis import given
from hypothesis import strategies as st

from handlers.typed_dates import (
    LONGEST_TEXT,
    ImpossibleDate,
    NotUnderstood,
    TypedMoment,
    WrongWeekday,
    parse_duration,
    parse_moment,
    parse_time,
)
from handlers.typed_vocabulary import LANGUAGES

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 10, 10, 0, tzinfo=PARIS)
TODAY = NOW.date()
TUESDAY = date(2026, 3, 17)
EVENING = time(18, 30)


def read(text: str, locale: str = "fr", now: datetime = NOW) -> tuple[date | None, time | None]:
    moment = parse_moment(text, locale, now)
    return moment.date, moment.time


FRENCH = [
    ("mardi 18h30", TODAY, EVENING),
    ("mardi 9h", TUESDAY, time(9)),
    ("mardi 10h", TUESDAY, time(10)),
    ("mardi", TUESDAY, None),
    ("mardi soir", TUESDAY, None),
    ("mercredi", date(2026, 3, 11), None),
    ("lundi 18 heures", date(2026, 3, 16), time(18)),
    ("mar. 18h30", TODAY, EVENING),
    ("mardi prochain à 18 h", TUESDAY, time(18)),
    ("jeudi prochain", date(2026, 3, 12), None),
    ("mardi dernier", date(2026, 3, 3), None),
    ("lundi dernier", date(2026, 3, 9), None),
    ("samedi en huit", date(2026, 3, 21), None),
    ("samedi en quinze à 10h", date(2026, 3, 28), time(10)),
    ("mardi en huit", date(2026, 3, 24), None),
    ("jeudi de la semaine prochaine", date(2026, 3, 19), None),
    ("la semaine prochaine mardi 18h", TUESDAY, time(18)),
    ("12/03 à 18h", date(2026, 3, 12), time(18)),
    ("12 / 03", date(2026, 3, 12), None),
    ("12 mars", date(2026, 3, 12), None),
    ("10 mars", TODAY, None),
    ("10 mars à 9h", TODAY, time(9)),
    ("9 mars", date(2027, 3, 9), None),
    ("9 mars 2026", date(2026, 3, 9), None),
    ("05/04", date(2026, 4, 5), None),
    ("29 février", date(2028, 2, 29), None),
    ("le 1er décembre à 14h00", date(2026, 12, 1), time(14)),
    ("premier mai", date(2026, 5, 1), None),
    ("12 sept à 18h", date(2026, 9, 12), time(18)),
    ("15.03.2027 18:30", date(2027, 3, 15), EVENING),
    ("15/03/27", date(2027, 3, 15), None),
    ("15-03-2027", date(2027, 3, 15), None),
    ("2027-03-15T18:30", date(2027, 3, 15), EVENING),
    ("Mardi 17 mars 2026, 18 H 30", TUESDAY, EVENING),
    ("mardi 17 mars à 18 h 30", TUESDAY, EVENING),
    ("mardi 17", TUESDAY, None),
    ("mardi à 18h le 17", TUESDAY, time(18)),
    ("le 12", date(2026, 3, 12), None),
    ("le 9", date(2026, 4, 9), None),
    ("le 31", date(2026, 3, 31), None),
    ("le 12 au soir", date(2026, 3, 12), None),
    ("le 3 du mois prochain 18h", date(2026, 4, 3), time(18)),
    ("18h 12 mars", date(2026, 3, 12), time(18)),
    ("18h 12/03", date(2026, 3, 12), time(18)),
    ("demain 9h", date(2026, 3, 11), time(9)),
    ("demain soir 6h", date(2026, 3, 11), time(18)),
    ("après-demain midi", date(2026, 3, 12), time(12)),
    ("apres demain", date(2026, 3, 12), None),
    ("aujourd’hui 18h", TODAY, time(18)),
    ("aujourd'hui en huit", TUESDAY, None),
    ("ce soir 8h", TODAY, time(20)),
    ("ce soir", TODAY, None),
    ("hier", date(2026, 3, 9), None),
    ("dans 3 jours", date(2026, 3, 13), None),
    ("dans trois jours à 18h", date(2026, 3, 13), time(18)),
    ("dans 8 jours", TUESDAY, None),
    ("dans quinze jours", date(2026, 3, 24), None),
    ("dans 15 jours à 20h", date(2026, 3, 24), time(20)),
    ("dans une semaine", TUESDAY, None),
    ("dans 2 mois", date(2026, 5, 10), None),
    ("dans 2 heures", TODAY, time(12)),
    ("dans une heure et demie", TODAY, time(11, 30)),
    ("dans 20h", date(2026, 3, 11), time(6)),
    ("18h30", None, EVENING),
    ("à 18", None, time(18)),
    ("18.30", None, EVENING),
    ("18.10", date(2026, 10, 18), None),
    ("à 18.10", None, time(18, 10)),
    ("dix-huit heures trente", None, EVENING),
    ("six heures et demie du soir", None, EVENING),
    ("7 heures moins le quart", None, time(6, 45)),
    ("sept heures", None, time(7)),
    ("midi et demi", None, time(12, 30)),
    ("minuit", None, time(0)),
    ("0h30", None, time(0, 30)),
]
ENGLISH = [
    ("tomorrow at 6pm", date(2026, 3, 11), time(18)),
    ("6 p.m. tomorrow", date(2026, 3, 11), time(18)),
    ("next tuesday 6:30 pm", TUESDAY, EVENING),
    ("Tuesday next week at noon", TUESDAY, time(12)),
    ("this friday at 7 in the evening", date(2026, 3, 13), time(19)),
    ("March 12", date(2026, 3, 12), None),
    ("12th of March 2027", date(2027, 3, 12), None),
    ("the 12th", date(2026, 3, 12), None),
    ("tuesday evening 17th", TUESDAY, None),
    ("05/04", date(2026, 4, 5), None),
    ("in a fortnight", date(2026, 3, 24), None),
    ("in 8 days", date(2026, 3, 18), None),
    ("in an hour", TODAY, time(11)),
    ("tonight at 8", TODAY, time(20)),
    ("half past 6", None, time(6, 30)),
    ("quarter to 7 pm", None, time(18, 45)),
    ("6.10pm", None, time(18, 10)),
    ("12 am", None, time(0)),
    ("12pm", None, time(12)),
]
ARABIC = [
    ("غدا الساعة 6 مساء", date(2026, 3, 11), time(18)),
    ("غدًا الساعة ٦ مساءً", date(2026, 3, 11), time(18)),
    ("الثلاثاء 18:30", TODAY, EVENING),
    ("الثلاثاء ١٨:٣٠", TODAY, EVENING),
    ("يوم الثلاثاء القادم على الساعة السادسة والنصف مساء", TUESDAY, EVENING),
    ("الاربعاء", date(2026, 3, 11), None),
    ("بعد غد", date(2026, 3, 12), None),
    ("بعد 3 أيام", date(2026, 3, 13), None),
    ("بعد أسبوعين", date(2026, 3, 24), None),
    ("بعد ساعة", TODAY, time(11)),
    ("السبت بعد الظهر الساعة 3", date(2026, 3, 14), time(15)),
    ("١٢/٠٣/٢٠٢٧ ١٨:٣٠", date(2027, 3, 12), EVENING),
    ("\u200f١٢ مارس\u200f", date(2026, 3, 12), None),
    ("15\u200f.\u200f03\u200f.2027", date(2027, 3, 15), None),
    ("12 جويلية 18h", date(2026, 7, 12), time(18)),  # Algeria, Tunisia
    ("15 غشت", date(2026, 8, 15), None),  # Morocco
    ("12 آذار", date(2026, 3, 12), None),  # Syria
    ("6 م", None, time(18)),
    ("12 ليلا", None, time(0)),
    ("الظهر", None, time(12)),
]
TURKISH = [
    ("yarın 18:30", date(2026, 3, 11), EVENING),
    ("salı günü saat 18:30'da", TODAY, EVENING),
    ("gelecek SALI", TUESDAY, None),
    ("haftaya perşembe 18.30", date(2026, 3, 19), EVENING),
    ("3 gün sonra", date(2026, 3, 13), None),
    ("İki gün sonra", date(2026, 3, 12), None),
    ("2 saat sonra", TODAY, time(12)),
    ("12 Ağustos", date(2026, 8, 12), None),
    ("akşam 6'da", None, time(18)),
    ("bugün saat 19", TODAY, time(19)),
]
PORTUGUESE = [
    ("amanhã às 18h", date(2026, 3, 11), time(18)),
    ("terça-feira 18h30", TODAY, EVENING),
    ("próxima terça às 6 da tarde", TUESDAY, time(18)),
    ("sexta que vem", date(2026, 3, 13), None),
    ("depois de amanhã ao meio-dia", date(2026, 3, 12), time(12)),
    ("12 de março de 2027 às 18:30", date(2027, 3, 12), EVENING),
    ("daqui a 3 dias", date(2026, 3, 13), None),
    ("dia 12", date(2026, 3, 12), None),
    ("12 dez", date(2026, 12, 12), None),
    ("dez horas", None, time(10)),
    ("8 da noite", None, time(20)),
]
SPANISH = [
    ("mañana a las 6 de la tarde", date(2026, 3, 11), time(18)),
    ("mañana por la mañana a las 9", date(2026, 3, 11), time(9)),
    ("el martes que viene a las 18:30", TUESDAY, EVENING),
    ("martes", TUESDAY, None),
    ("pasado mañana", date(2026, 3, 12), None),
    ("10 mar", TODAY, None),
    ("12 de marzo", date(2026, 3, 12), None),
    ("en ocho días", TUESDAY, None),
    ("a las seis y media", None, time(6, 30)),
]
TYPED = [
    (locale, *case)
    for locale, cases in {
        "fr": FRENCH,
        "en": ENGLISH,
        "ar": ARABIC,
        "tr": TURKISH,
        "pt": PORTUGUESE,
        "es": SPANISH,
    }.items()
    for case in cases
]


@pytest.mark.parametrize(("locale", "text", "day", "hour"), TYPED)
def test_what_people_type(locale, text, day, hour):
    assert read(text, locale) == (day, hour)


@pytest.mark.parametrize(
    ("locale", "text", "day", "hour"),
    [
        ("ar", "mardi 18h30", TODAY, EVENING),
        ("fr", "الثلاثاء 18:30", TODAY, EVENING),
        ("en", "demain 9h", date(2026, 3, 11), time(9)),
        ("fr", "tomorrow at 6pm", date(2026, 3, 11), time(18)),
        ("fr-simple", "mardi 17 mars", TUESDAY, None),
        ("pt_BR", "amanhã", date(2026, 3, 11), None),
    ],
)
def test_people_type_in_another_language_than_their_buttons(locale, text, day, hour):
    assert read(text, locale) == (day, hour)


@pytest.mark.parametrize(
    ("locale", "text", "day", "hour"),
    [
        ("de", "Dienstag 18:30", TODAY, EVENING),
        ("de", "12. März 2027", date(2027, 3, 12), None),
        ("de", "übermorgen 18:30", date(2026, 3, 12), EVENING),
        ("de", "in 3 Tagen", date(2026, 3, 13), None),
        ("ro", "mâine 18:30", date(2026, 3, 11), EVENING),
        ("ru", "завтра 18:30", date(2026, 3, 11), EVENING),
        ("xx", "12/03 18:30", date(2026, 3, 12), EVENING),
    ],
)
def test_a_language_that_has_only_a_catalogue_is_read_as_far_as_it_is_known(locale, text, day, hour):
    assert read(text, locale) == (day, hour)


@pytest.mark.parametrize(("locale", "text"), [("it", "domani alle 18"), ("de", "quatsch"), ("xx", "quux"), ("de", "")])
def test_in_those_languages_nothing_is_left_out_either(locale, text):
    with pytest.raises(NotUnderstood):
        read(text, locale)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "bonjour",
        "réunion mardi 18h",
        "mardi ou mercredi",
        "mardi sauf 17",
        "18h30-20h",
        "12",
        "12 18h",
        "la semaine prochaine",
        "le mois prochain",
        "jusqu'à demain",
        "12 mars 18",
        "mars",
        "<today+1>",
        "demain" + "!" * LONGEST_TEXT,
        "soir",
        "le",
    ],
)
def test_what_is_vague_or_holds_an_unknown_word_is_asked_again(text):
    with pytest.raises(NotUnderstood):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "31/02",
        "31 février",
        "31/02/2027",
        "29/02/2027",
        "31.02",
        "03/25",
        "le 32",
        "0 mars",
        "31/13/2026",
        "mardi 31/02",
    ],
)
def test_days_that_no_calendar_has(text):
    with pytest.raises(ImpossibleDate):
        read(text)


@pytest.mark.parametrize("text", ["25h", "24h", "mardi 18h75", "demain 18:60", "18h du matin", "le 12 mars à 30h"])
def test_times_that_no_clock_shows(text):
    with pytest.raises(ImpossibleDate):
        read(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("mardi 12 mars", date(2026, 3, 12)),
        ("mardi 12/03/2026 18h", date(2026, 3, 12)),
        ("mardi 18", date(2026, 3, 18)),
        ("demain mardi", date(2026, 3, 11)),
    ],
)
def test_a_weekday_that_is_not_the_dates_own_is_pointed_out(text, day):
    with pytest.raises(WrongWeekday) as refused:
        read(text)
    assert refused.value.date == day


def test_a_naive_now_does_as_well():
    assert read("mardi 18h30", now=datetime(2026, 3, 10, 10, 0)) == (TODAY, EVENING)
    assert read("dans 2 heures", now=datetime(2026, 3, 10, 10, 0, 42)) == (TODAY, time(12))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 29, 1, 30, tzinfo=PARIS), time(4, 30)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=PARIS), time(2, 30)),
    ],
)
def test_two_hours_stay_two_hours_in_the_night_of_a_clock_change(now, expected):
    assert read("dans 2 heures", now=now) == (now.date(), expected)


def test_a_day_that_is_past_this_month_and_missing_in_the_next_is_in_the_one_after():
    assert read("le 30", now=datetime(2026, 1, 31, 10))[0] == date(2026, 3, 30)


def test_a_month_later_than_the_31st_is_the_last_day():
    assert read("dans un mois", now=datetime(2026, 1, 31, 10))[0] == date(2026, 2, 28)
    assert read("dans 11 mois", now=datetime(2026, 1, 31, 10))[0] == date(2026, 12, 31)
    assert read("dans 12 mois", now=datetime(2026, 1, 31, 10))[0] == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("18", time(18)),
        ("9", time(9)),
        ("1830", EVENING),
        ("18 30", EVENING),
        ("18.10", time(18, 10)),
        ("18h30", EVENING),
        ("à 18 h 30", EVENING),
        ("6h du soir", time(18)),
        ("midi", time(12)),
        ("٦ مساء", time(18)),
        ("6 PM", time(18)),
    ],
)
def test_a_time_alone(text, hour):
    assert parse_time(text, "fr") == hour


@pytest.mark.parametrize("text", ["demain 9h", "mardi", "", "bonjour", "18h à 20h", "12/03"])
def test_what_is_not_a_time_alone(text):
    with pytest.raises(NotUnderstood):
        parse_time(text, "fr")


@pytest.mark.parametrize("text", ["25", "24:00", "18h75"])
def test_a_time_alone_that_no_clock_shows(text):
    with pytest.raises(ImpossibleDate):
        parse_time(text, "fr")


@pytest.mark.parametrize(
    ("locale", "text", "minutes"),
    [
        ("fr", "1h30", 90),
        ("fr", "1 h 30 min", 90),
        ("fr", "90 min", 90),
        ("fr", "2 heures", 120),
        ("fr", "deux heures", 120),
        ("fr", "une heure et demie", 90),
        ("fr", "1 heure et 30 minutes", 90),
        ("fr", "1,5 h", 90),
        ("fr", "1:30", 90),
        ("fr", "une demi-heure", 30),
        ("fr", "trois quarts d'heure", 45),
        ("en", "an hour", 60),
        ("en", "two hours", 120),
        ("en", "half an hour", 30),
        ("ar", "ساعتين", 120),
        ("ar", "ساعة ونصف", 90),
        ("ar", "٩٠ دقيقة", 90),
        ("tr", "bir buçuk saat", 90),
        ("tr", "2 saat", 120),
        ("tr", "yarım saat", 30),
        ("pt", "duas horas", 120),
        ("pt", "uma hora e meia", 90),
        ("es", "una hora y media", 90),
        ("es", "45 minutos", 45),
    ],
)
def test_how_long(locale, text, minutes):
    assert parse_duration(text, locale) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text", ["90", "0 min", "0h", "", "bonjour", "1h75", "de 18h à 20h", "longtemps", "dans 2 heures"]
)
def test_how_long_is_not_guessed(text):
    with pytest.raises(NotUnderstood):
        parse_duration(text, "fr")


def test_dateparser_is_not_imported_before_somebody_needs_it():
    script = (
        "import sys, datetime; from handlers.typed_dates import parse_moment, NotUnderstood\n"
        "parse_moment('mardi 18h30', 'fr', datetime.datetime(2026, 3, 10))\n"
        "try: parse_moment('bonjour', 'ar', datetime.datetime(2026, 3, 10))\n"
        "except NotUnderstood: pass\n"
        "assert 'dateparser' not in sys.modules and 'aiogram' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
times = st.times().map(lambda t: t.replace(second=0, microsecond=0))
nows = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(PARIS))
languages = st.sampled_from(LANGUAGES)


@given(days, times, nows, languages)
def test_what_babel_writes_in_full_is_read_back(day, hour, now, language):
    text = f"{format_date(day, 'full', locale=language)} {format_time(hour, 'HH:mm', locale=language)}"
    assert read(text, language, now) == (day, hour)


@given(days, times, nows, languages, st.sampled_from("/.-"))
def test_numbers_are_read_day_first_in_every_language(day, hour, now, language, mark):
    assert read(f"{day:%d{mark}%m{mark}%Y} {hour:%Hh%M}", language, now) == (day, hour)


@given(days, nows)
def test_a_day_without_its_year_is_the_next_such_day(day, now):
    found, _ = read(f"{day:%d/%m}", "fr", now)
    assert (found.day, found.month) == (day.day, day.month)
    assert now.date() <= found
    assert (found - now.date()).days < 366 or (day.day, day.month) == (29, 2)


@given(st.integers(1, 31), nows)
def test_a_day_without_its_month_is_the_next_such_day(number, now):
    found, _ = read(f"le {number}", "fr", now)
    assert found.day == number
    assert now.date() <= found < now.date() + timedelta(days=62)


@given(st.sampled_from(["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]), times, nows)
def test_a_weekday_with_its_time_is_the_first_moment_ahead(weekday, hour, now):
    found, _ = read(f"{weekday} {hour:%Hh%M}", "fr", now)
    moment, wall_now = datetime.combine(found, hour), now.replace(tzinfo=None)
    assert format_date(found, "EEEE", locale="fr") == weekday
    assert wall_now < moment <= wall_now + timedelta(days=7)


@given(st.text(max_size=90) | st.text("0123456789h:/.- ٣٥<>", max_size=20), languages, nows)
def test_any_text_is_read_or_refused_and_nothing_else(text, language, now):
    for parse in (parse_time, parse_duration):
        with suppress(NotUnderstood, ImpossibleDate):
            parse(text, language)
    try:
        moment = parse_moment(text, language, now)
    except (NotUnderstood, ImpossibleDate):
        return
    assert moment != TypedMoment(None, None)


WORDS = [
    "mardi",
    "prochain",
    "en",
    "huit",
    "dans",
    "3",
    "31",
    "2027",
    "mars",
    "semaine",
    "mois",
    "jours",
    "heures",
    "h",
]
WORDS += ["18", "et", "demie", "midi", "soir", "le", "à", "1er", ":", "/"]


@given(st.lists(st.sampled_from(WORDS), max_size=7), nows)
def test_any_pile_of_words_is_read_or_refused_and_nothing_else(words, now):
    with suppress(NotUnderstood, ImpossibleDate):
        parse_moment(" ".join(words), "fr", now)
