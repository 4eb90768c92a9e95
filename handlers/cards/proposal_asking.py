"""The steps of proposing an idea: one question a card, buttons first, read back before it goes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from council.contents import Content
from council.errors import Refusal
from council.live_cards import LiveKind
from council.meeting_places import KnownPlace
from council.proposal_originals import SHOWN, Told, told_by
from council.proposal_settings import ProposalTheme
from council.proposal_similar import SimilarProposal
from council.proposals import SameProposal, beyond_title
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Live, bold, grid, quoted, shorten
from handlers.cards.home import home_entry, home_row
from handlers.cards.meeting_form import place_mark
from handlers.cards.pages import page_of, page_row
from handlers.cards.proposal import ProposalPress
from handlers.cards.refusals import refusal_sentence
from handlers.cards.steps import CancelPress, step_rows
from handlers.cards.support_files import files_words
from handlers.cards.support_words import MOST_KEPT, kept_words
from locales.sentences import sentence
from locales.translator import Translator
from storage.support import ContentKind

DRAFTING = "idea:words"
"""The step of the dialogue that takes the idea."""
_LABEL_LIMIT, _TITLE_LIMIT, _WORDS_LIMIT = 40, 80, 600
_A_PAGE, _THEMES_A_PAGE = 6, 12
_UNSEEN = (ContentKind.TEXT, ContentKind.LOCATION)


class Changed(StrEnum):
    """What one may change at the preview."""

    COUNCIL = "council"
    TITLE = "title"
    THEME = "theme"
    PLACE = "place"
    NAME = "name"
    WORDS = "words"


@press("pqask")
class ProposePress(Press):
    """Begins to propose an idea."""


@press("pqc")
class IdeaCouncilPress(Press):
    """For which council."""

    council: int


@press("pqcp")
class IdeaCouncilsPagePress(Press):
    """Turns the page of the councils."""

    page: int


@press("pqdone")
class IdeaDonePress(Press):
    """That is all."""


@press("pqagain")
class IdeaAgainPress(Press):
    """Throws away what was sent, to say it again."""


@press("pqt")
class IdeaThemePress(Press):
    """A theme of the programme, by its code."""

    code: str


@press("pqtp")
class IdeaThemesPagePress(Press):
    """Turns the page of the themes."""

    page: int


@press("pqp")
class IdeaPlacePress(Press):
    """A usual place, by its mark; None: no place."""

    mark: str | None


@press("pqn")
class IdeaNamePress(Press):
    """Signed by the first name, or by « Un habitant »."""

    anonymous: bool


@press("pqs")
class SupportThisPress(Press):
    """Supports a proposal that says nearly the same."""

    proposal: int


@press("pqd")
class DifferentPress(Press):
    """One's own is different: goes on to send it."""


@press("pqend")
class NoMorePress(Press):
    """Somebody else has said it: one's own is not sent."""


@press("pqmore")
class MoreIdeaPress(Press):
    """Back from the preview to say more."""


@press("pqchg")
class ChangeIdeaPress(Press):
    """Asks what to change; with `what`, goes there."""

    what: Changed | None


@press("pqowntitle")
class OwnTitlePress(Press):
    """The title is taken from the first words again."""


@press("pqsend")
class SendIdeaPress(Press):
    """Sends what the preview of this `version` shows."""

    key: int
    version: int


@press("pqback")
class IdeaBackPress(Press):
    """One step back."""


home_entry(20, sentence("💡 Proposer une idée"), ProposePress())


@dataclass(frozen=True)
class Proposed:
    """What the preview says besides the words. `title` is "" for a voice alone; `place` None when none was given.

    `signed` is the first name, None for « Un habitant ».
    """

    title: str
    words: str
    council: str
    theme: str
    place: str | None
    signed: str | None


def council_card(say: Translator, councils: Mapping[int, str], page: int, back: Press | None, kept: int) -> Card:
    shown, page, last = page_of(tuple(councils.items()), page, _A_PAGE)
    rows: list[tuple[Button, ...]] = [
        (Button(shorten(name, _LABEL_LIMIT), IdeaCouncilPress(each)),) for each, name in shown
    ]
    rows.extend(page_row(page, last, IdeaCouncilsPagePress, say))
    words = Lines().add_all(_kept_lines(say, kept)).add(say("Votre idée est pour quel quartier ?"))
    return Card(words.text, rows=(*rows, *step_rows(say, back)))


def words_card(say: Translator, back: Press | None, trouble: Refusal | None = None) -> Card:
    """Asks for the idea, with the warning that comes before any free words."""
    words = _after(say, trouble).add(
        say("Quelle est votre idée pour le quartier ?"),
        say("🎤 Parlez, écrivez, ou envoyez des photos."),
        *warning_lines(say),
    )
    return Card(words.text, rows=step_rows(say, back))


