"""/absence: the days on which somebody of the team is away, noted by date buttons, called off again."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from council.absence_offers import OfferedRequest
from council.actors import Actor
from council.animator_posts import Colleague
from council.errors import Refusal
from handlers.buttons import Press, press
from handlers.cards.animator_post import PostPress
from handlers.cards.card import Button, Card, Lines, bold
from handlers.cards.home import home_button, home_entry, home_row
from handlers.cards.pages import page_of, page_row
from handlers.cards.pickers import DayPress, day_rows
from handlers.cards.refusals import refusal_sentence
from handlers.cards.steps import step_rows
from handlers.cards.support_team import OfferedPress
from handlers.cards.team import who_sees_team
from handlers.moment_choice import Now
from handlers.typed_dates import WrongWeekday
from locales.sentences import sentence
from locales.translator import Translator
from storage.animators import Absence

_A_PAGE = 6


@press("abs")
class AbsencesPress(Press):
    """The absences of somebody of the team; None: one's own."""

    person: int | None
    page: int


@press("abw")
class WhoseAbsencesPress(Press):
    """Whose absences? For the coordinator."""

    page: int


@press("abn")
class NewAbsencePress(Press):
    """Begins to note one."""

    person: int


@press("abo")
class AbsencePress(Press):
    """One of them."""

    absence: int


@press("abx")
class CancelAbsencePress(Press):
    """Calls it off."""

    absence: int


@press("ab1")
class OneDayPress(Press):
    """The first day is the last one too."""


@press("abb")
class AbsenceBackPress(Press):
    """One question before."""


@press("aby")
class ConfirmAbsencePress(Press):
    """Notes it. `key` tells the draft from one that was noted or given up."""

    key: int


home_entry(60, sentence("🌴 Absences"), AbsencesPress(None, 0), who_sees_team)


def absences_card(
    say: Translator,
    actor: Actor,
    person: Colleague,
    absences: Sequence[Absence],
    page: int,
    done: str = "",
    noted: int | None = None,
) -> Card:
    """What is noted of somebody from today on. `done`: what was just done; `noted`: an absence that leaves requests."""
    words = Lines()
    if done:
        words.add(done)
    mine = person.person_id == actor.person_id
    words.add(bold(say("Mes absences") if mine else say("Absences de {name}", name=person.first_name)))
    words.add(
        say.plural("{n} absence est notée.", "{n} absences sont notées.", len(absences))
        if absences
        else say("Aucune absence n’est notée.")
    )
    shown, page, last = page_of(absences, page, _A_PAGE)
    rows = [(Button(_short_span(say, each), AbsencePress(each.id)),) for each in shown]
    turning = page_row(page, last, lambda to: AbsencesPress(person.person_id, to), say)
    add = Button(say.plain("➕ Ajouter"), NewAbsencePress(person.person_id))
    post = Button(say.plain("⚙️ Remplacement et demandes"), PostPress(person.person_id))
    held = ((Button(say.plain("📥 Voir les demandes ouvertes"), OfferedPress(noted, 0)),),) if noted is not None else ()
    others = ((Button(say.plain("👥 Quelqu’un d’autre"), WhoseAbsencesPress(0)),),) if actor.is_coordinator else ()
    return Card(words.text, (*held, *rows, *turning, (add,), (post,), *others, home_row(say)))


def whose_card(say: Translator, team: Sequence[Colleague], away: frozenset[int], page: int) -> Card:
    words = Lines().add(bold(say("Absences")), say("De qui ?"))
    shown, page, last = page_of(team, page, _A_PAGE)
    rows = [
        (
            Button(
                say.plain("🌴 {name} n’est pas là", name=each.first_name)
                if each.person_id in away
                else each.first_name,
                AbsencesPress(each.person_id, 0),
            ),
        )
        for each in shown
    ]
    back = (Button(say.plain("Retour"), AbsencesPress(None, 0)), home_button(say))
    return Card(words.text, (*rows, *page_row(page, last, WhoseAbsencesPress, say), back))


