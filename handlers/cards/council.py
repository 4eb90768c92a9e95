"""A council as residents see it, its link for the neighbours, and the programme in short."""

from collections.abc import Mapping, Sequence

from council.settings import ProgrammeSettings
from documents.qr import deep_link
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, shorten
from handlers.cards.home import home_button, home_entry, home_row, who_coordinates
from handlers.cards.interpellation_list import RegisterPress
from handlers.cards.invitation import A_PAGE, qr_picture
from handlers.cards.journal import journal_button
from handlers.cards.pages import page_of, page_row
from handlers.cards.profile import CouncilsPress
from handlers.cards.proposal_list import ProposalsPress
from locales.sentences import sentence
from locales.translator import Translator
from storage.programme import CouncilStatus, CouncilView

NEIGHBOURHOODS_SHOWN = 400
"""Characters: Paris 18 has five quartiers with long names; a council of a whole city would not fit a phone."""


@press("cos")
class MyCouncilsPress(Press):
    """The councils that the person follows."""

    page: int


@press("co")
class CouncilPress(Press):
    council_id: int


@press("coq")
class PublicLinkPress(Press):
    """The link and QR code of a council, for its neighbours."""

    council_id: int


@press("pg")
class ProgrammePress(Press):
    page: int


@press("costs")
class StatusesPress(Press):
    """The choice of a council's status."""

    council_id: int


@press("cost")
class StatusPress(Press):
    council_id: int
    status: CouncilStatus


home_entry(50, sentence("🏘 Voir mon conseil"), MyCouncilsPress(0))
home_entry(110, sentence("🏛 Programme"), ProgrammePress(0), who_coordinates)

_STATUS = {
    CouncilStatus.DORMANT: sentence("Ce conseil ne se réunit plus pour l’instant."),
    CouncilStatus.ELECTORAL_RESERVE: sentence("Période électorale : le conseil reste neutre."),
}


_STATUS_NAMES = {
    CouncilStatus.ACTIVE: sentence("Il se réunit"),
    CouncilStatus.DORMANT: sentence("Il est en sommeil"),
    CouncilStatus.ELECTORAL_RESERVE: sentence("Période électorale"),
}


def my_councils_card(councils: Sequence[CouncilView], page: int, say: Translator) -> Card:
    """Whoever follows none is led to where one is chosen."""
    words = Lines().add(bold(say("Mes conseils")))
    if councils:
        words.add(say("Lequel voulez-vous voir ?"))
    else:
        words.add(say("Vous ne suivez pas encore de conseil."))
    shown, page, last = page_of(councils, page, A_PAGE)
    rows = [(Button(each.name, CouncilPress(each.id)),) for each in shown]
    choose = () if councils else ((Button(say.plain("Choisir mes conseils"), CouncilsPress(0)),),)
    return Card(words.text, (*rows, *page_row(page, last, MyCouncilsPress, say), *choose, home_row(say)))


def council_card(council: CouncilView, leads: Sequence[str], say: Translator, *, coordinates: bool = False) -> Card:
    words = Lines().add(bold(council.name))
    if council.neighbourhoods:
        names = shorten(say.enumeration(council.neighbourhoods), NEIGHBOURHOODS_SHOWN)
        words.add(say.plural("Quartier : {names}", "Quartiers : {names}", len(council.neighbourhoods), names=names))
    if leads:
        words.add(say("Vos contacts au conseil : {names}", names=say.enumeration(leads)))
    if council.status in _STATUS:
        words.add(say(_STATUS[council.status]))
    words.add(say("Les prochaines réunions : /reunions"))
    share = Button(say.plain("📷 Inviter mes voisins"), PublicLinkPress(council.id))
    status = ((Button(say.plain("État du conseil"), StatusesPress(council.id)),),) if coordinates else ()
    ideas = Button(say.plain("💡 Propositions"), ProposalsPress(council.id))
    asked = Button(say.plain("📨 Questions du conseil"), RegisterPress(council.id))
    return Card(words.text, ((ideas,), (asked,), (share,), *status, home_row(say)))


def statuses_card(council: CouncilView, say: Translator) -> Card:
    words = Lines().add(
        bold(council.name),
        say("Comment va ce conseil ?"),
        say("En période électorale, chaque annonce doit être confirmée."),
    )
    choices = tuple(
        (Button(("✅ " if each is council.status else "") + say.plain(label), StatusPress(council.id, each)),)
        for each, label in _STATUS_NAMES.items()
    )
    back = Button(say.plain("Retour"), CouncilPress(council.id))
    return Card(words.text, (*choices, (back, home_button(say))))


def public_link_card(council: CouncilView, token: str, bot_username: str, say: Translator) -> Card:
    link = deep_link(bot_username, token)
    words = Lines().add(
        bold(council.name),
        link,
        say("Ce lien est pour tous les habitants."),
        say("Montrez l’image, ou envoyez le lien."),
    )
    back = Button(say.plain("Retour"), CouncilPress(council.id))
    return Card(words.text, ((back, home_button(say)),), media=qr_picture(link))


def programme_card(
    programme: ProgrammeSettings,
    councils: Sequence[CouncilView],
    followers: Mapping[int, int],
    page: int,
    say: Translator,
) -> Card:
    words = Lines().add(
        bold(programme.name),
        say("Du {start} au {end}.", start=say.date(programme.period.start), end=say.date(programme.period.end)),
        say("Données : {name}, {contact}", name=programme.controller.name, contact=programme.controller.contact),
        say.plural("{n} conseil.", "{n} conseils.", len(councils)),
    )
    shown, page, last = page_of(councils, page, A_PAGE)
    rows = [(Button(_with_followers(each, followers.get(each.id, 0), say), CouncilPress(each.id)),) for each in shown]
    turning = page_row(page, last, ProgrammePress, say)
    return Card(words.text, (*rows, *turning, (journal_button(say), home_button(say))))


def _with_followers(council: CouncilView, count: int, say: Translator) -> str:
    label = say.plural("{council} – {n} personne", "{council} – {n} personnes", count, council=council.name)
    return str(label.unescape())
