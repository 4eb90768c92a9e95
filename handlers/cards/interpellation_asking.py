"""Writing to an institution, one small question a card: buttons first, by text or voice, and read back as a letter."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from council.errors import Refusal
from council.interpellation_drafts import NEEDED, Question
from council.proposal_settings import ProposalTheme
from council.settings import PartnerEntry
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, grid, quoted, shorten
from handlers.cards.home import home_row
from handlers.cards.interpellation_words import partner_label
from handlers.cards.pages import page_of, page_row
from handlers.cards.profile import CouncilsPress
from handlers.cards.refusals import refusal_sentence
from handlers.cards.steps import CancelPress, step_rows
from locales.sentences import sentence
from locales.translator import Translator
from storage.interpellations import InterpellationKind

_NAME_LIMIT, _ANSWER_LIMIT, _PREVIEW_LIMIT = 40, 300, 350
_A_PAGE, _THEMES_A_PAGE = 6, 12


class Step(StrEnum):
    """Where the writing stands; the state of the dialogue is "interpellation:" and this."""

    KIND = "kind"
    COUNCIL = "council"
    PARTNER = "partner"
    THEME = "theme"
    FACTS = "facts"
    PLACE = "place"
    SINCE = "since"
    PEOPLE = "people"
    TRIED = "tried"
    ASKED = "asked"
    EVIDENCE = "evidence"
    NAME = "name"
    PREVIEW = "preview"

    @property
    def question(self) -> Question | None:
        """What is answered at this step in one's own words; None: it is answered otherwise."""
        return Question(self.value) if self.value in set(Question) else None


@press("ipk")
class WhatPress(Press):
    """To whom in principle: an institution, or the prefect as the law allows."""

    kind: InterpellationKind


@press("ipcouncil")
class WritingCouncilPress(Press):
    council: int


@press("ipcp")
class WritingCouncilsPagePress(Press):
    page: int


@press("ipp")
class PartnerPress(Press):
    """To whom it goes, by the code of the programme's file."""

    code: str


@press("ippp")
class PartnersPagePress(Press):
    page: int


@press("ipt")
class WritingThemePress(Press):
    code: str


@press("iptp")
class WritingThemesPagePress(Press):
    page: int


@press("ipnext")
class NextPress(Press):
    """On to the next question; without an answer, this one is passed over."""


@press("ipclear")
class ClearPress(Press):
    """Forgets the answer to this question."""


@press("ipanon")
class AnonymousPress(Press):
    """Whether the letter names the author."""

    anonymous: bool


@press("ipprev")
class WritingBackPress(Press):
    """One step back."""


@press("ipchg")
class ChangeWritingPress(Press):
    """Asks what to change; with `step`, goes there."""

    step: Step | None


@press("ipsend")
class SendWritingPress(Press):
    """Sends what the preview of this `version` shows."""

    key: int
    version: int


@press("ipkeep")
class LaterPress(Press):
    """Keeps the draft, to go on another day."""


@press("iphelp")
class HelpWritingPress(Press):
    """Asks an animator for help with this draft."""


_QUESTIONS: dict[Question, str] = {
    Question.FACTS: sentence("Que se passe-t-il ?"),
    Question.PLACE: sentence("Où est-ce ? Dites la rue ou le lieu."),
    Question.SINCE: sentence("Depuis quand ?"),
    Question.PEOPLE: sentence("Pour qui est-ce un problème ? Combien de personnes ?"),
    Question.TRIED: sentence("Qu’avez-vous déjà essayé ?"),
    Question.ASKED: sentence("Que demandez-vous ?"),
}
_LABELS: dict[Question, str] = {
    Question.FACTS: sentence("Ce qui se passe"),
    Question.PLACE: sentence("Le lieu"),
    Question.SINCE: sentence("Depuis quand"),
    Question.PEOPLE: sentence("Pour qui"),
    Question.TRIED: sentence("Déjà essayé"),
    Question.ASKED: sentence("Ma demande"),
}
_CHANGED: dict[Step, str] = {
    Step.KIND: sentence("À qui j’écris"),
    Step.COUNCIL: sentence("Le conseil"),
    Step.PARTNER: sentence("L’institution"),
    Step.THEME: sentence("Le thème"),
    Step.EVIDENCE: sentence("Les photos"),
    Step.NAME: sentence("Mon nom"),
}


@dataclass(frozen=True)
class Answer:
    """What was said to one question so far: words, and how many voices."""

    words: str = ""
    voices: int = 0

    def __bool__(self) -> bool:
        return bool(self.words or self.voices)


@dataclass(frozen=True)
class Letter:
    """What the preview shows. `partner` "" and `theme` "": none. `signed` None: « Un habitant »."""

    kind: InterpellationKind
    partner: str
    theme: str
    answers: Mapping[Question, Answer]
    files: int
    signed: str | None

    @property
    def voices(self) -> int:
        return sum(each.voices for each in self.answers.values())


