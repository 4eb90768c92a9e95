"""A bot without any library writes, edits, answers and deletes; what it gets back and what it is refused."""

import pytest
from playground_api import AICHA, OK_KEYBOARD, Api

from playground.phones import Phone
from playground.server import Playground

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_message_comes_back_as_it_was_sent(api: Api, aicha: Phone) -> None:
    question = aicha.sends("Bonjour ?")
    sent = (
        await api(
            "sendMessage",
            chat_id=aicha.id,
            text=" <b>Oui</b> ",
            parse_mode="HTML",
            reply_markup=OK_KEYBOARD,
            reply_parameters={"message_id": question.id},
        )
    ).result

    assert sent["text"] == "Oui"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    assert sent["chat"] == {"id": AICHA, "type": "private", "first_name": "Aïcha"}
    assert sent["from"]["is_bot"] is True
    assert sent["reply_to_message"]["text"] == "Bonjour ?"
    assert sent["reply_markup"] == OK_KEYBOARD
    assert aicha.chat().texts() == ["Bonjour ?", "Oui"]


async def test_people_see_reply_keyboards_and_bots_do_not(api: Api, aicha: Phone) -> None:
    sent = (await api("sendMessage", chat_id=aicha.id, text="?", reply_markup={"keyboard": [["Oui"]]})).result

    assert "reply_markup" not in sent
    assert aicha.chat().last().page()["reply_markup"]["keyboard"] == [[{"text": "Oui"}]]


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"chat_id": AICHA}, "message text is empty"),
        ({"chat_id": AICHA, "text": " \n "}, "message text is empty"),
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": 5, "text": "x"}, "chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ({"chat_id": AICHA, "text": "x" * 4097}, "message is too long"),
        ({"chat_id": AICHA, "text": "😀" * 2049}, "message is too long"),
        ({"chat_id": AICHA, "text": "x", "parse_mode": "BB"}, "unsupported parse_mode"),
        ({"chat_id": AICHA, "text": "x", "reply_to_message_id": 99}, "message to be replied not found"),
        ({"chat_id": AICHA, "text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"chat_id": AICHA, "text": "x", "message_thread_id": 4}, "message thread not found"),
        ({"chat_id": AICHA, "text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"chat_id": AICHA, "text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
    ],
)
async def test_a_wrong_message_is_refused(api: Api, aicha: Phone, params: dict[str, object], refusal: str) -> None:
    reply = await api("sendMessage", **params)
    assert (reply.status, reply.error) == (400, f"Bad Request: {refusal}")
    assert aicha.chat().texts() == []


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        (
            {"text": "x", "url": "http://localhost"},
            "inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL",
        ),
        ({"text": "x", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
    ],
)
async def test_a_wrong_button_is_refused(api: Api, aicha: Phone, button: dict[str, object], refusal: str) -> None:
    reply = await api("sendMessage", chat_id=aicha.id, text="x", reply_markup={"inline_keyboard": [[button]]})
    assert reply.error == f"Bad Request: {refusal}"


async def test_limits_count_what_people_see(api: Api, aicha: Phone) -> None:
    html = "<b>" + "&lt;" * 4096 + "</b>"
    assert (await api("sendMessage", chat_id=aicha.id, text=html, parse_mode="HTML")).status == 200
    data = "é" * 32
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    assert (await api("sendMessage", chat_id=aicha.id, text="x", reply_markup=markup)).status == 200


async def test_an_answer_to_a_message_that_is_gone_may_go_without_it(api: Api, aicha: Phone) -> None:
    gone = {"message_id": 99, "allow_sending_without_reply": True}
    assert (
        "reply_to_message" not in (await api("sendMessage", chat_id=aicha.id, text="x", reply_parameters=gone)).result
    )


async def test_only_people_who_started_the_bot_can_be_written_to(
    api: Api, playground: Playground, aicha: Phone
) -> None:
    stranger = playground.world.add_phone(8, "Luc", started=False)
    gone = playground.world.add_phone(9, "Ida", deactivated=True)
    aicha.blocks()

    refusals = [(await api("sendMessage", chat_id=phone.id, text="x")) for phone in (stranger, gone, aicha)]
    assert [(reply.status, reply.error) for reply in refusals] == [
        (403, "Forbidden: bot can't initiate conversation with a user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot was blocked by the user"),
    ]

    stranger.starts()
    aicha.unblocks()
    assert (await api("sendMessage", chat_id=stranger.id, text="x")).status == 200
    assert (await api("sendMessage", chat_id=aicha.id, text="x")).status == 200


async def test_an_edit_changes_the_message_in_place(api: Api, aicha: Phone) -> None:
    sent = (await api("sendMessage", chat_id=aicha.id, text="un", reply_markup=OK_KEYBOARD)).result
    edited = (await api("editMessageText", chat_id=aicha.id, message_id=sent["message_id"], text="deux")).result

    assert edited["text"] == "deux"
    assert edited["edit_date"] >= edited["date"]
    assert "reply_markup" not in edited
    assert aicha.chat().texts() == ["deux"]


async def test_an_edit_that_changes_nothing_is_refused(api: Api, aicha: Phone) -> None:
    sent = (await api("sendMessage", chat_id=aicha.id, text="<b>un</b>", parse_mode="HTML")).result
    same = {"chat_id": aicha.id, "message_id": sent["message_id"], "text": "<b>un</b>", "parse_mode": "HTML"}

    assert (await api("editMessageText", **same)).error == NOT_MODIFIED
    assert (await api("editMessageText", **same, reply_markup=OK_KEYBOARD)).status == 200
    assert (await api("editMessageText", **same | {"parse_mode": ""}, reply_markup=OK_KEYBOARD)).status == 200
    markup = {"chat_id": aicha.id, "message_id": sent["message_id"], "reply_markup": OK_KEYBOARD}
    assert (await api("editMessageReplyMarkup", **markup)).error == NOT_MODIFIED


@pytest.mark.parametrize(
    ("method", "params", "refusal"),
    [
        ("editMessageText", {"message_id": 99, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"message_id": 1, "text": "x"}, "message can't be edited"),
        ("editMessageCaption", {"message_id": 2, "caption": "x"}, "there is no caption in the message to edit"),
        ("editMessageReplyMarkup", {"message_id": 2, "reply_markup": {"keyboard": []}}, "inline keyboard expected"),
        ("deleteMessage", {"message_id": 99}, "message to delete not found"),
        ("copyMessage", {"from_chat_id": AICHA, "message_id": 99}, "message to copy not found"),
        ("copyMessage", {"message_id": 1}, "from_chat_id is empty"),
        ("forwardMessage", {"from_chat_id": AICHA, "message_id": 99}, "message to forward not found"),
        ("pinChatMessage", {"message_id": 99}, "message to pin not found"),
        ("unpinChatMessage", {"message_id": 99}, "message to unpin not found"),
        ("setMessageReaction", {"message_id": 99}, "message to react not found"),
        ("sendChatAction", {"action": "dance"}, "wrong parameter action in request"),
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendVideoNote", {}, "there is no video note in the request"),
        ("sendDocument", {"document": "nothing"}, "wrong file identifier/HTTP URL specified"),
        ("sendDocument", {"document": "https://exemple.fr/a.pdf"}, "failed to get HTTP URL content"),
        ("sendMediaGroup", {"media": []}, "there are no messages to send"),
        ("sendMediaGroup", {"media": [{}] * 11}, "too many messages to send as an album"),
        ("deleteMessages", {}, "message identifiers are not specified"),
        ("deleteMessages", {"message_ids": ["x"]}, "can't parse message_ids: expected a Number"),
        (
            "sendMessage",
            {"text": "x", "reply_parameters": {"message_id": []}},
            "can't parse reply_parameters: expected a Number",
        ),
        ("sendMessage", {"text": "x", "entities": [{"type": "bold"}]}, "can't parse MessageEntity: expected an Object"),
        ("sendMessage", {"text": "x", "entities": "{"}, "can't parse entities JSON object"),
        ("getUserProfilePhotos", {"user_id": 5}, "user not found"),
        ("sendLocation", {"latitude": 99, "longitude": 0}, "wrong location specified"),
        ("sendVenue", {"latitude": 1, "longitude": 0, "title": "x"}, "address is empty"),
        ("sendContact", {"first_name": "x"}, "phone_number is empty"),
        ("getFile", {"file_id": "nothing"}, "wrong file_id or the file is temporarily unavailable"),
    ],
)
async def test_what_cannot_be_done_is_refused_in_telegrams_words(
    api: Api, aicha: Phone, method: str, params: dict[str, object], refusal: str
) -> None:
    aicha.sends("message 1, hers")
    await api("sendMessage", chat_id=aicha.id, text="message 2, the bot's")
    reply = await api(method, chat_id=aicha.id, **params)
    assert (reply.status, reply.error) == (400, f"Bad Request: {refusal}")


async def test_a_press_is_answered_once(api: Api, aicha: Phone) -> None:
    await api("sendMessage", chat_id=aicha.id, text="?", reply_markup=OK_KEYBOARD)
    press = aicha.presses(aicha.chat().last(), column=1)
    query = (await api("getUpdates")).result[-1]["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["text"]) == ("no", AICHA, "?")

    assert (await api("answerCallbackQuery", callback_query_id=query["id"], text="Bien", show_alert=True)).result
    answer = await press.answered()
    assert (answer.text, answer.show_alert) == ("Bien", True)
    assert (await api("answerCallbackQuery", callback_query_id=query["id"])).error == TOO_OLD


async def test_a_press_grows_old(api: Api, playground: Playground, aicha: Phone) -> None:
    await api("sendMessage", chat_id=aicha.id, text="?", reply_markup=OK_KEYBOARD)
    playground.world.callback_lifetime = -1
    press = aicha.presses(aicha.chat().last())
    assert (await api("answerCallbackQuery", callback_query_id=press.id)).error == TOO_OLD
    assert press.answer is None


async def test_an_answer_to_a_press_is_short(api: Api, aicha: Phone) -> None:
    await api("sendMessage", chat_id=aicha.id, text="?", reply_markup=OK_KEYBOARD)
    press = aicha.presses(aicha.chat().last())
    long = await api("answerCallbackQuery", callback_query_id=press.id, text="x" * 201)
    assert long.error == "Bad Request: MESSAGE_TOO_LONG"
    assert (await api("answerCallbackQuery", callback_query_id=press.id, text="x" * 200)).result


async def test_a_forged_press_and_one_on_an_old_message(api: Api, aicha: Phone) -> None:
    await api("sendMessage", chat_id=aicha.id, text="?", reply_markup=OK_KEYBOARD)
    aicha.presses(aicha.chat().last(), data="admin:1", inaccessible=True)
    query = (await api("getUpdates")).result[-1]["callback_query"]
    assert query["data"] == "admin:1"
    assert query["message"] == {
        "chat": {"id": AICHA, "type": "private", "first_name": "Aïcha"},
        "message_id": 1,
        "date": 0,
    }


async def test_messages_are_deleted_within_two_days(api: Api, playground: Playground, aicha: Phone) -> None:
    first, second = aicha.sends("un"), aicha.sends("deux")
    assert (await api("deleteMessage", chat_id=aicha.id, message_id=first.id)).result
    playground.world.clock.advance(49 * 3600)
    late = await api("deleteMessage", chat_id=aicha.id, message_id=second.id)
    assert late.error == "Bad Request: message can't be deleted for everyone"
    third = aicha.sends("trois")
    assert (await api("deleteMessages", chat_id=aicha.id, message_ids=[second.id, third.id, 99])).result
    assert aicha.chat().texts() == ["deux"]


async def test_copies_are_new_messages_and_forwards_name_their_author(
    api: Api, playground: Playground, aicha: Phone
) -> None:
    luc = playground.world.add_phone(8, "Luc")
    asked = aicha.sends("**Bonjour**")
    origin = {"from_chat_id": aicha.id, "message_id": asked.id}

    assert (await api("copyMessage", chat_id=luc.id, **origin)).result == {"message_id": 1}
    copy = luc.chat().last().body
    assert (copy["text"], copy["entities"][0]["type"], copy["from"]["is_bot"]) == ("Bonjour", "bold", True)
    assert "forward_origin" not in copy

    forward = (await api("forwardMessage", chat_id=luc.id, **origin)).result
    assert forward["forward_origin"]["sender_user"]["first_name"] == "Aïcha"

    many = {"chat_id": luc.id, "from_chat_id": aicha.id}
    assert len((await api("copyMessages", **many, message_ids=[asked.id, 99])).result) == 1
    order = await api("copyMessages", **many, message_ids=[2, 1])
    assert order.error == "Bad Request: message identifiers must be in a strictly increasing order"


async def test_protected_messages_stay(api: Api, aicha: Phone) -> None:
    sent = (await api("sendMessage", chat_id=aicha.id, text="x", protect_content=True)).result
    origin = {"from_chat_id": aicha.id, "message_id": sent["message_id"], "chat_id": aicha.id}
    assert (await api("copyMessage", **origin)).error == "Bad Request: message can't be copied"
    assert (await api("forwardMessage", **origin)).error == "Bad Request: message can't be forwarded"


async def test_pinned_messages(api: Api, aicha: Phone) -> None:
    for text in ("un", "deux"):
        sent = (await api("sendMessage", chat_id=aicha.id, text=text)).result
        assert (await api("pinChatMessage", chat_id=aicha.id, message_id=sent["message_id"])).result
    assert (await api("getChat", chat_id=aicha.id)).result["pinned_message"]["text"] == "deux"
    assert (await api("unpinChatMessage", chat_id=aicha.id)).result
    assert (await api("getChat", chat_id=aicha.id)).result["pinned_message"]["text"] == "un"
    assert (await api("unpinAllChatMessages", chat_id=aicha.id)).result
    assert "pinned_message" not in (await api("getChat", chat_id=aicha.id)).result


async def test_what_the_server_does_not_know(api: Api, playground: Playground, aicha: Phone) -> None:
    reply = await api("sendDream", chat_id=aicha.id)
    assert (reply.status, reply.error) == (404, "Not Found: method not found")
    assert (await api("sendMessage", chat_id=aicha.id, text="x", colour="red")).status == 200

    refused, odd = playground.world.log.page()
    assert (refused["method"], refused["status"]) == ("sendDream", 404)
    assert odd["unknown"] == ["colour"]


async def test_every_call_is_recorded(api: Api, playground: Playground, aicha: Phone) -> None:
    await api("SENDmessage", chat_id=aicha.id, text="x")
    await api("sendMessage", chat_id=5, text="x")
    good, bad = playground.world.calls
    assert (good.method, good.chat_id, good.message_id, good.status, good.params["text"]) == (
        "sendMessage", AICHA, 1, 200, "x",
    )  # fmt: skip
    assert (bad.chat_id, bad.status, bad.error) == (5, 400, "Bad Request: chat not found")


async def test_contacts_places_dice_and_polls(api: Api, aicha: Phone) -> None:
    place = {"latitude": 43.6, "longitude": 1.44}
    assert (await api("sendLocation", chat_id=aicha.id, **place)).result["location"] == place
    venue = (await api("sendVenue", chat_id=aicha.id, **place, title="Mairie", address="1 place")).result["venue"]
    assert venue == {"location": place, "title": "Mairie", "address": "1 place"}
    contact = await api("sendContact", chat_id=aicha.id, phone_number="+33561000000", first_name="Luc")
    assert contact.result["contact"] == {"phone_number": "+33561000000", "first_name": "Luc"}
    assert 1 <= (await api("sendDice", chat_id=aicha.id)).result["dice"]["value"] <= 6
    poll = (await api("sendPoll", chat_id=aicha.id, question="Quand ?", options=["Lundi", {"text": "Mardi"}])).result
    assert [option["text"] for option in poll["poll"]["options"]] == ["Lundi", "Mardi"]


async def test_entities_may_be_given_in_the_place_of_html(api: Api, playground: Playground, aicha: Phone) -> None:
    entities = [
        {"type": "bold", "offset": 0, "length": 3},
        {"type": "text_mention", "offset": 4, "length": 5, "user": {"id": AICHA}},
        {"type": "text_mention", "offset": 0, "length": 3, "user": {"id": 5}},
        {"type": "italic", "offset": 40, "length": 3},
    ]
    sent = (await api("sendMessage", chat_id=aicha.id, text="Oui Aïcha", entities=entities)).result
    assert [(entity["type"], entity["offset"]) for entity in sent["entities"]] == [("bold", 0), ("text_mention", 4)]
    assert sent["entities"][1]["user"]["first_name"] == "Aïcha"


async def test_people_have_no_profile_photos(api: Api, aicha: Phone) -> None:
    assert (await api("getUserProfilePhotos", user_id=aicha.id)).result == {"total_count": 0, "photos": []}
