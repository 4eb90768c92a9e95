"""/propositions: what the councils' residents have proposed; reading, supporting, following, reporting, sharing."""

from aiogram import F, Router
from aiogram.filters import Command, Filter
from aiogram.types import CallbackQuery, Message

from council import people
from council.council_choice import find_council, own_council_names
from council.errors import EmptyWords, NotAllowed, NotJoined, OutOfDate
from council.proposal_lists import count_by_theme, list_proposals, search_proposals
from council.proposal_support import NotOfTheCouncil, follow, report, support, unfollow, withdraw_support
from council.proposal_views import ProposalView, view_proposal
from council.public_numbers import only_number
from handlers.buttons import Forged, unpack
from handlers.cards.card import Card, Reply
from handlers.cards.proposal import (
    BackToProposalsPress,
    DonePhotoPress,
    FollowProposalPress,
    JoinItsCouncilPress,
    ProposalMapPress,
    ProposalPress,
    ReadProposalPress,
    ReportProposalPress,
    ReportReasonPress,
    ShareProposalPress,
    SupportProposalPress,
    council_needed_card,
    done_photo_card,
    map_card,
    proposal_card,
    report_card,
    share_card,
    whole_cards,
)
from handlers.cards.proposal_list import (
    A_PAGE,
    FoundProposalsPress,
    ProposalCouncilsPress,
    ProposalsPress,
    SeekProposalsPress,
    ThemesPress,
    councils_card,
    found_card,
    list_card,
    seek_card,
    themes_card,
)
from handlers.cards.refusals import refusal_sentence
from handlers.dialogues import resumes, with_way_back
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.turn import Turn
from storage.dialogue_store import ASIDE

router = Router(name="proposal_list")

FEATURE = "seek"
_SEEKING = f"{FEATURE}:words"
_SOUGHT, _SHOWN = f"{ASIDE}proposals_sought", f"{ASIDE}proposals_shown"
_SOUGHT_LIMIT = 100
"""Characters that are looked for."""


@router.message(Command("propositions"))
async def list_by_command(_message: Message, turn: Turn) -> Reply:
    return Reply.of(await _list(turn, ProposalsPress()))


@router.callback_query(Pressed(ProposalsPress))
async def list_by_press(_press: CallbackQuery, turn: Turn, pressed: ProposalsPress) -> Reply:
    await leave_live_card(turn)
    _stop_seeking(turn)
    return Reply.of(await _list(turn, pressed))


@router.callback_query(Pressed(BackToProposalsPress))
async def go_back(_press: CallbackQuery, turn: Turn) -> Reply:
    """To the page from which the card was opened; to all when that is forgotten."""
    await leave_live_card(turn)
    shown = turn.dialogue.data.get(_SHOWN, "")
    try:
        return Reply.of(await _found(turn, unpack(shown, FoundProposalsPress).page))
    except Forged:
        pass
    try:
        return Reply.of(await _list(turn, unpack(shown, ProposalsPress)))
    except Forged:
        return Reply.of(await _list(turn, ProposalsPress()))


@router.callback_query(Pressed(ThemesPress))
async def choose_theme(_press: CallbackQuery, turn: Turn, pressed: ThemesPress) -> Reply:
    counts = await count_by_theme(turn.session, await _councils(turn, pressed.council))
    return Reply.of(themes_card(turn.say, pressed, turn.programme.proposals, counts))


@router.callback_query(Pressed(ProposalCouncilsPress))
async def choose_council(_press: CallbackQuery, turn: Turn, pressed: ProposalCouncilsPress) -> Reply:
    return Reply.of(councils_card(turn.say, await _councils(turn, None), pressed.page))


@router.callback_query(Pressed(SeekProposalsPress))
async def ask_words(_press: CallbackQuery, turn: Turn) -> Reply:
    if turn.known is None:
        raise NotJoined
    turn.dialogue.begin(_SEEKING)
    return Reply.of(seek_card(turn.say))


class _NamesNothing(Filter):
    """Words to look for: a public number, alone, opens what it names (handlers/numbers.py)."""

    async def __call__(self, message: Message) -> bool:
        return only_number(message.text or "") is None


@router.message(InDialogue(_SEEKING), F.text, is_speech, _NamesNothing())
async def seek(message: Message, turn: Turn) -> Reply:
    """Raises EmptyWords: signs and no word."""
    sought = " ".join((message.text or "").split())[:_SOUGHT_LIMIT]
    if not any(each.isalnum() for each in sought):
        raise EmptyWords
    turn.dialogue.remember(**{_SOUGHT: sought})
    _stop_seeking(turn)
    return Reply.of(await _found(turn, 0))


@resumes(FEATURE, draft=False)
async def resume(turn: Turn) -> Reply:
    return Reply.of(seek_card(turn.say))


@router.callback_query(Pressed(FoundProposalsPress))
async def turn_found_page(_press: CallbackQuery, turn: Turn, pressed: FoundProposalsPress) -> Reply:
    return Reply.of(await _found(turn, pressed.page))


@router.callback_query(Pressed(ProposalPress))
async def open_one(_press: CallbackQuery, turn: Turn, pressed: ProposalPress) -> Reply:
    return Reply.of(await open_proposal(turn, pressed.proposal))


@router.callback_query(Pressed(SupportProposalPress))
async def support_it(_press: CallbackQuery, turn: Turn, pressed: SupportProposalPress) -> Reply:
    if not pressed.on:
        await withdraw_support(turn.session, turn.clock, turn.actor, pressed.proposal)
        return await _changed(turn, pressed.proposal, turn.say.plain("Vous ne la soutenez plus."))
    try:
        await support(turn.session, turn.clock, turn.actor, pressed.proposal)
    except NotOfTheCouncil as refusal:
        await leave_live_card(turn)
        words = refusal_sentence(refusal, turn.say)
        return Reply.of(council_needed_card(turn.say, await _view(turn, pressed.proposal), words))
    return await _changed(turn, pressed.proposal, turn.say.plain("Merci ! Vous la soutenez."))


