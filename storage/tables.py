"""All tables, imported in one place: what Alembic compares with and what export and erasure must cover."""

from storage.animators import Absence, AnimatorPost, AnimatorSkill
from storage.announcements import Announcement, AnnouncementCouncil
from storage.audit import AuditLine
from storage.columns import Table
from storage.dialogues import Dialogue
from storage.groups import CouncilGroup, TeamGroup
from storage.interpellations import (
    AnswerFile,
    Interpellation,
    InterpellationAnswer,
    InterpellationEvent,
    InterpellationLetter,
    InterpellationOpinion,
    InterpellationSignature,
    InterpellationVote,
    PartnerLink,
)
from storage.invitations import Invitation, InvitationUse
from storage.mails import Mail, MailAttachment
from storage.meetings import Meeting, MeetingCouncil, Reminder, Rsvp
from storage.numbers import NumberSeries
from storage.outbox import Fanout, LiveCard, Notice
from storage.people import Consent, Follow, Person, RoleGrant
from storage.programme import Council, CouncilNeighbourhood, Neighbourhood, Programme, UsualPlace
from storage.proposals import Proposal, ProposalEvent, ProposalFollower, ProposalReport
from storage.resource_actors import ResourceActor
from storage.support import SupportCopy, SupportEvent, SupportMessage, SupportRequest, SupportVersion
from storage.updates import ProcessedUpdate, SetAsideUpdate

TABLES: tuple[type[Table], ...] = (
    Absence,
    AnimatorPost,
    AnimatorSkill,
    Announcement,
    AnnouncementCouncil,
    AnswerFile,
    AuditLine,
    Consent,
    Council,
    CouncilGroup,
    CouncilNeighbourhood,
    Dialogue,
    Fanout,
    Follow,
    Interpellation,
    InterpellationAnswer,
    InterpellationEvent,
    InterpellationLetter,
    InterpellationOpinion,
    InterpellationSignature,
    InterpellationVote,
    Invitation,
    InvitationUse,
    LiveCard,
    Mail,
    MailAttachment,
    Meeting,
    MeetingCouncil,
    Neighbourhood,
    Notice,
    NumberSeries,
    PartnerLink,
    Person,
    ProcessedUpdate,
    Programme,
    Proposal,
    ProposalEvent,
    ProposalFollower,
    ProposalReport,
    Reminder,
    ResourceActor,
    RoleGrant,
    Rsvp,
    SetAsideUpdate,
    SupportCopy,
    SupportEvent,
    SupportMessage,
    SupportRequest,
    SupportVersion,
    TeamGroup,
    UsualPlace,
)
