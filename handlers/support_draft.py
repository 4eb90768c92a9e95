"""A request that is being asked: what was said so far, kept in the dialogue, and which steps are left."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Self

from council.contents import Content
from council.council_choice import council_names
from council.errors import OutOfDate, Refusal
from council.resource_actors import list_themes
from council.support import asks_anywhere, councils_to_ask_of, sits_on
from council.support_mine import open_mine
from handlers.cards.card import Card
from handlers.cards.support import MyRequestPress
from handlers.cards.support_asking import (
    AskBackPress,
    AskedFor,
    Changed,
    KindGroup,
    SendRequestPress,
    council_card,
    for_whom_card,
    group_card,
    kept_card,
    kind_card,
    preview_card,
    theme_card,
    words_card,
)
from handlers.cards.support_words import MOST_KEPT
from handlers.turn import Turn
from storage.support import SupportKind

FEATURE = "support"


class Step(StrEnum):
    """Where the asking stands; the state of the dialogue is "support:" and this."""

    FOR_WHOM = "who"
    COUNCIL = "council"
    GROUP = "group"
    KIND = "kind"
    THEME = "theme"
    WORDS = "words"
    PREVIEW = "preview"

    @property
    def state(self) -> str:
        return f"{FEATURE}:{self}"


@dataclass(frozen=True)
class Asking:
    """What is being asked, as JSON in the dialogue.

    `contents` are messages as Content.as_json gives them. `adding_to` is set when they go to a request that is there
    already, which asks nothing but the words. `changing`: a step gone back to from the preview.
    `told` is how many messages the last card has counted.
    """

    key: int
    for_council: bool = False
    council: int | None = None
    group: str | None = None
    kind: str | None = None
    theme: str | None = None
    contents: tuple[dict[str, Any], ...] = ()
    adding_to: int | None = None
    changing: bool = False
    version: int = 0
    told: int = 0

    @classmethod
    def of(cls, turn: Turn) -> Self:
        """Raises OutOfDate when nothing is being asked."""
        kept = turn.dialogue.data.get("asking")
        if kept is None:
            raise OutOfDate
        return cls(**{**kept, "contents": tuple(kept["contents"])})

    def keep(self, turn: Turn, step: Step) -> None:
        turn.dialogue.go(step.state, asking={**asdict(self), "contents": list(self.contents)})

    @property
    def messages(self) -> tuple[Content, ...]:
        return tuple(Content.from_json(each) for each in self.contents)

    def with_message(self, content: Content) -> "Asking":
        """With one more, as long as there is room: the card says when there is none."""
        return replace(self, contents=(*self.contents, content.as_json())[:MOST_KEPT])


def holds_something(data: Mapping[str, Any]) -> bool:
    """Whether the dialogue holds words, or at least what they will be about."""
    asking = data["asking"]
    return bool(asking["contents"] or asking["group"] or asking["kind"])


def step_of(turn: Turn) -> Step:
    """Raises OutOfDate when nothing is being asked."""
    state = (turn.dialogue.state or "").removeprefix(f"{FEATURE}:")
    if state not in set(Step):
        raise OutOfDate
    return Step(state)


def first_step(turn: Turn) -> Step:
    """Leads and members say for whom; who has one council, or several, is asked no more than needed."""
    return next(each for each in Step if _asks(turn, Asking(0), each))


def step_after(turn: Turn, asking: Asking, step: Step) -> Step:
    """The next question that this person is asked; after a change, the preview."""
    every = list(Step)
    later = [each for each in every[every.index(step) + 1 :] if _asks(turn, asking, each)]
    if asking.changing:
        return next((each for each in later if _is_open(turn, asking, each)), Step.PREVIEW)
    return Step.PREVIEW if later[0] is Step.WORDS and asking.contents and asking.kind else later[0]


def step_before(turn: Turn, asking: Asking, step: Step) -> Step | None:
    every = list(Step)
    before = [each for each in every[: every.index(step)] if _asks(turn, asking, each)]
    return before[-1] if before else None


def councils_to_choose(turn: Turn, asking: Asking, names: dict[int, str]) -> dict[int, str]:
    """Those that this person may name, in the programme's order."""
    if asking.for_council:
        return {each: name for each, name in names.items() if each in sits_on(turn.actor)}
    if asks_anywhere(turn.actor):
        return names
    return {each: name for each, name in names.items() if each in councils_to_ask_of(turn.actor)}


