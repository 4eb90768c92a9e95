"""The talk about a request, as both sides see it: relayed messages, and how far one's own have come."""

from datetime import datetime

from markupsafe import Markup

from council.live_cards import LiveKind
from council.support_deliveries import Arrival, DeliveryLine, Undelivered
from council.support_leaves import ALBUM_CAPTION, Leaf, Shape, fits_caption
from council.support_relay_views import RelayView
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Contact, Lines, Live, Media, MediaKind, Place, bold
from handlers.cards.home import home_button, home_row
from handlers.cards.request import OpenRequestPress
from handlers.cards.support import MyRequestPress
from locales.sentences import sentence
from locales.translator import Translator
from storage.support import ContentKind, SupportMessage, SupportSide


@press("talk")
class AnswerPress(Press):
    """Begins to write to the other side; `message` is the one that is answered."""

    request: int
    message: int | None = None


@press("talkend")
class TalkDonePress(Press):
    """Has said everything."""


@press("again")
class ResendPress(Press):
    """Sends again what did not arrive; `revision` is the try that was asked about."""

    batch: int
    revision: int


_THINGS = {
    ContentKind.STICKER: sentence("Un autocollant :"),
    ContentKind.VIDEO_NOTE: sentence("Une vidéo :"),
    ContentKind.LOCATION: sentence("Un lieu :"),
    ContentKind.CONTACT: sentence("Un contact :"),
}


def relay_card(say: Translator, view: RelayView) -> Card:
    """A message of the other side, as it was written, under a line that says whose it is."""
    leaf = view.leaf
    if leaf is None:
        return Card(Lines().add(_heading(say, view), say("Ce passage a été retiré.")).text)
    rows = _rows(say, view)
    first = leaf.messages[0]
    match leaf.shape:
        case Shape.WORDS:
            return Card(_worded(say, view, leaf), rows, reply_to=view.reply_to)
        case Shape.FILE:
            return Card(_worded(say, view, leaf), rows, media=_file(first), reply_to=view.reply_to)
        case Shape.HEADING:
            buttons = rows if len(leaf.messages) > 1 else ()  # an album can have none
            return Card(_introduced(say, view, leaf), buttons, reply_to=view.reply_to)
        case Shape.ALBUM:
            return Card(Markup(), album=tuple(_in_album(say, each) for each in leaf.messages))
    place, contact = None, None
    if first.latitude is not None and first.longitude is not None:
        place = Place(first.latitude, first.longitude)
    if first.contact is not None:
        contact = Contact(first.contact["name"], first.contact["phone"])
    return Card(Markup(), rows, media=_file(first), place=place, contact=contact)


def corrected_file_card(say: Translator, message: SupportMessage) -> Card:
    """One file of an album, with its newer caption."""
    file = _in_album(say, message, corrected=True)
    return Card(file.caption, media=file)


def write_card(say: Translator, name: str, *, to_team: bool) -> Card:
    """From now on everything goes to the other side."""
    words = Lines().add(say("Vous écrivez à {name}.", name=_whom(say, name, to_team=to_team)))
    words.add(say("Envoyez un message, un vocal, une photo, un fichier."))
    words.add(say("Quand tout est dit, appuyez sur « J’ai fini »."))
    return Card(words.text, (_done_row(say),))


def done_card(say: Translator, request_id: int | None, *, to_team: bool) -> Card:
    if request_id is None:
        return Card(say("C’est bien noté."), (home_row(say),))
    return Card(say("C’est bien noté."), ((_open(say, request_id, to_team=to_team), home_button(say)),))


def line_card(say: Translator, line: DeliveryLine, leaves_at: datetime | None, *, writing: bool) -> Card:
    """How far somebody's own words have come; kept true. `leaves_at`: when the night is over that holds them back."""
    rows = [_done_row(say)] if writing else []
    rows.append((_open(say, line.request_id, to_team=line.to_team),))
    return Card(_line_words(say, line, leaves_at), tuple(rows), live=Live(LiveKind.SUPPORT_TALK, line.message_id))


def corrected_card(say: Translator, *, note: bool) -> Card:
    """A note goes to nobody but the team, who reads it on the request."""
    return Card(say("📝 Votre note est corrigée.") if note else say("✏️ Votre correction est transmise."))


def undelivered_card(say: Translator, lost: Undelivered, reader_chat: int) -> Card:
    name = _whom(say, lost.name, to_team=False)
    words = Lines()
    if lost.uncertain:
        words.add(say("❓ Je ne sais pas si votre message est arrivé."), say("Il était pour {name}.", name=name))
    else:
        words.add(say("❌ Votre message n’est pas arrivé."), say("Il était pour {name}.", name=name))
    words.add(say("Voulez-vous le renvoyer ?"))
    again = Button(say.plain("🔁 Renvoyer"), ResendPress(lost.batch_id, lost.revision))
    reply_to = lost.message_id if lost.chat_id == reader_chat else None
    return Card(words.text, ((again,),), reply_to=reply_to)


