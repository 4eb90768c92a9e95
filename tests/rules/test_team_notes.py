"""The mark of a note in the team's group is taken off what people read, and off nothing else."""

from datetime import UTC, datetime

import pytest
from aiogram.types import Chat, Message, MessageEntity

from handlers.team_group import _bare


@pytest.mark.parametrize(
    ("text", "entities", "parts", "is_note"),
    [
        ("// Rosa a rappelé", [], ("Rosa a rappelé",), True),
        ("  //", [], (), True),
        ("// voir https://ville.example", [], ("voir https://ville.example",), True),
        ("Voir // ici", [], ("Voir // ici",), False),
        (
            "// ici",
            [MessageEntity(type="text_link", offset=0, length=6, url="https://ville.example")],
            ('<a href="https://ville.example">ici</a>',),
            True,
        ),
        ("// ici", [MessageEntity(type="bold", offset=0, length=6)], ("<b>ici</b>",), True),
        (
            "// https://ville.example",
            [MessageEntity(type="bold", offset=0, length=1)],
            ("<b>/</b>/ https://ville.example",),
            True,
        ),
    ],
)
def test_what_is_left_of_a_note(text, entities, parts, is_note):
    group = Chat(id=-1_001_800_000_001, type="supergroup")
    message = Message(message_id=1, date=datetime(2026, 3, 2, tzinfo=UTC), chat=group, text=text, entities=entities)
    content, noted = _bare(message)
    assert (content.parts, noted) == (parts, is_note)