def label_words(say: Translator, question: Question) -> str:
    """The question as the heading of its answer, bare."""
    return say.plain(_LABELS[question])


def follow_first_card(say: Translator) -> Card:
    """For who has no council yet."""
    words = Lines().add(say("Cette question part avec un conseil."), say("Choisissez d’abord votre conseil."))
    return Card(words.text, ((Button(say.plain("Choisir mes conseils"), CouncilsPress(0)),), home_row(say)))


def kind_card(say: Translator, back: Press | None, trouble: Refusal | None = None) -> Card:
    words = _after(say, trouble).add(
        say("À qui voulez-vous écrire ?"),
        bold(say("Une institution")) + " – " + say("la mairie, le bailleur… doit répondre."),
        bold(say("Le préfet")) + " – " + say("pour un problème grave, que personne ne règle."),
    )
    rows = (
        (Button(say.plain("✉️ À une institution"), WhatPress(InterpellationKind.INTERPELLATION)),),
        (Button(say.plain("🚨 Au préfet"), WhatPress(InterpellationKind.SAISINE)),),
    )
    return Card(words.text, (*rows, _help_row(say, may_keep=False), *step_rows(say, back)))


def council_card(say: Translator, councils: Mapping[int, str], page: int, back: Press, trouble: Refusal | None) -> Card:
    shown, page, last = page_of(tuple(councils.items()), page, _A_PAGE)
    rows = [(Button(shorten(name, _NAME_LIMIT), WritingCouncilPress(each)),) for each, name in shown]
    turning = page_row(page, last, WritingCouncilsPagePress, say)
    words = _after(say, trouble).add(say("Avec quel conseil ?"))
    return Card(words.text, (*rows, *turning, _help_row(say, may_keep=False), *step_rows(say, back)))


def partner_card(
    say: Translator, partners: Sequence[PartnerEntry], page: int, back: Press, trouble: Refusal | None
) -> Card:
    """By everyday words; where the programme names nobody, an animator knows."""
    words = _after(say, trouble)
    if not partners:
        words.add(
            say("Je n’ai pas encore d’adresse pour cela."),
            say("Un animateur peut la trouver."),
            say("Vous pouvez déjà écrire la suite."),
        )
        following = (Button(say.plain("Suite ▶"), NextPress()),)
        return Card(words.text, (following, _help_row(say), *step_rows(say, back)))
    shown, page, last = page_of(partners, page, _A_PAGE)
    rows = [(Button(partner_label(say, each.kind, each.name), PartnerPress(each.code)),) for each in shown]
    words.add(say("Qui doit répondre ?"))
    turning = page_row(page, last, PartnersPagePress, say)
    return Card(words.text, (*rows, *turning, _help_row(say), *step_rows(say, back)))


def theme_card(
    say: Translator,
    themes: Sequence[ProposalTheme],
    page: int,
    back: Press,
    trouble: Refusal | None,
    *,
    may_pass: bool,
) -> Card:
    shown, page, last = page_of(themes, page, _THEMES_A_PAGE)
    labels = ((each.code, f"{each.sign} {each.called(say.language)}".strip()) for each in shown)
    rows = [*grid((Button(shorten(label, _NAME_LIMIT), WritingThemePress(code)) for code, label in labels), 2)]
    rows.extend(page_row(page, last, WritingThemesPagePress, say))
    if may_pass:
        rows.append((Button(say.plain("Passer ▶"), NextPress()),))
    words = _after(say, trouble).add(say("Sur quel thème ?"))
    return Card(words.text, (*rows, _help_row(say), *step_rows(say, back)))


def question_card(
    say: Translator, question: Question, answer: Answer, videos: int, back: Press, trouble: Refusal | None
) -> Card:
    """One question, with what was answered so far; before the first words the warning. `videos` are kept so far."""
    words = _after(say, trouble)
    rows: list[tuple[Button, ...]]
    place = list(Question).index(question) + 1
    count = say("Question {n} sur {total}", n=say.number(place), total=say.number(len(Question)))
    words.add(bold(count), say(_QUESTIONS[question]))
    if answer:
        words.add_all(_answer_lines(say, answer))
        words.add(say("Vous pouvez continuer, ou passer à la suite."))
        rows = [_answered_row(say)]
    else:
        words.add(say("🎤 Parlez, ou écrivez. Envoyez aussi des photos."))
        if question is Question.FACTS:
            words.add(say("⚠️ Pas de nom. Rien sur la santé, ni l’avis des autres."))
        rows = [] if question in NEEDED else [(Button(say.plain("Passer ▶"), NextPress()),)]
    words.add_all(_video_lines(say, videos))
    return Card(words.text, (*rows, _help_row(say), *step_rows(say, back)))


