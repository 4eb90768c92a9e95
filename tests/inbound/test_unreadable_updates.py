"""What came in a shape that this version cannot read is kept under its sender's number: it goes when they go."""

import pytest

from bot.inbound.source import sender_in
from council.privacy import erase_person
from tests.inbound.takers import set_aside
from tests.scenes.stage import Stage


async def test_it_is_erased_with_the_account(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    unreadable = {"message_id": "?", "from": {"id": rosa.id, "first_name": "Rosa"}, "text": "Mon adresse"}
    stage.playground.world.first_bot().queue.push("message", unreadable)
    await stage.until(lambda: not len(stage.playground.world.first_bot().queue))
    [kept] = await set_aside(stage)
    assert kept.telegram_id == rosa.id

    async with stage.database.write() as session:
        await erase_person(session, stage.app.context.clock, await stage.actor(rosa))  # type: ignore[union-attr]
    assert await set_aside(stage) == []


@pytest.mark.parametrize(
    ("raw", "sender"),
    [
        ({"update_id": 1, "message": {"from": {"id": 7}}}, 7),
        ({"update_id": 1, "of_a_kind": {"from": {"id": 2**40}}}, 2**40),
        ({"update_id": 1, "of_a_kind": {"from": {"id": "7"}}}, None),
        ({"update_id": 1, "of_a_kind": {"from": {"id": True}}}, None),
        ({"update_id": 1, "of_a_kind": {"from": {"id": 2**70}}}, None),
        ({"update_id": 1, "of_a_kind": {"from": 7}}, None),
        ({"update_id": 1, "of_a_kind": "x"}, None),
        ({"update_id": 1}, None),
    ],
)
def test_the_sender_is_found_in_whatever_shape(raw: dict, sender: int | None):
    assert sender_in(raw) == sender
