"""The morning digest of the team, made from what is true when it leaves."""

from council.notices import NoticeKind
from council.team_digest import load_team_digest
from handlers.cards.card import Card
from handlers.cards.team_digest import team_digest_card
from handlers.notices import Delivery, renders


@renders(NoticeKind.TEAM_DIGEST)
async def render_team_digest(delivery: Delivery) -> Card | None:
    notice = delivery.notice
    if notice.person_id is None:
        return None
    digest = await load_team_digest(
        delivery.session, delivery.clock, delivery.programme, notice.person_id, notice.subject_id
    )
    return team_digest_card(delivery.say, digest) if digest else None
