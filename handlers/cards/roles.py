"""How roles and colleges are called, in every list and on every button."""

from locales.sentences import sentence
from locales.translator import Translator
from storage.people import College, Role

_ROLES = {
    Role.RESIDENT: sentence("habitant ou habitante"),
    Role.MEMBER: sentence("membre"),
    Role.LEAD: sentence("référent ou référente"),
    Role.ANIMATOR: sentence("animateur ou animatrice"),
    Role.COORDINATOR: sentence("coordinateur ou coordinatrice"),
}
_COLLEGES = {
    College.HABITANTS: sentence("Habitants"),
    College.ACTEURS_LOCAUX: sentence("Acteurs locaux"),
}


def role_name(role: Role, say: Translator) -> str:
    return say.plain(_ROLES[role])


def college_name(college: College, say: Translator) -> str:
    return say.plain(_COLLEGES[college])


def role_where(role: Role, council: str | None, say: Translator) -> str:
    """The role and its council, as one label."""
    if council is None:
        return role_name(role, say)
    return say.plain("{role} – {council}", role=role_name(role, say), council=council)
