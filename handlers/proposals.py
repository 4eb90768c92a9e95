"""Proposing an idea: said in whatever way is easiest, a theme, a place, a name, what others said, read back, sent."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command, Filter
from aiogram.types import CallbackQuery, Message

from council import live_cards, people
from council.contents import Content, bare_words
from council.council_choice import council_names
from council.errors import EmptyWords, NotAllowed, Refusal, TooLong
from council.live_cards import LiveKind
from council.meeting_places import usual_places
from council.proposal_originals import SPOKEN, TAKEN, told_by
from council.proposal_support import NotOfTheCouncil, support
from council.proposal_views import view_of, view_proposal
from council.proposals import (
    PLACE_LIMIT,
    TITLE_LIMIT,
    WORDS_LIMIT,
    NotForAProposal,
    SameProposal,
    correct_proposal,
    submit_proposal,
)
from council.written import no_longer, written
from handlers.awaited import WordsAwaited
from handlers.bursts import answered_now, is_burst
from handlers.cards.card import SILENCE, Reply
from handlers.cards.meeting_form import place_mark
from handlers.cards.proposal import proposal_card
from handlers.cards.proposal_asking import (
    Changed,
    ChangeIdeaPress,
    IdeaAgainPress,
    IdeaBackPress,
    IdeaCouncilPress,
    IdeaCouncilsPagePress,
    IdeaDonePress,
    IdeaNamePress,
    IdeaPlacePress,
    IdeaThemePress,
    IdeaThemesPagePress,
    MoreIdeaPress,
    OwnTitlePress,
    ProposePress,
    SendIdeaPress,
    change_card,
    kept_card,
    let_go_card,
    same_card,
    sent_card,
)
from handlers.cards.proposal_similar import (
    DifferentPress,
    FollowAndSupportPress,
    NoMorePress,
    ReadSimilarPress,
    SimilarAgainPress,
    SupportThisPress,
    follow_first_card,
    supported_card,
)
from handlers.cards.refusals import refusal_sentence
from handlers.contents import content_of, corrected
from handlers.dialogues import gone_back_to, resumes, use_up, with_way_back
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.numbers import looked_up
from handlers.proposal_draft import (
    FEATURE,
    Idea,
    Step,
    councils_to_choose,
    holds_words,
    is_of,
    may_change,
    next_step,
    only_council,
    says_something,
    shown,
    step_before,
    step_of,
)
from handlers.turn import Turn
from storage.support import ContentKind

router = Router(name="proposals")

_PROPOSING = InDialogue(f"{FEATURE}:*")


class OfThisIdea(Filter):
    """A message that was edited after it had been kept in the draft."""

    async def __call__(self, message: Message, turn: Turn) -> bool:
        idea = turn.dialogue.data.get("idea")
        return idea is not None and any(each["message_id"] == message.message_id for each in idea["contents"])


@router.message(Command("proposer"))
async def begin_by_command(_message: Message, turn: Turn) -> Reply:
    return await _begin_or_go_on(turn)


@router.callback_query(Pressed(ProposePress))
async def begin(_press: CallbackQuery, turn: Turn) -> Reply:
    return await _begin_or_go_on(turn)


async def _begin_or_go_on(turn: Turn) -> Reply:
    """An idea in which something was said already goes on: beginning again must not lose it."""
    return await gone_back_to(turn, FEATURE, is_of(None)) or await begin_with(turn, ())


async def begin_with(turn: Turn, contents: tuple[Content, ...]) -> Reply:
    """Begins to propose, with what the person has sent already; what no proposal can hold is told."""
    _ = turn.actor
    use_up(turn, contents)
    kept = tuple(each.as_json() for each in contents if each.kind in TAKEN)
    idea = Idea(turn.update_id, council=only_council(turn), contents=kept)
    trouble = NotForAProposal() if len(kept) < len(contents) else None
    return Reply.of(await shown(turn, idea, await next_step(turn, idea), trouble=trouble))


@router.callback_query(Pressed(IdeaCouncilsPagePress), InDialogue(Step.COUNCIL.state))
async def turn_councils(_press: CallbackQuery, turn: Turn, pressed: IdeaCouncilsPagePress) -> Reply:
    return Reply.of(await shown(turn, Idea.of(turn), Step.COUNCIL, page=pressed.page))


@router.callback_query(Pressed(IdeaCouncilPress), InDialogue(Step.COUNCIL.state))
async def choose_council(_press: CallbackQuery, turn: Turn, pressed: IdeaCouncilPress) -> Reply:
    """Another council has other places, and other proposals."""
    if pressed.council not in councils_to_choose(turn, await council_names(turn.session)):
        raise NotAllowed
    return await _go_on(turn, replace(Idea.of(turn), council=pressed.council, different=False))


@router.callback_query(Pressed(IdeaDonePress), InDialogue(Step.WORDS.state))
async def end_words(_press: CallbackQuery, turn: Turn) -> Reply:
    idea = Idea.of(turn)
    trouble = _trouble_with(idea)
    if trouble is not None:
        return Reply.of(await shown(turn, idea, Step.WORDS, trouble=trouble))
    await leave_live_card(turn)
    # Words that came after the button stand below it: what follows is shown below them, where the person looks.
    below = bool(idea.contents) and idea.messages[-1].message_id > (turn.message_id or 0)
    return await _go_on(turn, replace(idea, said=True), fresh=below)


@router.callback_query(Pressed(IdeaAgainPress), InDialogue(Step.WORDS.state))
async def begin_words_again(_press: CallbackQuery, turn: Turn) -> Reply:
    await leave_live_card(turn)
    return Reply.of(await shown(turn, _unsaid(Idea.of(turn)), Step.WORDS))


@router.callback_query(Pressed(IdeaThemesPagePress), InDialogue(Step.THEME.state))
async def turn_themes(_press: CallbackQuery, turn: Turn, pressed: IdeaThemesPagePress) -> Reply:
    return Reply.of(await shown(turn, Idea.of(turn), Step.THEME, page=pressed.page))


@router.callback_query(Pressed(IdeaThemePress), InDialogue(Step.THEME.state))
async def choose_theme(_press: CallbackQuery, turn: Turn, pressed: IdeaThemePress) -> Reply:
    """A theme that has left the programme meanwhile is "something else"."""
    return await _go_on(turn, replace(Idea.of(turn), theme=turn.programme.proposals.theme(pressed.code).code))


@router.callback_query(Pressed(IdeaPlacePress), InDialogue(Step.PLACE.state))
async def choose_place(_press: CallbackQuery, turn: Turn, pressed: IdeaPlacePress) -> Reply:
    """A usual place that has left the programme meanwhile: the question again."""
    idea = Idea.of(turn)
    if pressed.mark is None:
        pointless = tuple(each for each in idea.contents if each["kind"] != ContentKind.LOCATION)
        return await _go_on(turn, _at(replace(idea, contents=pointless, told=len(pointless)), ""))
    places = await usual_places(turn.session, frozenset({idea.council or 0}))
    place = next((each for each in places if place_mark(each) == pressed.mark), None)
    if place is None:
        return Reply.of(await shown(turn, idea, Step.PLACE))
    return await _go_on(turn, _at(idea, place.name, place.latitude, place.longitude))


@router.callback_query(Pressed(IdeaNamePress), InDialogue(Step.NAME.state))
async def choose_name(_press: CallbackQuery, turn: Turn, pressed: IdeaNamePress) -> Reply:
    return await _go_on(turn, replace(Idea.of(turn), anonymous=pressed.anonymous))


@router.callback_query(Pressed(SupportThisPress), InDialogue(Step.SIMILAR.state))
async def support_this(_press: CallbackQuery, turn: Turn, pressed: SupportThisPress) -> Reply:
    """Their own draft stays until they say whether it is needed still; who follows no such council may follow it."""
    view = await view_proposal(turn.session, turn.clock, turn.actor, pressed.proposal)
    try:
        await support(turn.session, turn.clock, turn.actor, view.id)
    except NotOfTheCouncil as refusal:
        refused = refusal_sentence(refusal, turn.say)
        return Reply.of(follow_first_card(turn.say, view.id, view.number, view.council, refused))
    return Reply.of(supported_card(turn.say, view.number))


@router.callback_query(Pressed(FollowAndSupportPress), InDialogue(Step.SIMILAR.state))
async def follow_and_support(_press: CallbackQuery, turn: Turn, pressed: FollowAndSupportPress) -> Reply:
    view = await view_proposal(turn.session, turn.clock, turn.actor, pressed.proposal)
    await people.follow(turn.session, turn.clock, turn.actor, view.council_id)
    follower = replace(turn.actor, follows=turn.actor.follows | {view.council_id})
    await support(turn.session, turn.clock, follower, view.id)
    return Reply.of(supported_card(turn.say, view.number))


@router.callback_query(Pressed(ReadSimilarPress), InDialogue(Step.SIMILAR.state))
async def read_similar(_press: CallbackQuery, turn: Turn, pressed: ReadSimilarPress) -> Reply:
    """The whole of it; one's own draft is one tap away."""
    view = await view_proposal(turn.session, turn.clock, turn.actor, pressed.proposal)
    return Reply.of(with_way_back(turn, proposal_card(turn.say, view, turn.programme)))


