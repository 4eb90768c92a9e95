"""Groups: who hears what, topics, upgrades, rights."""

import pytest
from playground_api import Api

from playground.attachments import Attachment
from playground.bots import Bot
from playground.chats import Group
from playground.phones import Phone
from playground.server import Playground


@pytest.fixture
def group(playground: Playground, bot: Bot, aicha: Phone) -> Group:
    return playground.world.add_group("Conseil", kind="group", members=[aicha.id], creator=aicha.id, bot=bot)


@pytest.fixture
def forum(playground: Playground, bot: Bot, aicha: Phone) -> Group:
    return playground.world.add_group("Équipe", forum=True, creator=aicha.id, bot=bot, bot_admin=True)


async def test_a_bot_hears_that_it_was_added(api: Api, group: Group, aicha: Phone) -> None:
    added, service = (await api("getUpdates")).result
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert added["my_chat_member"]["from"]["id"] == aicha.id
    assert service["message"]["new_chat_members"][0]["username"] == "voix_bot"
    assert group.id < 0


async def test_in_privacy_mode_a_bot_hears_what_is_meant_for_it(api: Api, group: Group, aicha: Phone) -> None:
    own = (await api("sendMessage", chat_id=group.id, text="Je suis là")).result
    aicha.sends("entre nous", chat_id=group.id)
    aicha.sends("/menu", chat_id=group.id)
    aicha.sends("/menu@other_bot", chat_id=group.id)
    aicha.sends("dis, @voix_bot", chat_id=group.id)
    aicha.sends("merci", chat_id=group.id, reply_to=own["message_id"])
    heard = [u["message"]["text"] for u in (await api("getUpdates")).result if "text" in u.get("message", {})]
    assert heard == ["/menu", "dis, @voix_bot", "merci"]


async def test_an_administrating_bot_hears_everything(api: Api, forum: Group, aicha: Phone) -> None:
    aicha.sends("entre nous", chat_id=forum.id)
    assert (await api("getUpdates")).result[-1]["message"]["text"] == "entre nous"


@pytest.mark.parametrize(("forum_group", "kind"), [(False, "group"), (True, "supergroup")])
async def test_a_removed_bot_is_told_so(
    api: Api, control: Api, group: Group, forum: Group, forum_group: bool, kind: str
) -> None:
    chat = forum if forum_group else group
    await control("POST", f"/groups/{chat.id}/remove_bot")
    refused = await api("sendMessage", chat_id=chat.id, text="x")
    assert (refused.status, refused.error) == (403, f"Forbidden: bot was kicked from the {kind} chat")
    changes = [
        u["my_chat_member"]["new_chat_member"]["status"]
        for u in (await api("getUpdates")).result
        if "my_chat_member" in u
    ]
    assert changes[-1] == "kicked"

    await control("POST", f"/groups/{chat.id}/add_bot")
    assert (await api("sendMessage", chat_id=chat.id, text="x")).status == 200


async def test_a_bot_that_left_and_one_that_never_came(api: Api, playground: Playground, group: Group) -> None:
    elsewhere = playground.world.add_group("Ailleurs")
    assert (await api("leaveChat", chat_id=group.id)).result
    left = await api("sendMessage", chat_id=group.id, text="x")
    assert left.error == "Forbidden: bot is not a member of the group chat"
    assert (await api("sendMessage", chat_id=elsewhere.id, text="x")).error == "Bad Request: chat not found"


async def test_an_upgrade_changes_the_id(api: Api, control: Api, group: Group, aicha: Phone) -> None:
    new_id = (await control("POST", f"/groups/{group.id}/upgrade")).body["migrated_to"]
    assert new_id < -1_000_000_000_000

    refused = await api("sendMessage", chat_id=group.id, text="x")
    assert refused.error == "Bad Request: group chat was upgraded to a supergroup chat"
    assert refused.body["parameters"] == {"migrate_to_chat_id": new_id}
    assert (await api("sendMessage", chat_id=new_id, text="x")).result["chat"]["type"] == "supergroup"

    told = [u["message"] for u in (await api("getUpdates")).result if "message" in u]
    assert [message.get("migrate_to_chat_id") for message in told if message["chat"]["id"] == group.id][-1] == new_id
    assert [m.get("migrate_from_chat_id") for m in told if m["chat"]["id"] == new_id] == [group.id]


