"""Questions asked in working on a request: to whom, of which kind and council, with which meeting, how it went."""

from collections.abc import Sequence

from markupsafe import Markup

from council.support_near import NearRequest
from council.support_overview import Colleague, TeamView
from council.support_sorting import MeetingChoice
from handlers.cards.card import Button, Card, Lines, bold, shorten
from handlers.cards.pages import page_of, page_row
from handlers.cards.request import (
    CouncilChosenPress,
    GivenPress,
    GivePress,
    KindChosenPress,
    LinkPress,
    MeetingChosenPress,
    MergePress,
    NewMeetingForPress,
    OpenRequestPress,
    OtherChosenPress,
    ResultPress,
    SortCouncilPress,
    SortKindPress,
)
from handlers.cards.request_card import back_to_request, title_words
from handlers.cards.request_words import NAME_LIMIT, asker_words, name_of
from handlers.cards.steps import step_rows
from handlers.cards.support_words import kind_words
from locales.sentences import sentence
from locales.translator import Translator
from storage.support import SupportKind

_A_PAGE, _LABEL_LIMIT = 8, 40
USUAL_RESULTS = (
    sentence("C’est fait."),
    sentence("Vous avez reçu les informations."),
    sentence("Un rendez-vous est pris."),
    sentence("Le document est prêt."),
)


def give_card(say: Translator, view: TeamView, colleagues: Sequence[Colleague], page: int) -> Card:
    """To whom it may be given, with how much each has in hand."""
    words = Lines().add(bold(title_words(say, view)))
    words.add(
        say("À qui la donner ?") if colleagues else say("Il n’y a personne d’autre dans l’équipe pour l’instant.")
    )
    shown, page, last = page_of(colleagues, page, _A_PAGE)
    rows = tuple((Button(_colleague_label(say, each), GivenPress(view.id, each.person_id)),) for each in shown)
    turning = page_row(page, last, lambda to: GivePress(view.id, to), say)
    return Card(words.text, (*rows, *turning, (back_to_request(say, view.id),)))


def kinds_card(say: Translator, view: TeamView, page: int) -> Card:
    words = Lines().add(bold(title_words(say, view)), say("De quel genre est cette demande ?"))
    shown, page, last = page_of(tuple(SupportKind), page, _A_PAGE)
    rows = tuple(
        (Button(_marked(say, kind_words(each, say), each is view.kind), KindChosenPress(view.id, each)),)
        for each in shown
    )
    turning = page_row(page, last, lambda to: SortKindPress(view.id, to), say)
    return Card(words.text, (*rows, *turning, (back_to_request(say, view.id),)))


def councils_card(say: Translator, view: TeamView, councils: Sequence[tuple[int, str]], page: int) -> Card:
    words = Lines().add(bold(title_words(say, view)), say("De quel conseil est cette demande ?"))
    shown, page, last = page_of(councils, page, _A_PAGE)
    rows = tuple(
        (
            Button(
                _marked(say, shorten(name, _LABEL_LIMIT), council_id == view.council_id),
                CouncilChosenPress(view.id, council_id),
            ),
        )
        for council_id, name in shown
    )
    turning = page_row(page, last, lambda to: SortCouncilPress(view.id, to), say)
    return Card(words.text, (*rows, *turning, (back_to_request(say, view.id),)))


def meetings_card(say: Translator, view: TeamView, meetings: Sequence[MeetingChoice], *, may_create: bool) -> Card:
    words = Lines().add(bold(title_words(say, view)))
    words.add(say("De quelle réunion parle-t-elle ?") if meetings else say("Ce conseil n’a pas de réunion."))
    rows = tuple(
        (Button(_marked(say, _meeting_label(say, each), each.id == view.meeting_id), _meeting_press(view, each)),)
        for each in meetings
    )
    create = Button(say.plain("➕ Créer une réunion"), NewMeetingForPress(view.id))
    return Card(words.text, (*rows, *(((create,),) if may_create else ()), (back_to_request(say, view.id),)))


def other_card(say: Translator, view: TeamView, near: Sequence[NearRequest], trouble: str = "") -> Card:
    """Asks for the number of another request, and offers those that may be meant."""
    words = Lines()
    if trouble:
        words.add(trouble)
    words.add(bold(title_words(say, view)), say("Avec quelle autre demande ?"))
    words.add(say("Choisissez, ou écrivez son numéro : D-2026-014."))
    rows = tuple((Button(_near_label(say, each), OtherChosenPress(view.id, each.id)),) for each in near)
    return Card(words.text, (*rows, *step_rows(say, OpenRequestPress(view.id))))


def relate_card(say: Translator, view: TeamView, other: TeamView) -> Card:
    """What the two have to do with each other: the same, or something."""
    words = Lines().add(
        bold(title_words(say, view)),
        say("Et l’autre :"),
        bold(title_words(say, other)),
        asker_words(say, other),
        say("Est-ce la même demande ?"),
    )
    rows = (
        (Button(say.plain("Oui, les réunir"), MergePress(view.id, other.id)),),
        (Button(say.plain("Non, juste les relier"), LinkPress(view.id, other.id)),),
        (back_to_request(say, view.id),),
    )
    return Card(words.text, rows)


def note_card(say: Translator, view: TeamView, trouble: str = "") -> Card:
    words = Lines()
    if trouble:
        words.add(trouble)
    words.add(bold(title_words(say, view)), say("Quelle est votre note ?"), say("Seule l’équipe la lira."))
    return Card(words.text, step_rows(say, OpenRequestPress(view.id)))


def result_card(say: Translator, view: TeamView, trouble: str = "") -> Card:
    words = Lines()
    if trouble:
        words.add(trouble)
    words.add(
        bold(title_words(say, view)),
        say("Qu’est-ce qui a été fait ?"),
        say("Choisissez, ou écrivez une phrase. La personne la lira."),
    )
    rows = tuple((Button(say.plain(each), ResultPress(view.id, number)),) for number, each in enumerate(USUAL_RESULTS))
    return Card(words.text, (*rows, *step_rows(say, OpenRequestPress(view.id))))


def _colleague_label(say: Translator, colleague: Colleague) -> str:
    load: Markup = say.plural("{n} demande", "{n} demandes", colleague.load)
    name = shorten(colleague.first_name, NAME_LIMIT)
    if colleague.accompanies:
        return say.plain("⭐ {name}, ce conseil – {load}", name=name, load=load)
    return say.plain("{name} – {load}", name=name, load=load)


def _meeting_press(view: TeamView, meeting: MeetingChoice) -> MeetingChosenPress:
    return MeetingChosenPress(view.id, meeting.id)


def _meeting_label(say: Translator, meeting: MeetingChoice) -> str:
    title = shorten(meeting.title, _LABEL_LIMIT)
    return say.plain("{day} – {title}", day=say.short_date(meeting.starts_at), title=title)


def _near_label(say: Translator, other: NearRequest) -> str:
    kind = kind_words(other.kind, say)
    return say.plain("{number} – {name} – {kind}", number=other.number, name=name_of(say, other.first_name), kind=kind)


def _marked(say: Translator, label: str, chosen: bool) -> str:
    return say.plain("✅ {label}", label=label) if chosen else label
