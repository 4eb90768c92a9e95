"""The slash commands of this version, by role: what Telegram lists, never a right to anything."""

from enum import StrEnum

from council.actors import Actor
from handlers.cards.home import who_coordinates, who_manages
from locales.sentences import sentence
from locales.translator import Translator
from storage.people import Role


class RoleGroup(StrEnum):
    """Who sees which list; each holds what the one before holds."""

    EVERYBODY = "everybody"
    LEADS = "leads"
    ANIMATORS = "animators"
    COORDINATORS = "coordinators"


_COMMANDS = (
    ("menu", RoleGroup.EVERYBODY, sentence("Ouvrir le menu")),
    ("reunions", RoleGroup.EVERYBODY, sentence("Voir les réunions et répondre")),
    ("propositions", RoleGroup.EVERYBODY, sentence("Voir les propositions et soutenir")),
    ("proposer", RoleGroup.EVERYBODY, sentence("Proposer une idée pour le quartier")),
    ("demande", RoleGroup.EVERYBODY, sentence("Demander un appui")),
    ("interpeller", RoleGroup.EVERYBODY, sentence("Interroger une institution")),
    ("reunion", RoleGroup.LEADS, sentence("Créer une réunion")),
    ("moderation", RoleGroup.LEADS, sentence("Relire les propositions avant de les publier")),
    ("annoncer", RoleGroup.LEADS, sentence("Écrire aux habitants")),
    ("membres", RoleGroup.LEADS, sentence("Voir et inviter les membres")),
    ("demandes", RoleGroup.ANIMATORS, sentence("Voir les demandes à traiter")),
    ("absence", RoleGroup.ANIMATORS, sentence("Noter une absence")),
    ("equipe", RoleGroup.ANIMATORS, sentence("Voir et inviter l’équipe")),
    ("programme", RoleGroup.COORDINATORS, sentence("Voir le programme et ses conseils")),
    ("conseil", RoleGroup.EVERYBODY, sentence("Choisir mes conseils")),
    ("profil", RoleGroup.EVERYBODY, sentence("Voir et changer mon profil")),
    ("langue", RoleGroup.EVERYBODY, sentence("Changer de langue")),
    ("privacy", RoleGroup.EVERYBODY, sentence("Savoir comment mes données sont protégées")),
    ("mesdonnees", RoleGroup.EVERYBODY, sentence("Recevoir mes données")),
    ("supprimer", RoleGroup.EVERYBODY, sentence("Effacer mon compte")),
    ("aide", RoleGroup.EVERYBODY, sentence("Obtenir de l’aide")),
    ("start", RoleGroup.EVERYBODY, sentence("Commencer")),
)


def group_of(actor: Actor | None) -> RoleGroup:
    if actor is not None and who_coordinates(actor):
        return RoleGroup.COORDINATORS
    if actor is not None and actor.holds_anywhere(Role.ANIMATOR):
        return RoleGroup.ANIMATORS
    return RoleGroup.LEADS if actor is not None and who_manages(actor) else RoleGroup.EVERYBODY


def commands_for(group: RoleGroup, say: Translator) -> list[tuple[str, str]]:
    """(name, description), in the order of Telegram's list."""
    groups = list(RoleGroup)
    seen = groups[: groups.index(group) + 1]
    return [(name, say.plain(description)) for name, who, description in _COMMANDS if who in seen]
