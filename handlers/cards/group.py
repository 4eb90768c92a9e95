"""What a group chat sees: how to link it to a council. Nobody's name or case is ever shown there."""

from council.meeting_views import MeetingView
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold
from handlers.cards.meeting_words import place_words, when_words
from locales.translator import Translator


@press("grp")
class LinkGroupPress(Press):
    """Links this group; without a council, the lead's own ones are offered."""

    council_id: int | None


@press("grpteam")
class LinkTeamPress(Press):
    """Makes this group the one in which the team talks about its requests."""


def added_card(say: Translator, *, team_too: bool = False) -> Card:
    """The first word in a group. `team_too`: who added it may make it the team's own."""
    words = Lines().add(
        say("Bonjour. Je suis le robot des conseils citoyens."),
        say("Je peux annoncer ici les réunions du conseil."),
        say("Le référent ou la référente appuie sur le bouton."),
    )
    rows = ((Button(say.plain("Relier ce groupe au conseil"), LinkGroupPress(None)),),)
    return Card(words.text, (*rows, team_row(say)) if team_too else rows)


def choice_card(councils: list[tuple[int, str]], say: Translator, *, team_too: bool = False) -> Card:
    """Which council, when the lead has several."""
    rows = tuple((Button(name, LinkGroupPress(council_id)),) for council_id, name in councils)
    return Card(say("Quel conseil annonce ses réunions ici ?"), (*rows, team_row(say)) if team_too else rows)


def team_row(say: Translator) -> tuple[Button, ...]:
    return (Button(say.plain("C’est le groupe de l’équipe"), LinkTeamPress()),)


def linked_card(council: str, say: Translator) -> Card:
    return Card(say("C’est fait. Les réunions du conseil {council} seront annoncées ici.", council=council))


def private_card(bot_username: str, say: Translator) -> Card:
    """Commands belong in the private chat."""
    button = Button(say.plain("M’écrire en privé"), url=f"https://t.me/{bot_username}")
    return Card(say("Ici, j’annonce seulement les réunions. Écrivez-moi en privé."), ((button,),))


def meeting_in_group_card(view: MeetingView, bot_username: str, token: str | None, say: Translator) -> Card:
    """The meeting without anybody's answer; answering is done in private, where nobody looks on."""
    words = Lines().add(bold(view.title), when_words(say, view), place_words(say, view.place))
    if view.cancelled:
        words.add(say("Cette réunion est annulée."))
        return Card(words.text)
    payload = f"?start={token}" if token else ""
    answer = Button(say.plain("Répondre en privé"), url=f"https://t.me/{bot_username}{payload}")
    return Card(words.text, ((answer,),))
