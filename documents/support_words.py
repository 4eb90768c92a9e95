"""What the words of the code for requests are called where people read them: cards, and the page of one's data."""

from locales.sentences import sentence
from storage.support import ContentKind, SupportAct, SupportKind, SupportSide, SupportState, Verdict

KINDS: dict[SupportKind, str] = {
    SupportKind.PREPARE_MEETING: sentence("Préparer une réunion"),
    SupportKind.RUN_MEETING: sentence("Animer une réunion"),
    SupportKind.MINUTES: sentence("Écrire un compte rendu"),
    SupportKind.ROOM: sentence("Trouver une salle"),
    SupportKind.PREPARE_STEERING: sentence("Préparer un comité de pilotage"),
    SupportKind.STATUTES: sentence("Organiser le conseil"),
    SupportKind.RULES: sentence("Écrire nos règles"),
    SupportKind.WAKE_COUNCIL: sentence("Relancer un conseil qui dort"),
    SupportKind.INTER_COUNCIL: sentence("Agir avec un autre conseil"),
    SupportKind.MOBILISATION: sentence("Faire venir des habitants"),
    SupportKind.COMMUNICATION: sentence("Faire une affiche ou un message"),
    SupportKind.TOOLS: sentence("Aider les gens à participer"),
    SupportKind.BUDGET: sentence("Trouver ou gérer de l’argent"),
    SupportKind.TRAINING: sentence("Se former"),
    SupportKind.CONTACT: sentence("Trouver la bonne personne"),
    SupportKind.EXPERTISE: sentence("Parler à quelqu’un qui connaît un sujet"),
    SupportKind.SAISINE: sentence("Alerter le préfet"),
    SupportKind.OTHER: sentence("Autre chose"),
}
STATES: dict[SupportState, str] = {
    SupportState.RECEIVED: sentence("reçue"),
    SupportState.QUALIFIED: sentence("reçue et lue"),
    SupportState.ASSIGNED: sentence("confiée à quelqu’un"),
    SupportState.IN_PROGRESS: sentence("en cours"),
    SupportState.WAITING: sentence("en attente d’une réponse"),
    SupportState.CARRIED_OUT: sentence("réalisée"),
    SupportState.CLOSED: sentence("terminée"),
    SupportState.REDIRECTED: sentence("réorientée"),
    SupportState.WITHDRAWN: sentence("retirée"),
    SupportState.MERGED: sentence("réunie à une autre"),
}
ACTS: dict[SupportAct, str] = {
    SupportAct.ASKED: sentence("demandée"),
    SupportAct.ASSIGNED: sentence("confiée à quelqu’un"),
    SupportAct.QUEUED: sentence("mise dans la file de l’équipe"),
    SupportAct.TAKEN: sentence("prise"),
    SupportAct.TRANSFERRED: sentence("passée à quelqu’un d’autre"),
    SupportAct.RELEASED: sentence("remise dans la file de l’équipe"),
    SupportAct.QUALIFIED: sentence("précisée"),
    SupportAct.ANSWERED: sentence("première réponse donnée"),
    SupportAct.WAITING: sentence("en attente d’une réponse"),
    SupportAct.WRITTEN: sentence("message écrit"),
    SupportAct.ALERTED: sentence("équipe prévenue de la date promise"),
    SupportAct.PROMISE_MOVED: sentence("date promise changée"),
    SupportAct.REDIRECTED: sentence("réorientée"),
    SupportAct.ATTACHED: sentence("reliée à autre chose"),
    SupportAct.CARRIED_OUT: sentence("réalisée"),
    SupportAct.JUDGED: sentence("avis donné"),
    SupportAct.REOPENED: sentence("rouverte"),
    SupportAct.CLOSED: sentence("terminée"),
    SupportAct.WITHDRAWN: sentence("retirée"),
    SupportAct.MERGED: sentence("réunie à une autre"),
}
VERDICTS: dict[Verdict, str] = {
    Verdict.SOLVED: sentence("✅ Oui"),
    Verdict.PARTLY: sentence("🌓 En partie"),
    Verdict.NO: sentence("❌ Non"),
}
SENT: dict[ContentKind, str] = {
    ContentKind.TEXT: sentence("un message"),
    ContentKind.PHOTO: sentence("📷 une photo"),
    ContentKind.VIDEO: sentence("🎬 une vidéo"),
    ContentKind.VOICE: sentence("🎤 un message vocal"),
    ContentKind.AUDIO: sentence("🎵 un son"),
    ContentKind.DOCUMENT: sentence("📄 un document"),
    ContentKind.ANIMATION: sentence("🎬 une image animée"),
    ContentKind.VIDEO_NOTE: sentence("🎬 une vidéo"),
    ContentKind.STICKER: sentence("🙂 une image"),
    ContentKind.LOCATION: sentence("📍 un lieu"),
    ContentKind.CONTACT: sentence("👤 un contact"),
}
SIDES: dict[SupportSide, str] = {
    SupportSide.REQUESTER: sentence("la personne qui demande"),
    SupportSide.TEAM: sentence("l’équipe"),
    SupportSide.NOTE: sentence("une note que l’équipe seule lit"),
}
