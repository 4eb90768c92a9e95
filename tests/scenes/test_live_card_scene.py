"""A card that is kept true shows at last what changed while it was on its way; one that is true is left alone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.inbound.answers import Answers
from bot.sender.sender import Sender
from council.support_topics import CARD
from handlers.cards.meeting import ManagePress, RsvpPress, Surface
from storage.meetings import Answer
from storage.people import Role
from tests.scenes.meeting_steps import meeting_of, opens_managed
from tests.scenes.stage import Stage
from tests.scenes.team_talk import gathered

Held = Callable[..., Awaitable[None]]


@asynccontextmanager
async def held(
    monkeypatch: pytest.MonkeyPatch, owner: type, step: str, when: Callable[..., bool]
) -> AsyncIterator[Any]:
    """The bot has shown its card, and comes no further as long as this lasts; gives what says that it stands there."""
    goes_on, stands = asyncio.Event(), asyncio.Event()
    original: Held = getattr(owner, step)

    async def waits(self: Any, *arguments: Any) -> None:
        if when(*arguments):
            stands.set()
            await goes_on.wait()
        await original(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, waits)
        try:
            yield stands
        finally:
            goes_on.set()


def edits(stage: Stage) -> list[int | None]:
    """The messages that the bot has edited."""
    return [each.message_id for each in stage.playground.world.calls if each.method.startswith("edit")]


async def test_an_answer_that_comes_while_the_card_is_on_its_way_stands_on_it_at_last(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    meeting = await meeting_of(stage, fatou, title="Fête")
    card = await rosa.sees("Fête", "Viendrez-vous")
    await fatou.sends("/menu")
    await fatou.taps("Réunions que je gère")
    async with held(monkeypatch, Answers, "_keep_true", lambda *_: True) as stands:
        fatou.phone.presses(fatou.messages()[-1], data=ManagePress(meeting).pack())
        await stands.wait()
        live = await fatou.sees("Fête", "0 inscrit")
        answer = rosa.phone.presses(card, data=RsvpPress(meeting, Answer.YES, Surface.ANNOUNCED).pack())
        await stage.until(lambda: answer.answer is not None)
    await stage.quiet_moment()
    await stage.advance(seconds=10)
    assert (await fatou.sees("Fête", "1 inscrit", "Viennent : Rosa")).id == live.id


async def test_a_card_that_has_not_changed_costs_no_call(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    await meeting_of(stage, fatou, title="Fête")
    await opens_managed(fatou, "Fête")
    before = edits(stage)
    await stage.advance(seconds=10)
    assert edits(stage) == before


async def test_an_answer_to_a_request_whose_card_is_on_its_way_stands_on_it_at_last(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    team = await gathered(stage)
    rosa = await stage.joined("Rosa", "nord")
    await team.link()
    async with held(monkeypatch, Sender, "_settle", lambda notice, *_: notice.detail == CARD) as stands:
        request_id = await team.asks(rosa, "Il nous faut une salle.")
        await stands.wait()
        card = await team.sees(await team.topic(), "Rosa, Quartier Nord.", "Réponse promise")
        await team.answers(team.julien, request_id, "Je m’en occupe.")
    await stage.all_delivered()
    await stage.advance(seconds=10)
    assert "Rosa, Quartier Nord." in card.text
    assert "Réponse promise" not in card.text
