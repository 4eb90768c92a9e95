"""Changing and removing messages; answering presses."""

from __future__ import annotations

from typing import Any

from .arguments import whole_number
from .chats import Group
from .delivery import CAPTION, captioned
from .entities import utf16_length
from .errors import ApiError, bad_request
from .markup import Markup, read_inline_markup
from .messages import Content, Message
from .methods_send import text_content
from .presses import PressAnswer
from .privacy import SERVICE
from .registry import Call, method, one_message
from .rules import check_may_delete, check_may_pin, remove_messages

EDITING = "business_connection_id chat_id message_id inline_message_id reply_markup"
# The emoji with which a bot may react (ReactionTypeEmoji).
_REACTIONS = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 "
    "🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 "
    "🤷\u200d♂ 🤷 🤷\u200d♀ 😡"
)
_ANSWER_LIMIT = 200
_MOST_DELETED = 100
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@method(
    "editMessageText",
    EDITING,
    "text parse_mode entities link_preview_options disable_web_page_preview",
    counts=one_message,
)
def edit_message_text(call: Call) -> Any:
    content = text_content(call)
    markup = read_inline_markup(call.arguments)
    message = own_message(call)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return edit(call, message, content, markup)


@method("editMessageCaption", EDITING, CAPTION, "show_caption_above_media", counts=one_message)
def edit_message_caption(call: Call) -> Any:
    caption = captioned(call, {})
    markup = read_inline_markup(call.arguments)
    message = own_message(call)
    if not message.captioned:
        raise bad_request("there is no caption in the message to edit")
    kept = {key: value for key, value in message.content().items() if key not in {"caption", "caption_entities"}}
    return edit(call, message, kept | caption, markup)


@method("editMessageReplyMarkup", EDITING, counts=one_message)
def edit_message_reply_markup(call: Call) -> Any:
    markup = read_inline_markup(call.arguments)
    message = own_message(call)
    return edit(call, message, message.content(), markup)


def own_message(call: Call) -> Message:
    """The message to edit: the bot's own, in a chat where it may write."""
    if call.arguments.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    message = call.message("edit", call.writable_chat())
    if message.sender_id != call.bot.id:
        raise bad_request("message can't be edited")
    return message


def edit(call: Call, message: Message, content: Content, markup: Markup | None) -> dict[str, Any]:
    if content == message.content() and markup == message.body.get("reply_markup"):
        raise bad_request(_NOT_MODIFIED)
    message.replace_content(content)
    message.set_inline(markup)
    message.body["edit_date"] = call.world.clock.unix()
    call.world.changed(message)
    call.record.message_id = message.id
    return message.body


@method("deleteMessage", "chat_id message_id")
def delete_message(call: Call) -> bool:
    chat = call.chat()
    message = call.message("delete", chat)
    check_may_delete(call.world, call.bot, message)
    remove_messages(call.world, chat, [message.id])
    return True


@method("deleteMessages", "chat_id message_ids")
def delete_messages(call: Call) -> bool:
    """Messages that are not there are passed over, as in Telegram."""
    chat = call.chat()
    numbers = message_numbers(call)
    if len(numbers) > _MOST_DELETED:
        raise bad_request("too many messages to delete")
    removed = []
    for number in numbers:
        message = chat.messages.get(number)
        if message is not None and _may_delete(call, message):
            removed.append(number)
    remove_messages(call.world, chat, removed)
    return True


def message_numbers(call: Call) -> list[int]:
    numbers = call.arguments.json("message_ids", list)
    if not numbers:
        raise bad_request("message identifiers are not specified")
    return [whole_number(number, "message_ids") for number in numbers]


def _may_delete(call: Call, message: Message) -> bool:
    try:
        check_may_delete(call.world, call.bot, message)
    except ApiError:
        return False
    return True


@method("answerCallbackQuery", "callback_query_id text show_alert url cache_time")
def answer_callback_query(call: Call) -> bool:
    given = call.arguments
    if utf16_length(given.text("text")) > _ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    press = call.bot.presses.pop(given.text("callback_query_id"), None)
    if press is None or press.expired:
        raise bad_request(_TOO_OLD)
    press.answer = PressAnswer(given.text("text"), given.flag("show_alert"), given.text("url"))
    call.record.chat_id = press.chat.id
    call.world.feed.emit(
        "callback_answer",
        chat=press.chat.key,
        chat_id=press.chat.id,
        phone_id=press.phone.id,
        message_id=press.message_id,
        **press.answer.page(),
    )
    return True


def _is_reaction(given: object) -> bool:
    if not isinstance(given, dict) or given.get("type") != "emoji":
        return False
    return str(given.get("emoji", " ")) in _REACTIONS.split(" ")


@method("setMessageReaction", "chat_id message_id reaction is_big")
def set_message_reaction(call: Call) -> bool:
    message = call.message("react", call.writable_chat())
    reaction = call.arguments.json("reaction", list) or []
    if not SERVICE.isdisjoint(message.body) or any(not _is_reaction(each) for each in reaction):
        raise bad_request("REACTION_INVALID")
    message.reactions.pop(call.bot.id, None)
    if reaction:
        message.reactions[call.bot.id] = reaction[:1]
    call.world.reacted(message)
    return True


@method("pinChatMessage", "business_connection_id chat_id message_id disable_notification")
def pin_chat_message(call: Call) -> bool:
    chat = call.writable_chat()
    check_may_pin(call.bot, chat)
    message = call.message("pin", chat)
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    chat.pinned.append(message.id)
    call.world.feed.emit("chat", chat=chat)
    if isinstance(chat, Group):
        thread_id = message.body.get("message_thread_id")
        call.world.say(chat, {"pinned_message": message.quoted()}, sender=call.bot, thread_id=thread_id)
    return True


@method("unpinChatMessage", "business_connection_id chat_id message_id")
def unpin_chat_message(call: Call) -> bool:
    chat = call.writable_chat()
    check_may_pin(call.bot, chat)
    number = call.arguments.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    call.world.feed.emit("chat", chat=chat)
    return True


@method("unpinAllChatMessages", "chat_id")
def unpin_all_chat_messages(call: Call) -> bool:
    chat = call.writable_chat()
    check_may_pin(call.bot, chat)
    chat.pinned.clear()
    call.world.feed.emit("chat", chat=chat)
    return True
