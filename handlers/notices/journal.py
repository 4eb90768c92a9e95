"""The journal as a file: made when it leaves, where nobody waits for it."""

import asyncio

from council.actors import load_actor
from council.errors import NotAllowed
from council.journal import journal_table, table_of
from council.local_time import local
from council.notices import NoticeKind
from documents.journal_sheet import journal_sheet
from handlers.cards.card import Card
from handlers.cards.journal import table_card
from handlers.notices import Delivery, renders


@renders(NoticeKind.JOURNAL_TABLE)
async def render_table(delivery: Delivery) -> Card | None:
    """None: they do not coordinate any more."""
    say, session = delivery.say, delivery.session
    actor = await load_actor(session, delivery.notice.chat_id)
    if actor is None:
        return None
    sought = table_of(delivery.notice)
    try:
        table = await journal_table(session, delivery.clock, delivery.programme, actor, sought)
    except NotAllowed:
        return None
    await session.rollback()  # written away from the database: it takes seconds
    sheet = await asyncio.to_thread(journal_sheet, table.lines, say)
    today = local(delivery.clock.now(), delivery.programme.tz).date()
    return table_card(say, sought, table.person, sheet, today, 0 if table.is_whole else len(table.lines))
