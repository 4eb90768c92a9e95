"""The sentence of each refusal, in plain words. A test asks that every refusal has one."""

from collections.abc import Callable

from council import (
    absences,
    animator_posts,
    contents,
    errors,
    groups,
    interpellation_answers,
    interpellation_by_hand,
    interpellation_drafts,
    interpellation_extensions,
    interpellation_letter_rows,
    interpellation_passing,
    interpellation_sending,
    interpellation_signing,
    interpellation_votes,
    interpellations,
    invitations,
    joining,
    local_time,
    mails,
    meeting_minutes,
    meeting_plans,
    programme,
    proposal_moderation,
    proposal_near,
    proposal_support,
    proposal_treatment,
    proposals,
    resource_actor_values,
    resource_actors,
    roles,
    saisine_steps,
    support_figures,
    support_sorting,
    support_taking,
    support_talk,
    team_group,
    working_time,
)
from council.errors import Refusal
from documents import answer_files, resource_sheet, sheet_reading
from handlers import awaited, files, typed_dates
from handlers.cards.card import Card, Lines
from handlers.cards.home import home_row, join_card
from handlers.cards.proposal_said import decided_words
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator

_SENTENCES: dict[type[Refusal], str] = {
    errors.NotAllowed: sentence("Vous ne pouvez pas ouvrir cela. Cela n’existe peut-être plus."),
    errors.OutOfDate: sentence("Quelque chose a changé depuis. Revenez au menu."),
    errors.NotJoined: sentence("Nous ne nous connaissons pas encore. Appuyez sur /start."),
    errors.EmptyWords: sentence("Je n’ai rien reçu à lire. Écrivez quelques mots, s’il vous plaît."),
    joining.TooYoung: sentence("Avant 15 ans, il faut l’accord d’un parent. Parlez-en à l’animateur du quartier."),
    invitations.TokenUnknown: sentence("Ce lien n’est pas connu. Demandez-en un autre."),
    invitations.TokenExpired: sentence("Ce lien n’est plus valable. Demandez-en un autre."),
    invitations.TokenUsedUp: sentence("Ce lien a déjà servi. Demandez-en un autre."),
    invitations.TokenRevoked: sentence("Ce lien a été fermé. Demandez-en un autre."),
    invitations.OwnInvitation: sentence("C’est votre lien. Envoyez-le à la personne que vous invitez."),
    invitations.CouncilNeeded: sentence("Ce rôle est dans un conseil. Dites lequel."),
    invitations.WholeProgrammeRole: sentence("Ce rôle est pour tous les conseils. N’en nommez aucun."),
    programme.NoProgramme: sentence("Aucun programme n’est en place. Lancez d’abord : portevoix init toulouse"),
    roles.LastCoordinator: sentence("Il faut au moins une personne qui coordonne. Nommez d’abord quelqu’un d’autre."),
    local_time.PastMoment: sentence("Ce moment est déjà passé. Choisissez-en un autre."),
    local_time.TooFarAway: sentence("C’est trop loin. Choisissez un jour plus proche."),
    local_time.SkippedHour: sentence("Cette heure n’existe pas ce jour-là. Choisissez-en une autre."),
    local_time.RepeatedHour: sentence("Cette heure arrive deux fois ce jour-là. Laquelle ?"),
    typed_dates.NotUnderstood: sentence("Je n’ai pas compris le jour ou l’heure."),
    typed_dates.ImpossibleDate: sentence("Ce jour ou cette heure n’existe pas."),
    typed_dates.WrongWeekday: sentence("Le jour de la semaine et la date ne vont pas ensemble."),
    meeting_plans.MeetingBegun: sentence("La réunion a commencé. Cela ne peut plus changer."),
    meeting_plans.MeetingCancelled: sentence("Cette réunion est annulée."),
    meeting_plans.MeetingChanged: sentence("Quelqu’un a changé cette réunion. La voici."),
    meeting_plans.NeedsConfirmation: sentence("C’est une période électorale. Dites d’abord que l’annonce est neutre."),
    meeting_plans.EmptyTitle: sentence("Il faut un titre. Écrivez quelques mots, s’il vous plaît."),
    meeting_plans.EmptyPlace: sentence("Il faut un lieu. Écrivez une adresse, ou envoyez un point sur la carte."),
    meeting_plans.OffsetsOutOfRange: sentence("Il y a trop de rappels. Enlevez-en un d’abord."),
    meeting_plans.HeardTooLate: sentence("La nuit, je n’écris à personne. Les gens l’apprendraient trop tard."),
    meeting_plans.AnnouncedTooLate: sentence("L’annonce doit partir avant le début de la réunion."),
    contents.NotRelayable: sentence("Je ne sais pas transmettre cela. Écrivez-le, ou envoyez une photo ou un vocal."),
    working_time.NeverOpen: sentence("L’équipe est fermée pour longtemps. Elle ne peut pas répondre en ce moment."),
    support_sorting.RequestOver: sentence("Cette demande est terminée. Cela ne peut plus changer."),
    support_sorting.AnswerFirst: sentence("Répondez d’abord à la personne."),
    support_sorting.SameRequest: sentence("C’est la même demande. Choisissez-en une autre."),
    support_talk.TalkEnded: sentence("Cette demande est terminée. Personne ne lirait votre message."),
    groups.GroupOfTeam: sentence("Ce groupe est celui de l’équipe. Prenez un autre groupe pour le conseil."),
    team_group.TopicsAreOff: sentence("Ce groupe n’a pas de sujets. Activez-les, puis appuyez encore."),
    team_group.GroupOfCouncil: sentence("Ce groupe est celui d’un conseil. Prenez un groupe où seule l’équipe lit."),
    team_group.TeamIsPrivate: sentence("Le programme prévoit des réponses en privé. Changez d’abord ce réglage."),
    support_figures.PeriodUpsideDown: sentence("Le dernier jour vient avant le premier. Choisissez-en un autre."),
    support_taking.NotOnTheTeam: sentence("Cette personne n’est plus dans l’équipe. Choisissez quelqu’un d’autre."),
    support_taking.TheirOwnRequest: sentence("C’est sa propre demande. Choisissez quelqu’un d’autre."),
    absences.AbsenceOver: sentence("Ce jour est déjà passé. Choisissez-en un autre."),
    absences.AbsenceUpsideDown: sentence("Le dernier jour vient avant le premier. Choisissez-en un autre."),
    absences.AbsenceTooLong: sentence("Une absence dure un an au plus. Choisissez un jour plus proche."),
    absences.AwayAlready: sentence("Ces jours sont déjà notés. Choisissez d’autres jours."),
    animator_posts.CapacityOutOfReach: sentence("Ce nombre ne va pas. Choisissez-en un autre."),
    proposal_moderation.OwnWords: sentence("C’est votre proposition. Quelqu’un d’autre la lira."),
    proposal_moderation.NothingToPublish: sentence("Il faut un titre et un texte. Écrivez-les d’abord."),
    proposal_moderation.NotToBeJoined: sentence("Choisissez une autre proposition publiée du même conseil."),
    proposal_near.NoProposalNamed: sentence("Je ne trouve pas ce numéro. Écrivez par exemple : P-2026-014."),
    proposal_treatment.HiddenByReports: sentence("Des habitants l’ont signalée. Décidez d’abord si elle reste."),
    proposal_treatment.NotOnThisAgenda: sentence("Cette réunion a commencé ou n’a pas lieu. Choisissez-en une autre."),
    proposals.NotForAProposal: sentence("Je ne peux pas garder cela ici. Parlez, écrivez, ou envoyez une photo."),
    proposal_support.OwnProposal: sentence("C’est votre proposition. Les autres peuvent la soutenir."),
    proposal_support.NotOfTheCouncil: sentence("Pour soutenir cette proposition, suivez d’abord le conseil."),
    proposal_support.ProposalDecided: sentence("C’est déjà décidé. On ne peut plus la soutenir."),
    awaited.ButtonsAwaited: sentence("Répondez avec les boutons, s’il vous plaît."),
    awaited.WordsAwaited: sentence("Ici, je ne peux lire que des mots écrits."),
    awaited.NoLongerAwaited: sentence(
        "Vous avez appuyé sur un bouton il y a longtemps. Appuyez de nouveau, ou récrivez."
    ),
    awaited.SpeechAwaited: sentence("Ici, parlez ou écrivez, s’il vous plaît."),
    awaited.FileAwaited: sentence("Envoyez une image ou un document, ou passez."),
    awaited.DocumentAwaited: sentence("Envoyez un document, comme un fichier."),
    meeting_minutes.MeetingNotHeld: sentence("Cette réunion n’a pas encore eu lieu."),
    awaited.PlaceAwaited: sentence("Écrivez l’adresse, ou envoyez un point sur la carte."),
    awaited.NumberNotFound: sentence("Je n’ai pas trouvé de nombre. Écrivez par exemple : 30."),
    awaited.SeveralNumbers: sentence("Je lis plusieurs nombres. Écrivez-en un seul, par exemple : 30."),
    awaited.LengthNotUnderstood: sentence("Je n’ai pas compris la durée. Écrivez par exemple : 1h30."),
    mails.BadMailAddress: sentence("On ne peut pas écrire à cette adresse e-mail."),
    mails.AttachmentsTooLarge: sentence("Les fichiers sont trop lourds pour un e-mail."),
    interpellation_answers.AnswersClosed: sentence("Ce dossier ne prend plus de réponse."),
    interpellation_answers.NameMissing: sentence("Il manque un nom. Écrivez-le, s’il vous plaît."),
    interpellation_answers.NothingAnswered: sentence("Écrivez une réponse, ou joignez un fichier."),
    interpellation_answers.FutureDay: sentence("Ce jour n’est pas encore venu. Choisissez-en un autre."),
    interpellation_answers.BeforeSending: sentence("La lettre n’était pas encore partie ce jour-là."),
    interpellation_answers.TooManyFiles: sentence("Il y a trop de fichiers. Choisissez-en cinq au plus."),
    interpellation_passing.LetterPassedOnTooOften: sentence("Cette lettre a déjà été transmise à beaucoup de monde."),
    interpellation_passing.PassedOnTooOften: sentence("Vous avez déjà transmis cette lettre cinq fois."),
    saisine_steps.BeforeLastStep: sentence("Ce jour vient avant l’étape d’avant. Choisissez-en un autre."),
    saisine_steps.ReasonMissing: sentence("Dites pourquoi, s’il vous plaît."),
    answer_files.FilesOverLimit: sentence("Les fichiers sont trop lourds ensemble. Il faut moins de 20 Mo."),
    interpellation_sending.NoPartnerAddress: sentence(
        "Je n’ai pas d’adresse e-mail. Remettez la lettre en main propre."
    ),
    interpellation_letter_rows.LetterUnderWay: sentence("Quelqu’un vient d’envoyer cette lettre."),
    interpellation_by_hand.BeforeLetter: sentence("Ce jour-là, la lettre n’était pas encore écrite."),
    interpellation_by_hand.PaperChanged: sentence("La lettre a changé depuis que vous l’avez prise."),
    interpellation_extensions.DayIsOver: sentence("Même avec plus de temps, ce jour est passé."),
    interpellation_drafts.CouncilLeft: sentence("Vous ne suivez plus ce conseil. Votre texte est gardé."),
    interpellation_drafts.AnswerNeeded: sentence("Dites ce qui se passe, et ce que vous demandez."),
    interpellation_drafts.PartnerNeeded: sentence("Choisissez d’abord à qui vous écrivez."),
    interpellation_drafts.NotWritten: sentence("Il y a un message vocal. Écrivez d’abord ce qu’il dit."),
    interpellation_signing.NotOfThisCouncil: sentence("Pour signer, suivez d’abord ce conseil."),
    interpellation_signing.SignedAlready: sentence("Vous avez déjà signé."),
    interpellation_signing.SigningOver: sentence("On ne peut plus signer. Le temps est fini."),
    interpellation_votes.NotAVoter: sentence("Seuls les membres du conseil votent."),
    interpellation_votes.VoteOver: sentence("Le vote est fini. On ne peut plus voter."),
    interpellation_votes.VoteRuns: sentence("Le vote n’est pas fini. Attendez la fin."),
    interpellation_votes.OtherResult: sentence("Les membres ont voté autre chose. Regardez le résultat."),
    interpellations.ProlongedAlready: sentence("Il y a déjà eu plus de temps, une fois."),
    sheet_reading.SheetUnreadable: sentence("Je ne peux pas lire cela. Il faut un fichier .csv ou .xlsx."),
    sheet_reading.SheetTooLong: sentence("Il y a trop de lignes. Coupez le fichier en deux."),
    resource_sheet.NoNameColumn: sentence("Je ne trouve pas la colonne « Nom »."),
    resource_sheet.NothingInSheet: sentence("Ce fichier est vide."),
    files.FilesNotFetched: sentence("Je n’arrive pas à prendre les photos. Réessayez dans un moment."),
    files.FileNotReceived: sentence("Je n’ai pas reçu le fichier. Envoyez-le encore une fois."),
    resource_actors.NameTaken: sentence("Ce nom est déjà dans l’annuaire."),
    resource_actors.DirectoryFull: sentence("L’annuaire est plein. Retirez d’abord un acteur."),
    resource_actor_values.NotAPhone: sentence("Ce n’est pas un numéro de téléphone. Exemple : 05 61 22 33 44."),
    resource_actor_values.NotAMailAddress: sentence("Ce n’est pas une adresse e-mail. Exemple : nom@exemple.fr."),
    resource_actor_values.NotAWebsite: sentence("Ce n’est pas l’adresse d’un site. Exemple : www.exemple.fr."),
    resource_actor_values.TooManyThemes: sentence("Il y a trop de thèmes. Choisissez-en dix au plus."),
}