def only_council(turn: Turn, asking: Asking) -> int | None:
    """The one that needs no question."""
    mine = sits_on(turn.actor) if asking.for_council else councils_to_ask_of(turn.actor)
    return next(iter(mine)) if len(mine) == 1 and not turn.actor.is_coordinator else None


async def shown(turn: Turn, asking: Asking, step: Step, *, page: int = 0, trouble: Refusal | None = None) -> Card:
    """Goes to this step, and shows its card."""
    if step is Step.PREVIEW:
        asking = replace(asking, changing=False, version=asking.version + 1)
    say, kept = turn.say, len(asking.contents)
    replace(asking, told=kept).keep(turn, step)
    back = AskBackPress() if asking.changing or step_before(turn, asking, step) is not None else None
    match step:
        case Step.FOR_WHOM:
            return for_whom_card(say, back, kept)
        case Step.COUNCIL:
            councils = councils_to_choose(turn, asking, await council_names(turn.session))
            unsure = not asking.for_council and asks_anywhere(turn.actor)
            return council_card(say, councils, page, back, kept, may_not_know=unsure)
        case Step.GROUP:
            return group_card(say, back, kept)
        case Step.KIND:
            return kind_card(say, KindGroup(asking.group or KindGroup.MEETING), AskBackPress(), kept)
        case Step.THEME:
            return theme_card(say, await list_themes(turn.session), page, AskBackPress(), trouble)
        case Step.WORDS if asking.adding_to is not None:
            opened = MyRequestPress(asking.adding_to)
            return words_card(say, opened, trouble) if not kept else kept_card(say, kept, turn.actor.person_id)
        case Step.WORDS:
            return words_card(say, back, trouble) if not kept else kept_card(say, kept, turn.actor.person_id)
        case Step.PREVIEW:
            return preview_card(
                say, await _asked_for(turn, asking), asking.messages, SendRequestPress(asking.key, asking.version)
            )


def may_change(turn: Turn, asking: Asking) -> list[Changed]:
    """What the preview offers to change: only what was, or could have been, asked."""
    offered = [Changed.FOR_WHOM] if _asks(turn, asking, Step.FOR_WHOM) else []
    if _asks(turn, asking, Step.COUNCIL):
        offered.append(Changed.COUNCIL)
    return [*offered, Changed.KIND, Changed.WORDS]


async def check_still_theirs(turn: Turn, asking: Asking) -> None:
    """Raises NotAllowed when words are added to a request that is somebody else's."""
    if asking.adding_to is not None:
        await open_mine(turn.session, turn.clock, turn.actor, asking.adding_to)


def _asks(turn: Turn, asking: Asking, step: Step) -> bool:
    match step:
        case Step.FOR_WHOM:
            return asking.adding_to is None and bool(sits_on(turn.actor))
        case Step.COUNCIL:
            return asking.adding_to is None and only_council(turn, asking) is None
        case Step.GROUP:
            return asking.adding_to is None
        case Step.KIND:
            return asking.adding_to is None and asking.group is not None
        case Step.THEME:
            return asking.adding_to is None and asking.kind == SupportKind.EXPERTISE
        case Step.WORDS:
            return True
        case Step.PREVIEW:
            return asking.adding_to is None


def _is_open(turn: Turn, asking: Asking, step: Step) -> bool:
    """Whether a change has left this step without an answer."""
    match step:
        case Step.COUNCIL:
            return asking.council is None and (asking.for_council or not asks_anywhere(turn.actor))
        case Step.THEME:
            return asking.kind == SupportKind.EXPERTISE and asking.theme is None
        case Step.WORDS:
            return not asking.contents
        case _:
            return False


async def _asked_for(turn: Turn, asking: Asking) -> AskedFor:
    names = await council_names(turn.session)
    council = names.get(asking.council) if asking.council is not None else None
    return AskedFor(asking.for_council, council, SupportKind(asking.kind or SupportKind.OTHER), asking.theme)
