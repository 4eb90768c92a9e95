"""/interpeller: a letter to an institution or to the prefect, written in small questions; help and a pause at each."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command, Filter
from aiogram.types import CallbackQuery, Message

from council.contents import Content, NotRelayable, bare_words
from council.council_choice import council_names
from council.errors import NotAllowed, Refusal
from council.interpellation_drafts import (
    WORDS_LIMIT,
    CouncilLeft,
    Question,
    councils_to_speak_in,
    load_draft,
    readable,
    submit_draft,
)
from council.interpellation_views import view_of
from council.interpellations import Shelf, list_interpellations
from council.support import SupportDraft, ask_support
from council.support_mine import view_of as request_view
from council.written import no_longer
from handlers.awaited import ButtonsAwaited, FileAwaited
from handlers.bursts import answered_now, is_burst
from handlers.cards.card import SILENCE, Reply
from handlers.cards.interpellation import GoOnPress, interpellation_card
from handlers.cards.interpellation_asking import (
    AnonymousPress,
    ChangeWritingPress,
    ClearPress,
    HelpWritingPress,
    LaterPress,
    NextPress,
    PartnerPress,
    PartnersPagePress,
    SendWritingPress,
    Step,
    WhatPress,
    WritingBackPress,
    WritingCouncilPress,
    WritingCouncilsPagePress,
    WritingThemePress,
    WritingThemesPagePress,
    change_card,
    follow_first_card,
)
from handlers.cards.interpellation_given import help_card, kept_card, sent_card
from handlers.cards.interpellation_menu import (
    InterpellationsPress,
    NewInterpellationPress,
    ShelfPress,
    menu_card,
    shelf_card,
)
from handlers.contents import VOICES, content_of
from handlers.dialogues import gone_back_to, resumes, use_up
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.interpellation_draft import (
    FEATURE,
    Writing,
    councils_to_choose,
    for_animator,
    holds_something,
    keep,
    keep_row,
    may_change,
    only_council,
    partners_for,
    shown,
    step_after,
    step_before,
    step_of,
    writing_of,
    written_again,
)
from handlers.interpellation_leavers import council_left
from handlers.live_messages import leave_live_card
from handlers.numbers import looked_up
from handlers.scans import check_arrived
from handlers.turn import Turn
from storage.interpellations import InterpellationKind
from storage.support import ContentKind, SupportKind

router = Router(name="interpellations")

_WRITING = InDialogue(f"{FEATURE}:*")
_FILES = (ContentKind.PHOTO, ContentKind.DOCUMENT, ContentKind.VIDEO, ContentKind.ANIMATION, ContentKind.LOCATION)


class OfThisLetter(Filter):
    """A message that was edited after it had become a part of an answer."""

    async def __call__(self, message: Message, turn: Turn) -> bool:
        kept = turn.dialogue.data.get("writing")
        return kept is not None and any(each[1] == message.message_id for each in kept["said"])


@router.message(Command("interpeller"))
async def open_menu_by_command(_message: Message, turn: Turn) -> Reply:
    return await _menu(turn)


@router.callback_query(Pressed(InterpellationsPress))
async def open_menu(_press: CallbackQuery, turn: Turn) -> Reply:
    return await _menu(turn)


@router.callback_query(Pressed(ShelfPress))
async def open_shelf(_press: CallbackQuery, turn: Turn, pressed: ShelfPress) -> Reply:
    await leave_live_card(turn)
    listed = await list_interpellations(turn.session, turn.clock, turn.actor, pressed.shelf)
    return Reply.of(shelf_card(turn.say, pressed.shelf, listed, pressed.page))


@router.callback_query(Pressed(NewInterpellationPress))
async def begin(_press: CallbackQuery, turn: Turn) -> Reply:
    """A letter in which something was said already goes on: beginning again must not lose it."""
    return await gone_back_to(turn, FEATURE) or await begin_with(turn, ())


async def begin_with(turn: Turn, contents: tuple[Content, ...]) -> Reply:
    """Begins to write, with what the person has sent already: it says what happens."""
    if not councils_to_speak_in(turn.actor):
        return Reply.of(follow_first_card(turn.say))
    use_up(turn, contents)
    writing = Writing(turn.update_id, council=only_council(turn))
    for each in contents:
        try:
            writing = _with(writing, Step.FACTS, each)
        except Refusal:
            continue  # a sticker, a lone emoji: nothing that a letter could say
    return Reply.of(await shown(turn, writing, Step.KIND))


@router.callback_query(Pressed(GoOnPress))
async def go_on_with_draft(_press: CallbackQuery, turn: Turn, pressed: GoOnPress) -> Reply:
    """Where something is missing first, else at the preview."""
    row = await load_draft(turn.session, turn.actor, pressed.interpellation)
    await leave_live_card(turn)
    turn.dialogue.leave()
    for each in turn.dialogue.left:
        if each.feature == FEATURE and each.data["writing"]["row"] == row.id:
            turn.dialogue.let_go(each.mark)  # the same letter, which goes on here
    writing = written_again(row, turn.update_id)
    if all(_is_answered(writing, each) for each in (Step.PARTNER, Step.FACTS, Step.ASKED)):
        return Reply.of(await shown(turn, writing, Step.PREVIEW))
    asked = [each for each in await may_change(turn, writing) if each.question is not None or each is Step.PARTNER]
    open_ones = (each for each in asked if not _is_answered(writing, each))
    return Reply.of(await shown(turn, writing, next(open_ones, Step.PREVIEW)))


@router.callback_query(Pressed(WhatPress), InDialogue(f"{FEATURE}:{Step.KIND}"))
async def choose_kind(_press: CallbackQuery, turn: Turn, pressed: WhatPress) -> Reply:
    """To the prefect, where the programme names one: there is nothing to choose."""
    writing = replace(await writing_of(turn), kind=pressed.kind.value)
    offered = [each.code for each in await partners_for(turn, writing)]
    partner = writing.partner if writing.partner in offered else ""
    if pressed.kind is InterpellationKind.SAISINE and len(offered) == 1:
        partner = offered[0]
    return await _go_on(turn, replace(writing, partner=partner), Step.KIND)


@router.callback_query(Pressed(WritingCouncilsPagePress), InDialogue(f"{FEATURE}:{Step.COUNCIL}"))
async def turn_councils(_press: CallbackQuery, turn: Turn, pressed: WritingCouncilsPagePress) -> Reply:
    return Reply.of(await shown(turn, await writing_of(turn), Step.COUNCIL, page=pressed.page))


@router.callback_query(Pressed(WritingCouncilPress), InDialogue(f"{FEATURE}:{Step.COUNCIL}"))
async def choose_council(_press: CallbackQuery, turn: Turn, pressed: WritingCouncilPress) -> Reply:
    """Another council may have other partners."""
    if pressed.council not in councils_to_choose(turn, await council_names(turn.session)):
        raise NotAllowed
    writing = replace(await writing_of(turn), council=pressed.council)
    offered = [each.code for each in await partners_for(turn, writing)]
    if writing.is_saisine and len(offered) == 1:
        writing = replace(writing, partner=offered[0])
    return await _go_on(turn, writing, Step.COUNCIL)


@router.callback_query(Pressed(PartnersPagePress), InDialogue(f"{FEATURE}:{Step.PARTNER}"))
async def turn_partners(_press: CallbackQuery, turn: Turn, pressed: PartnersPagePress) -> Reply:
    return Reply.of(await shown(turn, await writing_of(turn), Step.PARTNER, page=pressed.page))


@router.callback_query(Pressed(PartnerPress), InDialogue(f"{FEATURE}:{Step.PARTNER}"))
async def choose_partner(_press: CallbackQuery, turn: Turn, pressed: PartnerPress) -> Reply:
    """One that has left the programme's file meanwhile: the question again."""
    writing = await writing_of(turn)
    if pressed.code not in {each.code for each in await partners_for(turn, writing)}:
        return Reply.of(await shown(turn, writing, Step.PARTNER))
    return await _go_on(turn, replace(writing, partner=pressed.code), Step.PARTNER)


