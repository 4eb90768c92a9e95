"""The card of a request for who asked it, the list of their requests, and the buttons that lead to both."""

from collections.abc import Sequence

from markupsafe import Markup

from council.live_cards import LiveKind
from council.support_mine import ListedRequest, MyRequest, Step
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Live, bold, grid, quoted, shorten
from handlers.cards.home import HomePress, home_entry, home_row
from handlers.cards.pages import page_of, page_row
from handlers.cards.support_words import (
    kind_words,
    near_moment,
    state_words,
    verdict_words,
)
from locales.sentences import sentence
from locales.translator import Translator
from storage.support import SupportAct, SupportState, Verdict

__all__ = ["kind_words", "state_words", "support_card"]

_THEME_LIMIT, _RESULT_LIMIT = 40, 300
_A_PAGE = 6


@press("sqask")
class AskSupportPress(Press):
    """Begins to ask for support."""


@press("sqone")
class MyRequestPress(Press):
    """Opens one's own request."""

    request: int


@press("sqall")
class MyRequestsPress(Press):
    """One's own requests: those that are open, or the past ones."""

    past: bool
    page: int


@press("sqadd")
class AddToRequestPress(Press):
    """Begins to write more to a request."""

    request: int


@press("sqoff")
class WithdrawPress(Press):
    """Asks whether to withdraw a request."""

    request: int


@press("sqoffok")
class WithdrawnPress(Press):
    """Withdraws it."""

    request: int


@press("sqv")
class VerdictPress(Press):
    """Whether it is solved. `round`: an answer to an earlier round says nothing of this one."""

    request: int
    round: int
    verdict: Verdict


home_entry(30, sentence("🙋 Demander un appui"), AskSupportPress())
home_entry(31, sentence("📋 Mes demandes"), MyRequestsPress(past=False, page=0))

_STEPS: dict[SupportAct, str] = {
    SupportAct.ASKED: sentence("{day} : vous avez demandé."),
    SupportAct.ASSIGNED: sentence("{day} : {name} a reçu votre demande."),
    SupportAct.QUEUED: sentence("{day} : toute l’équipe voit votre demande."),
    SupportAct.TAKEN: sentence("{day} : {name} a pris votre demande."),
    SupportAct.TRANSFERRED: sentence("{day} : {name} prend la suite."),
    SupportAct.RELEASED: sentence("{day} : toute l’équipe voit votre demande."),
    SupportAct.ANSWERED: sentence("{day} : {name} vous a répondu."),
    SupportAct.WAITING: sentence("{day} : {name} attend votre réponse."),
    SupportAct.PROMISE_MOVED: sentence("{day} : la date promise a changé."),
    SupportAct.REDIRECTED: sentence("{day} : {name} a trouvé qui peut vous aider."),
    SupportAct.CARRIED_OUT: sentence("{day} : {name} a terminé le travail."),
    SupportAct.JUDGED: sentence("{day} : vous avez donné votre avis."),
    SupportAct.REOPENED: sentence("{day} : votre demande est rouverte."),
    SupportAct.CLOSED: sentence("{day} : votre demande est terminée."),
    SupportAct.WITHDRAWN: sentence("{day} : vous avez retiré votre demande."),
    SupportAct.MERGED: sentence("{day} : votre demande est réunie à une autre."),
}
_SOMEBODY = sentence("quelqu’un de l’équipe")


def support_card(say: Translator, view: MyRequest) -> Card:
    """The request as its requester follows it; kept true in its message."""
    words = Lines().add(bold(title_words(say, view)), _state_line(say, view), *_present_lines(say, view))
    words.add_all(step_words(say, each) for each in view.steps[-2 if view.result else -3 :])
    return Card(words.text, rows=_rows(say, view), live=Live(LiveKind.SUPPORT, view.id))


def title_words(say: Translator, view: MyRequest | ListedRequest) -> Markup:
    """« Demande D-2026-014 : Trouver une salle »."""
    return say("Demande {number} : {kind}", number=view.number, kind=kind_words(view.kind, say))


def name_words(say: Translator, name: str | None) -> str:
    """A first name of the team, bare; somebody who has left has none."""
    return name or say.plain(_SOMEBODY)


