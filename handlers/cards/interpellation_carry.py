"""The menu of those who carry an interpellation: its letter, how it reaches the partner, the proof, and the time."""

from datetime import date
from enum import StrEnum

from markupsafe import Markup

from council.interpellation_carrying import CarryView, LetterView
from council.interpellation_letters import DrawnLetter
from council.interpellation_sending import file_name
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Media, MediaKind, bold, grid, quoted, shorten
from handlers.cards.home import home_row
from handlers.cards.interpellation import CarryPress, HearPress, OpenInterpellationPress
from handlers.cards.interpellation_after import after_sending_buttons
from handlers.cards.interpellation_time import ExtendPress, awaits_answer, why_date_button
from handlers.cards.interpellation_words import state_words, title_words
from handlers.cards.past_days import past_day_rows
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator
from storage.interpellations import LetterState, LetterWay
from storage.mails import MailState

_ANSWER_LIMIT, _WORDS_LIMIT = 200, 300


@press("ilv")
class PreviewLetterPress(Press):
    """Shows the letter as it would leave."""

    interpellation: int


@press("ils")
class SendLetterPress(Press):
    """Sends the letter that was shown; `digest` begins the hash of it, in hexadecimal."""

    interpellation: int
    digest: str


@press("ilp")
class PrintLetterPress(Press):
    """Gives the letter to be carried by hand."""

    interpellation: int


@press("ilr")
class SameAgainPress(Press):
    """The same e-mail once more."""

    letter: int


@press("ilh")
class HandedPress(Press):
    """Begins to note that it was handed over."""

    letter: int


@press("ilg")
class GivenAsPrintedPress(Press):
    """The paper was given as it was printed, whatever was wished since."""

    letter: int


@press("ilu")
class CameBackPress(Press):
    """Asks whether its e-mail came back."""

    letter: int


class Receiver(StrEnum):
    """To whom a letter was handed, where nobody types it."""

    DESK = "desk"
    PERSON = "person"
    LETTERBOX = "letterbox"


@press("ilw")
class HandedToPress(Press):
    receiver: Receiver


@press("ily")
class HandedYesPress(Press):
    """What was noted is right."""

    letter: int


@press("ilb")
class HandedBackPress(Press):
    """One step back."""


@press("ilq")
class ProofPress(Press):
    """The proof that a letter has left."""

    letter: int


@press("ilf")
class LetterFilePress(Press):
    """The letter as it was written."""

    letter: int


@press("ilm")
class FollowUpWordsPress(Press):
    """What a further letter adds, in other words."""

    interpellation: int


RECEIVERS: dict[Receiver, str] = {
    Receiver.DESK: sentence("À l’accueil"),
    Receiver.PERSON: sentence("À la personne qui suit le dossier"),
    Receiver.LETTERBOX: sentence("Dans la boîte aux lettres"),
}
_WHY_UNSENT: dict[MailState, str] = {
    MailState.REFUSED: sentence("Cette adresse l’a refusée. Vérifiez-la."),
    MailState.FAILED: sentence("Le serveur d’e-mail ne répond pas, ou n’est pas réglé."),
    MailState.UNCERTAIN: sentence("Elle est peut-être arrivée : je n’ai pas eu de réponse."),
}


def carry_card(say: Translator, view: CarryView) -> Card:
    """How far the case is, and what may be done now."""
    words = Lines().add(bold(title_words(say, view.case)))
    words.add(say("En ce moment : {state}.", state=state_words(say, view.case.state)))
    words.add_all(_letter_lines(say, view)).add_all(_time_lines(say, view))
    buttons = [*_letter_buttons(say, view), *after_sending_buttons(say, view.case), *_time_buttons(say, view)]
    open_ = Button(say.plain("👁 Voir la question"), OpenInterpellationPress(view.case.id))
    return Card(words.text, (*grid(buttons, 2), (open_,), home_row(say)))


def _letter_lines(say: Translator, view: CarryView) -> list[Markup]:
    if view.under_way is not None:
        return [say("✉️ La lettre est en route. Je vous dis si elle arrive.")]
    if view.on_paper is not None:
        return [say("📄 La lettre est sur papier. Dites-moi quand elle est remise.")]
    if view.round is not None and view.newest is not None and view.newest.state is LetterState.NOT_SENT:
        return [say("La dernière lettre n’est pas arrivée.")]
    if view.round is not None and view.round > 1 and view.wished:
        return [say("Une relance est prête. Relisez-la, puis envoyez-la.")]
    if view.wished_aloud:
        return [say("🎤 L’auteur a dit ce qui manque. Écoutez-le, puis écrivez la relance.")]
    return []


def _time_lines(say: Translator, view: CarryView) -> list[Markup]:
    if not awaits_answer(view.case) or view.case.due_at is None:
        return []
    if view.very_late:
        return [say("La réponse est très en retard. Elle était attendue le {day}.", day=say.date(view.case.due_at))]
    if view.late:
        return [say("La réponse est en retard. Elle était attendue le {day}.", day=say.date(view.case.due_at))]
    return [say("Réponse attendue avant le {day} (délai local).", day=say.date(view.case.due_at))]