@router.callback_query(Pressed(SimilarAgainPress), InDialogue(Step.SIMILAR.state))
async def show_similar_again(_press: CallbackQuery, turn: Turn) -> Reply:
    return Reply.of(await shown(turn, Idea.of(turn), Step.SIMILAR))


@router.callback_query(Pressed(DifferentPress), InDialogue(Step.SIMILAR.state))
async def is_different(_press: CallbackQuery, turn: Turn) -> Reply:
    return await _go_on(turn, replace(Idea.of(turn), different=True))


@router.callback_query(Pressed(NoMorePress), InDialogue(Step.SIMILAR.state))
async def let_go(_press: CallbackQuery, turn: Turn) -> Reply:
    turn.dialogue.end()
    return Reply.of(let_go_card(turn.say))


@router.callback_query(Pressed(IdeaBackPress), _PROPOSING)
async def go_back(_press: CallbackQuery, turn: Turn) -> Reply:
    idea, step = Idea.of(turn), step_of(turn)
    if idea.changing or step in (Step.PREVIEW, Step.TITLE):
        return Reply.of(await shown(turn, idea, Step.PREVIEW))
    return Reply.of(await shown(turn, idea, step_before(turn, idea, step) or step))


@router.callback_query(Pressed(MoreIdeaPress), InDialogue(Step.PREVIEW.state))
async def say_more(_press: CallbackQuery, turn: Turn) -> Reply:
    return Reply.of(await shown(turn, Idea.of(turn), Step.WORDS))