@router.callback_query(Pressed(WritingThemesPagePress), InDialogue(f"{FEATURE}:{Step.THEME}"))
async def turn_themes(_press: CallbackQuery, turn: Turn, pressed: WritingThemesPagePress) -> Reply:
    return Reply.of(await shown(turn, await writing_of(turn), Step.THEME, page=pressed.page))


@router.callback_query(Pressed(WritingThemePress), InDialogue(f"{FEATURE}:{Step.THEME}"))
async def choose_theme(_press: CallbackQuery, turn: Turn, pressed: WritingThemePress) -> Reply:
    theme = turn.programme.proposals.theme(pressed.code).code
    return await _go_on(turn, replace(await writing_of(turn), theme=theme), Step.THEME)


@router.callback_query(Pressed(NextPress), _WRITING)
async def next_question(_press: CallbackQuery, turn: Turn) -> Reply:
    """What a letter needs is not passed over: its question stays."""
    writing, step = await writing_of(turn), step_of(turn)
    needed = step in (Step.FACTS, Step.ASKED) and not _is_answered(writing, step)
    if needed or step in (Step.KIND, Step.COUNCIL, Step.NAME, Step.PREVIEW):
        return Reply.of(await shown(turn, writing, step))
    if step is Step.PARTNER and not writing.partner and await partners_for(turn, writing):
        return Reply.of(await shown(turn, writing, step))
    if step is Step.THEME and writing.theme is None:
        writing = replace(writing, theme="")
    return await _go_on(turn, writing, step)


