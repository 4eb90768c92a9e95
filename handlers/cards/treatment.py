"""What the council does with a published proposal: the menu, the meetings to talk of it, those of one meeting."""

from collections.abc import Sequence

from council.proposal_desk import DeskView
from council.proposal_treatment import AgendaChoice, OnAgenda, may_go_on_agenda, steps_from
from handlers.cards.card import Button, Card, Lines, bold, grid, shorten
from handlers.cards.meeting import ManagePress
from handlers.cards.meeting_form import NewMeetingPress
from handlers.cards.meeting_words import listed_title
from handlers.cards.moderation import ModerationPress, ending_rows, heading_words
from handlers.cards.pages import page_of, page_row
from handlers.cards.proposal import ProposalPress
from handlers.cards.proposal_deciding import StepPress
from handlers.cards.proposal_said import decided_words
from handlers.cards.proposal_treatment import (
    AgendaChosenPress,
    AgendaPress,
    DeskPress,
    MeetingProposalsPress,
    OffAgendaPress,
    TreatProposalPress,
)
from handlers.cards.proposal_words import state_words, supporters_words
from locales.sentences import sentence
from locales.translator import Translator
from storage.proposals import ProposalAct

_A_PAGE, _LABEL_LIMIT, _TITLE_LIMIT = 6, 26, 60

_LABELS: dict[ProposalAct, str] = {
    ProposalAct.DISCUSSED: sentence("💬 Discutée"),
    ProposalAct.RETAINED: sentence("👍 Retenue"),
    ProposalAct.FORWARDED: sentence("📨 Transmise"),
    ProposalAct.ANSWERED: sentence("📩 Réponse reçue"),
    ProposalAct.DONE: sentence("🎉 Réalisée"),
    ProposalAct.REFUSED: sentence("✖️ Refusée"),
    ProposalAct.REPORTED_BACK: sentence("📣 Dite en réunion"),
}


def treat_card(say: Translator, view: DeskView, meeting: AgendaChoice | None) -> Card:
    """Where it stands, and all that may follow. `meeting` is the one on whose agenda it stands."""
    words = Lines().add(bold(heading_words(say, view)))
    words.add(
        say(
            "État : {state}. {supports}.",
            state=state_words(view.state, say),
            supports=supporters_words(say, view.supporters),
        )
    )
    if meeting is not None:
        moment, title = say.moment(meeting.starts_at), shorten(meeting.title, _TITLE_LIMIT)
        words.add(say("Ordre du jour : {meeting}, {moment}", meeting=title, moment=moment))
    if view.hidden:
        words.add(say("🚩 Des habitants l’ont signalée. Décidez d’abord."))
    elif view.decided_by is not None and view.act is not None:
        words.add(decided_words(say, view.decided_by, view.act))
    open_still = steps_from(view.state) and not view.hidden
    words.add(say("Que s’est-il passé ?") if open_still else say("Il n’y a rien de plus à noter."))
    return Card(words.text, (*_rows(say, view), *_last_rows(say, view)))


def agenda_card(say: Translator, view: DeskView, choices: Sequence[AgendaChoice], page: int) -> Card:
    """At which meeting the council will talk of it."""
    words = Lines().add(bold(heading_words(say, view)))
    if choices:
        words.add(say("À quelle réunion le conseil en parlera-t-il ?"), say("L’auteur et les soutiens le sauront."))
    else:
        words.add(say("Aucune réunion n’est annoncée."))
    shown, page, last = page_of(choices, page, _A_PAGE)
    rows = tuple(
        (
            Button(
                _marked(say, listed_title(say, each.title, each.starts_at), each.id == view.meeting_id),
                AgendaChosenPress(view.id, view.revision, each.id),
            ),
        )
        for each in shown
    )
    turning = page_row(page, last, lambda to: AgendaPress(view.id, to), say)
    create = () if choices else ((Button(say.plain("➕ Créer une réunion"), NewMeetingPress()),),)
    off = Button(say.plain("Enlever de l’ordre du jour"), OffAgendaPress(view.id, view.revision))
    stands = any(each.id == view.meeting_id for each in choices)
    return Card(words.text, (*rows, *turning, *create, *(((off,),) if stands else ()), (_back(say, view.id),)))


def meeting_proposals_card(
    say: Translator, meeting_id: int, title: str, proposals: Sequence[OnAgenda], page: int
) -> Card:
    """The proposals on the agenda of a meeting: after it, one tap opens what was said of each."""
    words = Lines().add(bold(shorten(title, _TITLE_LIMIT)))
    if proposals:
        words.add(
            say.plural(
                "{n} proposition est à l’ordre du jour.", "{n} propositions sont à l’ordre du jour.", len(proposals)
            ),
            say("Après la réunion, notez la suite de chacune."),
        )
    else:
        words.add(say("Aucune proposition n’est à l’ordre du jour."))
    shown, page, last = page_of(proposals, page, _A_PAGE)
    rows = tuple((Button(_on_agenda_label(say, each), TreatProposalPress(each.id)),) for each in shown)
    turning = page_row(page, last, lambda to: MeetingProposalsPress(meeting_id, to), say)
    back = Button(say.plain("Retour à la réunion"), ManagePress(meeting_id))
    return Card(words.text, (*rows, *turning, (back,)))


def _rows(say: Translator, view: DeskView) -> tuple[tuple[Button, ...], ...]:
    if view.hidden:
        return ((Button(say.plain("Voir les signalements"), DeskPress(view.id)),),)
    rows: list[tuple[Button, ...]] = []
    if may_go_on_agenda(view.state):
        label = say.plain("📅 Changer de réunion") if view.meeting_id else say.plain("📅 Mettre à l’ordre du jour")
        rows.append((Button(label, AgendaPress(view.id)),))
    steps = (
        Button(say.plain(_LABELS[each]), StepPress(view.id, each, view.revision)) for each in steps_from(view.state)
    )
    rows += grid(steps, 2)
    if view.public and not view.mine:
        rows += ending_rows(say, view)
    return tuple(rows)


def _last_rows(say: Translator, view: DeskView) -> tuple[tuple[Button, ...], ...]:
    see = ((Button(say.plain("Voir la proposition"), ProposalPress(view.id)),),) if view.public else ()
    return (*see, (Button(say.plain("📋 À relire"), ModerationPress()),))


def _on_agenda_label(say: Translator, each: OnAgenda) -> str:
    title = shorten(each.title, _LABEL_LIMIT)
    return say.plain(
        "{number} : {title} ({state})", number=each.number, title=title, state=state_words(each.state, say)
    )


def _marked(say: Translator, label: str, chosen: bool) -> str:
    return say.plain("✅ {label}", label=label) if chosen else label


def _back(say: Translator, proposal_id: int) -> Button:
    return Button(say.plain("Retour"), TreatProposalPress(proposal_id))