def kept_card(
    say: Translator, kept: int, subject_id: int, *, trouble: Refusal | None = None, corrected: bool = False
) -> Card:
    """How many messages are kept; kept true while more arrive."""
    words = _after(say, trouble)
    if corrected:
        words.add(say("J’ai corrigé votre message."))
    words.add_all(_kept_lines(say, kept))
    if trouble is None and kept < MOST_KEPT:
        words.add(say("Vous pouvez continuer."))
    words.add_all(warning_lines(say))
    rows = [(Button(say.plain("✅ C’est tout"), IdeaDonePress()),)]
    if trouble is not None:
        rows.append((Button(say.plain("🗑 Recommencer"), IdeaAgainPress()),))
    return Card(words.text, rows=(*rows, *step_rows(say)), live=Live(LiveKind.SUPPORT_DRAFT, subject_id))


def theme_card(say: Translator, themes: Sequence[ProposalTheme], page: int, back: Press, kept: int) -> Card:
    shown, page, last = page_of(themes, page, _THEMES_A_PAGE)
    labels = ((each.code, f"{each.sign} {each.called(say.language)}".strip()) for each in shown)
    rows = [*grid((Button(shorten(label, _LABEL_LIMIT), IdeaThemePress(code)) for code, label in labels), 2)]
    rows.extend(page_row(page, last, IdeaThemesPagePress, say))
    words = Lines().add_all(_kept_lines(say, kept)).add(say("De quoi parle votre idée ?"))
    return Card(words.text, rows=(*rows, *step_rows(say, back)))


def place_card(
    say: Translator, places: Sequence[KnownPlace], back: Press, kept: int, trouble: Refusal | None = None
) -> Card:
    rows = [(Button(shorten(each.name, _LABEL_LIMIT), IdeaPlacePress(place_mark(each))),) for each in places[:_A_PAGE]]
    rows.append((Button(say.plain("Pas de lieu précis"), IdeaPlacePress(None)),))
    words = _after(say, trouble).add_all(_kept_lines(say, kept))
    words.add(
        say("À quel endroit ?"),
        say("Écrivez-le, dites-le 🎤, ou envoyez un point 📎."),
        say("Ne donnez pas votre adresse personnelle."),
    )
    return Card(words.text, rows=(*rows, *step_rows(say, back)))


def name_card(say: Translator, first_name: str, back: Press, kept: int) -> Card:
    """By which name the public reads it; who moderates knows the author."""
    words = Lines().add_all(_kept_lines(say, kept))
    words.add(
        say("Quel nom les habitants verront-ils ?"),
        say("Les référents et l’animateur connaissent toujours votre prénom."),
    )
    rows = (
        (Button(shorten(first_name, _LABEL_LIMIT), IdeaNamePress(False)),),
        (Button(say.plain("Un habitant"), IdeaNamePress(True)),),
    )
    return Card(words.text, rows=(*rows, *step_rows(say, back)))


def similar_card(say: Translator, found: Sequence[SimilarProposal], back: Press) -> Card:
    """What others of the council proposed that is near."""
    words = Lines().add(say.plural("Une idée ressemble à la vôtre :", "Ces idées ressemblent à la vôtre :", len(found)))
    words.add_all(_listed(say, each) for each in found)
    words.add(say("Voulez-vous soutenir une de ces idées ?") if len(found) > 1 else say("Voulez-vous la soutenir ?"))
    rows = [(Button(_support_label(say, each, len(found)), SupportThisPress(each.id)),) for each in found]
    rows.append((Button(say.plain("Ma proposition est différente"), DifferentPress()),))
    return Card(words.text, rows=(*rows, *step_rows(say, back)))


def supported_card(say: Translator, number: str) -> Card:
    """Theirs is supported now: is one's own needed still?"""
    words = Lines().add(
        say("✅ Vous soutenez la proposition {number}.", number=number),
        say("Je vous dirai ce qu’elle devient."),
        say("Voulez-vous envoyer aussi la vôtre ?"),
    )
    no = Button(say.plain("Non, c’est bien comme ça"), NoMorePress())
    yes = Button(say.plain("Oui, elle est différente"), DifferentPress())
    return Card(words.text, ((no,), (yes,)))


def title_card(say: Translator, back: Press, trouble: Refusal | None = None) -> Card:
    words = _after(say, trouble).add(say("Écrivez un titre court."))
    rows = ((Button(say.plain("Prendre les premiers mots"), OwnTitlePress()),),)
    return Card(words.text, rows=(*rows, *step_rows(say, back)))


def preview_card(
    say: Translator, proposed: Proposed, contents: Sequence[Content], send: SendIdeaPress, reason: str | None = None
) -> Card:
    """Everything as the moderators will get it, before it goes. `reason`: why they sent it back, bare."""
    words = Lines()
    if reason is not None:
        words.add(say("On vous demande de corriger : {reason}", reason=shorten(reason, _WORDS_LIMIT)))
    words.add(bold(say("Votre proposition : {title}", title=proposed.title or _untitled(say, told_by(contents)))))
    more = beyond_title(proposed.title, proposed.words)
    words.add_all([quoted(shorten(more, _WORDS_LIMIT))] if more else [])
    words.add_all(_files_lines(say, Counter(each.kind for each in contents if each.kind not in _UNSEEN)))
    words.add(_about(say, proposed))
    signed = proposed.signed or say.plain("Un habitant")
    words.add(say("Pour : {council}. Signé : {name}.", council=proposed.council, name=signed))
    words.add(say("Voulez-vous l’envoyer ?"))
    rows = (
        (Button(say.plain("📤 Envoyer"), send),),
        (Button(say.plain("➕ Ajouter"), MoreIdeaPress()), Button(say.plain("✏️ Changer"), ChangeIdeaPress(None))),
        (Button(say.plain("Annuler"), CancelPress()),),
    )
    return Card(words.text, rows)


