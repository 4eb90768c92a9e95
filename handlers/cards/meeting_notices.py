"""What is said about a meeting to who did not ask: a change, a cancellation, a reminder, a seat."""

from datetime import datetime, timedelta

from markupsafe import Markup

from council.local_time import local
from council.meeting_views import MeetingView
from documents.meeting_words import KINDS
from handlers.cards.card import Button, Card, Lines, bold, quoted, shorten
from handlers.cards.meeting import (
    AGENDA_IN_CAPTION,
    PLACE_IN_CAPTION,
    MeetingsPress,
    Surface,
    answer_rows,
    media_of,
    place_of,
    resident_card,
    with_map,
)
from handlers.cards.meeting_words import (
    MINUTES_AN_HOUR,
    bare,
    length_words,
    place_words,
    reason_words,
    when_words,
)
from handlers.moment_choice import Now
from locales.translator import Translator

HALF_AN_HOUR = 30  # minutes
HOURS_COUNTED = timedelta(hours=4)
"""Nearer than this, a reminder counts hours or minutes instead of naming the day (choice)."""


def announced_card(say: Translator, view: MeetingView) -> Card:
    return with_map(resident_card(say, view), view)


def changed_card(
    say: Translator, view: MeetingView, changed: frozenset[str], start_before: datetime | None = None
) -> Card:
    """What has changed, as it was and as it is now; then the buttons to answer anew."""
    words = Lines().add(bold(say("Une réunion a changé.")), bold(view.title))
    if start_before is not None and start_before != view.starts_at:
        words.add(say("Avant : {moment}", moment=say.moment(start_before)))
    words.add_all(_changed_lines(say, view, changed))
    media = media_of(view) if "media_file_id" in changed else None
    surface = Surface.ANNOUNCED if media else Surface.TOLD
    point = place_of(view) if changed & {"place", "latitude", "longitude"} else None
    return Card(words.text, rows=answer_rows(say, view, surface), media=media, place=point)


def cancelled_card(say: Translator, view: MeetingView) -> Card:
    words = Lines().add(bold(say("Une réunion est annulée.")), bold(view.title), when_words(say, view))
    if view.cancel_reason:
        words.add(say("La raison :"), quoted(reason_words(say, view.cancel_reason)))
    return Card(words.text, rows=((Button(say.plain("Mes réunions"), MeetingsPress(anew=True)),),))


def reminder_card(say: Translator, view: MeetingView, now: Now, *, asks: bool) -> Card:
    """`asks`: the reader has not answered yet."""
    words = Lines().add(bold(view.title), bold(_how_soon(say, view.starts_at, now)))
    words.add(when_words(say, view), place_words(say, view.place))
    words.add(say("Viendrez-vous ?") if asks else say("Si vous ne venez plus, dites-le : cela aide."))
    return with_map(Card(words.text, rows=answer_rows(say, view, Surface.TOLD)), view)


def seat_card(say: Translator, view: MeetingView) -> Card:
    words = Lines().add(bold(say("Une place s’est libérée : elle est pour vous.")), bold(view.title))
    words.add(when_words(say, view), place_words(say, view.place))
    words.add(say("Si vous ne venez plus, dites-le : une autre personne attend."))
    return Card(words.text, rows=answer_rows(say, view, Surface.TOLD))


def _changed_lines(say: Translator, view: MeetingView, changed: frozenset[str]) -> list[Markup]:
    lines = []
    if changed & {"starts_at", "minutes"}:
        lines.append(
            say(
                "Maintenant : {date}, de {start} à {end}",
                date=say.date(view.starts_at),
                start=say.time(view.starts_at),
                end=say.time(view.ends_at),
            )
        )
    if "title" in changed:
        lines.append(say("Elle a un nouveau titre."))
    if "kind" in changed:
        lines.append(say("C’est maintenant : {kind}", kind=say(KINDS[view.kind])))
    if changed & {"place", "latitude", "longitude"}:
        place = shorten(view.place, PLACE_IN_CAPTION)
        lines.append(say("Nouveau lieu : {place}", place=place) if place else say("Nouveau lieu : sur la carte"))
    if "agenda" in changed and view.agenda:
        lines += [say("Le nouvel ordre du jour :"), quoted(shorten(view.agenda, AGENDA_IN_CAPTION))]
    elif "agenda" in changed:
        lines.append(say("Il n’y a plus d’ordre du jour."))
    if changed & {"media_kind", "media_file_id"}:
        lines.append(say("L’image ou le document a changé."))
    return lines


def _how_soon(say: Translator, starts_at: datetime, now: Now) -> str:
    """« Demain à 18 h 30 », « Dans 2 heures », « Dans 7 jours »: as one says it now, whenever it was planned."""
    left = starts_at - now.moment
    days = (local(starts_at, now.tz).date() - now.today).days
    if left < HOURS_COUNTED:
        minutes = max(1, round(left / timedelta(minutes=1)))
        rounded = minutes if minutes < MINUTES_AN_HOUR else round(minutes / HALF_AN_HOUR) * HALF_AN_HOUR
        return say("Dans {length}", length=length_words(say, rounded))
    if days == 0:
        return say("Aujourd’hui à {time}", time=say.time(starts_at))
    if days == 1:
        return say("Demain à {time}", time=say.time(starts_at))
    return bare(say.plural("Dans {n} jour", "Dans {n} jours", days))
