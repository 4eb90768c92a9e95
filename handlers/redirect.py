"""Redirecting a request: looking for a resource actor in the directory, and confirming."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from council import resource_actors
from council.resource_actors import open_actor
from council.support_redirect import open_redirectable, redirect, told_by_mail
from documents.support_letters import redirected_letter
from handlers.cards.card import Card, Reply
from handlers.cards.redirect import ask_redirect_card, redirected_card, whom_card
from handlers.cards.resource_actor import RedirectedPress, RedirectPress, RedirectThemesPress, RedirectToPress
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.resource_actors import found_by
from handlers.turn import Turn

router = Router(name="redirect")

FEATURE = "redirect"
_WHOM = f"{FEATURE}:whom"


@router.callback_query(Pressed(RedirectPress))
async def begin(_press: CallbackQuery, turn: Turn, pressed: RedirectPress) -> Reply:
    return Reply.of(await _whom(turn, pressed.request, 0), fresh=True)


@router.callback_query(Pressed(RedirectThemesPress))
async def turn_page(_press: CallbackQuery, turn: Turn, pressed: RedirectThemesPress) -> Reply:
    return Reply.of(await _whom(turn, pressed.request, pressed.page))


@router.message(InDialogue(_WHOM), is_speech)
async def search(message: Message, turn: Turn) -> Reply:
    """What is typed is searched for in the directory."""
    return await found_by(message, turn, int(turn.dialogue.data["request"]))


@router.callback_query(Pressed(RedirectToPress))
async def ask(_press: CallbackQuery, turn: Turn, pressed: RedirectToPress) -> Reply:
    request = await open_redirectable(turn.session, turn.actor, pressed.request)
    view = await open_actor(turn.session, pressed.actor)
    partners = [each.name for each in await told_by_mail(turn.session, turn.programme, request)]
    return Reply.of(ask_redirect_card(turn.say, request.number, view, request.id, partners))


@router.callback_query(Pressed(RedirectedPress))
async def confirm(_press: CallbackQuery, turn: Turn, pressed: RedirectedPress) -> Reply:
    """A second tap finds the request redirected and is told that something has changed."""
    request = await redirect(
        turn.session, turn.clock, turn.programme, turn.actor, pressed.request, pressed.actor, redirected_letter
    )
    turn.dialogue.leave()
    view = await open_actor(turn.session, pressed.actor)
    partners = [each.name for each in await told_by_mail(turn.session, turn.programme, request)]
    return Reply.of(redirected_card(turn.say, request.number, view, partners))


@resumes(FEATURE, draft=False)
async def resume(turn: Turn) -> Reply:
    return Reply.of(await _whom(turn, int(turn.dialogue.data["request"]), 0))


async def _whom(turn: Turn, request_id: int, page: int) -> Card:
    request = await open_redirectable(turn.session, turn.actor, request_id)
    turn.dialogue.begin(_WHOM, request=request.id)
    themes = await resource_actors.list_themes(turn.session)
    return whom_card(turn.say, request.number, themes, page, request.id)
