"""What the team is told of requests: one is yours, one waits for somebody, one left you, a colleague is away."""

from datetime import datetime

from markupsafe import Markup

from council.absence_offers import AbsenceView, OfferedRequest
from council.support_briefs import Brief
from council.support_views import QueueFilter, Shelf
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, quoted, shorten
from handlers.cards.home import home_button, home_row
from handlers.cards.pages import page_of, page_row
from handlers.cards.request import OpenRequestPress
from handlers.cards.requests import QueuePress
from handlers.cards.support_files import files_button, files_words
from handlers.cards.support_words import kind_words, near_moment
from locales.sentences import sentence
from locales.translator import Translator
from storage.support import ContentKind

_COUNCIL_LIMIT, _WORDS_LIMIT = 60, 200
_A_PAGE = 5
_SENT: dict[ContentKind, str] = {
    ContentKind.PHOTO: sentence("{name} a envoyé une photo."),
    ContentKind.VIDEO: sentence("{name} a envoyé une vidéo."),
    ContentKind.VOICE: sentence("{name} a envoyé un message vocal."),
    ContentKind.AUDIO: sentence("{name} a envoyé un son."),
    ContentKind.DOCUMENT: sentence("{name} a envoyé un document."),
    ContentKind.ANIMATION: sentence("{name} a envoyé une image animée."),
    ContentKind.VIDEO_NOTE: sentence("{name} a envoyé une vidéo."),
    ContentKind.STICKER: sentence("{name} a envoyé une image."),
    ContentKind.LOCATION: sentence("{name} a envoyé un lieu."),
    ContentKind.CONTACT: sentence("{name} a envoyé un contact."),
}
_MORE_THAN_ONE = sentence("{name} a envoyé : {files}.")
_SOMEBODY = sentence("Quelqu’un")


@press("tkq")
class TakePress(Press):
    """Takes a request from the queue."""

    request: int


@press("tkl")
class OfferedPress(Press):
    """The requests of somebody who is away."""

    absence: int
    page: int


@press("tko")
class TakeOfferedPress(Press):
    """Takes over one of them, or all (None)."""

    absence: int
    request: int | None


def assigned_card(say: Translator, brief: Brief, now: datetime, given_by: str | None, *, transferred: bool) -> Card:
    """To who has just been given it. `given_by`: a colleague did; `transferred`: somebody had it before."""
    words = Lines()
    if transferred:
        words.add(bold(say("📥 Demande {number} : vous prenez la suite.", number=brief.number)))
    else:
        heading = say("📥 Nouvelle demande {number}", number=brief.number)
        again = say("📥 Demande rouverte {number}", number=brief.number)
        words.add(bold(again if brief.reopened else heading))
    if given_by is not None:
        words.add(say("{name} vous la confie.", name=given_by))
    add_what(words, say, brief, now)
    return Card(words.text, _opening_rows(say, brief))


def queued_card(say: Translator, brief: Brief, now: datetime) -> Card:
    """To who may take it."""
    again = say("🙋 Qui reprend la demande {number} ?", number=brief.number)
    words = Lines().add(
        bold(again if brief.reopened else say("🙋 Qui prend la demande {number} ?", number=brief.number))
    )
    add_what(words, say, brief, now)
    take = Button(say.plain("Je prends"), TakePress(brief.id))
    return Card(words.text, _opening_rows(say, brief, take))


def several_queued_card(say: Translator, waiting: int) -> Card:
    """To who may take them, when many came back at once."""
    words = Lines().add(
        bold(say.plural("🙋 {n} demande attend quelqu’un.", "🙋 {n} demandes attendent quelqu’un.", waiting)),
        say("Pouvez-vous en prendre une ?"),
    )
    see = Button(say.plain("Voir les demandes à prendre"), QueuePress.of(QueueFilter(shelf=Shelf.QUEUE)))
    return Card(words.text, ((see,),))


def left_you_card(say: Translator, brief: Brief) -> Card:
    """To who had it until now."""
    words = Lines().add(bold(say("📤 Demande {number}", number=brief.number)))
    if brief.holder is not None:
        words.add(say("{name} prend la suite.", name=brief.holder))
    else:
        words.add(say("Elle est revenue à toute l’équipe."))
    words.add(say("Vous n’avez plus rien à faire."))
    return Card(words.text, ((_open_button(say, brief.id),),))


