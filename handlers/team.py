"""/membres for who runs a council, the members of the team: who holds which role, given and taken away."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from council import roles
from council.actors import check_coordinates
from council.council_choice import find_council, managed_councils
from council.errors import NotAllowed
from council.invitations import may_invite
from handlers.cards import team as cards
from handlers.cards.card import Card, Reply
from handlers.cards.home import who_manages
from handlers.cards.team import (
    AskRevokePress,
    GiveCouncilPress,
    HolderPress,
    MembersPress,
    MoreCouncilsPress,
    RevokePress,
    TeamPress,
)
from handlers.filters import Pressed
from handlers.turn import Turn
from storage.people import Role
from storage.programme import CouncilView, list_councils
from storage.roles import Holder

router = Router(name="team")


@router.callback_query(Pressed(TeamPress))
async def turn_team_page(_press: CallbackQuery, turn: Turn, pressed: TeamPress) -> Reply:
    return Reply.of(await team_screen(turn, pressed.page))


@router.message(Command("membres"))
async def open_members(_message: Message, turn: Turn) -> Reply:
    return Reply.of(await members_screen(turn, MembersPress(None, 0)))


@router.callback_query(Pressed(MembersPress))
async def turn_members_page(_press: CallbackQuery, turn: Turn, pressed: MembersPress) -> Reply:
    return Reply.of(await members_screen(turn, pressed))


@router.callback_query(Pressed(HolderPress))
async def open_holder(_press: CallbackQuery, turn: Turn, pressed: HolderPress) -> Reply:
    holder = await roles.role_of(turn.session, turn.actor, pressed.grant_id)
    return Reply.of(cards.holder_card(turn.actor, holder, turn.say))


@router.callback_query(Pressed(AskRevokePress))
async def ask_revoke(_press: CallbackQuery, turn: Turn, pressed: AskRevokePress) -> Reply:
    holder = await roles.role_of(turn.session, turn.actor, pressed.grant_id)
    return Reply.of(cards.ask_revoke_card(holder, turn.say))


@router.callback_query(Pressed(RevokePress))
async def revoke(_press: CallbackQuery, turn: Turn, pressed: RevokePress) -> Reply:
    holder = await roles.role_of(turn.session, turn.actor, pressed.grant_id)
    await roles.revoke(turn.session, turn.clock, turn.actor, holder.person_id, holder.role, holder.council_id)
    return Reply.of(cards.revoked_card(holder, turn.say))


@router.callback_query(Pressed(MoreCouncilsPress))
async def more_councils(_press: CallbackQuery, turn: Turn, pressed: MoreCouncilsPress) -> Reply:
    check_coordinates(turn.actor)
    holder = await roles.role_of(turn.session, turn.actor, pressed.grant_id)
    free = await _councils_without(turn, holder)
    return Reply.of(cards.more_councils_card(holder, free, pressed.page, turn.say))


@router.callback_query(Pressed(GiveCouncilPress))
async def give_council(_press: CallbackQuery, turn: Turn, pressed: GiveCouncilPress) -> Reply:
    holder = await roles.role_of(turn.session, turn.actor, pressed.grant_id)
    await roles.grant(
        turn.session, turn.clock, turn.actor, holder.person_id, holder.role, pressed.council_id, holder.college
    )
    council = await find_council(turn.session, pressed.council_id)
    done = turn.say("C’est fait : {council}.", council=council.name)
    return Reply.of(cards.holder_card(turn.actor, holder, turn.say, done))


async def team_screen(turn: Turn, page: int) -> Card:
    return cards.team_card(turn.actor, await roles.team(turn.session, turn.actor), page, turn.say)


async def members_screen(turn: Turn, pressed: MembersPress) -> Card:
    """The members of the council that was named, or of the only one; else the choice of a council."""
    if not who_manages(turn.actor):
        raise NotAllowed
    councils = await managed_councils(turn.session, turn.actor)
    if pressed.council_id is None and len(councils) != 1:
        return cards.choose_council_card(councils, pressed.page, turn.say)
    wanted = pressed.council_id or next(iter(councils))
    members = await roles.members(turn.session, turn.actor, wanted)
    council = await find_council(turn.session, wanted)
    return cards.members_card(council, members, pressed.page, may_invite(turn.actor, Role.MEMBER, wanted), turn.say)


async def _councils_without(turn: Turn, holder: Holder) -> list[CouncilView]:
    """Where the person does not hold this role yet."""
    held = await roles.councils_of(turn.session, holder.person_id, holder.role)
    return [each for each in await list_councils(turn.session) if each.id not in held]