@router.callback_query(Pressed(ClearPress), _WRITING)
async def clear(_press: CallbackQuery, turn: Turn) -> Reply:
    writing, step = await writing_of(turn), step_of(turn)
    if step is Step.EVIDENCE:
        writing = replace(writing, evidence=())
    elif step.question is not None:
        writing = writing.without(step.question)
    return Reply.of(await shown(turn, writing, step))


@router.callback_query(Pressed(AnonymousPress), InDialogue(f"{FEATURE}:{Step.NAME}"))
async def choose_name(_press: CallbackQuery, turn: Turn, pressed: AnonymousPress) -> Reply:
    return await _go_on(turn, replace(await writing_of(turn), anonymous=pressed.anonymous), Step.NAME)


@router.callback_query(Pressed(WritingBackPress), _WRITING)
async def go_back(_press: CallbackQuery, turn: Turn) -> Reply:
    writing, step = await writing_of(turn), step_of(turn)
    if writing.changing or step is Step.PREVIEW:
        return Reply.of(await shown(turn, writing, Step.PREVIEW))
    return Reply.of(await shown(turn, writing, await step_before(turn, writing, step) or step))


@router.callback_query(Pressed(ChangeWritingPress), InDialogue(f"{FEATURE}:{Step.PREVIEW}"))
async def change(_press: CallbackQuery, turn: Turn, pressed: ChangeWritingPress) -> Reply:
    writing = await writing_of(turn)
    offered = await may_change(turn, writing)
    if pressed.step is None:
        return Reply.of(change_card(turn.say, offered))
    if pressed.step not in offered:
        raise NotAllowed
    return Reply.of(await shown(turn, replace(writing, changing=True), pressed.step))


@router.callback_query(Pressed(LaterPress), _WRITING)
async def go_on_later(_press: CallbackQuery, turn: Turn) -> Reply:
    try:
        row = await keep_row(turn, await writing_of(turn))
    except CouncilLeft as refusal:
        return await council_left(turn, refusal)
    turn.dialogue.end()
    return Reply.of(kept_card(turn.say, row.id, row.number))


@router.callback_query(Pressed(HelpWritingPress), _WRITING)
async def ask_for_help(_press: CallbackQuery, turn: Turn) -> Reply:
    """A support request with all that was said; the draft stays. Asked twice about one draft: one request."""
    writing = await writing_of(turn)
    try:
        row = await keep_row(turn, writing) if writing.council is not None and writing.kind is not None else None
    except CouncilLeft as refusal:
        return await council_left(turn, refusal)
    draft = SupportDraft(
        kind=SupportKind.SAISINE if writing.is_saisine else SupportKind.CONTACT,
        contents=for_animator(turn, writing, row.number if row is not None else ""),
        council_id=writing.council,
    )
    key = f"{FEATURE}:help:{row.id if row is not None else writing.key}"
    asked = await ask_support(turn.session, turn.clock, turn.programme, turn.actor, draft, key)
    if row is not None:
        turn.dialogue.end()
    view = await request_view(turn.session, turn.clock, asked)
    return Reply.of(help_card(turn.say, view, row.id if row is not None else None))


