"""The two libraries of the project talk to the playground as they would to Telegram."""

import asyncio
import io
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot as AiogramBot
from aiogram import Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
)
from playground_api import TOKEN
from telegram import InputMediaDocument
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter
from telegram.ext import ExtBot

from playground.attachments import Attachment, sample
from playground.phones import Phone
from playground.server import Playground


@pytest.fixture
async def aiogram_bot(playground: Playground, aicha: Phone) -> AsyncIterator[AiogramBot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(playground.url))
    async with AiogramBot(TOKEN, session=session) as bot:
        yield bot


@pytest.fixture
async def ptb(playground: Playground, aicha: Phone) -> AsyncIterator[ExtBot[None]]:
    bot: ExtBot[None] = ExtBot(TOKEN, base_url=f"{playground.url}/bot", base_file_url=f"{playground.url}/file/bot")
    async with bot:
        yield bot


async def test_aiogram_polls_answers_and_edits(aiogram_bot: AiogramBot, aicha: Phone) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message(F.text == "/start")
    async def start(message: Message) -> None:
        button = InlineKeyboardButton(text="Oui", callback_data="yes")
        await message.answer(
            "<b>On y va ?</b>", parse_mode="HTML", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]])
        )

    @dispatcher.callback_query(F.data == "yes")
    async def yes(query: CallbackQuery) -> None:
        await query.answer("Bien", show_alert=True)
        assert isinstance(query.message, Message)
        await query.message.edit_text("C'est parti")

    polling = asyncio.create_task(dispatcher.start_polling(aiogram_bot, handle_signals=False))
    aicha.starts()
    question = await aicha.world.wait_for(lambda: aicha.chat().texts()[1:] and aicha.chat().last())
    assert question.body["entities"][0]["type"] == "bold"
    answer = await aicha.presses(question).answered()
    assert (answer.text, answer.show_alert) == ("Bien", True)
    await aicha.world.wait_for(lambda: aicha.chat().last().text == "C'est parti")
    await dispatcher.stop_polling()
    await polling


async def test_aiogram_sends_files_and_fetches_them(aiogram_bot: AiogramBot, aicha: Phone) -> None:
    photo = BufferedInputFile(sample("photo"), "rue.jpg")
    sent = await aiogram_bot.send_photo(aicha.id, photo, caption="La rue")
    assert sent.photo is not None
    album = await aiogram_bot.send_media_group(
        aicha.id, [InputMediaPhoto(media=photo, caption="un"), InputMediaPhoto(media=sent.photo[-1].file_id)]
    )
    assert [message.caption for message in album] == ["un", None]
    fetched = await aiogram_bot.download(sent.photo[-1], io.BytesIO())
    assert fetched is not None
    assert fetched.read() == sample("photo")


async def test_aiogram_reads_every_kind_of_message(aiogram_bot: AiogramBot, aicha: Phone) -> None:
    kinds = (
        "photo",
        "voice",
        "audio",
        "video",
        "video_note",
        "animation",
        "document",
        "sticker",
        "location",
        "dice",
        "poll",
    )
    for kind in kinds:
        aicha.sends(attachment=Attachment(kind))
    updates = await aiogram_bot.get_updates()
    assert tuple(update.message.content_type for update in updates if update.message) == kinds


async def test_aiogram_reads_chats_and_members(aiogram_bot: AiogramBot, playground: Playground, aicha: Phone) -> None:
    bot = playground.world.first_bot()
    group = playground.world.add_group("Conseil", forum=True, creator=aicha.id, bot=bot, bot_admin=True)
    assert (await aiogram_bot.get_chat(group.id)).title == "Conseil"
    assert (await aiogram_bot.get_chat(aicha.id)).first_name == "Aïcha"
    statuses = [member.status for member in await aiogram_bot.get_chat_administrators(group.id)]
    assert statuses == ["creator", "administrator"]
    topic = await aiogram_bot.create_forum_topic(group.id, "Voirie")
    assert (await aiogram_bot.send_message(group.id, "x", message_thread_id=topic.message_thread_id)).is_topic_message
    assert {update.event_type for update in await aiogram_bot.get_updates()} == {"my_chat_member", "message"}


