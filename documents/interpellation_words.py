"""What the words of the code for interpellations are called where people read them: cards, files, one's own data."""

from locales.sentences import sentence
from storage.interpellations import (
    AnswerWay,
    InterpellationAct,
    InterpellationKind,
    InterpellationState,
    LetterState,
    LetterWay,
    Opinion,
    VoteChoice,
)

KINDS: dict[InterpellationKind, str] = {
    InterpellationKind.INTERPELLATION: sentence("Interpellation"),
    InterpellationKind.SAISINE: sentence("Saisine du préfet"),
}
STATES: dict[InterpellationState, str] = {
    InterpellationState.DRAFT: sentence("brouillon"),
    InterpellationState.SUBMITTED: sentence("reçue, pas encore publiée"),
    InterpellationState.COSIGNING: sentence("ouverte aux signatures"),
    InterpellationState.VOTING: sentence("soumise au vote du conseil"),
    InterpellationState.REJECTED: sentence("non adoptée"),
    InterpellationState.ADOPTED: sentence("adoptée, pas encore envoyée"),
    InterpellationState.SENT: sentence("envoyée"),
    InterpellationState.ACKNOWLEDGED: sentence("bien reçue, réponse attendue"),
    InterpellationState.ANSWERED: sentence("réponse reçue"),
    InterpellationState.FORWARDED: sentence("transmise aux signataires du contrat"),
    InterpellationState.RETAINED: sentence("retenue par le préfet"),
    InterpellationState.NOT_RETAINED: sentence("non retenue par le préfet"),
    InterpellationState.DIAGNOSED: sentence("diagnostic fait"),
    InterpellationState.IN_STEERING: sentence("au comité de pilotage"),
    InterpellationState.IN_MUNICIPAL_COUNCIL: sentence("au conseil municipal"),
    InterpellationState.FOLLOWED_UP: sentence("suivie d’actions"),
    InterpellationState.REPORTED_BACK: sentence("racontée en réunion"),
    InterpellationState.CLOSED: sentence("terminée"),
    InterpellationState.WITHDRAWN: sentence("retirée"),
}
"""Bare, to stand after a colon."""
ACTS: dict[InterpellationAct, str] = {
    InterpellationAct.WRITTEN: sentence("le texte a été complété."),
    InterpellationAct.SUBMITTED: sentence("le texte a été envoyé au conseil."),
    InterpellationAct.SENT_BACK: sentence("le texte est revenu à son auteur."),
    InterpellationAct.OPENED: sentence("les signatures ont commencé."),
    InterpellationAct.SIGNED_ENOUGH: sentence("il y a assez de signatures."),
    InterpellationAct.NOT_ENOUGH: sentence("il manque des signatures."),
    InterpellationAct.PROLONGED: sentence("il y a plus de temps."),
    InterpellationAct.VOTE_OPENED: sentence("le vote du conseil a commencé."),
    InterpellationAct.VOTE_ENDED: sentence("le vote est fini."),
    InterpellationAct.ADOPTED: sentence("le conseil a dit oui."),
    InterpellationAct.REJECTED: sentence("le conseil a dit non."),
    InterpellationAct.SENT: sentence("la lettre est partie."),
    InterpellationAct.NOT_SENT: sentence("la lettre n’est pas arrivée."),
    InterpellationAct.HANDED_OVER: sentence("la lettre a été remise en main propre."),
    InterpellationAct.ACKNOWLEDGED: sentence("le partenaire a bien reçu la lettre."),
    InterpellationAct.PASSED_ON: sentence("la lettre a été transmise à quelqu’un d’autre."),
    InterpellationAct.ANSWERED: sentence("le partenaire a répondu."),
    InterpellationAct.EXTENDED: sentence("le partenaire a plus de temps."),
    InterpellationAct.DUE_MOVED: sentence("la date de réponse a changé."),
    InterpellationAct.NO_RECEIPT: sentence("le partenaire n’a pas dit s’il a reçu la lettre."),
    InterpellationAct.REMINDED: sentence("le partenaire a reçu un rappel."),
    InterpellationAct.OVERDUE: sentence("la réponse est en retard."),
    InterpellationAct.VERY_OVERDUE: sentence("la réponse est très en retard."),
    InterpellationAct.FORWARDED: sentence("le préfet a transmis la demande."),
    InterpellationAct.RETAINED: sentence("le préfet a retenu la demande."),
    InterpellationAct.NOT_RETAINED: sentence("le préfet n’a pas retenu la demande."),
    InterpellationAct.DIAGNOSED: sentence("le diagnostic est fait."),
    InterpellationAct.IN_STEERING: sentence("le comité de pilotage en a parlé."),
    InterpellationAct.IN_MUNICIPAL_COUNCIL: sentence("le conseil municipal en a parlé."),
    InterpellationAct.FOLLOWED_UP: sentence("des actions ont suivi."),
    InterpellationAct.ASKED_AGAIN: sentence("le conseil a écrit de nouveau."),
    InterpellationAct.ASKING_AGAIN_WISHED: sentence("l’auteur veut une relance."),
    InterpellationAct.REPORTED_BACK: sentence("le résultat a été dit en réunion."),
    InterpellationAct.CLOSED: sentence("c’est terminé."),
    InterpellationAct.WITHDRAWN: sentence("le texte a été retiré."),
}
"""What has happened, as a sentence that begins in the middle: after a day and a colon."""
LETTER_STATES: dict[LetterState, str] = {
    LetterState.WAITING: sentence("pas encore partie"),
    LetterState.SENT: sentence("envoyée"),
    LetterState.NOT_SENT: sentence("non envoyée"),
}
LETTER_WAYS: dict[LetterWay, str] = {
    LetterWay.MAIL: sentence("par e-mail"),
    LetterWay.BY_HAND: sentence("en main propre"),
}
ANSWER_WAYS: dict[AnswerWay, str] = {
    AnswerWay.PAGE: sentence("sur la page de la lettre"),
    AnswerWay.PAPER: sentence("par lettre"),
    AnswerWay.TELEPHONE: sentence("de vive voix"),
}
VOTES: dict[VoteChoice, str] = {
    VoteChoice.FOR: sentence("pour"),
    VoteChoice.AGAINST: sentence("contre"),
    VoteChoice.ABSTAIN: sentence("sans avis"),
}
OPINIONS: dict[Opinion, str] = {
    Opinion.YES: sentence("Oui"),
    Opinion.PARTLY: sentence("En partie"),
    Opinion.NO: sentence("Non"),
}
