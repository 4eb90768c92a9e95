"""The council's vote: what members say, the view that differs, and a lead who confirms the result."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message
from markupsafe import escape

from council.errors import NotAllowed, OutOfDate, Refusal
from council.interpellation_views import InterpellationView
from council.interpellation_votes import (
    POSITION_LIMIT,
    VIEW_LIMIT,
    Outcome,
    check_confirms,
    confirm,
    dissent,
    outcome_of,
    vote,
    vote_again,
    write_view,
)
from council.written import written
from handlers.awaited import WordsAwaited
from handlers.cards.card import Card, Reply
from handlers.cards.interpellation import ConfirmVotePress, ViewPress, VotePress
from handlers.cards.interpellation_more import (
    ResultPress,
    VoteAgainPress,
    confirm_card,
    offered_position,
    view_card,
)
from handlers.cards.interpellation_words import choice_words
from handlers.cards.refusals import refusal_sentence
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.interpellation_signing import as_it_is, card_of, seen
from handlers.live_messages import leave_live_card
from handlers.turn import Turn
from locales.translator import REFERENCE, translator
from storage.interpellations import VoteChoice

router = Router(name="interpellation_votes")

FEATURE = "ivote"
_VIEW, _POSITION = f"{FEATURE}:view", f"{FEATURE}:position"


@router.callback_query(Pressed(VotePress))
async def vote_on_it(_press: CallbackQuery, turn: Turn, pressed: VotePress) -> Reply:
    number = pressed.interpellation
    try:
        await vote(turn.session, turn.clock, turn.actor, number, pressed.choice)
    except Refusal as refusal:
        return await as_it_is(turn, number, refusal)
    said = turn.say.plain("Vote gardé : {choice}", choice=choice_words(turn.say, pressed.choice))
    return Reply.of(await card_of(turn, number), toast=said)


@router.callback_query(Pressed(ViewPress))
async def ask_view(_press: CallbackQuery, turn: Turn, pressed: ViewPress) -> Reply:
    view = await seen(turn, pressed.interpellation)
    if not view.vote_runs or view.my_vote not in (VoteChoice.AGAINST, VoteChoice.ABSTAIN):
        return await as_it_is(turn, view.id, OutOfDate())
    await leave_live_card(turn)
    turn.dialogue.begin(_VIEW, interpellation=view.id)
    return Reply.of(view_card(turn.say, view))


@router.message(InDialogue(_VIEW), is_speech)
async def receive_view(message: Message, turn: Turn) -> Reply:
    """Too late: the card says so."""
    number = turn.dialogue.data["interpellation"]
    try:
        if message.text is None:
            raise WordsAwaited
        words = written(message.text, VIEW_LIMIT)
    except Refusal as refusal:
        view = await seen(turn, number)
        return Reply.of(view_card(turn.say, view, refusal_sentence(refusal, turn.say)))
    turn.dialogue.end()
    try:
        await write_view(turn.session, turn.clock, turn.actor, number, words)
    except Refusal as refusal:
        return await _told(turn, number, refusal)
    return Reply.of(Card(turn.say("✅ Votre avis est gardé, comme vous l’avez écrit.")), await card_of(turn, number))


@router.callback_query(Pressed(ConfirmVotePress))
async def look_at_result(_press: CallbackQuery, turn: Turn, pressed: ConfirmVotePress) -> Reply:
    view = await seen(turn, pressed.interpellation)
    await check_confirms(turn.session, turn.actor, view.council_id)
    if not view.awaits_confirmation:
        return await as_it_is(turn, view.id, OutOfDate())
    await leave_live_card(turn)
    return Reply.of(await _result(turn, view, ""))


@router.message(InDialogue(_POSITION), is_speech)
async def receive_position(message: Message, turn: Turn) -> Reply:
    """Other words for the result; the votes stay what they are."""
    view = await seen(turn, turn.dialogue.data["interpellation"])
    kept = turn.dialogue.data["position"]
    try:
        if message.text is None:
            raise WordsAwaited
        position = written(message.text, POSITION_LIMIT)
    except Refusal as refusal:
        return Reply.of(await _result(turn, view, kept, refusal_sentence(refusal, turn.say)))
    return Reply.of(await _result(turn, view, position))


@router.callback_query(Pressed(ResultPress))
async def confirm_result(_press: CallbackQuery, turn: Turn, pressed: ResultPress) -> Reply:
    """With the words that a lead has written, or those that the count offers."""
    number = pressed.interpellation
    view = await seen(turn, number)
    data = turn.dialogue.data if turn.dialogue.state == _POSITION else {}
    position = data.get("position", "") if data.get("interpellation") == number else ""
    french = translator(REFERENCE, turn.programme.timezone)
    offered = offered_position(french, view, _outcome(view), adopted=pressed.adopted)
    _finish(turn)
    try:
        await confirm(
            turn.session,
            turn.clock,
            turn.actor,
            number,
            pressed.revision,
            position or offered,
            adopted=pressed.adopted,
        )
    except Refusal as refusal:
        return await as_it_is(turn, number, refusal)
    return Reply.of(await card_of(turn, number), toast=turn.say.plain("C’est confirmé. Tout le monde est prévenu."))


@router.callback_query(Pressed(VoteAgainPress))
async def prolong_vote(_press: CallbackQuery, turn: Turn, pressed: VoteAgainPress) -> Reply:
    number = pressed.interpellation
    _finish(turn)
    try:
        await vote_again(turn.session, turn.clock, turn.programme, turn.actor, number, pressed.revision)
    except Refusal as refusal:
        return await as_it_is(turn, number, refusal)
    return Reply.of(await card_of(turn, number), toast=turn.say.plain("Le vote continue."))


@resumes(FEATURE, draft=False)
async def resume(turn: Turn) -> Reply:
    view = await seen(turn, turn.dialogue.data["interpellation"])
    if turn.dialogue.state == _VIEW:
        return Reply.of(view_card(turn.say, view))
    return Reply.of(await _result(turn, view, turn.dialogue.data["position"]))


async def _result(turn: Turn, view: InterpellationView, position: str, trouble: str = "") -> Card:
    """`position` "": the words that the count offers, which nobody has changed."""
    turn.dialogue.begin(_POSITION, interpellation=view.id, position=position)
    outcome = _outcome(view)
    french = translator(REFERENCE, turn.programme.timezone)
    words = position
    if not words and outcome is not Outcome.NO_VOTE:
        words = offered_position(french, view, outcome, adopted=outcome is Outcome.FOR)
    views = await dissent(turn.session, view.id)
    return confirm_card(turn.say, view, outcome, words, views, trouble)


def _finish(turn: Turn) -> None:
    """A result is looked at no longer; a press may come from an older card."""
    if turn.dialogue.state == _POSITION:
        turn.dialogue.end()


def _outcome(view: InterpellationView) -> Outcome:
    return outcome_of(view.votes, has_members=view.has_members)


async def _told(turn: Turn, number: int, refusal: Refusal) -> Reply:
    """Why not, above the card as it is: what was typed has no window to show it in."""
    if isinstance(refusal, NotAllowed):
        raise refusal
    return Reply.of(Card(escape(refusal_sentence(refusal, turn.say))), await card_of(turn, number))
