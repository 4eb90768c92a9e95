"""The invented people of the demonstration: their phones, and what they are to the council."""

from dataclasses import dataclass

from locales.sentences import sentence
from storage.people import Role


@dataclass(frozen=True)
class DemoPerson:
    """A phone in the playground; `role` None has not joined yet, and shows how joining goes.

    `elsewhere`: with another council than the one that the demonstration plays in; `councils`: with those of these
    codes. `aside`: the page keeps their phone in a menu, because they are many.
    """

    telegram_id: int
    first_name: str
    language: str
    label: str
    role: Role | None
    open: bool = True
    elsewhere: bool = False
    councils: tuple[str, ...] = ()
    aside: bool = False


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


def _aside(number: int, first_name: str, label: str, role: Role, *councils: str) -> DemoPerson:
    return DemoPerson(5_000_000_100 + number, first_name, "fr", label, role, open=False, councils=councils, aside=True)


# With Julien and Inès the eight animators of Paris, one for each council; their neighbours ask for what they work on.
_OF_PARIS = (
    _aside(1, "Nadia", sentence("Animatrice"), Role.ANIMATOR, "paris-10"),
    _aside(2, "Thomas", sentence("Animateur"), Role.ANIMATOR, "paris-11"),
    _aside(3, "Aïcha", sentence("Animatrice"), Role.ANIMATOR, "paris-13"),
    _aside(4, "Paulo", sentence("Animateur"), Role.ANIMATOR, "paris-14"),
    _aside(5, "Mei", sentence("Animatrice"), Role.ANIMATOR, "paris-17"),
    _aside(6, "Moussa", sentence("Animateur"), Role.ANIMATOR, "paris-20"),
    _aside(7, "Awa", sentence("Habitante"), Role.RESIDENT, "paris-10", "paris-11", "paris-20"),
    _aside(8, "Bruno", sentence("Habitant"), Role.RESIDENT, "paris-13", "paris-14"),
    _aside(9, "Chloé", sentence("Habitante"), Role.RESIDENT, "paris-19"),
)


def people_of(programme: str) -> tuple[DemoPerson, ...]:
    """Everybody of the demonstration of this programme, `PEOPLE` first."""
    return (*PEOPLE, *(_OF_PARIS if programme == "paris" else ()))
