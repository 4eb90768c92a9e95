from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .chats import Chat

if TYPE_CHECKING:
    from .phones import Phone
    from .world import World


@dataclass(frozen=True, slots=True)
class PressAnswer:
    text: str
    show_alert: bool
    url: str

    def page(self) -> dict[str, Any]:
        return {"text": self.text, "show_alert": self.show_alert, "url": self.url}


@dataclass(slots=True, eq=False)
class Press:
    """One press of an inline button: the callback query, and its answer once the bot gave it."""

    world: World
    id: str
    phone: Phone
    chat: Chat
    message_id: int
    at: float = field(default_factory=time.monotonic)
    answer: PressAnswer | None = None

    @property
    def expired(self) -> bool:
        return time.monotonic() - self.at > self.world.callback_lifetime

    async def answered(self, timeout: float = 10) -> PressAnswer:  # noqa: ASYNC109 - callers say how long
        """Waits for the bot's answer; raises TimeoutError after so many real seconds."""
        await self.world.wait_for(lambda: self.answer is not None, timeout)
        if self.answer is None:
            raise TimeoutError
        return self.answer