def absence_card(say: Translator, absence: Absence, person: Colleague) -> Card:
    """One absence, and the way to call it off."""
    words = Lines().add(
        bold(say("Absence de {name}", name=person.first_name)), span(say, absence.starts_on, absence.ends_on)
    )
    off = Button(say.plain("Supprimer cette absence"), CancelAbsencePress(absence.id))
    back = (Button(say.plain("Retour"), AbsencesPress(person.person_id, 0)), home_button(say))
    return Card(words.text, ((off,), back))


def first_day_card(say: Translator, person: str | None, month: date, now: Now, trouble: Refusal | None) -> Card:
    """`person` is None for oneself."""
    question = say("Quel est votre premier jour d’absence ?")
    if person is not None:
        question = say("Quel est le premier jour d’absence de {name} ?", name=person)
    words = _asked(say, trouble).add(question, say("Vous pouvez aussi écrire : mardi 3 mars."))
    return Card(
        words.text, (*_day_meant(say, trouble), *day_rows(say, month, now), *step_rows(say, AbsenceBackPress()))
    )


def last_day_card(say: Translator, first: date, month: date, then: Now, trouble: Refusal | None) -> Card:
    """`then` begins with the first day: nothing before it can be chosen."""
    words = _asked(say, trouble).add(
        say("Premier jour : {date}.", date=say.date(first)),
        say("Et le dernier jour ?"),
        say("Vous pouvez aussi écrire : vendredi 6 mars."),
    )
    one = Button(say.plain("Un seul jour"), OneDayPress())
    rows = (*_day_meant(say, trouble), (one,), *day_rows(say, month, then))
    return Card(words.text, (*rows, *step_rows(say, AbsenceBackPress())))


def confirm_absence_card(
    say: Translator,
    person: str | None,
    first: date,
    last: date,
    deputy: str | None,
    held: Sequence[OfferedRequest],
    key: int,
    trouble: Refusal | None = None,
) -> Card:
    """Before it is noted: the days, who stands in, what is open. `person` is None for oneself."""
    words = _asked(say, trouble)
    words.add(bold(say("Votre absence") if person is None else say("Absence de {name}", name=person)))
    words.add(span(say, first, last))
    if deputy is not None:
        words.add(say("Les nouvelles demandes iront à {name}.", name=deputy))
    else:
        words.add(say("Les nouvelles demandes iront à toute l’équipe."))
    if held:
        words.add(say.plural("{n} demande est ouverte.", "{n} demandes sont ouvertes.", len(held)))
    words.add(say("Je note cette absence ?"))
    yes = Button(say.plain("Oui, noter"), ConfirmAbsencePress(key))
    return Card(words.text, ((yes,), *step_rows(say, AbsenceBackPress())))


def span(say: Translator, first: date, last: date) -> Markup:
    """The days of an absence, in full."""
    if first == last:
        return say("Le {date}.", date=say.date(first))
    return say("Du {first} au {last}.", first=say.date(first), last=say.date(last))


def _asked(say: Translator, trouble: Refusal | None) -> Lines:
    words = Lines()
    return words.add(refusal_sentence(trouble, say)) if trouble is not None else words


def _day_meant(say: Translator, trouble: Refusal | None) -> tuple[tuple[Button, ...], ...]:
    """The day that somebody typed with the wrong weekday, as a button."""
    if not isinstance(trouble, WrongWeekday):
        return ()
    return ((Button(say.date(trouble.date), DayPress(trouble.date.toordinal())),),)


def _short_span(say: Translator, absence: Absence) -> str:
    if absence.starts_on == absence.ends_on:
        return say.short_date(absence.starts_on)
    return say.plain("{first} – {last}", first=say.short_date(absence.starts_on), last=say.short_date(absence.ends_on))
