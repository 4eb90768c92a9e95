"""The news of a day, in one message."""

from council.digests import Digest
from handlers.cards.card import Button, Card, Lines, bold, shorten
from handlers.cards.meeting import MeetingsPress
from locales.translator import Translator

WORDS_LIMIT = 300
"""UTF-16 units of each announcement: ten of them fit into one message."""


def digest_card(digest: Digest, say: Translator) -> Card:
    words = Lines().add(bold(say("Les nouvelles du jour")))
    for meeting in digest.meetings:
        words.add(
            say(
                "Réunion « {title} » : {moment}.",
                title=shorten(meeting.title, 120),
                moment=say.moment(meeting.starts_at),
            )
        )
    for announcement in digest.announcements:
        words.add(say("Annonce : {words}", words=shorten(announcement.words, WORDS_LIMIT)))
    if digest.meetings:
        words.add(say("Pour répondre aux réunions, ouvrez la liste."))
    rows = ((Button(say.plain("Mes réunions"), MeetingsPress(anew=True)),),) if digest.meetings else ()
    return Card(words.text, rows)
