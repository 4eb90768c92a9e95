"""The news of a day, in one message."""

from council.digests import Digest
from handlers.cards.card import Button, Card, Lines, bold, shorten
from handlers.cards.interpellation_list import RegisterPress
from handlers.cards.interpellation_words import act_words
from handlers.cards.meeting import MeetingsPress
from handlers.cards.proposal_list import ProposalsPress
from locales.translator import Translator

WORDS_LIMIT = 300
"""UTF-16 units of one announcement at most."""
ROOM, A_MEETING, A_PROPOSAL, A_QUESTION, A_LABEL = 3_600, 110, 70, 120, 20
"""UTF-16 units: of all news in one message, of the line of one of each sort, and of what stands before words."""
TITLE_LIMIT = 40


def digest_card(digest: Digest, say: Translator) -> Card:
    words = Lines().add(bold(say("Les nouvelles du jour")))
    for meeting in digest.meetings:
        words.add(
            say(
                "Réunion « {title} » : {moment}.",
                title=shorten(meeting.title, TITLE_LIMIT),
                moment=say.moment(meeting.starts_at),
            )
        )
    for proposal in digest.proposals:
        title = shorten(proposal.title, TITLE_LIMIT)
        words.add(say("Proposition {number} : {title}", number=proposal.number, title=title))
    for question in digest.questions:
        title, act = shorten(question.title, TITLE_LIMIT), act_words(say, question.act)
        words.add(say("{number} – {title} : {act}", number=question.number, title=title, act=act))
    lines = A_MEETING * len(digest.meetings) + A_PROPOSAL * len(digest.proposals) + A_QUESTION * len(digest.questions)
    room = (ROOM - lines) // max(1, len(digest.announcements)) - A_LABEL
    for announcement in digest.announcements:
        words.add(say("Annonce : {words}", words=shorten(announcement.words, min(WORDS_LIMIT, room))))
    if digest.beyond:
        words.add(say.plural("Il y a {n} autre nouvelle.", "Il y a {n} autres nouvelles.", digest.beyond))
    if digest.meetings:
        words.add(say("Pour répondre aux réunions, ouvrez la liste."))
    meetings = ((Button(say.plain("Mes réunions"), MeetingsPress(anew=True)),),) if digest.meetings else ()
    proposals = ((Button(say.plain("💡 Propositions"), ProposalsPress()),),) if digest.proposals else ()
    questions = ((Button(say.plain("🏘 Les questions du conseil"), RegisterPress()),),) if digest.questions else ()
    return Card(words.text, (*meetings, *proposals, *questions))