def _letter_buttons(say: Translator, view: CarryView) -> list[Button]:
    buttons = []
    if view.on_paper is not None:
        buttons.append(Button(say.plain("🤝 C’est remis en main propre"), HandedPress(view.on_paper.id)))
    if view.may_send:
        buttons.append(Button(say.plain("📄 Voir et envoyer la lettre"), PreviewLetterPress(view.case.id)))
    elif view.round is not None and view.round > 1 and view.under_way is None:
        buttons.append(Button(say.plain("✏️ Écrire une relance"), FollowUpWordsPress(view.case.id)))
        if view.wished_aloud:
            buttons.append(Button(say.plain("🎧 Écouter et voir"), HearPress(view.case.id)))
    if view.sent is not None:
        buttons.append(Button(say.plain("🧾 Preuve d’envoi"), ProofPress(view.sent.id)))
    if view.may_come_back is not None:
        buttons.append(Button(say.plain("↩️ L’e-mail est revenu"), CameBackPress(view.may_come_back)))
    return buttons


def _time_buttons(say: Translator, view: CarryView) -> list[Button]:
    why = why_date_button(say, view.case)
    if why is None:
        return []
    return [Button(say.plain("⏳ Donner plus de temps"), ExtendPress(view.case.id)), why]


# --- the letter


def preview_card(say: Translator, drawn: DrawnLetter, address: str | None, digest: str, *, has_mail: bool) -> Card:
    """The letter, to whom it goes, and how."""
    facts = drawn.facts
    words = Lines().add(say("Voici la lettre, comme elle partira. Relisez-la."))
    words.add(say("À : {partner}", partner=shorten(facts.partner, 80)))
    if drawn.attached:
        words.add(
            say.plural(
                "📎 {n} document part avec la lettre.", "📎 {n} documents partent avec la lettre.", len(drawn.attached)
            )
        )
    words.add_all(_left_out(say, drawn))
    buttons = []
    if address is not None and has_mail:
        words.add(say("Par e-mail : {address}", address=address))
        buttons.append(Button(say.plain("✉️ Envoyer"), SendLetterPress(facts.interpellation_id, digest)))
    elif has_mail:
        words.add(say("Je n’ai pas d’adresse e-mail pour ce partenaire."))
    else:
        words.add(say("L’e-mail n’est pas réglé ici. Remettez la lettre en main propre."))
    buttons.append(Button(say.plain("🤝 Remettre en main propre"), PrintLetterPress(facts.interpellation_id)))
    if facts.round > 1:
        buttons.append(Button(say.plain("✏️ Changer les mots"), FollowUpWordsPress(facts.interpellation_id)))
    back = Button(say.plain("Retour"), CarryPress(facts.interpellation_id))
    return Card(words.text, (*((each,) for each in buttons), (back,)), media=_file(drawn))


def _left_out(say: Translator, drawn: DrawnLetter) -> list[Markup]:
    if not drawn.left_out:
        return []
    return [say.plural("Je n’ai pas pu joindre {n} fichier.", "Je n’ai pas pu joindre {n} fichiers.", drawn.left_out)]


def on_its_way_card(say: Translator, interpellation_id: int, address: str) -> Card:
    words = Lines().add(
        say("✉️ La lettre part vers {address}.", address=address),
        say("Elle compte comme envoyée quand elle est arrivée."),
        say("Je vous le dis dès que je le sais."),
    )
    return Card(words.text, (_back(say, interpellation_id), home_row(say)))


def paper_card(say: Translator, drawn: DrawnLetter, letter_id: int) -> Card:
    """The letter to be printed and carried."""
    words = Lines().add(say("Voici la lettre à imprimer et à remettre."))
    words.add_all(_left_out(say, drawn))
    words.add(say("Elle compte comme envoyée quand vous me le dites."))
    handed = Button(say.plain("🤝 C’est remis en main propre"), HandedPress(letter_id))
    return Card(words.text, ((handed,), _back(say, drawn.facts.interpellation_id)), media=_file(drawn))


def changed_paper_card(say: Translator, interpellation_id: int, letter_id: int) -> Card:
    """Somebody has signed, hidden or shown their name, or added a word since the paper was printed."""
    words = Lines().add(
        say("La lettre a changé depuis que vous l’avez prise."),
        say("Quelqu’un a signé, ou a changé d’avis."),
        say("Remettez plutôt la nouvelle lettre."),
    )
    fresh = Button(say.plain("📄 Prendre la nouvelle lettre"), PrintLetterPress(interpellation_id))
    given = Button(say.plain("🤝 L’ancienne est déjà remise"), GivenAsPrintedPress(letter_id))
    return Card(words.text, ((fresh,), (given,), _back(say, interpellation_id)))


def handed_to_card(say: Translator, trouble: str = "") -> Card:
    words = _with_trouble(trouble).add(say("À qui la lettre a-t-elle été remise ?"), say("Vous pouvez écrire un nom."))
    rows = tuple((Button(say.plain(words_), HandedToPress(each)),) for each, words_ in RECEIVERS.items())
    return Card(words.text, (*rows, *step_rows(say)))


