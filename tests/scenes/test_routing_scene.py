"""Who is given a request: the animator of the council, who knows the subject, a deputy, else all who may take it."""

from council.clock import SystemClock
from council.programme import apply_programme
from storage.people import Role
from storage.support import SupportKind
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage
from tests.scenes.support_steps import ROOM, asks
from tests.scenes.team_steps import holder

MONEY = ("L’argent, la formation", "Trouver ou gérer de l’argent")


async def rules(stage: Stage, **support: object) -> None:
    """The programme's file says so, and is read again."""
    changed = stage.settings.support.model_copy(update=support)
    stage.settings = stage.settings.model_copy(update={"support": changed})
    async with stage.database.write() as session:
        await apply_programme(session, SystemClock(), stage.settings)
    await stage.all_delivered()


async def opens_post(coordinator: Person, name: str) -> None:
    await coordinator.sends("/equipe")
    await coordinator.forges("tm:0", on=coordinator.messages()[-1])
    await coordinator.taps(name)


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
    await opens_post(claire, "Julien")
    await claire.taps("Remplaçant")
    await claire.taps("Amina")
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