@router.callback_query(Pressed(ChangeIdeaPress), InDialogue(Step.PREVIEW.state))
async def change(_press: CallbackQuery, turn: Turn, pressed: ChangeIdeaPress) -> Reply:
    idea = Idea.of(turn)
    offered = may_change(turn, idea)
    if pressed.what is None:
        return Reply.of(change_card(turn.say, offered))
    if pressed.what not in offered:
        raise NotAllowed
    if pressed.what is Changed.WORDS:
        return Reply.of(await shown(turn, _unsaid(idea), Step.WORDS))
    return Reply.of(await shown(turn, replace(idea, changing=True), Step(pressed.what.value)))


@router.callback_query(Pressed(OwnTitlePress), InDialogue(Step.TITLE.state))
async def take_first_words(_press: CallbackQuery, turn: Turn) -> Reply:
    return await _go_on(turn, replace(Idea.of(turn), title=None))


@router.callback_query(Pressed(SendIdeaPress))
async def send(_press: CallbackQuery, turn: Turn, pressed: SendIdeaPress) -> Reply:
    """A second tap finds the dialogue over and does nothing."""
    if turn.dialogue.state != Step.PREVIEW.state or Idea.of(turn).key != pressed.key:
        return Reply(toast=turn.say.plain("Ce brouillon n’est plus ouvert."))
    idea = Idea.of(turn)
    if pressed.version != idea.version:
        return Reply.of(await shown(turn, idea, Step.PREVIEW))
    trouble = _trouble_with(idea)
    if trouble is not None:
        return Reply.of(await shown(turn, idea, Step.WORDS, trouble=trouble))
    session, clock, programme, actor = turn.session, turn.clock, turn.programme, turn.actor
    try:
        if idea.correcting is not None:
            proposal = await correct_proposal(session, clock, programme, actor, idea.correcting, idea.as_draft())
        else:
            key = f"{FEATURE}:{idea.key}"
            proposal = await submit_proposal(session, clock, programme, actor, idea.as_draft(), key)
    except SameProposal as refusal:
        return Reply.of(same_card(turn.say, refusal))
    turn.dialogue.end()
    card = proposal_card(turn.say, await view_of(session, clock, actor, proposal), programme)
    return Reply.of(
        sent_card(turn.say, proposal.number, written=bool(proposal.words), told=told_by(idea.messages)), card
    )


