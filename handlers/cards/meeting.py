"""A meeting as residents see it, and the list of those that concern them."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from markupsafe import Markup

from council.meeting_views import MeetingView
from council.proposal_treatment import OnAgenda
from documents.meeting_words import KINDS
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Media, MediaKind, Place, bold, quoted, shorten
from handlers.cards.home import home_button, home_entry
from handlers.cards.meeting_agenda import day_card, day_lines, day_rows
from handlers.cards.meeting_words import (
    bare,
    councils_words,
    length_words,
    listed_title,
    place_words,
    reason_words,
    when_words,
)
from handlers.cards.pages import page_row
from handlers.cards.profile import CouncilsPress
from locales.sentences import sentence
from locales.translator import Translator
from storage.meetings import Answer

PAGE = 5
# UTF-16 units of what people wrote: with a picture all of the card must fit into a caption of 1,024.
AGENDA_IN_CAPTION, AGENDA_IN_TEXT = 300, 1_500
REASON_IN_CAPTION, PLACE_IN_CAPTION, COUNCIL_IN_CAPTION = 150, 100, 40


class Surface(StrEnum):
    """Where a card stands: alone with its picture, alone without one, or opened from the list it leads back to."""

    ANNOUNCED = "a"
    TOLD = "t"
    LISTED = "l"


@press("mtgs")
class MeetingsPress(Press):
    """A page of my meetings: what is coming, or what has been; `anew` below news, which stay as they are."""

    page: int = 0
    past: bool = False
    anew: bool = False


@press("mtg")
class MeetingPress(Press):
    """Opens one meeting from a list."""

    meeting: int


@press("rsvp")
class RsvpPress(Press):
    meeting: int
    answer: Answer
    surface: Surface


@press("ics")
class CalendarPress(Press):
    """Sends the calendar file."""

    meeting: int


@press("map")
class MapPress(Press):
    """Sends the point on the map."""

    meeting: int


@press("mdet")
class DetailsPress(Press):
    """The whole agenda and whatever file goes with it."""

    meeting: int


@press("mins")
class MinutesPress(Press):
    """Sends the minutes."""

    meeting: int


@press("mgt")
class ManagePress(Press):
    """Opens the live card of those who run the meeting."""

    meeting: int


home_entry(10, sentence("📅 Réunions"), MeetingsPress())

_ANSWERS: dict[Answer, str] = {
    Answer.YES: sentence("Oui"),
    Answer.MAYBE: sentence("Peut-être"),
    Answer.NO: sentence("Non"),
}
_MY_ANSWER: dict[Answer, str] = {
    Answer.YES: sentence("Votre réponse : oui, vous venez."),
    Answer.MAYBE: sentence("Votre réponse : peut-être."),
    Answer.NO: sentence("Votre réponse : non, vous ne venez pas."),
}


def resident_card(
    say: Translator,
    view: MeetingView,
    surface: Surface = Surface.ANNOUNCED,
    *,
    manages: bool = False,
    proposals: Sequence[OnAgenda] = (),
) -> Card:
    """The meeting, what the reader answered, and all that they can do about it; `manages`: the reader runs it too.

    `proposals` are those on its agenda, for a card that stands without a picture.
    """
    place = place_words(say, shorten(view.place, PLACE_IN_CAPTION) if view.media_kind else view.place)
    words = Lines().add(bold(view.title), _kind_line(say, view), when_words(say, view), place)
    if view.agenda and not view.cancelled:
        words.add(quoted(shorten(view.agenda, _agenda_limit(view))))
    proposals = () if view.cancelled else proposals
    words.add_all(day_lines(say, proposals))
    words.add_all(_standing(say, view))
    return Card(
        words.text,
        rows=answer_rows(say, view, surface, day_rows(say, view.id, proposals), manages=manages),
        media=media_of(view) if surface is Surface.ANNOUNCED else None,
    )


def answer_rows(
    say: Translator,
    view: MeetingView,
    surface: Surface,
    below: tuple[tuple[Button, ...], ...] = (),
    *,
    manages: bool = False,
) -> tuple[tuple[Button, ...], ...]:
    """The buttons below a meeting; those of `below` stand under the answers."""
    answers = tuple(_answer_button(say, view, answer, surface) for answer in Answer)
    return (*((answers,) if view.open_to_answers else ()), *below, *_more_rows(say, view, surface, manages=manages))


def with_map(card: Card, view: MeetingView) -> Card:
    """The card with the point of the meeting on a map above it, when there is one."""
    return replace(card, place=place_of(view))


def details_card(say: Translator, view: MeetingView) -> Card:
    """All that a card had to shorten."""
    words = Lines().add(bold(view.title), when_words(say, view))
    words.add(say("Durée : {length}", length=length_words(say, view.minutes)), place_words(say, view.place))
    words.add(quoted(view.agenda) if view.agenda else say("Pas d’ordre du jour."))
    return Card(words.text, rows=_way_back(say))


def file_card(say: Translator, view: MeetingView) -> Card | None:
    """The picture or file that goes with a meeting, alone."""
    media = media_of(view)
    return Card(bold(view.title), rows=_way_back(say), media=media) if media else None


def map_card(say: Translator, view: MeetingView) -> Card:
    return Card(place_words(say, view.place), rows=_way_back(say), place=place_of(view))


def calendar_card(say: Translator, content: bytes, file_name: str) -> Card:
    words = Lines().add(say("Ouvrez ce fichier."), say("La réunion entre dans votre agenda."))
    return Card(words.text, rows=_way_back(say), media=Media(MediaKind.DOCUMENT, content=content, file_name=file_name))


def calendar_words(say: Translator, view: MeetingView) -> tuple[str, str]:
    """Title and description of the meeting in a diary, bare."""
    lines = [bare(_kind_line(say, view)), view.agenda]
    return view.title, "\n\n".join(line for line in lines if line)


def day_proposals_card(say: Translator, view: MeetingView, proposals: Sequence[OnAgenda], page: int) -> Card:
    """All proposals on the agenda, with the way back to the meeting."""
    back = Button(say.plain("Retour à la réunion"), MeetingPress(view.id))
    return day_card(say, view.id, view.title, () if view.cancelled else proposals, page, back)


def minutes_card(say: Translator, view: MeetingView, proposals: Sequence[OnAgenda]) -> Card:
    """The minutes, as the file that was published, and what became of the proposals of that day.

    Call it only when there are some.
    """
    media = Media(MediaKind.DOCUMENT, file_id=view.minutes_file_id)
    words = Lines().add(say("Compte rendu : {title}", title=view.title), *day_lines(say, proposals))
    return Card(words.text, rows=(*day_rows(say, view.id, proposals), *_way_back(say)), media=media)


def answer_toast(say: Translator, view: MeetingView) -> str:
    """What the tap has brought about."""
    if view.waiting_position is not None:
        return say.plain(
            "C’est complet. Vous attendez une place : numéro {position}.", position=say.number(view.waiting_position)
        )
    if view.answer is Answer.YES:
        return say.plain("C’est noté : vous venez.")
    if view.answer is Answer.MAYBE:
        return say.plain("C’est noté : peut-être.")
    return say.plain("C’est noté : vous ne venez pas.")


def list_card(
    say: Translator, views: Sequence[MeetingView], page: int, *, past: bool, more: bool, follows: bool
) -> Card:
    """A page of one's meetings; one tap opens one."""
    words = Lines()
    if views:
        words.add(bold(say("Vos réunions passées") if past else say("Vos réunions à venir")))
        words.add_all(_list_line(say, view) for view in views)
    elif past:
        words.add(say("Aucune réunion passée pour l’instant."))
    elif follows:
        words.add(say("Aucune réunion n’est prévue pour l’instant."), say("Je vous écris dès qu’il y en a une."))
    else:
        words.add(say("Vous ne suivez pas encore de conseil."))
    opens = tuple((Button(listed_title(say, view.title, view.starts_at), MeetingPress(view.id)),) for view in views)
    turning = page_row(page, page + more, lambda turned: MeetingsPress(turned, past), say)
    other = Button(say.plain("Réunions à venir"), MeetingsPress()) if past else _past_button(say)
    choose = () if follows else ((Button(say.plain("Choisir mes conseils"), CouncilsPress(0)),),)
    return Card(words.text, rows=(*opens, *turning, *choose, (other,), (home_button(say),)))


