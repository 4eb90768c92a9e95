"""/start: from a QR code or a bare name to « Bienvenue », by buttons alone."""

import re
from dataclasses import dataclass

from aiogram import F, Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from council import invitations, people
from council.actors import Actor, load_actor
from council.council_choice import council_names
from council.errors import NotAllowed, Refusal
from council.invitations import Invited, TokenUnknown
from council.joining import councils_to_join, join, matching, turn_away
from council.people import readable_name
from council.privacy import NOTICE_VERSION
from council.public_numbers import linked_number
from handlers.bursts import is_burst
from handlers.cards import joining as cards
from handlers.cards.card import SILENCE, Card, Reply
from handlers.cards.home import StartPress, home_after, home_card
from handlers.cards.joining import (
    AgePress,
    AgreePress,
    ChooseCouncilPress,
    CouncilListPress,
    FollowAlsoPress,
    JoinLanguagePress,
    Step,
    StepPress,
)
from handlers.cards.languages import offered_languages
from handlers.cards.refusals import refusal_sentence
from handlers.dialogues import go_home_from
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.numbers import card_of_number
from handlers.turn import Turn
from locales.translator import Translator, translator
from storage.people import Role

router = Router(name="joining")

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what a deep link of Telegram can carry
_SEARCH_LIMIT = 64


@dataclass(frozen=True)
class _Link:
    """What a link gives, with the council's name; `trouble` says why it gives nothing."""

    invited: Invited | None = None
    council: str | None = None
    trouble: str = ""


@router.message(CommandStart())
async def start(_message: Message, turn: Turn, command: CommandObject) -> Reply:
    token = (command.args or "").strip()
    number = linked_number(token)
    if turn.known is None:
        turn.dialogue.end()
        return await _greet(turn, "" if number else token, number)
    if number is None and not token:
        return go_home_from(turn)
    if not turn.dialogue.has_draft:
        turn.dialogue.end()
    if number is not None:
        return Reply.of(await card_of_number(turn, number))
    return await _opened_by_known(turn, turn.known, token)


@router.callback_query(Pressed(StartPress))
async def start_again(_press: CallbackQuery, turn: Turn) -> Reply:
    if turn.known is None and not _is_joining(turn):
        return await _greet(turn, "")
    return await _where_they_are(turn)


@router.callback_query(Pressed(StepPress))
async def go_back(_press: CallbackQuery, turn: Turn, pressed: StepPress) -> Reply:
    steps = list(Step)
    if turn.known is None and _is_joining(turn):
        now = steps.index(_step(turn))
        turn.dialogue.go(steps[min(now, steps.index(pressed.step))].state)
    return await _where_they_are(turn)


@router.callback_query(Pressed(JoinLanguagePress))
async def speak(_press: CallbackQuery, turn: Turn, pressed: JoinLanguagePress) -> Reply:
    if pressed.language not in offered_languages(turn.programme):
        raise NotAllowed
    if turn.known is None:
        turn.dialogue.speak(pressed.language)
    return await _where_they_are(turn)


@router.callback_query(Pressed(AgreePress))
async def agree(_press: CallbackQuery, turn: Turn) -> Reply:
    if turn.known is None and turn.dialogue.state == Step.NOTICE.state:
        turn.dialogue.go(Step.AGE.state, version=NOTICE_VERSION)
    return await _where_they_are(turn)


@router.callback_query(Pressed(AgePress))
async def tell_age(_press: CallbackQuery, turn: Turn, pressed: AgePress) -> Reply:
    if turn.known is not None or turn.dialogue.state != Step.AGE.state:
        return await _where_they_are(turn)
    if not pressed.fifteen_or_over:
        say = _say(turn)
        await turn_away(turn.session, turn.telegram_id)
        turn.dialogue.forget()
        return Reply.of(cards.young_card(turn.programme, say))
    link = await _look_at(turn, turn.dialogue.data.get("token", ""))
    if link.invited is not None:
        return await _welcome(turn, ())
    turn.dialogue.go(Step.COUNCIL.state, token="")
    return Reply.of(await _council_card(turn, trouble=link.trouble))


@router.callback_query(Pressed(CouncilListPress))
async def turn_page(_press: CallbackQuery, turn: Turn, pressed: CouncilListPress) -> Reply:
    if turn.known is not None or turn.dialogue.state != Step.COUNCIL.state:
        return await _where_they_are(turn)
    searched = turn.dialogue.data.get("search", "") if pressed.searching else ""
    return Reply.of(await _council_card(turn, pressed.page, searched=searched))


@router.message(InDialogue(Step.COUNCIL.state), F.text, is_speech)
async def search(message: Message, turn: Turn) -> Reply:
    if turn.known is not None:
        return await _where_they_are(turn)
    typed = (message.text or "")[:_SEARCH_LIMIT]
    turn.dialogue.remember(search=typed)
    found = matching(await councils_to_join(turn.session), typed)
    trouble = "" if found else _say(turn).plain("Je ne trouve pas ce nom. Voici tous les quartiers.")
    return Reply.of(await _council_card(turn, searched=typed if found else "", trouble=trouble))


@router.callback_query(Pressed(ChooseCouncilPress))
async def choose_council(_press: CallbackQuery, turn: Turn, pressed: ChooseCouncilPress) -> Reply:
    if turn.known is not None or turn.dialogue.state != Step.COUNCIL.state:
        return await _where_they_are(turn)
    return await _welcome(turn, () if pressed.council_id is None else (pressed.council_id,))


