"""Figures that somebody asked for as a file: made when they leave, where nobody waits for it."""

import asyncio

from council.actors import load_actor
from council.errors import NotAllowed
from council.notices import NoticeKind
from council.support_figures import FigureFile, count_figures, file_of, load_entries
from documents.support_chart import support_chart
from documents.support_sheet import support_sheet
from handlers.cards.card import Card
from handlers.cards.support_figures import chart_card, sheet_card
from handlers.cards.support_words import kind_words
from handlers.notices import Delivery, renders


@renders(NoticeKind.SUPPORT_FIGURES)
async def render_figures(delivery: Delivery) -> Card | None:
    """None: they left the team meanwhile."""
    say = delivery.say
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    if actor is None:
        return None
    file, dates = file_of(delivery.notice)
    try:
        entries = await load_entries(delivery.session, delivery.programme, actor, dates)
    except NotAllowed:
        return None
    await delivery.session.rollback()  # counted and drawn away from the database: it takes seconds
    figures = await asyncio.to_thread(count_figures, dates, entries)
    if file is FigureFile.CHART:
        return chart_card(say, figures, await asyncio.to_thread(support_chart, figures, say))
    sheet = await asyncio.to_thread(support_sheet, figures, lambda kind: kind_words(kind, say), say)
    return sheet_card(say, figures, sheet)
