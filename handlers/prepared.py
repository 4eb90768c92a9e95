"""What takes long to make for a press: made before its turn, so that nobody waits for the database meanwhile.

A feature says so with `prepares`; `turn.prepared` has what was made. It may be out of date by then: use cases check.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.errors import Refusal
from council.settings import ProgrammeSettings
from handlers.buttons import Forged, Press, prefix_of, unpack


@dataclass(frozen=True)
class Made:
    """What was made, or why there is nothing."""

    content: Any = None
    trouble: Refusal | Forged | None = None

    def opened(self) -> Any:
        """The content. Raises the trouble."""
        if self.trouble is not None:
            raise self.trouble
        return self.content


@dataclass(frozen=True)
class Before:
    """What a maker may use; `session` only reads. `has_pages`: partners reach our pages; `has_mail`: e-mail leaves."""

    session: AsyncSession
    clock: Clock
    programme: ProgrammeSettings
    actor: Actor
    pressed: Any
    has_pages: bool
    has_mail: bool


@dataclass(frozen=True)
class Making:
    """`work` is done in a thread, without any session; it may raise Refusal.

    It is given `files`, Telegram's ids, each as `read` made of its content, in a thread too. What is larger than
    `limit` bytes, or what Telegram does not hold any more, is not among them.
    """

    work: Callable[[Mapping[str, Any]], Any]
    files: tuple[str, ...] = ()
    limit: int = 0
    read: Callable[[bytes], Any] = bytes


Maker = Callable[[Before], Awaitable[Making]]
"""Reads what is needed, and answers with what is to be made of it. May raise Refusal."""
_MAKERS: dict[str, tuple[type[Press], Maker]] = {}


def prepares(*kinds: type[Press]) -> Callable[[Maker], Maker]:
    """Declares what is made before the turns of these presses."""

    def declare(maker: Maker) -> Maker:
        _MAKERS.update({kind.prefix: (kind, maker) for kind in kinds})
        return maker

    return declare


def maker_of(data: str | None) -> tuple[Maker, Press] | None:
    """What is to be made for this press; None: nothing. Raises Forged as `unpack` does."""
    found = _MAKERS.get(prefix_of(data))
    if found is None:
        return None
    kind, maker = found
    return maker, unpack(data or "", kind)
