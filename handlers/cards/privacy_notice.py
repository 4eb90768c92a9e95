"""What people are told about their data, in two layers: five lines, and the whole (domain.md, section 7).

What changes here changes council.privacy.NOTICE_VERSION too.
"""

from markupsafe import Markup

from council.settings import ProgrammeSettings
from handlers.cards.card import Lines, bold
from locales.sentences import sentence
from locales.translator import REFERENCE, Translator

_BASES = {
    "public_interest": sentence("La loi le permet : c’est une mission d’intérêt public."),
    "consent": sentence("La loi le permet : vous avez donné votre accord."),
}
_ARTICLES = {
    "public_interest": sentence("C’est l’article 6.1.e du règlement européen (RGPD)."),
    "consent": sentence("Base légale : article 6.1.a du RGPD."),
}


def five_lines(programme: ProgrammeSettings, say: Translator) -> tuple[Markup, ...]:
    """The first layer."""
    return (
        say("Je garde votre compte Telegram, votre prénom, votre langue."),
        say("Je garde aussi ce que vous faites et écrivez ici."),
        say("Responsable : {name}. Contact : {contact}.", **_controller(programme)),
        say("Telegram n’est pas secret. Ses serveurs sont hors d’Europe."),
        say("Vous pouvez tout voir, corriger ou effacer, à tout moment."),
    )


def whole_notice(programme: ProgrammeSettings, say: Translator) -> Markup:
    """The second layer; in other languages than French it says that the French one counts."""
    words = Lines()
    if say.language != REFERENCE:
        words.add(say("Traduction non officielle. Seul le texte français fait foi."), "")
    for heading, lines in _parts(programme, say):
        words.add(bold(heading), *lines, "")
    words.lines.pop()
    return words.text


def _parts(programme: ProgrammeSettings, say: Translator) -> tuple[tuple[Markup, tuple[Markup, ...]], ...]:
    basis = programme.controller.basis
    return (
        (
            say("Qui est responsable"),
            (
                say("{name} est responsable de vos données.", **_controller(programme)),
                say("Pour toute question : {contact}.", **_controller(programme)),
            ),
        ),
        (
            say("Pourquoi"),
            (
                say("Vos données servent à la vie des conseils citoyens."),
                say(_BASES[basis]),
                say(_ARTICLES[basis]),
            ),
        ),
        (
            say("Ce que je garde"),
            (
                say("Le numéro de votre compte Telegram, votre prénom, votre langue."),
                say("Les conseils que vous suivez et vos rôles."),
                say("Vos réponses aux réunions."),
                say("Vos demandes, et ce que vous y écrivez."),
                say("Vos propositions, vos signatures et vos votes."),
                say("La date de votre accord, et que vous avez 15 ans."),
                say("Un journal de vos actions, sans vos messages."),
                say("Je ne demande ni origine, ni opinion, ni santé, ni religion."),
            ),
        ),
        (
            say("Qui les voit"),
            (
                say("Les référents et les animateurs de votre conseil."),
                say("Ils voient votre prénom et vos réponses."),
                say("Seule l’équipe lit vos demandes."),
                say("Tout le monde peut lire une proposition publiée."),
                say("La coordination voit aussi le journal."),
                say("Vos données ne sont jamais vendues."),
            ),
        ),
        (
            say("Combien de temps"),
            (
                say("Tant que vous utilisez ce service."),
                say.plural(
                    "Au plus {n} mois après votre dernier message.",
                    "Au plus {n} mois après votre dernier message.",
                    programme.retention.inactive_months,
                ),
                say("Je garde le nombre de participants, sans votre nom."),
                say("Ce qui est publié ou envoyé reste aussi, sans votre nom."),
                say.plural(
                    "Les messages d’une demande restent {n} mois après sa fin.",
                    "Les messages d’une demande restent {n} mois après sa fin.",
                    programme.retention.requests_months,
                ),
                say("Un message reçu dans Telegram par l’équipe y reste."),
                say("Le journal et les dates des demandes restent aussi, sans votre nom."),
            ),
        ),
        (
            say("Vos droits"),
            (
                say("Tout voir : {command}.", command="/mesdonnees"),
                say("Corriger : {command}.", command="/profil"),
                say("Tout effacer : {command}.", command="/supprimer"),
                say("Vous opposer ou limiter : écrivez à {contact}.", **_controller(programme)),
                say("Vous plaindre : {address}.", address="cnil.fr"),
            ),
        ),
        (
            say("Telegram"),
            (
                say("Telegram peut lire nos échanges."),
                say("Ses serveurs sont hors de l’Union européenne."),
                say("N’écrivez rien de secret ici."),
                say("Vous pouvez aussi participer sans Telegram."),
            ),
        ),
        (
            say("Moins de 15 ans"),
            (say("Il faut l’accord d’un parent."), say("Parlez-en à l’animateur de votre conseil.")),
        ),
    )


def _controller(programme: ProgrammeSettings) -> dict[str, str]:
    return {"name": programme.controller.name, "contact": programme.controller.contact}
