"""Whatever is sent or pressed in the middle of a request: kept, or refused with a sentence, and the bot goes on."""

from datetime import timedelta

import pytest

from handlers import bursts
from handlers.cards.absence import NewAbsencePress
from handlers.cards.request import CarryOutPress, MergePress, NotePress, RelatePress
from handlers.cards.resource_actor import AddActorPress, SearchActorsPress
from handlers.cards.support import WithdrawnPress
from playground.attachments import Attachment
from storage.people import Role
from tests.scenes.manners import check_speaks_arabic
from tests.scenes.stage import Person, Stage
from tests.scenes.support_steps import requests
from tests.scenes.talk_steps import asked
from tests.scenes.test_bad_input_scene import contact, every_button, set_aside

WORDS = ("é" * 4096, "<b>&", "\u202eאבג\u202c", "👩‍👩‍👧‍👦", ".")
KINDS = ("sticker", "voice", "location", "poll", "dice", "document")


async def is_answered(person: Person, state: str, opens) -> None:
    """At this step each of these is answered; it is opened again for each, since some of them end it."""
    for words in WORDS:
        await opens()
        before = len(person.messages())
        await person.sends(words)
        await person.stage.quiet_moment()
        assert len(person.messages()) > before, (state, words[:9], person.texts()[-2:])
    for kind in KINDS:
        await opens()
        before = len(person.messages())
        await person.sends(attachment=Attachment(kind))
        await person.stage.quiet_moment()
        assert len(person.messages()) > before, (state, kind, person.texts()[-2:])
    await opens()
    await person.sends(attachment=contact(person.id + 77))
    await person.stage.quiet_moment()
    assert await set_aside(person.stage) == [], state


async def test_each_question_of_the_team_takes_or_refuses_whatever_is_sent(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bursts, "APART", timedelta(0))  # as if they waited between one thing and the next
    julien, rosa = await stage.joined("Julien", "nord", role=Role.ANIMATOR), await stage.joined("Rosa", "nord")
    request = await asked(stage, rosa)
    other = await asked(stage, rosa)
    await stage.all_delivered()

    async def by_press(press) -> None:
        await julien.sends("/menu")
        await julien.forges(press.pack(), on=julien.messages()[-1])

    person_id = (await stage.actor(julien)).person_id
    await is_answered(julien, "note", lambda: by_press(NotePress(request.id)))
    await is_answered(julien, "search", lambda: by_press(SearchActorsPress()))
    await is_answered(julien, "name", lambda: by_press(AddActorPress()))
    await is_answered(julien, "absence", lambda: by_press(NewAbsencePress(person_id)))
    await is_answered(julien, "other", lambda: by_press(RelatePress(request.id)))

    await by_press(CarryOutPress(other.id))
    for kind in KINDS:
        await julien.sends(attachment=Attachment(kind))
        await julien.sees("que des mots")
    await julien.sends("é" * 4096)
    await stage.quiet_moment()
    assert {each.state for each in await requests(stage)} == {"assigned"}, "too long: asked again"
    await julien.sends("<b>&")
    await stage.all_delivered()
    await rosa.sees("<b>&")
    assert await set_aside(stage) == []


async def test_what_was_never_on_a_button_does_no_harm(stage: Stage):
    """By those who may: numbers below zero, larger than any, and pages that are not there."""
    julien, rosa = await stage.joined("Julien", "nord", role=Role.ANIMATOR), await stage.joined("Rosa", "nord")
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    await asked(stage, rosa)
    await stage.all_delivered()
    for person in (julien, claire, rosa):
        await person.sends("/menu")
        menu = person.messages()[-1]
        for number in ("-1", "9223372036854775807"):
            presses = [person.phone.presses(menu, data=data) for data in every_button(number)]
            await stage.until(lambda presses=presses: all(press.answer for press in presses))
            await stage.quiet_moment()
    assert [(each.error, each.payload["callback_query"]["data"]) for each in await set_aside(stage)] == []


async def test_who_takes_back_what_another_waits_for_too_leaves_them_a_promise(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord", language="ar")
    one, two = await asked(stage, rosa), await asked(stage, ali)
    await stage.all_delivered()
    await julien.forges(MergePress(two.id, one.id).pack(), on=julien.messages()[-1])
    await stage.all_delivered()
    await rosa.sends("/menu")
    await rosa.forges(WithdrawnPress(one.id).pack(), on=rosa.messages()[-1])
    await stage.all_delivered()
    await ali.sees(two.number, "Julien", "15")
    check_speaks_arabic(ali)
    await julien.sees("Rosa a retiré sa demande")
    assert [(each.state, each.duplicate_of_id) for each in await requests(stage)] == [
        ("withdrawn", None),
        ("assigned", None),
    ]
    assert await set_aside(stage) == []
