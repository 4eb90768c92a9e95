"""What a person types about time, read as a local date, time or duration.

Typed words are put into marks by typed_vocabulary.py, then read by one strict grammar: each word must be understood, or
nothing is. A wrong date on an announcement costs more than one more question. Days come before months everywhere.

dateparser reads only words like "übermorgen" in languages that we hold no words for. In ours it errs without a sign:
« demain 9h » gives 19:00, « samedi en huit » the 8th, "amanhã às 18h" 4:00 two days later, and it may leave out what it
does not know.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from council.errors import Refusal
from handlers.typed_vocabulary import LANGUAGES, levelled, vocabulary

LONGEST_TEXT = 80
"""Characters. Whoever writes more is telling something else."""

_DAY = dt.timedelta(days=1)


class NotUnderstood(Refusal):
    """No date, time or duration could be read."""


class ImpossibleDate(Refusal):
    """Read well, but no calendar or clock has it: 31/02, 25 h."""


class WrongWeekday(ImpossibleDate):
    """The weekday typed is not that of the date typed. `date` is the date, whose weekday the person may have meant."""

    def __init__(self, date: dt.date) -> None:
        super().__init__(date)
        self.date = date


@dataclass(frozen=True)
class TypedMoment:
    """What was typed, local to the person; None for what was not. Never both None."""

    date: dt.date | None
    time: dt.time | None


def parse_moment(text: str, locale: str, today_local: dt.datetime) -> TypedMoment:
    """A date, a time of day, or both.

    `today_local` is now on the person's clock, aware or naive. A weekday is the next one after now: today only when a
    time still ahead is typed with it. A day without its year, or without its month, is the next such day, today
    included. What is past and says so (a year, « hier », a time of today) is given back as it is.

    Raises:
        NotUnderstood: a word, or how they stand together, is unknown or says several things.
        ImpossibleDate: 31/02, 25 h; WrongWeekday when weekday and date contradict each other.
    """
    plain = _short(text)
    for language in _languages_to_try(locale):
        try:
            return _moment(vocabulary(language).marked(plain), today_local)
        except NotUnderstood:
            continue
    return _moment_in_another_language(plain, locale, today_local)


def parse_time(text: str, locale: str) -> dt.time:
    """A time of day and nothing else; here a bare "18", "1830" or "18.10" is one.

    Raises:
        NotUnderstood: no time, or more than a time.
        ImpossibleDate: no clock shows it.
    """
    plain = _short(text)
    if bare := re.fullmatch(r"(\d{1,2})(?:[ .-]?([0-5]\d))?", plain):
        return _clock(int(bare[1]), int(bare[2] or 0))
    for language in _languages_to_try(locale):
        time, rest = _take_time(vocabulary(language).marked(plain))
        if time is not None and not rest:
            return time
    raise NotUnderstood


def parse_duration(text: str, locale: str) -> dt.timedelta:
    """Hours and minutes, with their unit: a bare number says neither.

    Raises:
        NotUnderstood: no duration, none at all (0 min), or more than a duration.
    """
    plain = _short(text)
    for language in _languages_to_try(locale):
        length = _duration(vocabulary(language).marked(plain))
        if length:
            return length
    raise NotUnderstood


def _short(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise NotUnderstood
    return levelled(text)


def _languages_to_try(locale: str) -> list[str]:
    """The person's own first. All the others follow: many keep the interface in one language and type in another."""
    return list(dict.fromkeys((_language_of(locale), *LANGUAGES)))


def _language_of(locale: str) -> str:
    return re.split("[-_]", locale)[0].lower()


def _moment(marked: str, today_local: dt.datetime) -> TypedMoment:
    if (wait := _wait(marked)) is not None:
        then = _after_a_wait(today_local, wait)
        return TypedMoment(then.date(), then.time().replace(second=0, microsecond=0))
    time, rest = _take_time(marked)
    date = _date(rest, today_local, time) if rest else None
    if date is None and time is None:
        raise NotUnderstood
    return TypedMoment(date, time)


# Durations and waits: « 1 h 30 », « dans une heure et demie »

_QUARTERS = {"quarter": 15, "half": 30, "lessquarter": -15}
_DURATION = re.compile(
    r"(?:(?P<hours>\d{1,3}(?:\.\d{1,2})?) )?(?P<half><half> )?<hour>"
    r"(?: (?:<(?P<quarters>half|quarter)>|(?P<rest>[0-5]?\d)(?: <minute>)?))?"
    r"|(?P<clock>\d{1,2}):(?P<clock_rest>[0-5]\d)"
    r"|(?P<minutes>\d{1,4}) <minute>"
)


def _duration(marked: str) -> dt.timedelta | None:
    found = _DURATION.fullmatch(marked)
    if found is None:
        return None
    one_hour = 0 if found["clock"] or found["minutes"] else 1  # "an hour" has no number
    hours = float(found["hours"] or found["clock"] or one_hour)
    minutes = int(found["rest"] or found["clock_rest"] or found["minutes"] or 0)
    quarters = _QUARTERS.get("half" if found["half"] else found["quarters"] or "", 0)
    return dt.timedelta(hours=hours, minutes=minutes + quarters)


