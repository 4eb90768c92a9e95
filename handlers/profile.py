"""/profil, /langue: a person's own choices, the councils that they follow among them."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from council import people
from council.actors import Actor, load_actor
from council.council_choice import council_names
from council.errors import NotJoined
from council.people import readable_name
from handlers.cards.card import Card, Reply
from handlers.cards.languages import offered_languages
from handlers.cards.profile import (
    CouncilsPress,
    FollowPress,
    LanguagePress,
    LanguagesPress,
    NamePress,
    NewsPress,
    ProfilePress,
    TelegramNamePress,
    councils_card,
    languages_card,
    name_card,
    news_card,
    profile_card,
)
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.turn import Turn
from locales.translator import Translator, translator

router = Router(name="profile")

NAME_STATE = "profile:name"


@router.message(Command("profil"))
@router.callback_query(Pressed(ProfilePress))
async def open_profile(_event: Message | CallbackQuery, turn: Turn) -> Reply:
    actor = turn.actor
    if turn.dialogue.state == NAME_STATE:
        turn.dialogue.end()
    return Reply.of(await _profile(turn, actor, turn.say))


@router.callback_query(Pressed(NamePress))
async def ask_name(_press: CallbackQuery, turn: Turn) -> Reply:
    card = name_card(turn.actor, readable_name(turn.first_name), turn.say)
    turn.dialogue.begin(NAME_STATE)
    return Reply.of(card)


@resumes("profile", draft=False)
async def resume(turn: Turn) -> Reply:
    return Reply.of(name_card(turn.actor, readable_name(turn.first_name), turn.say))


@router.callback_query(Pressed(TelegramNamePress))
async def take_telegram_name(_press: CallbackQuery, turn: Turn) -> Reply:
    return await _rename(turn, turn.first_name)


@router.message(InDialogue(NAME_STATE), F.text, is_speech)
async def take_typed_name(message: Message, turn: Turn) -> Reply:
    return await _rename(turn, message.text or "")


@router.message(Command("langue"))
@router.callback_query(Pressed(LanguagesPress))
async def open_languages(_event: Message | CallbackQuery, turn: Turn) -> Reply:
    return Reply.of(languages_card(offered_languages(turn.programme), turn.say, joined=turn.known is not None))


@router.callback_query(Pressed(LanguagePress))
async def speak(_press: CallbackQuery, turn: Turn, pressed: LanguagePress) -> Reply:
    offered = offered_languages(turn.programme)
    await people.change_language(turn.session, turn.clock, turn.actor, pressed.language, offered)
    say = translator(pressed.language, turn.programme.timezone)
    turn.known = actor = await _as_they_are(turn)
    return Reply.of(await _profile(turn, actor, say))


@router.callback_query(Pressed(NewsPress))
async def take_news(_press: CallbackQuery, turn: Turn, pressed: NewsPress) -> Reply:
    if pressed.news is None:
        return Reply.of(news_card(await people.news_setting(turn.session, turn.actor), turn.say))
    await people.mute_news(turn.session, turn.clock, turn.actor, pressed.news)
    return Reply.of(news_card(pressed.news, turn.say), toast=turn.say.plain("C’est noté."))


@router.callback_query(Pressed(CouncilsPress))
async def turn_councils(_press: CallbackQuery, turn: Turn, pressed: CouncilsPress) -> Reply:
    return Reply.of(councils_card(turn.actor, await council_names(turn.session), pressed.page, turn.say))


@router.callback_query(Pressed(FollowPress))
async def follow_or_leave(_press: CallbackQuery, turn: Turn, pressed: FollowPress) -> Reply:
    change = people.follow if pressed.follow else people.unfollow
    await change(turn.session, turn.clock, turn.actor, pressed.council_id)
    actor, names = await _as_they_are(turn), await council_names(turn.session)
    return Reply.of(councils_card(actor, names, pressed.page, turn.say), toast=turn.say.plain("C’est noté."))


async def _rename(turn: Turn, words: str) -> Reply:
    await people.change_first_name(turn.session, turn.clock, turn.actor, words)
    if turn.dialogue.state == NAME_STATE:
        turn.dialogue.end()
    return Reply.of(await _profile(turn, await _as_they_are(turn), turn.say))


async def _profile(turn: Turn, actor: Actor, say: Translator) -> Card:
    news = await people.news_setting(turn.session, actor)
    return profile_card(actor, news, await council_names(turn.session), say)


async def _as_they_are(turn: Turn) -> Actor:
    actor = await load_actor(turn.session, turn.telegram_id)
    if actor is None:
        raise NotJoined
    return actor
