"""A letter has left the hands of who writes it: sent to the council, kept for another day, or help is on its way."""

from council.support_mine import MyRequest
from handlers.buttons import Press
from handlers.cards.card import Button, Card, Lines
from handlers.cards.dialogue import OpenStepPress
from handlers.cards.home import home_row
from handlers.cards.interpellation import GoOnPress
from handlers.cards.support import MyRequestPress, promise_words
from locales.translator import Translator


def sent_card(say: Translator, number: str, *, spoken: bool) -> Card:
    words = Lines().add(
        say("✅ C’est envoyé au conseil. Votre numéro : {number}.", number=number),
        say("Un référent ou un animateur la lit d’abord."),
        say("Ensuite, les habitants pourront la signer."),
        say("Je vous dirai chaque étape."),
    )
    if spoken:
        words.add(say("Votre voix reste privée. Un texte sera publié."))
    return Card(words.text)


def kept_card(say: Translator, interpellation_id: int, number: str) -> Card:
    words = Lines().add(say("💾 C’est gardé : {number}.", number=number), say("Vous continuez quand vous voulez."))
    words.add(say("Les référents et l’équipe peuvent le lire."))
    go_on = (Button(say.plain("✏️ Continuer à écrire"), GoOnPress(interpellation_id)),)
    return Card(words.text, (go_on, home_row(say)))


def help_card(say: Translator, request: MyRequest, interpellation_id: int | None) -> Card:
    """The promise of an answer; the draft is where it was."""
    words = Lines().add(say("🙋 C’est demandé : {number}.", number=request.number), promise_words(say, request))
    words.add(say("Votre texte est gardé."))
    go_on: Press = GoOnPress(interpellation_id) if interpellation_id is not None else OpenStepPress()
    see = Button(say.plain("Voir ma demande d’aide"), MyRequestPress(request.id))
    return Card(words.text, ((Button(say.plain("✏️ Continuer à écrire"), go_on),), (see,), home_row(say)))
