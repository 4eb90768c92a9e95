"""What the team sees in its group: the card of a topic, what became of words, and what is wrong.

Never more of a requester than their first name; whoever is in the group reads along.
"""

from datetime import datetime

from council.support_briefs import Brief
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Live, bold, shorten
from handlers.cards.support_words import kind_words, near_moment, state_words
from locales.sentences import sentence
from locales.translator import Translator
from storage.support import ENDED, SupportState

TOPIC_NAME_LIMIT = 128
_FIRST_NAME_LIMIT, _COUNCIL_LIMIT = 40, 60
ARRIVED, NOTED = "👌", "✍"
"""Reactions, which Telegram does not count among a group's twenty messages a minute."""
_SOMEBODY = sentence("Quelqu’un")


@press("grpteamoff")
class UnlinkTeamPress(Press):
    """The group is the team's no longer."""


@press("tgtake")
class TopicTakePress(Press):
    """Takes the request of this topic."""

    request: int


@press("tgnote")
class TopicNotePress(Press):
    """What I write next is a note."""

    request: int


@press("tgdone")
class TopicDonePress(Press):
    """What I write next says what was done."""

    request: int


@press("tgwait")
class TopicWaitPress(Press):
    """The next word is the requester's."""

    request: int


@press("tgstop")
class TopicStopPress(Press):
    """Neither note nor result after all."""


def team_linked_card(say: Translator) -> Card:
    words = Lines().add(
        bold(say("C’est fait. Ce groupe est celui de l’équipe.")),
        say("Chaque nouvelle demande aura ici son sujet."),
        say("Ce que vous y écrivez part à la personne."),
        say("Commencez par // pour écrire une note."),
        say("Je dois être administrateur et gérer les sujets."),
    )
    return Card(words.text, ((Button(say.plain("Ne plus relier ce groupe"), UnlinkTeamPress()),),))


def team_unlinked_card(say: Translator) -> Card:
    return Card(say("Ce groupe n’est plus relié. Les demandes continuent en privé."))


def topic_name(say: Translator, brief: Brief) -> str:
    """« D-2026-014 · Rosa · Trouver une salle », bare, as long as Telegram lets a topic's name be."""
    name = shorten(brief.first_name or say.plain(_SOMEBODY), _FIRST_NAME_LIMIT)
    return shorten(" · ".join((brief.number, name, kind_words(brief.kind, say))), TOPIC_NAME_LIMIT)


def topic_card(say: Translator, brief: Brief, now: datetime, bot_username: str) -> Card:
    """The pinned card: who asks what, who has it, how it stands; buttons by state."""
    name = shorten(brief.first_name or say.plain(_SOMEBODY), _FIRST_NAME_LIMIT)
    words = Lines().add(bold(say("{number} · {kind}", number=brief.number, kind=kind_words(brief.kind, say))))
    if brief.council is not None:
        words.add(say("👤 {name}, {council}.", name=name, council=shorten(brief.council, _COUNCIL_LIMIT)))
    else:
        words.add(say("👤 {name}, sans conseil.", name=name))
    words.add(say("En ce moment : {state}.", state=state_words(brief.state, say)))
    if brief.state not in ENDED:
        words.add(_holder_line(say, brief), _promise_line(say, brief, now))
    words = Lines([each for each in words.lines if each])
    return Card(words.text, _rows(say, brief, bot_username), live=Live("support", brief.id), pinned=True)


def _holder_line(say: Translator, brief: Brief) -> str:
    if brief.holder is not None:
        return say("{name} s’en occupe.", name=brief.holder)
    return say("Personne ne s’en occupe encore.")


def _promise_line(say: Translator, brief: Brief, now: datetime) -> str:
    if brief.answered:
        return ""
    moment = near_moment(say, brief.promised_at, now)
    if brief.promised_at < now:
        return say("⚠️ Réponse promise avant {moment}. C’est passé.", moment=moment)
    return say("Réponse promise avant {moment}.", moment=moment)


