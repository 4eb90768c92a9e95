"""What was said and done before the demonstration began."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count

from markupsafe import escape

from council.actors import Actor
from council.contents import Content
from storage.support import ContentKind

# No message of the playground has such a number: what is said here was said before the phones were there.
_MESSAGES = count(2_000_000_001)


@dataclass(frozen=True)
class Then:
    """The clock of a moment that is over."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def said(who: Actor, words: str) -> Content:
    """A message of theirs."""
    return Content(ContentKind.TEXT, who.telegram_id, next(_MESSAGES), (str(escape(words)),))
