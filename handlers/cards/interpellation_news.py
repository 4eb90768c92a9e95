"""What leaves later about an interpellation: news for those whom it concerns, calls to sign, to vote, to open it."""

from council.interpellation_views import InterpellationView
from handlers.cards.card import Button, Card, Lines, bold, quoted, shorten
from handlers.cards.home import home_row
from handlers.cards.interpellation import open_button
from handlers.cards.interpellation_words import author_words, awaited_words, signed_words, title_words
from locales.sentences import sentence
from locales.translator import Translator
from storage.interpellations import InterpellationAct

_WORDS_LIMIT, _TITLE_LIMIT = 300, 200

_NEWS: dict[InterpellationAct, str] = {
    InterpellationAct.WRITTEN: sentence("Quelqu’un du conseil a complété le texte. Relisez-le."),
    InterpellationAct.SUBMITTED: sentence("Le texte est arrivé. Le conseil va le lire."),
    InterpellationAct.SENT_BACK: sentence("Le texte vous revient. Voici ce qu’il faut changer :"),
    InterpellationAct.OPENED: sentence("La question est publique. Les habitants peuvent la signer."),
    InterpellationAct.SIGNED_ENOUGH: sentence("Il y a assez de signatures. Le conseil va décider."),
    InterpellationAct.NOT_ENOUGH: sentence("Le temps est fini. Il manque des signatures."),
    InterpellationAct.PROLONGED: sentence("Il y a plus de temps."),
    InterpellationAct.VOTE_OPENED: sentence("Le conseil vote maintenant."),
    InterpellationAct.VOTE_ENDED: sentence("Le vote est fini. Confirmez le résultat."),
    InterpellationAct.ADOPTED: sentence("Le conseil a dit oui. La lettre va partir."),
    InterpellationAct.REJECTED: sentence("Le conseil a dit non. La lettre ne partira pas."),
    InterpellationAct.SENT: sentence("La lettre est partie."),
    InterpellationAct.NOT_SENT: sentence("La lettre n’est pas arrivée. Le conseil cherche une solution."),
    InterpellationAct.HANDED_OVER: sentence("La lettre a été remise en main propre."),
    InterpellationAct.ACKNOWLEDGED: sentence("Le partenaire a bien reçu la lettre."),
    InterpellationAct.PASSED_ON: sentence("Le partenaire a transmis la lettre à quelqu’un d’autre."),
    InterpellationAct.ANSWERED: sentence("Le partenaire a répondu."),
    InterpellationAct.EXTENDED: sentence("Le partenaire a plus de temps pour répondre."),
    InterpellationAct.DUE_MOVED: sentence("La date de réponse attendue a changé."),
    InterpellationAct.NO_RECEIPT: sentence("Le partenaire n’a pas dit s’il a reçu la lettre. Appelez-le."),
    InterpellationAct.REMINDED: sentence("Le partenaire a reçu un rappel."),
    InterpellationAct.OVERDUE: sentence("La réponse est en retard."),
    InterpellationAct.VERY_OVERDUE: sentence("La réponse est très en retard. Le conseil peut en parler en réunion."),
    InterpellationAct.FORWARDED: sentence("Le préfet a transmis la demande aux signataires du contrat."),
    InterpellationAct.RETAINED: sentence("Le préfet a retenu la demande."),
    InterpellationAct.NOT_RETAINED: sentence("Le préfet n’a pas retenu la demande."),
    InterpellationAct.DIAGNOSED: sentence("Le diagnostic est fait."),
    InterpellationAct.IN_STEERING: sentence("Le comité de pilotage a parlé de la demande."),
    InterpellationAct.IN_MUNICIPAL_COUNCIL: sentence("Le conseil municipal a parlé de la demande."),
    InterpellationAct.FOLLOWED_UP: sentence("La demande a été suivie d’actions."),
    InterpellationAct.ASKED_AGAIN: sentence("Le conseil a écrit de nouveau au partenaire."),
    InterpellationAct.ASKING_AGAIN_WISHED: sentence("L’auteur veut écrire de nouveau au partenaire."),
    InterpellationAct.REPORTED_BACK: sentence("Le résultat a été dit en réunion."),
    InterpellationAct.CLOSED: sentence("C’est terminé."),
    InterpellationAct.WITHDRAWN: sentence("La question est retirée."),
}


# The letter has left: the next thing to know is when an answer should come.
_LEFT = frozenset({InterpellationAct.SENT, InterpellationAct.HANDED_OVER, InterpellationAct.ACKNOWLEDGED})


def news_card(say: Translator, view: InterpellationView, act: InterpellationAct, words: str) -> Card:
    """One step, with the words that went with it; its button opens the card."""
    lines = Lines().add(bold(title_words(say, view)), say(_news(view, act)))
    if act in _LEFT and view.is_awaited:
        lines.add_all(awaited_words(say, view))
    if words and words != view.partner:  # who acknowledged it is said by the title already
        lines.add(quoted(shorten(" ".join(words.split()), _WORDS_LIMIT)))
    return Card(lines.text, ((open_button(say, view),),))


def withdrawn_card(say: Translator, number: str) -> Card:
    """All that is left of it to say."""
    return Card(say("La question {number} est retirée.", number=number), (home_row(say),))


def call_to_sign_card(say: Translator, view: InterpellationView) -> Card:
    """To followers, once, before the end of signing."""
    lines = Lines().add(bold(title_words(say, view)), quoted(shorten(view.title, _TITLE_LIMIT)))
    if view.cosign_until is not None:
        lines.add(say("On peut signer jusqu’au {day}.", day=say.date(view.cosign_until)))
    lines.add(signed_words(say, view), say("Voulez-vous la lire, et la signer ?"))
    return Card(lines.text, ((open_button(say, view),),))


def call_to_vote_card(say: Translator, view: InterpellationView) -> Card:
    """To members, when the vote begins."""
    lines = Lines().add(bold(title_words(say, view)), quoted(shorten(view.title, _TITLE_LIMIT)))
    if view.vote_until is not None:
        lines.add(say("Le conseil vote jusqu’au {moment}.", moment=say.moment(view.vote_until)))
    lines.add(say("Votre vote est attendu. Vous pourrez le changer."))
    return Card(lines.text, ((Button(say.plain("🗳 Lire et voter"), open_button(say, view).press),),))


def to_open_card(say: Translator, view: InterpellationView) -> Card:
    """To leads and animators: a text that nobody sees before they have read it."""
    lines = Lines().add(bold(title_words(say, view)))
    lines.add(say("{name} a écrit cette question. À vous de la lire.", name=author_words(say, view)))
    if view.title:
        lines.add(quoted(shorten(view.title, _TITLE_LIMIT)))
    if not view.is_written:
        lines.add(say("Il y a un message vocal à écrire."))
    return Card(lines.text, ((open_button(say, view),),))


def _news(view: InterpellationView, act: InterpellationAct) -> str:
    """Where no member could vote, nobody has: the lead is asked to decide."""
    if act is InterpellationAct.VOTE_ENDED and not view.has_members and not view.votes.cast:
        return sentence("Le conseil n’a pas de membres. À vous de décider.")
    return _NEWS[act]