def _rows(say: Translator, brief: Brief, bot_username: str) -> tuple[tuple[Button, ...], ...]:
    private = Button(say.plain("Ouvrir en privé"), url=f"https://t.me/{bot_username}")
    note = Button(say.plain("📝 Note"), TopicNotePress(brief.id))
    if brief.state in ENDED:
        return ((note, private),)
    rows: list[tuple[Button, ...]] = []
    if brief.in_queue:
        rows.append((Button(say.plain("Je prends"), TopicTakePress(brief.id)),))
    if brief.state is not SupportState.CARRIED_OUT:
        done = Button(say.plain("✅ C’est fait"), TopicDonePress(brief.id))
        if brief.answered and brief.state is not SupportState.WAITING:
            rows.append((done, Button(say.plain("J’attends sa réponse"), TopicWaitPress(brief.id))))
        else:
            rows.append((done,))
    return (*rows, (note, private))


def note_prompt_card(say: Translator, author: str) -> Card:
    words = Lines().add(
        say("{name}, écrivez votre note.", name=author), say("Elle reste dans l’équipe. Elle ne part pas.")
    )
    return Card(words.text, (_stop_row(say),))


def result_prompt_card(say: Translator, author: str) -> Card:
    words = Lines().add(
        say("{name}, dites ce qui a été fait.", name=author), say("Une phrase suffit. La personne la lira.")
    )
    return Card(words.text, (_stop_row(say),))


def _stop_row(say: Translator) -> tuple[Button, ...]:
    return (Button(say.plain("Annuler"), TopicStopPress()),)


def stopped_card(say: Translator) -> Card:
    return Card(say("Annulé."))


def result_sent_card(say: Translator) -> Card:
    return Card(say("C’est noté. La personne dira si c’est bon pour elle."))


def unknown_author_card(say: Translator, message_id: int | None) -> Card:
    """To an anonymous administrator: an answer has an author."""
    words = Lines().add(say("Je ne sais pas qui écrit. Écrivez avec votre propre compte."), _not_sent(say))
    return Card(words.text, reply_to=message_id)


def stranger_card(say: Translator, message_id: int | None) -> Card:
    words = Lines().add(say("Seule l’équipe peut répondre ici."), _not_sent(say))
    return Card(words.text, reply_to=message_id)


def refused_card(say: Translator, why: str, message_id: int | None) -> Card:
    return Card(Lines().add(why, _not_sent(say)).text, reply_to=message_id)


def _not_sent(say: Translator) -> str:
    return say("Ce message n’est pas parti.")


def command_card(say: Translator, bot_username: str) -> Card:
    button = Button(say.plain("M’écrire en privé"), url=f"https://t.me/{bot_username}")
    return Card(say("Ici, chaque demande a son sujet. Pour le reste, écrivez-moi en privé."), ((button,),))


def kept_open_card(say: Translator) -> Card:
    words = Lines().add(say("Cette demande n’est pas finie : je rouvre son sujet."))
    words.add(say("Pour la finir, appuyez sur « C’est fait »."))
    return Card(words.text)


def cannot_be_reached_card(say: Translator, message_id: int | None) -> Card:
    words = Lines().add(say("Cette personne ne reçoit plus mes messages."), say("Votre message est gardé ici."))
    return Card(words.text, reply_to=message_id)


def night_card(say: Translator, leaves_at: datetime, message_id: int | None) -> Card:
    return Card(say("🌙 Il est tard. Ce message partira à {time}.", time=say.time(leaves_at)), reply_to=message_id)


def not_arrived_card(say: Translator, message_id: int) -> Card:
    return Card(say("⚠️ Ce message n’est pas arrivé."), reply_to=message_id)


def perhaps_arrived_card(say: Translator, message_id: int) -> Card:
    words = Lines().add(say("⚠️ Je ne sais pas si ce message est arrivé."), say("Je vous le demande en privé."))
    return Card(words.text, reply_to=message_id)


def no_right_card(say: Translator) -> Card:
    words = Lines().add(
        bold(say("⚠️ Je ne peux pas ouvrir de sujet dans le groupe de l’équipe.")),
        say("Nommez-moi administrateur, avec le droit de gérer les sujets."),
        say("En attendant, les demandes continuent en privé."),
    )
    return Card(words.text)


def left_card(say: Translator) -> Card:
    words = Lines().add(
        bold(say("⚠️ Je ne suis plus dans le groupe de l’équipe.")),
        say("Les demandes continuent en privé."),
        say("Pour revenir : ajoutez-moi au groupe, puis reliez-le."),
    )
    return Card(words.text)
