"""Members of a council and the team of the programme: who they are, what may be given and taken away."""

from collections.abc import Mapping, Sequence

from council.actors import Actor
from handlers.buttons import Press, press
from handlers.cards.animator_post import post_rows
from handlers.cards.card import Button, Card, Lines, bold
from handlers.cards.council import PublicLinkPress
from handlers.cards.home import home_button, home_entry, home_row, who_manages
from handlers.cards.invitation import A_PAGE, OpenInvitationsPress, StartInvitingPress
from handlers.cards.pages import page_of, page_row
from handlers.cards.roles import college_name, role_where
from locales.sentences import sentence
from locales.translator import Translator
from storage.people import Role
from storage.programme import CouncilView
from storage.roles import Holder


@press("tm")
class TeamPress(Press):
    """The team, for the coordinator, who changes it, and the animators."""

    page: int


@press("mb")
class MembersPress(Press):
    """Members of a council; without one, the choice of it."""

    council_id: int | None
    page: int


@press("hd")
class HolderPress(Press):
    """One role of one person."""

    grant_id: int


@press("hdq")
class AskRevokePress(Press):
    grant_id: int


@press("hdx")
class RevokePress(Press):
    grant_id: int


@press("hda")
class MoreCouncilsPress(Press):
    """Councils in which a person could hold the same role too."""

    grant_id: int
    page: int


@press("hdc")
class GiveCouncilPress(Press):
    grant_id: int
    council_id: int


def who_sees_team(actor: Actor) -> bool:
    return actor.holds_anywhere(Role.COORDINATOR, Role.ANIMATOR)


home_entry(91, sentence("👥 Membres"), MembersPress(None, 0), who_manages)


def team_card(actor: Actor, team: Sequence[Holder], page: int, say: Translator) -> Card:
    words = Lines().add(
        bold(say("L’équipe")),
        say.plural("{n} rôle est donné.", "{n} rôles sont donnés.", len(team)),
        say("Appuyez sur un nom pour voir son rôle."),
    )
    shown, page, last = page_of(team, page, A_PAGE)
    rows = [(_holder_button(each, role_where(each.role, each.council_name, say), say),) for each in shown]
    acts: list[tuple[Button, ...]] = []
    if actor.is_coordinator:
        invite = Button(say.plain("➕ Inviter"), StartInvitingPress(None))
        acts.append((invite, Button(say.plain("🔗 Liens ouverts"), OpenInvitationsPress(None, 0))))
    return Card(words.text, (*rows, *page_row(page, last, TeamPress, say), *acts, home_row(say)))


def choose_council_card(councils: Mapping[int, str], page: int, say: Translator) -> Card:
    words = Lines().add(bold(say("Membres")), say("De quel conseil ?"))
    shown, page, last = page_of(tuple(councils.items()), page, A_PAGE)
    rows = [(Button(name, MembersPress(council_id, 0)),) for council_id, name in shown]
    return Card(words.text, (*rows, *page_row(page, last, lambda to: MembersPress(None, to), say), home_row(say)))


def members_card(council: CouncilView, members: Sequence[Holder], page: int, may_invite: bool, say: Translator) -> Card:
    words = Lines().add(
        bold(say("Membres : {council}", council=council.name)),
        say.plural("{n} membre.", "{n} membres.", len(members))
        if members
        else say("Ce conseil n’a pas encore de membre ici."),
    )
    shown, page, last = page_of(members, page, A_PAGE)
    rows = [(_holder_button(each, college_name(each.college, say) if each.college else "", say),) for each in shown]
    acts: list[tuple[Button, ...]] = []
    if may_invite:
        acts.append(
            (
                Button(say.plain("➕ Inviter un membre"), StartInvitingPress(council.id)),
                Button(say.plain("🔗 Liens ouverts"), OpenInvitationsPress(council.id, 0)),
            )
        )
    acts.append((Button(say.plain("📷 Lien pour les habitants"), PublicLinkPress(council.id)),))
    turning = page_row(page, last, lambda to: MembersPress(council.id, to), say)
    return Card(words.text, (*rows, *turning, *acts, home_row(say)))


