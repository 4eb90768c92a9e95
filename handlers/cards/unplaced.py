"""Kind answers to what nothing was waiting for."""

from collections.abc import Sequence
from enum import Enum

from council.actors import Actor
from council.live_cards import LiveKind
from council.settings import ProgrammeSettings
from council.support_adding import ToAnswer
from council.support_mine import ListedRequest
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Live, Reply, shorten
from handlers.cards.home import home_after, home_card, join_card
from handlers.cards.steps import step_rows
from handlers.cards.support_words import kept_words, kind_words
from locales.sentences import sentence
from locales.translator import Translator

HELD = "held:choose"
"""The step of the dialogue that asks what to do with what was sent out of any."""
_KIND_LIMIT, _NAME_LIMIT = 30, 30


@press("hask")
class HeldAskPress(Press):
    """Asks for support with what is held."""


@press("hprop")
class HeldProposePress(Press):
    """Proposes an idea with what is held."""


@press("hip")
class HeldInterpellatePress(Press):
    """Begins a letter to an institution with what is held."""


@press("hfor")
class HeldForPress(Press):
    """It belongs to this request: one's own, or one that is in one's hands."""

    request: int


@press("hnot")
class HeldNothingPress(Press):
    """Lets go of what is held."""


class Sent(Enum):
    """What somebody sent, with what we say of it."""

    WORDS = sentence("Je n’ai pas compris votre message.")
    COMMAND = sentence("Je ne connais pas cette commande.")
    VOICE = sentence("Je ne sais pas encore écouter les messages vocaux.")
    PICTURE = sentence("J’ai vu votre image. Je ne sais pas quoi en faire ici.")
    FILE = sentence("J’ai vu votre fichier. Je ne sais pas quoi en faire ici.")
    LOCATION = sentence("J’ai vu votre position. Je ne la garde pas.")
    CONTACT = sentence("J’ai vu ce contact. Je ne le garde pas.")
    PLAY = sentence("C’est gentil ! Je ne sais pas y répondre.")
    CORRECTION = sentence("Je ne relis pas les messages corrigés. Envoyez-le de nouveau.")


def unplaced_card(sent: Sent, programme: ProgrammeSettings, known: Actor | None, say: Translator) -> Card:
    """Out of any dialogue: the home menu, and whom to turn to; for strangers, the way to join."""
    if known is None:
        return join_card(say)
    return home_after(
        known,
        say,
        say(sent.value),
        say("Pour parler à quelqu’un : {contact}.", contact=programme.controller.contact),
        say("Que voulez-vous faire ?"),
    )


def held_card(
    say: Translator,
    kept: int,
    requests: Sequence[ListedRequest],
    to_answer: Sequence[ToAnswer],
    subject_id: int,
    *,
    corrected: bool = False,
) -> Card:
    """What was sent out of any dialogue is kept: what is it for? Kept true while more arrives."""
    words = Lines()
    if corrected:
        words.add(say("J’ai corrigé votre message."))
    words.add(kept_words(say, kept), say("Que voulez-vous en faire ?"))
    rows = [(Button(_answer_to(say, each), HeldForPress(each.id)),) for each in to_answer]
    rows.append((Button(say.plain("💡 Proposer une idée"), HeldProposePress()),))
    rows.append((Button(say.plain("✉️ Interroger une institution"), HeldInterpellatePress()),))
    rows.append((Button(say.plain("🙋 Demander un appui"), HeldAskPress()),))
    rows.extend((Button(_for_request(say, each), HeldForPress(each.id)),) for each in requests)
    rows.append((Button(say.plain("Rien"), HeldNothingPress()),))
    return Card(words.text, tuple(rows), live=Live(LiveKind.SUPPORT_DRAFT, subject_id))


def unexpected_card(sent: Sent, say: Translator) -> Card:
    """In a dialogue that waits for something else."""
    words = Lines().add(say(sent.value), say("Répondez à ma dernière question, ou annulez."))
    return Card(words.text, rows=step_rows(say))


def dead_button(known: Actor | None, say: Translator) -> Reply:
    """A press that nothing answers any more; the message that it stands on stays as it is."""
    return Reply.of(home_card(known, say), toast=say.plain("Ce bouton ne marche plus."), fresh=True)


def _answer_to(say: Translator, asked: ToAnswer) -> str:
    return say.plain("✍️ Répondre à {name} ({number})", name=shorten(asked.first_name, _NAME_LIMIT), number=asked.number)


def _for_request(say: Translator, listed: ListedRequest) -> str:
    kind = shorten(kind_words(listed.kind, say), _KIND_LIMIT)
    return say.plain("C’est pour ma demande {number} ({kind})", number=listed.number, kind=kind)
