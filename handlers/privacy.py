"""/privacy, /mesdonnees, /supprimer."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from council.privacy import erase_person, export_person
from documents.my_data import my_data
from handlers.cards.card import Reply
from handlers.cards.privacy import (
    ErasePress,
    LeavePress,
    MyDataPress,
    PrivacyPress,
    WholeNoticePress,
    erased_card,
    leave_card,
    my_data_cards,
    privacy_card,
    whole_notice_card,
)
from handlers.filters import Pressed
from handlers.turn import Turn

router = Router(name="privacy")


@router.message(Command("privacy"))
@router.callback_query(Pressed(PrivacyPress))
async def open_notice(_event: Message | CallbackQuery, turn: Turn) -> Reply:
    return Reply.of(privacy_card(turn.programme, turn.known, turn.say))


@router.callback_query(Pressed(WholeNoticePress))
async def read_all(_press: CallbackQuery, turn: Turn, pressed: WholeNoticePress) -> Reply:
    return Reply.of(whole_notice_card(turn.programme, turn.say, in_french=pressed.in_french))


@router.message(Command("mesdonnees"))
@router.callback_query(Pressed(MyDataPress))
async def send_my_data(_event: Message | CallbackQuery, turn: Turn) -> Reply:
    themes = {each.code: each.called(turn.say.language) for each in turn.programme.proposals.offered}
    files = my_data(await export_person(turn.session, turn.actor.person_id), turn.say, turn.clock.now(), themes)
    return Reply.of(*my_data_cards(files.page, files.data, turn.say), fresh=True)


@router.message(Command("supprimer"))
@router.callback_query(Pressed(LeavePress))
async def ask_before_erasing(_event: Message | CallbackQuery, turn: Turn) -> Reply:
    return Reply.of(leave_card(turn.actor, turn.say))


@router.callback_query(Pressed(ErasePress))
async def erase(_press: CallbackQuery, turn: Turn) -> Reply:
    if turn.known is not None:  # a second tap finds nobody any more, and is answered like the first
        await erase_person(turn.session, turn.clock, turn.known)
        turn.dialogue.forget()
        turn.known = None
    return Reply.of(erased_card(turn.say))
