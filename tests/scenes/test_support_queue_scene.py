"""The team's hands: who is given a request, who takes it from the queue, and what becomes of it when a role ends."""

import asyncio

from storage.people import Role
from tests.scenes.manners import check_manners
from tests.scenes.stage import Stage
from tests.scenes.team_steps import holder, loses_role, made


async def test_the_animator_of_the_council_is_told_of_a_new_request(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    number = (await made(stage, rosa, "Une salle &lt;b&gt;&amp;&lt;/b&gt; <i>des chaises</i> 🪑", "nord")).number
    await julien.sees(f"Nouvelle demande {number}", "Trouver une salle", "Quartier Nord", "Rosa écrit")
    await julien.sees("Une salle <b>&</b> des chaises 🪑", "Réponse promise avant")
    await amina.never_sees(number)
    await fatou.never_sees(number)
    await julien.taps("Ouvrir")
    await julien.sees(f"Demande {number}", "Elle vous est confiée")
    check_manners(stage, words_of_people=("<b>&</b>",))


async def test_of_two_animators_who_press_at_the_same_time_one_has_it(stage: Stage):
    rosa = await stage.joined("Rosa")  # of no council
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    request = await made(stage, rosa, "Je cherche une salle")
    for each in (julien, amina):
        await each.sees(f"Qui prend la demande {request.number} ?", "Je cherche une salle")
    toasts = await asyncio.gather(julien.taps("Je prends"), amina.taps("Je prends"))
    await stage.all_delivered()
    name = await holder(stage, request)
    winner, other = (julien, amina) if name == "Julien" else (amina, julien)
    assert name == winner.phone.first_name
    assert sorted(toasts) == sorted(["La demande est à vous.", f"{name} a déjà pris cette demande."])
    await other.sees(f"Demande {request.number}", f"Elle est confiée à {name}")
    await winner.sees(f"Demande {request.number}", "Elle vous est confiée")
    press = f"tkq:{request.id}"
    assert f"{name} a déjà pris" in await other.forges(press, on=other.messages()[-1]), "an old button says who"
    await rosa.sends("/menu")
    for forged in (press, "tkq:999999", "tko:1:", "tkl:1:0"):
        assert "Vous ne pouvez pas" in await rosa.forges(forged, on=rosa.messages()[-1]), forged
    check_manners(stage)


async def test_requests_of_somebody_whose_role_is_taken_away_go_to_the_queue(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    number = (await made(stage, rosa, "Bonjour", "nord")).number
    await julien.sees(f"Nouvelle demande {number}")
    told = julien.messages()[-1]
    await loses_role(stage, claire, julien)
    await amina.sees(f"Qui prend la demande {number} ?")
    assert "Vous ne pouvez pas" in await julien.taps("Ouvrir", on=told)
    await amina.taps("Je prends")
    await amina.sees(f"Demande {number}", "Elle vous est confiée")
    check_manners(stage)


async def test_an_erased_animator_leaves_what_they_held(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    number = (await made(stage, rosa, "Bonjour", "nord")).number
    await julien.sends("/supprimer")
    await julien.taps("Oui, tout effacer")
    await stage.all_delivered()
    await amina.sees(f"Qui prend la demande {number} ?")
    check_manners(stage)


async def test_many_that_come_back_at_once_are_one_message(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    for n in range(4):
        await made(stage, rosa, f"Question {n}", "nord")
    await loses_role(stage, claire, julien)
    await claire.sees("4 demandes attendent quelqu’un")
    await claire.never_sees("Qui prend la demande")
    await claire.taps("Voir les demandes à prendre")
    await claire.sees("Les demandes à prendre")
    check_manners(stage)


async def test_without_an_animator_the_coordinator_gets_all_and_can_take_it(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    rosa = await stage.joined("Rosa", "nord")
    request = await made(stage, rosa, "Bonjour", "nord")
    number = request.number
    await claire.sees(f"Qui prend la demande {number} ?")
    await claire.taps("Je prends")
    await claire.sees(f"Demande {number}", "Elle vous est confiée")
    assert await holder(stage, request) == "Claire"
    check_manners(stage)


async def test_what_comes_at_night_waits_for_the_morning(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    await stage.go_to_next(1, 22)
    number = (await made(stage, rosa, "Bonsoir", "nord")).number
    await julien.never_sees(number)
    await stage.go_to_next(2, 8, 30)
    await julien.sees(f"Nouvelle demande {number}")
    check_manners(stage)
