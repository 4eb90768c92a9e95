"""A request goes to a resource actor: the requester has the contact, partners an e-mail, nobody a name too many."""

import asyncio

from sqlmodel import select

from council.clock import SystemClock
from council.programme import apply_programme
from council.resource_actor_values import ActorField
from council.resource_actors import add_actor, change_actor
from council.settings import PartnerEntry, PartnerKind
from handlers.cards.dialogue import OpenStepPress
from handlers.cards.mail import SendMailAgainPress
from handlers.cards.resource_actor import RedirectedPress, RedirectPress, RedirectToPress
from storage.mails import Mail, MailState
from storage.people import Role
from storage.support import SupportKind, SupportState
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage
from tests.scenes.support_steps import again
from tests.scenes.team_steps import made

PARTNERS = (
    PartnerEntry(code="dp", name="Déléguée du préfet", kind=PartnerKind.PREFECT_DELEGATE, email="dp@etat.example"),
    PartnerEntry(
        code="cpn", name="Cheffe de projet", kind=PartnerKind.PROJECT_LEAD, email="cp@ville.example", councils=("nord",)
    ),
    PartnerEntry(
        code="cps", name="Un autre", kind=PartnerKind.PROJECT_LEAD, email="autre@ville.example", councils=("sud",)
    ),
    PartnerEntry(code="muet", name="Sans e-mail", kind=PartnerKind.PROJECT_LEAD),
    PartnerEntry(code="ville", name="La Ville", kind=PartnerKind.CITY, email="ville@ville.example"),
)


async def prepare(stage: Stage) -> Person:
    """Partners who are told by mail, an entry in the directory; the animator."""
    told = stage.settings.support.model_copy(update={"told_by_mail": ("prefect_delegate", "project_lead")})
    stage.settings = stage.settings.model_copy(update={"partners": PARTNERS, "support": told})
    async with stage.database.write() as session:
        await apply_programme(session, SystemClock(), stage.settings)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    actor = await stage.actor(julien)
    async with stage.database.write() as session:
        number = await add_actor(session, SystemClock(), actor, "Point Santé & Vous", ["santé"])
        for field, words in (
            (ActorField.CONTACT, "Mme Ba"),
            (ActorField.PHONE, "0561223344"),
            (ActorField.EMAIL, "bonjour@sante.example"),
        ):
            await change_actor(session, SystemClock(), actor, number, field, words)
    await stage.all_delivered()
    return julien


async def test_who_looks_for_an_expert_reads_the_directory_and_comes_back_to_the_request(stage: Stage):
    await prepare(stage)
    rosa = await stage.joined("Rosa", "nord")
    await rosa.sends("/demande")
    await rosa.taps("Trouver quelqu’un")
    await rosa.taps("Parler à quelqu’un")
    await rosa.taps("Voir l’annuaire")
    await rosa.sees("1 acteur dans l’annuaire")
    assert not any("Chercher" in each for each in rosa.buttons())
    await rosa.taps("santé")
    await rosa.taps("Point Santé & Vous")
    await rosa.sees("Contact : Mme Ba")
    await rosa.taps("Retour")
    await rosa.taps("Reprendre où j’en étais")
    asked = await rosa.sees("Sur quel sujet")
    await rosa.sends("Les punaises de lit")
    await rosa.sees("Expliquez")
    await rosa.taps("Annuler")
    assert "a changé" in await rosa.forges(OpenStepPress().pack(), on=asked)
    check_manners(stage)


def mails(stage: Stage) -> dict[str, str]:
    """The text of each mail that has come, by its recipient."""
    return {each.recipient: each.text for each in stage.playground.world.mailbox.mails}


async def mail_rows(stage: Stage) -> list[Mail]:
    async with stage.database.read() as session:
        return list((await session.exec(select(Mail).order_by(Mail.address))).all())


async def test_redirected_by_a_typed_word(stage: Stage):
    julien = await prepare(stage)
    rosa = await stage.joined("Rosa", "nord")
    request = await made(stage, rosa, "Je cherche un médecin pour ma fille", "nord", SupportKind.EXPERTISE)
    await julien.sees(f"Nouvelle demande {request.number}")
    await julien.taps("Ouvrir")
    await julien.taps("Plus")
    await julien.taps("Réorienter")
    await julien.sees(f"Orienter la demande {request.number}", "Vers quel acteur ressource")
    await julien.sends("SANTE")
    await julien.sees("« SANTE »", "1 acteur trouvé")
    await julien.taps("Point Santé")
    await julien.taps("Orienter vers cet acteur")
    await julien.sees(
        f"Orienter la demande {request.number} ?", "Mme Ba, 05 61 22 33 44", "Déléguée du préfet et Cheffe de projet"
    )
    assert mails(stage) == {}
    await julien.taps("Oui, orienter")
    await julien.sees("C’est fait", "orientée vers Point Santé & Vous")
    await stage.all_delivered()

    await rosa.sees("Point Santé & Vous", "05 61 22 33 44")
    assert (await again(stage, request)).state is SupportState.REDIRECTED
    came = mails(stage)
    assert set(came) == {"dp@etat.example", "cp@ville.example"}
    for text in came.values():
        for told in (request.number, "Quartier Nord", "Point Santé & Vous"):
            assert told in text
        for private in ("Rosa", "Julien", "médecin", "fille"):
            assert private not in text
    subjects = {each.subject for each in stage.playground.world.mailbox.mails}
    assert subjects == {f"Demande d’appui {request.number} : un acteur ressource est mobilisé"}
    assert all(each.state is MailState.SENT for each in await mail_rows(stage))
    check_manners(stage)


