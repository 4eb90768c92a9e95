"""Importing the directory from a sheet that is sent in the chat: preview, then confirmation; nothing written before."""

from dataclasses import asdict
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from council.errors import OutOfDate, Refusal
from council.resource_actors import check_keeps_directory
from council.resource_import import ImportPlan, LineProblem, LineTrouble, carry_out_import, plan_import
from documents.resource_sheet import SHEET_LIMIT, SheetLine, read_resource_sheet
from documents.sheet_reading import SheetUnreadable
from handlers.cards.card import Reply
from handlers.cards.resource_actor import SheetPress
from handlers.cards.resource_sheet import (
    ImportSheetPress,
    SheetPreviewPress,
    SheetProblemsPress,
    imported_card,
    send_sheet_card,
    sheet_preview_card,
    sheet_problems_card,
)
from handlers.dialogues import resumes
from handlers.files import wants_file
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.turn import Turn

router = Router(name="resource_sheet")

FEATURE = "sheet"
_FILE, _PREVIEW = f"{FEATURE}:file", f"{FEATURE}:preview"
_SENDING = InDialogue(_FILE, _PREVIEW)

for _state in (_FILE, _PREVIEW):  # at the preview another file takes the place of the first
    wants_file(_state, limit=SHEET_LIMIT, read=lambda _name, content: read_resource_sheet(content))


@router.callback_query(Pressed(SheetPress))
async def begin(_press: CallbackQuery, turn: Turn) -> Reply:
    check_keeps_directory(turn.actor)
    turn.dialogue.begin(_FILE)
    return Reply.of(send_sheet_card(turn.say))


@router.message(_SENDING, is_speech)
async def receive(_message: Message, turn: Turn) -> Reply:
    try:
        if turn.file is None:
            raise SheetUnreadable
        lines: list[SheetLine] = turn.file.opened()
        plan = await plan_import(turn.session, turn.actor, [(each.number, each.cells) for each in lines])
    except Refusal as refusal:
        return Reply.of(send_sheet_card(turn.say, refusal))
    turn.dialogue.go(_PREVIEW, key=turn.update_id, plan=asdict(plan))
    return Reply.of(sheet_preview_card(turn.say, plan, turn.update_id))


@router.callback_query(Pressed(SheetProblemsPress), InDialogue(_PREVIEW))
async def show_problems(_press: CallbackQuery, turn: Turn, pressed: SheetProblemsPress) -> Reply:
    return Reply.of(sheet_problems_card(turn.say, _plan(turn).problems, pressed.page))


@router.callback_query(Pressed(SheetPreviewPress), InDialogue(_PREVIEW))
async def show_preview(_press: CallbackQuery, turn: Turn) -> Reply:
    return Reply.of(sheet_preview_card(turn.say, _plan(turn), turn.dialogue.data["key"]))


@router.callback_query(Pressed(ImportSheetPress))
async def carry_out(_press: CallbackQuery, turn: Turn, pressed: ImportSheetPress) -> Reply:
    """A second tap finds the dialogue over. Raises OutOfDate when another sheet was sent since."""
    if turn.dialogue.state != _PREVIEW or turn.dialogue.data["key"] != pressed.key:
        raise OutOfDate
    new, changed = await carry_out_import(turn.session, turn.clock, turn.actor, _plan(turn).entries)
    turn.dialogue.end()
    return Reply.of(imported_card(turn.say, new, changed))


@resumes(FEATURE, draft=False)
async def resume(turn: Turn) -> Reply:
    if turn.dialogue.state == _PREVIEW:
        return Reply.of(sheet_preview_card(turn.say, _plan(turn), turn.dialogue.data["key"]))
    return Reply.of(send_sheet_card(turn.say))


def _plan(turn: Turn) -> ImportPlan:
    kept: dict[str, Any] = turn.dialogue.data["plan"]
    problems = (LineProblem(each["number"], LineTrouble(each["trouble"]), each["detail"]) for each in kept["problems"])
    return ImportPlan(**{**kept, "problems": tuple(problems)})
