"""The deputy, the capacity and the skills of somebody of the team."""

from aiogram import Router
from aiogram.types import CallbackQuery

from council import animator_posts
from handlers.cards.absence import AbsencesPress
from handlers.cards.animator_post import (
    CapacitiesPress,
    DeputiesPress,
    PostPress,
    SetCapacityPress,
    SetDeputyPress,
    SetSkillPress,
    SkillsPress,
    capacities_card,
    deputies_card,
    post_card,
    skills_card,
)
from handlers.cards.card import Reply
from handlers.filters import Pressed
from handlers.turn import Turn

router = Router(name="animator_post")


@router.callback_query(Pressed(PostPress))
async def see_post(_press: CallbackQuery, turn: Turn, pressed: PostPress) -> Reply:
    return await _post(turn, pressed.person)


@router.callback_query(Pressed(DeputiesPress))
async def choose_deputy(_press: CallbackQuery, turn: Turn, pressed: DeputiesPress) -> Reply:
    post = await animator_posts.post_of(turn.session, turn.programme, turn.actor, pressed.person)
    team = await animator_posts.team_members(turn.session, turn.actor)
    return Reply.of(deputies_card(turn.say, post, team, pressed.page))


@router.callback_query(Pressed(SetDeputyPress))
async def set_deputy(_press: CallbackQuery, turn: Turn, pressed: SetDeputyPress) -> Reply:
    await animator_posts.set_deputy(turn.session, turn.clock, turn.actor, pressed.person, pressed.deputy)
    return await _post(turn, pressed.person, turn.say("C’est noté."))


@router.callback_query(Pressed(CapacitiesPress))
async def choose_capacity(_press: CallbackQuery, turn: Turn, pressed: CapacitiesPress) -> Reply:
    post = await animator_posts.post_of(turn.session, turn.programme, turn.actor, pressed.person)
    return Reply.of(capacities_card(turn.say, post))


@router.callback_query(Pressed(SetCapacityPress))
async def set_capacity(_press: CallbackQuery, turn: Turn, pressed: SetCapacityPress) -> Reply:
    await animator_posts.set_capacity(turn.session, turn.clock, turn.actor, pressed.person, pressed.capacity)
    return await _post(turn, pressed.person, turn.say("C’est noté."))


@router.callback_query(Pressed(SkillsPress))
async def choose_skills(_press: CallbackQuery, turn: Turn, pressed: SkillsPress) -> Reply:
    return await _skills(turn, pressed.person, pressed.page)


@router.callback_query(Pressed(SetSkillPress))
async def set_skill(_press: CallbackQuery, turn: Turn, pressed: SetSkillPress) -> Reply:
    await animator_posts.set_skill(turn.session, turn.clock, turn.actor, pressed.person, pressed.kind, has=pressed.has)
    return await _skills(turn, pressed.person, pressed.page)


async def _post(turn: Turn, person_id: int, done: str = "") -> Reply:
    post = await animator_posts.post_of(turn.session, turn.programme, turn.actor, person_id)
    return Reply.of(post_card(turn.say, post, AbsencesPress(person_id, 0), done))


async def _skills(turn: Turn, person_id: int, page: int) -> Reply:
    post = await animator_posts.post_of(turn.session, turn.programme, turn.actor, person_id)
    return Reply.of(skills_card(turn.say, post, turn.programme.support.skills, page))