@router.callback_query(Pressed(JoinItsCouncilPress))
async def join_its_council(_press: CallbackQuery, turn: Turn, pressed: JoinItsCouncilPress) -> Reply:
    """Then one more tap supports it."""
    view = await _view(turn, pressed.proposal)
    await people.follow(turn.session, turn.clock, turn.actor, view.council_id)
    toast = turn.say.plain("Vous suivez ce conseil. Vous pouvez soutenir.")
    return Reply.of(proposal_card(turn.say, view, turn.programme), toast=toast)


@router.callback_query(Pressed(FollowProposalPress))
async def follow_it(_press: CallbackQuery, turn: Turn, pressed: FollowProposalPress) -> Reply:
    if pressed.on:
        await follow(turn.session, turn.clock, turn.actor, pressed.proposal)
        return await _changed(turn, pressed.proposal, turn.say.plain("Je vous dirai la suite."))
    await unfollow(turn.session, turn.clock, turn.actor, pressed.proposal)
    return await _changed(turn, pressed.proposal, turn.say.plain("Vous ne la suivez plus."))


@router.callback_query(Pressed(ReportProposalPress))
async def ask_reason(_press: CallbackQuery, turn: Turn, pressed: ReportProposalPress) -> Reply:
    view = await _view(turn, pressed.proposal)
    await leave_live_card(turn)
    return Reply.of(report_card(turn.say, view))


@router.callback_query(Pressed(ReportReasonPress))
async def report_it(_press: CallbackQuery, turn: Turn, pressed: ReportReasonPress) -> Reply:
    """The card stays away from who has just reported it, when that has hidden it."""
    new = await report(turn.session, turn.clock, turn.programme, turn.actor, pressed.proposal, pressed.reason)
    toast = turn.say.plain("Merci. Nous allons regarder.") if new else turn.say.plain("Vous l’avez déjà dit. Merci.")
    try:
        return Reply.of(await open_proposal(turn, pressed.proposal), toast=toast)
    except NotAllowed:
        return Reply.of(await _list(turn, ProposalsPress()), toast=toast)


@router.callback_query(Pressed(ShareProposalPress))
async def share_it(_press: CallbackQuery, turn: Turn, pressed: ShareProposalPress) -> Reply:
    view = await _view(turn, pressed.proposal)
    if not view.public:
        raise OutOfDate
    return Reply.of(share_card(turn.say, view, turn.bot_username), fresh=True)


@router.callback_query(Pressed(ReadProposalPress))
async def read_whole(_press: CallbackQuery, turn: Turn, pressed: ReadProposalPress) -> Reply:
    return Reply.of(*whole_cards(turn.say, await _view(turn, pressed.proposal)), fresh=True)


@router.callback_query(Pressed(ProposalMapPress))
async def give_map(_press: CallbackQuery, turn: Turn, pressed: ProposalMapPress) -> Reply:
    view = await _view(turn, pressed.proposal)
    if view.latitude is None or view.longitude is None:
        raise OutOfDate
    return Reply.of(map_card(turn.say, view), fresh=True)


@router.callback_query(Pressed(DonePhotoPress))
async def show_done(_press: CallbackQuery, turn: Turn, pressed: DonePhotoPress) -> Reply:
    view = await _view(turn, pressed.proposal)
    if view.done_photo_file_id is None:
        raise OutOfDate
    return Reply.of(done_photo_card(turn.say, view), fresh=True)


async def open_proposal(turn: Turn, proposal_id: int) -> Card:
    """Its card for this reader. Raises NotAllowed."""
    return proposal_card(turn.say, await _view(turn, proposal_id), turn.programme)


async def _view(turn: Turn, proposal_id: int) -> ProposalView:
    return await view_proposal(turn.session, turn.clock, turn.actor, proposal_id)


async def _changed(turn: Turn, proposal_id: int, toast: str) -> Reply:
    return Reply.of(await open_proposal(turn, proposal_id), toast=toast)


async def _list(turn: Turn, asked: ProposalsPress) -> Card:
    councils = await _councils(turn, asked.council)
    listed = await list_proposals(turn.session, councils, asked.page, A_PAGE, theme=asked.theme, order=asked.order)
    turn.dialogue.remember(**{_SHOWN: asked.pack()})
    return list_card(turn.say, listed, asked, councils, turn.programme.proposals)


async def _found(turn: Turn, page: int) -> Card:
    """What was looked for last; all when that is forgotten."""
    sought = turn.dialogue.data.get(_SOUGHT, "")
    if not sought:
        return await _list(turn, ProposalsPress())
    councils = await _councils(turn, None)
    found = await search_proposals(turn.session, councils, sought, page, A_PAGE)
    turn.dialogue.remember(**{_SHOWN: FoundProposalsPress(page).pack()})
    return with_way_back(turn, found_card(turn.say, found, sought))


async def _councils(turn: Turn, council_id: int | None) -> dict[int, str]:
    """Names by id: of that council, or of all that the reader follows. Raises NotAllowed: no such council."""
    mine = await own_council_names(turn.session, turn.actor)
    if council_id is None:
        return mine
    return {council_id: mine.get(council_id) or (await find_council(turn.session, council_id)).name}


def _stop_seeking(turn: Turn) -> None:
    if turn.dialogue.state == _SEEKING:
        turn.dialogue.end()
