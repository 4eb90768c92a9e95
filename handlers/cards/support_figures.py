"""Figures of a period: chosen by buttons, five lines in the chat, a picture and a workbook as files."""

from datetime import date

from babel.numbers import format_percent

from council.support_figures import Dates, FigureFile, Figures, SupportFigures, Times
from handlers.buttons import Forged, Press, press
from handlers.cards.card import Button, Card, Lines, Media, MediaKind, bold, grid
from handlers.cards.home import home_button
from handlers.cards.month import month_rows, months_of
from locales.sentences import sentence
from locales.translator import Translator

_MONTHS, _MINUTES = 12, 60


def _day(ordinal: int) -> date:
    try:
        return date.fromordinal(ordinal)
    except (ValueError, OverflowError) as error:
        raise Forged(ordinal) from error


@press("fig")
class FiguresPress(Press):
    """The figures between two days, as ordinals; None: of this month."""

    first: int | None
    last: int | None

    @property
    def dates(self) -> Dates | None:
        """Raises Forged and PeriodUpsideDown."""
        return None if self.first is None or self.last is None else Dates(_day(self.first), _day(self.last))


@press("figp")
class PeriodsPress(Press):
    """Which period?"""


@press("figd")
class ChooseDatesPress(Press):
    """A page of the calendar (months since year 0); the first day, once it is chosen."""

    months: int
    first: int | None

    @property
    def month(self) -> date:
        """Raises Forged."""
        try:
            return date(self.months // _MONTHS, self.months % _MONTHS + 1, 1)
        except (ValueError, OverflowError) as error:
            raise Forged(self.months) from error

    @property
    def first_day(self) -> date | None:
        """Raises Forged."""
        return None if self.first is None else _day(self.first)


@press("figf")
class FigureFilePress(Press):
    """The figures as a file."""

    file: FigureFile
    first: int
    last: int

    @property
    def dates(self) -> Dates:
        """Raises Forged and PeriodUpsideDown."""
        return Dates(_day(self.first), _day(self.last))


def figures_card(say: Translator, figures: SupportFigures, back: Press) -> Card:
    of_all, dates = figures.everything, figures.dates
    words = Lines().add(
        bold(say("⏱ Du {first} au {last}", first=say.short_date(dates.first), last=say.date(dates.last))),
        say.plural("{n} demande", "{n} demandes", of_all.asked),
        say("Première réponse : {times}", times=_times(say, of_all.answered)),
        say("Travail terminé : {times}", times=_times(say, of_all.carried_out)),
        _solved(say, of_all),
        say("Ce sont des heures de travail."),
    )
    first, last = dates.first.toordinal(), dates.last.toordinal()
    files: tuple[Button, ...] = (
        Button(say.plain("📊 Image"), FigureFilePress(FigureFile.CHART, first, last)),
        Button(say.plain("📄 Tableau"), FigureFilePress(FigureFile.SHEET, first, last)),
    )
    period = Button(say.plain("📅 Autre période"), PeriodsPress())
    rows = (files, (period,)) if of_all.asked else ((period,),)
    return Card(words.text, (*rows, (Button(say.plain("Retour"), back), home_button(say))))


_SPANS = {
    "month": sentence("Ce mois-ci"),
    "last_month": sentence("Le mois dernier"),
    "quarter": sentence("Ce trimestre"),
    "year": sentence("L’année du programme"),
}


def periods_card(say: Translator, spans: dict[str, Dates], today: date) -> Card:
    """`spans`: the periods of council.support_figures.Span."""
    buttons = [
        Button(say.plain(_SPANS[name]), FiguresPress(dates.first.toordinal(), dates.last.toordinal()))
        for name, dates in spans.items()
    ]
    choose = Button(say.plain("📅 Choisir les dates"), ChooseDatesPress(months_of(today), None))
    back = Button(say.plain("Retour"), FiguresPress(None, None))
    words = Lines().add(bold(say("⏱ Délais")), say("De quelle période ?"))
    return Card(words.text, (*grid(buttons, 2), (choose,), (back, home_button(say))))


def dates_card(say: Translator, month: date, first: date | None, earliest: date, today: date) -> Card:
    """The calendar, twice: the first day, then the last; from the programme's first day to today."""
    words = Lines().add(bold(say("⏱ Délais")))
    if first is None:
        words.add(say("Quel est le premier jour ?"))
    else:
        words.add(say("À partir du {day}.", day=say.date(first)), say("Quel est le dernier jour ?"))
    month = min(max(month, (first or earliest).replace(day=1)), today.replace(day=1))
    begins = first or earliest
    ordinal = first.toordinal() if first else None
    days = month_rows(
        say,
        month,
        begins,
        today,
        lambda day: _day_press(day, first) if begins <= day <= today else None,
        lambda months: ChooseDatesPress(months, ordinal),
    )
    return Card(words.text, (*days, (Button(say.plain("Retour"), PeriodsPress()), home_button(say))))


def chart_card(say: Translator, figures: SupportFigures, picture: bytes) -> Card:
    return _file_card(say, figures, Media(MediaKind.PHOTO, content=picture, file_name="demandes.png"))


def sheet_card(say: Translator, figures: SupportFigures, sheet: bytes) -> Card:
    name = f"demandes-{figures.dates.first}-{figures.dates.last}.xlsx"
    return _file_card(say, figures, Media(MediaKind.DOCUMENT, content=sheet, file_name=name))


def span_words(say: Translator, minutes: float | None) -> str:
    """A working time, bare: « 45 min », « 2 h », « 2 h 15 »; a dash of too few."""
    if minutes is None:
        return "–"
    hours, rest = divmod(round(minutes), _MINUTES)
    if not hours:
        return say.plain("{minutes} min", minutes=say.number(rest))
    if not rest:
        return say.plain("{hours} h", hours=say.number(hours))
    return say.plain("{hours} h {minutes}", hours=say.number(hours), minutes=f"{rest:02}")


def _file_card(say: Translator, figures: SupportFigures, media: Media) -> Card:
    dates = figures.dates
    words = say("Les demandes, du {first} au {last}", first=say.date(dates.first), last=say.date(dates.last))
    return Card(words, media=media)


def _times(say: Translator, times: Times) -> str:
    """Median and 90th percentile in words that all know, bare."""
    if times.median is None:
        return "–"
    return say.plain(
        "une sur deux en {usual}, neuf sur dix en {slow}",
        usual=span_words(say, times.median),
        slow=span_words(say, times.slow),
    )


def _solved(say: Translator, figures: Figures) -> str:
    """The share of those who said « résolu »; why there is none, of too few."""
    judged = say.plural("{n} avis", "{n} avis", figures.judged)
    if not figures.judged:
        return say("Résolues : personne n’a encore donné son avis.")
    if figures.solved_share is None:
        return say("Résolues : {n}, c’est trop peu pour compter.", n=judged)
    return say("Résolues : {share}, sur {n}", share=format_percent(figures.solved_share, locale=say.locale), n=judged)


def _day_press(day: date, first: date | None) -> Press:
    if first is None:
        return ChooseDatesPress(months_of(day), day.toordinal())
    return FiguresPress(first.toordinal(), day.toordinal())
