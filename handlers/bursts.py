"""An album or a flood of messages gets one answer, not one each."""

from datetime import datetime, timedelta

from handlers.turn import Turn

APART = timedelta(seconds=5)
"""More than the files of an album are apart, less than a person needs to read an answer and to try something else."""
_ANSWERED = "_burst_answered_at"  # aside: it is nothing that a dialogue is about


def is_burst(turn: Turn) -> bool:
    """Whether what could not be placed was answered a moment ago; when not, now counts as that answer."""
    now, answered = turn.clock.now(), turn.dialogue.data.get(_ANSWERED)
    if answered is not None and now - datetime.fromisoformat(answered) < APART:
        return True
    answered_now(turn)
    return False


def answered_now(turn: Turn) -> None:
    """What comes in the next moment belongs to this: to an answer, or to a flood that goes on."""
    turn.dialogue.remember(**{_ANSWERED: turn.clock.now().isoformat()})