@router.message(_PROPOSING, is_speech)
async def receive(message: Message, turn: Turn) -> Reply:
    """Whatever is sent at any step is kept; a title and a place are read as answers, and a place is heard as one too.

    Raises NotRelayable for a poll, a game, a gift, and NotForAProposal for what no proposal can hold.
    """
    if (named := await looked_up(turn, message.text or "")) is not None:
        return named
    idea, step = Idea.of(turn), step_of(turn)
    content = content_of(message)
    if content.kind not in TAKEN:
        raise NotForAProposal
    if step is Step.TITLE:
        return await _titled(turn, idea, content)
    if step is Step.PLACE and content.kind in (ContentKind.TEXT, ContentKind.LOCATION):
        return await _placed(turn, idea, content)
    if step is Step.PLACE and content.kind in SPOKEN:
        return await _go_on(turn, replace(idea.with_message(content), placed=True), fresh=True)
    goes_on = bool(idea.contents) and step is not Step.PREVIEW and is_burst(turn)
    answered_now(turn)
    idea = idea.with_message(content)
    if goes_on:
        idea.keep(turn, step)
        await live_cards.refresh(turn.session, turn.clock, LiveKind.SUPPORT_DRAFT, turn.actor.person_id)
        return SILENCE
    return Reply.of(await shown(turn, idea, Step.WORDS if step is Step.PREVIEW else step))


@router.edited_message(_PROPOSING, OfThisIdea())
async def correct(message: Message, turn: Turn) -> Reply:
    """The newer version takes the place of the older one; a preview shows it."""
    idea, step = Idea.of(turn), step_of(turn)
    idea = replace(idea, contents=corrected(idea.contents, content_of(message)) or idea.contents, different=False)
    if is_burst(turn):
        idea.keep(turn, step)
        return SILENCE
    if step is Step.WORDS:
        idea.keep(turn, step)
        return Reply.of(kept_card(turn.say, len(idea.contents), turn.actor.person_id, corrected=True))
    return Reply.of(await shown(turn, idea, step))


@resumes(FEATURE, holds=holds_words)
async def resume(turn: Turn) -> Reply:
    return Reply.of(await shown(turn, Idea.of(turn), step_of(turn)))


async def _titled(turn: Turn, idea: Idea, content: Content) -> Reply:
    try:
        if content.kind is not ContentKind.TEXT:
            raise WordsAwaited
        title = written(" ".join(bare_words(content).split()), TITLE_LIMIT)
    except Refusal as refusal:
        return Reply.of(await shown(turn, idea, Step.TITLE, trouble=refusal))
    return await _go_on(turn, replace(idea, title=title), fresh=True)


async def _placed(turn: Turn, idea: Idea, content: Content) -> Reply:
    """An address, or a point on the map with the name that it may have."""
    name = " ".join(bare_words(content).split())
    try:
        name = no_longer(name, PLACE_LIMIT) if content.latitude is not None else written(name, PLACE_LIMIT)
    except Refusal as refusal:
        return Reply.of(await shown(turn, idea, Step.PLACE, trouble=refusal))
    return await _go_on(turn, _at(idea, name, content.latitude, content.longitude), fresh=True)


async def _go_on(turn: Turn, idea: Idea, *, fresh: bool = False) -> Reply:
    return Reply.of(await shown(turn, idea, await next_step(turn, idea)), fresh=fresh)


def _at(idea: Idea, place: str, latitude: float | None = None, longitude: float | None = None) -> Idea:
    return replace(idea, place=place, latitude=latitude, longitude=longitude, placed=True)


def _unsaid(idea: Idea) -> Idea:
    """Without what was sent, and without the title that came from it."""
    return replace(idea, contents=(), said=False, title=None, different=False, changing=False, told=0)


def _trouble_with(idea: Idea) -> Refusal | None:
    """Why what was sent cannot be a proposal yet."""
    if not says_something(idea):
        return EmptyWords()
    try:
        no_longer(idea.text, WORDS_LIMIT)
    except TooLong as refusal:
        return refusal
    return None
