"""Messages that are kept true, when a press turns them into something else."""

from council import live_cards
from handlers.turn import Turn


async def leave_live_card(turn: Turn) -> None:
    """The pressed message is about to show something else: a refresh would write over it."""
    if turn.message_id is not None:
        await live_cards.forget(turn.session, turn.chat_id, turn.message_id)
