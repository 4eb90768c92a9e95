"""Going on with a dialogue that was left open. Each feature says how its open step is shown again."""

from collections.abc import Awaitable, Callable

from aiogram import Router
from aiogram.types import CallbackQuery

from council import dialogues
from council.errors import OutOfDate
from handlers.cards.card import Reply
from handlers.cards.dialogue import ResumePress, let_go_card, resumed_card
from handlers.filters import Pressed
from handlers.turn import Turn

router = Router(name="dialogues")

Resumer = Callable[[Turn], Awaitable[Reply]]
_RESUMERS: dict[str, Resumer] = {}


def resumes(feature: str) -> Callable[[Resumer], Resumer]:
    """Declares how the open step of a feature ("meeting" of "meeting:title") is shown again."""

    def declare(resumer: Resumer) -> Resumer:
        _RESUMERS[feature] = resumer
        return resumer

    return declare


def can_resume(state: str | None) -> bool:
    """Whether the dialogue of this state can be shown again where it stood."""
    return (state or "").split(":")[0] in _RESUMERS


@router.callback_query(Pressed(ResumePress))
async def resume(_press: CallbackQuery, turn: Turn, pressed: ResumePress) -> Reply:
    """Raises OutOfDate when something else was begun since."""
    if not pressed.go_on:
        await dialogues.end_paused(turn.session, turn.telegram_id)
        return Reply.of(let_go_card(turn.say))
    kept = await dialogues.paused_dialogue(turn.session, turn.telegram_id)
    if kept is None:
        raise OutOfDate
    state, data = kept
    turn.dialogue.go(state, **data)
    shown = _RESUMERS.get(state.split(":")[0])
    return await shown(turn) if shown else Reply.of(resumed_card(turn.say))
