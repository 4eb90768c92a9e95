"""From a notice in the outbox to the card that its reader sees, made at the moment it leaves."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from council.clock import Clock
from council.notices import NoticeKind
from council.settings import ProgrammeSettings
from handlers.cards.card import Card
from locales.translator import Translator
from storage.outbox import Notice


@dataclass(frozen=True)
class Delivery:
    """What a renderer may use; `session` only reads."""

    session: AsyncSession
    notice: Notice
    say: Translator
    programme: ProgrammeSettings
    clock: Clock
    bot_username: str


@dataclass(frozen=True)
class Edit:
    """A card that replaces one that stands in the chat already."""

    message_id: int
    card: Card


Renderer = Callable[[Delivery], Awaitable[Card | Edit | None]]
_RENDERERS: dict[NoticeKind, Renderer] = {}


def renders(kind: NoticeKind) -> Callable[[Renderer], Renderer]:
    """Declares how a kind of notice is said. It answers None when that is no longer true."""

    def declare(renderer: Renderer) -> Renderer:
        _RENDERERS[kind] = renderer
        return renderer

    return declare


async def render(delivery: Delivery) -> Card | Edit | None:
    """The card of a notice, in the reader's language; None: no longer true. Raises KeyError for an unknown kind."""
    return await _RENDERERS[NoticeKind(delivery.notice.kind)](delivery)
