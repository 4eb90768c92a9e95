"""An idea that is being put into a proposal: what was said so far, kept in the dialogue, and which steps are left."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Self

from council.contents import Content
from council.council_choice import council_names
from council.errors import EmptyWords, OutOfDate, Refusal
from council.meeting_places import usual_places
from council.proposal_originals import originals_of
from council.proposal_similar import SimilarProposal, similar_proposals
from council.proposals import ProposalDraft, check_says_something, proposes_to, title_from, words_in
from council.support import asks_anywhere, councils_to_ask_of
from handlers.cards.card import Card
from handlers.cards.proposal_asking import (
    Changed,
    IdeaBackPress,
    Proposed,
    SendIdeaPress,
    council_card,
    kept_card,
    name_card,
    place_card,
    preview_card,
    theme_card,
    title_card,
    words_card,
)
from handlers.cards.proposal_said import said_words
from handlers.cards.proposal_similar import similar_card
from handlers.cards.support_words import MOST_KEPT
from handlers.contents import PIECE
from handlers.formatted_text import html_pieces
from handlers.turn import Holds, Turn
from storage.proposals import Proposal
from storage.support import ContentKind

FEATURE = "idea"


class Step(StrEnum):
    """Where the proposing stands; the state of the dialogue is "idea:" and this."""

    COUNCIL = "council"
    WORDS = "words"
    THEME = "theme"
    PLACE = "place"
    NAME = "name"
    SIMILAR = "similar"
    PREVIEW = "preview"
    TITLE = "title"
    """Beside the way: a title of one's own, from the preview."""

    @property
    def state(self) -> str:
        return f"{FEATURE}:{self}"


_WAY = (Step.COUNCIL, Step.WORDS, Step.THEME, Step.PLACE, Step.NAME, Step.SIMILAR)


@dataclass(frozen=True)
class Idea:
    """What is being proposed, as JSON in the dialogue.

    `contents` are messages as Content.as_json gives them. `said`: the author has said that this is all. `placed`: the
    place was asked. `anonymous` None: not asked yet. `different`: not what others have proposed. `correcting` is the
    proposal that was sent back, and `reason` why. `changing`: a step gone back to from the preview. `told` is how many
    messages the last card counted.
    """

    key: int
    council: int | None = None
    contents: tuple[dict[str, Any], ...] = ()
    said: bool = False
    theme: str | None = None
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    placed: bool = False
    anonymous: bool | None = None
    title: str | None = None
    different: bool = False
    correcting: int | None = None
    reason: str | None = None
    changing: bool = False
    version: int = 0
    told: int = 0

    @classmethod
    def of(cls, turn: Turn) -> Self:
        """Raises OutOfDate when nothing is being proposed."""
        kept = turn.dialogue.data.get("idea")
        if kept is None:
            raise OutOfDate
        return cls(**{**kept, "contents": tuple(kept["contents"])})

    @classmethod
    def of_proposal(cls, key: int, proposal: Proposal) -> Self:
        """What was sent, as it stands now: a text written since takes the place of the words of its messages."""
        contents, words = originals_of(proposal), proposal.words
        if words_in(contents) != words:
            silent = (each if each.kind is ContentKind.LOCATION else replace(each, parts=()) for each in contents)
            contents = (*(each for each in silent if each.kind is not ContentKind.TEXT), _written(words))
        return cls(
            key,
            council=proposal.council_id,
            contents=tuple(each.as_json() for each in contents),
            said=True,
            theme=proposal.theme,
            place=proposal.place,
            latitude=proposal.latitude,
            longitude=proposal.longitude,
            placed=True,
            anonymous=proposal.anonymous,
            title=proposal.title if proposal.title != title_from(words) else None,
            correcting=proposal.id,
            reason=proposal.reason,
        )

    def keep(self, turn: Turn, step: Step) -> None:
        turn.dialogue.go(step.state, idea={**asdict(self), "contents": list(self.contents)})

    @property
    def messages(self) -> tuple[Content, ...]:
        return tuple(Content.from_json(each) for each in self.contents)

    @property
    def text(self) -> str:
        """All that was written, bare."""
        return words_in(self.messages)

    @property
    def point(self) -> Content | None:
        """The point of the map among the messages."""
        return next((each for each in self.messages if each.kind is ContentKind.LOCATION), None)

    def with_message(self, content: Content) -> "Idea":
        """With one more, as long as there is room: the card says when there is none. What is near is asked anew."""
        return replace(self, contents=(*self.contents, content.as_json())[:MOST_KEPT], different=False)

    def as_draft(self) -> ProposalDraft:
        """Raises OutOfDate when a question is open still."""
        if self.council is None or self.theme is None or self.anonymous is None:
            raise OutOfDate
        return ProposalDraft(
            council_id=self.council,
            theme=self.theme,
            contents=self.messages,
            title=self.title,
            place=self.place,
            latitude=self.latitude,
            longitude=self.longitude,
            anonymous=self.anonymous,
        )


def _written(words: str) -> Content:
    """Words that are in no message of the chat."""
    return Content(ContentKind.TEXT, 0, 0, html_pieces(words, (), PIECE))


def holds_words(data: Mapping[str, Any]) -> bool:
    """Whether the dialogue holds something that its author has sent."""
    return bool(data["idea"]["contents"])


