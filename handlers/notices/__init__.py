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
    """A card that replaces one that stands in the chat already; `has_media`: there its text stands under a file.

    `instead_of` marks what the message is known to show (`look_again` in council/live_cards.py): if this is the same,
    there is nothing to do. 0 when it is not known.
    """

    message_id: int
    card: Card
    has_media: bool = False
    instead_of: int = 0


@dataclass(frozen=True)
class NewTopic:
    """A topic to be made in the notice's group; `name` is bare, at most 128 UTF-16 units."""

    name: str


@dataclass(frozen=True)
class TopicDoor:
    """The notice's topic is opened again, or closed."""

    is_open: bool


@dataclass(frozen=True)
class Sign:
    """A reaction of the bot under a message that stands in the chat."""

    message_id: int
    emoji: str


Rendered = Card | Edit | NewTopic | TopicDoor | Sign | None
Renderer = Callable[[Delivery], Awaitable[Rendered]]
_RENDERERS: dict[NoticeKind, Renderer] = {}


def renders(kind: NoticeKind) -> Callable[[Renderer], Renderer]:
    """Declares how a kind of notice is said. It answers None when that is no longer true."""

    def declare(renderer: Renderer) -> Renderer:
        _RENDERERS[kind] = renderer
        return renderer

    return declare


async def render(delivery: Delivery) -> Rendered:
    """What a notice becomes, in the reader's language; None: no longer true. Raises KeyError for an unknown kind."""
    return await _RENDERERS[NoticeKind(delivery.notice.kind)](delivery)