def place_of(view: MeetingView) -> Place | None:
    if view.latitude is None or view.longitude is None:
        return None
    return Place(view.latitude, view.longitude)


def media_of(view: MeetingView) -> Media | None:
    if view.media_kind is None or view.media_file_id is None:
        return None
    return Media(MediaKind(view.media_kind), file_id=view.media_file_id)


def _kind_line(say: Translator, view: MeetingView) -> Markup:
    names = (council.name for council in view.councils)
    councils = councils_words(
        say, tuple(shorten(each, COUNCIL_IN_CAPTION) if view.media_kind else each for each in names)
    )
    return say("{kind} – {councils}", kind=say(KINDS[view.kind]), councils=councils)


def _agenda_limit(view: MeetingView) -> int:
    return AGENDA_IN_CAPTION if view.media_kind else AGENDA_IN_TEXT


def _standing(say: Translator, view: MeetingView) -> list[str]:
    """How the meeting stands, and how the reader stands towards it."""
    if view.cancelled:
        reason = reason_words(say, view.cancel_reason or "")
        return [
            bold(say("Cette réunion est annulée.")),
            *([quoted(shorten(reason, REASON_IN_CAPTION))] if reason else []),
        ]
    if view.begun:
        over = view.ends_at <= view.as_of
        return [say("Cette réunion est finie.") if over else say("Cette réunion a commencé.")]
    if view.waiting_position is not None:
        return [
            say(
                "C’est complet. Vous attendez une place : numéro {position}.",
                position=say.number(view.waiting_position),
            ),
            say("Je vous écris dès qu’une place se libère."),
        ]
    if view.answer is not None:
        return [say(_MY_ANSWER[view.answer]), *_seats(say, view)]
    return [*_seats(say, view), say("Viendrez-vous ?")]


