"""Inviting by opaque links: whom, where, for how many, and closing what is open. Buttons alone do all of it.

What somebody becomes who opens a link is told where they come in: handlers/joining.py.
"""

from datetime import timedelta
from enum import StrEnum

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from council import invitations
from council.council_choice import find_council
from council.errors import NotAllowed, OutOfDate
from council.invitations import may_invite
from handlers.bursts import is_burst
from handlers.buttons import Press
from handlers.cards import invitation as cards
from handlers.cards.card import SILENCE, Card, Reply
from handlers.cards.invitation import (
    CloseInvitationPress,
    InviteBackPress,
    InviteCollegePress,
    InviteCouncilPagePress,
    InviteCouncilPress,
    InviteRolePress,
    InviteTermsPress,
    MakeInvitationPress,
    OpenInvitationPress,
    OpenInvitationsPress,
    StartInvitingPress,
    Terms,
)
from handlers.cards.team import MembersPress, TeamPress
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.turn import Turn
from storage.people import College, Role
from storage.programme import CouncilView, list_councils

router = Router(name="invitations")
router.message.filter(F.chat.type == "private")

USUAL_USES, USUAL_DAYS = 1, 30
INVITED_BY_COORDINATOR = (Role.MEMBER, Role.LEAD, Role.ANIMATOR, Role.COORDINATOR)
"""Residents come by their council's public link."""


class Step(StrEnum):
    ROLE = "role"
    COUNCIL = "council"
    COLLEGE = "college"
    TERMS = "terms"

    @property
    def state(self) -> str:
        return f"invite:{self.value}"


@router.callback_query(Pressed(StartInvitingPress))
async def start_inviting(_press: CallbackQuery, turn: Turn, pressed: StartInvitingPress) -> Reply:
    role = Role.COORDINATOR if pressed.council_id is None else Role.MEMBER
    if not may_invite(turn.actor, role, pressed.council_id):
        raise NotAllowed
    turn.dialogue.leave()
    terms = {"uses": USUAL_USES, "days": USUAL_DAYS}
    if pressed.council_id is None:
        turn.dialogue.go(Step.ROLE.state, **terms)
    else:
        turn.dialogue.go(
            Step.COLLEGE.state, role=Role.MEMBER.value, council_id=pressed.council_id, council_given=True, **terms
        )
    return Reply.of(await _step_card(turn))


@router.callback_query(Pressed(InviteRolePress))
async def choose_role(_press: CallbackQuery, turn: Turn, pressed: InviteRolePress) -> Reply:
    _check_at(turn, Step.ROLE)
    if pressed.role not in INVITED_BY_COORDINATOR:
        raise NotAllowed
    following = Step.TERMS if pressed.role is Role.COORDINATOR else Step.COUNCIL
    turn.dialogue.go(following.state, role=pressed.role.value, council_id=None, college=None)
    return Reply.of(await _step_card(turn))


@router.callback_query(Pressed(InviteCouncilPagePress))
async def turn_council_page(_press: CallbackQuery, turn: Turn, pressed: InviteCouncilPagePress) -> Reply:
    _check_at(turn, Step.COUNCIL)
    return Reply.of(await _step_card(turn, pressed.page))


@router.callback_query(Pressed(InviteCouncilPress))
async def choose_council(_press: CallbackQuery, turn: Turn, pressed: InviteCouncilPress) -> Reply:
    _check_at(turn, Step.COUNCIL)
    await find_council(turn.session, pressed.council_id)
    following = Step.COLLEGE if turn.dialogue.data["role"] == Role.MEMBER else Step.TERMS
    turn.dialogue.go(following.state, council_id=pressed.council_id)
    return Reply.of(await _step_card(turn))


@router.callback_query(Pressed(InviteCollegePress))
async def choose_college(_press: CallbackQuery, turn: Turn, pressed: InviteCollegePress) -> Reply:
    _check_at(turn, Step.COLLEGE)
    turn.dialogue.go(Step.TERMS.state, college=pressed.college.value)
    return Reply.of(await _step_card(turn))


@router.callback_query(Pressed(InviteTermsPress))
async def choose_terms(_press: CallbackQuery, turn: Turn, pressed: InviteTermsPress) -> Reply:
    _check_at(turn, Step.TERMS)
    if pressed.uses not in cards.USES or pressed.days not in cards.DAYS:
        raise NotAllowed
    turn.dialogue.remember(uses=pressed.uses, days=pressed.days)
    return Reply.of(await _step_card(turn))


@router.callback_query(Pressed(InviteBackPress))
async def go_back(_press: CallbackQuery, turn: Turn) -> Reply:
    steps = _steps(turn)
    here = next((place for place, step in enumerate(steps) if step.state == turn.dialogue.state), None)
    if here is None:
        raise OutOfDate
    turn.dialogue.go(steps[max(0, here - 1)].state)
    return Reply.of(await _step_card(turn))


