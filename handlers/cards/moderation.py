"""The moderators' desk: the queue, one text with all that is needed to decide, and the other one it is joined with."""

from collections.abc import Sequence

from markupsafe import Markup

from council.live_cards import LiveKind
from council.proposal_desk import DeskView, Queue, Waiting
from council.proposal_flags import Flag
from council.proposal_near import NearProposal
from council.proposal_originals import Told
from council.proposal_states import TRANSITIONS
from council.proposals import beyond_title
from council.settings import ProgrammeSettings
from documents.proposal_words import REASONS
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Live, Media, MediaKind, bold, grid, quoted, shorten, utf16_length
from handlers.cards.home import home_button, home_entry, who_manages
from handlers.cards.pages import page_of, page_row
from handlers.cards.proposal import ProposalMapPress, ProposalPress
from handlers.cards.proposal_deciding import StepPress
from handlers.cards.proposal_originals import original_cards
from handlers.cards.proposal_said import decided_words, said_words
from handlers.cards.proposal_treatment import DeskPress, TreatProposalPress
from handlers.cards.proposal_words import state_words, title_words
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator
from storage.proposals import ProposalAct, ProposalState

A_PAGE = 6
WHOLE = 3_000
"""UTF-16 units of a text that the desk shows whole; of a longer one it shows the beginning, under the whole."""
_BEGINNING, _LABEL_LIMIT, _NAME_LIMIT, _COUNCIL_LIMIT, _ASKED_LIMIT = 300, 40, 40, 60, 200
_Rows = tuple[tuple[Button, ...], ...]


@press("mo")
class ModerationPress(Press):
    """A page of what waits for a moderator."""

    page: int = 0


@press("mop")
class PublishPress(Press):
    """Publishes the text as the card showed it."""

    proposal: int
    revision: int


@press("mos")
class ShowAgainPress(Press):
    """What was reported may stand."""

    proposal: int
    revision: int


@press("mol")
class OriginalsPress(Press):
    """Sends what the author sent: voice, picture, files."""

    proposal: int


@press("mot")
class WriteTitlePress(Press):
    """Asks for another title."""

    proposal: int


@press("mow")
class WriteTextPress(Press):
    """Asks for the text that will be published in the place of a voice."""

    proposal: int


@press("mopl")
class WritePlacePress(Press):
    """Asks for the place in words."""

    proposal: int


@press("moj")
class JoinPress(Press):
    """Asks which other proposal says the same."""

    proposal: int


@press("mojw")
class JoinWithPress(Press):
    """Shows both, and asks whether they are one."""

    proposal: int
    into: int


@press("mojy")
class JoinedPress(Press):
    """They are one."""

    proposal: int
    revision: int
    into: int


@press("mox")
class StalePress(Press):
    """A page of what stands still, in one council or in all that I manage."""

    council: int | None = None
    page: int = 0


home_entry(80, sentence("📝 Propositions à relire"), ModerationPress(), who=who_manages)

FLAGS: dict[str, str] = {
    Flag.LINK: sentence("un lien"),
    Flag.PHONE: sentence("un numéro de téléphone"),
    Flag.MAIL: sentence("une adresse e-mail"),
    Flag.UNREADABLE: sentence("presque pas de mots"),
    Flag.AGAIN: sentence("déjà envoyée avant"),
}
_UNWRITTEN: dict[Told | None, str] = {
    Told.SPOKEN: sentence("🎤 L’auteur a parlé."),
    Told.SHOWN: sentence("📷 L’auteur a envoyé une image, sans un mot."),
    Told.BOTH: sentence("🎤 L’auteur a parlé, et envoyé une image."),
    None: sentence("📄 L’auteur a envoyé un fichier, sans un mot."),
}


