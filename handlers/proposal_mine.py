"""One's own proposals: the list, correcting what was sent back, the text of a voice, and taking one back."""

from dataclasses import replace

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from council.errors import NotAllowed, OutOfDate, Refusal
from council.proposal_mine import followed, mine, to_correct
from council.proposal_moderation import DecidedAlready
from council.proposal_originals import originals_of, told_by
from council.proposal_views import view_of
from council.proposals import load_mine, withdraw_proposal, write_words
from handlers.awaited import WordsAwaited
from handlers.bursts import is_burst
from handlers.cards.card import SILENCE, Card, Lines, Reply
from handlers.cards.proposal import proposal_card
from handlers.cards.proposal_author import (
    CorrectPress,
    HearMinePress,
    MyProposalsPress,
    WithdrawnPress,
    WithdrawPress,
    WriteMinePress,
)
from handlers.cards.proposal_mine import (
    FollowedPress,
    back_to_row,
    followed_card,
    mine_card,
    withdraw_card,
    write_card,
)
from handlers.cards.proposal_originals import original_cards
from handlers.dialogues import gone_back_to, resumes, with_way_back
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.proposal_draft import FEATURE as IDEA
from handlers.proposal_draft import Idea, Step, is_of, shown
from handlers.turn import Turn
from storage.proposals import UNPUBLISHED, Proposal

router = Router(name="proposal_mine")

FEATURE = "ownwords"
_WRITING = f"{FEATURE}:text"


@router.callback_query(Pressed(MyProposalsPress))
async def list_mine(_press: CallbackQuery, turn: Turn, pressed: MyProposalsPress) -> Reply:
    """Somebody who has only past ones is shown those."""
    open_ones, past_ones = (
        await mine(turn.session, turn.actor),
        await mine(turn.session, turn.actor, past=True),
    )
    past = pressed.past
    if not (past_ones if past else open_ones) and (open_ones if past else past_ones):
        past = not past
    listed, others = (past_ones, open_ones) if past else (open_ones, past_ones)
    following = len(await followed(turn.session, turn.actor))
    await leave_live_card(turn)
    card = mine_card(turn.say, listed, past=past, page=pressed.page, others=len(others), followed=following)
    return Reply.of(card)


@router.callback_query(Pressed(FollowedPress))
async def list_followed(_press: CallbackQuery, turn: Turn, pressed: FollowedPress) -> Reply:
    return Reply.of(followed_card(turn.say, await followed(turn.session, turn.actor), pressed.page))


@router.callback_query(Pressed(CorrectPress))
async def begin_to_correct(_press: CallbackQuery, turn: Turn, pressed: CorrectPress) -> Reply:
    """Everything as it was sent, to change what is needed; what was being written is left, and not lost."""
    try:
        proposal = await to_correct(turn.session, turn.actor, pressed.proposal)
    except OutOfDate:
        return await _as_it_is(turn, await load_mine(turn.session, turn.actor, pressed.proposal))
    await leave_live_card(turn)
    if correction := await gone_back_to(turn, IDEA, is_of(proposal.id)):
        return correction
    turn.dialogue.leave()
    idea = Idea.of_proposal(turn.update_id, proposal)
    return Reply.of(await shown(turn, idea, Step.PREVIEW), fresh=True)


@router.callback_query(Pressed(HearMinePress))
async def hear_again(_press: CallbackQuery, turn: Turn, pressed: HearMinePress) -> Reply:
    """Raises NotAllowed when nothing of it is kept."""
    originals = originals_of(await load_mine(turn.session, turn.actor, pressed.proposal))
    if not originals:
        raise NotAllowed
    return Reply.of(*original_cards(originals, (back_to_row(turn.say, pressed.proposal),)), fresh=True)


@router.callback_query(Pressed(WithdrawPress))
async def ask_to_withdraw(_press: CallbackQuery, turn: Turn, pressed: WithdrawPress) -> Reply:
    proposal = await load_mine(turn.session, turn.actor, pressed.proposal)
    if proposal.state not in UNPUBLISHED:
        return await _as_it_is(turn, proposal)
    await leave_live_card(turn)
    return Reply.of(withdraw_card(turn.say, await view_of(turn.session, turn.actor, proposal)))


@router.callback_query(Pressed(WithdrawnPress))
async def withdraw(_press: CallbackQuery, turn: Turn, pressed: WithdrawnPress) -> Reply:
    """Published or ended meanwhile: its card says how."""
    try:
        proposal = await withdraw_proposal(turn.session, turn.clock, turn.actor, pressed.proposal)
    except OutOfDate:
        return await _as_it_is(turn, await load_mine(turn.session, turn.actor, pressed.proposal))
    return await _shown(turn, proposal, turn.say.plain("C’est retiré."))


@router.callback_query(Pressed(WriteMinePress))
async def ask_to_write(_press: CallbackQuery, turn: Turn, pressed: WriteMinePress) -> Reply:
    proposal = await load_mine(turn.session, turn.actor, pressed.proposal)
    if proposal.state not in UNPUBLISHED:
        return await _as_it_is(turn, proposal)
    await leave_live_card(turn)
    turn.dialogue.begin(_WRITING, proposal=proposal.id, revision=proposal.revision)
    return Reply.of(await _ask_words(turn))


@router.message(InDialogue(_WRITING), is_speech)
async def write(message: Message, turn: Turn) -> Reply:
    proposal_id, revision = turn.dialogue.data["proposal"], turn.dialogue.data.get("revision", 0)
    if message.text is None:
        return SILENCE if is_burst(turn) else Reply.of(await _ask_words(turn, WordsAwaited()))
    try:
        proposal = await write_words(turn.session, turn.clock, turn.actor, proposal_id, revision, message.text)
    except (OutOfDate, DecidedAlready):
        turn.dialogue.end()
        as_now = await _as_it_is(turn, await load_mine(turn.session, turn.actor, proposal_id))
        # Over what was typed no small word is shown.
        return replace(as_now, cards=(Card(Lines().add(as_now.toast).text), *as_now.cards))
    except NotAllowed:
        turn.dialogue.end()
        raise
    except Refusal as refusal:
        return Reply.of(await _ask_words(turn, refusal))
    turn.dialogue.end()
    return await _shown(turn, proposal)


@resumes(FEATURE, draft=False)
async def resume(turn: Turn) -> Reply:
    return Reply.of(await _ask_words(turn))


async def _ask_words(turn: Turn, trouble: Refusal | None = None) -> Card:
    proposal = await load_mine(turn.session, turn.actor, turn.dialogue.data["proposal"])
    return write_card(turn.say, proposal.id, told_by(originals_of(proposal)), trouble)


async def _as_it_is(turn: Turn, proposal: Proposal) -> Reply:
    return await _shown(turn, proposal, turn.say.plain("Cela a changé. Voici votre proposition."))


async def _shown(turn: Turn, proposal: Proposal, toast: str = "") -> Reply:
    """Its card, with the way back into what was begun."""
    card = proposal_card(turn.say, await view_of(turn.session, turn.actor, proposal), turn.programme)
    return Reply.of(with_way_back(turn, card), toast=toast)
