"""Putting a request in its place: its kind, its council, its meeting, another request that it has to do with."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from council.errors import NotAllowed, OutOfDate, Refusal
from council.public_numbers import Series, read_number
from council.support_near import NearRequest, find_request, near_requests
from council.support_overview import TeamView
from council.support_sorting import attach_meeting, link, meetings_to_attach, merge, qualify
from council.support_views import councils_sought
from handlers.awaited import WordsAwaited
from handlers.cards.card import Reply
from handlers.cards.refusals import refusal_sentence
from handlers.cards.request import (
    AttachPress,
    CouncilChosenPress,
    KindChosenPress,
    LinkPress,
    MeetingChosenPress,
    MergePress,
    OtherChosenPress,
    RelatePress,
    SortCouncilPress,
    SortKindPress,
)
from handlers.cards.request_work import councils_card, kinds_card, meetings_card, other_card, relate_card
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.requests import view_for_team
from handlers.requests_work import OTHER, as_it_is, back_on_card, resumes_request
from handlers.turn import Turn

router = Router(name="requests_sort")

_MEETINGS, _NEAR = 8, 5


@router.callback_query(Pressed(SortKindPress))
async def ask_kind(_press: CallbackQuery, turn: Turn, pressed: SortKindPress) -> Reply:
    view = await _opened(turn, pressed.request)
    return Reply.of(kinds_card(turn.say, view, pressed.page))


@router.callback_query(Pressed(KindChosenPress))
async def choose_kind(_press: CallbackQuery, turn: Turn, pressed: KindChosenPress) -> Reply:
    try:
        await qualify(turn.session, turn.clock, turn.programme, turn.actor, pressed.request, kind=pressed.kind)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.request, refusal)
    return await back_on_card(turn, pressed.request, turn.say.plain("C’est noté."))


@router.callback_query(Pressed(SortCouncilPress))
async def ask_council(_press: CallbackQuery, turn: Turn, pressed: SortCouncilPress) -> Reply:
    view = await _opened(turn, pressed.request)
    councils = await councils_sought(turn.session, turn.actor)
    return Reply.of(councils_card(turn.say, view, councils, pressed.page))


@router.callback_query(Pressed(CouncilChosenPress))
async def choose_council(_press: CallbackQuery, turn: Turn, pressed: CouncilChosenPress) -> Reply:
    council = pressed.council
    try:
        await qualify(turn.session, turn.clock, turn.programme, turn.actor, pressed.request, council_id=council)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.request, refusal)
    return await back_on_card(turn, pressed.request, turn.say.plain("C’est noté."))


@router.callback_query(Pressed(AttachPress))
async def ask_meeting(_press: CallbackQuery, turn: Turn, pressed: AttachPress) -> Reply:
    view = await _opened(turn, pressed.request)
    meetings = await meetings_to_attach(turn.session, turn.clock, turn.actor, pressed.request, _MEETINGS)
    may_create = view.council_id is not None and turn.actor.manages(view.council_id)
    return Reply.of(meetings_card(turn.say, view, meetings, may_create=may_create))


@router.callback_query(Pressed(MeetingChosenPress))
async def choose_meeting(_press: CallbackQuery, turn: Turn, pressed: MeetingChosenPress) -> Reply:
    try:
        await attach_meeting(turn.session, turn.clock, turn.actor, pressed.request, pressed.meeting)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.request, refusal)
    return await back_on_card(turn, pressed.request, turn.say.plain("C’est relié."))


@router.callback_query(Pressed(RelatePress))
async def ask_other(_press: CallbackQuery, turn: Turn, pressed: RelatePress) -> Reply:
    view = await _opened(turn, pressed.request)
    turn.dialogue.begin(OTHER, request=pressed.request)
    return await _ask_other(turn, view)


@router.message(InDialogue(OTHER), is_speech)
async def receive_other(message: Message, turn: Turn) -> Reply:
    """A number typed; who writes one that is not there, or not theirs to see, reads the same."""
    view = await view_for_team(turn, turn.dialogue.data["request"])
    if message.text is None:
        return await _ask_other(turn, view, WordsAwaited())
    number = read_number(message.text, Series.REQUEST) or ""
    try:
        return await _ask_how(turn, view, await find_request(turn.session, turn.actor, number))
    except NotAllowed:
        said = turn.say.plain("Je ne trouve pas cette demande. Vérifiez le numéro.")
        return Reply.of(other_card(turn.say, view, await _near(turn, view), said))


@router.callback_query(Pressed(OtherChosenPress))
async def choose_other(_press: CallbackQuery, turn: Turn, pressed: OtherChosenPress) -> Reply:
    return await _ask_how(turn, await _opened(turn, pressed.request), pressed.other)


@router.callback_query(Pressed(MergePress))
async def merge_both(_press: CallbackQuery, turn: Turn, pressed: MergePress) -> Reply:
    """The other one goes on, and is what is shown then."""
    turn.dialogue.leave()
    try:
        into = await merge(turn.session, turn.clock, turn.actor, pressed.request, pressed.other)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.request, refusal)
    return await back_on_card(turn, into.id, turn.say.plain("Les deux demandes sont réunies."))


@router.callback_query(Pressed(LinkPress))
async def link_both(_press: CallbackQuery, turn: Turn, pressed: LinkPress) -> Reply:
    turn.dialogue.leave()
    try:
        await link(turn.session, turn.clock, turn.actor, pressed.request, pressed.other)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.request, refusal)
    return await back_on_card(turn, pressed.request, turn.say.plain("C’est relié."))


@resumes_request(OTHER)
async def resume_other(turn: Turn, view: TeamView) -> Reply:
    return await _ask_other(turn, view)


async def _ask_how(turn: Turn, view: TeamView, other_id: int) -> Reply:
    other = await view_for_team(turn, other_id)
    if other.id == view.id:
        said = turn.say.plain("C’est la même. Choisissez-en une autre.")
        return Reply.of(other_card(turn.say, view, await _near(turn, view), said))
    turn.dialogue.leave()
    return Reply.of(relate_card(turn.say, view, other))


async def _ask_other(turn: Turn, view: TeamView, trouble: Refusal | None = None) -> Reply:
    said = refusal_sentence(trouble, turn.say) if trouble else ""
    return Reply.of(other_card(turn.say, view, await _near(turn, view), said))


async def _near(turn: Turn, view: TeamView) -> list[NearRequest]:
    return await near_requests(turn.session, turn.actor, view.id, _NEAR)


async def _opened(turn: Turn, request_id: int) -> TeamView:
    """A request about which something is sorted. Raises NotAllowed, and OutOfDate for one that has ended."""
    view = await view_for_team(turn, request_id)
    if not view.is_open:
        raise OutOfDate
    await leave_live_card(turn)
    return view
