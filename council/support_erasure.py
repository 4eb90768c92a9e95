"""What becomes of requests when an account is erased, or long after they ended: they stay, without words.

Their dates and figures serve the reports of the programme; what was said in them serves nobody any more.
"""

from collections.abc import Sequence

from dateutil.relativedelta import relativedelta
from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, live_cards, notices
from council.actors import Actor
from council.clock import Clock
from council.live_cards import LiveKind
from council.notices import NoticeKind
from council.routing import word_about
from council.settings import ProgrammeSettings
from council.support_end import UNREACHABLE, WITHDRAWN
from council.support_merged import go_on_without
from council.support_states import move
from storage.database import Database
from storage.support import (
    ENDED,
    SupportAct,
    SupportMessage,
    SupportRequest,
    SupportState,
    SupportVersion,
)

PORTION = 200
"""Requests of one transaction."""


async def erase_words_of(session: AsyncSession, clock: Clock, actor: Actor) -> None:
    """Takes out all that was said about their requests, by them and to them; what is open ends, and who has it is told.

    Answers, notes and results name whom they are about, so they go too. What the person wrote as the team belongs to
    those who asked, and stays. The caller holds their requests, and those that were merged into them.
    """
    theirs = col(SupportRequest.person_id) == actor.person_id
    still_open = select(SupportRequest).where(theirs, col(SupportRequest.state).not_in(ENDED))
    in_order = still_open.order_by(col(SupportRequest.id)).execution_options(populate_existing=True)
    for request in (await session.exec(in_order)).all():
        if request.state is SupportState.CARRIED_OUT:
            await move(session, clock, request, SupportState.CLOSED, SupportAct.CLOSED, None, detail=UNREACHABLE)
            continue
        await move(session, clock, request, SupportState.WITHDRAWN, SupportAct.WITHDRAWN, actor)
        if request.animator_id is not None and request.animator_id != actor.person_id:
            word = await word_about(session, request, NoticeKind.SUPPORT_NEWS, WITHDRAWN)
            await notices.tell(session, clock, request.animator_id, word)
        await go_on_without(session, clock, request)
    await _take_words_out(session, clock, (await session.exec(select(col(SupportRequest.id)).where(theirs))).all())


async def forget_old_words(database: Database, clock: Clock, programme: ProgrammeSettings) -> bool:
    """Takes out what was said in requests that ended longer ago than the programme keeps it.

    True: a portion is done and there may be more.
    """
    ended_before = clock.now() - relativedelta(months=programme.retention.requests_months)
    old = (
        select(col(SupportRequest.id))
        .where(
            col(SupportRequest.closed_at) <= ended_before,
            col(SupportRequest.words_gone_at).is_(None),
        )
        .order_by(col(SupportRequest.closed_at))
        .limit(PORTION)
    )
    async with database.write() as session:
        ids = (await session.exec(old)).all()
        if ids:
            await _take_words_out(session, clock, ids)
            await audit.record(session, clock, None, "support.words_forgotten", "support_request", requests=len(ids))
    return len(ids) == PORTION


async def _take_words_out(session: AsyncSession, clock: Clock, request_ids: Sequence[int]) -> None:
    said = col(SupportMessage.request_id).in_(request_ids)
    of_those = col(SupportVersion.message_id).in_(select(col(SupportMessage.id)).where(said))
    await session.exec(delete(SupportVersion).where(of_those))
    nothing = {"file_id": None, "file_unique_id": None, "latitude": None, "longitude": None, "contact": None}
    await session.exec(update(SupportMessage).where(said).values(parts=[], **nothing))
    theirs = col(SupportRequest.id).in_(request_ids)
    await session.exec(update(SupportRequest).where(theirs).values(theme=None, result=None, words_gone_at=clock.now()))
    for request_id in request_ids:
        await live_cards.refresh(session, clock, LiveKind.SUPPORT, request_id)
