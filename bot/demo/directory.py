"""An invented controller, partners and resource actors, so that letters, a redirection and e-mails can be seen."""

from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.resource_actor_values import ActorField
from council.resource_actors import add_actor, change_actor
from council.settings import PartnerEntry, PartnerKind, ProgrammeSettings
from locales.sentences import sentence
from locales.translator import Translator

# Addresses of .example reach nobody, wherever they are written to; nor do these numbers, which the regulator (ARCEP)
# keeps for stories.
_PARTNERS = (
    (PartnerKind.CITY, "demo-city", sentence("Mairie de quartier"), "mairie@ville.example"),
    (PartnerKind.PREFECTURE, "demo-prefecture", sentence("Préfecture du département"), "prefecture@etat.example"),
    (PartnerKind.LANDLORD, "demo-landlord", sentence("Le bailleur de la tour"), "bailleur@habitat.example"),
    (PartnerKind.PREFECT_DELEGATE, "demo-delegate", "Nadine Roux", "deleguee@prefecture.example"),
    (PartnerKind.PROJECT_LEAD, "demo-project", "Paul Martin", "chef-de-projet@ville.example"),
)
_ENTRIES = (
    (sentence("Maison de santé du quartier"), sentence("santé"), "06 39 98 00 01", "sante@asso.example"),
    (sentence("Régie de quartier"), sentence("emploi, cadre de vie"), "06 39 98 00 02", "regie@asso.example"),
    (sentence("Point d’accès au droit"), sentence("droit, logement"), "06 39 98 00 03", "droit@asso.example"),
)

_SIGNATURES = 3


def with_partners(programme: ProgrammeSettings, say: Translator) -> ProgrammeSettings:
    """The programme with partners who can be written to; of the few people who play, few signatures are enough.

    A file names no controller before it is used: residents of the demonstration read an invented one.

    Partners of the programme's file keep their names, and have an invented address.
    """
    named = {each.kind: each for each in programme.partners}
    others = tuple(each for each in programme.partners if each.kind not in {kind for kind, *_ in _PARTNERS})
    partners = tuple(
        named[kind].model_copy(update={"email": email})
        if kind in named
        else PartnerEntry(code=code, name=say.plain(name), kind=kind, email=email)
        for kind, code, name, email in _PARTNERS
    )
    support = programme.support.model_copy(update={"told_by_mail": ("prefect_delegate", "project_lead")})
    few = {"signatures": _SIGNATURES, "saisine_signatures": _SIGNATURES}
    interpellations = programme.interpellations.model_copy(update=few)
    named_controller = {"name": say.plain("Association de la démonstration"), "contact": "donnees@asso.example"}
    return programme.model_copy(
        update={
            "controller": programme.controller.model_copy(update=named_controller),
            "partners": (*partners, *others),
            "support": support,
            "interpellations": interpellations,
        }
    )


async def fill_directory(session: AsyncSession, clock: Clock, keeper: Actor, say: Translator) -> None:
    """By the use cases that the team's taps call."""
    for name, themes, phone, email in _ENTRIES:
        number = await add_actor(session, clock, keeper, say.plain(name), say.plain(themes).split(","))
        await change_actor(session, clock, keeper, number, ActorField.PHONE, phone)
        await change_actor(session, clock, keeper, number, ActorField.EMAIL, email)