@router.callback_query(Pressed(SendWritingPress))
async def send(_press: CallbackQuery, turn: Turn, pressed: SendWritingPress) -> Reply:
    """A second tap finds the dialogue over and does nothing."""
    if turn.dialogue.state != f"{FEATURE}:{Step.PREVIEW}" or (await writing_of(turn)).key != pressed.key:
        return Reply(toast=turn.say.plain("Ce brouillon n’est plus ouvert."))
    writing = await writing_of(turn)
    if pressed.version != writing.version:
        return Reply.of(await shown(turn, writing, Step.PREVIEW))
    try:
        row = await keep_row(turn, writing)
        sent = await submit_draft(turn.session, turn.clock, turn.actor, row.id)
    except CouncilLeft as refusal:
        return await council_left(turn, refusal)
    turn.dialogue.end()
    view = await view_of(turn.session, turn.clock, turn.programme, turn.actor, sent)
    told = sent_card(turn.say, view.number, spoken=not view.is_written)
    return Reply.of(told, interpellation_card(view, turn.say))


@router.message(_WRITING, is_speech)
async def receive(message: Message, turn: Turn) -> Reply:
    """Words, voices and files answer the open question; a flood is answered once."""
    if (named := await looked_up(turn, message.text or "")) is not None:
        return named
    writing, step = await writing_of(turn), step_of(turn)
    had = _is_answered(writing, step)
    try:
        check_arrived(message, turn.file)
        writing = _with(writing, step, content_of(message))
    except Refusal as refusal:
        return SILENCE if is_burst(turn) else Reply.of(await shown(turn, writing, step, trouble=refusal))
    goes_on = had and is_burst(turn)
    answered_now(turn)
    if goes_on:
        await keep(turn, writing, step)
        return SILENCE
    return Reply.of(await shown(turn, writing, step))


@router.edited_message(_WRITING, OfThisLetter())
async def correct(message: Message, turn: Turn) -> Reply:
    """The newer words take the place of the older ones."""
    writing, step = await writing_of(turn), step_of(turn)
    try:
        newer = writing.corrected(message.message_id, readable(message.text or message.caption or ""))
    except Refusal as refusal:
        return Reply.of(await shown(turn, writing, step, trouble=refusal))
    writing = newer or writing
    if is_burst(turn):
        await keep(turn, writing, step)
        return SILENCE
    return Reply.of(await shown(turn, writing, step))


@resumes(FEATURE, holds=holds_something)
async def resume(turn: Turn) -> Reply:
    return Reply.of(await shown(turn, await writing_of(turn), step_of(turn)))


async def _menu(turn: Turn) -> Reply:
    shelves = {each: len(await list_interpellations(turn.session, turn.clock, turn.actor, each)) for each in Shelf}
    await leave_live_card(turn)
    return Reply.of(menu_card(turn.say, shelves))


async def _go_on(turn: Turn, writing: Writing, step: Step) -> Reply:
    return Reply.of(await shown(turn, writing, await step_after(turn, writing, step)))


def _with(writing: Writing, step: Step, content: Content) -> Writing:
    """With one more message at this step.

    Raises:
        ButtonsAwaited, FileAwaited: the step takes something else.
        EmptyWords, TooLong: the words.
        NotRelayable: nothing that a letter could hold.
    """
    question, words = step.question, bare_words(content)
    if question is None and step is not Step.EVIDENCE:
        raise ButtonsAwaited
    if content.kind in _FILES:
        writing = writing.with_file(content)
        return _worded(writing, question, words, content) if question is not None and words.strip() else writing
    if question is None:
        raise FileAwaited
    if content.kind is ContentKind.TEXT:
        return _worded(writing, question, words, content)
    if content.kind in VOICES:
        return writing.with_voice(question, content)
    raise NotRelayable


def _worded(writing: Writing, question: Question, words: str, content: Content) -> Writing:
    made = writing.with_words(question, readable(words), content.message_id)
    no_longer(made.words[question.value], WORDS_LIMIT)
    return made


def _is_answered(writing: Writing, step: Step) -> bool:
    if step is Step.EVIDENCE:
        return bool(writing.evidence)
    if step is Step.PARTNER:
        return bool(writing.partner)
    return step.question is not None and bool(writing.answer(step.question))
