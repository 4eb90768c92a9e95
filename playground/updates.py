from __future__ import annotations

import asyncio
import json
import random
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, NamedTuple

from .errors import conflict

# What a bot gets when it never said what it wants.
DEFAULT_UPDATES = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
    }
)
ALL_UPDATES = DEFAULT_UPDATES | {"chat_member", "message_reaction", "message_reaction_count"}
_CONFLICT = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Update(NamedTuple):
    id: int
    kind: str
    encoded: str
    """JSON as it was when it happened: a later edit does not change what is on its way."""


class UpdateQueue:
    """The updates that a bot has not confirmed yet."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._pending: deque[Update] = deque()
        self._next_id = random.randint(100_000_000, 900_000_000)
        self._poll: asyncio.Future[None] | None = None
        self._listener: Callable[[], None] | None = None
        self.wanted = DEFAULT_UPDATES

    def __len__(self) -> int:
        return len(self._pending)

    def push(self, kind: str, payload: dict[str, Any]) -> None:
        if kind not in self.wanted:
            return
        body = json.dumps(payload, ensure_ascii=False)
        self._pending.append(Update(self._next_id, kind, f'{{"update_id":{self._next_id},"{kind}":{body}}}'))
        self._next_id += 1
        self.wake()

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Who is told at once of each new update: the webhook."""
        self._listener = listener

    def want(self, kinds: Iterable[str]) -> None:
        """An empty list means the default set, as in Telegram; unknown names are ignored."""
        self.wanted = frozenset(kinds) & ALL_UPDATES or DEFAULT_UPDATES

    def clear(self) -> None:
        self._pending.clear()
        self._changed()

    def pop(self) -> Update | None:
        return self._pending.popleft() if self._pending else None

    def put_back(self, update: Update) -> None:
        self._pending.appendleft(update)

    def confirm_below(self, offset: int) -> None:
        while self._pending and self._pending[0].id < offset:
            self._pending.popleft()
        self._changed()

    def keep_last(self, count: int) -> None:
        while len(self._pending) > count:
            self._pending.popleft()
        self._changed()

    @property
    def polled(self) -> bool:
        """Whether a long poll waits now."""
        return self._poll is not None

    def interrupt(self) -> None:
        """Ends the long poll that waits, if one does: the newer request goes on."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(conflict(_CONFLICT))

    def wake(self) -> None:
        self._changed()
        if self._listener is not None:
            self._listener()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    async def some(self, limit: int, timeout: float) -> list[Update]:  # noqa: ASYNC109 - the Bot API's own parameter
        """Up to `limit` updates, waiting up to `timeout` real seconds for the first; raises 409 when interrupted."""
        if not self._pending and timeout > 0:
            await self._wait(timeout)
        return list(islice(self._pending, limit))

    async def _wait(self, timeout: float) -> None:  # noqa: ASYNC109 - see some()
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout):
                await poll
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None
