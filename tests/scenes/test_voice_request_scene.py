"""A request that was spoken: whose turn it is hears it from the very first message, without looking for it."""

from playground.attachments import Attachment
from storage.people import Role
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage
from tests.scenes.support_steps import begins


async def _sends(person: Person, *kinds: str) -> None:
    for kind in kinds:
        await person.sends("", attachment=Attachment(kind))
    await person.taps("C’est tout")
    await person.taps("Envoyer")
    await person.sees("C’est envoyé")
    await person.stage.all_delivered()


def _voices(person: Person) -> int:
    return sum("voice" in each.body for each in person.messages())


async def test_a_voice_is_heard_from_the_first_message_and_from_the_card(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await _sends(rosa, "voice")
    told = await julien.sees("Nouvelle demande", "Rosa a envoyé un message vocal.")
    assert julien.buttons(told) == ["🎧 Écouter", "Ouvrir"]
    await julien.taps("Écouter", on=told)
    await stage.all_delivered()
    assert _voices(julien) == 1
    await julien.taps("Ouvrir", on=told)
    assert julien.buttons(told)[0] == "🎧 Écouter"
    await julien.taps("Écouter", on=told)
    await stage.all_delivered()
    assert _voices(julien) == 2
    check_manners(stage)


async def test_all_files_are_counted_and_words_alone_need_no_button(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await _sends(rosa, "voice", "photo", "voice")
    told = await claire.sees("Qui prend la demande", "Rosa a envoyé : 2 messages vocaux et 1 photo.")
    assert claire.buttons(told) == ["🎧 Écouter et voir", "Je prends", "Ouvrir"]
    await begins(rosa)
    await rosa.sends("L’eau coule")
    await _sends(rosa, "photo")
    told = await claire.sees("Rosa écrit, avec 1 photo :", "L’eau coule")
    assert claire.buttons(told)[0] == "👁 Voir l’envoi"
    await begins(rosa)
    await rosa.sends("Et la lumière")
    await _sends(rosa)
    told = await claire.sees("Rosa écrit :", "Et la lumière")
    assert claire.buttons(told) == ["Je prends", "Ouvrir"]
    check_manners(stage)
