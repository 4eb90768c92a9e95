"""The steps of asking for support: one question a card, buttons first, and what was sent read back before it goes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from markupsafe import Markup

from council.contents import Content, bare_words
from council.errors import Refusal
from council.live_cards import LiveKind
from council.resource_actors import Theme
from council.settings import Spans
from council.support_mine import MyRequest
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Live, bold, grid, quoted, shorten
from handlers.cards.pages import page_of, page_row
from handlers.cards.refusals import refusal_sentence
from handlers.cards.resource_actor import ActorsPress
from handlers.cards.steps import CancelPress, step_rows
from handlers.cards.support import promise_words
from handlers.cards.support_files import files_words
from handlers.cards.support_words import MOST_KEPT, kept_words, kind_words
from locales.sentences import sentence
from locales.translator import Translator
from storage.support import ContentKind, SupportKind

DRAFTING = "support:words"
"""The step of the dialogue that takes the explanation."""
_NAME_LIMIT, _WORDS_LIMIT = 40, 700
_A_PAGE = 6
_A_MONDAY = date(2024, 1, 1)

Week = tuple[Spans, ...]
"""The hours of each day, Monday first."""


class KindGroup(StrEnum):
    """What a request is about, before its kind: no screen has more than six answers."""

    MEETING = "meeting"
    COUNCIL = "council"
    PEOPLE = "people"
    MEANS = "means"
    SOMEBODY = "somebody"


class Changed(StrEnum):
    """What one may change at the preview."""

    FOR_WHOM = "who"
    COUNCIL = "council"
    KIND = "kind"
    WORDS = "words"


@press("sqw")
class ForWhomPress(Press):
    """For oneself, or for one's council."""

    for_council: bool


@press("sqc")
class AskCouncilPress(Press):
    """Which council; None: the person does not know."""

    council: int | None


@press("sqcp")
class CouncilsPagePress(Press):
    """Turns the page of the councils."""

    page: int


@press("sqg")
class KindGroupPress(Press):
    """What it is about."""

    group: KindGroup


@press("sqk")
class KindPress(Press):
    """What is asked."""

    kind: SupportKind


@press("sqt")
class ThemePress(Press):
    """A theme of the directory, by its code."""

    code: str


@press("sqtp")
class ThemesPagePress(Press):
    """Turns the page of the themes."""

    page: int


@press("sqdone")
class WordsDonePress(Press):
    """That is all."""


@press("sqmore")
class MoreWordsPress(Press):
    """Back from the preview to write more."""


@press("sqchg")
class ChangePress(Press):
    """Asks what to change; with `what`, goes there."""

    what: Changed | None


@press("sqsend")
class SendRequestPress(Press):
    """Sends what the preview of this `version` shows."""

    key: int
    version: int


@press("sqback")
class AskBackPress(Press):
    """One step back."""


_GROUPS: dict[KindGroup, str] = {
    KindGroup.MEETING: sentence("📅 Une réunion"),
    KindGroup.COUNCIL: sentence("🏘 La vie du conseil"),
    KindGroup.PEOPLE: sentence("📣 Faire venir les gens"),
    KindGroup.MEANS: sentence("💶 L’argent, la formation"),
    KindGroup.SOMEBODY: sentence("🤝 Trouver quelqu’un"),
}
KINDS_OF: dict[KindGroup, tuple[SupportKind, ...]] = {
    KindGroup.MEETING: (
        SupportKind.PREPARE_MEETING,
        SupportKind.RUN_MEETING,
        SupportKind.MINUTES,
        SupportKind.ROOM,
        SupportKind.PREPARE_STEERING,
    ),
    KindGroup.COUNCIL: (
        SupportKind.STATUTES,
        SupportKind.RULES,
        SupportKind.WAKE_COUNCIL,
        SupportKind.INTER_COUNCIL,
    ),
    KindGroup.PEOPLE: (SupportKind.MOBILISATION, SupportKind.COMMUNICATION, SupportKind.TOOLS),
    KindGroup.MEANS: (SupportKind.BUDGET, SupportKind.TRAINING),
    KindGroup.SOMEBODY: (SupportKind.CONTACT, SupportKind.EXPERTISE, SupportKind.SAISINE),
}


