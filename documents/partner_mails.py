"""E-mails that bring a partner to the page of a letter: French, short, with nothing of the case but its title."""

from council.interpellation_passing import PassedOn
from council.mails import MailWords
from council.partner_links import page_address
from locales.translator import REFERENCE, translator


def passed_on_mail(passed: PassedOn, *, base_url: str) -> MailWords:
    """To somebody whom the first reader has named; `base_url` is where our pages are found."""
    say = translator(REFERENCE, passed.timezone)
    subject = say.plain("{number} : une lettre du conseil citoyen vous est transmise", number=passed.number)
    lines = (
        say.plain("Bonjour {name},", name=passed.name),
        "",
        say.plain(
            "{passer} vous transmet une lettre du conseil citoyen {council}.",
            passer=passed.passer,
            council=passed.council,
        ),
        say.plain("La lettre : {title}", title=passed.title),
        "",
        say.plain("Pour la lire et y répondre, ouvrez ce lien :"),
        page_address(base_url, passed.token),
        "",
        say.plain("Ce lien est pour vous. Il ouvre jusqu’au {day}.", day=say.date(passed.expires_at)),
        say.plain("Il ne faut ni compte ni mot de passe."),
        "",
        say.plain("L’équipe du programme « {programme} »", programme=passed.programme),
    )
    return MailWords(subject, "\n".join(lines) + "\n")
