"""What the words of the code for meetings are called where people read them: cards, and the page of one's data."""

from locales.sentences import sentence
from storage.announcements import AnnouncementAudience
from storage.meetings import Answer, MeetingKind, MeetingState

KINDS: dict[MeetingKind, str] = {
    MeetingKind.PLENARY: sentence("Réunion plénière"),
    MeetingKind.COMMISSION: sentence("Commission"),
    MeetingKind.STEERING_COMMITTEE: sentence("Comité de pilotage"),
    MeetingKind.TECHNICAL_COMMITTEE: sentence("Comité technique"),
    MeetingKind.TRAINING: sentence("Formation"),
    MeetingKind.INTER_COUNCIL: sentence("Réunion entre conseils"),
    MeetingKind.DROP_IN: sentence("Permanence"),
}
STATES: dict[MeetingState, str] = {
    MeetingState.DRAFT: sentence("brouillon"),
    MeetingState.ANNOUNCED: sentence("annoncée"),
    MeetingState.CANCELLED: sentence("annulée"),
}
ANSWERS: dict[Answer, str] = {
    Answer.YES: sentence("oui"),
    Answer.MAYBE: sentence("peut-être"),
    Answer.NO: sentence("non"),
}
AUDIENCES: dict[AnnouncementAudience, str] = {
    AnnouncementAudience.FOLLOWERS: sentence("ceux qui suivent le conseil"),
    AnnouncementAudience.ATTENDEES: sentence("ceux qui viennent à la réunion"),
}
