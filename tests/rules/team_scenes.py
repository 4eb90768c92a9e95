"""What the tests of the team share: requests by the dozen, and two of the team who act at the same time."""

import asyncio
from collections.abc import Awaitable
from itertools import count

from council.actors import Actor
from council.contents import Content
from council.support import SupportDraft, ask_support
from storage.support import ContentKind, SupportKind, SupportRequest

_NUMBERS = count(1)


async def ask(
    programme, resident: Actor, council_id: int | None = None, kind: SupportKind = SupportKind.ROOM
) -> SupportRequest:
    """A request of a resident, now; `council_id` None: of their first council, if they follow any."""
    number = next(_NUMBERS)
    words = Content(ContentKind.TEXT, chat_id=resident.telegram_id, message_id=number, parts=("Bonjour <b>vous</b>",))
    council_id = council_id or next(iter(resident.follows), None)
    async with programme.database.write() as session:
        return await ask_support(
            session,
            programme.clock,
            programme.settings,
            resident,
            SupportDraft(kind, (words,), council_id),
            f"test:{number}",
        )


async def together(*acts: Awaitable[object]) -> list[object]:
    """Results and errors of acts that run at the same time."""
    return list(await asyncio.gather(*acts, return_exceptions=True))