def resent_card(say: Translator) -> Card:
    return Card(say("🔁 Je le renvoie."))


def gone_card(say: Translator, name: str, number: str, request_id: int) -> Card:
    words = Lines().add(bold(say("🚪 {name} ne reçoit plus mes messages.", name=name or say("Cette personne"))))
    words.add(say("Vos mots restent dans la demande {number}.", number=number))
    return Card(words.text, ((_open(say, request_id, to_team=False),),))


def _heading(say: Translator, view: RelayView) -> Markup:
    heading = bold(_whose(say, view))
    if view.pieces > 1:
        heading += say(" ({n} sur {all})", n=say.number(view.piece), all=say.number(view.pieces))
    return heading + say(" · ✏️ modifié") if view.corrected else heading


def _whose(say: Translator, view: RelayView) -> Markup:
    name = view.name or say("Quelqu’un")
    if view.by_reader:
        return say("💬 Vous")
    if view.side is SupportSide.NOTE:
        return say("📝 {name} · {number} · note", name=name, number=view.number)
    if view.in_group:
        return say("💬 {name}", name=name)
    if view.to_team:
        return say("💬 {name} · {number}", name=name, number=view.number)
    if view.by_holder:
        return say("💬 {name}, qui vous accompagne", name=name)
    return say("💬 {name}, de l’équipe", name=name)


def _worded(say: Translator, view: RelayView, leaf: Leaf) -> Markup:
    # Pieces were made safe where they were kept.
    return Lines().add(_heading(say, view), *(Markup(each) for each in leaf.words)).text


def _introduced(say: Translator, view: RelayView, leaf: Leaf) -> Markup:
    words = Lines().add(_heading(say, view))
    if len(leaf.messages) > 1:
        return words.add(say.plural("{n} fichier :", "{n} fichiers :", len(leaf.messages))).text
    words.add(*(Markup(each) for each in leaf.words))
    return words.add(say(_THINGS[leaf.messages[0].kind])).text


def _rows(say: Translator, view: RelayView) -> tuple[tuple[Button, ...], ...]:
    is_album = view.leaf is not None and view.leaf.shape is Shape.HEADING
    if view.in_group or view.by_reader or not (view.is_last or is_album):
        return ()
    answer = Button(say.plain("✍️ Répondre"), AnswerPress(view.request_id, view.message_id))
    if not view.to_team:
        return ((answer,),)
    return ((answer, _open(say, view.request_id, to_team=False)),)


def _open(say: Translator, request_id: int, *, to_team: bool) -> Button:
    """For who writes to the team, their own request; for the team, the card to work with."""
    if to_team:
        return Button(say.plain("📋 Ma demande"), MyRequestPress(request_id))
    return Button(say.plain("📂 Ouvrir"), OpenRequestPress(request_id))


def _file(message: SupportMessage) -> Media | None:
    return Media(MediaKind(message.kind.value), message.file_id) if message.file_id is not None else None


def _in_album(say: Translator, message: SupportMessage, *, corrected: bool = False) -> Media:
    caption = Markup("\n").join(Markup(each) for each in message.parts)
    if not fits_caption(message, ALBUM_CAPTION):
        caption = Markup()
    if corrected:
        caption = Lines().add(*filter(None, (caption, say("✏️ modifié")))).text
    return Media(MediaKind(message.kind.value), message.file_id, caption=caption)


def _done_row(say: Translator) -> tuple[Button, ...]:
    return (Button(say.plain("✅ J’ai fini"), TalkDonePress()),)


def _whom(say: Translator, name: str, *, to_team: bool) -> str:
    return name or (say("l’équipe") if to_team else say("cette personne"))


def _line_words(say: Translator, line: DeliveryLine, leaves_at: datetime | None) -> Markup:
    name = _whom(say, line.name, to_team=line.to_team)
    match line.arrival:
        case Arrival.KEPT if line.gone and not line.to_team:
            gone = say("🚪 {name} ne reçoit plus mes messages.", name=name)
            return Lines().add(gone, say("Vos mots sont gardés.")).text
        case Arrival.KEPT:
            if line.to_team:
                return say("🕓 C’est gardé. L’équipe le lira.")
            return say("🕓 C’est gardé.")
        case Arrival.ON_THE_WAY if leaves_at is not None:
            return say("🌙 {name} l’aura à {time}.", name=name, time=say.time(leaves_at))
        case Arrival.ON_THE_WAY:
            return say("⏳ Je transmets à {name}.", name=name)
        case Arrival.ARRIVED:
            return say("✅ Remis à {name}.", name=name)
        case Arrival.UNCERTAIN:
            return say("❓ Je ne sais pas si {name} l’a reçu.", name=name)
    return say("❌ Pas remis à {name}.", name=name)
