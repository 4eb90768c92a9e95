"""Asking for support: for whom, about what, explained in whatever way is easiest, read back, sent with a promise."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command, Filter
from aiogram.types import CallbackQuery, Message

from council import live_cards
from council.contents import Content
from council.council_choice import council_names
from council.errors import EmptyWords, NotAllowed, Refusal
from council.live_cards import LiveKind
from council.promises import is_outside_hours
from council.resource_actors import list_themes
from council.support import SupportDraft, ask_support, asks_anywhere
from council.support_adding import add_words
from council.support_mine import view_of
from council.working_time import calendar_of
from council.written import written
from handlers.bursts import answered_now, is_burst
from handlers.cards.card import SILENCE, Reply
from handlers.cards.support import AddToRequestPress, AskSupportPress, support_card
from handlers.cards.support_asking import (
    AskBackPress,
    AskCouncilPress,
    Changed,
    ChangePress,
    CouncilsPagePress,
    ForWhomPress,
    KindGroupPress,
    KindPress,
    MoreWordsPress,
    SendRequestPress,
    ThemePress,
    ThemesPagePress,
    WordsDonePress,
    change_card,
    kept_card,
    sent_card,
)
from handlers.cards.support_news import added_card
from handlers.contents import content_of, corrected
from handlers.dialogues import gone_back_to, resumes, use_up
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.numbers import looked_up
from handlers.support_draft import (
    FEATURE,
    Asking,
    Step,
    check_still_theirs,
    councils_to_choose,
    first_step,
    holds_something,
    may_change,
    only_council,
    shown,
    step_after,
    step_before,
    step_of,
)
from handlers.turn import Turn
from storage.support import SupportKind

router = Router(name="support")

THEME_LIMIT = 80
_ASKING = InDialogue(f"{FEATURE}:*")


class OfThisDraft(Filter):
    """A message that was edited after it had been kept in the draft."""

    async def __call__(self, message: Message, turn: Turn) -> bool:
        asking = turn.dialogue.data.get("asking")
        return asking is not None and any(each["message_id"] == message.message_id for each in asking["contents"])


@router.message(Command("demande"))
async def begin_by_command(_message: Message, turn: Turn) -> Reply:
    return await _begin_or_go_on(turn)


@router.callback_query(Pressed(AskSupportPress))
async def begin(_press: CallbackQuery, turn: Turn) -> Reply:
    return await _begin_or_go_on(turn)


@router.callback_query(Pressed(AddToRequestPress))
async def begin_to_add(_press: CallbackQuery, turn: Turn, pressed: AddToRequestPress) -> Reply:
    """The card of the request stays where it is: the question is a new message below it."""
    asking = Asking(turn.update_id, adding_to=pressed.request)
    await check_still_theirs(turn, asking)
    turn.dialogue.leave()
    return Reply.of(await shown(turn, asking, Step.WORDS), fresh=True)


async def _begin_or_go_on(turn: Turn) -> Reply:
    """A request in which something was said already goes on: asking again must not lose it."""
    return await gone_back_to(turn, FEATURE) or await begin_with(turn, ())


async def begin_with(turn: Turn, contents: tuple[Content, ...]) -> Reply:
    """Begins to ask, with what the person has sent already."""
    _ = turn.actor
    use_up(turn, contents)
    asking = Asking(turn.update_id, contents=tuple(each.as_json() for each in contents))
    asking = replace(asking, council=only_council(turn, asking))
    return Reply.of(await shown(turn, asking, first_step(turn)))


@router.callback_query(Pressed(ForWhomPress), InDialogue(Step.FOR_WHOM.state))
async def choose_for_whom(_press: CallbackQuery, turn: Turn, pressed: ForWhomPress) -> Reply:
    asking = replace(Asking.of(turn), for_council=pressed.for_council)
    allowed = councils_to_choose(turn, asking, await council_names(turn.session))
    kept = asking.council if asking.changing and asking.council in allowed else None
    asking = replace(asking, council=only_council(turn, asking) or kept)
    return await _go_on(turn, asking)


@router.callback_query(Pressed(CouncilsPagePress), InDialogue(Step.COUNCIL.state))
async def turn_councils(_press: CallbackQuery, turn: Turn, pressed: CouncilsPagePress) -> Reply:
    return Reply.of(await shown(turn, Asking.of(turn), Step.COUNCIL, page=pressed.page))


@router.callback_query(Pressed(AskCouncilPress), InDialogue(Step.COUNCIL.state))
async def choose_council(_press: CallbackQuery, turn: Turn, pressed: AskCouncilPress) -> Reply:
    asking = Asking.of(turn)
    if pressed.council is None:
        if asking.for_council or not asks_anywhere(turn.actor):
            raise NotAllowed
    elif pressed.council not in councils_to_choose(turn, asking, await council_names(turn.session)):
        raise NotAllowed
    return await _go_on(turn, replace(asking, council=pressed.council))


@router.callback_query(Pressed(KindGroupPress), InDialogue(Step.GROUP.state))
async def choose_group(_press: CallbackQuery, turn: Turn, pressed: KindGroupPress) -> Reply:
    return Reply.of(await shown(turn, replace(Asking.of(turn), group=pressed.group.value), Step.KIND))


@router.callback_query(Pressed(KindPress), InDialogue(Step.GROUP.state, Step.KIND.state))
async def choose_kind(_press: CallbackQuery, turn: Turn, pressed: KindPress) -> Reply:
    asking = Asking.of(turn)
    group = None if step_of(turn) is Step.GROUP else asking.group
    theme = asking.theme if pressed.kind.value == asking.kind else None
    return await _go_on(turn, replace(asking, group=group, kind=pressed.kind.value, theme=theme))


@router.callback_query(Pressed(ThemesPagePress), InDialogue(Step.THEME.state))
async def turn_themes(_press: CallbackQuery, turn: Turn, pressed: ThemesPagePress) -> Reply:
    return Reply.of(await shown(turn, Asking.of(turn), Step.THEME, page=pressed.page))


@router.callback_query(Pressed(ThemePress), InDialogue(Step.THEME.state))
async def choose_theme(_press: CallbackQuery, turn: Turn, pressed: ThemePress) -> Reply:
    """A theme that has left the directory meanwhile: the question again."""
    asking, themes = Asking.of(turn), {each.code: each.name for each in await list_themes(turn.session)}
    if pressed.code and pressed.code not in themes:
        return Reply.of(await shown(turn, asking, Step.THEME))
    return await _go_on(turn, replace(asking, theme=themes.get(pressed.code, "")))


@router.callback_query(Pressed(AskBackPress), _ASKING)
async def go_back(_press: CallbackQuery, turn: Turn) -> Reply:
    asking, step = Asking.of(turn), step_of(turn)
    if asking.changing or step is Step.PREVIEW:
        return Reply.of(await shown(turn, asking, Step.PREVIEW))
    return Reply.of(await shown(turn, asking, step_before(turn, asking, step) or step))


@router.callback_query(Pressed(WordsDonePress), InDialogue(Step.WORDS.state))
async def end_words(_press: CallbackQuery, turn: Turn) -> Reply:
    asking = Asking.of(turn)
    if not asking.contents:
        return Reply.of(await shown(turn, asking, Step.WORDS, trouble=EmptyWords()))
    await leave_live_card(turn)
    if asking.adding_to is not None:
        return await give_words(turn, asking.adding_to, asking.messages, f"{FEATURE}:{asking.key}")
    # Words that came after the button stand below it: what follows is shown below them, where the person looks.
    return await _go_on(turn, asking, fresh=asking.messages[-1].message_id > (turn.message_id or 0))


@router.callback_query(Pressed(MoreWordsPress), InDialogue(Step.PREVIEW.state))
async def write_more(_press: CallbackQuery, turn: Turn) -> Reply:
    return Reply.of(await shown(turn, Asking.of(turn), Step.WORDS))


@router.callback_query(Pressed(ChangePress), InDialogue(Step.PREVIEW.state))
async def change(_press: CallbackQuery, turn: Turn, pressed: ChangePress) -> Reply:
    asking = Asking.of(turn)
    offered = may_change(turn, asking)
    if pressed.what is None:
        return Reply.of(change_card(turn.say, offered))
    if pressed.what not in offered:
        raise NotAllowed
    asking = replace(asking, changing=True)
    match pressed.what:
        case Changed.FOR_WHOM:
            return Reply.of(await shown(turn, asking, Step.FOR_WHOM))
        case Changed.COUNCIL:
            return Reply.of(await shown(turn, asking, Step.COUNCIL))
        case Changed.KIND:
            return Reply.of(await shown(turn, asking, Step.GROUP))
        case Changed.WORDS:
            return Reply.of(await shown(turn, replace(asking, contents=(), changing=False), Step.WORDS))


@router.callback_query(Pressed(SendRequestPress))
async def send(_press: CallbackQuery, turn: Turn, pressed: SendRequestPress) -> Reply:
    """A second tap finds the dialogue over and does nothing."""
    if turn.dialogue.state != Step.PREVIEW.state or Asking.of(turn).key != pressed.key:
        return Reply(toast=turn.say.plain("Ce brouillon n’est plus ouvert."))
    asking = Asking.of(turn)
    if pressed.version != asking.version:
        return Reply.of(await shown(turn, asking, Step.PREVIEW))
    turn.dialogue.end()
    draft = SupportDraft(
        kind=SupportKind(asking.kind or SupportKind.OTHER),
        contents=asking.messages,
        council_id=asking.council,
        for_council=asking.for_council,
        theme=asking.theme or None,
    )
    key = f"{FEATURE}:{asking.key}"
    request = await ask_support(turn.session, turn.clock, turn.programme, turn.actor, draft, key)
    view = await view_of(turn.session, turn.clock, request)
    outside = await is_outside_hours(turn.session, turn.programme, turn.clock.now())
    week = calendar_of(turn.programme).week
    return Reply.of(sent_card(turn.say, view, week, outside_hours=outside), support_card(turn.say, view))


@router.message(_ASKING, is_speech)
async def receive(message: Message, turn: Turn) -> Reply:
    """Whatever is sent at any step is kept; only the theme of an expertise is read as an answer.

    Raises NotRelayable for a poll, a game, a gift.
    """
    if (named := await looked_up(turn, message.text or "")) is not None:
        return named
    asking, step = Asking.of(turn), step_of(turn)
    if step is Step.THEME and message.text is not None:
        try:
            theme = written(message.text, THEME_LIMIT)
        except Refusal as refusal:
            return Reply.of(await shown(turn, asking, Step.THEME, trouble=refusal))
        return await _go_on(turn, replace(asking, theme=theme), fresh=True)
    goes_on = bool(asking.contents) and step is not Step.PREVIEW and is_burst(turn)
    answered_now(turn)
    asking = asking.with_message(content_of(message))
    if goes_on:
        asking.keep(turn, step)
        await live_cards.refresh(turn.session, turn.clock, LiveKind.SUPPORT_DRAFT, turn.actor.person_id)
        return SILENCE
    return Reply.of(await shown(turn, asking, Step.WORDS if step is Step.PREVIEW else step))


@router.edited_message(_ASKING, OfThisDraft())
async def correct(message: Message, turn: Turn) -> Reply:
    """The newer version takes the place of the older one; a preview shows it."""
    asking, step = Asking.of(turn), step_of(turn)
    asking = replace(asking, contents=corrected(asking.contents, content_of(message)) or asking.contents)
    if is_burst(turn):
        asking.keep(turn, step)
        return SILENCE
    if step is Step.WORDS:
        asking.keep(turn, step)
        return Reply.of(kept_card(turn.say, len(asking.contents), turn.actor.person_id, corrected=True))
    return Reply.of(await shown(turn, asking, step))


@resumes(FEATURE, holds=holds_something)
async def resume(turn: Turn) -> Reply:
    return Reply.of(await shown(turn, Asking.of(turn), step_of(turn)))


async def give_words(turn: Turn, request_id: int, contents: tuple[Content, ...], key: str) -> Reply:
    """Writes them to a request, and shows where they are now."""
    added = await add_words(turn.session, turn.clock, turn.programme, turn.actor, request_id, contents, key)
    turn.dialogue.end()
    view = await view_of(turn.session, turn.clock, added.request)
    return Reply.of(added_card(turn.say, view, added.how), support_card(turn.say, view))


async def _go_on(turn: Turn, asking: Asking, *, fresh: bool = False) -> Reply:
    return Reply.of(await shown(turn, asking, step_after(turn, asking, step_of(turn))), fresh=fresh)
