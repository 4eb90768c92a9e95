"""Relayed words, their corrections, and what is told of words that did not arrive."""

from datetime import datetime

from council.clock import Clock
from council.live_cards import LiveKind
from council.meeting_notices import quiet_hours
from council.notices import NoticeKind
from council.settings import ProgrammeSettings
from council.support_deliveries import Arrival, DeliveryLine, delivery_line, undelivered
from council.support_gone import still_gone
from council.support_mine import first_name
from council.support_relay_views import corrected_copy, relay_view
from handlers.cards.card import Card
from handlers.cards.talk import corrected_file_card, gone_card, line_card, relay_card, undelivered_card
from handlers.notices import Delivery, Edit, renders
from handlers.notices.live_card import shows
from storage.dialogue_store import read_dialogue
from storage.outbox import LiveCard

WRITING = "talk:write"
"""The dialogue in which everything goes to the other side."""


@renders(NoticeKind.SUPPORT_RELAY)
async def relayed(delivery: Delivery) -> Card | None:
    view = await relay_view(delivery.session, delivery.notice)
    return relay_card(delivery.say, view) if view is not None else None


@renders(NoticeKind.SUPPORT_EDITED)
async def edited(delivery: Delivery) -> Edit | None:
    copy = await corrected_copy(delivery.session, delivery.notice)
    if copy is None:
        return None
    if copy.only_file is not None:
        card = corrected_file_card(delivery.say, copy.only_file)
    else:
        card = relay_card(delivery.say, copy.view)
    return Edit(copy.message_id, card, has_media=copy.has_media)


@renders(NoticeKind.SUPPORT_UNDELIVERED)
async def lost(delivery: Delivery) -> Card | None:
    found = await undelivered(delivery.session, delivery.notice)
    return undelivered_card(delivery.say, found, delivery.notice.chat_id) if found is not None else None


@renders(NoticeKind.SUPPORT_REQUESTER_GONE)
async def gone(delivery: Delivery) -> Card | None:
    request = await still_gone(delivery.session, delivery.notice)
    if request is None:
        return None
    name = await first_name(delivery.session, request.person_id) or ""
    return gone_card(delivery.say, name, request.number, request.id)


@shows(LiveKind.SUPPORT_TALK)
async def talk_line(delivery: Delivery, kept: LiveCard) -> Card | None:
    """The line under which somebody reads how far their own words have come."""
    if kept.person_id is None:
        return None
    line = await delivery_line(delivery.session, kept.person_id, kept.subject_id)
    if line is None:
        return None
    key = kept.chat_id, kept.chat_id, 0
    state, data, _ = await read_dialogue(delivery.session, key)
    writing = state == WRITING and data.get("request") == line.request_id
    leaves_at = night_end(delivery.programme, delivery.clock, line)
    return line_card(delivery.say, line, leaves_at, writing=writing)


def night_end(programme: ProgrammeSettings, clock: Clock, line: DeliveryLine) -> datetime | None:
    """When words that wait for the end of the night may leave; None when they need not wait."""
    now = clock.now()
    ends = quiet_hours(programme).ends_after(now)
    return ends if line.quiet and line.arrival is Arrival.ON_THE_WAY and ends > now else None
