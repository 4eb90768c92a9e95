"""E-mails that bring a letter to a partner, and remind of it: French, formal, of the case its title alone."""

from council.interpellation_reminders import Reminder, ReminderMoment
from council.interpellation_sending import LetterMail
from council.mails import MailWords
from council.partner_links import page_address
from locales.translator import REFERENCE, Translator, translator
from storage.interpellations import InterpellationKind


def letter_mail(mail: LetterMail, *, base_url: str | None) -> MailWords:
    """With the letter as a PDF beside it; `base_url` is where our pages are found, None: nowhere."""
    say, facts = translator(REFERENCE, mail.timezone), mail.facts
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
        "",
        *_page(say, base_url, mail.token, say.date(mail.open_until)),
        say.plain(
            "Délai de réponse convenu localement : {days} jours ouvrés. Ce n’est pas un délai légal.",
            days=say.number(facts.answer_days),
        ),
        *_closing(say, facts.council, facts.programme),
    ]
    return MailWords(subject, "\n".join(lines) + "\n")


def reminder_mail(reminder: Reminder, *, base_url: str | None) -> MailWords:
    """Before an answer is due, or once after it was."""
    say = translator(REFERENCE, reminder.timezone)
    before = reminder.moment is ReminderMoment.BEFORE
    if before:
        subject = say.plain("Rappel : votre réponse à {number} est attendue", number=reminder.number)
        due = say.plain(
            "Votre réponse est attendue avant la fin du {day}. C’est un délai convenu localement.",
            day=say.date(reminder.due_at),
        )
    else:
        subject = say.plain("Rappel : la réponse à {number} n’est pas arrivée", number=reminder.number)
        due = say.plain(
            "Votre réponse était attendue le {day}. C’est un délai convenu localement.", day=say.date(reminder.due_at)
        )
    lines = [
        say.plain("Madame, Monsieur,"),
        "",
        say.plain(
            "Le conseil citoyen {council} vous a écrit le {day}.",
            council=reminder.council,
            day=say.date(reminder.sent_at),
        ),
        say.plain("Objet : {title}", title=reminder.title),
        due,
        "",
        *_page(say, base_url, reminder.token, say.date(reminder.open_until)),
        say.plain("Si vous avez déjà répondu, nous vous remercions : ne tenez pas compte de ce message."),
        *_closing(say, reminder.council, reminder.programme),
    ]
    return MailWords(subject, "\n".join(lines) + "\n")


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