def _seats(say: Translator, view: MeetingView) -> list[str]:
    if not view.capacity or (view.answer is Answer.YES):
        return []
    if view.full:
        return [say("C’est complet. Vous pouvez attendre une place.")]
    return [say.plural("Il reste {n} place.", "Il reste {n} places.", view.capacity - view.counts.yes)]


def _answer_button(say: Translator, view: MeetingView, answer: Answer, surface: Surface) -> Button:
    label = say.plain(_ANSWERS[answer])
    if view.answer is answer:
        label = (
            say.plain("⏳ {answer}", answer=label) if view.waiting_position else say.plain("✅ {answer}", answer=label)
        )
    return Button(label, RsvpPress(view.id, answer, surface))


def _more_rows(say: Translator, view: MeetingView, surface: Surface, *, manages: bool) -> list[tuple[Button, ...]]:
    rows: list[tuple[Button, ...]] = []
    if view.open_to_answers:
        rows.append((Button(say.plain("🗓 Ajouter à mon agenda"), CalendarPress(view.id)),))
    further: list[Button] = []
    if surface is Surface.LISTED and place_of(view):
        further.append(Button(say.plain("📍 Voir la carte"), MapPress(view.id)))
    if _has_details(view, surface):
        further.append(Button(say.plain("Détails"), DetailsPress(view.id)))
    if further:
        rows.append(tuple(further))
    if view.minutes_file_id:
        rows.append((Button(say.plain("📄 Compte rendu"), MinutesPress(view.id)),))
    if manages:
        rows.append((Button(say.plain("Gérer cette réunion"), ManagePress(view.id)),))
    if surface is Surface.LISTED:
        rows.append((Button(say.plain("Mes réunions"), MeetingsPress(0, view.begun)), home_button(say)))
    return rows


def _has_details(view: MeetingView, surface: Surface) -> bool:
    shortened = shorten(view.agenda, _agenda_limit(view)) != view.agenda or (
        view.media_kind is not None and shorten(view.place, PLACE_IN_CAPTION) != view.place
    )
    return shortened or (surface is Surface.LISTED and view.media_file_id is not None)


def _list_line(say: Translator, view: MeetingView) -> str:
    blanks = {"moment": say.moment(view.starts_at), "title": bold(shorten(view.title, 60))}
    if view.cancelled:
        return say("{moment} : {title}. Annulée.", **blanks)
    if view.begun:
        if view.minutes_file_id:
            return say("{moment} : {title}. Le compte rendu est là.", **blanks)
        return say("{moment} : {title}.", **blanks)
    if view.waits:
        return say("{moment} : {title}. Vous attendez une place.", **blanks)
    return say(_LISTED_ANSWER[view.answer], **blanks)


_LISTED_ANSWER: dict[Answer | None, str] = {
    Answer.YES: sentence("{moment} : {title}. Vous venez."),
    Answer.MAYBE: sentence("{moment} : {title}. Peut-être."),
    Answer.NO: sentence("{moment} : {title}. Vous ne venez pas."),
    None: sentence("{moment} : {title}. Pas encore de réponse."),
}


def _past_button(say: Translator) -> Button:
    return Button(say.plain("Réunions passées"), MeetingsPress(0, past=True))


def _way_back(say: Translator) -> tuple[tuple[Button, ...], ...]:
    return ((Button(say.plain("Mes réunions"), MeetingsPress()), home_button(say)),)