def queue_card(say: Translator, queue: Queue, page: int, done: str = "") -> Card:
    """What waits, oldest first; `done` says what has just been decided."""
    words = Lines()
    if done:
        words.add(bold(done))
    if queue.waiting:
        words.add(waiting_line(say, len(queue.waiting)))
        if any(each.flagged for each in queue.waiting):
            words.add(say("⚠️ : à regarder de près."))
        if any(each.hidden for each in queue.waiting):
            words.add(say("🚩 : signalée par des habitants."))
    else:
        words.add(say("Aucune proposition n’attend votre avis."))
    words.add_all(_own_lines(say, queue))
    shown, page, last = page_of(queue.waiting, page, A_PAGE)
    rows = tuple((Button(_waiting_label(say, each), DeskPress(each.id)),) for each in shown)
    turning = page_row(page, last, ModerationPress, say)
    stale = Button(say.plain("🐌 Celles qui n’avancent pas"), StalePress())
    return Card(words.text, (*rows, *turning, (stale,), (home_button(say),)))


def waiting_line(say: Translator, waiting: int) -> Markup:
    return say.plural("{n} proposition attend votre avis.", "{n} propositions attendent votre avis.", waiting)


def waits_card(say: Translator, view: DeskView) -> Card:
    """Told to a moderator: a text waits. One tap opens it."""
    head = (
        say("🚩 Des habitants ont signalé un texte.") if view.hidden else say("📝 Une proposition attend votre avis.")
    )
    words = Lines().add(head, bold(heading_words(say, view)), say("Conseil : {council}", council=_council(view)))
    if view.asked and not view.hidden:
        words.add(say("Son auteur l’a corrigée."))
    return Card(words.text, ((Button(say.plain("Lire et décider"), DeskPress(view.id)),),))


def desk_cards(say: Translator, view: DeskView, programme: ProgrammeSettings) -> tuple[Card, ...]:
    """The text to decide on, under the picture that would be published with it, and under itself when it is long."""
    cards: list[Card] = []
    if view.photo_file_id is not None:
        cards.append(Card(bold(heading_words(say, view)), media=Media(MediaKind.PHOTO, file_id=view.photo_file_id)))
    if utf16_length(view.words) > WHOLE:
        cards.append(Card(Markup("{}").format(view.words)))
    return (*cards, desk_card(say, view, programme))


def sent_cards(say: Translator, view: DeskView) -> tuple[Card, ...]:
    """What the author sent, voice and files, for moderators alone; call it only when there is something."""
    return original_cards(view.originals, ((Button(say.plain("Lire et décider"), DeskPress(view.id)),),))


def desk_card(say: Translator, view: DeskView, programme: ProgrammeSettings) -> Card:
    """The words as people would read them, whose they are, what to look at, and the buttons; kept true."""
    words = Lines().add(bold(heading_words(say, view)), _from_line(say, view, programme))
    if view.words:
        more = beyond_title(view.title, view.words)
        whole = utf16_length(view.words) <= WHOLE
        words.add_all([quoted(shorten(more, WHOLE if whole else _BEGINNING))] if more else [])
    else:
        words.add(say(_UNWRITTEN[view.told]), say("Écrivez le texte à publier."))
    if view.place or view.on_map:
        words.add(say("Lieu : {place}", place=view.place or say.plain("un point sur la carte")))
    if view.waits:
        words.add_all(_look_lines(say, view))
    else:
        words.add(_stands_line(say, view))
        if view.state is ProposalState.TO_CORRECT:
            words.add_all(_asked_lines(say, view))
    return Card(words.text, (*_desk_rows(say, view), to_queue(say)), live=Live(LiveKind.MODERATION, view.id))


def heading_words(say: Translator, view: DeskView) -> str:
    """« P-2026-014 : Un banc », bare."""
    return say.plain("{number} : {title}", number=view.number, title=title_words(say, view.title, view.told))


def write_title_card(say: Translator, view: DeskView, trouble: str = "") -> Card:
    words = _asking(trouble).add(
        bold(heading_words(say, view)), say("Quel titre faut-il publier ?"), say("Écrivez-le en peu de mots.")
    )
    return Card(words.text, step_rows(say, DeskPress(view.id)))