def promise_words(say: Translator, view: MyRequest) -> Markup:
    """Who answers, and until when; when that moment is over, that it is."""
    if view.is_late:
        return say("La réponse est en retard. L’équipe est prévenue.")
    moment = near_moment(say, view.promised_at, view.now)
    if view.animator is None:
        return say("L’équipe vous répondra avant {moment}.", moment=moment)
    return say("{name} vous répondra avant {moment}.", name=view.animator, moment=moment)


def step_words(say: Translator, step: Step) -> Markup:
    return say(_STEPS[step.act], day=say.short_date(step.at), name=name_words(say, step.who))


def verdict_row(say: Translator, request_id: int, round_: int) -> tuple[Button, ...]:
    """Oui, En partie, Non."""
    return tuple(Button(verdict_words(each, say), VerdictPress(request_id, round_, each)) for each in Verdict)


def my_requests_card(say: Translator, requests: Sequence[ListedRequest], *, past: bool, page: int, others: int) -> Card:
    """`others`: how many there are in the other list, which a button leads to."""
    shown, page, last = page_of(requests, page, _A_PAGE)
    rows: list[tuple[Button, ...]] = [(Button(_listed_words(say, each), MyRequestPress(each.id)),) for each in shown]
    rows.extend(page_row(page, last, lambda to: MyRequestsPress(past, to), say))
    if others:
        label = say.plain("Mes demandes en cours") if past else say.plain("Mes demandes passées")
        rows.append((Button(label, MyRequestsPress(not past, 0)),))
    ask = Button(say.plain("🙋 Demander un appui"), AskSupportPress())
    title = say("Mes demandes passées") if past else say("Mes demandes")
    words = Lines().add(bold(title))
    if not requests:
        words.add(say("Il n’y a rien ici."))
    return Card(words.text, rows=(*rows, (ask,), home_row(say)))


def withdraw_card(say: Translator, view: MyRequest) -> Card:
    words = Lines().add(bold(title_words(say, view)), say("Voulez-vous retirer cette demande ?"))
    yes = Button(say.plain("Oui, retirer"), WithdrawnPress(view.id))
    no = Button(say.plain("Non, garder"), MyRequestPress(view.id))
    return Card(words.text, ((yes, no),))


def _state_line(say: Translator, view: MyRequest) -> Markup:
    if view.state is SupportState.ASSIGNED and view.animator is not None:
        return say("En ce moment : confiée à {name}.", name=view.animator)
    return say("En ce moment : {state}.", state=state_words(view.state, say))


def _present_lines(say: Translator, view: MyRequest) -> tuple[Markup, ...]:
    """What holds now: the promise, who has it, the result."""
    if view.merged_into is not None:
        return (say("La suite est dans la demande {number}.", number=view.merged_into),)
    if view.state is SupportState.MERGED:
        return (say("Une autre demande dit la même chose."),)
    if view.result is not None and view.state in (SupportState.CARRIED_OUT, SupportState.CLOSED):
        shown = quoted(shorten(view.result, _RESULT_LIMIT))
        return (shown, say("Est-ce résolu ?")) if view.awaits_verdict else (shown,)
    if not view.is_open:
        return ()
    if not view.answered:
        return (promise_words(say, view),)
    if view.state is SupportState.WAITING:
        return (say("{name} attend votre réponse.", name=name_words(say, view.animator)),)
    if view.animator is None:
        return (say("L’équipe s’en occupe."),)
    return (say("{name} s’en occupe.", name=view.animator),)


def _rows(say: Translator, view: MyRequest) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if view.awaits_verdict:
        rows.append(verdict_row(say, view.id, view.round))
    buttons = [Button(say.plain("➕ Ajouter"), AddToRequestPress(view.id))]
    if view.may_withdraw:
        buttons.append(Button(say.plain("Retirer"), WithdrawPress(view.id)))
    buttons.append(Button(say.plain("📋 Mes demandes"), MyRequestsPress(past=not view.is_open, page=0)))
    buttons.append(Button(say.plain("🏠 Accueil"), HomePress()))
    return (*rows, *grid(buttons, 2))


def _listed_words(say: Translator, listed: ListedRequest) -> str:
    return say.plain(
        "{number} – {kind} ({state})",
        number=listed.number,
        kind=shorten(kind_words(listed.kind, say), _THEME_LIMIT),
        state=state_words(listed.state, say),
    )