_WITH_FIGURES: dict[type[Refusal], Callable[[Refusal, Translator], str]] = {}


def refusal_card(refusal: Refusal, say: Translator, *, in_dialogue: bool) -> Card:
    """The sentence with a way on: to join, out of the dialogue that is still open, or home."""
    if isinstance(refusal, errors.NotJoined):
        return join_card(say)
    rows = step_rows(say) if in_dialogue else (home_row(say),)
    return Card(Lines().add(refusal_sentence(refusal, say)).text, rows)


def refusal_sentence(refusal: Refusal, say: Translator) -> str:
    """What the person reads, as bare text."""
    for kind in type(refusal).__mro__:
        if kind in _WITH_FIGURES:
            return _WITH_FIGURES[kind](refusal, say)
        if kind in _SENTENCES:
            return say.plain(_SENTENCES[kind])
    raise LookupError(type(refusal))


def _too_long(refusal: Refusal, say: Translator) -> str:
    limit = refusal.limit if isinstance(refusal, errors.TooLong) else 0
    return say.plain("C’est trop long. Il faut moins de {limit} signes.", limit=say.number(limit))


_WITH_FIGURES[errors.TooLong] = _too_long


def _merged_elsewhere(refusal: Refusal, say: Translator) -> str:
    number = refusal.number if isinstance(refusal, support_sorting.MergedElsewhere) else ""
    return say.plain("Elle est déjà réunie à la demande {number}. Prenez celle-là.", number=number)


