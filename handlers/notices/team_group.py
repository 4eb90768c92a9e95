"""What the sender does in the team's group: topics, their cards, signs under what the team wrote; and its trouble."""

from council import support_topics
from council.live_cards import LiveKind
from council.notices import NoticeKind
from council.support_briefs import brief_of
from handlers.cards import team_group as cards
from handlers.cards.card import Card
from handlers.notices import Delivery, NewTopic, Sign, TopicDoor, renders
from handlers.notices.live_card import shows
from storage.outbox import LiveCard
from storage.support import ENDED, SupportMessage, SupportRequest


@renders(NoticeKind.SUPPORT_TOPIC)
async def topic(delivery: Delivery) -> Card | NewTopic | TopicDoor | None:
    """None: the request talks elsewhere by now, or has ended, or gone on, since its topic was to be closed."""
    notice = delivery.notice
    request = await delivery.session.get(SupportRequest, notice.subject_id)
    if request is None or request.topic_chat_id != notice.chat_id:
        return None
    if request.topic_thread_id != notice.thread_id:
        return None
    ended = request.state in ENDED
    match notice.detail:
        case support_topics.CLOSE:
            return TopicDoor(is_open=False) if ended else None
        case support_topics.REOPEN:
            return TopicDoor(is_open=True) if not ended else None
    brief = await brief_of(delivery.session, request.id)
    if brief is None:
        return None
    if notice.detail == support_topics.CARD:
        return cards.topic_card(delivery.say, brief, delivery.clock.now(), delivery.bot_username)
    return NewTopic(cards.topic_name(delivery.say, brief))


@shows(LiveKind.SUPPORT, in_group=True)
async def pinned_card(delivery: Delivery, kept: LiveCard) -> Card | None:
    """None once the request talks elsewhere."""
    request = await delivery.session.get(SupportRequest, kept.subject_id)
    brief = await brief_of(delivery.session, kept.subject_id)
    if request is None or brief is None or request.topic_chat_id != kept.chat_id:
        return None
    return cards.topic_card(delivery.say, brief, delivery.clock.now(), delivery.bot_username)


@renders(NoticeKind.SUPPORT_SIGN)
async def sign(delivery: Delivery) -> Card | Sign | None:
    """A reaction under what was written in the topic; a sentence where something needs to be done."""
    message = await delivery.session.get(SupportMessage, delivery.notice.subject_id)
    if message is None or message.message_id is None or message.chat_id != delivery.notice.chat_id:
        return None
    match delivery.notice.detail:
        case support_topics.NOTED:
            return Sign(message.message_id, cards.NOTED)
        case support_topics.ARRIVED:
            return Sign(message.message_id, cards.ARRIVED)
        case support_topics.PERHAPS:
            return cards.perhaps_arrived_card(delivery.say, message.message_id)
    return cards.not_arrived_card(delivery.say, message.message_id)


@renders(NoticeKind.SUPPORT_TOPIC_TROUBLE)
async def trouble(delivery: Delivery) -> Card:
    if delivery.notice.detail == support_topics.LEFT:
        return cards.left_card(delivery.say)
    return cards.no_right_card(delivery.say)
