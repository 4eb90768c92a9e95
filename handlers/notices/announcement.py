"""News of a council, in its lead's own words."""

from council.announcements import load_announcement
from council.notices import NoticeKind
from handlers.cards.announcement import announcement_card
from handlers.cards.card import Card
from handlers.notices import Delivery, renders


@renders(NoticeKind.ANNOUNCEMENT)
async def announcement(delivery: Delivery) -> Card | None:
    view = await load_announcement(delivery.session, delivery.notice.subject_id)
    return announcement_card(delivery.say, view) if view else None
