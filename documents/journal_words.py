"""What the acts of the audit are called where people read them: the journal, and the file of one's own data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

from council.journal import JournalKind, JournalLine, Somebody
from documents.person_words import ROLES
from locales.sentences import sentence
from locales.translator import Translator

KINDS: dict[JournalKind, str] = {
    JournalKind.MEETINGS: sentence("Réunions"),
    JournalKind.PROPOSALS: sentence("Propositions"),
    JournalKind.INTERPELLATIONS: sentence("Interpellations"),
    JournalKind.REQUESTS: sentence("Demandes"),
    JournalKind.TEAM: sentence("Équipe et rôles"),
    JournalKind.ACCOUNTS: sentence("Comptes"),
    JournalKind.REFUSALS: sentence("Refus"),
}

ACTS: Mapping[str, str] = {
    "absence.cancelled": sentence("{who} a annulé une absence : {other}."),
    "absence.declared": sentence("{who} a noté une absence : {other}."),
    "announcement.sent": sentence("{who} a envoyé une annonce."),
    "boundaries.imported": sentence("{who} a mis à jour les limites des quartiers."),
    "council.followed": sentence("{who} suit {what}."),
    "council.left": sentence("{who} ne suit plus {what}."),
    "council.status_set": sentence("{who} a changé l’état du conseil : {what}."),
    "group.linked": sentence("{who} a relié un groupe à un conseil : {what}."),
    "group.topic_left": sentence("{who} n’écrit plus dans le sujet d’un groupe."),
    "group.unlinked": sentence("{who} n’écrit plus dans le groupe d’un conseil."),
    "interpellation.acknowledged": sentence("{who} a confirmé l’arrivée de la lettre pour {what}."),
    "interpellation.adopted": sentence("{who} a noté le oui du conseil à {what}."),
    "interpellation.answered": sentence("{who} a donné une réponse pour {what}."),
    "interpellation.asked_again": sentence("{who} a écrit de nouveau pour {what}."),
    "interpellation.asking_again_wished": sentence("{who} a demandé une relance pour {what}."),
    "interpellation.closed": sentence("{who} a terminé {what}."),
    "interpellation.diagnosed": sentence("{who} a noté un diagnostic pour {what}."),
    "interpellation.draft_kept": sentence("{who} a gardé le brouillon pour {what}."),
    "interpellation.due_moved": sentence("{who} a changé la date de réponse pour {what}."),
    "interpellation.extended": sentence("{who} a donné plus de temps au partenaire pour {what}."),
    "interpellation.followed_up": sentence("{who} a noté des actions pour {what}."),
    "interpellation.forwarded": sentence("{who} a noté : le préfet a transmis {what}."),
    "interpellation.handed_over": sentence("{who} a remis la lettre en main propre pour {what}."),
    "interpellation.in_municipal_council": sentence("{who} a noté : {what} passe au conseil municipal."),
    "interpellation.in_steering": sentence("{who} a noté : {what} passe au comité de pilotage."),
    "interpellation.judged": sentence("{who} a donné son avis sur la réponse à {what}."),
    "interpellation.letter_again": sentence("{who} a envoyé la lettre une autre fois pour {what}."),
    "interpellation.letter_mailed": sentence("{who} a demandé l’envoi de la lettre pour {what}."),
    "interpellation.letter_printed": sentence("{who} a pris la lettre sur papier pour {what}."),
    "interpellation.no_receipt": sentence("{who} attend que le partenaire confirme la lettre pour {what}."),
    "interpellation.not_enough": sentence("{who} n’a pas compté assez de signatures pour {what}."),
    "interpellation.not_retained": sentence("{who} a noté : le préfet ne retient pas {what}."),
    "interpellation.not_sent": sentence("{who} n’a pas pu envoyer la lettre pour {what}."),
    "interpellation.opened": sentence("{who} a ouvert {what} aux signatures."),
    "interpellation.overdue": sentence("{who} a vu un retard de réponse pour {what}."),
    "interpellation.passed_on": sentence("{who} a transmis la lettre à quelqu’un d’autre pour {what}."),
    "interpellation.prolonged": sentence("{who} a donné plus de temps aux habitants pour {what}."),
    "interpellation.rejected": sentence("{who} a noté le non du conseil à {what}."),
    "interpellation.reminded": sentence("{who} a envoyé un rappel au partenaire pour {what}."),
    "interpellation.reported_back": sentence("{who} a raconté {what} en réunion."),
    "interpellation.retained": sentence("{who} a noté : le préfet retient {what}."),
    "interpellation.sent": sentence("{who} a fait partir la lettre pour {what}."),
    "interpellation.sent_back": sentence("{who} a rendu {what} à son auteur."),
    "interpellation.signature_shown": sentence("{who} a montré ou caché son prénom pour {what}."),
    "interpellation.signed": sentence("{who} a signé {what}."),
    "interpellation.signed_enough": sentence("{who} a compté assez de signatures pour {what}."),
    "interpellation.submitted": sentence("{who} a envoyé {what} au conseil."),
    "interpellation.unsigned": sentence("{who} ne signe plus {what}."),
    "interpellation.very_overdue": sentence("{who} a vu un grand retard de réponse pour {what}."),
    "interpellation.view_written": sentence("{who} a écrit un avis différent sur {what}."),
    "interpellation.vote_ended": sentence("{who} a fermé le vote pour {what}."),
    "interpellation.vote_opened": sentence("{who} a ouvert le vote pour {what}."),
    "interpellation.voted": sentence("{who} a voté sur {what}."),
    "interpellation.withdrawn": sentence("{who} a retiré {what}."),
    "interpellation.written": sentence("{who} a complété {what}."),
    "invitation.accepted": sentence("{who} a accepté une invitation : {role}."),
    "invitation.made": sentence("{who} a créé une invitation : {role}."),
    "invitation.revoked": sentence("{who} a fermé une invitation."),
    "journal.asked": sentence("{who} a demandé le journal en tableau."),
    "mail.sent_again": sentence("{who} a envoyé un e-mail une autre fois."),
    "meeting.announced": sentence("{who} a annoncé {what}."),
    "meeting.answered": sentence("{who} a répondu à {what}."),
    "meeting.cancelled": sentence("{who} a annulé {what}."),
    "meeting.created": sentence("{who} a créé {what}."),
    "meeting.edited": sentence("{who} a modifié {what}."),
    "meeting.minutes_published": sentence("{who} a publié le compte rendu pour {what}."),
    "meeting.moved": sentence("{who} a déplacé {what}."),
    "person.erased": sentence("{who} a effacé son compte."),
    "person.first_name_changed": sentence("{who} a changé de prénom."),
    "person.joined": sentence("{who} a créé son compte."),
    "person.language_changed": sentence("{who} a changé de langue."),
    "person.news_changed": sentence("{who} a choisi comment recevoir les nouvelles."),
    "post.capacity": sentence("{who} a changé le nombre de demandes en même temps : {what}."),
    "post.deputy": sentence("{who} a changé qui remplace {what}."),
    "post.skill": sentence("{who} a changé les domaines bien connus : {what}."),
    "programme.applied": sentence("{who} a mis à jour le programme."),
    "proposal.answered": sentence("{who} a noté une réponse pour {what}."),
    "proposal.corrected": sentence("{who} a corrigé {what}."),
    "proposal.correction_asked": sentence("{who} a demandé de corriger {what}."),
    "proposal.discussed": sentence("{who} a noté : {what} est discutée."),
    "proposal.done": sentence("{who} a noté : {what} est réalisée."),
    "proposal.followed": sentence("{who} suit {what}."),
    "proposal.forwarded": sentence("{who} a noté : {what} est transmise."),
    "proposal.hidden": sentence("{who} a caché {what}."),
    "proposal.left": sentence("{who} ne suit plus {what}."),
    "proposal.merged": sentence("{who} a réuni {what} à une autre proposition."),
    "proposal.published": sentence("{who} a publié {what}."),
    "proposal.put_on_agenda": sentence("{who} a mis {what} à l’ordre du jour."),
    "proposal.refused": sentence("{who} a noté : {what} est refusée."),
    "proposal.reported": sentence("{who} a signalé {what}."),
    "proposal.reported_back": sentence("{who} a raconté {what} en réunion."),
    "proposal.retained": sentence("{who} a noté : {what} est retenue."),
    "proposal.set_aside": sentence("{who} a écarté {what}."),
    "proposal.shown_again": sentence("{who} a montré {what} de nouveau."),
    "proposal.submitted": sentence("{who} a envoyé {what}."),
    "proposal.support_withdrawn": sentence("{who} ne soutient plus {what}."),
    "proposal.supported": sentence("{who} soutient {what}."),
    "proposal.taken_off_agenda": sentence("{who} a enlevé {what} de l’ordre du jour."),
    "proposal.withdrawn": sentence("{who} a retiré {what}."),
    "refused": sentence("{who} a demandé ce qui n’est pas permis."),
    "resource_actor.added": sentence("{who} a ajouté dans l’annuaire : {what}."),
    "resource_actor.archived": sentence("{who} a retiré de l’annuaire : {what}."),
    "resource_actor.changed": sentence("{who} a modifié dans l’annuaire : {what}."),
    "resource_actor.imported": sentence("{who} a rempli l’annuaire avec un tableau."),
    "resource_actor.restored": sentence("{who} a remis dans l’annuaire : {what}."),
    "role.granted": sentence("{who} a donné un rôle à {other} : {role}."),
    "role.revoked": sentence("{who} a retiré un rôle à {other} : {role}."),
    "support.alerted": sentence("{who} a alerté l’équipe pour {what}."),
    "support.answered": sentence("{who} a donné la première réponse pour {what}."),
    "support.asked": sentence("{who} a demandé un appui : {what}."),
    "support.assigned": sentence("{who} a confié {what} à {other}."),
    "support.attached": sentence("{who} a relié {what} à autre chose."),
    "support.carried_out": sentence("{who} a réalisé {what}."),
    "support.closed": sentence("{who} a terminé {what}."),
    "support.judged": sentence("{who} a donné son avis sur {what}."),
    "support.merged": sentence("{who} a réuni {what} à une autre demande."),
    "support.promise_moved": sentence("{who} a changé la date promise pour {what}."),
    "support.qualified": sentence("{who} a précisé {what}."),
    "support.queued": sentence("{who} a mis {what} dans la file de l’équipe."),
    "support.redirected": sentence("{who} a orienté {what} ailleurs."),
    "support.released": sentence("{who} a remis {what} dans la file de l’équipe."),
    "support.reopened": sentence("{who} a rouvert {what}."),
    "support.taken": sentence("{who} a pris {what}."),
    "support.transferred": sentence("{who} a passé {what} à {other}."),
    "support.waiting": sentence("{who} attend une réponse pour {what}."),
    "support.withdrawn": sentence("{who} a retiré {what}."),
    "support.words_forgotten": sentence("{who} a effacé les messages de vieilles demandes."),
    "support.written": sentence("{who} a écrit un message pour {what}."),
    "team_group.linked": sentence("{who} a relié le groupe de l’équipe."),
    "team_group.unlinked": sentence("{who} n’écrit plus dans le groupe de l’équipe."),
}
"""Every act that the code writes: a test reads them there. It stands behind {who}, and {what} in the midst of it."""
_FORGED = "Forged"  # council/ and bot/ name a refusal by its type
_FALSE_BUTTON = sentence("{who} a envoyé un faux bouton.")
_OF_ANOTHER_VERSION = sentence("{who} a fait autre chose.")

_ONE: Mapping[str, str] = {
    "meeting": sentence("une réunion"),
    "proposal": sentence("une proposition"),
    "interpellation": sentence("une question"),
    "support_request": sentence("une demande"),
    "council": sentence("un conseil"),
    "resource_actor": sentence("un acteur ressource"),
    "animator_post": sentence("quelqu’un"),
}
"""What it was done to, where it has no name, or is gone."""

_BY_SERVER = ("programme.", "boundaries.", "invitation.")
_BY_PARTNER = ("interpellation.acknowledged", "interpellation.answered", "interpellation.passed_on")


def who_words(say: Translator, line: JournalLine) -> str:
    """Who acted, bare: the first name, the number that is left of an erased account, or what acted by itself."""
    if line.is_unnamed:
        return say.plain("Quelqu’un")
    if line.who is not None:
        return somebody_words(say, line.who)
    if line.act == "refused":
        return say.plain("Quelqu’un sans compte")
    if line.act.startswith(_BY_SERVER):
        return say.plain("Le serveur")
    if line.act in _BY_PARTNER:
        return say.plain("L’institution")
    return say.plain("Le robot")


def somebody_words(say: Translator, somebody: Somebody) -> str:
    """Bare. An account that was erased has no name any more."""
    return somebody.first_name or say.plain("Compte effacé n° {number}", number=str(somebody.person_id))


def what_words(say: Translator, line: JournalLine) -> str:
    """What it was done to, bare: « P-2026-014 », « la réunion du 12 mars »; "" where the act says it all."""
    if line.meeting_at is not None:
        return say.plain("la réunion du {day}", day=_day(say, line.meeting_at, line.at))
    if line.name:
        return line.name
    return say.plain(_ONE[line.subject]) if line.subject in _ONE else ""


def role_words(say: Translator, line: JournalLine) -> str:
    """The role that was given or taken, with its council, bare; "" where the act is about none."""
    if line.role is None:
        return ""
    name = say.plain(ROLES[line.role])
    return say.plain("{role} – {council}", role=name, council=line.council) if line.council else name


def act_words(say: Translator, line: JournalLine, **shown: Any) -> Markup:
    """Who did what to what, as a sentence. `shown` are blanks that look otherwise there, as `who` in bold."""
    blanks = {
        "who": who_words(say, line),
        "what": what_words(say, line),
        "other": somebody_words(say, line.other) if line.other is not None else say.plain("quelqu’un"),
        "role": role_words(say, line),
        **shown,
    }
    is_forged = line.act == "refused" and line.subject == _FORGED
    return say(_FALSE_BUTTON if is_forged else ACTS.get(line.act, _OF_ANOTHER_VERSION), **blanks)


def _day(say: Translator, moment: datetime, seen_at: datetime) -> str:
    """With the year where it is another than that in which the line was written."""
    years = {each.astimezone(say.timezone).year for each in (moment, seen_at)}
    return say.day(moment, with_year=len(years) > 1)