def handed_day_card(say: Translator, month: date, first: date, today: date, trouble: str = "") -> Card:
    words = _with_trouble(trouble).add(say("Quel jour la lettre a-t-elle été remise ?"))
    return Card(words.text, (*past_day_rows(say, month, first, today), *step_rows(say, HandedBackPress())))


def handed_check_card(say: Translator, letter_id: int, handed_to: str, day: date) -> Card:
    words = Lines().add(
        say("Remise : {receiver}", receiver=handed_to), say("Le {day}", day=say.date(day)), say("Est-ce juste ?")
    )
    yes = Button(say.plain("✅ Oui, c’est juste"), HandedYesPress(letter_id))
    return Card(words.text, ((yes,), *step_rows(say, HandedBackPress())))


def handed_card(say: Translator, interpellation_id: int) -> Card:
    words = Lines().add(say("✅ C’est noté. La lettre est envoyée."), say("Le délai de réponse commence ce jour-là."))
    return Card(words.text, (_back(say, interpellation_id), home_row(say)))


def unsent_letter_card(say: Translator, letter: LetterView) -> Card:
    """To who carries it: the letter did not arrive, or may not have."""
    uncertain = letter.mail_state is MailState.UNCERTAIN
    words = Lines()
    if uncertain:
        words.add(bold(say("Je ne sais pas si la lettre {number} est arrivée.", number=letter.number)))
    else:
        words.add(bold(say("La lettre {number} n’est pas partie.", number=letter.number)))
    words.add(say("À : {address}", address=letter.address or letter.partner))
    if letter.withdrawn:
        words.add(
            say("Elle nommait quelqu’un qui a effacé son compte."), say("Relisez-la sans ce nom, puis envoyez-la.")
        )
    elif letter.mail_state in _WHY_UNSENT:
        words.add(say(_WHY_UNSENT[letter.mail_state]))
    words.add(say("Elle ne compte pas comme envoyée."))
    number = letter.interpellation_id
    if uncertain:
        again = Button(say.plain("✉️ Renvoyer le même e-mail"), SameAgainPress(letter.id))
    else:
        again = Button(say.plain("✉️ Réessayer"), PreviewLetterPress(number))
    by_hand = Button(say.plain("🤝 Remettre en main propre"), PrintLetterPress(number))
    return Card(words.text, ((again,), (by_hand,), _back(say, number)))


def proof_card(say: Translator, letter: LetterView) -> Card:
    """What shows that a letter has left."""
    words = Lines().add(bold(say("Preuve d’envoi – {number}", number=letter.number)))
    if letter.way is LetterWay.BY_HAND:
        words.add(say("Remise en main propre : {receiver}", receiver=letter.handed_to or ""))
    else:
        words.add(say("E-mail à {address}", address=letter.address or ""))
    if letter.sent_at is not None:
        words.add(say("Le {moment}", moment=say.moment(letter.sent_at)))
    if letter.message_id is not None:
        words.add(say("Numéro du message : {number}", number=letter.message_id))
    if letter.answer and not letter.withdrawn:
        words.add(say("Le serveur a répondu : {answer}", answer=shorten(letter.answer, _ANSWER_LIMIT)))
    words.add(say("Empreinte du PDF (SHA-256) : {hash}", hash=letter.sha256))
    file = Button(say.plain("📄 La lettre"), LetterFilePress(letter.id))
    return Card(words.text, ((file,), _back(say, letter.interpellation_id)))


def letter_card(say: Translator, letter: LetterView, content: bytes) -> Card:
    """The letter as it was written."""
    media = Media(MediaKind.DOCUMENT, content=content, file_name=f"Lettre {letter.number}.pdf")
    return Card(say("La lettre {number}", number=letter.number), (_back(say, letter.interpellation_id),), media=media)


def follow_up_card(say: Translator, view: CarryView, trouble: str = "") -> Card:
    """Asks what a further letter adds."""
    words = _with_trouble(trouble).add(say("Que faut-il dire de plus ?"))
    if view.wished:
        words.add(say("Pour l’instant :"), quoted(shorten(view.wished, _WORDS_LIMIT)))
    words.add(say("Écrivez-le. Pas de nom, rien sur la santé."))
    return Card(words.text, step_rows(say))


def wished_card(say: Translator, interpellation_id: int) -> Card:
    see = Button(say.plain("📄 Voir et envoyer la lettre"), PreviewLetterPress(interpellation_id))
    return Card(say("✅ C’est noté. Relisez la lettre avant de l’envoyer."), ((see,), _back(say, interpellation_id)))


def _back(say: Translator, interpellation_id: int) -> tuple[Button, ...]:
    return (Button(say.plain("Retour"), CarryPress(interpellation_id)),)


def _with_trouble(trouble: str) -> Lines:
    return Lines().add(trouble) if trouble else Lines()


def _file(drawn: DrawnLetter) -> Media:
    return Media(MediaKind.DOCUMENT, content=drawn.pdf, file_name=file_name(drawn.facts))
