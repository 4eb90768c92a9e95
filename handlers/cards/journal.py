"""The journal on one screen: five lines, the buttons that choose among them, and the file."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from markupsafe import Markup

from council.journal import JournalKind, JournalLine, JournalPage, JournalPeriod, Somebody, Sought
from documents.journal_words import KINDS, act_words, somebody_words, what_words, who_words
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Media, MediaKind, bold, grid, italic, shorten
from handlers.cards.home import home_button
from handlers.cards.pages import page_of, page_row
from locales.sentences import sentence
from locales.translator import Translator

A_PAGE = 5
_PEOPLE_A_PAGE = 8
_NAME_LIMIT, _WHAT_LIMIT = 30, 60

_PERIODS: dict[JournalPeriod, str] = {
    JournalPeriod.TODAY: sentence("Aujourd’hui"),
    JournalPeriod.WEEK: sentence("7 jours"),
    JournalPeriod.MONTH: sentence("30 jours"),
    JournalPeriod.ALL: sentence("Depuis le début"),
}


class JournalChoice(StrEnum):
    """By what the lines are chosen."""

    KIND = "k"
    PERSON = "p"
    PERIOD = "d"


@press("jn")
class JournalPress(Press):
    """The lines before that one, or after; neither: the latest."""

    kind: JournalKind | None
    person: int | None
    period: JournalPeriod
    before: int | None
    after: int | None

    @property
    def sought(self) -> Sought:
        return Sought(self.kind, self.person, self.period)


@press("jnc")
class JournalChoicePress(Press):
    """Asks for another choice; the others stand."""

    choice: JournalChoice
    kind: JournalKind | None
    person: int | None
    period: JournalPeriod
    page: int

    @property
    def sought(self) -> Sought:
        return Sought(self.kind, self.person, self.period)


@press("jnf")
class JournalTablePress(Press):
    """The chosen lines as a file."""

    kind: JournalKind | None
    person: int | None
    period: JournalPeriod

    @property
    def sought(self) -> Sought:
        return Sought(self.kind, self.person, self.period)


LATEST = JournalPress(None, None, JournalPeriod.ALL, None, None)


def journal_button(say: Translator) -> Button:
    return Button(say.plain("📖 Journal"), LATEST)


def journal_card(say: Translator, page: JournalPage, sought: Sought, today: date, back: Press) -> Card:
    words = Lines().add(bold(_title(say, sought, page.person)))
    words.add_all(_line(say, each, today) for each in page.lines)
    if not page.lines:
        words.add(say("Rien pour l’instant."))
    turning = []
    if page.newer:
        turning.append(Button(say.plain("◀ Plus récent"), _at(sought, after=page.lines[0].id)))
    if page.older:
        turning.append(Button(say.plain("Plus ancien ▶"), _at(sought, before=page.lines[-1].id)))
    choices = tuple(Button(say.plain(label), _asking(sought, choice)) for choice, label in _CHOICES.items())
    table = Button(say.plain("📄 Recevoir en tableau"), JournalTablePress(sought.kind, sought.person_id, sought.period))
    rows = (tuple(turning), choices, (table,) if page.lines else ())
    return Card(words.text, (*filter(None, rows), (Button(say.plain("Retour"), back), home_button(say))))


_CHOICES: dict[JournalChoice, str] = {
    JournalChoice.KIND: sentence("📂 Sujet"),
    JournalChoice.PERSON: sentence("👤 Qui"),
    JournalChoice.PERIOD: sentence("📅 Quand"),
}


def kinds_card(say: Translator, sought: Sought) -> Card:
    offered = [(None, say.plain("Tous les sujets")), *((each, say.plain(KINDS[each])) for each in KINDS)]
    buttons = [
        _chosen(label, each is sought.kind, JournalPress(each, sought.person_id, sought.period, None, None))
        for each, label in offered
    ]
    return _choice_card(say, say("Quel sujet ?"), grid(buttons, 2), sought)


def periods_card(say: Translator, sought: Sought) -> Card:
    buttons = [
        _chosen(say.plain(label), each is sought.period, JournalPress(sought.kind, sought.person_id, each, None, None))
        for each, label in _PERIODS.items()
    ]
    return _choice_card(say, say("Depuis quand ?"), grid(buttons, 2), sought)


def people_card(say: Translator, people: Sequence[Somebody], page: int, sought: Sought) -> Card:
    """Who is of the team, or was; on top, everybody: the residents too."""
    offered = [(None, say.plain("Tout le monde")), *((each.person_id, _name(say, each)) for each in people)]
    shown, page, last = page_of(offered, page, _PEOPLE_A_PAGE)
    buttons = [
        _chosen(label, each == sought.person_id, JournalPress(sought.kind, each, sought.period, None, None))
        for each, label in shown
    ]
    turning = page_row(page, last, lambda to: _asking(sought, JournalChoice.PERSON, to), say)
    return _choice_card(say, say("Qui, dans l’équipe ?"), (*grid(buttons, 2), *turning), sought)


def table_card(say: Translator, sought: Sought, person: Somebody | None, table: bytes, day: date, cut_at: int) -> Card:
    """`cut_at`: how many lines the file holds when older ones were left out; else 0."""
    words = Lines().add(bold(_title(say, sought, person)))
    if cut_at:
        words.add(say("Il y a plus de {n} lignes. Voici les plus récentes.", n=say.number(cut_at)))
    name = f"journal-{day}.xlsx"
    return Card(words.text, media=Media(MediaKind.DOCUMENT, content=table, file_name=name))


def _title(say: Translator, sought: Sought, person: Somebody | None) -> Markup:
    """With what the lines are limited to."""
    limits = [say.plain(KINDS[sought.kind])] if sought.kind is not None else []
    if person is not None:
        limits.append(_name(say, person))
    if sought.period is not JournalPeriod.ALL:
        limits.append(say.plain(_PERIODS[sought.period]))
    return say("📖 Journal : {limits}", limits=", ".join(limits)) if limits else say("📖 Journal")


def _line(say: Translator, line: JournalLine, today: date) -> Markup:
    who = bold(shorten(who_words(say, line), _NAME_LIMIT))
    words = act_words(say, line, who=who, what=shorten(what_words(say, line), _WHAT_LIMIT))
    return say("{when} : {words}", when=italic(_when(say, line.at, today)), words=words)


def _when(say: Translator, moment: datetime, today: date) -> str:
    """Of another year with the year."""
    is_this_year = moment.astimezone(say.timezone).year == today.year
    day = say.short_date(moment) if is_this_year else say.day(moment, with_year=True)
    return say.plain("{day} à {time}", day=day, time=say.time(moment))


def _name(say: Translator, somebody: Somebody) -> str:
    return shorten(somebody_words(say, somebody), _NAME_LIMIT)


def _at(sought: Sought, *, before: int | None = None, after: int | None = None) -> JournalPress:
    return JournalPress(sought.kind, sought.person_id, sought.period, before, after)


def _asking(sought: Sought, choice: JournalChoice, page: int = 0) -> JournalChoicePress:
    return JournalChoicePress(choice, sought.kind, sought.person_id, sought.period, page)


def _chosen(label: str, is_chosen: bool, to: Press) -> Button:
    return Button(("✓ " if is_chosen else "") + label, to)


def _choice_card(say: Translator, question: Markup, rows: Sequence[tuple[Button, ...]], sought: Sought) -> Card:
    back = Button(say.plain("Retour"), _at(sought))
    return Card(Lines().add(bold(say("📖 Journal")), question).text, (*rows, (back, home_button(say))))
