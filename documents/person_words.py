"""What roles, colleges and ways to hear news are called: on cards, in the journal, on the page of one's own data."""

from locales.sentences import sentence
from storage.people import College, News, Role

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
NEWS: dict[News, str] = {
    News.EACH: sentence("une par une"),
    News.DIGEST: sentence("un seul message par jour"),
    News.NONE: sentence("aucune"),
}
