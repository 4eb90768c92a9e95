"""One thread, whole: the letter by e-mail, the partner's page, an answer that does not answer, a follow-up, the end."""

import re

from storage.interpellations import InterpellationState
from storage.people import Role
from tests.scenes.interpellation_steps import adopted, again, with_partners
from tests.scenes.letter_steps import Partner, with_pages
from tests.scenes.stage import Person, Stage

S = InterpellationState


def newest_link(stage: Stage, address: str) -> Partner:
    """The link of the mail that has come last."""
    mail = stage.playground.world.mailbox.mails[-1]
    found = re.search(re.escape(address) + r"/r/([A-Za-z0-9_-]{43})", mail.text)
    assert found, mail.text
    return Partner(address, found[1])


async def sends_letter(lead: Person, number: str) -> None:
    await lead.sends(number)
    await lead.taps("Faire avancer")
    await lead.taps("Voir et envoyer la lettre")
    await lead.taps("Envoyer")
    await lead.stage.all_delivered()


async def test_from_the_letter_to_the_end_with_an_author_who_reads_arabic(stage: Stage):
    salma = await stage.joined("Salma", "nord", language="ar")
    karim = await stage.joined("Karim", "nord")
    lena = await stage.joined("Léna", "nord", role=Role.LEAD)
    ines = await stage.joined("Inès", "nord", role=Role.MEMBER)
    address = await with_pages(stage)
    await with_partners(stage)
    case = await adopted(stage, salma, karim, lena, ines)

    await sends_letter(lena, case.number)
    assert (await again(stage, case)).state is S.SENT
    partner = newest_link(stage, address)
    page = await partner.opens()
    page.says("L’ascenseur du 12 est en panne.", "Réparer l’ascenseur.", "2 personnes ont signé.")
    assert (await partner.opens("/lettre.pdf")).text.startswith("%PDF-")
    await partner.acknowledges()
    await partner.answers("Nous verrons.")
    await stage.all_delivered()
    for person in (salma, karim, lena, ines):
        await person.sees("Nous verrons.")

    card = await salma.sees("Nous verrons.")
    [_, _, no] = card.buttons[0]
    await salma.forges(no["callback_data"], card)
    [again_button] = salma.messages()[-1].buttons[1]
    await salma.forges(again_button["callback_data"], salma.messages()[-1])
    await salma.sends("متى ؟ Quand ?")
    [give, _] = salma.messages()[-1].buttons[0]
    await salma.forges(give["callback_data"], salma.messages()[-1])
    await stage.all_delivered()
    await lena.sees("L’auteur veut une relance.", "Quand ?")

    await sends_letter(lena, case.number)
    after = await again(stage, case)
    assert (after.state, after.round) == (S.SENT, 2)
    second = newest_link(stage, address)
    assert second.token != partner.token
    page = await second.opens()
    page.says("Notre relance", "Quand ?", "Nous verrons.")
    await second.answers("Lundi à huit heures.")
    await stage.all_delivered()
    assert (await again(stage, case)).state is S.ANSWERED
    await salma.sees("Lundi à huit heures.")

    await lena.sends(case.number)
    await lena.taps("Faire avancer")
    await lena.taps("C’est raconté en réunion")
    await lena.taps("Autrement")
    await lena.taps("Terminer")
    await lena.taps("Terminer")
    await stage.all_delivered()
    await karim.sees("C’est terminé.")
    for each in (partner, second):
        page = await each.opens()
        assert page.status == 200
        page.says("Merci. Ce dossier est clos.")
    assert (await second.answers("Encore.")).status == 409
