"""An answer has come, and what its author thinks of it: told as it stands when the word leaves."""

from council.actors import load_actor
from council.errors import NotAllowed
from council.interpellation_opinions import WISHED, AnswerView, view_answer
from council.notices import NoticeKind
from handlers.cards.card import Card
from handlers.cards.interpellation_answer import answer_card, author_judged_card, author_wishes_card
from handlers.notices import Delivery, renders
from storage.interpellations import Opinion


@renders(NoticeKind.INTERPELLATION_ANSWERED)
async def answered(delivery: Delivery) -> Card | None:
    """None for who may not see it any more."""
    view = await _view(delivery)
    return answer_card(delivery.say, view) if view is not None else None


@renders(NoticeKind.INTERPELLATION_ASKED_AGAIN)
async def asked_again(delivery: Delivery) -> Card | None:
    """None when the author has said otherwise since, and for who does not carry the case any more."""
    view = await _view(delivery)
    if view is None or not view.carries:
        return None
    if delivery.notice.detail == WISHED:
        return author_wishes_card(delivery.say, view) if view.wished is not None else None
    opinion = Opinion(delivery.notice.detail or "")
    return author_judged_card(delivery.say, view, opinion) if view.authors is opinion else None


async def _view(delivery: Delivery) -> AnswerView | None:
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    try:
        return await view_answer(delivery.session, actor, delivery.notice.subject_id) if actor is not None else None
    except NotAllowed:
        return None
