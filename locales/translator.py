"""Text for people, in their language: sentences, plurals, dates and numbers of a locale.

French is the reference: a sentence stands in the code in French, and every catalogue (fr included, for its plurals)
answers for it. Catalogues are read from their .po at start: no build step, and no .mo that could be stale.
"""

import gettext
import io
import re
import unicodedata
from collections.abc import Sequence
from datetime import date as day_date
from datetime import datetime, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time, get_timezone
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from markupsafe import Markup, escape

CATALOGUES = Path(__file__).parent
REFERENCE = "fr"
# First-strong isolate: a name, a code or a number keeps its own direction inside a right-to-left sentence.
ISOLATE, END_ISOLATE = "\u2068", "\u2069"


def isolated(words: str) -> str:
    """`words` of people as they stand inside a line of French: what runs the other way keeps its order."""
    runs_left = any(unicodedata.bidirectional(each) in ("R", "AL") for each in words)
    return f"{ISOLATE}{words}{END_ISOLATE}" if runs_left else words


@cache
def available_languages() -> tuple[str, ...]:
    """Languages that have a catalogue; the reference first."""
    found = sorted(path.parent.parent.name for path in CATALOGUES.glob("*/LC_MESSAGES/messages.po"))
    return (REFERENCE, *(each for each in found if each != REFERENCE))


def choose_language(asked: str | None, offered: tuple[str, ...]) -> str:
    """The offered language nearest to a Telegram language_code ("pt-br" → "pt"); the reference when there is none."""
    short = (asked or "").lower().replace("_", "-").split("-")[0]
    return short if short in offered else REFERENCE


# Dates and times as they are written in Europe: "Thursday, 12 March 2026", 17:30, weeks that begin on Monday.
_REGIONS = {"en": "en_GB"}
_TIMES = {"ar": "HH:mm"}
# A slash command inside right-to-left text: without the mark its slash would stand at the wrong end.
_COMMAND = re.compile(r"(?<![\w/<>:])/(?=[a-z])")
LEFT_TO_RIGHT = "\u200e"


class Translator:
    """Speaks one language. Called with a French sentence and its blanks: `say("Bonjour {name}", name=…)`."""

    def __init__(self, language: str, timezone: tzinfo | None = None) -> None:
        self.language = language
        self.locale = Locale.parse(_REGIONS.get(language, language))
        self.timezone = timezone or get_timezone("Europe/Paris")
        self.is_rtl = self.locale.text_direction == "rtl"
        self._catalogue = _catalogue(language)
        self._templates: dict[str, Markup] = {}

    def __call__(self, sentence: str, **blanks: Any) -> Markup:
        """The sentence in this language, as safe HTML: blanks are escaped unless they are Markup already."""
        return self._fill(self._catalogue.gettext(sentence), blanks)

    def plural(self, one: str, many: str, n: int, **blanks: Any) -> Markup:
        """The sentence for `n`, which also fills the blank {n}."""
        return self._fill(self._catalogue.ngettext(one, many, n), {"n": self.number(n), **blanks})

    def plain(self, sentence: str, **blanks: Any) -> str:
        """The sentence as bare text, for buttons, toasts, file names and calendar files."""
        return str(self(sentence, **blanks).unescape())

    def date(self, moment: datetime | day_date) -> str:
        """In full, "mardi 12 mars 2026", "lundi 1er juin 2026", in the programme's time zone."""
        day = moment.astimezone(self.timezone).date() if isinstance(moment, datetime) else moment
        return _written(day, self._first_in_french("EEEE d MMMM y", day) or "full", self.locale)

    def short_date(self, moment: datetime | day_date) -> str:
        """For buttons and lists: "mar. 12 mars"."""
        day = moment.astimezone(self.timezone).date() if isinstance(moment, datetime) else moment
        return _written(day, self._first_in_french("EEE d MMM", day) or "EEE d MMM", self.locale)

    def day(self, moment: datetime, *, with_year: bool = False) -> str:
        """Inside a sentence: "12 mars", "1er juin 2027", in the programme's time zone."""
        day = moment.astimezone(self.timezone).date()
        pattern = "d MMMM y" if with_year else "d MMMM"
        return _written(day, self._first_in_french(pattern, day) or pattern, self.locale)

    def weekday(self, moment: datetime | day_date) -> str:
        """Its name alone, "mardi", in the programme's time zone."""
        day = moment.astimezone(self.timezone).date() if isinstance(moment, datetime) else moment
        return _written(day, "EEEE", self.locale)

    def time(self, moment: datetime) -> str:
        """In French "18 h 30", the locale's short time elsewhere; in the programme's time zone."""
        local = moment.astimezone(self.timezone)
        if self.language == REFERENCE:
            return f"{local.hour}\u00a0h" + (f"\u00a0{local.minute:02}" if local.minute else "")
        return format_time(local, _TIMES.get(self.language, "short"), tzinfo=self.timezone, locale=self.locale)

    def moment(self, moment: datetime) -> str:
        """As one says it: "mardi 12 mars 2026 à 18 h 30"."""
        return self.plain("{date} à {time}", date=self.date(moment), time=self.time(moment))

    def number(self, value: int | float) -> str:
        return format_decimal(value, locale=self.locale)

    def enumeration(self, items: Sequence[str]) -> str:
        """All in one breath: "A, B et C"."""
        return format_list(list(items), locale=self.locale)

    def _first_in_french(self, pattern: str, day: day_date) -> str | None:
        """The pattern for a first of the month in French, which is « le 1er » and no « 1 »; Babel does not know."""
        return pattern.replace("d", "d'er'") if self.language == REFERENCE and day.day == 1 else None

    def _fill(self, sentence: str, blanks: dict[str, Any]) -> Markup:
        template = self._templates.get(sentence)
        if template is None:
            template = self._templates[sentence] = self._template(sentence)
        if not blanks and "{" not in template:
            return template
        return template.format(**{name: self._isolated(value) for name, value in blanks.items()})

    def _template(self, sentence: str) -> Markup:
        """Of a sentence of the catalogue: made once for each, since a card asks for twenty."""
        return escape(_COMMAND.sub(f"{LEFT_TO_RIGHT}/", sentence) if self.is_rtl else sentence)

    def _isolated(self, value: Any) -> Any:
        if not self.is_rtl:
            return value
        return Markup(ISOLATE + "{}" + END_ISOLATE).format(value)


@cache
def translator(language: str, timezone_name: str = "Europe/Paris") -> Translator:
    """The translator of a language, made once."""
    return Translator(language, get_timezone(timezone_name))


@lru_cache(maxsize=2_000)
def _written(day: day_date, pattern: str, locale: Locale) -> str:
    """Kept: everybody reads the same few days, and Babel takes a day apart anew each time."""
    return format_date(day, pattern, locale=locale)


@cache
def _catalogue(language: str) -> gettext.GNUTranslations:
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