def offered_card(
    say: Translator, view: AbsenceView, now: datetime, reader_id: int, page: int = 0, done: str = ""
) -> Card:
    """The requests of somebody who is away, to take over one by one or all at once. `done`: what was just done."""
    words = Lines()
    if done:
        words.add(done)
    words.add(bold(_away_line(say, view)), _span_line(say, view))
    if view.requests:
        words.add(
            say.plural(
                "{n} demande attend chez {name}.",
                "{n} demandes attendent chez {name}.",
                len(view.requests),
                name=view.first_name,
            )
        )
    else:
        words.add(say("Aucune demande n’attend chez {name}.", name=view.first_name))
    if view.deputy_id == reader_id:
        words.add(say("Vous recevrez ses nouvelles demandes."))
    if reader_id == view.person_id:
        shown, page, last = page_of(view.requests, page, _A_PAGE)
        theirs = [(Button(_label(say, each, now), OpenRequestPress(each.id)),) for each in shown]
        turning = page_row(page, last, lambda to: OfferedPress(view.id, to), say)
        return Card(words.text, (*theirs, *turning, home_row(say)))
    shown, page, last = page_of(view.requests, page, _A_PAGE)
    rows: list[tuple[Button, ...]] = []
    for each in shown:
        take = Button(say.plain("Je prends"), TakeOfferedPress(view.id, each.id))
        rows.append((Button(_label(say, each, now), OpenRequestPress(each.id)), take))
    turning = page_row(page, last, lambda to: OfferedPress(view.id, to), say)
    every = ((Button(say.plain("Je les prends"), TakeOfferedPress(view.id, None)),),) if len(view.requests) > 1 else ()
    return Card(words.text, (*rows, *turning, *every, (home_button(say),)))


def absence_declared_card(say: Translator, view: AbsenceView, reader_id: int) -> Card:
    """To who coordinates and who stands in; to the person, when somebody else noted it."""
    words = Lines()
    if reader_id == view.person_id:
        words.add(bold(say("🌴 Votre absence est notée.")), _span_line(say, view))
        if view.deputy is not None:
            words.add(say("{name} vous remplace.", name=view.deputy))
    else:
        words.add(bold(say("🌴 {name} ne sera pas là.", name=view.first_name)), _span_line(say, view))
        if view.deputy_id == reader_id:
            words.add(say("Vous recevrez ses nouvelles demandes."))
        elif view.deputy is not None:
            words.add(say("{name} recevra ses nouvelles demandes.", name=view.deputy))
        else:
            words.add(say("Personne ne remplace {name}.", name=view.first_name))
    if not view.requests:
        return Card(words.text, (home_row(say),))
    if reader_id == view.person_id:
        see = say("Voir mes demandes ({n})", n=say.number(len(view.requests)))
    else:
        see = say.plural("Voir sa demande", "Voir ses {n} demandes", len(view.requests))
    return Card(words.text, ((Button(str(see.unescape()), OfferedPress(view.id, 0)),), home_row(say)))


def add_what(words: Lines, say: Translator, brief: Brief, now: datetime) -> None:
    """What is asked, by whom, in which words, and until when an answer was promised."""
    kind = kind_words(brief.kind, say)
    if brief.council is None:
        words.add(say("Besoin : {kind}.", kind=kind))
    else:
        words.add(say("Besoin : {kind} – {council}.", kind=kind, council=shorten(brief.council, _COUNCIL_LIMIT)))
    name = brief.first_name or say.plain(_SOMEBODY)
    files = files_words(say, brief.files)
    if brief.words:
        said = (
            say("{name} écrit, avec {files} :", name=name, files=files) if files else say("{name} écrit :", name=name)
        )
        words.add(said, quoted(shorten(brief.words, _WORDS_LIMIT)))
    elif sum(brief.files.values()) == 1:
        words.add(say(_SENT[next(iter(brief.files))], name=name))
    elif files:
        words.add(say(_MORE_THAN_ONE, name=name, files=files))
    if not brief.answered:
        moment = near_moment(say, brief.promised_at, now)
        words.add(_promise_line(say, brief, moment, now))


def _promise_line(say: Translator, brief: Brief, moment: str, now: datetime) -> Markup:
    if brief.promised_at < now:
        return say("🔴 La réponse était promise avant {moment}.", moment=moment)
    return say("Réponse promise avant {moment}.", moment=moment)


def _away_line(say: Translator, view: AbsenceView) -> Markup:
    return say("🌴 {name} n’est pas là.", name=view.first_name)


def _span_line(say: Translator, view: AbsenceView) -> Markup:
    if view.starts_on == view.ends_on:
        return say("Le {date}.", date=say.date(view.starts_on))
    return say("Du {first} au {last}.", first=say.date(view.starts_on), last=say.date(view.ends_on))


def _label(say: Translator, request: OfferedRequest, now: datetime) -> str:
    late = not request.answered and request.promised_at < now
    number = f"🔴 {request.number}" if late else request.number
    return say.plain("{number} – {kind}", number=number, kind=kind_words(request.kind, say))


def _opening_rows(say: Translator, brief: Brief, *before: Button) -> tuple[tuple[Button, ...], ...]:
    """What was spoken is heard from here, before the request is opened or taken."""
    files = files_button(say, brief.id, brief.files)
    opening = (*before, _open_button(say, brief.id))
    return ((files,), opening) if files is not None else (opening,)


def _open_button(say: Translator, request_id: int) -> Button:
    return Button(say.plain("Ouvrir"), OpenRequestPress(request_id))
