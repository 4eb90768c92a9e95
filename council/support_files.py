"""What files a requester has sent, counted by kind: the team hears of them at once, and hears or sees them in a tap."""

from collections.abc import Mapping

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.support import ContentKind, SupportMessage, SupportSide

Files = Mapping[ContentKind, int]
"""How many of each kind, those of which there are any; words alone are no file."""


async def files_of(session: AsyncSession, request_id: int) -> Files:
    """Of the requester alone, in the order in which the kinds came first. Whoever calls has checked who reads them."""
    query = (
        select(col(SupportMessage.kind), func.count())
        .where(
            col(SupportMessage.request_id) == request_id,
            col(SupportMessage.side) == SupportSide.REQUESTER,
            col(SupportMessage.kind) != ContentKind.TEXT,
        )
        .group_by(col(SupportMessage.kind))
        .order_by(func.min(col(SupportMessage.id)))
    )
    return {ContentKind(kind): n for kind, n in (await session.exec(query)).all()}
