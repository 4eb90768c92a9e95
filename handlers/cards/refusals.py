"""The sentence of each refusal, in plain words. A test asks that every refusal has one."""

from collections.abc import Callable

from council import errors, invitations, joining, local_time, meeting_plans, programme, roles
from council.errors import Refusal
from handlers import awaited, typed_dates
from handlers.cards.card import Card, Lines
from handlers.cards.home import home_row, join_card
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
    awaited.ButtonsAwaited: sentence("Répondez avec les boutons, s’il vous plaît."),
    awaited.WordsAwaited: sentence("Ici, je ne peux lire que des mots écrits."),
    awaited.FileAwaited: sentence("Envoyez une image ou un document, ou passez."),
    awaited.PlaceAwaited: sentence("Écrivez l’adresse, ou envoyez un point sur la carte."),
    awaited.NumberNotFound: sentence("Je n’ai pas trouvé de nombre. Écrivez par exemple : 30."),
    awaited.LengthNotUnderstood: sentence("Je n’ai pas compris la durée. Écrivez par exemple : 1h30."),
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
    return say.plain("Le conseil « {code} » a déjà eu des réunions. Laissez-le dans le fichier.", code=code)


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
