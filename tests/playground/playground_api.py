"""How the scenes talk to the playground."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

TOKEN = "123456:test-token_1"
AICHA = 7_000_000_001  # beyond 32 bits, as Telegram's newer ids are
OK_KEYBOARD = {"inline_keyboard": [[{"text": "Oui", "callback_data": "yes"}, {"text": "Non", "callback_data": "no"}]]}


class Reply(NamedTuple):
    status: int
    body: dict[str, Any]

    @property
    def result(self) -> Any:
        assert self.body["ok"], self.body
        return self.body["result"]

    @property
    def error(self) -> str:
        assert not self.body["ok"], self.body
        assert self.body["error_code"] == self.status
        return str(self.body["description"])


Api = Callable[..., Awaitable[Reply]]
