"""What the team does about an e-mail that did not arrive."""

from aiogram import Router
from aiogram.types import CallbackQuery

from council.mails import send_again
from handlers.cards.card import Reply
from handlers.cards.mail import SendMailAgainPress, sent_again_card
from handlers.filters import Pressed
from handlers.turn import Turn

router = Router(name="mails")


@router.callback_query(Pressed(SendMailAgainPress))
async def send_mail_again(_press: CallbackQuery, turn: Turn, pressed: SendMailAgainPress) -> Reply:
    await send_again(turn.session, turn.clock, turn.actor, pressed.mail)
    return Reply.of(sent_again_card(turn.say))
