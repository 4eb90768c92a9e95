"""How roles and colleges are called, in every list and on every button."""

from documents.person_words import COLLEGES, ROLES
from locales.translator import Translator
from storage.people import College, Role


def role_name(role: Role, say: Translator) -> str:
    return say.plain(ROLES[role])


def college_name(college: College, say: Translator) -> str:
    return say.plain(COLLEGES[college])


def role_where(role: Role, council: str | None, say: Translator) -> str:
    """The role and its council, as one label."""
    if council is None:
        return role_name(role, say)
    return say.plain("{role} – {council}", role=role_name(role, say), council=council)
