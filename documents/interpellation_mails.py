"""E-mails that bring a letter to a partner, remind of it and give more time: French, formal, of the case its title."""

from council.interpellation_letters import DrawnLetter
from council.interpellation_reminders import PartnerMoment, PartnerWord
from council.interpellation_sending import LetterMail
from council.mails import MailWords
from council.partner_links import page_address
from locales.translator import REFERENCE, Translator, translator
from storage.interpellations import InterpellationKind


def letter_mail(mail: LetterMail, *, base_url: str | None) -> MailWords:
    """With the letter as a PDF beside it; `base_url` is where our pages are found, None: nowhere."""
    say, facts = translator(REFERENCE, mail.timezone), mail.letter.facts
    if facts.round > 1:
        subject = say.plain("Interpellation {number} : nouvelle lettre du conseil citoyen", number=facts.number)
    elif facts.kind is InterpellationKind.SAISINE:
        subject = say.plain("Saisine {number} du conseil citoyen {council}", number=facts.number, council=facts.council)
    else:
        subject = say.plain(
            "Interpellation {number} du conseil citoyen {council}", number=facts.number, council=facts.council
        )
    lines = [
        say.plain("Madame, Monsieur,"),
        "",
        say.plain("Le conseil citoyen {council} vous adresse une lettre.", council=facts.council),
        say.plain("Objet : {title}", title=facts.title),
        say.plain("La lettre est jointe à ce message."),
        *_papers(say, mail.letter),
        "",
        *_page(say, base_url, mail.token, say.date(mail.open_until)),
        say.plain(
            "Délai de réponse convenu localement : {days} jours ouvrés. Ce n’est pas un délai légal.",
            days=say.number(facts.answer_days),
        ),
        *_closing(say, facts.council, facts.programme),
    ]
    return MailWords(subject, "\n".join(lines) + "\n")


def partner_mail(word: PartnerWord, *, base_url: str | None) -> MailWords:
    """Before an answer is due, once after it was, or when there is more time."""
    say = translator(REFERENCE, word.timezone)
    subject, due = _about_the_day(say, word)
    lines = [
        say.plain("Madame, Monsieur,"),
        "",
        say.plain(
            "Le conseil citoyen {council} vous a écrit le {day}.",
            council=word.council,
            day=say.date(word.sent_at),
        ),
        say.plain("Objet : {title}", title=word.title),
        *due,
        "",
        *_page(say, base_url, word.token, say.date(word.open_until)),
        say.plain("Si vous avez déjà répondu, nous vous remercions : ne tenez pas compte de ce message."),
        *_closing(say, word.council, word.programme),
    ]
    return MailWords(subject, "\n".join(lines) + "\n")


def _about_the_day(say: Translator, word: PartnerWord) -> tuple[str, list[str]]:
    """The subject, and what is said of the day on which an answer is expected."""
    day = say.date(word.due_at)
    match word.moment:
        case PartnerMoment.BEFORE:
            subject = say.plain("Rappel : votre réponse à {number} est attendue", number=word.number)
            return subject, [
                say.plain(
                    "Votre réponse est attendue avant la fin du {day}. C’est un délai convenu localement.", day=day
                )
            ]
        case PartnerMoment.AFTER:
            subject = say.plain("Rappel : la réponse à {number} n’est pas arrivée", number=word.number)
            return subject, [
                say.plain("Votre réponse était attendue le {day}. C’est un délai convenu localement.", day=day)
            ]
    return say.plain("{number} : vous avez plus de temps pour répondre", number=word.number), [
        say.plain("Votre réponse est maintenant attendue avant la fin du {day}.", day=day),
        say.plain("C’est un délai convenu localement. Raison : {reason}", reason=" ".join(word.reason.split())),
    ]


def _papers(say: Translator, letter: DrawnLetter) -> list[str]:
    """What stands at the end of the letter, what goes beside it, and what could not."""
    lines = []
    if letter.enclosed:
        lines.append(
            say.plural(
                "{n} photo ou papier est à la fin de la lettre.",
                "{n} photos ou papiers sont à la fin de la lettre.",
                letter.enclosed,
            )
        )
    if letter.attached:
        lines.append(
            say.plural(
                "{n} document est joint à ce message : {names}.",
                "{n} documents sont joints à ce message : {names}.",
                len(letter.attached),
                names=say.enumeration([each.file_name for each in letter.attached]),
            )
        )
    if letter.left_out:
        lines.append(
            say.plural(
                "{n} document n’a pas pu être joint. Le conseil le tient à votre disposition.",
                "{n} documents n’ont pas pu être joints. Le conseil les tient à votre disposition.",
                letter.left_out,
            )
        )
    return [str(each.unescape()) for each in lines]


def _page(say: Translator, base_url: str | None, token: str | None, until: str) -> list[str]:
    """The personal link, where there is a page."""
    if base_url is None or token is None:
        return []
    return [
        say.plain("Pour lire la lettre, en accuser réception et y répondre en ligne, ouvrez ce lien :"),
        page_address(base_url, token),
        say.plain("Ce lien est personnel. Il ouvre jusqu’au {day}, sans compte ni mot de passe.", day=until),
        "",
    ]


def _closing(say: Translator, council: str, programme: str) -> list[str]:
    return [
        "",
        say.plain("Avec nos salutations respectueuses,"),
        say.plain("Pour le conseil citoyen {council}", council=council),
        say.plain("L’équipe du programme « {programme} »", programme=programme),
    ]