def is_of(proposal_id: int | None) -> Holds:
    """Whether the dialogue holds the correction of this proposal; None: a new one."""
    return lambda data: data["idea"]["correcting"] == proposal_id


def step_of(turn: Turn) -> Step:
    """Raises OutOfDate when nothing is being proposed."""
    state = (turn.dialogue.state or "").removeprefix(f"{FEATURE}:")
    if state not in set(Step):
        raise OutOfDate
    return Step(state)


async def next_step(turn: Turn, idea: Idea) -> Step:
    """The first question that is open still; the preview when none is."""
    for step in _WAY:
        if await _is_open(turn, idea, step):
            return step
    return Step.PREVIEW


def step_before(turn: Turn, idea: Idea, step: Step) -> Step | None:
    """The question asked before this one; None: it is the first."""
    before = [each for each in _WAY[: _WAY.index(step)] if each is not Step.SIMILAR]
    asked = [each for each in before if each is not Step.COUNCIL or _asks_council(turn, idea)]
    asked = [each for each in asked if each is not Step.PLACE or idea.placed or idea.point is None]
    return asked[-1] if asked else None


def councils_to_choose(turn: Turn, names: dict[int, str]) -> dict[int, str]:
    """Those that this person may propose to, in the programme's order."""
    return {each: name for each, name in names.items() if proposes_to(turn.actor, each)}


def only_council(turn: Turn) -> int | None:
    """The one that needs no question."""
    mine = councils_to_ask_of(turn.actor)
    return next(iter(mine)) if len(mine) == 1 and not asks_anywhere(turn.actor) else None


def says_something(idea: Idea) -> bool:
    try:
        check_says_something(idea.messages)
    except EmptyWords:
        return False
    return True


def may_change(turn: Turn, idea: Idea) -> list[Changed]:
    """What the preview offers to change."""
    council = [Changed.COUNCIL] if _asks_council(turn, idea) else []
    return [*council, Changed.TITLE, Changed.THEME, Changed.PLACE, Changed.NAME, Changed.WORDS]


async def similar_to(turn: Turn, idea: Idea) -> list[SimilarProposal]:
    """What others of that council have proposed that is near; nothing once the author has said that it is not."""
    if idea.different or idea.correcting is not None or idea.council is None or not idea.text:
        return []
    return await similar_proposals(turn.session, idea.council, idea.text, besides=turn.actor.person_id)


async def shown(turn: Turn, idea: Idea, step: Step, *, page: int = 0, trouble: Refusal | None = None) -> Card:
    """Goes to this step, and shows its card."""
    if step is Step.PREVIEW:
        idea = replace(idea, changing=False, version=idea.version + 1)
    say, kept = turn.say, len(idea.contents)
    replace(idea, told=kept).keep(turn, step)
    counted = kept if kept != idea.told else 0
    match step:
        case Step.COUNCIL:
            councils = councils_to_choose(turn, await council_names(turn.session))
            return council_card(say, councils, page, IdeaBackPress() if idea.changing else None, kept)
        case Step.WORDS:
            return _words_shown(turn, idea, trouble)
        case Step.THEME:
            return theme_card(say, turn.programme.proposals.offered, page, IdeaBackPress(), counted)
        case Step.PLACE:
            places = await usual_places(turn.session, frozenset({idea.council or 0}))
            return place_card(say, places, IdeaBackPress(), counted, trouble)
        case Step.NAME:
            return name_card(say, turn.actor.first_name, IdeaBackPress(), counted)
        case Step.SIMILAR:
            return similar_card(say, await similar_to(turn, idea), IdeaBackPress())
        case Step.TITLE:
            return title_card(say, IdeaBackPress(), trouble)
        case Step.PREVIEW:
            send = SendIdeaPress(idea.key, idea.version)
            reason = said_words(say, idea.reason) if idea.reason else None
            return preview_card(say, await _proposed(turn, idea), idea.messages, send, reason)


def _words_shown(turn: Turn, idea: Idea, trouble: Refusal | None) -> Card:
    if idea.contents:
        return kept_card(turn.say, len(idea.contents), turn.actor.person_id, trouble=trouble)
    asked_before = step_before(turn, idea, Step.WORDS) is not None
    return words_card(turn.say, IdeaBackPress() if idea.changing or asked_before else None, trouble)


async def _is_open(turn: Turn, idea: Idea, step: Step) -> bool:
    match step:
        case Step.COUNCIL:
            return idea.council is None
        case Step.WORDS:
            return not idea.said or not says_something(idea)
        case Step.THEME:
            return idea.theme is None
        case Step.PLACE:
            return not idea.placed and idea.point is None
        case Step.NAME:
            return idea.anonymous is None
        case _:
            return bool(await similar_to(turn, idea))


def _asks_council(turn: Turn, idea: Idea) -> bool:
    return idea.correcting is None and only_council(turn) is None


async def _proposed(turn: Turn, idea: Idea) -> Proposed:
    names, words = await council_names(turn.session), idea.text
    place: str | None = idea.place
    if not idea.place and idea.latitude is None:
        place = words_in([replace(idea.point, kind=ContentKind.TEXT)]).replace("\n", ", ") if idea.point else None
    return Proposed(
        title=idea.title or title_from(words),
        words=words,
        council=names.get(idea.council or 0, ""),
        theme=turn.programme.proposals.theme(idea.theme or "").called(turn.say.language),
        place=place,
        signed=None if idea.anonymous else turn.actor.first_name,
    )
