"""E-mails to partners about support requests: French, short, and nothing in them that leads to who asked."""

from council.mails import MailWords
from council.support_redirect import Redirection
from locales.translator import REFERENCE, translator


def redirected_letter(redirection: Redirection) -> MailWords:
    """A request has been sent on to a resource actor."""
    say = translator(REFERENCE)
    subject = say.plain("Demande d’appui {number} : un acteur ressource est mobilisé", number=redirection.number)
    lines = [
        say.plain("Bonjour,"),
        "",
        say.plain("Une demande d’appui vient d’être orientée vers un acteur ressource."),
        "",
        say.plain("Demande : {number}", number=redirection.number),
    ]
    if redirection.council:
        lines.append(say.plain("Conseil citoyen : {council}", council=redirection.council))
    if redirection.theme:
        lines.append(say.plain("Thème : {theme}", theme=redirection.theme))
    lines += [
        say.plain("Acteur ressource : {name}", name=redirection.resource_actor),
        "",
        say.plain("Ce message vous informe. Il ne demande pas de réponse."),
        "",
        say.plain("L’équipe du programme « {programme} »", programme=redirection.programme),
    ]
    return MailWords(subject, "\n".join(lines) + "\n")
