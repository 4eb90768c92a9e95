"""What roles and colleges are called: on every card and button, in the journal, on the page of one's own data."""

from locales.sentences import sentence
from storage.people import College, Role

ROLES: dict[Role, str] = {
    Role.RESIDENT: sentence("habitant ou habitante"),
    Role.MEMBER: sentence("membre"),
    Role.LEAD: sentence("référent ou référente"),
    Role.ANIMATOR: sentence("animateur ou animatrice"),
    Role.COORDINATOR: sentence("coordinateur ou coordinatrice"),
}
COLLEGES: dict[College, str] = {
    College.HABITANTS: sentence("Habitants"),
    College.ACTEURS_LOCAUX: sentence("Acteurs locaux"),
}
