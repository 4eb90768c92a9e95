"""A programme that has no animator: who coordinates gets all, is warned of all, and nobody waits in silence."""

from storage.people import Role
from storage.support import SupportState, Verdict
from tests.scenes.manners import check_manners
from tests.scenes.stage import Stage
from tests.scenes.support_steps import FRIDAY, MONDAY, alerts, asks, carries_out, requests
from tests.scenes.talk_steps import replies


async def test_two_residents_on_a_friday_evening_have_nobody_but_the_coordinator(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    rosa, samir = await stage.joined("Rosa", "nord"), await stage.joined("Samir", "sud")
    await stage.go_to_next(FRIDAY, 18, 40)
    first = await asks(rosa, "Une salle pour trente")
    await rosa.sees("Nous sommes vendredi 18 h", "L’équipe vous répondra avant lundi 12 h")
    second = await asks(samir, "Une affiche")
    await stage.all_delivered()
    for number, words in ((first.number, "Une salle pour trente"), (second.number, "Une affiche")):
        await claire.sees(f"Qui prend la demande {number} ?", words)
    await stage.go_to_next(MONDAY, 9, 5)
    await claire.sees("L’équipe ce matin", "2")
    assert alerts(claire) == []

    await stage.go_to_next(MONDAY, 11, 5)
    assert alerts(claire) == [("Claire", "🟠"), ("Claire", "🟠")]
    warned = await claire.sees("🟠", first.number, "Personne ne l’a encore prise")
    await claire.taps("Ouvrir la demande", on=warned)
    await claire.taps("Je prends", on=warned)
    await rosa.sees("Claire a pris votre demande")
    await stage.all_delivered()
    card = await claire.sees(f"Demande {first.number}", "Elle vous est confiée")
    await claire.taps("Répondre", on=card)
    await claire.sends("La salle est libre.")
    heard = await rosa.sees("Claire", "La salle est libre.")
    await replies(rosa, heard, "Merci, je la prends")
    await claire.sees("Rosa", "Merci, je la prends")
    await samir.never_sees("salle est libre")

    # The other was forgotten: both hear it, once.
    await stage.go_to_next(MONDAY, 12)
    await claire.sees("🔴", second.number, "Personne ne l’a encore prise")
    await samir.sees(second.number, "nous n’avons pas répondu à temps")
    await rosa.never_sees("pas répondu à temps")
    await stage.go_to_next(MONDAY, 15)
    assert [sign for _, sign in alerts(claire)].count("🔴") == 1
    await claire.sends("/demandes")
    await claire.taps("À prendre (1)")
    await claire.taps(second.number)
    await claire.taps("Je prends")
    await stage.all_delivered()
    await samir.sees("Claire a pris votre demande")
    await carries_out(stage, claire, second, "L’affiche est imprimée.")
    await samir.sees("Claire a écrit", "L’affiche est imprimée.", "Est-ce résolu")
    await samir.taps("Oui")
    await samir.taps("🙂 Bien")
    await samir.taps("Non merci")
    mine, his = await requests(stage)
    assert (mine.state, his.state, his.verdict) == (SupportState.IN_PROGRESS, SupportState.CLOSED, Verdict.SOLVED)
    check_manners(stage)
