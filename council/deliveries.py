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
Holder = Callable[[AsyncSession, Notice], Awaitable[object]]
# By what stands in the row: a kind that this version does not know has neither.
_FOLLOWERS: dict[str, Follower] = {}
_HOLDERS: dict[str, Holder] = {}


def on_settled(kind: NoticeKind) -> Callable[[Follower], Follower]:
    """Declares what follows for a kind of notice. It may be called twice, and never for what a crash has left."""

    def declare(follower: Follower) -> Follower:
        _FOLLOWERS[kind] = follower
        return follower

    return declare


def holds_first(kind: NoticeKind) -> Callable[[Holder], Holder]:
    """Declares what is held before a notice of this kind, since what follows from its fate wants it afterwards."""

    def declare(holder: Holder) -> Holder:
        _HOLDERS[kind] = holder
        return holder

    return declare


async def hold_first(session: AsyncSession, notice: Notice) -> None:
    """Before the fate of the notice is written down (council/lock_order.py); for most, nothing is held."""
    holder = _HOLDERS.get(notice.kind)
    if holder is not None:
        await holder(session, notice)


async def follow(session: AsyncSession, clock: Clock, settled: Settled) -> None:
    """Does what was declared for the kind of this notice; for most, nothing."""
    follower = _FOLLOWERS.get(settled.notice.kind)
    if follower is not None:
        await follower(session, clock, settled)