_WITH_FIGURES[support_sorting.MergedElsewhere] = _merged_elsewhere


def _taken_by(refusal: Refusal, say: Translator) -> str:
    name = refusal.name if isinstance(refusal, support_taking.TakenBy) else ""
    return say.plain("{name} a déjà pris cette demande.", name=name)


_WITH_FIGURES[support_taking.TakenBy] = _taken_by


def _file_too_large(refusal: Refusal, say: Translator) -> str:
    megabytes = refusal.limit // (1024 * 1024) if isinstance(refusal, files.FileTooLarge) else 0
    return say.plain("Ce fichier est trop lourd. Il faut moins de {n} Mo.", n=say.number(megabytes))


_WITH_FIGURES[files.FileTooLarge] = _file_too_large


def _uses_out_of_range(refusal: Refusal, say: Translator) -> str:
    most = refusal.most if isinstance(refusal, invitations.UsesOutOfRange) else 0
    return say.plain("Un lien est pour 1 à {most} personnes.", most=say.number(most))


_WITH_FIGURES[invitations.UsesOutOfRange] = _uses_out_of_range


def _life_out_of_range(refusal: Refusal, say: Translator) -> str:
    days = refusal.longest.days if isinstance(refusal, invitations.LifeOutOfRange) else 0
    return say.plain("Un lien dure au plus {days} jours.", days=say.number(days))


