"""The team's card of a support request: how it stands, and what may be done with it now."""

from markupsafe import Markup

from council.live_cards import LiveKind
from council.support_overview import Related, TeamView
from handlers.cards.card import Button, Card, Lines, Live, bold, grid, quoted, shorten
from handlers.cards.home import home_button
from handlers.cards.request import (
    AttachPress,
    CarryOutPress,
    GivenPress,
    GivePress,
    HistoryPress,
    MoreRequestPress,
    NotePress,
    OpenRequestPress,
    ReadyAnswersPress,
    RelatePress,
    ReleasePress,
    SortCouncilPress,
    SortKindPress,
    WaitPress,
)
from handlers.cards.request_words import NAME_LIMIT, asker_words, said_line
from handlers.cards.requests import queue_button
from handlers.cards.resource_actor import RedirectPress
from handlers.cards.support_files import files_button
from handlers.cards.support_team import TakePress
from handlers.cards.support_words import face_words, kind_words, near_moment, state_words, verdict_words
from handlers.cards.talk import AnswerPress
from locales.translator import Translator
from storage.support import SupportState

_THEME_LIMIT, _RESULT_LIMIT = 40, 200
_LINES = 6  # the last words fill what the rest leaves
_Rows = tuple[tuple[Button, ...], ...]


def team_card(say: Translator, view: TeamView) -> Card:
    """The request as the team follows it; kept true in its message."""
    words = Lines().add(bold(title_words(say, view)), asker_words(say, view), _stand_line(say, view))
    words.add_all(_present_lines(say, view))
    words.add_all(_belongings(say, view))
    hidden = max(0, len(view.words) - max(0, _LINES - len(words.lines)))
    words.add_all(said_line(say, each) for each in view.words[hidden:])
    return Card(words.text, _rows(say, view), live=Live(LiveKind.SUPPORT, view.id))


def more_card(say: Translator, view: TeamView) -> Card:
    """The rarer acts, each only where it can be done now."""
    words = Lines().add(bold(title_words(say, view)), say("Que voulez-vous faire ?"))
    related = tuple((Button(related_label(say, each), OpenRequestPress(each.id)),) for each in view.related)
    rows = (*grid(_rarer(say, view), 2), *related, (back_to_request(say, view.id),))
    return Card(words.text, rows)


def title_words(say: Translator, view: TeamView) -> Markup:
    """« Demande D-2026-014 : Trouver une salle »."""
    kind = kind_words(view.kind, say)
    if view.theme:
        kind = say.plain("{kind}, {theme}", kind=kind, theme=shorten(view.theme, _THEME_LIMIT))
    return say("Demande {number} : {kind}", number=view.number, kind=kind)


def back_to_request(say: Translator, request_id: int) -> Button:
    return Button(say.plain("Retour"), OpenRequestPress(request_id))


def related_label(say: Translator, other: Related) -> str:
    if other.merged_here or other.merged_there:
        return say.plain("Même demande : {number}", number=other.number)
    return say.plain("Demande liée : {number}", number=other.number)


def _stand_line(say: Translator, view: TeamView) -> Markup:
    state = state_words(view.state, say)
    if not view.is_open or view.state is SupportState.CARRIED_OUT:
        return say("Elle est {state}.", state=state)
    if view.mine and view.state is SupportState.ASSIGNED:
        return say("Elle vous est confiée.")
    if view.mine:
        return say("Elle est {state}. Vous vous en occupez.", state=state)
    if view.animator is None:
        return say("Elle est {state}. Personne ne l’a encore prise.", state=state)
    if view.state is SupportState.ASSIGNED:
        return say("Elle est confiée à {name}.", name=shorten(view.animator, NAME_LIMIT))
    return say("Elle est {state}. {name} s’en occupe.", state=state, name=shorten(view.animator, NAME_LIMIT))


def _present_lines(say: Translator, view: TeamView) -> tuple[Markup, ...]:
    """What holds now: the promise, how late it is, the result and what was said of it."""
    if view.result is not None and view.state in (SupportState.CARRIED_OUT, SupportState.CLOSED):
        return (quoted(shorten(" ".join(view.result.split()), _RESULT_LIMIT)), *_verdict_lines(say, view))
    if not view.is_open or view.answered:
        return ()
    moment = near_moment(say, view.promised_at, view.as_of)
    if view.late:
        return (bold(say("⏰ En retard depuis {moment}.", moment=moment)),)
    return (say("Réponse promise avant {moment}.", moment=moment),)


