"""/absence: days by buttons or in words, who stands in, and what becomes of the requests of who is away."""

from handlers.commands import commands_for, group_of
from locales.translator import translator
from storage.people import Role
from tests.scenes.manners import check_manners
from tests.scenes.stage import Stage
from tests.scenes.support_steps import asks, carries_out
from tests.scenes.team_steps import holder, loses_role, made, notes_absence, picks, pressable


async def test_an_absence_that_begins_today_is_handed_to_the_deputy(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    one, two = await made(stage, rosa, "Une salle", "nord"), await made(stage, rosa, "Une affiche", "nord")
    await julien.sends("/absence")
    await julien.sees("Mes absences", "Aucune absence")
    await julien.taps("Remplacement et demandes")
    await julien.sees("Julien", "Demandes en cours : 2 sur 20")
    await julien.taps("Remplaçant")
    assert not any("Julien" in each or "Rosa" in each for each in julien.buttons())
    await julien.taps("Amina")
    await julien.sees("Amina remplace")
    await notes_absence(julien, stage, 0, 2)
    await julien.sees("C’est noté", "1 absence est notée")
    await julien.taps("Voir les demandes ouvertes")
    await julien.sees("2 demandes attendent chez Julien")
    assert not any("Je prends" in each for each in julien.buttons())

    for each in (claire, amina):
        await each.sees("Julien n’est pas là", "2 demandes attendent chez Julien")
        await each.never_sees("Julien ne sera pas là")
    await amina.sees("Vous recevrez ses nouvelles demandes")
    offered = amina.messages()[-1]
    await amina.taps("Je prends", on=offered)
    await amina.sees("1 demande est à vous", "1 demande attend chez Julien")
    await claire.taps("Je les prends")
    await claire.sees("1 demande est à vous", "Aucune demande n’attend chez Julien")
    await stage.all_delivered()
    assert {await holder(stage, one), await holder(stage, two)} == {"Amina", "Claire"}
    await julien.sees("Amina prend la suite")
    await julien.sees("Claire prend la suite")
    new = await made(stage, rosa, "Encore une question", "nord")
    assert await holder(stage, new) == "Amina"
    await amina.sees(f"Nouvelle demande {new.number}")
    check_manners(stage)


async def test_an_absence_that_begins_later_is_offered_on_its_first_working_morning(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    await made(stage, rosa, "Une salle", "nord")
    await notes_absence(julien, stage, 1, 1)
    await claire.sees("Julien ne sera pas là", "Personne ne remplace Julien")
    await claire.taps("Voir sa demande")
    await claire.never_sees("attendent chez")
    before = len(claire.messages())
    await stage.go_to_next(1, 8, 30)
    assert not [each for each in claire.messages()[before:] if "n’est pas là" in each.text]
    await stage.go_to_next(1, 9, 1)
    assert [each for each in claire.messages()[before:] if "1 demande attend chez Julien" in each.text]
    check_manners(stage)


async def test_the_coordinator_notes_it_for_somebody_and_calls_it_off(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    await claire.sends("/absence")
    await claire.taps("Quelqu’un d’autre")
    await claire.taps("Julien")
    await claire.sees("Absences de Julien")
    await claire.taps("Ajouter")
    await claire.sees("Quel est le premier jour d’absence de Julien ?")
    await claire.sends("hier")
    await claire.sees("Ce jour est déjà passé")
    await claire.sends("la semaine des quatre jeudis")
    await claire.sees("Je n’ai pas compris le jour")
    await claire.sends("demain")
    await claire.sees("Et le dernier jour ?")
    await claire.sends("aujourd’hui à 18h il y a un an")
    await claire.sees("Je n’ai pas compris le jour")
    await claire.sends("vendredi")
    await claire.sees("Je note cette absence ?")
    await claire.taps("Retour")
    await claire.sees("Et le dernier jour ?")
    await claire.taps("Un seul jour")
    asked = claire.messages()[-1]
    yes = next(each for each in pressable(asked) if each.startswith("aby:"))
    await claire.taps("Oui, noter")
    await claire.sees("Absences de Julien", "1 absence est notée")
    assert "plus ouvert" in await claire.forges(yes, on=asked), "a second tap"
    await julien.sees("Votre absence est notée")
    await claire.taps(claire.buttons()[0])
    await claire.taps("Supprimer cette absence")
    await claire.sees("L’absence est supprimée", "Aucune absence n’est notée")
    check_manners(stage)


async def test_an_open_question_survives_a_restart_and_the_loss_of_the_role_ends_it(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    await julien.sends("/absence")
    await julien.taps("Ajouter")
    await picks(julien, stage, 1)
    await stage.stop_bot()
    await stage.start_bot()
    await julien.taps("Un seul jour")
    await julien.sees("Je note cette absence ?")
    await loses_role(stage, claire, julien)
    assert "Vous ne pouvez pas" in await julien.taps("Oui, noter")
    await julien.sends("/absence")
    await julien.sees("Vous ne pouvez pas")
    check_manners(stage)


async def test_only_the_team_has_absences_and_each_only_their_own(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    await notes_absence(amina, stage, 3, 3)
    theirs, own = (await stage.actor(amina)).person_id, (await stage.actor(julien)).person_id
    await julien.sends("/absence")
    shown = julien.messages()[-1]
    assert not any("Quelqu’un d’autre" in each for each in julien.buttons())
    presses = (
        f"abs:{theirs}:0",
        f"abn:{theirs}",
        "abo:1",
        "abx:1",
        "abw:0",
        f"post:{theirs}",
        f"psd:{theirs}:0",
        f"psr:{theirs}:{own}",
        f"psr:{own}:{own}",
        f"psn:{theirs}:5",
        f"psk:{theirs}:0",
        f"pss:{theirs}:budget:1:0",
        "tkl:1:0",
        "tko:1:",
    )
    for data in presses:
        assert "Vous ne pouvez pas" in await julien.forges(data, on=shown), data
    for data in (f"psn:{own}:0", f"psn:{own}:999"):
        assert "Ce nombre ne va pas" in await julien.forges(data, on=shown), data
    for person in (fatou, rosa):
        await person.sends("/absence")
        await person.sees("Vous ne pouvez pas")
        for data in ("abs::0", f"abs:{own}:0", f"abn:{own}", f"post:{own}", f"psn:{own}:5"):
            assert "Vous ne pouvez pas" in await person.forges(data, on=person.messages()[-1]), data
    for person, sees in ((julien, True), (fatou, False), (rosa, False)):
        listed = commands_for(group_of(await stage.actor(person)), translator("fr"))
        assert ("absence" in dict(listed)) is sees, person.phone.first_name
    check_manners(stage)


async def test_the_post_of_an_animator_is_set_from_the_team(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    await claire.sends("/menu")
    await claire.forges("tm:0", on=claire.messages()[-1])
    await claire.taps("Julien")
    await claire.taps("Capacité")
    await claire.taps("5")
    await claire.sees("Demandes en cours : 0 sur 5")
    await claire.taps("Capacité")
    await claire.taps("Comme tout le monde : 20")
    await claire.sees("Demandes en cours : 0 sur 20")
    await claire.taps("Domaines")
    await claire.taps("Suite")
    label = claire.buttons()[0]
    await claire.taps(label)
    assert claire.buttons()[0] == f"✅ {label}"
    await claire.taps("Retour")
    await claire.sees("1 domaine bien connu")
    await claire.taps("Remplaçant")
    await claire.taps("Claire")
    await claire.sees("Claire remplace")
    await claire.taps("Remplaçant")
    await claire.taps("Personne")
    await claire.sees("Personne ne remplace Julien")
    check_manners(stage)


async def test_a_request_reopened_while_its_animator_is_away_is_told_once_with_the_newest_words(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    request = await asks(rosa, "Il nous faut une salle")
    await carries_out(stage, julien, request, "C’est réservé.")
    await rosa.taps("Oui")
    await rosa.taps("🙂 Bien")
    await rosa.taps("Non merci")
    await notes_absence(julien, stage, 0, 2)
    before = len(claire.messages())
    await rosa.sends("La porte est fermée")
    await rosa.taps(f"C’est pour ma demande {request.number}")
    await rosa.sees("est rouverte")
    await stage.all_delivered()
    told = claire.messages()[before:]
    assert [each.text.splitlines()[0] for each in told] == [f"🙋 Qui reprend la demande {request.number} ?"]
    assert "La porte est fermée" in told[0].text
    assert claire.buttons(told[0]) == ["Je prends", "Ouvrir"]
    check_manners(stage)