@dataclass(frozen=True)
class AskedFor:
    """What the preview says besides the words. `council` None: they do not know."""

    for_council: bool
    council: str | None
    kind: SupportKind
    theme: str | None


def for_whom_card(say: Translator, back: Press | None, kept: int) -> Card:
    """For leads and members: who needs it."""
    rows = (
        (Button(say.plain("🙂 Pour moi"), ForWhomPress(False)),),
        (Button(say.plain("🏘 Pour mon conseil"), ForWhomPress(True)),),
    )
    words = Lines().add_all(_kept_lines(say, kept)).add(say("Pour qui demandez-vous un appui ?"))
    return Card(words.text, rows=(*rows, *step_rows(say, back)))


def council_card(
    say: Translator, councils: Mapping[int, str], page: int, back: Press | None, kept: int, *, may_not_know: bool
) -> Card:
    shown, page, last = page_of(tuple(councils.items()), page, _A_PAGE)
    rows: list[tuple[Button, ...]] = [
        (Button(shorten(name, _NAME_LIMIT), AskCouncilPress(each)),) for each, name in shown
    ]
    rows.extend(page_row(page, last, CouncilsPagePress, say))
    if may_not_know:
        rows.append((Button(say.plain("Je ne sais pas"), AskCouncilPress(None)),))
    words = Lines().add_all(_kept_lines(say, kept)).add(say("Pour quel conseil ?"))
    return Card(words.text, rows=(*rows, *step_rows(say, back)))


def group_card(say: Translator, back: Press | None, kept: int) -> Card:
    rows = tuple((Button(say.plain(label), KindGroupPress(each)),) for each, label in _GROUPS.items())
    words = Lines().add_all(_kept_lines(say, kept)).add(say("De quoi avez-vous besoin ?"))
    return Card(words.text, rows=(*rows, _something_else(say), *step_rows(say, back)))


def kind_card(say: Translator, group: KindGroup, back: Press, kept: int) -> Card:
    rows = tuple((Button(kind_words(each, say), KindPress(each)),) for each in KINDS_OF[group])
    words = Lines().add_all(_kept_lines(say, kept)).add(bold(say(_GROUPS[group])), say("De quoi s’agit-il ?"))
    return Card(words.text, rows=(*rows, _something_else(say), *step_rows(say, back)))


def theme_card(say: Translator, themes: Sequence[Theme], page: int, back: Press, trouble: Refusal | None) -> Card:
    """The themes of the directory on buttons; another one in words of one's own."""
    shown, page, last = page_of(themes, page, _A_PAGE)
    rows: list[tuple[Button, ...]] = [
        (Button(shorten(each.name, _NAME_LIMIT), ThemePress(each.code)),) for each in shown
    ]
    rows.extend(page_row(page, last, ThemesPagePress, say))
    if themes:
        rows.append((Button(say.plain("📇 Voir l’annuaire"), ActorsPress(0)),))
    else:
        rows.append((Button(say.plain("Je ne sais pas"), ThemePress("")),))
    words = Lines()
    if trouble is not None:
        words.add(refusal_sentence(trouble, say))
    words.add(say("Sur quel sujet ?"))
    words.add(say("Choisissez, ou écrivez-le.") if themes else say("Écrivez-le en quelques mots."))
    return Card(words.text, rows=(*rows, *step_rows(say, back)))


def words_card(say: Translator, back: Press | None, trouble: Refusal | None = None) -> Card:
    """Asks for the explanation, with the warning that comes before any free words."""
    words = Lines()
    if trouble is not None:
        words.add(refusal_sentence(trouble, say))
    words.add(
        say("Expliquez, comme vous voulez."),
        say("🎤 Parlez, écrivez, ou envoyez des photos."),
        say("⚠️ Pas de nom de famille. Rien sur la santé."),
    )
    return Card(words.text, rows=step_rows(say, back))


