"""A council through its year: in its electoral reserve, and with the minutes of what it held."""

from datetime import timedelta

from handlers.cards.council import StatusPress
from handlers.cards.meeting_minutes import PublishMinutesPress
from playground.attachments import Attachment, sample
from storage.people import Role
from storage.programme import CouncilStatus
from tests.scenes.meeting_steps import at, count, fills_in, in_french, meeting_of
from tests.scenes.stage import PARIS, Stage


async def test_in_an_electoral_reserve_an_announcement_waits_for_a_leads_word(stage: Stage):
    claire = await stage.joined("Claire", "nord", role=Role.COORDINATOR)
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    chosen = at(stage, 1, 9)
    await meeting_of(stage, fatou, title="Café du matin", announce_at=chosen)

    await claire.sends("/conseil")
    await claire.taps("État du conseil")
    await claire.sees("Comment va ce conseil")
    await claire.taps("Période électorale")
    assert "✅ Période électorale" in claire.buttons()

    # A lead has no such button, and a forged one does nothing.
    await fatou.sends("/conseil")
    shown = await fatou.sees("Période électorale : le conseil reste neutre.")
    assert not [each for each in fatou.buttons(shown) if "État" in each]
    forged = StatusPress(stage.councils["nord"], CouncilStatus.ACTIVE).pack()
    assert await fatou.forges(forged, on=shown)

    day = at(stage, 10, 18, 30).astimezone(PARIS)
    await fills_in(fatou, f"{day:%d/%m} à 18h30")
    await fatou.sees("neutre")
    await rosa.never_sees(in_french(day.date()))

    # What was planned before the period began waits for her word too, and she is told so when it should have left.
    await stage.go_to(chosen)
    held = await fatou.sees("Café du matin", "C’est une période électorale", "attend votre accord")
    await stage.advance(hours=1)
    assert count(fatou, "Café du matin", "attend votre accord") == 1
    await rosa.never_sees("Café du matin")
    await fatou.taps("Gérer cette réunion", on=held)
    await fatou.taps("Annoncer maintenant", on=held)
    await fatou.taps("Oui, elle est neutre", on=held)
    await stage.all_delivered()
    await rosa.sees("Café du matin", "Viendrez-vous")

    await claire.taps("Il se réunit")
    await fatou.sends("/conseil")
    assert "neutre" not in (await fatou.sees("Les prochaines réunions")).text


async def test_a_lead_gives_the_minutes_and_residents_open_them(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    starts_at = at(stage, 3, 18, 30)
    meeting = await meeting_of(stage, fatou, title="Plénière d’été", starts_at=starts_at)
    card = await fatou.sees("Plénière d’été")
    assert "pas encore eu lieu" in await fatou.forges(PublishMinutesPress(meeting).pack(), on=card)

    await stage.go_to(starts_at + timedelta(hours=3))
    forged = await rosa.sees("Plénière d’été")
    assert "pas" in await rosa.forges(PublishMinutesPress(meeting).pack(), on=forged)
    await fatou.sends("/menu")
    await fatou.taps("Réunions que je gère")
    await fatou.taps("Plénière d’été")
    await fatou.taps("Donner le compte rendu")
    await fatou.sends("le voici")
    await fatou.sees("Envoyez un document, comme un fichier.")
    await fatou.sends(attachment=Attachment("document", sample("document"), "compte-rendu.pdf"))
    await fatou.sees("Le compte rendu est en ligne")

    await rosa.sends("/reunions")
    await rosa.taps("Réunions passées")
    await rosa.sees("Le compte rendu est là")
    await rosa.taps("Plénière d’été")
    await rosa.taps("Compte rendu")
    given = await rosa.sees("Compte rendu : Plénière d’été")
    assert "document" in given.body


async def test_an_invitation_and_a_first_name_left_open_show_their_question_again(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    rosa = await stage.joined("Rosa", "nord")
    await claire.sends("/equipe")
    await claire.taps("Qui est dans l’équipe")
    await claire.taps("Inviter")
    asked = claire.messages()[-1].text
    await rosa.sends("/profil")
    await rosa.taps("prénom")
    question = rosa.messages()[-1].text
    await stage.advance(hours=25)
    for person, words in ((claire, asked), (rosa, question)):
        await person.taps("Continuer")
        await person.sees(words.splitlines()[0])
        assert person.messages()[-1].text == words