def evidence_card(say: Translator, files: int, videos: int, back: Press, trouble: Refusal | None) -> Card:
    """`videos` are among the `files` that were kept so far."""
    words = _after(say, trouble).add(say("Avez-vous des photos ou des papiers ?"))
    if files:
        words.add(say.plural("J’ai gardé {n} fichier.", "J’ai gardé {n} fichiers.", files))
        words.add_all(_video_lines(say, videos))
        row = _answered_row(say)
    else:
        words.add(say("Envoyez-les ici. Aucun visage, s’il vous plaît."))
        words.add(say("📎 Un document part tel quel. Relisez-le d’abord."))
        row = (Button(say.plain("Passer ▶"), NextPress()),)
    return Card(words.text, (row, _help_row(say), *step_rows(say, back)))


def name_card(say: Translator, first_name: str, back: Press, trouble: Refusal | None) -> Card:
    words = _after(say, trouble).add(
        say("La lettre dit-elle votre prénom ?"), say("Les référents du conseil le connaissent toujours.")
    )
    rows = (
        (Button(shorten(first_name, _NAME_LIMIT), AnonymousPress(False)),),
        (Button(say.plain("Un habitant"), AnonymousPress(True)),),
    )
    return Card(words.text, (*rows, _help_row(say), *step_rows(say, back)))


def preview_card(say: Translator, letter: Letter, send: SendWritingPress, trouble: Refusal | None) -> Card:
    """As the letter will say it."""
    words = _after(say, trouble).add(bold(_addressed(say, letter)))
    if letter.theme:
        words.add(say("Thème : {theme}", theme=letter.theme))
    words.add_all(letter_lines(say, letter.answers))
    if letter.files:
        words.add(say.plural("Avec {n} photo ou papier.", "Avec {n} photos ou papiers.", letter.files))
    words.add(say("Signé : {name}", name=letter.signed or say.plain("Un habitant")))
    if letter.voices:
        words.add(say("🎤 Le conseil écrira ce que vous avez dit."))
    sending = ((Button(say.plain("📤 Envoyer au conseil"), send),),) if letter.partner else ()
    change = (Button(say.plain("✏️ Changer"), ChangeWritingPress(None)),)
    return Card(words.text, (*sending, change, _help_row(say), (Button(say.plain("Annuler"), CancelPress()),)))


def letter_lines(say: Translator, answers: Mapping[Question, Answer], limit: int = _PREVIEW_LIMIT) -> list[Markup]:
    """Each answer under its heading; those that were passed over are not there."""
    lines = []
    for question in Question:
        answer = answers.get(question, Answer())
        if answer.words:
            shown = quoted(shorten(answer.words, limit))
            lines.append(say("{label} :", label=label_words(say, question)) + Markup(" ") + shown)
        elif answer.voices:
            lines.append(say("{label} : 🎤", label=label_words(say, question)))
    return lines


def change_card(say: Translator, offered: Collection[Step]) -> Card:
    """What can be changed; every answer stands there under its heading."""
    buttons = []
    for each in offered:
        label = label_words(say, each.question) if each.question is not None else say.plain(_CHANGED[each])
        buttons.append(Button(label, ChangeWritingPress(each)))
    return Card(say("Que voulez-vous changer ?"), (*grid(buttons, 2), *step_rows(say, WritingBackPress())))


def _addressed(say: Translator, letter: Letter) -> Markup:
    if letter.kind is InterpellationKind.SAISINE:
        return say("Voici votre lettre au préfet")
    if not letter.partner:
        return say("Voici votre lettre")
    return say("Voici votre lettre pour : {partner}", partner=shorten(letter.partner, _NAME_LIMIT))


def _answer_lines(say: Translator, answer: Answer) -> list[Markup]:
    lines = [quoted(shorten(answer.words, _ANSWER_LIMIT))] if answer.words else []
    if answer.voices:
        lines.append(say.plural("J’ai gardé {n} message vocal.", "J’ai gardé {n} messages vocaux.", answer.voices))
    return lines


def _video_lines(say: Translator, videos: int) -> list[Markup]:
    """What does not fit into a mail is said when it is given."""
    if not videos:
        return []
    words = say.plural(
        "🎬 {n} vidéo reste au conseil. Elle ne part pas avec la lettre.",
        "🎬 {n} vidéos restent au conseil. Elles ne partent pas avec la lettre.",
        videos,
    )
    return [words]


def _after(say: Translator, trouble: Refusal | None) -> Lines:
    return Lines().add(refusal_sentence(trouble, say)) if trouble is not None else Lines()


def _answered_row(say: Translator) -> tuple[Button, ...]:
    return (Button(say.plain("Suite ▶"), NextPress()), Button(say.plain("🗑 Recommencer"), ClearPress()))


def _help_row(say: Translator, *, may_keep: bool = True) -> tuple[Button, ...]:
    ask = Button(say.plain("🙋 Être aidé"), HelpWritingPress())
    return (ask, Button(say.plain("💾 Plus tard"), LaterPress())) if may_keep else (ask,)