async def test_of_two_who_confirm_one_does_it_and_each_mail_leaves_once(stage: Stage):
    julien = await prepare(stage)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    request = await made(stage, rosa, "Bonjour", "nord", SupportKind.EXPERTISE)
    for each in (julien, amina):
        await each.sends("/menu")
        await each.forges(RedirectPress(request.id).pack(), on=each.messages()[-1])
        await each.taps("santé (1)")
        await each.taps("Point Santé")
        await each.taps("Orienter vers cet acteur")
        await each.sees(f"Orienter la demande {request.number} ?")
    asked = {each.id: each.messages()[-1] for each in (julien, amina)}
    yes = next(each for row in asked[julien.id].buttons for each in row if "Oui" in each["text"])["callback_data"]
    toasts = await asyncio.gather(
        julien.forges(yes, on=asked[julien.id]),
        amina.forges(yes, on=asked[amina.id]),
        julien.forges(yes, on=asked[julien.id]),
    )
    await stage.all_delivered()
    assert len([each for each in toasts if "Quelque chose a changé" in each]) == 2
    assert len(stage.playground.world.mailbox.mails) == 2
    assert len([each for each in rosa.texts() if "05 61 22 33 44" in each]) == 1


async def test_who_is_not_of_the_team_redirects_nothing(stage: Stage):
    julien = await prepare(stage)
    rosa = await stage.joined("Rosa", "nord")
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    request = await made(stage, rosa, "Bonjour", "nord", SupportKind.EXPERTISE)
    for each in (rosa, fatou):
        await each.sends("/menu")
        for press in (
            RedirectPress(request.id),
            RedirectToPress(request.id, 1),
            RedirectedPress(request.id, 1),
            RedirectPress(999_999),
            SendMailAgainPress(1),
        ):
            assert "Vous ne pouvez pas" in await each.forges(press.pack(), on=each.messages()[-1]), press
    await julien.sends("/menu")
    assert "Vous ne pouvez pas" in await julien.forges(
        RedirectedPress(request.id, 999_999).pack(), on=julien.messages()[-1]
    )
    assert (await again(stage, request)).state is SupportState.ASSIGNED
    assert mails(stage) == {}


async def test_without_a_mail_server_the_animator_is_told_and_sends_again_later(stage: Stage):
    julien = await prepare(stage)
    rosa = await stage.joined("Rosa", "nord")
    await stage.stop_bot()
    await stage.start_bot(smtp_url=None)
    request = await made(stage, rosa, "Bonjour", "nord", SupportKind.EXPERTISE)
    await julien.sends("/menu")
    await julien.forges(RedirectedPress(request.id, 1).pack(), on=julien.messages()[-1])
    await stage.all_delivered()
    await rosa.sees("05 61 22 33 44")
    told = await julien.sees("Un e-mail n’est pas parti", "cp@ville.example", "n’est pas réglé")
    await stage.stop_bot()
    await stage.start_bot()
    await julien.taps("Envoyer encore", on=told)
    await julien.sees("L’e-mail repart")
    await stage.all_delivered()
    assert set(mails(stage)) == {"cp@ville.example"}
    states = {each.address: each.state for each in await mail_rows(stage)}
    assert states == {"cp@ville.example": MailState.SENT, "dp@etat.example": MailState.FAILED}
    check_manners(stage)


async def test_nobody_is_written_to_unless_the_programme_says_so(stage: Stage):
    julien = await prepare(stage)
    told = stage.settings.support.model_copy(update={"told_by_mail": ()})
    stage.settings = stage.settings.model_copy(update={"support": told})
    async with stage.database.write() as session:
        await apply_programme(session, SystemClock(), stage.settings)
    await stage.all_delivered()
    rosa = await stage.joined("Rosa", "nord")
    request = await made(stage, rosa, "Bonjour", "nord", SupportKind.EXPERTISE)
    await julien.sends("/menu")
    await julien.forges(RedirectToPress(request.id, 1).pack(), on=julien.messages()[-1])
    assert "e-mail" not in julien.messages()[-1].text.replace("E-mail : bonjour", "")
    await julien.taps("Oui, orienter")
    await stage.all_delivered()
    await rosa.sees("05 61 22 33 44")
    assert mails(stage) == {}
