"""The invented people of the demonstration: their phones, and what they are to the council."""

from dataclasses import dataclass

from locales.sentences import sentence
from storage.people import Role


@dataclass(frozen=True)
class DemoPerson:
    """A phone in the playground; `role` None has not joined yet, and shows how joining goes.

    `elsewhere`: with another council than the one that the demonstration plays in.
    """

    telegram_id: int
    first_name: str
    language: str
    label: str
    role: Role | None
    open: bool = True
    elsewhere: bool = False


# Numbers beyond 32 bits, as Telegram gives today.
PEOPLE = (
    DemoPerson(5_000_000_001, "Rosa", "fr", sentence("Nouvelle habitante"), None),
    DemoPerson(5_000_000_002, "Samir", "ar", sentence("Habitant"), Role.RESIDENT),
    DemoPerson(5_000_000_003, "Fatou", "fr", sentence("Référente du conseil"), Role.LEAD),
    DemoPerson(5_000_000_004, "Julien", "fr", sentence("Animateur"), Role.ANIMATOR, open=False),
    DemoPerson(5_000_000_005, "Claire", "fr", sentence("Coordinatrice"), Role.COORDINATOR, open=False),
    DemoPerson(5_000_000_006, "Linda", "en", sentence("Habitante"), Role.RESIDENT, open=False),
    DemoPerson(5_000_000_007, "Mehmet", "fr", sentence("Conseiller citoyen"), Role.MEMBER, open=False),
    # A colleague, so that a request can be handed on, and somebody can stand in for who is away.
    DemoPerson(5_000_000_008, "Inès", "fr", sentence("Animatrice"), Role.ANIMATOR, open=False, elsewhere=True),
)
