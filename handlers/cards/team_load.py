"""/equipe: how much each of the team has in hand; the coordinator gives a request to somebody else in two taps."""

from collections.abc import Sequence
from datetime import datetime

from council.actors import Actor
from council.support_briefs import Brief
from council.support_overview import Colleague
from council.support_views import QueueFilter, Shelf
from council.team_load import HeldRequest, HeldRequests, Load, TeamLoad
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, shorten
from handlers.cards.home import home_button, home_entry, home_row
from handlers.cards.pages import page_of, page_row
from handlers.cards.request_words import NAME_LIMIT
from handlers.cards.requests import QueuePress
from handlers.cards.support_figures import FiguresPress
from handlers.cards.support_team import add_what
from handlers.cards.support_words import kind_words
from handlers.cards.team import TeamPress, who_sees_team
from locales.sentences import sentence
from locales.translator import Translator

_A_PAGE, _LINES_A_PAGE, _LABEL_LIMIT = 8, 3, 60


@press("tml")
class LoadPress(Press):
    """The team's load; without rights to reassign, to read."""

    page: int


@press("tmh")
class HeldPress(Press):
    """What somebody has in hand."""

    person: int
    page: int


@press("tmg")
class ReassignPress(Press):
    """To whom should it go?"""

    request: int
    page: int


@press("tmx")
class ReassignedPress(Press):
    """It goes to this colleague; then the list of who had it (None: nobody) is shown again."""

    request: int
    person: int
    holder: int | None


home_entry(2, sentence("🧭 Équipe"), LoadPress(0), who_sees_team)


def load_card(say: Translator, actor: Actor, load: TeamLoad, page: int) -> Card:
    """The coordinator opens each person; animators read."""
    words = Lines().add(bold(say("L’équipe")), _sum(say, load))
    if load.unassigned:
        words.add(say.plural("📥 {n} demande est à prendre.", "📥 {n} demandes sont à prendre.", load.unassigned))
    shown, page, last = page_of(load.people, page, _A_PAGE if actor.is_coordinator else _LINES_A_PAGE)
    rows: list[tuple[Button, ...]] = []
    if actor.is_coordinator:
        rows += [(Button(shorten(_line(say, each), _LABEL_LIMIT), HeldPress(each.person_id, 0)),) for each in shown]
    else:
        words.add_all(_line(say, each) for each in shown)
    rows += page_row(page, last, LoadPress, say)
    queue = Button(say.plain("📥 À prendre"), QueuePress.of(QueueFilter(Shelf.QUEUE)))
    rows.append((queue, Button(say.plain("⏱ Délais"), FiguresPress(None, None))))
    rows.append((Button(say.plain("👥 Qui est dans l’équipe"), TeamPress(0)),))
    return Card(words.text, (*rows, home_row(say)))


def held_card(say: Translator, held: HeldRequests, page: int, done: str = "") -> Card:
    """Each request is a button: to whom should it go? `done` is what has just been done."""
    words = Lines()
    if done:
        words.add(done)
    words.add(bold(shorten(held.first_name, NAME_LIMIT)))
    words.add(
        say.plural("{n} demande en cours.", "{n} demandes en cours.", len(held.requests))
        if held.requests
        else say("Aucune demande en cours.")
    )
    if held.requests:
        words.add(say("Appuyez sur une demande pour la confier à quelqu’un d’autre."))
    shown, page, last = page_of(held.requests, page, _A_PAGE)
    rows = [(Button(_request_label(say, each), ReassignPress(each.id, 0)),) for each in shown]
    turning = page_row(page, last, lambda to: HeldPress(held.person_id, to), say)
    return Card(words.text, (*rows, *turning, (Button(say.plain("Retour"), LoadPress(0)), home_button(say))))


def reassign_card(say: Translator, brief: Brief, colleagues: Sequence[Colleague], page: int, now: datetime) -> Card:
    """What is asked, by whom, and to whom it may go."""
    words = Lines().add(bold(say("Demande {number}", number=brief.number)))
    add_what(words, say, brief, now)
    words.add(say("À qui la confier ?") if colleagues else say("Il n’y a personne d’autre dans l’équipe."))
    shown, page, last = page_of(colleagues, page, _A_PAGE)
    rows = [
        (
            Button(
                say.plain("Confier à {name} ({n})", name=shorten(each.first_name, NAME_LIMIT), n=say.number(each.load)),
                ReassignedPress(brief.id, each.person_id, brief.holder_id),
            ),
        )
        for each in shown
    ]
    turning = page_row(page, last, lambda to: ReassignPress(brief.id, to), say)
    back = LoadPress(0) if brief.holder_id is None else HeldPress(brief.holder_id, 0)
    return Card(words.text, (*rows, *turning, (Button(say.plain("Retour"), back), home_button(say))))


def _sum(say: Translator, load: TeamLoad) -> str:
    n, late = sum(each.open for each in load.people), sum(each.late for each in load.people) + load.unassigned_late
    opened = say.plural("{n} demande en cours", "{n} demandes en cours", n)
    if not late:
        return say("{opened}, aucune en retard.", opened=opened)
    behind = say.plural("⏰ {n} en retard", "⏰ {n} en retard", late)
    return say("{opened}, {behind}.", opened=opened, behind=behind)


def _line(say: Translator, each: Load) -> str:
    """« Julien : 12 sur 20 · ⏰ 3 · absent jusqu’au ven. 6 mars », bare."""
    name = shorten(each.first_name, NAME_LIMIT)
    if each.capacity is None:
        said = [say.plain("{name} : {n}", name=name, n=say.number(each.open))]
    else:
        n, most = say.number(each.open), say.number(each.capacity)
        said = [say.plain("{name} : {n} sur {most}", name=name, n=n, most=most)]
    if each.late:
        said.append(say.plain("⏰ {n}", n=say.number(each.late)))
    if each.away_until is not None:
        said.append(say.plain("pas là jusqu’au {day}", day=say.short_date(each.away_until)))
    return " · ".join(said)


def _request_label(say: Translator, each: HeldRequest) -> str:
    words = say.plain("{number} · {kind}", number=each.number, kind=kind_words(each.kind, say))
    return shorten(f"⏰ {words}" if each.late else words, _LABEL_LIMIT)
