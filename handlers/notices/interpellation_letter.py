"""A letter that did not arrive, told to those who carry it."""

from council.actors import load_actor
from council.errors import NotAllowed
from council.interpellation_carrying import view_unsent
from council.notices import NoticeKind
from handlers.cards.card import Card
from handlers.cards.interpellation_carry import unsent_letter_card
from handlers.notices import Delivery, renders


@renders(NoticeKind.INTERPELLATION_UNSENT)
async def letter_unsent(delivery: Delivery) -> Card | None:
    """None when it has arrived after all, for who does not carry it any more, and once another letter was written."""
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    if actor is None:
        return None
    try:
        letter = await view_unsent(delivery.session, actor, delivery.notice.subject_id)
    except NotAllowed:
        return None
    return unsent_letter_card(delivery.say, letter) if letter is not None else None
