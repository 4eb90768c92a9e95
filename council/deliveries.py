"""What follows from the fate of a notice: done in the very transaction that writes the fate down."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from council.clock import Clock
from council.notices import NoticeKind
from storage.outbox import Notice, NoticeState


@dataclass(frozen=True)
class Settled:
    """A notice that has come to its end: sent, failed or uncertain.

    `notice` is as it was when it was claimed, `state` what it came to. `message_ids` are the messages that it became.
    `unreachable`: its reader has blocked the bot.
    """

    notice: Notice
    state: NoticeState
    message_ids: tuple[int, ...] = ()
    unreachable: bool = False


Follower = Callable[[AsyncSession, Clock, Settled], Awaitable[None]]
_FOLLOWERS: dict[NoticeKind, Follower] = {}


def on_settled(kind: NoticeKind) -> Callable[[Follower], Follower]:
    """Declares what follows for a kind of notice. It may be called twice, and never for what a crash has left."""

    def declare(follower: Follower) -> Follower:
        _FOLLOWERS[kind] = follower
        return follower

    return declare


async def follow(session: AsyncSession, clock: Clock, settled: Settled) -> None:
    """Does what was declared for the kind of this notice; for most, nothing."""
    follower = _FOLLOWERS.get(NoticeKind(settled.notice.kind))
    if follower is not None:
        await follower(session, clock, settled)