async def test_topics(api: Api, forum: Group, aicha: Phone) -> None:
    topic = (await api("createForumTopic", chat_id=forum.id, name="Demande 1")).result
    thread = {"chat_id": forum.id, "message_thread_id": topic["message_thread_id"]}
    sent = (await api("sendMessage", **thread, text="x")).result
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (topic["message_thread_id"], True)

    answer = aicha.sends("y", chat_id=forum.id, thread_id=topic["message_thread_id"], reply_to=sent["message_id"])
    assert (await api("getUpdates")).result[-1]["message"]["message_thread_id"] == topic["message_thread_id"]

    assert (await api("editForumTopic", **thread, name="Demande 1, close")).result
    assert (await api("closeForumTopic", **thread)).result
    assert (await api("closeForumTopic", **thread)).error == "Bad Request: TOPIC_NOT_MODIFIED"
    assert (await api("reopenForumTopic", **thread)).result
    assert forum.topics[topic["message_thread_id"]].name == "Demande 1, close"

    assert (await api("deleteForumTopic", **thread)).result
    assert answer.id not in forum.messages
    assert (await api("sendMessage", **thread, text="x")).error == "Bad Request: message thread not found"
    assert (await api("closeForumTopic", **thread)).error == "Bad Request: TOPIC_ID_INVALID"


async def test_what_is_written_in_a_topic_answers_the_note_that_opened_it(api: Api, forum: Group, aicha: Phone) -> None:
    thread_id = (await api("createForumTopic", chat_id=forum.id, name="Demande 1")).result["message_thread_id"]
    aicha.sends("bonjour", chat_id=forum.id, thread_id=thread_id)
    aicha.sends_album([(Attachment("photo"), "a"), (Attachment("photo"), "")], chat_id=forum.id, thread_id=thread_id)
    heard = [each["message"] for each in (await api("getUpdates")).result[-3:]]
    assert [each["reply_to_message"]["forum_topic_created"]["name"] for each in heard] == ["Demande 1"] * 3

    photo = heard[-1]["photo"][-1]["file_id"]
    media = [{"type": "photo", "media": photo}, {"type": "photo", "media": photo}]
    album = (await api("sendMediaGroup", chat_id=forum.id, message_thread_id=thread_id, media=media)).result
    assert [each["message_thread_id"] for each in album] == [thread_id] * 2
    assert (await api("pinChatMessage", chat_id=forum.id, message_id=album[0]["message_id"])).result
    assert forum.last().body["message_thread_id"] == thread_id


async def test_without_the_right_to_topics_an_administrator_makes_and_opens_none(
    api: Api, control: Api, forum: Group
) -> None:
    topic = (await api("createForumTopic", chat_id=forum.id, name="Demande 1")).result
    thread = {"chat_id": forum.id, "message_thread_id": topic["message_thread_id"]}
    await control("POST", f"/groups/{forum.id}/close_topic", message_thread_id=topic["message_thread_id"])
    assert (await api("sendMessage", **thread, text="x")).status == 200
    await control("POST", f"/groups/{forum.id}/restrict_bot", can_manage_topics=False)
    assert (await api("sendMessage", **thread, text="x")).error == "Bad Request: TOPIC_CLOSED"
    refused = await api("createForumTopic", chat_id=forum.id, name="x")
    assert refused.error == "Bad Request: not enough rights to create a topic"
    await control("POST", f"/groups/{forum.id}/restrict_bot", can_manage_topics=True)
    assert (await api("reopenForumTopic", **thread)).result
    assert (await api("reopenForumTopic", **thread)).error == "Bad Request: TOPIC_NOT_MODIFIED"


