"""Told and asked about a request, each as it stands when the word leaves."""

from council.actors import load_actor
from council.live_cards import LiveKind
from council.notices import NoticeKind
from council.resource_actors import open_actor
from council.support_adding import requests_to_add_to, requests_to_answer
from council.support_end import ASKED_AGAIN, CLOSED, PARTLY, WITHDRAWN
from council.support_merged import REDIRECTED
from council.support_mine import MyRequest, first_name, view_of
from council.support_sorting import DONE, MERGED
from council.support_states import may_handle
from council.support_taking import TAKEN, TRANSFERRED
from handlers.cards.card import Card
from handlers.cards.proposal_asking import DRAFTING as IDEA
from handlers.cards.proposal_asking import kept_card as kept_idea_card
from handlers.cards.support_asking import DRAFTING, kept_card
from handlers.cards.support_news import (
    closed_card,
    joined_by_card,
    merged_card,
    merged_done_card,
    partly_card,
    redirected_card,
    reopened_card,
    taken_card,
    transferred_card,
    verdict_card,
    withdrawn_card,
)
from handlers.cards.unplaced import HELD, held_card
from handlers.notices import Delivery, renders
from handlers.notices.live_card import shows
from storage.dialogue_store import read_dialogue
from storage.outbox import LiveCard
from storage.support import SupportRequest, SupportState


@renders(NoticeKind.SUPPORT_NEWS)
async def support_news(delivery: Delivery) -> Card | None:
    """To the requester, or to the team: by who reads. None when it has gone on since."""
    request = await delivery.session.get(SupportRequest, delivery.notice.subject_id)
    if request is None:
        return None
    view = await view_of(delivery.session, delivery.clock, request)
    if delivery.notice.person_id == request.person_id:
        return await _to_requester(delivery, request, view)
    return await _to_team(delivery, request, view)


@renders(NoticeKind.SUPPORT_VERDICT_ASKED)
async def support_verdict_asked(delivery: Delivery) -> Card | None:
    """None when it was said meanwhile, or the request has gone into another round."""
    notice = delivery.notice
    request = await delivery.session.get(SupportRequest, notice.subject_id)
    if request is None or request.rounds != notice.revision or request.person_id != notice.person_id:
        return None
    view = await view_of(delivery.session, delivery.clock, request)
    return verdict_card(delivery.say, view, again=notice.detail == ASKED_AGAIN) if view.awaits_verdict else None


@renders(NoticeKind.SUPPORT_REOPENED)
async def support_reopened(delivery: Delivery) -> Card | None:
    """None for who is not of the team any more, and when it has ended again."""
    notice = delivery.notice
    request = await delivery.session.get(SupportRequest, notice.subject_id)
    if request is None or request.rounds != notice.revision or not await _is_of_the_team(delivery, request):
        return None
    view = await view_of(delivery.session, delivery.clock, request)
    if not view.is_open:
        return None
    requester = await first_name(delivery.session, request.person_id)
    return reopened_card(delivery.say, view, requester, to_holder=request.animator_id == notice.person_id)


async def _to_requester(delivery: Delivery, request: SupportRequest, view: MyRequest) -> Card | None:
    say = delivery.say
    match delivery.notice.detail:
        case detail if detail == TRANSFERRED and view.is_open:
            return transferred_card(say, view)
        case detail if detail == TAKEN and view.is_open and view.animator is not None:
            return taken_card(say, view)
        case detail if detail == REDIRECTED and view.state is SupportState.REDIRECTED:
            if request.resource_actor_id is None:
                return None
            found = await open_actor(delivery.session, request.resource_actor_id)
            ways = (found.contact_name, found.phone, found.email, found.website)
            return redirected_card(say, view, found.name, ", ".join(each for each in ways if each))
        case detail if detail == MERGED and view.state is SupportState.MERGED:
            return merged_card(say, view)
        case detail if detail == DONE and view.state is SupportState.MERGED:
            return merged_done_card(say, view)
        case detail if detail == MERGED and view.is_open:
            return joined_by_card(say, view)
        case detail if detail == CLOSED and view.state is SupportState.CLOSED:
            return closed_card(say, view)
    return None


async def _to_team(delivery: Delivery, request: SupportRequest, view: MyRequest) -> Card | None:
    if not await _is_of_the_team(delivery, request):
        return None
    requester = await first_name(delivery.session, request.person_id)
    match delivery.notice.detail:
        case detail if detail == WITHDRAWN and view.state is SupportState.WITHDRAWN:
            return withdrawn_card(delivery.say, view, requester)
        case detail if detail == PARTLY:
            return partly_card(delivery.say, view, requester)
    return None


async def _is_of_the_team(delivery: Delivery, request: SupportRequest) -> bool:
    """A role may have ended since the word was written."""
    actor = await load_actor(delivery.session, delivery.notice.chat_id)
    return actor is not None and may_handle(actor, request)


@shows(LiveKind.SUPPORT_DRAFT)
async def draft(delivery: Delivery, _kept: LiveCard) -> Card | None:
    """How many messages are kept, in a draft of a request or a proposal, or out of any dialogue.

    None once they are no longer waited for, and as long as the card that stands there has counted them all.
    """
    chat_id = delivery.notice.chat_id
    state, data, _ = await read_dialogue(delivery.session, (chat_id, chat_id, 0))
    actor = await load_actor(delivery.session, chat_id)
    if actor is None:
        return None
    if state == HELD and len(data["held"]) != data["told"]:
        session, clock, programme = delivery.session, delivery.clock, delivery.programme
        requests = await requests_to_add_to(session, clock, programme, actor)
        to_answer = await requests_to_answer(delivery.session, actor)
        return held_card(delivery.say, len(data["held"]), requests, to_answer, actor.person_id)
    if state == DRAFTING and len(data["asking"]["contents"]) != data["asking"]["told"]:
        return kept_card(delivery.say, len(data["asking"]["contents"]), actor.person_id)
    if state == IDEA and len(data["idea"]["contents"]) != data["idea"]["told"]:
        return kept_idea_card(delivery.say, len(data["idea"]["contents"]), actor.person_id)
    return None
