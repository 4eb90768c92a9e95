"""All tables, imported in one place: what Alembic compares with and what export and erasure must cover."""

from storage.announcements import Announcement, AnnouncementCouncil
from storage.audit import AuditLine
from storage.columns import Table
from storage.dialogues import Dialogue
from storage.groups import CouncilGroup
from storage.invitations import Invitation, InvitationUse
from storage.meetings import Meeting, MeetingCouncil, Reminder, Rsvp
from storage.outbox import Fanout, LiveCard, Notice
from storage.people import Consent, Follow, Person, RoleGrant
from storage.programme import Council, CouncilNeighbourhood, Neighbourhood, Programme, UsualPlace
from storage.updates import ProcessedUpdate, SetAsideUpdate

TABLES: tuple[type[Table], ...] = (
    Announcement,
    AnnouncementCouncil,
    AuditLine,
    Consent,
    Council,
    CouncilGroup,
    CouncilNeighbourhood,
    Dialogue,
    Fanout,
    Follow,
    Invitation,
    InvitationUse,
    LiveCard,
    Meeting,
    MeetingCouncil,
    Neighbourhood,
    Notice,
    Person,
    ProcessedUpdate,
    Programme,
    Reminder,
    RoleGrant,
    Rsvp,
    SetAsideUpdate,
    UsualPlace,
)
