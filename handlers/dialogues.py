"""Going on with a dialogue that was left open. Each feature says how its open step is shown again."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery

from council import dialogues
from council.errors import OutOfDate
from handlers.cards.card import Reply
from handlers.cards.dialogue import OpenStepPress, ResumePress, let_go_card, resumed_card
from handlers.filters import Pressed
from handlers.turn import Turn
from storage.dialogue_store import ASIDE

router = Router(name="dialogues")

BEHIND = "behind"
"""Under this name a dialogue that only asks a short question keeps the one that was left open before it."""

Resumer = Callable[[Turn], Awaitable[Reply]]
_RESUMERS: dict[str, Resumer] = {}
_DRAFTS: set[str] = set()


def resumes(feature: str, *, draft: bool = True) -> Callable[[Resumer], Resumer]:
    """Declares how the open step of a feature ("meeting" of "meeting:title") is shown again.

    Without a `draft` it is a mere question: who walks away from it has left it.
    """

    def declare(resumer: Resumer) -> Resumer:
        _RESUMERS[feature] = resumer
        if draft:
            _DRAFTS.add(feature)
        return resumer

    return declare


def has_draft(state: str | None) -> bool:
    """Whether something was begun in this dialogue that one may come back to from elsewhere."""
    return (state or "").split(":")[0] in _DRAFTS


def left_open(turn: Turn, besides: str) -> dict[str, Any] | None:
    """What was begun and not finished, to be kept under BEHIND while something short is done; None: nothing was.

    `besides` is the feature that begins now: it does not stand behind itself.
    """
    state, data = turn.dialogue.state, turn.dialogue.data
    if state is None or not has_draft(state) or state.split(":")[0] == besides:
        return data.get(BEHIND)
    return {"state": state, "data": {name: each for name, each in data.items() if not name.startswith(ASIDE)}}


def ask_beside(turn: Turn, feature: str, state: str, **data: Any) -> None:
    """Begins a short question; what was left open stands behind it until `leave`."""
    behind = left_open(turn, feature)
    turn.dialogue.end()
    turn.dialogue.go(state, **data, **{BEHIND: behind})


def leave(turn: Turn) -> None:
    """Ends the open question; what was begun before it is open again."""
    behind = turn.dialogue.data.get(BEHIND)
    turn.dialogue.end()
    if behind is not None:
        turn.dialogue.go(behind["state"], **behind["data"])


@router.callback_query(Pressed(ResumePress))
async def resume(_press: CallbackQuery, turn: Turn, pressed: ResumePress) -> Reply:
    """Raises OutOfDate when something else was begun since."""
    behind = turn.dialogue.data.get(BEHIND)
    if not pressed.go_on:
        await dialogues.end_paused(turn.session, turn.telegram_id)
        if behind is not None:
            turn.dialogue.remember(**{BEHIND: None})
        return Reply.of(let_go_card(turn.say))
    kept = await dialogues.paused_dialogue(turn.session, turn.telegram_id)
    if kept is None and behind is not None:
        kept = behind["state"], behind["data"]
        turn.dialogue.end()
    if kept is None:
        raise OutOfDate
    state, data = kept
    turn.dialogue.go(state, **data)
    return await show_open(turn)


@router.callback_query(Pressed(OpenStepPress))
async def return_to_open(_press: CallbackQuery, turn: Turn) -> Reply:
    """Raises OutOfDate when nothing is open any more."""
    if not has_draft(turn.dialogue.state):
        raise OutOfDate
    return await show_open(turn)


async def show_open(turn: Turn) -> Reply:
    """The open step, as its feature shows it."""
    shown = _RESUMERS.get((turn.dialogue.state or "").split(":")[0])
    return await shown(turn) if shown else Reply.of(resumed_card(turn.say))
