"""What linked groups are told: the meeting or the news, and the way to answer in private. Nobody's name, no answers."""

from dataclasses import replace

from council.announcements import load_announcement
from council.groups import group_token
from council.meeting_views import load_meeting_view
from council.notices import NoticeKind
from handlers.cards.announcement import announcement_card
from handlers.cards.card import Card
from handlers.cards.group import meeting_in_group_card
from handlers.notices import Delivery, renders

NOBODY = 0
"""A group answers nothing itself: no person has this id."""


@renders(NoticeKind.MEETING_IN_GROUP)
async def meeting_in_group(delivery: Delivery) -> Card | None:
    """The meeting as people were last told of it; None when they were told anew since, and once it has begun."""
    notice = delivery.notice
    view = await load_meeting_view(delivery.session, delivery.clock, notice.subject_id, NOBODY)
    if view is None or view.begun or notice.revision != view.told_revision:
        return None
    token = await group_token(delivery.session, notice.chat_id)
    return meeting_in_group_card(view, delivery.bot_username, token, delivery.say)


@renders(NoticeKind.ANNOUNCEMENT_IN_GROUP)
async def announcement_in_group(delivery: Delivery) -> Card | None:
    """The lead's words without buttons: what a person may press is their own affair."""
    view = await load_announcement(delivery.session, delivery.notice.subject_id)
    return replace(announcement_card(delivery.say, view), rows=()) if view is not None else None