def kept_card(say: Translator, kept: int, subject_id: int, *, corrected: bool = False) -> Card:
    """How many messages are kept; kept true while more arrive."""
    words = Lines()
    if corrected:
        words.add(say("J’ai corrigé votre message."))
    words.add_all(_kept_lines(say, kept))
    if kept < MOST_KEPT:
        words.add(say("Vous pouvez continuer."))
    rows = ((Button(say.plain("✅ C’est tout"), WordsDonePress()),), *step_rows(say))
    return Card(words.text, rows=rows, live=Live(LiveKind.SUPPORT_DRAFT, subject_id))


def preview_card(say: Translator, asked: AskedFor, contents: Sequence[Content], send: SendRequestPress) -> Card:
    """Everything as the team will get it, before it goes."""
    words = Lines().add(bold(say("Votre demande : {kind}", kind=kind_words(asked.kind, say))))
    if asked.theme:
        words.add(say("Sujet : {theme}", theme=shorten(asked.theme, _NAME_LIMIT)))
    words.add(_for_words(say, asked))
    words.add_all(content_lines(say, contents))
    words.add(say("Voulez-vous l’envoyer ?"))
    rows = (
        (Button(say.plain("📤 Envoyer"), send),),
        (Button(say.plain("➕ Ajouter"), MoreWordsPress()), Button(say.plain("✏️ Changer"), ChangePress(None))),
        (Button(say.plain("Annuler"), CancelPress()),),
    )
    return Card(words.text, rows)


def change_card(say: Translator, offered: Sequence[Changed]) -> Card:
    labels = {
        Changed.FOR_WHOM: say.plain("Pour qui"),
        Changed.COUNCIL: say.plain("Le conseil"),
        Changed.KIND: say.plain("Le besoin"),
        Changed.WORDS: say.plain("Réécrire mes messages"),
    }
    rows = grid((Button(labels[each], ChangePress(each)) for each in offered), 2)
    return Card(say("Que voulez-vous changer ?"), rows=(*rows, *step_rows(say, AskBackPress())))


def sent_card(say: Translator, view: MyRequest, week: Week, *, outside_hours: bool) -> Card:
    """The promise: « Nous sommes vendredi 18 h 40. Julien vous répondra avant lundi 12 h. », after it went."""
    words = Lines().add(
        say("✅ C’est envoyé."),
        say("Nous sommes {day} {time}.", day=say.weekday(view.now), time=say.time(view.now)),
    )
    if outside_hours:
        words.add(team_days(say, week))
    return Card(words.add(promise_words(say, view)).text)


def team_days(say: Translator, week: Week) -> Markup:
    """On which days the team works: « … du lundi au vendredi »."""
    worked = [number for number, spans in enumerate(week) if spans]
    names = [say.weekday(_A_MONDAY + timedelta(days=each)) for each in worked]
    if len(worked) > 2 and worked == list(range(worked[0], worked[-1] + 1)):
        return say("L’équipe travaille du {first} au {last}.", first=names[0], last=names[-1])
    return say("L’équipe travaille ces jours : {days}.", days=say.enumeration(names))


def content_lines(say: Translator, contents: Sequence[Content]) -> list[Markup]:
    """The words, shortened, and the files counted."""
    lines = []
    said = "\n".join(each for each in (bare_words(content) for content in contents) if each)
    if said:
        lines.append(quoted(shorten(said, _WORDS_LIMIT)))
    files = files_words(say, Counter(each.kind for each in contents if each.kind is not ContentKind.TEXT))
    if files:
        lines.append(say("Avec : {files}", files=files))
    return lines


def _for_words(say: Translator, asked: AskedFor) -> Markup:
    council = shorten(asked.council, _NAME_LIMIT) if asked.council else None
    if asked.for_council and council is not None:
        return say("Pour le conseil : {council}", council=council)
    if council is not None:
        return say("Pour vous – conseil : {council}", council=council)
    return say("Pour vous")


def _something_else(say: Translator) -> tuple[Button, ...]:
    return (Button(kind_words(SupportKind.OTHER, say), KindPress(SupportKind.OTHER)),)


def _kept_lines(say: Translator, kept: int) -> tuple[Markup, ...]:
    return (kept_words(say, kept),) if kept else ()
