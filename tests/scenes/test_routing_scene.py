"""Who is given a request: the animator of the council, who knows the subject, a deputy, else all who may take it."""

from storage.people import Role
from storage.support import SupportKind
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage
from tests.scenes.support_steps import ROOM, asks, carries_out, requests
from tests.scenes.team_steps import holder, is_replaced_by, notes_absence, opens_post, rules

MONEY = ("L’argent, la formation", "Trouver ou gérer de l’argent")


async def asks_for(stage: Stage, person: Person, words: str, *taps: str) -> str | None:
    """The first name of who is given it; None: it waits for somebody."""
    request = await asks(person, words, *taps)
    await stage.all_delivered()
    return await holder(stage, request)


async def test_who_has_their_hands_full_leaves_it_to_the_deputy_and_the_deputy_to_all(stage: Stage):
    await rules(stage, capacity=1)
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    await is_replaced_by(claire, "Julien", "Amina")
    assert await asks_for(stage, rosa, "Une salle", *ROOM) == "Julien"
    await julien.sees("Nouvelle demande", "Une salle")
    assert await asks_for(stage, rosa, "Un budget", *MONEY) == "Amina"
    await amina.sees("Nouvelle demande", "Un budget")
    await julien.never_sees("Un budget")
    assert await asks_for(stage, rosa, "Une affiche", "Autre chose") is None
    await julien.sees("Qui prend la demande", "Une affiche")
    await julien.taps("Je prends")
    await rosa.sees("Julien")
    check_manners(stage)


async def test_a_kind_goes_to_who_knows_it_where_the_programme_says_so(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    await opens_post(claire, "Amina")
    await claire.taps("Domaines")
    while not any("argent" in each for each in claire.buttons()):
        await claire.taps("Suite")
    await claire.taps("Trouver ou gérer de l’argent")
    assert await asks_for(stage, rosa, "Un premier budget", *MONEY) == "Julien"  # the programme has no such rule yet
    await rules(stage, skills=(SupportKind.BUDGET,))
    assert await asks_for(stage, rosa, "Un second budget", *MONEY) == "Amina"
    await amina.sees("Nouvelle demande", "Quartier Nord", "Un second budget")
    await julien.never_sees("Un second budget")
    assert await asks_for(stage, rosa, "Une salle", *ROOM) == "Julien"

    # A colleague for the same council: whose turn it is goes by what each has in hand.
    nadia = await stage.joined("Nadia", "nord", role=Role.ANIMATOR)
    given = [await asks_for(stage, rosa, f"La salle {number}", *ROOM) for number in (2, 3, 4)]
    assert given == ["Nadia", "Nadia", "Julien"]
    await nadia.sees("Nouvelle demande", "La salle 3")
    await nadia.never_sees("La salle 4")
    check_manners(stage)


async def test_two_of_one_council_share_by_what_each_takes_on_until_the_coordinator_has_it(stage: Stage):
    await rules(stage, capacity=2)
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    nadia = await stage.joined("Nadia", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    rosa, samir, lea = [await stage.joined(name, "nord") for name in ("Rosa", "Samir", "Léa")]
    await opens_post(claire, "Nadia")
    await claire.taps("Capacité")
    await claire.taps("5")
    await claire.sees("Demandes en cours : 0 sur 5")
    await is_replaced_by(claire, "Julien", "Amina")

    # Five in Nadia's hands weigh as much as two in Julien's.
    given = [
        await asks_for(stage, person, f"La salle {number}", *ROOM)
        for number, person in enumerate((rosa, samir, lea, rosa, samir, lea, rosa), 1)
    ]
    assert given == ["Julien", "Nadia", "Nadia", "Nadia", "Julien", "Nadia", "Nadia"]
    await julien.sees("Nouvelle demande", "Samir écrit", "La salle 5")
    await nadia.sees("Nouvelle demande", "Rosa écrit", "La salle 7")
    await claire.sends("/equipe")
    await claire.sees("7 demandes en cours")
    assert {"Nadia : 5 sur 5", "Julien : 2 sur 2"} <= set(claire.buttons())

    # Both are full: who stands in for one of them, then all who may take it.
    assert [await asks_for(stage, each, "Un budget", *MONEY) for each in (samir, lea)] == ["Amina", "Amina"]
    assert await asks_for(stage, rosa, "Une affiche", "Autre chose") is None
    await rosa.sees("L’équipe vous répondra avant")
    for each in (julien, nadia):
        await each.sees("Qui prend la demande", "Une affiche")
    for each in (amina, claire):
        await each.never_sees("Une affiche")

    # What is done leaves room again.
    await carries_out(stage, julien, (await requests(stage))[0], "C’est réservé.")
    assert await asks_for(stage, samir, "La salle 11", *ROOM) == "Julien"

    # Nobody of them is there: who coordinates.
    for each in (julien, nadia, amina):
        await notes_absence(each, stage, 0, 1)
    assert await asks_for(stage, lea, "La salle 12", *ROOM) is None
    told = await claire.sees("Qui prend la demande", "La salle 12")
    await claire.taps("Je prends", on=told)
    await lea.sees("L’équipe vous répondra avant mercredi 12 h")  # for nobody works on the two days before
    await lea.sees("Claire a pris votre demande")
    for each in (julien, nadia, amina):
        await each.never_sees("La salle 12")
    check_manners(stage)