_WITH_FIGURES[invitations.LifeOutOfRange] = _life_out_of_range


def _council_still_has_people(refusal: Refusal, say: Translator) -> str:
    code, count = (refusal.code, refusal.count) if isinstance(refusal, programme.CouncilStillHasPeople) else ("", 0)
    words = say.plural(
        "Le conseil « {code} » a encore {n} personne. Laissez-le dans le fichier.",
        "Le conseil « {code} » a encore {n} personnes. Laissez-le dans le fichier.",
        count,
        code=code,
    )
    return str(words.unescape())


_WITH_FIGURES[programme.CouncilStillHasPeople] = _council_still_has_people


def _council_has_history(refusal: Refusal, say: Translator) -> str:
    code = refusal.code if isinstance(refusal, programme.CouncilHasHistory) else ""
    return say.plain(
        "Le conseil « {code} » a déjà eu des réunions, des demandes ou des idées. Laissez-le dans le fichier.",
        code=code,
    )


_WITH_FIGURES[programme.CouncilHasHistory] = _council_has_history


def _length_out_of_range(refusal: Refusal, say: Translator) -> str:
    shortest, longest = meeting_plans.SHORTEST, meeting_plans.LONGEST // 60
    return say.plain(
        "Une réunion dure de {shortest} minutes à {longest} heures.",
        shortest=say.number(shortest),
        longest=say.number(longest),
    )


