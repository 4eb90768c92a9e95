"""From a call to a message in a chat: thread, reply, keyboard, content."""

from __future__ import annotations

from collections.abc import Mapping

from .arguments import whole_number
from .chats import Chat
from .entities import utf16_length
from .errors import bad_request
from .markup import Markup, read_markup
from .messages import Content, Message
from .registry import CAPTION_LIMIT, Call
from .rules import check_thread, not_found

SENDING = (
    "business_connection_id chat_id message_thread_id direct_messages_topic_id disable_notification protect_content "
    "allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters reply_markup "
    "reply_to_message_id allow_sending_without_reply"
)
_DISPLAY = {"has_spoiler": "has_media_spoiler", "show_caption_above_media": "show_caption_above_media"}
CAPTION = "caption parse_mode caption_entities"


def deliver(call: Call, content: Content) -> dict[str, object]:
    """Posts what a bot sends; gives the Message object that the bot is answered with."""
    markup = read_markup(call.arguments)
    chat = call.writable_chat()
    return post(call, chat, content, markup).body


def post(call: Call, chat: Chat, content: Content, markup: Markup | None = None) -> Message:
    thread_id = check_thread(call.bot, chat, call.arguments.integer("message_thread_id"))
    reply = replied_message(call, chat)
    if thread_id is None and reply is not None:
        thread_id = reply.body.get("message_thread_id")
    if call.arguments.flag("protect_content"):
        content["has_protected_content"] = True
    message = call.world.post(chat, content, sender=call.bot, reply=reply, thread_id=thread_id, keyboard=markup)
    call.record.message_id = message.id
    return message


def replied_message(call: Call, chat: Chat) -> Message | None:
    """The message that is answered, by either form of the parameter; raises when it is gone and that is not allowed."""
    given = call.arguments.json("reply_parameters", dict)
    if given is None:
        number = call.arguments.integer("reply_to_message_id")
        may_lack = call.arguments.flag("allow_sending_without_reply")
    else:
        number = whole_number(given.get("message_id", 0), "reply_parameters")
        may_lack = bool(given.get("allow_sending_without_reply"))
    if number == 0:
        return None
    reply = chat.messages.get(number)
    if reply is None and not may_lack:
        raise not_found("be replied")
    return reply


def with_display(content: Content, options: Mapping[str, object]) -> Content:
    """How people see the medium, as the call or the album's item asks."""
    for option, name in _DISPLAY.items():
        if str(options.get(option, "")).lower() == "true":
            content[name] = True
    return content


def captioned(call: Call, content: Content) -> Content:
    """The content with the call's caption, if there is one."""
    formatted = call.formatted("caption", "parse_mode", "caption_entities")
    return with_caption(content, formatted.text, formatted.entities)


def with_caption(content: Content, text: str, entities: list[dict[str, object]]) -> Content:
    if utf16_length(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    if text:
        content["caption"] = text
        if entities:
            content["caption_entities"] = entities
    return content
