"""One update of one person: what a handler is given, within one transaction.

A handler reads what came, calls one use case and returns a Reply; nothing is sent before the transaction is committed.
No handler opens a session, commits, or calls Telegram.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.errors import NotJoined
from council.settings import ProgrammeSettings
from handlers.files import ArrivedFile
from handlers.prepared import Made
from locales.translator import Translator
from storage.dialogue_store import ASIDE, LEFT

Holds = Callable[[Mapping[str, Any]], bool]
_LANGUAGE = f"{ASIDE}language"
_LINK = f"{ASIDE}link"
_MOST_LEFT = 10
"""More drafts than features that take some: only who plays comes here, and the oldest goes."""
_DRAFTS: dict[str, Holds] = {}


def keeps_drafts(feature: str, holds: Holds) -> None:
    """Declares that what is begun in this feature is not lost when somebody walks away from it.

    `holds` says whether there is something to keep in the data of its dialogue.
    """
    _DRAFTS[feature] = holds


def feature_of(state: str | None) -> str:
    """The "meeting" of "meeting:title"; "" out of any dialogue."""
    return (state or "").partition(":")[0]


@dataclass(frozen=True)
class Left:
    """A draft that somebody has walked away from. `told`: they were reminded that it is there."""

    state: str
    data: dict[str, Any]
    mark: int
    told: bool = False

    @property
    def feature(self) -> str:
        return feature_of(self.state)


@dataclass
class Dialogue:
    """Where the conversation stands: the state's name (None: out of any dialogue) and what was said so far (JSON).

    Changes are kept in the transaction of the turn. Data never holds more than what the open dialogue needs, and aside
    the drafts that were left. `has_left`: one was, in this turn.
    """

    state: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    changed: bool = False
    has_left: bool = False

    def go(self, state: str, **data: Any) -> None:
        """Moves to `state` and remembers more."""
        self.state = state
        self.data = {**self.data, **data}
        self.changed = True

    def begin(self, state: str, **data: Any) -> None:
        """Leaves what is open and moves to the first step of something else; the same feature begins anew."""
        self.leave(besides=feature_of(state))
        self.go(state, **data)

    def remember(self, **data: Any) -> None:
        self.data = {**self.data, **data}
        self.changed = True

    def end(self) -> None:
        """What is open is over, and what was said in it forgotten; what was said aside is no part of it."""
        aside = self._aside
        self.changed = self.changed or self.state is not None or aside != self.data
        self.state, self.data = None, aside

    def leave(self, besides: str = "") -> None:
        """Walks away from what is open: a draft is kept among those that were `left`, a mere question is over.

        Nothing is kept of the feature `besides`.
        """
        own = {name: value for name, value in self.data.items() if not name.startswith(ASIDE)}
        left = Left(self.state or "", own, self.version)
        is_kept = self.has_draft and left.feature != besides
        self.end()
        if is_kept:
            self._keep_left([left, *self.left][:_MOST_LEFT])
            self.has_left = True

    @property
    def is_draft(self) -> bool:
        """Whether something is being made in the open dialogue; else it is a mere question, or there is none."""
        return feature_of(self.state) in _DRAFTS

    @property
    def has_draft(self) -> bool:
        """Whether something was begun in the open dialogue that one may come back to from elsewhere."""
        return self.is_draft and _DRAFTS[feature_of(self.state)](self.data)

    @property
    def left(self) -> list[Left]:
        """Drafts that were left, the newest first."""
        return [Left(**each) for each in self.data.get(LEFT, [])]

    def return_to(self, mark: int) -> bool:
        """The draft that was left is open again; False when it has been taken up or let go since."""
        found = next((each for each in self.left if each.mark == mark), None)
        if found is None:
            return False
        self.let_go(mark)
        self.go(found.state, **found.data)
        return True

    def let_go(self, mark: int) -> None:
        """That draft is not wanted any more."""
        self._keep_left([each for each in self.left if each.mark != mark])

    def remind(self) -> Left | None:
        """The draft to remind the person of, once: out of any dialogue, the one that was left last."""
        newest = next(iter(self.left), None)
        if self.state is not None or newest is None or newest.told:
            return None
        self._keep_left([replace(newest, told=True), *self.left[1:]])
        return newest

    def _keep_left(self, left: list[Left]) -> None:
        self.remember(**{LEFT: [asdict(each) for each in left]})

    @property
    def _aside(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name.startswith(ASIDE)}

    @property
    def language(self) -> str | None:
        """What somebody chose who has not joined: until then it is kept nowhere else."""
        return self.data.get(_LANGUAGE)

    def speak(self, language: str | None) -> None:
        self.remember(**{_LANGUAGE: language})

    @property
    def link(self) -> str:
        """The token that somebody came with who has not joined: a new start must not lose it."""
        return self.data.get(_LINK) or ""

    def keep_link(self, token: str | None) -> None:
        self.remember(**{_LINK: token})

    def forget(self) -> None:
        """The row itself was deleted in this turn: keeping even its end would write it anew."""
        self.state, self.data, self.version, self.changed = None, {}, 0, False


@dataclass
class Turn:
    """All that a handler may use.

    `known` is None for somebody who has not joined; whoever changes roles, language or the account itself leaves there
    who the person is from now on, which the menu of commands follows. `file` is the document that the open step asked
    for (handlers/files.py), None when none came; `prepared` what was made for this press before (handlers/prepared.py).
    `public_url` is where our pages are found, None: nowhere; `has_mail`: e-mail can leave.
    """

    session: AsyncSession
    clock: Clock
    programme: ProgrammeSettings
    say: Translator
    dialogue: Dialogue
    known: Actor | None
    telegram_id: int
    chat_id: int
    update_id: int
    first_name: str
    bot_username: str
    telegram_language: str | None = None
    message_id: int | None = None
    thread_id: int | None = None
    in_private: bool = True
    file: ArrivedFile | None = None
    prepared: Made | None = None
    public_url: str | None = None
    has_mail: bool = False

    @property
    def actor(self) -> Actor:
        """The person who acts. Raises NotJoined when they have not joined yet."""
        if self.known is None:
            raise NotJoined
        return self.known

    @property
    def request_key(self) -> str:
        """Unique to this update: what is created from it is created once."""
        return f"update:{self.update_id}"
