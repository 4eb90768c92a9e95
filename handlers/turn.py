"""One update of one person: what a handler is given, within one transaction.

A handler reads what came, calls one use case and returns a Reply; nothing is sent before the transaction is committed.
No handler opens a session, commits, or calls Telegram.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.errors import NotJoined
from council.settings import ProgrammeSettings
from handlers.files import ArrivedFile
from handlers.prepared import Made
from locales.translator import Translator
from storage.dialogue_store import ASIDE

_LANGUAGE = f"{ASIDE}language"


@dataclass
class Dialogue:
    """Where the conversation stands: the state's name (None: out of any dialogue) and what was said so far (JSON).

    Changes are kept in the transaction of the turn. Data never holds more than what the open dialogue needs.
    """

    state: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    changed: bool = False

    def go(self, state: str, **data: Any) -> None:
        """Moves to `state` and remembers more."""
        self.state = state
        self.data = {**self.data, **data}
        self.changed = True

    def remember(self, **data: Any) -> None:
        self.data = {**self.data, **data}
        self.changed = True

    def end(self) -> None:
        """Leaves the dialogue and forgets what was said in it; what was said aside is no part of it."""
        aside = {name: value for name, value in self.data.items() if name.startswith(ASIDE)}
        self.changed = self.changed or self.state is not None or aside != self.data
        self.state, self.data = None, aside

    @property
    def language(self) -> str | None:
        """What somebody chose who has not joined: until then it is kept nowhere else."""
        return self.data.get(_LANGUAGE)

    def speak(self, language: str | None) -> None:
        self.remember(**{_LANGUAGE: language})

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
