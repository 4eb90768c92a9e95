"""An album or a flood of messages gets one answer, not one each."""

from datetime import datetime, timedelta

from handlers.turn import Turn

APART = timedelta(minutes=1)
_ANSWERED = "_burst_answered_at"  # aside: it is nothing that a dialogue is about


def is_burst(turn: Turn) -> bool:
    """Whether what could not be placed was answered within the last minute; when not, now counts as that answer."""
    now, answered = turn.clock.now(), turn.dialogue.data.get(_ANSWERED)
    if answered is not None and now - datetime.fromisoformat(answered) < APART:
        return True
    turn.dialogue.remember(**{_ANSWERED: now.isoformat()})
    return False
