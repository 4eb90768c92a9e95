"""The team's queue on one card: shelves as tabs, filters, and a button for each request."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from council.support_views import COUNTED, NO_COUNCIL, QueueFilter, QueuePage, QueueRow, Shelf
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, grid, shorten
from handlers.cards.home import home_entry, home_row
from handlers.cards.pages import page_of, page_row
from handlers.cards.request import OpenRequestPress
from handlers.cards.request_words import NAME_LIMIT, name_of
from handlers.cards.support_words import kind_words, near_moment, state_words
from handlers.cards.team import who_sees_team
from locales.sentences import sentence
from locales.translator import Translator
from storage.support import OPEN, SupportKind, SupportState

A_PAGE, CHOICES_A_PAGE = 6, 8
_LABEL_LIMIT = 40
_Rows = tuple[tuple[Button, ...], ...]


class FilterBy(StrEnum):
    """What a filter asks for."""

    COUNCIL = "c"
    KIND = "k"
    STATE = "s"


@press("rqs")
class QueuePress(Press):
    """One page of the queue, with its shelf and its filters; None: any."""

    shelf: Shelf
    council: int | None
    kind: SupportKind | None
    state: SupportState | None
    late: bool
    page: int

    @classmethod
    def of(cls, sought: QueueFilter, page: int = 0) -> "QueuePress":
        return cls(sought.shelf, sought.council, sought.kind, sought.state, sought.late, page)

    @property
    def sought(self) -> QueueFilter:
        return QueueFilter(self.shelf, self.council, self.kind, self.state, self.late)


@press("rqf")
class FiltersPress(Press):
    """What the queue may be filtered by; the other fields are what it is filtered by now."""

    shelf: Shelf
    council: int | None
    kind: SupportKind | None
    state: SupportState | None
    late: bool

    @classmethod
    def of(cls, sought: QueueFilter) -> "FiltersPress":
        return cls(sought.shelf, sought.council, sought.kind, sought.state, sought.late)

    @property
    def sought(self) -> QueueFilter:
        return QueueFilter(self.shelf, self.council, self.kind, self.state, self.late)


@press("rqc")
class ChooseFilterPress(Press):
    """A page of the choices of one filter."""

    by: FilterBy
    page: int
    shelf: Shelf
    council: int | None
    kind: SupportKind | None
    state: SupportState | None
    late: bool

    @property
    def sought(self) -> QueueFilter:
        return QueueFilter(self.shelf, self.council, self.kind, self.state, self.late)


home_entry(1, sentence("📥 Demandes"), QueuePress.of(QueueFilter()), who_sees_team)

_TITLES: dict[Shelf, str] = {
    Shelf.MINE: sentence("📥 Mes demandes à traiter"),
    Shelf.TEAM: sentence("📥 Les demandes de l’équipe"),
    Shelf.QUEUE: sentence("📥 Les demandes à prendre"),
}
_TABS: dict[Shelf, str] = {
    Shelf.MINE: sentence("Les miennes ({n})"),
    Shelf.TEAM: sentence("Équipe ({n})"),
    Shelf.QUEUE: sentence("À prendre ({n})"),
}
_EMPTY: dict[Shelf, str] = {
    Shelf.MINE: sentence("Rien ne vous attend. Bonne journée !"),
    Shelf.TEAM: sentence("Personne n’attend l’équipe. Bravo !"),
    Shelf.QUEUE: sentence("Tout le monde a quelqu’un. Bravo !"),
}


def queue_button(say: Translator) -> Button:
    return Button(say.plain("📥 Demandes"), QueuePress.of(QueueFilter()))


def queue_card(say: Translator, page: QueuePage, council: str | None) -> Card:
    """One page of the queue. `council` is the name of the council that it is filtered by."""
    sought, counts = page.filter, page.counts
    words = Lines().add(bold(say(_TITLES[sought.shelf])))
    chosen = _filter_words(say, sought, council)
    if chosen:
        words.add(say("Seulement : {filters}.", filters=say.enumeration(chosen)))
    if counts.late:
        behind = _count(say, counts.late)
        words.add(
            say.plural(
                "⏰ {number} demande est en retard.", "⏰ {number} demandes sont en retard.", counts.late, number=behind
            )
        )
    if page.rows:
        words.add(say("Appuyez sur une demande pour l’ouvrir."))
    else:
        words.add(say("Aucune demande ne correspond.") if chosen else say(_EMPTY[sought.shelf]))
    rows = [(Button(_label(say, each, page), OpenRequestPress(each.id)),) for each in page.rows]
    last = page.page + 1 if page.more else page.page
    turning = page_row(page.page, last, lambda to: QueuePress.of(sought, to), say)
    return Card(words.text, (*rows, *turning, _tabs(say, page), *_filter_rows(say, page), home_row(say)))


def filters_card(say: Translator, sought: QueueFilter, council: str | None) -> Card:
    """Which filter to set, and each that is set."""
    words = Lines().add(bold(say("Quelles demandes voulez-vous voir ?")))
    chosen = _filter_words(say, sought, council)
    words.add(
        say("Seulement : {filters}.", filters=say.enumeration(chosen)) if chosen else say("Pour l’instant, toutes.")
    )
    late = Button(
        say.plain("✅ En retard") if sought.late else say.plain("⏰ En retard"),
        QueuePress.of(replace(sought, late=not sought.late)),
    )
    by = [
        Button(say.plain("🏘 Conseil"), _choose(FilterBy.COUNCIL, sought)),
        Button(say.plain("🏷 Genre"), _choose(FilterBy.KIND, sought)),
        Button(say.plain("🚦 Étape"), _choose(FilterBy.STATE, sought)),
    ]
    rows = grid([late, *by], 2)
    every = ((Button(say.plain("Tout voir"), QueuePress.of(QueueFilter(sought.shelf))),),) if chosen else ()
    return Card(words.text, (*rows, *every, (Button(say.plain("Retour"), QueuePress.of(sought)),)))


def choices_card(
    say: Translator, by: FilterBy, page: int, sought: QueueFilter, councils: Sequence[tuple[int, str]]
) -> Card:
    """The values of one filter, each a button back to the queue."""
    choices = _choices(say, by, sought, councils)
    shown, page, last = page_of(choices, page, CHOICES_A_PAGE)
    rows = tuple((Button(shorten(label, _LABEL_LIMIT), QueuePress.of(to)),) for label, to in shown)
    turning = page_row(page, last, lambda to: _choose(by, sought, to), say)
    question = {
        FilterBy.COUNCIL: say("De quel conseil ?"),
        FilterBy.KIND: say("De quel genre ?"),
        FilterBy.STATE: say("À quelle étape ?"),
    }[by]
    return Card(question, (*rows, *turning, (Button(say.plain("Retour"), FiltersPress.of(sought)),)))


def council_label(say: Translator, council_id: int | None, name: str | None) -> str | None:
    """The name of the council of a filter, bare."""
    return say.plain("sans conseil") if council_id == NO_COUNCIL else name


def _choices(
    say: Translator, by: FilterBy, sought: QueueFilter, councils: Sequence[tuple[int, str]]
) -> list[tuple[str, QueueFilter]]:
    if by is FilterBy.COUNCIL:
        named = [(name, replace(sought, council=council_id)) for council_id, name in councils]
        return [
            (say.plain("Tous les conseils"), replace(sought, council=None)),
            *named,
            (say.plain("Sans conseil"), replace(sought, council=NO_COUNCIL)),
        ]
    if by is FilterBy.KIND:
        kinds = [(kind_words(each, say), replace(sought, kind=each)) for each in SupportKind]
        return [(say.plain("Tous les genres"), replace(sought, kind=None)), *kinds]
    states = [(state_words(each, say), replace(sought, state=each)) for each in OPEN]
    return [(say.plain("Toutes les étapes"), replace(sought, state=None)), *states]


def _choose(by: FilterBy, sought: QueueFilter, page: int = 0) -> ChooseFilterPress:
    return ChooseFilterPress(by, page, sought.shelf, sought.council, sought.kind, sought.state, sought.late)


def _filter_words(say: Translator, sought: QueueFilter, council: str | None) -> list[str]:
    chosen = []
    if sought.late:
        chosen.append(say.plain("en retard"))
    if sought.council is not None:
        chosen.append(council_label(say, sought.council, council) or say.plain("un autre conseil"))
    if sought.kind is not None:
        chosen.append(kind_words(sought.kind, say))
    if sought.state is not None:
        chosen.append(state_words(sought.state, say))
    return chosen


def _label(say: Translator, row: QueueRow, page: QueuePage) -> str:
    """« Rosa – Trouver une salle (avant lundi 12 h) – D-2026-014 »: a phone cuts the end of a long button."""
    if row.late:
        when = say.plain("en retard")
    elif row.answered:
        when = state_words(row.state, say)
    else:
        when = say.plain("avant {moment}", moment=near_moment(say, row.promised_at, page.as_of))
    name, kind = name_of(say, row.first_name), kind_words(row.kind, say)
    if page.filter.shelf is Shelf.TEAM and row.animator is not None:
        name = say.plain("{name} avec {animator}", name=name, animator=shorten(row.animator, NAME_LIMIT))
    label = say.plain("{name} – {kind} ({when}) – {number}", name=name, kind=kind, when=when, number=row.number)
    return f"⏰ {label}" if row.late else label


def _tabs(say: Translator, page: QueuePage) -> tuple[Button, ...]:
    numbers = {Shelf.MINE: page.counts.mine, Shelf.TEAM: page.counts.team, Shelf.QUEUE: page.counts.queue}
    tabs = []
    for shelf, number in numbers.items():
        label = say.plain(_TABS[shelf], n=_count(say, number))
        if shelf is page.filter.shelf:
            label = say.plain("✅ {label}", label=label)
        tabs.append(Button(label, QueuePress.of(replace(page.filter, shelf=shelf))))
    return tuple(tabs)


def _filter_rows(say: Translator, page: QueuePage) -> _Rows:
    sought = page.filter
    buttons = [Button(say.plain("🔍 Filtrer"), FiltersPress.of(sought))]
    if sought.late:
        buttons.append(Button(say.plain("✅ En retard"), QueuePress.of(replace(sought, late=False))))
    elif page.counts.late:
        buttons.append(Button(say.plain("⏰ En retard"), QueuePress.of(replace(sought, late=True))))
    return (tuple(buttons),)


def _count(say: Translator, number: int) -> str:
    return say.plain("{n} et plus", n=say.number(COUNTED - 1)) if number >= COUNTED else say.number(number)
