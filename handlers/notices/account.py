"""Warning that an account will end, as long as the person has not been heard since."""

from council.local_time import local
from council.notices import NoticeKind
from council.retention import ends_on
from handlers.cards.account import ending_card
from handlers.cards.card import Card
from handlers.notices import Delivery, renders
from storage.people import Person


@renders(NoticeKind.ACCOUNT_ENDING)
async def account_ending(delivery: Delivery) -> Card | None:
    person = await delivery.session.get(Person, delivery.notice.person_id)
    if person is None or local(person.last_heard_at, delivery.programme.tz).toordinal() != delivery.notice.subject_id:
        return None
    return ending_card(ends_on(person.last_heard_at, delivery.programme), delivery.say)