def _wait(marked: str) -> dt.timedelta | None:
    """« Dans 2 heures », "2 saat sonra": from now on."""
    if "<in>" not in (marked.partition(" ")[0], marked.rpartition(" ")[2]):
        return None
    return _duration(marked.removeprefix("<in>").removesuffix("<in>").strip())


def _after_a_wait(today_local: dt.datetime, wait: dt.timedelta) -> dt.datetime:
    if today_local.tzinfo is None:
        return today_local + wait
    # Through UTC: two hours stay two hours in the night when the clock changes.
    return (today_local.astimezone(dt.UTC) + wait).astimezone(today_local.tzinfo)


# Times of day

_PART_OF_DAY = r"<(am|pm|morning|night)>"
_AT = r"(?:(?:<at>|<hour>) )?"
_START = r"(?<![\d./:-])"
_END = r"(?![\d./:-])(?! <(?:month:|days|weeks|months|hour))(?! <the>(?! \d| <weekday))"  # no date goes on from here
_QUARTER = r"<(?P<quarters>half|quarter|lessquarter)>"
_H, _M = r"(?P<h>\d\d?)", r"(?P<m>\d\d?)"
_CLOCK_FORMS = [
    re.compile(form)
    for form in (
        rf"{_AT}<(?P<twelve>noon|midnight)>(?: (?:{_QUARTER}|{_M}{_END}))?",
        rf"{_AT}{_START}{_H}:(?P<m>\d\d)(?::\d\d)?(?![\d:])(?: <hour>)?",
        rf"{_AT}{_START}{_H} <hour>(?: (?:{_QUARTER}|{_M}{_END}(?: <minute>)?))?",
        rf"{_AT}{_START}{_H} {_QUARTER}",
        rf"{_AT}{_QUARTER} {_H}{_END}",
        # « Le 12 au soir » is a day; « 6 du soir » an hour.
        rf"(?<!<the> ){_AT}{_START}{_H}(?:\.(?P<m>\d\d))? {_PART_OF_DAY}",
        rf"{_PART_OF_DAY} {_AT}{_H}(?:\.(?P<m>\d\d))?{_END}",
        rf"<(?:at|hour)> {_H}(?:\.(?P<m>\d\d))?{_END}",
        # « 18.30 » but not « 18.10 »: there is no 30th month.
        rf"{_START}{_H}\.(?P<m>00|1[3-9]|[2-9]\d)(?![\d.])",
    )
]


def _take_time(marked: str) -> tuple[dt.time | None, str]:
    """The time of day, and what is left of the text. « Mardi soir » has none: evenings begin when people say."""
    part = re.search(_PART_OF_DAY, marked)
    found = next(filter(None, (form.search(marked) for form in _CLOCK_FORMS)), None)
    rest = f"{marked[: found.start()]} {marked[found.end() :]}" if found else marked
    rest = " ".join(re.sub(_PART_OF_DAY, " ", rest).split())
    return (_time_of_day(found.groupdict(), part[1] if part else "") if found else None), rest


def _time_of_day(found: dict[str, str | None], part: str) -> dt.time:
    quarters = _QUARTERS.get(found.get("quarters") or "", 0)
    minute = int(found.get("m") or 0)
    if twelve := found.get("twelve"):
        return _clock(12 if twelve == "noon" else 0, minute, quarters)
    return _clock(_on_24_hours(int(found.get("h") or 0), part), minute, quarters)


def _on_24_hours(hour: int, part: str) -> int:
    if part in {"am", "morning"} and hour > 12:
        raise ImpossibleDate
    if (part == "pm" and hour < 12) or (part == "night" and 6 <= hour < 12):
        return hour + 12
    return 0 if part in {"am", "night"} and hour == 12 else hour


def _clock(hour: int, minute: int, quarters: int = 0) -> dt.time:
    if hour > 23 or minute > 59:
        raise ImpossibleDate
    hour, minute = divmod(hour * 60 + minute + quarters, 60)
    return dt.time(hour % 24, minute)


# Days

_ONE_DAY_OF_THE_YEAR = [
    re.compile(form)
    for form in (
        r"(?P<d>\d\d?) <month:(?P<m>\d+)>(?: (?P<y>\d{4}))?(?: <next>)?",
        r"<month:(?P<m>\d+)> (?P<d>\d\d?)(?: (?P<y>\d{4}))?",
        r"(?P<d>\d\d?)(?P<sep>[./-])(?P<m>\d\d?)(?:(?P=sep)(?P<y>\d{4}|\d\d))?",
        r"(?P<y>\d{4})(?P<sep>[./-])(?P<m>\d\d?)(?P=sep)(?P<d>\d\d?)",
    )
]
_NEXT_WEEK = {"<weeks> <next>", "<next> <weeks>"}


