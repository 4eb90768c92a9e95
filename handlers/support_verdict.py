"""The requester's view of the result: solved or not, how it was, and a last word."""

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from council.errors import OutOfDate
from council.support_end import judge, rate, say_more
from council.support_mine import MyRequest, open_mine
from handlers.cards.card import SILENCE, Reply
from handlers.cards.support import VerdictPress, support_card
from handlers.cards.support_news import (
    FacePress,
    NoMoreWordsPress,
    faces_card,
    last_word_card,
    not_solved_card,
    said_card,
    thanks_card,
)
from handlers.contents import content_of
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.turn import Turn
from storage.support import SupportState, Verdict

router = Router(name="support_verdict")

FEATURE = "verdict"
_WORDS = f"{FEATURE}:words"
_ALBUM = "_said_in_album"  # aside: the rest of an album comes when the dialogue is over


class RestOfAlbum(Filter):
    """The other files of an album whose first one was the last word."""

    async def __call__(self, message: Message, turn: Turn) -> bool:
        said = turn.dialogue.data.get(_ALBUM)
        return said is not None and message.media_group_id is not None and message.media_group_id == said["album"]


@router.callback_query(Pressed(VerdictPress))
async def give_verdict(_press: CallbackQuery, turn: Turn, pressed: VerdictPress) -> Reply:
    """An old button: the card says what is true now."""
    view = await open_mine(turn.session, turn.clock, turn.actor, pressed.request)
    if view.state is SupportState.CARRIED_OUT and view.round == pressed.round and view.verdict is not None:
        return Reply.of(faces_card(turn.say, view))  # said already, by a double tap; the face is still missing
    try:
        await judge(
            turn.session, turn.clock, turn.programme, turn.actor, pressed.request, pressed.round, pressed.verdict
        )
    except OutOfDate:
        return _as_it_is(turn, view)
    await leave_live_card(turn)
    view = await open_mine(turn.session, turn.clock, turn.actor, pressed.request)
    if pressed.verdict is Verdict.NO:
        return Reply.of(not_solved_card(turn.say, view))
    return Reply.of(faces_card(turn.say, view))


@router.callback_query(Pressed(FacePress))
async def give_face(_press: CallbackQuery, turn: Turn, pressed: FacePress) -> Reply:
    try:
        await rate(turn.session, turn.clock, turn.actor, pressed.request, pressed.round, pressed.face)
    except OutOfDate:
        return _as_it_is(turn, await open_mine(turn.session, turn.clock, turn.actor, pressed.request))
    view = await open_mine(turn.session, turn.clock, turn.actor, pressed.request)
    turn.dialogue.begin(_WORDS, request=view.id)
    return Reply.of(last_word_card(turn.say, view))


@router.callback_query(Pressed(NoMoreWordsPress))
async def say_nothing_more(_press: CallbackQuery, turn: Turn) -> Reply:
    if turn.dialogue.state == _WORDS:
        turn.dialogue.end()
    return Reply.of(thanks_card(turn.say))


@router.message(InDialogue(_WORDS), is_speech)
async def take_last_word(message: Message, turn: Turn) -> Reply:
    """One message or one album. Raises NotRelayable for what cannot be shown to somebody else."""
    content, request_id = content_of(message), turn.dialogue.data["request"]
    await say_more(turn.session, turn.clock, turn.programme, turn.actor, request_id, (content,))
    turn.dialogue.end()
    album = {"album": content.album, "request": request_id} if content.album is not None else None
    turn.dialogue.remember(**{_ALBUM: album})
    return Reply.of(said_card(turn.say))


@router.message(RestOfAlbum())
async def take_rest_of_album(message: Message, turn: Turn) -> Reply:
    request_id = turn.dialogue.data[_ALBUM]["request"]
    await say_more(turn.session, turn.clock, turn.programme, turn.actor, request_id, (content_of(message),))
    return SILENCE


@resumes(FEATURE)
async def resume(turn: Turn) -> Reply:
    view = await open_mine(turn.session, turn.clock, turn.actor, turn.dialogue.data["request"])
    return Reply.of(last_word_card(turn.say, view))


def _as_it_is(turn: Turn, view: MyRequest) -> Reply:
    return Reply.of(support_card(turn.say, view), toast=turn.say.plain("Cela a changé. Voici votre demande."))
