"""A request goes from hand to hand: what was said goes with it, and the promise stays what it was."""

from council.working_time import calendar_of
from playground.attachments import Attachment, sample
from playground.messages import Message
from storage.people import Role
from storage.support import SupportRequest
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage
from tests.scenes.support_steps import again, alerts, begins, requests
from tests.scenes.talk_steps import asked
from tests.scenes.team_steps import holder

PROMISED = "Réponse promise avant mardi 15 h"
TUESDAY = 1


async def whole_history(person: Person, card: Message) -> str:
    """All pages of « Tout revoir »; then the card again."""
    await person.taps("Plus", on=card)
    await person.taps("Tout revoir", on=card)
    pages = [card.text]
    while any("Suite" in each for each in person.buttons(card)):
        await person.taps("Suite", on=card)
        pages.append(card.text)
    return "\n".join(pages)


async def opens(person: Person, request: SupportRequest, *parts: str) -> Message:
    await person.sends(request.number)
    return await person.sees(f"Demande {request.number}", *parts)


async def test_given_on_by_the_animator_and_by_the_coordinator_it_keeps_its_words_and_its_promise(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    nora = await stage.joined("Nora", "sud", role=Role.ANIMATOR)
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    rosa, samir = await stage.joined("Rosa", "nord"), await stage.joined("Samir", "nord")
    team = (julien, amina, nora, claire)
    await stage.go_to_next(TUESDAY, 10)
    await begins(rosa)
    await rosa.sends("Une salle pour trente")
    await rosa.sends(attachment=Attachment("voice", file=sample("voice")))
    await rosa.taps("C’est tout")
    await rosa.taps("Envoyer")
    await rosa.sees("Julien vous répondra avant mardi 15 h")
    (request,) = await requests(stage)
    other = await asked(stage, samir, "Une affiche")
    await stage.all_delivered()

    # Julien leaves a note, and gives it to Amina.
    card = await opens(julien, request, PROMISED)
    await julien.taps("Plus", on=card)
    await julien.taps("Note", on=card)
    await julien.sends("Vu avec la mairie")
    card = await opens(julien, request, "Elle vous est confiée")
    await stage.go_to_next(TUESDAY, 11)
    await julien.taps("Plus", on=card)
    await julien.taps("Confier à quelqu’un", on=card)
    assert "C’est confié" in await julien.taps("Amina", on=card)
    await stage.all_delivered()
    await amina.sees(f"Demande {request.number} : vous prenez la suite", "Julien vous la confie", PROMISED)
    await rosa.sees("Amina", "vous répondra avant mardi 15 h")
    await samir.never_sees("Amina")
    assert await holder(stage, other) == "Julien"
    history = await whole_history(amina, await opens(amina, request, PROMISED))
    for told in ("Une salle pour trente", "Vu avec la mairie", "Rosa a demandé", "Julien"):
        assert told in history, told

    # The coordinator gives it to Nora.
    await stage.go_to_next(TUESDAY, 12, 30)
    await claire.sends("/equipe")
    await claire.taps("Amina : 1 sur 20")
    await claire.taps(request.number)
    await claire.taps("Confier à Nora")
    await stage.all_delivered()
    await nora.sees(f"Demande {request.number} : vous prenez la suite", "Claire vous la confie", PROMISED)
    await amina.sees(request.number, "Nora prend la suite", "Vous n’avez plus rien à faire")
    await rosa.sees("Nora", "vous répondra avant mardi 15 h")
    kept = await again(stage, request)
    assert (kept.asked_at, kept.promised_at, kept.first_answer_at) == (request.asked_at, request.promised_at, None)

    # The warning of the first promise comes to who has it now, and only to her.
    await stage.go_to_next(TUESDAY, 14, 20)
    await nora.sees("🟠", request.number, "attend une réponse avant mardi 15 h")
    assert alerts(*team) == [("Julien", "🟠"), ("Nora", "🟠")]
    await julien.never_sees("🟠", request.number)
    card = await opens(nora, request, "Elle vous est confiée")
    history = await whole_history(nora, card)
    for told in ("Une salle pour trente", "Vu avec la mairie", "Julien", "Amina", "Claire"):
        assert told in history, told
    await nora.taps("Revoir les messages et fichiers", on=card)
    await stage.all_delivered()
    assert [each for each in nora.messages() if "voice" in each.body]

    # Her answer is measured from the moment when Rosa asked.
    await stage.go_to_next(TUESDAY, 14, 30)
    await opens(nora, request)
    await nora.taps("Répondre")
    await nora.sends("La salle est libre.")
    await stage.all_delivered()
    await rosa.sees("Nora, qui vous accompagne", "La salle est libre.")
    kept = await again(stage, request)
    assert kept.first_answer_at is not None
    worked = calendar_of(stage.settings).between(request.asked_at, kept.first_answer_at)
    assert kept.first_answer_minutes == worked.total_seconds() // 60 >= 145
    await stage.go_to_next(TUESDAY, 15, 30)
    assert alerts(*team) == [("Julien", "🟠"), ("Nora", "🟠"), ("Claire", "🔴")]
    await claire.sees("🔴", other.number)
    await claire.never_sees("🔴", request.number)
    check_manners(stage)
