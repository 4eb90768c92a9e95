"""The directory of resource actors: everybody who joined looks into it, the team keeps it in the same screens."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from council import resource_actors
from council.errors import Refusal
from council.resource_actor_values import ActorField, checked_name, split_themes
from council.resource_actors import check_keeps_directory, keeps_directory, open_actor
from handlers.awaited import WordsAwaited
from handlers.cards import resource_actor as cards
from handlers.cards.card import Card, Reply
from handlers.cards.resource_actor import (
    ActorCouncilsPress,
    ActorPress,
    ActorsPress,
    ActorThemePress,
    AddActorPress,
    ArchivePress,
    AskArchivePress,
    ClearFieldPress,
    EditActorPress,
    EditFieldPress,
    SearchActorsPress,
    SkipThemesPress,
    TurnActorCouncilPress,
)
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.turn import Turn
from storage.programme import list_councils

router = Router(name="resource_actors")

FEATURE = "actors"
_SEARCH, _FIELD = f"{FEATURE}:search", f"{FEATURE}:field"
_NAME, _THEMES = f"{FEATURE}:name", f"{FEATURE}:themes"


@router.callback_query(Pressed(ActorsPress))
async def open_directory(_press: CallbackQuery, turn: Turn, pressed: ActorsPress) -> Reply:
    return Reply.of(await directory(turn, pressed.page))


@router.callback_query(Pressed(ActorThemePress))
async def open_theme(_press: CallbackQuery, turn: Turn, pressed: ActorThemePress) -> Reply:
    check_joined(turn)
    found = await resource_actors.search(turn.session, theme=pressed.theme)
    themes = await resource_actors.list_themes(turn.session)
    name = next((each.name for each in themes if each.code == pressed.theme), turn.say.plain("Thème"))
    return Reply.of(cards.theme_card(turn.say, name, found, pressed))


@router.callback_query(Pressed(SearchActorsPress))
async def begin_search(_press: CallbackQuery, turn: Turn) -> Reply:
    check_joined(turn)
    turn.dialogue.begin(_SEARCH)
    return Reply.of(cards.search_card(turn.say))


@router.message(InDialogue(_SEARCH), is_speech)
async def search(message: Message, turn: Turn) -> Reply:
    reply = await found_by(message, turn, None)
    turn.dialogue.end()
    return reply


@router.callback_query(Pressed(ActorPress))
async def open_entry(_press: CallbackQuery, turn: Turn, pressed: ActorPress) -> Reply:
    if (turn.dialogue.state or "").startswith(f"{FEATURE}:"):
        turn.dialogue.end()
    return Reply.of(await _entry(turn, pressed.actor, pressed.redirect))


# --- adding


@router.callback_query(Pressed(AddActorPress))
async def begin_entry(_press: CallbackQuery, turn: Turn) -> Reply:
    check_keeps_directory(turn.actor)
    turn.dialogue.begin(_NAME)
    return Reply.of(cards.new_name_card(turn.say))


@router.message(InDialogue(_NAME), is_speech)
async def receive_name(message: Message, turn: Turn) -> Reply:
    try:
        name, _ = checked_name(words_of(message))
        await resource_actors.check_name_free(turn.session, turn.actor, name)
    except Refusal as refusal:
        return Reply.of(cards.new_name_card(turn.say, refusal))
    turn.dialogue.go(_THEMES, name=name)
    return Reply.of(cards.new_themes_card(turn.say, name))


@router.message(InDialogue(_THEMES), is_speech)
async def receive_themes(message: Message, turn: Turn) -> Reply:
    try:
        return await _add(turn, split_themes(words_of(message)))
    except Refusal as refusal:
        return Reply.of(cards.new_themes_card(turn.say, turn.dialogue.data["name"], refusal))


@router.callback_query(Pressed(SkipThemesPress), InDialogue(_THEMES))
async def skip_themes(_press: CallbackQuery, turn: Turn) -> Reply:
    return await _add(turn, [])


async def _add(turn: Turn, themes: list[str]) -> Reply:
    name: str = turn.dialogue.data["name"]
    number = await resource_actors.add_actor(turn.session, turn.clock, turn.actor, name, themes)
    turn.dialogue.end()
    done = turn.say("C’est ajouté. Vous pouvez compléter avec « Changer ».")
    return Reply.of(await _entry(turn, number, None, done))


# --- changing


@router.callback_query(Pressed(EditActorPress))
async def choose_field(_press: CallbackQuery, turn: Turn, pressed: EditActorPress) -> Reply:
    check_keeps_directory(turn.actor)
    if turn.dialogue.state == _FIELD:
        turn.dialogue.end()
    return Reply.of(cards.edit_card(turn.say, await open_actor(turn.session, pressed.actor)))


@router.callback_query(Pressed(EditFieldPress))
async def begin_field(_press: CallbackQuery, turn: Turn, pressed: EditFieldPress) -> Reply:
    check_keeps_directory(turn.actor)
    if pressed.field is ActorField.COUNCILS:
        return Reply.of(await _councils(turn, pressed.actor, 0))
    view = await open_actor(turn.session, pressed.actor)
    turn.dialogue.begin(_FIELD, actor=pressed.actor, field=pressed.field.value)
    return Reply.of(cards.field_card(turn.say, view, pressed.field))


@router.message(InDialogue(_FIELD), is_speech)
async def receive_field(message: Message, turn: Turn) -> Reply:
    number, field = int(turn.dialogue.data["actor"]), ActorField(turn.dialogue.data["field"])
    try:
        words = words_of(message)
        await resource_actors.change_actor(turn.session, turn.clock, turn.actor, number, field, words)
    except Refusal as refusal:
        view = await open_actor(turn.session, number)
        return Reply.of(cards.field_card(turn.say, view, field, refusal))
    turn.dialogue.end()
    return Reply.of(await _entry(turn, number, None, turn.say("C’est changé.")))


@router.callback_query(Pressed(ClearFieldPress))
async def clear_field(_press: CallbackQuery, turn: Turn, pressed: ClearFieldPress) -> Reply:
    await resource_actors.change_actor(turn.session, turn.clock, turn.actor, pressed.actor, pressed.field, "")
    turn.dialogue.leave()
    return Reply.of(await _entry(turn, pressed.actor, None, turn.say("C’est vidé.")))


@router.callback_query(Pressed(ActorCouncilsPress))
async def choose_councils(_press: CallbackQuery, turn: Turn, pressed: ActorCouncilsPress) -> Reply:
    check_keeps_directory(turn.actor)
    return Reply.of(await _councils(turn, pressed.actor, pressed.page))


@router.callback_query(Pressed(TurnActorCouncilPress))
async def turn_council(_press: CallbackQuery, turn: Turn, pressed: TurnActorCouncilPress) -> Reply:
    await resource_actors.turn_council(turn.session, turn.clock, turn.actor, pressed.actor, pressed.council)
    return Reply.of(await _councils(turn, pressed.actor, pressed.page))


@router.callback_query(Pressed(AskArchivePress))
async def ask_archive(_press: CallbackQuery, turn: Turn, pressed: AskArchivePress) -> Reply:
    check_keeps_directory(turn.actor)
    return Reply.of(cards.ask_archive_card(turn.say, await open_actor(turn.session, pressed.actor)))


@router.callback_query(Pressed(ArchivePress))
async def archive(_press: CallbackQuery, turn: Turn, pressed: ArchivePress) -> Reply:
    await resource_actors.archive_actor(turn.session, turn.clock, turn.actor, pressed.actor)
    return Reply.of(await _entry(turn, pressed.actor, None))


@resumes(FEATURE, draft=False)
async def resume(turn: Turn) -> Reply:
    state, data = turn.dialogue.state, turn.dialogue.data
    if state == _NAME:
        return Reply.of(cards.new_name_card(turn.say))
    if state == _THEMES:
        return Reply.of(cards.new_themes_card(turn.say, data["name"]))
    if state == _FIELD:
        view = await open_actor(turn.session, int(data["actor"]))
        return Reply.of(cards.field_card(turn.say, view, ActorField(data["field"])))
    return Reply.of(cards.search_card(turn.say))


# --- shown


async def directory(turn: Turn, page: int) -> Card:
    """A dialogue of another feature goes on while one looks something up."""
    actor = turn.actor
    if (turn.dialogue.state or "").startswith(f"{FEATURE}:"):
        turn.dialogue.end()
    themes = await resource_actors.list_themes(turn.session)
    count = await resource_actors.count_entries(turn.session)
    keeps, draft_open = keeps_directory(actor), turn.dialogue.has_draft
    return cards.directory_card(turn.say, themes, count, page, keeps=keeps, draft_open=draft_open)


async def found_by(message: Message, turn: Turn, redirect: int | None) -> Reply:
    """What the typed words find; `redirect` is the request for which somebody is looked for. Raises WordsAwaited."""
    check_joined(turn)
    words = words_of(message)
    found = await resource_actors.search(turn.session, words)
    return Reply.of(cards.found_card(turn.say, words, found, redirect))


async def _entry(turn: Turn, number: int, redirect: int | None, done: str = "") -> Card:
    keeps = keeps_directory(turn.actor)
    view = await open_actor(turn.session, number)
    return cards.actor_card(turn.say, view, keeps=keeps, redirect=redirect, done=done)


async def _councils(turn: Turn, number: int, page: int) -> Card:
    view = await open_actor(turn.session, number)
    return cards.actor_councils_card(turn.say, view, await list_councils(turn.session), page)


def check_joined(turn: Turn) -> None:
    """Everybody who joined may look into the directory. Raises NotJoined."""
    _ = turn.actor


def words_of(message: Message) -> str:
    """Raises WordsAwaited."""
    if message.text is None:
        raise WordsAwaited
    return message.text