@router.callback_query(Pressed(MakeInvitationPress))
async def make_invitation(_press: CallbackQuery, turn: Turn) -> Reply:
    """Ends the dialogue: a second tap on the same button makes no second link."""
    _check_at(turn, Step.TERMS)
    terms, council = await _terms(turn)
    made = await invitations.invite(
        turn.session,
        turn.clock,
        turn.actor,
        terms.role,
        council.id if council else None,
        terms.college,
        terms.uses,
        timedelta(days=terms.days),
    )
    back: Press = TeamPress(0)
    if council and turn.dialogue.data.get("council_given"):
        back = MembersPress(council.id, 0)
    turn.dialogue.end()
    return Reply.of(cards.made_card(made, terms.council, turn.bot_username, back, turn.say))


@router.message(InDialogue("invite:*"), is_speech)
async def ask_again(_message: Message, turn: Turn) -> Reply:
    """Words or pictures where a button is waited for: the question once more."""
    return SILENCE if is_burst(turn) else Reply.of(await _step_card(turn))


@router.callback_query(Pressed(OpenInvitationsPress))
async def list_open(_press: CallbackQuery, turn: Turn, pressed: OpenInvitationsPress) -> Reply:
    return Reply.of(await _open_links(turn, pressed.council_id, pressed.page))


@router.callback_query(Pressed(OpenInvitationPress))
async def show_open(_press: CallbackQuery, turn: Turn, pressed: OpenInvitationPress) -> Reply:
    every = await invitations.list_open(turn.session, turn.clock, turn.actor, pressed.council_id)
    invitation = next((each for each in every if each.invitation_id == pressed.invitation_id), None)
    if invitation is None:
        return Reply.of(await _open_links(turn, pressed.council_id, 0), toast=turn.say.plain("Ce lien est déjà fermé."))
    return Reply.of(cards.open_link_card(invitation, pressed.council_id, turn.say))


@router.callback_query(Pressed(CloseInvitationPress))
async def close(_press: CallbackQuery, turn: Turn, pressed: CloseInvitationPress) -> Reply:
    await invitations.revoke(turn.session, turn.clock, turn.actor, pressed.invitation_id)
    return Reply.of(await _open_links(turn, pressed.council_id, 0), toast=turn.say.plain("Le lien est fermé."))


async def _open_links(turn: Turn, council_id: int | None, page: int) -> Card:
    every = await invitations.list_open(turn.session, turn.clock, turn.actor, council_id)
    back: Press = TeamPress(0) if council_id is None else MembersPress(council_id, 0)
    return cards.open_links_card(every, council_id, page, back, turn.say)


@resumes("invite", draft=False)
async def resume(turn: Turn) -> Reply:
    return Reply.of(await _step_card(turn))


async def _step_card(turn: Turn, page: int = 0) -> Card:
    """The question that is open now."""
    match next(step for step in Step if step.state == turn.dialogue.state):
        case Step.ROLE:
            return cards.role_step(INVITED_BY_COORDINATOR, turn.say)
        case Step.COUNCIL:
            role = Role(turn.dialogue.data["role"])
            return cards.council_step(role, await list_councils(turn.session), page, turn.say)
        case Step.COLLEGE:
            council = await find_council(turn.session, turn.dialogue.data["council_id"])
            return cards.college_step(council.name, turn.say, is_first=_steps(turn)[0] is Step.COLLEGE)
        case Step.TERMS:
            terms, _ = await _terms(turn)
            return cards.terms_step(terms, turn.say)


async def _terms(turn: Turn) -> tuple[Terms, CouncilView | None]:
    data = turn.dialogue.data
    council = await find_council(turn.session, data["council_id"]) if data.get("council_id") else None
    college = College(data["college"]) if data.get("college") else None
    name = council.name if council else None
    return Terms(Role(data["role"]), name, college, data["uses"], data["days"]), council


def _steps(turn: Turn) -> list[Step]:
    """The questions of this invitation: a lead is not asked what they cannot choose."""
    data = turn.dialogue.data
    asked = [] if data.get("council_given") else [Step.ROLE]
    if not data.get("council_given") and data.get("role") != Role.COORDINATOR:
        asked.append(Step.COUNCIL)
    if data.get("role") == Role.MEMBER:
        asked.append(Step.COLLEGE)
    return [*asked, Step.TERMS]


def _check_at(turn: Turn, step: Step) -> None:
    """A button of another step, or of an invitation that is over, is out of date.

    Raises NotAllowed too: the role that the invitation needs was taken away since.
    """
    if turn.dialogue.state != step.state:
        raise OutOfDate
    if turn.dialogue.data.get("council_given"):
        allowed = may_invite(turn.actor, Role.MEMBER, turn.dialogue.data["council_id"])
    else:
        allowed = may_invite(turn.actor, Role.COORDINATOR, None)
    if not allowed:
        raise NotAllowed