_WITH_FIGURES[meeting_plans.LengthOutOfRange] = _length_out_of_range


def _capacity_out_of_range(refusal: Refusal, say: Translator) -> str:
    return say.plain("C’est trop. Choisissez {most} places ou moins.", most=say.number(meeting_plans.MOST_SEATS))


_WITH_FIGURES[meeting_plans.CapacityOutOfRange] = _capacity_out_of_range


def _file_refused(refusal: Refusal, say: Translator) -> str:
    name = refusal.name if isinstance(refusal, answer_files.FileRefused) else ""
    match refusal:
        case answer_files.EmptyFile():
            return say.plain("Le fichier « {name} » est vide.", name=name)
        case answer_files.FileOverLimit():
            return say.plain("Le fichier « {name} » est trop lourd. Il faut moins de 10 Mo.", name=name)
        case answer_files.NameBelies():
            return say.plain("Le fichier « {name} » n’est pas ce que dit son nom.", name=name)
    return say.plain("Le fichier « {name} » n’est pas d’une sorte acceptée.", name=name)


_WITH_FIGURES[answer_files.FileRefused] = _file_refused


def _decided_already(refusal: Refusal, say: Translator) -> str:
    if not isinstance(refusal, proposal_moderation.DecidedAlready) or not refusal.name:
        return say.plain("C’est déjà fait.")
    return decided_words(say, refusal.name, refusal.act)


_WITH_FIGURES[proposal_moderation.DecidedAlready] = _decided_already


def _same_proposal(refusal: Refusal, say: Translator) -> str:
    number = refusal.number if isinstance(refusal, proposals.SameProposal) else ""
    return say.plain("Vous avez déjà envoyé cette idée. C’est la proposition {number}.", number=number)


_WITH_FIGURES[proposals.SameProposal] = _same_proposal


def _asked_already(refusal: Refusal, say: Translator) -> str:
    number = refusal.number if isinstance(refusal, interpellation_drafts.AskedAlready) else ""
    return say.plain("Vous avez déjà envoyé ce texte. C’est la question {number}.", number=number)


_WITH_FIGURES[interpellation_drafts.AskedAlready] = _asked_already