@router.callback_query(Pressed(FollowAlsoPress))
async def follow_also(_press: CallbackQuery, turn: Turn, pressed: FollowAlsoPress) -> Reply:
    await people.follow(turn.session, turn.clock, turn.actor, pressed.council_id)
    council = (await council_names(turn.session))[pressed.council_id]
    return Reply.of(cards.accepted_card(turn.actor, turn.say, Role.RESIDENT, council))


@router.message(InDialogue("joining:*"), is_speech)
async def ask_again(_message: Message, turn: Turn) -> Reply:
    """Words or pictures where a button is waited for: the question once more."""
    return SILENCE if is_burst(turn) else await _where_they_are(turn)


async def _greet(turn: Turn, token: str, number: str | None = None) -> Reply:
    """`number` names what they will see once they have joined. A link that was opened before is not forgotten."""
    token = token or ("" if number else turn.dialogue.link)
    link = await _look_at(turn, token)
    if link.invited is not None:
        turn.dialogue.keep_link(token)
    kept = {"token": token} if link.invited else {"number": number} if number else {}
    turn.dialogue.go(Step.NOTICE.state, **kept)
    role = link.invited.role if link.invited else None
    greeting = cards.greeting_card(turn.programme, turn.say, role, link.council or "", link.trouble)
    return Reply.of(greeting, cards.notice_card(turn.programme, turn.say), fresh=True)


async def _where_they_are(turn: Turn) -> Reply:
    """The question that is open now, whatever old button was pressed; the home menu for those who joined."""
    if turn.known is not None:
        if _is_joining(turn):
            turn.dialogue.end()
        return Reply.of(home_card(turn.known, turn.say))
    say = _say(turn)
    if not _is_joining(turn):
        turn.dialogue.go(Step.NOTICE.state)
    match _step(turn):
        case Step.NOTICE:
            return Reply.of(cards.notice_card(turn.programme, say))
        case Step.AGE:
            return Reply.of(cards.age_card(turn.programme, say))
        case Step.COUNCIL:
            return Reply.of(await _council_card(turn))


async def _council_card(turn: Turn, page: int = 0, *, searched: str = "", trouble: str = "") -> Card:
    choices = matching(await councils_to_join(turn.session), searched)
    return cards.council_card(turn.programme, choices, page, _say(turn), searched=searched, trouble=trouble)


async def _welcome(turn: Turn, council_ids: tuple[int, ...]) -> Reply:
    """Joins, then takes what the link gives; a link that died meanwhile takes nothing away from joining."""
    say, data = _say(turn), turn.dialogue.data
    name = readable_name(turn.first_name) or say.plain("Sans nom")
    actor = await join(
        turn.session, turn.clock, turn.telegram_id, name, say.language, data["version"], True, council_ids
    )
    turn.dialogue.end()
    names = await council_names(turn.session)
    role, council, trouble = Role.RESIDENT, names.get(council_ids[0]) if council_ids else None, ""
    if token := data.get("token"):
        try:
            invited = await invitations.accept(turn.session, turn.clock, actor, token)
            role, council = invited.role, names.get(invited.council_id or 0)
        except Refusal as refusal:
            trouble = refusal_sentence(refusal, say)
    turn.dialogue.speak(None)
    turn.dialogue.keep_link(None)
    turn.known = actor = await load_actor(turn.session, turn.telegram_id) or actor
    turn.say = say
    welcome = cards.welcome_card(actor, say, role, council, trouble)
    return Reply.of(welcome, *await _what_they_came_for(turn, data.get("number")))


async def _what_they_came_for(turn: Turn, number: str | None) -> tuple[Card, ...]:
    """Nothing when it is not theirs to see: they have joined all the same."""
    try:
        return (await card_of_number(turn, number),) if number is not None else ()
    except NotAllowed:
        return ()


async def _opened_by_known(turn: Turn, actor: Actor, token: str) -> Reply:
    link = await _look_at(turn, token)
    if link.invited is None:
        return Reply.of(home_after(actor, turn.say, link.trouble))
    role, council_id = link.invited.role, link.invited.council_id
    if role is Role.RESIDENT and council_id is not None:
        if council_id in actor.follows:
            return Reply.of(cards.follows_already_card(actor, turn.say, link.council or ""))
        return Reply.of(cards.follow_also_card(turn.say, council_id, link.council or ""))
    try:
        await invitations.accept(turn.session, turn.clock, actor, token)
    except Refusal as refusal:
        return Reply.of(home_after(actor, turn.say, refusal_sentence(refusal, turn.say)))
    turn.known = actor = await load_actor(turn.session, turn.telegram_id) or actor
    return Reply.of(cards.accepted_card(actor, turn.say, role, link.council))


async def _look_at(turn: Turn, token: str) -> _Link:
    if not token:
        return _Link()
    try:
        if not _TOKEN.fullmatch(token):
            raise TokenUnknown
        invited = await invitations.preview(turn.session, turn.clock, token)
    except Refusal as refusal:
        return _Link(trouble=refusal_sentence(refusal, _say(turn)))
    return _Link(invited, (await council_names(turn.session)).get(invited.council_id or 0))


def _is_joining(turn: Turn) -> bool:
    return turn.dialogue.state in {step.state for step in Step}


def _step(turn: Turn) -> Step:
    return next(step for step in Step if step.state == turn.dialogue.state)


def _say(turn: Turn) -> Translator:
    """In the language that they chose a moment ago; before they join it is kept nowhere else."""
    language = turn.dialogue.language
    return translator(language, turn.programme.timezone) if language and turn.known is None else turn.say
