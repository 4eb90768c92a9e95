"""Steps of dialogues: what answers a question, and what does not."""

from importlib import import_module

import pytest

from bot.inbound.routers import FEATURES
from handlers.filters import InDialogue, is_speech


@pytest.mark.parametrize("feature", FEATURES)
def test_no_step_takes_a_command_or_telegrams_own_notes_for_an_answer(feature):
    """A pinned message, a timer, a new picture of the chat: they come in the middle of it, and answer nothing."""
    for handler in import_module(f"handlers.{feature}").router.message.handlers:
        asked = [each.callback for each in handler.filters or ()]
        if any(isinstance(each, InDialogue) for each in asked):
            assert is_speech in asked, handler.callback.__qualname__


def test_there_are_steps_to_look_at():
    handlers = [each for name in FEATURES for each in import_module(f"handlers.{name}").router.message.handlers]
    steps = [each for each in handlers if any(isinstance(one.callback, InDialogue) for one in each.filters or ())]
    assert len(steps) > 20
