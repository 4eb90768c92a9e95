"""Group chats: added, linked by a lead, upgraded, put out; and people who block the bot or come back."""

from aiogram import F, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from council import groups
from council.council_choice import managed_councils
from council.errors import NotAllowed
from council.people import became_unreachable
from handlers.cards.card import SILENCE, Reply
from handlers.cards.group import LinkGroupPress, added_card, choice_card, linked_card, private_card
from handlers.filters import Pressed
from handlers.turn import Turn
from locales.translator import REFERENCE, Translator, translator

router = Router(name="groups")

_IN = {ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.CREATOR, ChatMemberStatus.RESTRICTED}


@router.my_chat_member(F.chat.type == "private")
async def note_reachability(event: ChatMemberUpdated, turn: Turn) -> Reply:
    """Blocked: nothing more is tried until they are heard. Unblocked: that counts as being heard."""
    if event.new_chat_member.status == ChatMemberStatus.KICKED:
        await became_unreachable(turn.session, turn.clock, turn.telegram_id)
    return SILENCE


@router.my_chat_member()
async def enter_or_leave(event: ChatMemberUpdated, turn: Turn) -> Reply:
    was_in, is_in = event.old_chat_member.status in _IN, event.new_chat_member.status in _IN
    if is_in and not was_in:
        # A channel is no place for a council's talk: nothing is written where nobody has asked for it.
        if event.chat.type == ChatType.CHANNEL:
            return SILENCE
        return Reply.of(added_card(_say(turn), team_too=_may_be_the_teams(turn)))
    if not is_in:
        await groups.unlink_group(turn.session, turn.clock, turn.chat_id)
    return SILENCE


@router.message(F.migrate_to_chat_id)
async def follow_upgrade(message: Message, turn: Turn) -> Reply:
    await groups.move_group(turn.session, turn.chat_id, message.migrate_to_chat_id or turn.chat_id)
    return SILENCE


@router.callback_query(Pressed(LinkGroupPress))
async def link(_press: CallbackQuery, turn: Turn, pressed: LinkGroupPress) -> Reply:
    """Raises NotAllowed for who leads no council; an anonymous admin is nobody, and is told the same."""
    if turn.in_private:
        raise NotAllowed
    councils = await managed_councils(turn.session, turn.actor)
    chosen = [(council_id, name) for council_id, name in councils.items() if pressed.council_id in (None, council_id)]
    if not chosen:
        raise NotAllowed
    if len(chosen) > 1:
        return Reply.of(choice_card(chosen, _say(turn), team_too=_may_be_the_teams(turn)))
    council_id, name = chosen[0]
    await groups.link_group(turn.session, turn.clock, turn.actor, turn.chat_id, council_id, turn.thread_id)
    return Reply.of(linked_card(name, _say(turn)))


@router.callback_query(F.message.chat.type != "private")
async def keep_private(_press: CallbackQuery, turn: Turn) -> Reply:
    """Any other button that has come into a group, by forwarding or forgery, shows nothing there."""
    return Reply.of(toast=turn.say.plain("Écrivez-moi en privé."), alert=True)


@router.message(F.chat.type != "private", F.text.startswith("/"))
async def answer_in_private(_message: Message, turn: Turn) -> Reply:
    return Reply.of(private_card(turn.bot_username, _say(turn)))


@router.message(F.chat.type != "private")
@router.edited_message(F.chat.type != "private")
async def leave_alone(_message: Message) -> Reply:
    """A group talks among itself."""
    return SILENCE


def _may_be_the_teams(turn: Turn) -> bool:
    return turn.programme.support.talk == "topics" and turn.known is not None and turn.known.is_coordinator


def _say(turn: Turn) -> Translator:
    """A group reads the reference language: whoever pressed is not its only reader."""
    return translator(REFERENCE, turn.programme.timezone)
