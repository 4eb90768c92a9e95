"""The moderators' desk: what waits, one text at a time, and what is done with it by one tap or in a short dialogue."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from council.errors import NotAllowed, NotJoined, OutOfDate, Refusal
from council.proposal_desk import DeskView, open_desk, queue_of
from council.proposal_moderation import DecidedAlready, OwnWords, merge, publish, show_again
from council.proposal_near import near_proposals, proposal_named
from council.proposal_stale import stale_proposals
from council.proposals import write_place, write_words
from handlers.awaited import WordsAwaited
from handlers.bursts import is_burst
from handlers.cards.card import SILENCE, Card, Lines, Reply
from handlers.cards.moderation import (
    JoinedPress,
    JoinPress,
    JoinWithPress,
    ModerationPress,
    OriginalsPress,
    PublishPress,
    ShowAgainPress,
    StalePress,
    WritePlacePress,
    WriteTextPress,
    WriteTitlePress,
    desk_card,
    desk_cards,
    join_card,
    join_sure_card,
    queue_card,
    sent_cards,
    write_place_card,
    write_text_card,
    write_title_card,
)
from handlers.cards.proposal_stale import stale_card
from handlers.cards.proposal_treatment import DeskPress
from handlers.cards.refusals import refusal_sentence
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.turn import Turn
from storage.proposals import ProposalState

router = Router(name="moderation")

FEATURE = "moderating"
_TITLE, _TEXT, _PLACE, _OTHER = f"{FEATURE}:title", f"{FEATURE}:text", f"{FEATURE}:place", f"{FEATURE}:other"
_WRITING = {_TITLE: write_title_card, _TEXT: write_text_card, _PLACE: write_place_card}
_NEAR = 5


@router.message(Command("moderation"))
async def show_queue_by_command(_message: Message, turn: Turn) -> Reply:
    return await show_queue(turn)


@router.callback_query(Pressed(ModerationPress))
async def turn_page(_press: CallbackQuery, turn: Turn, pressed: ModerationPress) -> Reply:
    await leave_live_card(turn)
    return await show_queue(turn, page=pressed.page)


@router.callback_query(Pressed(StalePress))
async def list_stale(_press: CallbackQuery, turn: Turn, pressed: StalePress) -> Reply:
    if not (turn.actor.is_coordinator or turn.actor.managed_councils):
        raise NotAllowed
    if pressed.council is not None and not turn.actor.manages(pressed.council):
        raise NotAllowed
    stale = await stale_proposals(turn.session, turn.clock, turn.programme, turn.actor, pressed.council)
    return Reply.of(stale_card(turn.say, stale, pressed.council, pressed.page))


@router.callback_query(Pressed(DeskPress))
async def open_one(_press: CallbackQuery, turn: Turn, pressed: DeskPress) -> Reply:
    """A dialogue about the text that led away from it is over."""
    if turn.dialogue.data.get("proposal") == pressed.proposal:
        turn.dialogue.end()
    cards = desk_cards(turn.say, await open_desk(turn.session, turn.actor, pressed.proposal), turn.programme)
    return Reply.of(*cards, fresh=len(cards) > 1)


@router.callback_query(Pressed(OriginalsPress))
async def send_originals(_press: CallbackQuery, turn: Turn, pressed: OriginalsPress) -> Reply:
    view = await open_desk(turn.session, turn.actor, pressed.proposal)
    return Reply.of(*sent_cards(turn.say, view), fresh=True)


@router.callback_query(Pressed(PublishPress))
async def publish_it(_press: CallbackQuery, turn: Turn, pressed: PublishPress) -> Reply:
    try:
        proposal = await publish(turn.session, turn.clock, turn.actor, pressed.proposal, pressed.revision)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.proposal, refusal)
    return await on_to_the_next(turn, turn.say.plain("✅ {number} est publiée.", number=proposal.number))


@router.callback_query(Pressed(ShowAgainPress))
async def show_it_again(_press: CallbackQuery, turn: Turn, pressed: ShowAgainPress) -> Reply:
    try:
        proposal = await show_again(turn.session, turn.clock, turn.actor, pressed.proposal, pressed.revision)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.proposal, refusal)
    return await on_to_the_next(turn, turn.say.plain("👁 {number} est de nouveau visible.", number=proposal.number))


@router.callback_query(Pressed(WriteTitlePress))
async def ask_title(_press: CallbackQuery, turn: Turn, pressed: WriteTitlePress) -> Reply:
    return await _begin_writing(turn, _TITLE, pressed.proposal)


@router.callback_query(Pressed(WriteTextPress))
async def ask_text(_press: CallbackQuery, turn: Turn, pressed: WriteTextPress) -> Reply:
    return await _begin_writing(turn, _TEXT, pressed.proposal)


@router.callback_query(Pressed(WritePlacePress))
async def ask_place(_press: CallbackQuery, turn: Turn, pressed: WritePlacePress) -> Reply:
    return await _begin_writing(turn, _PLACE, pressed.proposal)


@router.message(InDialogue(*_WRITING), is_speech)
async def receive_writing(message: Message, turn: Turn) -> Reply:
    """Over what somebody else wrote meanwhile nothing is written: the reader sees it first."""
    view = await open_desk(turn.session, turn.actor, turn.dialogue.data["proposal"])
    ask = _WRITING[str(turn.dialogue.state)]
    if message.text is None:
        return SILENCE if is_burst(turn) else Reply.of(ask(turn.say, view, refusal_sentence(WordsAwaited(), turn.say)))
    try:
        _check_may_write(view)
        await _write(turn, view, turn.dialogue.data.get("revision", view.revision), message.text)
    except (NotAllowed, NotJoined):
        raise
    except (OutOfDate, OwnWords, DecidedAlready) as refusal:
        turn.dialogue.end()
        as_now = await as_it_is(turn, view.id, refusal)
        return replace(as_now, cards=(Card(Lines().add(refusal_sentence(refusal, turn.say)).text), *as_now.cards))
    except Refusal as refusal:
        return Reply.of(ask(turn.say, view, refusal_sentence(refusal, turn.say)))
    turn.dialogue.end()
    return Reply.of(desk_card(turn.say, await open_desk(turn.session, turn.actor, view.id), turn.programme))


@router.callback_query(Pressed(JoinPress))
async def ask_which(_press: CallbackQuery, turn: Turn, pressed: JoinPress) -> Reply:
    view = await open_desk(turn.session, turn.actor, pressed.proposal)
    if view.mine:
        return await as_it_is(turn, view.id, OwnWords())
    await leave_live_card(turn)
    turn.dialogue.begin(_OTHER, proposal=view.id)
    return Reply.of(await _which_card(turn, view))


@router.message(InDialogue(_OTHER), is_speech)
async def receive_number(message: Message, turn: Turn) -> Reply:
    view = await open_desk(turn.session, turn.actor, turn.dialogue.data["proposal"])
    try:
        other = await proposal_named(turn.session, turn.actor, view.id, message.text or "")
    except (NotAllowed, NotJoined):
        raise
    except Refusal as refusal:
        if message.text is None and is_burst(turn):
            return SILENCE
        return Reply.of(await _which_card(turn, view, refusal_sentence(refusal, turn.say)))
    return await _ask_whether_one(turn, view, other)


@router.callback_query(Pressed(JoinWithPress))
async def show_both(_press: CallbackQuery, turn: Turn, pressed: JoinWithPress) -> Reply:
    return await _ask_whether_one(turn, await open_desk(turn.session, turn.actor, pressed.proposal), pressed.into)


@router.callback_query(Pressed(JoinedPress))
async def join_them(_press: CallbackQuery, turn: Turn, pressed: JoinedPress) -> Reply:
    turn.dialogue.leave()
    try:
        into = await merge(turn.session, turn.clock, turn.actor, pressed.proposal, pressed.revision, pressed.into)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.proposal, refusal)
    return await on_to_the_next(turn, turn.say.plain("🔗 C’est réuni à {number}.", number=into.number))


@resumes(FEATURE, draft=False)
async def resume(turn: Turn) -> Reply:
    view = await open_desk(turn.session, turn.actor, turn.dialogue.data["proposal"])
    if turn.dialogue.state == _OTHER:
        return Reply.of(await _which_card(turn, view))
    return Reply.of(_WRITING[str(turn.dialogue.state)](turn.say, view, ""))


async def show_queue(turn: Turn, done: str = "", page: int = 0) -> Reply:
    """What waits for this moderator."""
    return Reply.of(queue_card(turn.say, await queue_of(turn.session, turn.actor), page, done))


async def on_to_the_next(turn: Turn, done: str) -> Reply:
    """After a decision: what was done, and what waits still."""
    await leave_live_card(turn)
    return await show_queue(turn, done)


async def as_it_is(turn: Turn, proposal_id: int, refusal: Refusal) -> Reply:
    """Why not, over the text as it stands now. Raises what is no matter of time but of rights."""
    if isinstance(refusal, NotAllowed | NotJoined):
        raise refusal
    turn.session.expire_all()  # what was read before somebody else changed it
    card = desk_card(turn.say, await open_desk(turn.session, turn.actor, proposal_id), turn.programme)
    own_tap = isinstance(refusal, DecidedAlready) and not refusal.name
    return Reply.of(card, toast=refusal_sentence(refusal, turn.say), alert=not own_tap)


async def _ask_whether_one(turn: Turn, view: DeskView, into_id: int) -> Reply:
    into = await open_desk(turn.session, turn.actor, into_id)
    turn.dialogue.leave()
    await leave_live_card(turn)
    return Reply.of(join_sure_card(turn.say, view, into))


async def _which_card(turn: Turn, view: DeskView, trouble: str = "") -> Card:
    near = await near_proposals(turn.session, turn.actor, view.id, _NEAR)
    return join_card(turn.say, view, near, trouble)


async def _begin_writing(turn: Turn, state: str, proposal_id: int) -> Reply:
    """Asks a moderator for a title, a text, a place; the message shows the question from now on."""
    view = await open_desk(turn.session, turn.actor, proposal_id)
    _check_may_write(view)
    await leave_live_card(turn)
    turn.dialogue.begin(state, proposal=view.id, revision=view.revision)
    return Reply.of(_WRITING[state](turn.say, view, ""))


async def _write(turn: Turn, view: DeskView, revision: int, said: str) -> None:
    """What was asked for, unless the text is another than the one that was shown with the question."""
    session, clock, actor = turn.session, turn.clock, turn.actor
    if turn.dialogue.state == _PLACE:
        await write_place(session, clock, actor, view.id, revision, said)
    elif turn.dialogue.state == _TITLE:
        await write_words(session, clock, actor, view.id, revision, view.words, said.strip())
    else:
        await write_words(session, clock, actor, view.id, revision, said, view.title or None)


def _check_may_write(view: DeskView) -> None:
    """Raises OwnWords, OutOfDate."""
    if view.mine:
        raise OwnWords
    if view.state is not ProposalState.SUBMITTED:
        raise OutOfDate
