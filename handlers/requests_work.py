"""Working on a request: waiting, giving it on, putting it back, a note, the sentence of result."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from council.contents import NotRelayable
from council.errors import NotAllowed, NotJoined, OutOfDate, Refusal
from council.support_end import carry_out
from council.support_overview import TeamView, colleagues
from council.support_sorting import open_for_team, wait_for_requester
from council.support_taking import release, transfer
from council.support_talk import write_note
from handlers.awaited import WordsAwaited
from handlers.cards.card import SILENCE, Card, Reply
from handlers.cards.refusals import refusal_sentence
from handlers.cards.request import (
    CarryOutPress,
    GivenPress,
    GivePress,
    NotePress,
    ReleasePress,
    ResultPress,
    WaitPress,
)
from handlers.cards.request_work import USUAL_RESULTS, give_card, note_card, result_card
from handlers.contents import content_of
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.requests import request_card, view_for_team
from handlers.turn import Turn
from locales.translator import translator
from storage.dialogue_store import ASIDE

router = Router(name="requests_work")

FEATURE = "request"
_NOTE, _RESULT, OTHER = f"{FEATURE}:note", f"{FEATURE}:result", f"{FEATURE}:other"
_ALBUM = f"{ASIDE}note_album"
"""The album of the last note and its request: its other files arrive as messages of their own."""

Resumed = Callable[[Turn, TeamView], Awaitable[Reply]]
_RESUMED: dict[str, Resumed] = {}


def resumes_request(state: str) -> Callable[[Resumed], Resumed]:
    """Declares how a dialogue about a request is shown again at this step."""

    def declare(shown: Resumed) -> Resumed:
        _RESUMED[state] = shown
        return shown

    return declare


class RestOfNote(Filter):
    """A further file of the album that the last note began with."""

    async def __call__(self, message: Message, turn: Turn) -> dict[str, Any] | bool:
        album = turn.dialogue.data.get(_ALBUM)
        if album is None or message.media_group_id is None or message.media_group_id != album["album"]:
            return False
        return {"request_id": album["request"]}


@router.callback_query(Pressed(WaitPress))
async def wait(_press: CallbackQuery, turn: Turn, pressed: WaitPress) -> Reply:
    try:
        await wait_for_requester(turn.session, turn.clock, turn.actor, pressed.request)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.request, refusal)
    return await back_on_card(turn, pressed.request, turn.say.plain("C’est noté. Vous attendez sa réponse."))


@router.callback_query(Pressed(ReleasePress))
async def put_back(_press: CallbackQuery, turn: Turn, pressed: ReleasePress) -> Reply:
    try:
        await release(turn.session, turn.clock, turn.programme, turn.actor, pressed.request)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.request, refusal)
    return await back_on_card(turn, pressed.request, turn.say.plain("La demande est revenue dans la file."))


@router.callback_query(Pressed(GivePress))
async def ask_to_whom(_press: CallbackQuery, turn: Turn, pressed: GivePress) -> Reply:
    view = await view_for_team(turn, pressed.request)
    if not view.may_give:
        raise NotAllowed
    await leave_live_card(turn)
    everybody = await colleagues(turn.session, turn.actor, pressed.request)
    return Reply.of(give_card(turn.say, view, everybody, pressed.page))


@router.callback_query(Pressed(GivenPress))
async def give(_press: CallbackQuery, turn: Turn, pressed: GivenPress) -> Reply:
    try:
        await transfer(turn.session, turn.clock, turn.programme, turn.actor, pressed.request, pressed.person)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.request, refusal)
    mine = pressed.person == turn.actor.person_id
    said = turn.say.plain("La demande est à vous.") if mine else turn.say.plain("C’est confié.")
    return await back_on_card(turn, pressed.request, said)


@router.callback_query(Pressed(NotePress))
async def ask_note(_press: CallbackQuery, turn: Turn, pressed: NotePress) -> Reply:
    return await ask(turn, pressed.request, _NOTE, lambda view: note_card(turn.say, view))


@router.callback_query(Pressed(CarryOutPress))
async def ask_result(_press: CallbackQuery, turn: Turn, pressed: CarryOutPress) -> Reply:
    return await ask(turn, pressed.request, _RESULT, lambda view: result_card(turn.say, view))


@router.callback_query(Pressed(ResultPress))
async def choose_result(_press: CallbackQuery, turn: Turn, pressed: ResultPress) -> Reply:
    """One of the usual sentences, which the person reads in their own language."""
    if not 0 <= pressed.number < len(USUAL_RESULTS):
        raise NotAllowed
    view = await view_for_team(turn, pressed.request)
    theirs = translator(view.language, turn.programme.timezone)
    return await _carry_out(turn, pressed.request, theirs.plain(USUAL_RESULTS[pressed.number]))


@resumes_request(_NOTE)
async def ask_note_again(turn: Turn, view: TeamView) -> Reply:
    return Reply.of(note_card(turn.say, view))


@resumes_request(_RESULT)
async def ask_result_again(turn: Turn, view: TeamView) -> Reply:
    return Reply.of(result_card(turn.say, view))


@router.message(InDialogue(_NOTE), is_speech)
async def receive_note(message: Message, turn: Turn) -> Reply:
    request_id = turn.dialogue.data["request"]
    try:
        content = content_of(message)
    except NotRelayable as refusal:
        view = await view_for_team(turn, request_id)
        return Reply.of(note_card(turn.say, view, refusal_sentence(refusal, turn.say)))
    await write_note(turn.session, turn.clock, turn.actor, request_id, [content])
    turn.dialogue.end()
    if message.media_group_id is not None:
        turn.dialogue.remember(**{_ALBUM: {"album": message.media_group_id, "request": request_id}})
    return await back_on_card(turn, request_id)


@router.message(RestOfNote())
async def receive_rest_of_note(message: Message, turn: Turn, request_id: int) -> Reply:
    await write_note(turn.session, turn.clock, turn.actor, request_id, [content_of(message)])
    return SILENCE


@router.message(InDialogue(_RESULT), is_speech)
async def receive_result(message: Message, turn: Turn) -> Reply:
    request_id = turn.dialogue.data["request"]
    if message.text is None:
        view = await view_for_team(turn, request_id)
        return Reply.of(result_card(turn.say, view, refusal_sentence(WordsAwaited(), turn.say)))
    return await _carry_out(turn, request_id, message.text)


async def ask(turn: Turn, request_id: int, state: str, question: Callable[[TeamView], Card]) -> Reply:
    """Begins a dialogue about a request that is still open; one that has ended is shown as it is."""
    view = await view_for_team(turn, request_id)
    if not view.is_open:
        return await as_it_is(turn, request_id, OutOfDate())
    await leave_live_card(turn)
    turn.dialogue.begin(state, request=request_id)
    return Reply.of(question(view))


async def back_on_card(turn: Turn, request_id: int, toast: str = "") -> Reply:
    """The request as it is now, after what was done with it."""
    return Reply.of(await request_card(turn, request_id), toast=toast)


async def as_it_is(turn: Turn, request_id: int, refusal: Refusal) -> Reply:
    """Why not, over the card as it stands now. Raises what is no matter of time but of rights."""
    if isinstance(refusal, NotAllowed | NotJoined):
        raise refusal
    await open_for_team(turn.session, turn.actor, request_id)
    turn.session.expire_all()  # what was read before somebody else changed it
    return Reply.of(await request_card(turn, request_id), toast=refusal_sentence(refusal, turn.say), alert=True)


async def _carry_out(turn: Turn, request_id: int, words: str) -> Reply:
    try:
        await carry_out(turn.session, turn.clock, turn.programme, turn.actor, request_id, words)
    except (NotAllowed, NotJoined):
        raise
    except OutOfDate as refusal:
        turn.dialogue.leave()
        return await as_it_is(turn, request_id, refusal)
    except Refusal as refusal:
        view = await view_for_team(turn, request_id)
        return Reply.of(result_card(turn.say, view, refusal_sentence(refusal, turn.say)))
    turn.dialogue.leave()
    return await back_on_card(turn, request_id, turn.say.plain("C’est envoyé. La personne dira si c’est résolu."))


@resumes(FEATURE, draft=False)
async def resume(turn: Turn) -> Reply:
    view = await view_for_team(turn, turn.dialogue.data["request"])
    return await _RESUMED[turn.dialogue.state or _NOTE](turn, view)
