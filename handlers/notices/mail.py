"""Telling of e-mails that did not arrive."""

from council.mails import load_unsent
from council.notices import NoticeKind
from handlers.cards.card import Card
from handlers.cards.mail import unsent_card
from handlers.notices import Delivery, renders


@renders(NoticeKind.MAIL_UNSENT)
async def render_unsent(delivery: Delivery) -> Card | None:
    mail = await load_unsent(delivery.session, delivery.notice.subject_id)
    return unsent_card(delivery.say, mail) if mail is not None else None