async def test_a_bot_reacts_with_what_telegram_offers(api: Api, forum: Group, aicha: Phone, bot: Bot) -> None:
    message = aicha.sends("bonjour", chat_id=forum.id)
    where = {"chat_id": forum.id, "message_id": message.id}
    assert (await api("setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "👌"}])).result
    assert message.reactions[bot.id] == [{"type": "emoji", "emoji": "👌"}]
    for emoji in ("✅", "", "👌 👍"):
        refused = await api("setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": emoji}])
        assert refused.error == "Bad Request: REACTION_INVALID"
    lost = await api("setMessageReaction", chat_id=forum.id, message_id=999, reaction=[])
    assert lost.error == "Bad Request: message to react not found"


async def test_rights_are_asked_for(api: Api, control: Api, playground: Playground, group: Group, bot: Bot) -> None:
    closed = playground.world.add_group("Fermé", forum=True, bot=bot)
    assert (await api("createForumTopic", chat_id=group.id, name="x")).error == "Bad Request: the chat is not a forum"
    no_topic = await api("createForumTopic", chat_id=closed.id, name="x")
    assert no_topic.error == "Bad Request: not enough rights to create a topic"
    sent = (await api("sendMessage", chat_id=group.id, text="x")).result
    no_pin = await api("pinChatMessage", chat_id=group.id, message_id=sent["message_id"])
    assert no_pin.error == "Bad Request: not enough rights to manage pinned messages in the chat"
    await control("POST", f"/groups/{group.id}/restrict_bot", can_send=False)
    mute = await api("sendMessage", chat_id=group.id, text="x")
    assert mute.error == "Bad Request: not enough rights to send text messages to the chat"


async def test_a_bot_deletes_others_messages_only_as_administrator(
    api: Api, group: Group, forum: Group, aicha: Phone
) -> None:
    for chat, expected in ((group, 400), (forum, 200)):
        message = aicha.sends("x", chat_id=chat.id)
        assert (await api("deleteMessage", chat_id=chat.id, message_id=message.id)).status == expected


async def test_anonymous_administrators_have_no_name(api: Api, control: Api, forum: Group) -> None:
    await control("POST", f"/groups/{forum.id}/anonymous_send", text="/aide")
    message = (await api("getUpdates")).result[-1]["message"]
    assert message["from"]["id"] == 1087968824
    assert message["sender_chat"]["id"] == forum.id


async def test_who_is_there(api: Api, playground: Playground, control: Api, forum: Group, aicha: Phone) -> None:
    luc = playground.world.add_phone(8, "Luc")
    await api("getUpdates", allowed_updates=["chat_member"])
    await control("POST", f"/groups/{forum.id}/add_member", user_id=luc.id)
    await control("POST", f"/groups/{forum.id}/promote", user_id=luc.id)
    member = {"chat_id": forum.id, "user_id": luc.id}
    assert (await api("getChatMember", **member)).result["status"] == "administrator"
    assert (await api("getChatMemberCount", chat_id=forum.id)).result == 3
    administrators = (await api("getChatAdministrators", chat_id=forum.id)).result
    assert {a["user"]["first_name"] for a in administrators} == {"Aïcha", "Voix", "Luc"}

    await control("POST", f"/groups/{forum.id}/remove_member", user_id=luc.id)
    assert (await api("getChatMember", **member)).result["status"] == "left"
    assert (await api("getChatMember", chat_id=forum.id, user_id=99)).error == "Bad Request: user not found"
    changes = [u["chat_member"] for u in (await api("getUpdates")).result if "chat_member" in u]
    assert [c["new_chat_member"]["status"] for c in changes] == ["member", "administrator", "left"]


async def test_a_bot_does_not_hear_itself(api: Api, forum: Group) -> None:
    before = (await api("getUpdates")).result
    await api("sendMessage", chat_id=forum.id, text="x")
    assert (await api("getUpdates")).result == before


async def test_media_in_groups(api: Api, forum: Group, aicha: Phone) -> None:
    aicha.sends("Le trou", chat_id=forum.id, attachment=Attachment("photo"))
    message = (await api("getUpdates")).result[-1]["message"]
    assert (message["caption"], message["chat"]["is_forum"]) == ("Le trou", True)