def _verdict_lines(say: Translator, view: TeamView) -> tuple[Markup, ...]:
    if view.verdict is None:
        return (say("La personne n’a pas encore dit si c’est résolu."),) if view.is_open else ()
    if view.face is None:
        return (say("Résolu ? {verdict}", verdict=verdict_words(view.verdict, say)),)
    return (
        say("Résolu ? {verdict} {face}", verdict=verdict_words(view.verdict, say), face=face_words(view.face, say)),
    )


def _belongings(say: Translator, view: TeamView) -> tuple[Markup, ...]:
    """At most one line: the request that it was merged into, else the meeting, else those it has to do with."""
    merged = [each.number for each in view.related if each.merged_there]
    if merged:
        return (say("La suite est dans la demande {number}.", number=merged[0]),)
    if view.meeting is not None and view.meeting_at is not None:
        title = shorten(view.meeting, _THEME_LIMIT)
        return (say("Réunion : {title}, {day}.", title=title, day=say.short_date(view.meeting_at)),)
    if view.related:
        return (say("Avec : {numbers}.", numbers=say.enumeration([each.number for each in view.related])),)
    return ()


def _rows(say: Translator, view: TeamView) -> _Rows:
    files = files_button(say, view.id, view.files)
    rows = grid(_first(say, view), 2)
    return (*(((files,),) if files is not None else ()), *rows, (queue_button(say), home_button(say)))


def _first(say: Translator, view: TeamView) -> list[Button]:
    """The few acts that are done most, by state."""
    history = Button(say.plain("📜 Tout revoir"), HistoryPress(view.id))
    more = Button(say.plain("Plus"), MoreRequestPress(view.id))
    if not view.is_open:
        return [history, more] if view.related else [history]
    if view.state is SupportState.CARRIED_OUT:
        return [*_answers(say, view), history, more]
    if view.in_queue:
        return [Button(say.plain("✋ Je prends"), TakePress(view.id)), *_answers(say, view), more]
    done = Button(say.plain("✅ C’est fait"), CarryOutPress(view.id))
    return [*_answers(say, view), done, more]


def _answers(say: Translator, view: TeamView) -> list[Button]:
    if view.first_name is None:
        return []  # nobody reads it any more
    return [
        Button(say.plain("✍️ Répondre"), AnswerPress(view.id)),
        Button(say.plain("💬 Réponse toute prête"), ReadyAnswersPress(view.id)),
    ]


def _rarer(say: Translator, view: TeamView) -> list[Button]:
    buttons = []
    if view.is_open:
        buttons += _handing(say, view)
        buttons += [
            Button(say.plain("📝 Note"), NotePress(view.id)),
            Button(say.plain("🏷 Genre"), SortKindPress(view.id)),
            Button(say.plain("🏘 Conseil"), SortCouncilPress(view.id)),
            Button(say.plain("📅 Réunion"), AttachPress(view.id)),
            Button(say.plain("🔗 Autre demande"), RelatePress(view.id)),
        ]
    if view.in_queue or view.in_hand:
        buttons.append(Button(say.plain("🧭 Réorienter"), RedirectPress(view.id)))
    return [*buttons, Button(say.plain("📜 Tout revoir"), HistoryPress(view.id))]


def _handing(say: Translator, view: TeamView) -> list[Button]:
    buttons = []
    if view.in_queue:
        buttons.append(Button(say.plain("✅ C’est fait"), CarryOutPress(view.id)))
    if view.in_hand and view.answered and view.state is not SupportState.WAITING:
        buttons.append(Button(say.plain("⏳ J’attends sa réponse"), WaitPress(view.id)))
    if view.may_take_over and view.in_hand:
        buttons.append(Button(say.plain("✋ Je prends la suite"), GivenPress(view.id, view.reader_id)))
    if view.may_give and (view.in_queue or view.in_hand):
        buttons.append(Button(say.plain("➡️ Confier à quelqu’un"), GivePress(view.id)))
    if view.may_give and view.in_hand:
        buttons.append(Button(say.plain("↩️ Remettre dans la file"), ReleasePress(view.id)))
    return buttons