def holder_card(actor: Actor, holder: Holder, say: Translator, done: str = "") -> Card:
    """One role, and what the actor may do with it. `done` is what has just been done."""
    words = Lines()
    if done:
        words.add(done)
    words.add(bold(holder.first_name), role_where(holder.role, holder.council_name, say))
    if holder.college:
        words.add(say("Collège : {college}", college=college_name(holder.college, say)))
    acts: list[tuple[Button, ...]] = []
    if actor.is_coordinator and holder.council_id is not None:
        acts.append((Button(say.plain("➕ Un autre conseil"), MoreCouncilsPress(holder.grant_id, 0)),))
    if holder.role is Role.ANIMATOR and (actor.is_coordinator or actor.person_id == holder.person_id):
        acts.extend(post_rows(say, holder.person_id))
    if actor.is_coordinator or (holder.council_id is not None and actor.has(Role.LEAD, holder.council_id)):
        acts.append((Button(say.plain("Retirer ce rôle"), AskRevokePress(holder.grant_id)),))
    return Card(words.text, (*acts, (Button(say.plain("Retour"), back_from(holder)), home_button(say))))


def ask_revoke_card(holder: Holder, say: Translator) -> Card:
    words = Lines().add(
        bold(say("Retirer ce rôle à {name} ?", name=holder.first_name)),
        role_where(holder.role, holder.council_name, say),
        say("Je préviens la personne."),
    )
    yes = Button(say.plain("Oui, retirer"), RevokePress(holder.grant_id))
    return Card(words.text, ((yes, Button(say.plain("Non"), HolderPress(holder.grant_id))),))


def revoked_card(holder: Holder, say: Translator) -> Card:
    words = Lines().add(
        say("C’est fait. {name} n’a plus ce rôle :", name=holder.first_name),
        role_where(holder.role, holder.council_name, say),
    )
    return Card(words.text, ((Button(say.plain("Retour"), back_from(holder)), home_button(say)),))


def more_councils_card(holder: Holder, councils: Sequence[CouncilView], page: int, say: Translator) -> Card:
    words = Lines().add(bold(holder.first_name), say("Le même rôle, dans quel autre conseil ?"))
    shown, page, last = page_of(councils, page, A_PAGE)
    rows = [(Button(each.name, GiveCouncilPress(holder.grant_id, each.id)),) for each in shown]
    turning = page_row(page, last, lambda to: MoreCouncilsPress(holder.grant_id, to), say)
    back = (Button(say.plain("Retour"), HolderPress(holder.grant_id)), home_button(say))
    return Card(words.text, (*rows, *turning, back))


def back_from(holder: Holder) -> Press:
    """The list that the role stands in."""
    return MembersPress(holder.council_id, 0) if holder.role is Role.MEMBER else TeamPress(0)


def role_given_card(holder: Holder, say: Translator) -> Card:
    """To the person, about them."""
    words = Lines().add(bold(say("Vous avez un nouveau rôle.")), role_where(holder.role, holder.council_name, say))
    return Card(words.text, (home_row(say),))


def role_revoked_card(holder: Holder, say: Translator) -> Card:
    """To the person, about them."""
    words = Lines().add(bold(say("Vous n’avez plus ce rôle.")), role_where(holder.role, holder.council_name, say))
    if holder.council_name:
        words.add(say("Vous suivez toujours ce conseil."))
    words.add(say("Une question ? Parlez-en à l’équipe."))
    return Card(words.text, (home_row(say),))


def _holder_button(holder: Holder, more: str, say: Translator) -> Button:
    label = say.plain("{name} – {more}", name=holder.first_name, more=more) if more else holder.first_name
    return Button(label, HolderPress(holder.grant_id))
