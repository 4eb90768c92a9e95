"""Those who run a meeting: one true card, a move, an edit, a cancellation, words to who comes."""

from datetime import timedelta

from handlers.cards.meeting_lead import MovePress
from playground.attachments import Attachment
from storage.people import Role
from tests.scenes.meeting_steps import (
    at,
    count,
    fills_in,
    hour,
    in_french,
    meeting_of,
    notices,
    opens_managed,
)
from tests.scenes.stage import PARIS, Stage


async def test_a_meeting_is_moved_edited_written_about_and_called_off_each_told_once(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    samir = await stage.joined("Samir", "nord", language="ar")
    emma = await stage.joined("Emma", "nord", language="en")
    tom = await stage.joined("Tom", "nord")
    starts_at = at(stage, 10, 18, 30)
    await meeting_of(stage, fatou, title="Marché", starts_at=starts_at)
    live = await opens_managed(fatou, "Marché")
    await rosa.taps("Oui")
    await samir.taps("نعم")
    await emma.taps("Maybe")
    await tom.taps("Non")
    await stage.advance(seconds=10)
    await fatou.sees("Marché", "2 inscrits", "1 peut-être", "1 personne ne vient pas", "Rosa", "Samir")
    await fatou.taps("Tous les noms", on=live)
    await fatou.sees("Rosa vient", "Samir vient", "Emma : peut-être", "Tom ne vient pas")
    await fatou.taps("Retour à la réunion")
    await fatou.taps("Voir comme un habitant", on=live)
    await fatou.sees("Marché", "Viendrez-vous")
    await fatou.taps("Retour à la réunion")

    # Moved, with a preview first; all who were told hear it once, in their language.
    await fatou.taps("Déplacer", on=live)
    await fatou.taps("Retour", on=live)
    await fatou.sees("Marché", "2 inscrits")
    await fatou.taps("Déplacer", on=live)
    new = at(stage, 12, 19)
    await fatou.sends(f"{new.astimezone(PARIS):%d/%m} 19h")
    await fatou.sees("Marché", "de 19 h à 20 h 30")
    question = await fatou.sees("5 personnes seront prévenues", "Est-ce que cela vous convient")
    presses = [fatou.phone.presses(question, row=0) for _ in range(2)]  # a double tap
    await stage.until(lambda: all(each.answer is not None for each in presses))
    await stage.all_delivered()
    for each in (rosa, tom):
        await each.sees("Une réunion a changé", "Avant", hour(starts_at), in_french(new.astimezone(PARIS).date()))
        assert count(each, "Une réunion a changé") == 1
    assert count(emma, "19:00") == 1
    assert count(samir, "Marché") == 2
    # Answers stand.
    await rosa.sees("Votre réponse : oui")
    await fatou.sees("Marché", "2 inscrits", "de 19 h à 20 h 30")

    # Two more changes in one: place and agenda, told once.
    await fatou.taps("Modifier")
    await fatou.taps("Lieu")
    await fatou.sends("Gymnase <nord>")
    await fatou.taps("Changer quelque chose")
    await fatou.taps("Ordre du jour")
    await fatou.sends("Prix & places")
    await fatou.taps("Enregistrer")
    await stage.all_delivered()
    await rosa.sees("Une réunion a changé", "Nouveau lieu : Gymnase <nord>", "Prix & places")
    assert count(rosa, "Une réunion a changé") == 2
    # Changing nothing tells nobody.
    await fatou.taps("Modifier")
    await fatou.taps("Durée")
    await fatou.taps("Garder : 1 heure 30")
    await fatou.sees("0 personne sera prévenue")
    await fatou.taps("Enregistrer")
    await stage.all_delivered()
    assert count(rosa, "Une réunion a changé") == 2

    # Written to who comes: yes and maybe, not to who does not.
    await fatou.taps("Écrire à ceux qui viennent")
    await fatou.sees("Vous écrivez à ceux qui viennent : Marché")
    await fatou.sends("Venez avec <b>un sac</b> & le sourire 🙂")
    await fatou.sees("3 personnes le recevront")
    await fatou.taps("✅ Envoyer")
    await fatou.sees("C’est envoyé")
    await stage.all_delivered()
    for each in (rosa, emma, samir):
        await each.sees("Marché", "Venez avec <b>un sac</b> & le sourire 🙂", "Quartier Nord")
        assert count(each, "un sac") == 1
    await tom.never_sees("un sac")
    await fatou.taps("Retour à la réunion")

    # Called off with a reason of one's own, told once; no reminder comes after it.
    await fatou.taps("Annuler la réunion")
    await fatou.sees("Pourquoi annuler cette réunion")
    await fatou.sends(attachment=Attachment("voice"))
    await fatou.sees("des mots écrits", "Pourquoi annuler")
    await fatou.sends("x" * 501)
    await fatou.sees("trop long", "Pourquoi annuler")
    await fatou.sends("\u2800\u202e")  # nothing to read
    await fatou.sees("rien reçu", "Pourquoi annuler")
    await fatou.sends("Il pleut <beaucoup> & fort")
    await fatou.sees("Il pleut <beaucoup> & fort", "5 personnes seront prévenues", "Faut-il l’annuler")
    await fatou.taps("Retour")
    await fatou.sees("Pourquoi annuler")
    await fatou.sends("Il pleut <beaucoup> & fort")
    await fatou.taps("Oui, elle n’aura pas lieu")
    await stage.all_delivered()
    card = await fatou.sees("Marché", "Cette réunion est annulée")
    assert not {"🗓 Déplacer", "✏️ Modifier"} & set(fatou.buttons(card))
    for each in (rosa, tom):
        await each.sees("Une réunion est annulée", "Il pleut <beaucoup> & fort")
        assert count(each, "Une réunion est annulée") == 1
    await rosa.sends("/reunions")
    await rosa.sees("Marché. Annulée")
    seen = {each.id: len(each.messages()) for each in (rosa, samir, emma, tom)}
    for _ in range(13):
        await stage.advance(days=1)
    assert {each.id: len(each.messages()) for each in (rosa, samir, emma, tom)} == seen
    assert len(await notices(stage, "meeting_reminder")) == 0


async def test_two_leads_at_once_the_second_sees_what_the_first_has_done(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    karim = await stage.joined("Karim", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    meeting = await meeting_of(stage, fatou, title="Loto")
    await opens_managed(fatou, "Loto")
    await opens_managed(karim, "Loto")
    for each in (fatou, karim):
        await each.taps("Modifier")
        await each.taps("Lieu")
        await each.sends(f"Chez {each.phone.first_name}")
        await each.sees("3 personnes seront prévenues")
    await fatou.taps("Enregistrer")
    assert "Quelqu’un a changé cette réunion" in await karim.taps("Enregistrer")
    shown = await karim.sees("Loto", "Lieu : Chez Fatou", "0 inscrit")
    assert "🗓 Déplacer" in karim.buttons(shown)
    await stage.all_delivered()
    await rosa.sees("Nouveau lieu : Chez Fatou")
    await rosa.never_sees("Chez Karim")
    # One calls it off while the other moves it.
    await karim.taps("Déplacer")
    await karim.sends("dans 20 jours à 18h")
    await fatou.taps("Annuler la réunion")
    await fatou.taps("La date ne convient plus")
    await fatou.taps("Oui, elle n’aura pas lieu")
    assert "annulée" in await karim.taps("Enregistrer")
    await karim.sees("Loto", "Cette réunion est annulée")
    await stage.all_delivered()
    assert count(rosa, "Une réunion est annulée") == 1
    # An old button to move it says what is true now.
    await karim.sends("/menu")
    menu = karim.messages()[-1]
    assert "annulée" in await karim.forges(MovePress(meeting).pack(), on=menu)
    assert "Cette réunion est annulée" in menu.text


async def test_the_coordinator_calls_several_councils_and_the_animator_runs_one(stage: Stage):
    linda = await stage.joined("Linda", "nord", role=Role.COORDINATOR)
    anna = await stage.joined("Anna", "sud", role=Role.ANIMATOR)
    both = await stage.joined("Rosa", "nord", "sud")
    paul = await stage.joined("Paul", "sud")
    tom = await stage.joined("Tom", "nord")
    await linda.sends("/reunion")
    await linda.sees("Pour quel conseil")
    await linda.taps("Tous les conseils")
    await linda.taps("Continuer")
    await linda.taps("Réunion entre conseils citoyens")
    await fills_in_from_start(linda, "dans 9 jours à 18h")
    await linda.sees("5 personnes recevront l’annonce")
    await linda.taps("✅ Annoncer")
    await stage.all_delivered()
    for each in (both, paul, tom):
        await each.sees("Réunion entre conseils", "Quartier Nord et Quartier Sud")
        assert count(each, "Quartier Nord et Quartier Sud") == 1
    # An animator of one of the two does not run it; the one of her own council she does.
    await anna.sends("/menu")
    await anna.taps("Réunions que je gère")
    await anna.sees("Vous ne gérez aucune réunion")
    await fills_in(anna, "dans 8 jours à 18h", title="Permanence d’Anna")
    await anna.sees("3 personnes recevront l’annonce")
    await anna.taps("✅ Annoncer")
    await stage.all_delivered()
    await paul.sees("Permanence d’Anna")
    await tom.never_sees("Permanence d’Anna")
    await both.sends("/reunions")
    listed = await both.sees("Vos réunions à venir", "Permanence d’Anna", "Pas encore de réponse")
    assert len(listed.text.splitlines()) == 3
    # Whoever follows one of the two may answer; the coordinator's card shows it.
    await paul.taps("Oui", on=await paul.sees("Quartier Nord et Quartier Sud"))
    await stage.advance(seconds=10)
    await linda.sees("1 inscrit", "Paul")


async def test_reminders_are_chosen_for_each_meeting(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    tom = await stage.joined("Tom", "nord")
    starts_at = at(stage, 10, 18, 30)
    await meeting_of(stage, fatou, title="Tri", starts_at=starts_at)
    await opens_managed(fatou, "Tri")
    await rosa.taps("Oui")
    await fatou.taps("Rappels")
    shown = await fatou.sees("Quand faut-il rappeler")
    marked = [each for each in fatou.buttons(shown) if each.startswith("✅")]
    assert marked == [
        "✅ 1 jour avant, à ceux qui viennent",
        "✅ 2 heures avant, à ceux qui viennent",
        "✅ 7 jours avant, à ceux qui n’ont pas répondu",
    ]
    await fatou.taps("✅ 1 jour avant, à ceux qui viennent")
    await fatou.taps("✅ 7 jours avant, à ceux qui n’ont pas répondu")
    await fatou.taps("3 jours avant, à ceux qui n’ont pas répondu")
    await fatou.taps("Retour à la réunion")
    await stage.go_to(starts_at - timedelta(days=6))
    await tom.never_sees("Dans 7 jours")
    await stage.go_to(starts_at - timedelta(days=3) + timedelta(minutes=1))
    await tom.sees("Tri", "Dans 3 jours", "Viendrez-vous")
    await rosa.never_sees("Dans 3 jours")
    await stage.go_to(starts_at - timedelta(hours=3))
    await rosa.never_sees("Demain")
    await stage.go_to(starts_at - timedelta(minutes=119))
    await rosa.sees("Tri", "Dans 2 heures")
    await tom.never_sees("Dans 2 heures")


async def fills_in_from_start(lead, when: str) -> None:
    await lead.sends(when)
    await lead.taps("2 heures")
    await lead.sends("Mairie")
    for label in ("Pas d’ordre du jour", "Autant que l’on veut", "Pas de fichier", "Tout de suite"):
        await lead.taps(label)
