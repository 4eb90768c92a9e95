"""The team in its group with topics, and two residents on their phones: a whole day of it, by taps and words alone."""

from storage.support import SupportState, Verdict
from tests.scenes.manners import check_manners
from tests.scenes.stage import Stage
from tests.scenes.support_steps import alerts, asks, requests
from tests.scenes.talk_steps import replies
from tests.scenes.team_talk import gathered

TUESDAY = 1


async def test_two_residents_have_a_topic_each_and_the_promise_of_one_is_nearly_forgotten(stage: Stage):
    team = await gathered(stage)
    await team.link()
    rosa, samir = await stage.joined("Rosa", "nord"), await stage.joined("Samir", "nord")
    await stage.go_to_next(TUESDAY, 8, 50)
    mine = await asks(rosa, "Une salle pour trente")
    his = await asks(samir, "Une affiche pour la fête")
    hers, other = await team.topic(0), await team.topic(1)
    await team.sees(hers, "Rosa, Quartier Nord", "Réponse promise avant mardi 12 h")
    await team.sees(other, "Samir, Quartier Nord", "Julien s’en occupe")

    # Two of the team answer one of them, in the topic.
    first = await team.writes(team.julien, hers, "Pour quel jour ?")
    heard = await rosa.sees("Julien", "Pour quel jour ?")
    await team.signed(first, "👌")
    await replies(rosa, heard, "Samedi, à 18 h")
    await team.sees(hers, "Rosa", "Samedi, à 18 h")
    await team.writes(team.nora, hers, "J’ai une salle à Empalot.")
    await rosa.sees("Nora", "J’ai une salle à Empalot.")
    await team.writes(team.nora, hers, "// à confirmer avec la mairie")
    await rosa.never_sees("mairie")
    await samir.never_sees("Empalot")
    await team.never_sees(other, "Samedi, à 18 h")

    # The other waits: the promise is warned of in private, and broken in the eyes of all.
    await stage.go_to_next(TUESDAY, 11, 5)
    await team.julien.sees("🟠", his.number, "avant mardi 12 h")
    await stage.go_to_next(TUESDAY, 12)
    await team.carole.sees("🔴", his.number, "Julien n’a pas encore répondu")
    assert alerts(team.julien, team.nora, team.carole) == [("Julien", "🟠"), ("Carole", "🔴")]
    await samir.sees(his.number, "nous n’avons pas répondu à temps")
    await samir.sends("Il y a quelqu’un ?")
    await samir.taps(f"C’est pour ma demande {his.number}")
    await stage.all_delivered()
    await team.sees(other, "Samir", "Il y a quelqu’un ?")
    await stage.go_to_next(TUESDAY, 14, 5)
    await team.writes(team.nora, other, "Oui ! L’affiche arrive.")
    await samir.sees("Nora", "L’affiche arrive")

    # Each ends in its own topic.
    for topic, person, result in ((hers, rosa, "La salle est réservée."), (other, samir, "L’affiche est imprimée.")):
        await team.presses(team.julien, "C’est fait", topic)
        await team.sees(topic, "Julien, dites ce qui a été fait.")
        await team.writes(team.julien, topic, result)
        await stage.all_delivered()
        asked = await person.sees(result, "Est-ce résolu")
        await person.taps("Oui", on=asked)
        await person.taps("🙂 Bien")
        await person.taps("Non merci")
    await stage.all_delivered()
    await stage.until(lambda: hers.closed and other.closed)
    ended = [(each.state, each.verdict) for each in await requests(stage)]
    assert ended == [(SupportState.CLOSED, Verdict.SOLVED)] * 2
    assert mine.id != his.id
    check_manners(stage)
