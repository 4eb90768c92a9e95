"""What one can do here, and how to take part without Telegram."""

from enum import StrEnum

from markupsafe import Markup

from council.actors import Actor
from council.settings import ProgrammeSettings
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold
from handlers.cards.home import StartPress, home_entry, home_row, who_coordinates, who_manages
from locales.sentences import sentence
from locales.translator import Translator
from storage.people import Role


class HelpTopic(StrEnum):
    RESIDENTS = "residents"
    IDEAS = "ideas"
    LEADS = "leads"
    TEAM = "team"
    COORDINATORS = "coordinators"
    WITHOUT_TELEGRAM = "without_telegram"


@press("help")
class HelpPress(Press):
    topic: HelpTopic


home_entry(121, sentence("❓ Aide"), HelpPress(HelpTopic.RESIDENTS))

_LABELS = {
    HelpTopic.RESIDENTS: sentence("Pour tous"),
    HelpTopic.IDEAS: sentence("Idées et questions"),
    HelpTopic.LEADS: sentence("Pour les référents"),
    HelpTopic.TEAM: sentence("Pour l’équipe"),
    HelpTopic.COORDINATORS: sentence("Pour la coordination"),
    HelpTopic.WITHOUT_TELEGRAM: sentence("Sans Telegram"),
}


def help_card(topic: HelpTopic, programme: ProgrammeSettings, known: Actor | None, say: Translator) -> Card:
    lines = {
        HelpTopic.RESIDENTS: _residents,
        HelpTopic.IDEAS: _ideas,
        HelpTopic.LEADS: _leads,
        HelpTopic.TEAM: _team,
        HelpTopic.COORDINATORS: _coordinators,
        HelpTopic.WITHOUT_TELEGRAM: _without_telegram,
    }[topic](programme, say)
    others = [each for each in _topics(known) if each is not topic]
    rows = tuple((Button(say.plain(_LABELS[each]), HelpPress(each)),) for each in others)
    last = home_row(say) if known else (Button(say.plain("Commencer"), StartPress()),)
    return Card(Lines().add(bold(say("Aide")), *lines).text, rows=(*rows, last))


def _topics(known: Actor | None) -> list[HelpTopic]:
    topics = [HelpTopic.RESIDENTS, HelpTopic.IDEAS]
    if known is not None and who_manages(known):
        topics.append(HelpTopic.LEADS)
    if known is not None and known.holds_anywhere(Role.ANIMATOR, Role.COORDINATOR):
        topics.append(HelpTopic.TEAM)
    if known is not None and who_coordinates(known):
        topics.append(HelpTopic.COORDINATORS)
    return [*topics, HelpTopic.WITHOUT_TELEGRAM]


def _residents(_programme: ProgrammeSettings, say: Translator) -> tuple[Markup, ...]:
    return (
        say("Les réunions et vos réponses : {command}", command="/reunions"),
        say("Demander un appui à l’équipe : {command}", command="/demande"),
        say("Votre prénom, votre langue : {command}", command="/profil"),
        say("Vos données : {command}", command="/privacy"),
    )


def _ideas(_programme: ProgrammeSettings, say: Translator) -> tuple[Markup, ...]:
    return (
        say("Proposer une idée : {command}", command="/proposer"),
        say("Lire et soutenir les propositions : {command}", command="/propositions"),
        say("Interroger une institution : {command}", command="/interpeller"),
        say("Chaque numéro s’ouvre : écrivez-le ici."),
    )


def _leads(_programme: ProgrammeSettings, say: Translator) -> tuple[Markup, ...]:
    return (
        say("Créer une réunion : {command}", command="/reunion"),
        say("Écrire aux habitants : {command}", command="/annoncer"),
        say("Voir et inviter les membres : {command}", command="/membres"),
        say("Relire les propositions : {command}", command="/moderation"),
    )


def _team(_programme: ProgrammeSettings, say: Translator) -> tuple[Markup, ...]:
    return (
        say("Les demandes des habitants : {command}", command="/demandes"),
        say("Vos absences : {command}", command="/absence"),
        say("L’équipe et ses délais : {command}", command="/equipe"),
        say("Pour répondre, répondez au message de la personne."),
    )


def _coordinators(_programme: ProgrammeSettings, say: Translator) -> tuple[Markup, ...]:
    return (
        say("Voir et inviter l’équipe : {command}", command="/equipe"),
        say("Voir le programme et ses conseils : {command}", command="/programme"),
    )


def _without_telegram(programme: ProgrammeSettings, say: Translator) -> tuple[Markup, ...]:
    return (
        say("Vous pouvez venir à une réunion, sans téléphone."),
        say("Vous pouvez téléphoner, ou écrire sur papier."),
        say("Votre voix compte autant que les autres."),
        say("Contact : {name}, {contact}.", name=programme.controller.name, contact=programme.controller.contact),
    )
