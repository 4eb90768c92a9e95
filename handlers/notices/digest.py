"""The daily digest, made from what is true when it leaves."""

from council.digests import load_digest
from council.notices import NoticeKind
from handlers.cards.card import Card
from handlers.cards.digest import digest_card
from handlers.notices import Delivery, renders


@renders(NoticeKind.NEWS_DIGEST)
async def render_digest(delivery: Delivery) -> Card | None:
    notice = delivery.notice
    if notice.person_id is None:
        return None
    digest = await load_digest(delivery.session, delivery.programme, notice.person_id, notice.subject_id)
    return None if digest.is_empty else digest_card(digest, delivery.say)