def _date(marked: str, today_local: dt.datetime, time: dt.time | None) -> dt.date:
    has_article = "<the>" in marked
    phrase = " ".join(marked.replace("<the>", " ").split())
    today = today_local.date()
    named = re.search(r"<weekday:(\d)>", phrase)
    if named is None:
        return _day(phrase, today, has_article)
    weekday = int(named[1])
    around = " ".join((phrase[: named.start()] + phrase[named.end() :]).split())
    still_ahead_today = time is not None and time > today_local.time()
    if (day := _weekday(weekday, around, today, still_ahead_today)) is not None:
        return day
    day = _day(around, today, has_article=True)
    if day.isoweekday() != weekday:
        raise WrongWeekday(day)
    return day


def _weekday(weekday: int, around: str, today: dt.date, still_ahead_today: bool) -> dt.date | None:
    """The day that a weekday (Monday is 1) means with the words around it; None when they name a date of their own."""
    days_ahead = (weekday - today.isoweekday()) % 7
    following = today + (days_ahead or 7) * _DAY
    if around == "":
        return today if days_ahead == 0 and still_ahead_today else following
    if around in _NEXT_WEEK:
        return today + (7 + weekday - today.isoweekday()) * _DAY
    shifts = {"<next>": 0, "<then+7>": 7, "<then+14>": 14, "<last>": -14 if days_ahead == 0 else -7}
    return following + shifts[around] * _DAY if around in shifts else None


def _day(phrase: str, today: dt.date, has_article: bool) -> dt.date:
    for form in _ONE_DAY_OF_THE_YEAR:
        if found := form.fullmatch(phrase):
            return _day_of_the_year(int(found["d"]), int(found["m"]), found["y"], today)
    if found := re.fullmatch(r"<today([+-]\d)>(?: <then\+(\d+)>)?", phrase):
        return today + (int(found[1]) + int(found[2] or 0)) * _DAY
    if found := re.fullmatch(r"<in>(?: (\d{1,3}))? <(days|weeks|months)>", _in_first(phrase)):
        return _later(today, int(found[1] or 1), found[2])
    if found := re.fullmatch(r"(\d\d?) (?:<months> <next>|<next> <months>)", phrase):
        first_of_next_month = _later(today.replace(day=1), 1, "months")
        return _calendar_date(first_of_next_month.year, first_of_next_month.month, int(found[1]))
    found = re.fullmatch(r"(<days> )?(\d\d?)", phrase)
    if found and (has_article or found[1]):  # a bare « 12 » may be an hour
        return _next_day_numbered(int(found[2]), today)
    raise NotUnderstood


def _day_of_the_year(day: int, month: int, year: str | None, today: dt.date) -> dt.date:
    if year is not None:
        return _calendar_date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    candidates = (_date_or_none(today.year + ahead, month, day) for ahead in range(9))  # 29 February may skip 8 years
    return _first_from(today, candidates)


def _next_day_numbered(day: int, today: dt.date) -> dt.date:
    # Past in this month, missing in the next: no later than the one after, for no two short months follow each other.
    months = (_later(today.replace(day=1), ahead, "months") for ahead in range(3))
    return _first_from(today, (_date_or_none(month.year, month.month, day) for month in months))


def _first_from(today: dt.date, candidates: Iterable[dt.date | None]) -> dt.date:
    for candidate in candidates:
        if candidate is not None and candidate >= today:
            return candidate
    raise ImpossibleDate


def _in_first(phrase: str) -> str:
    """Turkish counts first: "3 gün sonra" is « dans 3 jours »."""
    return f"<in> {phrase.removesuffix(' <in>')}" if phrase.endswith(" <in>") else phrase


def _later(day: dt.date, count: int, unit: str) -> dt.date:
    if unit != "months":
        return day + count * (7 if unit == "weeks" else 1) * _DAY
    years, month = divmod(day.month - 1 + count, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return dt.date(day.year + years, month + 1, min(day.day, last))


def _calendar_date(year: int, month: int, day: int) -> dt.date:
    date = _date_or_none(year, month, day)
    if date is None:
        raise ImpossibleDate
    return date


def _date_or_none(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


# Other languages


def _moment_in_another_language(plain: str, locale: str, today_local: dt.datetime) -> TypedMoment:
    """Times by our own grammar, the day by dateparser."""
    language = _language_of(locale)
    if language in LANGUAGES:
        raise NotUnderstood
    time, words = _take_time(vocabulary(language).marked(plain))
    return TypedMoment(_day_by_dateparser(words, language, today_local), time)


def _day_by_dateparser(words: str, language: str, today_local: dt.datetime) -> dt.date:
    import dateparser  # slow: 0.2 s and 17 MB, for the few who need it

    now = today_local.replace(tzinfo=None)
    settings = {"RELATIVE_BASE": now, "PREFER_DATES_FROM": "future", "PARSERS": ["relative-time"]}
    try:
        found: dt.datetime | None = dateparser.parse(words, languages=[language], settings=settings) if words else None
    except ValueError as unknown_language:
        raise NotUnderstood from unknown_language
    if found is None:
        raise NotUnderstood
    days_ahead = (found.date() - now.date()).days
    # "domani alle 18" comes back as tomorrow, its 18 left out without a word: each number must be in the answer.
    if not {int(number) for number in re.findall(r"\d+", words)} <= {days_ahead, days_ahead // 7}:
        raise NotUnderstood
    return found.date()
