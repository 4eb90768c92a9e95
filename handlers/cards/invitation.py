"""Inviting, step by step, and the links that are still open."""

from collections.abc import Sequence
from dataclasses import dataclass

from council.invitations import MadeInvitation
from documents.qr import deep_link, qr_png
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Media, MediaKind, bold
from handlers.cards.home import home_button
from handlers.cards.pages import page_of, page_row
from handlers.cards.roles import college_name, role_name, role_where
from handlers.cards.steps import step_rows
from locales.translator import Translator
from storage.invitations import OpenInvitation
from storage.people import College, Role
from storage.programme import CouncilView

A_PAGE = 8
USES = (1, 5, 20)
DAYS = (7, 30, 90)


@press("ivs")
class StartInvitingPress(Press):
    """Begins to invite: a member of that council, or, without a council, whomever the coordinator wants."""

    council_id: int | None


@press("ivr")
class InviteRolePress(Press):
    role: Role


@press("ivp")
class InviteCouncilPagePress(Press):
    page: int


@press("ivc")
class InviteCouncilPress(Press):
    council_id: int


@press("ivg")
class InviteCollegePress(Press):
    college: College


@press("ivt")
class InviteTermsPress(Press):
    """For how many people, for how many days."""

    uses: int
    days: int


@press("ivm")
class MakeInvitationPress(Press):
    """Makes the link that the dialogue describes."""


@press("ivb")
class InviteBackPress(Press):
    """One step back."""


@press("oiv")
class OpenInvitationsPress(Press):
    """Links that still work, of one council or of all."""

    council_id: int | None
    page: int


@press("oi1")
class OpenInvitationPress(Press):
    invitation_id: int
    council_id: int | None


@press("oix")
class CloseInvitationPress(Press):
    invitation_id: int
    council_id: int | None


@dataclass(frozen=True)
class Terms:
    """What the link will give, for how many people and how many days."""

    role: Role
    council: str | None
    college: College | None
    uses: int
    days: int


def role_step(roles: Sequence[Role], say: Translator) -> Card:
    words = Lines().add(bold(say("Inviter quelqu’un")), say("Pour quel rôle ?"))
    rows = [(Button(role_name(role, say), InviteRolePress(role)),) for role in roles]
    return Card(words.text, (*rows, *step_rows(say)))


def council_step(role: Role, councils: Sequence[CouncilView], page: int, say: Translator) -> Card:
    words = Lines().add(bold(role_name(role, say)), say("Pour quel conseil ?"))
    shown, page, last = page_of(councils, page, A_PAGE)
    rows = [(Button(each.name, InviteCouncilPress(each.id)),) for each in shown]
    return Card(
        words.text, (*rows, *page_row(page, last, InviteCouncilPagePress, say), *step_rows(say, back=InviteBackPress()))
    )


def college_step(council: str, say: Translator, *, is_first: bool) -> Card:
    words = Lines().add(bold(say("Inviter un membre : {council}", council=council)), say("Dans quel collège ?"))
    rows = [(Button(college_name(each, say), InviteCollegePress(each)),) for each in College]
    return Card(words.text, (*rows, *step_rows(say, back=None if is_first else InviteBackPress())))


def terms_step(terms: Terms, say: Translator) -> Card:
    """One screen for both figures: what usually fits is chosen already."""
    words = Lines().add(
        bold(role_where(terms.role, terms.council, say)),
        say("Le lien est pour combien de personnes ?"),
        say("Changez si besoin, puis créez le lien."),
    )
    uses = tuple(
        Button(
            _chosen(each == terms.uses, str(say.plural("{n} personne", "{n} personnes", each).unescape()), say),
            InviteTermsPress(each, terms.days),
        )
        for each in USES
    )
    days = tuple(
        Button(
            _chosen(each == terms.days, str(say.plural("{n} jour", "{n} jours", each).unescape()), say),
            InviteTermsPress(terms.uses, each),
        )
        for each in DAYS
    )
    make = (Button(say.plain("Créer le lien"), MakeInvitationPress()),)
    return Card(words.text, (uses, days, make, *step_rows(say, back=InviteBackPress())))


def made_card(made: MadeInvitation, council: str | None, bot_username: str, back: Press, say: Translator) -> Card:
    """The link as words and as a picture: the only time that it can be read."""
    link = deep_link(bot_username, made.token)
    words = Lines().add(
        bold(role_where(made.invited.role, council, say)),
        link,
        say.plural(
            "Pour {n} personne, jusqu’au {date}.",
            "Pour {n} personnes, jusqu’au {date}.",
            made.uses,
            date=say.date(made.expires_at),
        ),
        say("Envoyez le lien, ou montrez l’image."),
        say("Gardez-le bien : je ne le montre qu’une fois."),
    )
    back_button = Button(say.plain("Retour"), back)
    return Card(words.text, ((back_button, home_button(say)),), media=qr_picture(link))


def qr_picture(link: str) -> Media:
    return Media(MediaKind.PHOTO, content=qr_png(link), file_name="qr.png")


def open_links_card(
    invitations: Sequence[OpenInvitation], council_id: int | None, page: int, back: Press, say: Translator
) -> Card:
    words = Lines().add(bold(say("Liens ouverts")))
    shown, page, last = page_of(invitations, page, A_PAGE)
    if invitations:
        words.add(say("Appuyez sur un lien pour le fermer."))
    else:
        words.add(say("Aucun lien n’attend de réponse."))
    rows = [
        (Button(role_where(each.role, each.council_name, say), OpenInvitationPress(each.invitation_id, council_id)),)
        for each in shown
    ]
    turning = page_row(page, last, lambda to: OpenInvitationsPress(council_id, to), say)
    return Card(words.text, (*rows, *turning, (Button(say.plain("Retour"), back), home_button(say))))


def open_link_card(invitation: OpenInvitation, council_id: int | None, say: Translator) -> Card:
    """One open link; its token is known to nobody any more."""
    words = Lines().add(bold(role_where(invitation.role, invitation.council_name, say)))
    if invitation.uses_left is not None:
        words.add(
            say.plural(
                "Encore {n} personne peut l’utiliser.", "Encore {n} personnes peuvent l’utiliser.", invitation.uses_left
            )
        )
    if invitation.expires_at is not None:
        words.add(say("Il marche jusqu’au {date}.", date=say.date(invitation.expires_at)))
    words.add(say("Fermer ce lien ?"))
    close = Button(say.plain("Oui, fermer"), CloseInvitationPress(invitation.invitation_id, council_id))
    keep = Button(say.plain("Non, garder"), OpenInvitationsPress(council_id, 0))
    return Card(words.text, ((close, keep),))


def _chosen(chosen: bool, label: str, say: Translator) -> str:
    return say.plain("✓ {choice}", choice=label) if chosen else label
