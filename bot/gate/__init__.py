"""One gate for all that the bot sends, whichever library sends it.

The limits are Telegram's for the bot as a whole, so they are counted in one place:

    rules.py    what may pass, and when: windows, spacing, pauses. No I/O, no clock of its own
    line.py     who goes first among those that wait
    memory.py   the gate of a bot that runs as one process
    redis.py    the gate that several processes share
    calls.py    which Bot API methods count as messages, and for how many

The two libraries come through `bot.sender.limiter` (python-telegram-bot) and
`bot.inbound.gate_middleware` (aiogram). Nothing here imports either: a process without one does not pay for it.
"""

from typing import Protocol

from bot.gate.rules import ChatId, Limits, Passage, Priority

__all__ = ["ChatId", "Gate", "Limits", "Passage", "Priority"]


class Gate(Protocol):
    """The bot's traffic passes here: each message before it leaves, each 429 when it comes back."""

    @property
    def waiting(self) -> int:
        """Callers that wait at this moment, in this process."""

    async def enter(self, chat_id: ChatId, priority: Priority, weight: int = 1) -> Passage:
        """Wait until a message may leave for this chat, and count it as on its way until it is `answered`.

        Cancelling the wait gives the place back. Who cannot send after it returns gives the passage back.

        Args:
            chat_id: The receiver; None for an edit of an inline message, which has no chat.
            priority: Who goes first when not all can.
            weight: Messages that the call makes: an album of n counts n times.
        """

    def give_back(self, passage: Passage) -> None:
        """Count a message no longer: it has not left, or not at the moment that was counted."""

    def answered(self, passage: Passage) -> None:
        """The call has ended, well or badly: to be said once of each passage that was not given back.

        Telegram counts a message when it arrives, somewhere between its leaving and its answer. So a message keeps its
        place while it is on its way, and for a whole window (or spacing) after its answer: however late a busy machine
        or a slow network makes it arrive, no server ever sees more than the limits.
        """

    async def enter_uncounted(self) -> None:
        """Wait while everything is paused; for calls that make no message (an answer to a button, a look-up)."""

    async def pause(self, seconds: float, chat_id: ChatId = None) -> None:
        """Hold a chat, or all when None, for so many seconds from now. A pause in force is never shortened."""

    async def refused(self, seconds: float, chat_id: ChatId = None) -> None:
        """Take note that Telegram answered 429 to a call, with `retry_after` seconds.

        Telegram does not say whether the chat or the whole bot is meant. Mostly it is the chat, so that chat is
        paused. When a second chat is refused while the first still is, the bot is meant, and all is paused. A call
        without a chat pauses all.
        """

    async def close(self) -> None:
        """Give up connections and timers. Nobody may be waiting any more."""
