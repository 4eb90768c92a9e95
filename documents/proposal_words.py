"""What the words of the code for proposals are called where people read them: cards, and the page of one's data."""

from locales.sentences import sentence
from storage.proposals import ProposalAct, ProposalState, ReportReason

STATES: dict[ProposalState, str] = {
    ProposalState.SUBMITTED: sentence("à relire"),
    ProposalState.TO_CORRECT: sentence("à corriger"),
    ProposalState.RECEIVED: sentence("reçue"),
    ProposalState.DISCUSSED: sentence("discutée"),
    ProposalState.RETAINED: sentence("retenue"),
    ProposalState.FORWARDED: sentence("transmise"),
    ProposalState.ANSWERED: sentence("réponse reçue"),
    ProposalState.DONE: sentence("réalisée"),
    ProposalState.REFUSED: sentence("refusée"),
    ProposalState.REPORTED_BACK: sentence("terminée"),
    ProposalState.MERGED: sentence("réunie à une autre"),
    ProposalState.SET_ASIDE: sentence("écartée"),
    ProposalState.WITHDRAWN: sentence("retirée"),
}
ACTS: dict[ProposalAct, str] = {
    ProposalAct.SUBMITTED: sentence("envoyée"),
    ProposalAct.CORRECTION_ASKED: sentence("rendue à l’auteur"),
    ProposalAct.CORRECTED: sentence("corrigée"),
    ProposalAct.PUBLISHED: sentence("publiée"),
    ProposalAct.MERGED: sentence("réunie à une autre"),
    ProposalAct.SET_ASIDE: sentence("écartée"),
    ProposalAct.WITHDRAWN: sentence("retirée"),
    ProposalAct.PUT_ON_AGENDA: sentence("mise à l’ordre du jour"),
    ProposalAct.TAKEN_OFF_AGENDA: sentence("enlevée de l’ordre du jour"),
    ProposalAct.DISCUSSED: sentence("discutée"),
    ProposalAct.RETAINED: sentence("retenue"),
    ProposalAct.FORWARDED: sentence("transmise"),
    ProposalAct.ANSWERED: sentence("réponse reçue"),
    ProposalAct.DONE: sentence("réalisée"),
    ProposalAct.REFUSED: sentence("refusée"),
    ProposalAct.REPORTED_BACK: sentence("dite en réunion"),
    ProposalAct.HIDDEN: sentence("cachée"),
    ProposalAct.SHOWN_AGAIN: sentence("montrée de nouveau"),
}
REASONS: dict[ReportReason, str] = {
    ReportReason.PERSONAL: sentence("vie privée"),
    ReportReason.OFFENSIVE: sentence("insultant ou violent"),
    ReportReason.FALSE: sentence("faux ou trompeur"),
    ReportReason.OTHER: sentence("autre chose"),
}