def write_text_card(say: Translator, view: DeskView, trouble: str = "") -> Card:
    in_picture = view.lacks_words and view.told is Told.SHOWN
    words = _asking(trouble).add(
        bold(heading_words(say, view)),
        say("Écrivez ce que montre l’image.") if in_picture else say("Écrivez ce que dit l’auteur."),
        say("La première phrase sera le titre."),
    )
    if view.told in (Told.SPOKEN, Told.BOTH):
        words.add(say("Le message vocal reste entre vous et lui."))
    return Card(words.text, step_rows(say, DeskPress(view.id)))


def write_place_card(say: Translator, view: DeskView, trouble: str = "") -> Card:
    words = _asking(trouble).add(bold(heading_words(say, view)), say("Quel lieu dit l’auteur ?"))
    words.add(say("Écrivez-le en peu de mots."), say("Pas d’adresse personnelle, s’il vous plaît."))
    return Card(words.text, step_rows(say, DeskPress(view.id)))


def join_card(say: Translator, view: DeskView, near: Sequence[NearProposal], trouble: str = "") -> Card:
    """Asks which other proposal says the same; `near` are those that may."""
    words = _asking(trouble).add(bold(heading_words(say, view)), say("Quelle autre proposition dit la même chose ?"))
    words.add(
        say("Choisissez, ou écrivez son numéro : P-2026-014.") if near else say("Écrivez son numéro : P-2026-014.")
    )
    rows = tuple(
        (
            Button(
                say.plain("{number} : {title}", number=each.number, title=shorten(each.title, _LABEL_LIMIT)),
                JoinWithPress(view.id, each.id),
            ),
        )
        for each in near
    )
    back = DeskPress(view.id) if view.waits else TreatProposalPress(view.id)
    return Card(words.text, (*rows, *step_rows(say, back)))


def join_sure_card(say: Translator, view: DeskView, into: DeskView) -> Card:
    words = Lines().add(
        bold(heading_words(say, view)),
        say("Elle sera réunie à celle-ci :"),
        bold(heading_words(say, into)),
        say("L’auteur et les soutiens vont avec."),
        say("Faut-il les réunir ?"),
    )
    sure = Button(say.plain("Oui, les réunir"), JoinedPress(view.id, view.revision, into.id))
    return Card(words.text, ((sure,), *step_rows(say, JoinPress(view.id))))


def _own_lines(say: Translator, queue: Queue) -> list[Markup]:
    if queue.stuck:
        return [say("Votre proposition {number} attend.", number=queue.stuck[0]), *_nobody_else(say)]
    if queue.own:
        return [say("Votre proposition {number} attend quelqu’un d’autre.", number=queue.own[0])]
    return []


def _waiting_label(say: Translator, waiting: Waiting) -> str:
    title = shorten(title_words(say, waiting.title, waiting.told), _LABEL_LIMIT)
    label = say.plain("{number} : {title}", number=waiting.number, title=title)
    if waiting.hidden:
        return say.plain("🚩 {label}", label=label)
    return say.plain("⚠️ {label}", label=label) if waiting.flagged else label


def _from_line(say: Translator, view: DeskView, programme: ProgrammeSettings) -> Markup:
    """Whose it is, of which council, on what; that the name stays hidden is what the moderator must know."""
    name = shorten(view.author, _NAME_LIMIT) if view.author else say.plain("Un habitant")
    if view.anonymous and view.author:
        name = say.plain("{name} (nom caché aux autres)", name=name)
    theme = programme.proposals.theme(view.theme).called(say.language)
    return say("De : {name}. {council}. Thème : {theme}", name=name, council=_council(view), theme=theme)