async def test_aiogram_sets_commands(aiogram_bot: AiogramBot, playground: Playground) -> None:
    commands = [BotCommand(command="menu", description="Le menu")]
    scope = BotCommandScopeAllPrivateChats()
    await aiogram_bot.set_my_commands(commands, scope=scope, language_code="fr")
    kept = await aiogram_bot.get_my_commands(scope=scope, language_code="fr")
    assert [(command.command, command.description) for command in kept] == [("menu", "Le menu")]
    assert await aiogram_bot.get_my_commands() == []
    assert playground.world.first_bot().page()["commands"] == [
        {
            "scope": {"type": "all_private_chats"},
            "language_code": "fr",
            "commands": [{"command": "menu", "description": "Le menu"}],
        }
    ]


async def test_aiogram_understands_every_refusal(aiogram_bot: AiogramBot, playground: Playground, aicha: Phone) -> None:
    faults = playground.world.faults
    for kind, settings, error in (
        ("429", {"retry_after": 4}, TelegramRetryAfter),
        ("403", {}, TelegramForbiddenError),
        ("400", {}, TelegramBadRequest),
        ("migrate", {"to": -100123}, TelegramMigrateToChat),
        ("5xx", {"code": 502}, TelegramServerError),
        ("reset", {}, TelegramNetworkError),
        ("lost_answer", {}, TelegramNetworkError),
    ):
        faults.add(kind, **settings)
        with pytest.raises(error):
            await aiogram_bot.send_message(aicha.id, kind)
    assert aicha.chat().texts() == ["lost_answer"]


async def test_ptb_sends_and_edits(ptb: ExtBot[None], aicha: Phone) -> None:
    sent = await ptb.send_message(aicha.id, "<b>Bonjour</b>", parse_mode="HTML")
    assert (sent.chat.id, sent.text, sent.entities[0].type) == (aicha.id, "Bonjour", "bold")
    await ptb.edit_message_text("Bonsoir", chat_id=aicha.id, message_id=sent.message_id)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await ptb.edit_message_text("Bonsoir", chat_id=aicha.id, message_id=sent.message_id)
    assert aicha.chat().texts() == ["Bonsoir"]


async def test_ptb_sends_documents_and_fetches_them(ptb: ExtBot[None], aicha: Phone) -> None:
    sent = await ptb.send_document(aicha.id, document=b"bytes", filename="lettre.pdf", caption="La lettre")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type) == ("lettre.pdf", "application/pdf")
    file = await sent.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"bytes"
    album = await ptb.send_media_group(
        aicha.id, [InputMediaDocument(b"a", filename="a.txt"), InputMediaDocument(sent.document.file_id)]
    )
    assert [message.document and message.document.file_name for message in album] == ["a.txt", "lettre.pdf"]


async def test_ptb_understands_every_refusal(ptb: ExtBot[None], playground: Playground, aicha: Phone) -> None:
    faults = playground.world.faults
    for kind, settings, error in (
        ("429", {"retry_after": 4}, RetryAfter),
        ("403", {}, Forbidden),
        ("400", {}, BadRequest),
        ("migrate", {"to": -100123}, ChatMigrated),
        ("5xx", {"code": 502}, NetworkError),
        ("reset", {}, NetworkError),
        ("lost_answer", {}, NetworkError),
    ):
        faults.add(kind, **settings)
        with pytest.raises(error):
            await ptb.send_message(aicha.id, kind)
    assert aicha.chat().texts() == ["lost_answer"]


async def test_two_libraries_share_one_bot(aiogram_bot: AiogramBot, ptb: ExtBot[None], aicha: Phone) -> None:
    assert (await aiogram_bot.get_me()).username == ptb.username
    await ptb.send_message(aicha.id, "de l'un")
    await aiogram_bot.send_message(aicha.id, "de l'autre")
    assert aicha.chat().texts() == ["de l'un", "de l'autre"]
