"""News that leads write: the steps to write them, and what their readers see."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from council.announcements import AnnouncementView
from council.errors import Refusal
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Media, MediaKind, quoted, shorten
from handlers.cards.home import home_button, home_entry, who_manages
from handlers.cards.meeting import ManagePress
from handlers.cards.meeting_lead import neutrality_lines
from handlers.cards.meeting_words import councils_words
from handlers.cards.refusals import refusal_sentence
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator

WORDS_WITH_FILE = 800
"""UTF-16 units: with who signs they fit into a caption (1,024)."""
_NAME_LIMIT = 40


@press("ann")
class AnnouncePress(Press):
    """Begins to write to residents."""


@press("anc")
class AnnounceToPress(Press):
    """Turns one council on or off; None: all of them."""

    council: int | None


@press("and")
class CouncilsDonePress(Press):
    """On to the words."""


@press("anb")
class AnnounceBackPress(Press):
    """One step back."""


@press("anok")
class SendAnnouncementPress(Press):
    """Sends what the preview of this `version` shows."""

    key: int
    version: int


home_entry(90, sentence("📣 Écrire aux habitants"), AnnouncePress(), who=who_manages)


def announcement_card(say: Translator, view: AnnouncementView) -> Card:
    """The lead's words as written, signed by the council."""
    words = Lines()
    if view.meeting_title is not None:
        words.add(say("Au sujet de la réunion : {title}", title=view.meeting_title))
    if view.words:
        words.add(quoted(view.words))
    names = tuple(shorten(each, _NAME_LIMIT) for each in view.councils)
    words.add(say("Signé : {councils}", councils=councils_words(say, names)))
    file = view.enclosure
    return Card(words.text, media=Media(MediaKind(file.kind), file_id=file.file_id) if file else None)


def to_whom_card(say: Translator, councils: Mapping[int, str], chosen: frozenset[int]) -> Card:
    rows: list[tuple[Button, ...]] = []
    for council_id, name in councils.items():
        label = shorten(name, _NAME_LIMIT)
        if council_id in chosen:
            label = say.plain("✅ {label}", label=label)
        rows.append((Button(label, AnnounceToPress(council_id)),))
    if len(chosen) < len(councils):
        rows.append((Button(say.plain("Tous les conseils"), AnnounceToPress(None)),))
    if chosen:
        rows.append((Button(say.plain("Continuer ▶"), CouncilsDonePress()),))
    words = Lines().add(say("À qui voulez-vous écrire ?"), say("Vous pouvez choisir plusieurs conseils."))
    return Card(words.text, rows=(*rows, *step_rows(say)))


def words_card(say: Translator, back: Press | None, about: str | None = None, trouble: Refusal | None = None) -> Card:
    """Asks for the words; `about` is the title of the meeting whose people are written to."""
    words = Lines()
    if trouble is not None:
        words.add(refusal_sentence(trouble, say))
    if about is not None:
        words.add(say("Vous écrivez à ceux qui viennent : {title}", title=about))
    words.add(say("Que voulez-vous leur dire ?"), say("Écrivez, parlez, ou envoyez une image ou un document."))
    return Card(words.text, rows=step_rows(say, back))


def preview_cards(
    say: Translator,
    view: AnnouncementView,
    receivers: int,
    confirm: SendAnnouncementPress,
    *,
    heard_later: datetime | None,
    reserved: bool,
    note: str,
) -> tuple[Card, Card]:
    """`heard_later`: when the night is over, if that is what the words will wait for."""
    words = Lines()
    if note:
        words.add(note)
    words.add(say("Voilà ce que les gens verront."))
    words.add(say.plural("{n} personne le recevra.", "{n} personnes le recevront.", receivers))
    words.add_all(_night_line(say, heard_later))
    if reserved:
        words.add_all(neutrality_lines(say))
    words.add(say("Faut-il l’envoyer ?"))
    label = say.plain("✅ Oui, c’est neutre : envoyer") if reserved else say.plain("✅ Envoyer")
    rows = ((Button(label, confirm),), *step_rows(say, AnnounceBackPress()))
    return announcement_card(say, view), Card(words.text, rows=rows)


def sent_card(say: Translator, receivers: int, meeting: int | None, heard_later: datetime | None) -> Card:
    if heard_later is None:
        words = Lines().add(say("C’est envoyé."))
        words.add(say.plural("{n} personne le reçoit.", "{n} personnes le reçoivent.", receivers))
    else:
        words = Lines().add(say("C’est prêt."))
        words.add(say.plural("{n} personne le recevra.", "{n} personnes le recevront.", receivers))
        words.add_all(_night_line(say, heard_later))
    back = Button(say.plain("Retour à la réunion"), ManagePress(meeting)) if meeting is not None else None
    return Card(words.text, rows=((back, home_button(say)) if back else (home_button(say),),))


def _night_line(say: Translator, heard_later: datetime | None) -> list[str]:
    return [say("Ce sera après la nuit, le {moment}.", moment=say.moment(heard_later))] if heard_later else []


def with_trouble(say: Translator, card: Card, trouble: Refusal) -> Card:
    """The same question, with the reason why the answer was not taken above it."""
    return replace(card, text=Lines().add(refusal_sentence(trouble, say), card.text).text)