def _look_lines(say: Translator, view: DeskView) -> list[Markup]:
    lines = []
    if view.reports:
        reasons = [
            say.plain("{reason} ({n})", reason=say.plain(REASONS[reason]), n=say.number(n))
            for reason, n in sorted(view.reports.items())
        ]
        lines.append(say("🚩 Signalée : {reasons}.", reasons=say.enumeration(reasons)))
    if view.flags:
        flags = [say.plain(FLAGS[each]) for each in view.flags if each in FLAGS]
        lines.append(say("⚠️ À regarder : {flags}.", flags=say.enumeration(flags)))
    if not view.hidden:
        lines.extend(_asked_lines(say, view))
    if view.mine and view.nobody_else:
        lines.extend(_nobody_else(say))
    elif view.mine:
        lines.append(bold(say("C’est votre proposition. Quelqu’un d’autre la lira.")))
    return lines


def _asked_lines(say: Translator, view: DeskView) -> list[Markup]:
    if not view.asked:
        return []
    asked = shorten(said_words(say, view.asked), _ASKED_LIMIT)
    return [say("Il était demandé : « {words} »", words=asked)]


def _nobody_else(say: Translator) -> list[Markup]:
    return [say("Personne d’autre ne peut la lire. Invitez un animateur.")]


def _stands_line(say: Translator, view: DeskView) -> Markup:
    if view.decided_by is not None and view.act is not None:
        return bold(decided_words(say, view.decided_by, view.act))
    return bold(say("État : {state}", state=state_words(view.state, say)))


def _desk_rows(say: Translator, view: DeskView) -> _Rows:
    rows: list[tuple[Button, ...]] = []
    if view.spoken:
        rows.append((Button(say.plain("📎 Ce que l’auteur a envoyé"), OriginalsPress(view.id)),))
    if view.on_map:
        rows.append((Button(say.plain("🗺 Sur la carte"), ProposalMapPress(view.id)),))
    if view.public:
        rows.append((Button(say.plain("Voir la proposition"), ProposalPress(view.id)),))
    if view.mine or view.public:
        return tuple(rows)
    if not view.waits:  # with its author, or at its end
        return (*rows, *ending_rows(say, view))
    if view.hidden:
        return (
            *rows,
            (Button(say.plain("👁 Montrer de nouveau"), ShowAgainPress(view.id, view.revision)),),
            *ending_rows(say, view),
        )
    ask = Button(say.plain("✏️ Demander à l’auteur"), StepPress(view.id, ProposalAct.CORRECTION_ASKED, view.revision))
    title = Button(say.plain("🔤 Changer le titre"), WriteTitlePress(view.id))
    text = Button(say.plain("✍️ Écrire le texte"), WriteTextPress(view.id))
    place = Button(say.plain("📍 Écrire le lieu"), WritePlacePress(view.id))
    if view.lacks_words:
        return (*rows, (text, place), (ask,), *ending_rows(say, view))
    publish = Button(say.plain("✅ Publier"), PublishPress(view.id, view.revision))
    changing = (title, text, place) if view.spoken else (title, place)
    return (*rows, (publish,), (ask,), *grid(changing, 2), *ending_rows(say, view))


def ending_rows(say: Translator, view: DeskView) -> _Rows:
    """The ways in which it goes no further from here: joined with another, or set aside."""
    ends: list[Button] = []
    if ProposalState.MERGED in TRANSITIONS[view.state]:
        ends.append(Button(say.plain("🔗 Réunir"), JoinPress(view.id)))
    if ProposalState.SET_ASIDE in TRANSITIONS[view.state]:
        ends.append(Button(say.plain("🚫 Écarter"), StepPress(view.id, ProposalAct.SET_ASIDE, view.revision)))
    return (tuple(ends),) if ends else ()


def to_queue(say: Translator) -> tuple[Button, ...]:
    """Back to all that waits."""
    # No way home from here: home knows nothing of live cards, and a refresh would write over it.
    return (Button(say.plain("📋 À relire"), ModerationPress()),)


def _council(view: DeskView) -> str:
    return shorten(view.council, _COUNCIL_LIMIT)


def _asking(trouble: str) -> Lines:
    return Lines().add(trouble) if trouble else Lines()