def change_card(say: Translator, offered: Sequence[Changed]) -> Card:
    labels = {
        Changed.COUNCIL: say.plain("Le quartier"),
        Changed.TITLE: say.plain("Le titre"),
        Changed.THEME: say.plain("Le thème"),
        Changed.PLACE: say.plain("Le lieu"),
        Changed.NAME: say.plain("Le nom"),
        Changed.WORDS: say.plain("Tout redire"),
    }
    rows = grid((Button(labels[each], ChangeIdeaPress(each)) for each in offered), 2)
    return Card(say("Que voulez-vous changer ?"), rows=(*rows, *step_rows(say, IdeaBackPress())))


def sent_card(say: Translator, number: str, *, written: bool, told: Told | None) -> Card:
    """It has gone to the moderators: what comes next. Not `written`: there is no word yet that could be read."""
    words = Lines().add(
        say("✅ C’est envoyé. Votre numéro : {number}.", number=number),
        say("Un référent ou un animateur la lit d’abord."),
        say("Ensuite, tout le quartier pourra la lire."),
        say("Je vous dirai ce qu’elle devient."),
    )
    if not written:
        is_heard = told in (Told.SPOKEN, Told.BOTH)
        words.add(say("Votre voix reste privée. Un texte sera publié.") if is_heard else say("Un texte sera publié."))
    return Card(words.text)


def same_card(say: Translator, same: SameProposal) -> Card:
    """The same words have been sent before: where they are now, and what one may do."""
    words = Lines().add(
        say("Vous avez déjà envoyé cette idée."),
        say("C’est la proposition {number}.", number=same.number),
        say("Voulez-vous changer quelque chose ?"),
    )
    rows = (
        (Button(say.plain("Voir {number}", number=same.number), ProposalPress(same.proposal_id)),),
        (Button(say.plain("✏️ Changer"), ChangeIdeaPress(None)),),
        *step_rows(say, IdeaBackPress()),
    )
    return Card(words.text, rows)


def let_go_card(say: Translator) -> Card:
    return Card(say("C’est noté. Votre idée n’est pas envoyée."), (home_row(say),))


def _files_lines(say: Translator, files: Counter[ContentKind]) -> tuple[Markup, ...]:
    """What goes with it, and which of it people will see: nobody thinks a picture published that is not."""
    if not files:
        return ()
    words = [say("Avec : {files}", files=files_words(say, files))]
    if not files[ContentKind.PHOTO]:
        unseen = files.keys() & SHOWN
        words += [say("Un fichier n’est pas publié. Envoyez plutôt une photo.")] if unseen else []
    elif sum(n for kind, n in files.items() if kind in SHOWN) > 1:
        words.append(say("Seule la première photo est publiée."))
    return (Markup(". ").join(words),)


def _about(say: Translator, proposed: Proposed) -> Markup:
    theme = say("Thème : {theme}.", theme=shorten(proposed.theme, _LABEL_LIMIT))
    if proposed.place is None:
        return theme
    place = shorten(proposed.place, _TITLE_LIMIT) or say.plain("un point sur la carte")
    return Markup(" ").join((theme, say("Lieu : {place}.", place=place)))


def _untitled(say: Translator, told: Told | None) -> str:
    match told:
        case Told.SPOKEN:
            return say.plain("votre message vocal")
        case Told.SHOWN:
            return say.plain("votre image")
        case Told.BOTH:
            return say.plain("votre message vocal et votre image")
    return say.plain("votre fichier")


def _listed(say: Translator, each: SimilarProposal) -> Markup:
    return say("{number} – {title}", number=each.number, title=shorten(each.title, _TITLE_LIMIT))


def _support_label(say: Translator, each: SimilarProposal, among: int) -> str:
    if among == 1:
        return say.plain("👍 Soutenir celle-ci")
    return say.plain("👍 Soutenir {number}", number=each.number)


def _after(say: Translator, trouble: Refusal | None) -> Lines:
    """Words that begin with what went wrong."""
    return Lines().add_all([refusal_sentence(trouble, say)] if trouble is not None else [])


def warning_lines(say: Translator) -> tuple[Markup, ...]:
    """Said before any free words."""
    return (
        say("⚠️ Pas de nom de personne. Rien sur la santé."),
        say("Rien sur les opinions ou la religion des gens."),
    )


def _kept_lines(say: Translator, kept: int) -> tuple[Markup, ...]:
    return (kept_words(say, kept),) if kept else ()
