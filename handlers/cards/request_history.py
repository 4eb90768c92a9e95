"""The whole story of a request in words, a page at a time; for the team alone."""

from datetime import datetime

from markupsafe import Markup

from council.support_history import Happening, HistoryPage, Said
from council.support_sorting import DUPLICATE
from handlers.cards.card import Button, Card, Lines, bold, italic, shorten
from handlers.cards.pages import page_row
from handlers.cards.request import HistoryPress, ReplayPress
from handlers.cards.request_card import back_to_request
from handlers.cards.request_words import bare_parts, name_of, what_was_said
from locales.sentences import sentence
from locales.translator import Translator
from storage.support import SupportAct, SupportSide

A_PAGE = 5
_WORDS_LIMIT, _BEFORE_LIMIT, _VERSIONS = 350, 150, 2

_DONE: dict[SupportAct, str] = {
    SupportAct.ASKED: sentence("{who} a demandé un appui."),
    SupportAct.ASSIGNED: sentence("La demande est donnée à {other}."),
    SupportAct.QUEUED: sentence("La demande va dans la file de l’équipe."),
    SupportAct.TAKEN: sentence("{who} a pris la demande."),
    SupportAct.TRANSFERRED: sentence("{who} a passé la demande à {other}."),
    SupportAct.RELEASED: sentence("La demande est revenue dans la file."),
    SupportAct.QUALIFIED: sentence("{who} a précisé la demande."),
    SupportAct.ANSWERED: sentence("{who} a donné la première réponse."),
    SupportAct.WAITING: sentence("{who} attend une réponse de la personne."),
    SupportAct.WRITTEN: sentence("{who} a écrit."),
    SupportAct.ALERTED: sentence("L’équipe a été prévenue de la date promise."),
    SupportAct.PROMISE_MOVED: sentence("La date promise a changé."),
    SupportAct.REDIRECTED: sentence("{who} a orienté la personne ailleurs."),
    SupportAct.ATTACHED: sentence("{who} a relié la demande."),
    SupportAct.CARRIED_OUT: sentence("{who} a terminé le travail."),
    SupportAct.JUDGED: sentence("{who} a donné son avis."),
    SupportAct.REOPENED: sentence("La demande est rouverte."),
    SupportAct.CLOSED: sentence("La demande est terminée."),
    SupportAct.WITHDRAWN: sentence("{who} a retiré la demande."),
    SupportAct.MERGED: sentence("{who} l’a réunie à la demande {number}."),
}
_NOBODY = sentence("le robot")


def history_card(say: Translator, history: HistoryPage) -> Card:
    """One page, oldest first: who did what, what was said, and what it said before it was edited."""
    words = Lines().add(bold(say("Toute la demande {number}", number=history.number)))
    for entry in history.entries:
        words.add("")
        words.add_all(_said_lines(say, entry) if isinstance(entry, Said) else _step_lines(say, entry))
    last = history.page + 1 if history.more else history.page
    turning = page_row(history.page, last, lambda to: HistoryPress(history.request_id, to), say)
    replay = Button(say.plain("📎 Revoir les messages et fichiers"), ReplayPress(history.request_id))
    return Card(words.text, (*turning, (replay,), (back_to_request(say, history.request_id),)))


def _step_lines(say: Translator, step: Happening) -> tuple[Markup, ...]:
    return (_when(say, step.at), _step(say, step))


def _step(say: Translator, step: Happening) -> Markup:
    who = step.who or say.plain(_NOBODY)
    if step.act is SupportAct.ATTACHED:
        sort, _, number = step.detail.partition(" ")
        if sort == DUPLICATE:
            return say("La demande {number} est réunie à celle-ci.", number=number)
        if sort == "meeting":
            return say("{who} a relié la demande à une réunion.", who=who)
        return say("{who} a relié la demande à {number}.", who=who, number=sort)
    return say(_DONE[step.act], who=who, other=step.other or say.plain(_NOBODY), number=step.detail)


def _said_lines(say: Translator, said: Said) -> tuple[Markup, ...]:
    words = said.words
    name, text = name_of(say, words.author), what_was_said(say, words, _WORDS_LIMIT)
    heading = say("{name} :", name=name)
    if words.side is SupportSide.NOTE:
        heading = say("📝 Note de {name} :", name=name)
    elif words.edited:
        heading = say("{name} (modifié) :", name=name)
    before = [
        italic(say("Avant : {words}", words=shorten(bare_parts(parts), _BEFORE_LIMIT)))
        for _, parts in said.before[-_VERSIONS:]
    ]
    return (_when(say, said.at), Markup("{} {}").format(heading, text), *before)


def _when(say: Translator, moment: datetime) -> Markup:
    return italic(say("{day} à {time}", day=say.short_date(moment), time=say.time(moment)))
