"""A letter that is being written: what was said so far, in the dialogue or in a row of its own, and what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from council.contents import Content
from council.council_choice import council_names
from council.errors import OutOfDate, Refusal
from council.interpellation_drafts import (
    FILES_LIMIT,
    InterpellationDraft,
    Question,
    Voice,
    councils_to_speak_in,
    keep_draft,
    load_draft,
    partners_of,
    rewrite_draft,
)
from council.settings import PartnerEntry
from handlers.cards.card import Card
from handlers.cards.interpellation_asking import (
    Answer,
    Letter,
    SendWritingPress,
    Step,
    WritingBackPress,
    council_card,
    evidence_card,
    follow_first_card,
    kind_card,
    label_words,
    name_card,
    partner_card,
    preview_card,
    question_card,
    theme_card,
)
from handlers.contents import PIECE
from handlers.formatted_text import html_pieces
from handlers.scans import wants_paper
from handlers.turn import Turn
from locales.translator import REFERENCE, translator
from storage.interpellations import Interpellation, InterpellationKind
from storage.support import ContentKind

FEATURE = "interpellation"
_STEPS = tuple(Step)
_STAY = (ContentKind.VIDEO, ContentKind.ANIMATION)
for _step in (*Question, Step.EVIDENCE):
    wants_paper(f"{FEATURE}:{_step}")


@dataclass(frozen=True)
class Writing:
    """What is being written, as JSON in the dialogue.

    `row` is set once it has a row of its own: that row holds what was said then, and this only where the writing
    stands. `words` are by question; `said` remembers which message said what, so that a correction finds it. `theme`
    None: not asked yet; `anonymous` None likewise. `changing`: a step gone back to from the preview.
    """

    key: int
    row: int | None = None
    kind: str | None = None
    council: int | None = None
    partner: str = ""
    theme: str | None = None
    anonymous: bool | None = None
    words: dict[str, str] = field(default_factory=dict)
    voices: tuple[dict[str, Any], ...] = ()
    evidence: tuple[dict[str, Any], ...] = ()
    said: tuple[tuple[str, int, str], ...] = ()
    changing: bool = False
    version: int = 0

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        said = tuple((question, message, words) for question, message, words in stored["said"])
        return cls(**{**stored, "voices": tuple(stored["voices"]), "evidence": tuple(stored["evidence"]), "said": said})

    def answer(self, question: Question) -> Answer:
        voices = sum(each["question"] == question.value for each in self.voices)
        return Answer(self.words.get(question.value, ""), voices)

    def with_words(self, question: Question, words: str, message_id: int) -> "Writing":
        """With more words to this answer."""
        there = self.words.get(question.value, "")
        together = f"{there}\n{words}" if there else words
        said = (*self.said, (question.value, message_id, words))
        return replace(self, words={**self.words, question.value: together}, said=said)

    def with_voice(self, question: Question, content: Content) -> "Writing":
        voice = Voice(question, content).as_json()
        return replace(self, voices=(*self.voices, voice)[:FILES_LIMIT])

    def with_file(self, content: Content) -> "Writing":
        return replace(self, evidence=(*self.evidence, content.as_json())[:FILES_LIMIT])

    def without(self, question: Question) -> "Writing":
        """The answer to this question taken back."""
        return replace(
            self,
            words={name: words for name, words in self.words.items() if name != question.value},
            voices=tuple(each for each in self.voices if each["question"] != question.value),
            said=tuple(each for each in self.said if each[0] != question.value),
        )

    def corrected(self, message_id: int, words: str) -> "Writing | None":
        """With newer words of one message; None when it is not among them."""
        found = next((each for each in self.said if each[1] == message_id), None)
        if found is None:
            return None
        question, _, old = found
        newer = self.words.get(question, "").replace(old, words, 1)
        said = tuple((question, message_id, words) if each is found else each for each in self.said)
        return replace(self, words={**self.words, question: newer}, said=said)

    @property
    def videos(self) -> int:
        """Files that are kept, and too large for a letter."""
        return sum(each["kind"] in _STAY for each in self.evidence)

    @property
    def is_saisine(self) -> bool:
        return self.kind == InterpellationKind.SAISINE


async def writing_of(turn: Turn) -> Writing:
    """Raises OutOfDate when nothing is being written, or it was sent from elsewhere."""
    kept = turn.dialogue.data.get("writing")
    if kept is None:
        raise OutOfDate
    writing = Writing.from_json(kept)
    if writing.row is None:
        return writing
    return _from_row(writing, await load_draft(turn.session, turn.actor, writing.row))


def written_again(row: Interpellation, key: int) -> Writing:
    """The writing of a draft that was kept."""
    return _from_row(Writing(key, row=row.id), row)


async def keep(turn: Turn, writing: Writing, step: Step) -> None:
    """Where the writing stands, and what was said."""
    if writing.row is not None:
        draft = await draft_of(turn, writing)
        await rewrite_draft(turn.session, turn.clock, turn.programme, turn.actor, writing.row, draft)
        said = replace(writing, words={}, voices=(), evidence=())
        turn.dialogue.go(f"{FEATURE}:{step}", writing=_as_json(said))
        return
    turn.dialogue.go(f"{FEATURE}:{step}", writing=_as_json(writing))


async def keep_row(turn: Turn, writing: Writing) -> Interpellation:
    """The draft in a row of its own from now on."""
    draft = await draft_of(turn, writing)
    if writing.row is not None:
        return await rewrite_draft(turn.session, turn.clock, turn.programme, turn.actor, writing.row, draft)
    key = f"{FEATURE}:{writing.key}"
    return await keep_draft(turn.session, turn.clock, turn.programme, turn.actor, draft, key)


async def draft_of(turn: Turn, writing: Writing) -> InterpellationDraft:
    """A partner that has left the programme's file is not chosen any more. Raises OutOfDate without a council."""
    if writing.council is None or writing.kind is None:
        raise OutOfDate
    offered = {each.code for each in await partners_for(turn, writing)}
    return InterpellationDraft(
        kind=InterpellationKind(writing.kind),
        council_id=writing.council,
        partner_code=writing.partner if writing.partner in offered else "",
        theme=writing.theme or "",
        anonymous=bool(writing.anonymous),
        words={each: writing.words.get(each.value, "") for each in Question},
        voices=tuple(Voice.from_json(each) for each in writing.voices),
        evidence=tuple(Content.from_json(each) for each in writing.evidence),
    )


def holds_something(data: Mapping[str, Any]) -> bool:
    """Whether the dialogue holds words, voices or files, or leads to a row that does."""
    writing = data["writing"]
    return writing["row"] is not None or bool(writing["words"] or writing["voices"] or writing["evidence"])


def step_of(turn: Turn) -> Step:
    """Raises OutOfDate when nothing is being written."""
    state = (turn.dialogue.state or "").removeprefix(f"{FEATURE}:")
    if state not in set(Step):
        raise OutOfDate
    return Step(state)


def councils_to_choose(turn: Turn, names: dict[int, str]) -> dict[int, str]:
    """Those with which this person may speak, in the programme's order."""
    mine = councils_to_speak_in(turn.actor)
    return {each: name for each, name in names.items() if each in mine}


def only_council(turn: Turn) -> int | None:
    """The one that needs no question."""
    mine = councils_to_speak_in(turn.actor)
    return next(iter(mine)) if len(mine) == 1 else None


async def partners_for(turn: Turn, writing: Writing) -> Sequence[PartnerEntry]:
    kind = InterpellationKind(writing.kind or InterpellationKind.INTERPELLATION)
    return await partners_of(turn.session, turn.programme, writing.council or 0, kind)


async def step_after(turn: Turn, writing: Writing, step: Step) -> Step:
    """The next question that this letter has; after a change the preview, unless something is missing."""
    later = [each for each in _STEPS[_STEPS.index(step) + 1 :] if await _asks(turn, writing, each)]
    if not writing.changing:
        return later[0]
    missing = [each for each in later if await _is_missing(turn, writing, each)]
    return missing[0] if missing else Step.PREVIEW


async def step_before(turn: Turn, writing: Writing, step: Step) -> Step | None:
    before = [each for each in _STEPS[: _STEPS.index(step)] if await _asks(turn, writing, each)]
    return before[-1] if before else None


async def may_change(turn: Turn, writing: Writing) -> list[Step]:
    """What the preview offers to change: whatever is asked of this letter."""
    return [each for each in _STEPS if each is not Step.PREVIEW and await _asks(turn, writing, each)]


async def shown(turn: Turn, writing: Writing, step: Step, *, page: int = 0, trouble: Refusal | None = None) -> Card:
    """Goes to this step, and shows its card."""
    if step is Step.PREVIEW:
        writing = replace(writing, changing=False, version=writing.version + 1)
    await keep(turn, writing, step)
    say, back = turn.say, WritingBackPress()
    if step.question is not None:
        return question_card(say, step.question, writing.answer(step.question), writing.videos, back, trouble)
    match step:
        case Step.KIND:
            return kind_card(say, back if writing.changing else None, trouble)
        case Step.COUNCIL:
            councils = councils_to_choose(turn, await council_names(turn.session))
            if not councils:
                return follow_first_card(say)
            return council_card(say, councils, page, back, trouble)
        case Step.PARTNER:
            return partner_card(say, await partners_for(turn, writing), page, back, trouble)
        case Step.THEME:
            offered = turn.programme.proposals.offered
            return theme_card(say, offered, page, back, trouble, may_pass=not writing.is_saisine)
        case Step.EVIDENCE:
            return evidence_card(say, len(writing.evidence), writing.videos, back, trouble)
        case Step.NAME:
            return name_card(say, turn.actor.first_name, back, trouble)
    return preview_card(say, await _letter(turn, writing), SendWritingPress(writing.key, writing.version), trouble)


def for_animator(turn: Turn, writing: Writing, number: str) -> tuple[Content, ...]:
    """All that was said, for who helps: the words in French headings, then voices and files as they were sent."""
    say = translator(REFERENCE, turn.programme.timezone)
    heading = say.plain("J’ai besoin d’aide pour écrire une lettre. {number}", number=number).strip()
    answers = [(each, writing.words[each.value]) for each in Question if writing.words.get(each.value)]
    lines = [heading, *(f"{label_words(say, question)} : {words}" for question, words in answers)]
    parts = html_pieces("\n".join(lines), (), PIECE)
    first = Content(ContentKind.TEXT, turn.chat_id, turn.message_id or 0, parts)
    voices = (Content.from_json(each["content"]) for each in writing.voices)
    return (first, *voices, *(Content.from_json(each) for each in writing.evidence))


async def _asks(turn: Turn, writing: Writing, step: Step) -> bool:
    match step:
        case Step.COUNCIL:
            return writing.row is None and (only_council(turn) is None or writing.council != only_council(turn))
        case Step.PARTNER:
            return not writing.is_saisine or len(await partners_for(turn, writing)) != 1
        case Step.THEME:
            return bool(turn.programme.proposals.themes)
        case _:
            return True


async def _is_missing(turn: Turn, writing: Writing, step: Step) -> bool:
    """Whether a change has left this question without an answer that it needs."""
    match step:
        case Step.COUNCIL:
            return writing.council not in councils_to_speak_in(turn.actor)
        case Step.PARTNER:
            return writing.partner not in {each.code for each in await partners_for(turn, writing)}
        case Step.THEME:
            return writing.is_saisine and not writing.theme
        case _:
            return False


async def _letter(turn: Turn, writing: Writing) -> Letter:
    offered = await partners_for(turn, writing)
    partner = next((each.name for each in offered if each.code == writing.partner), "")
    theme = turn.programme.proposals.theme(writing.theme).called(turn.say.language) if writing.theme else ""
    return Letter(
        kind=InterpellationKind(writing.kind or InterpellationKind.INTERPELLATION),
        partner=partner,
        theme=theme,
        answers={each: writing.answer(each) for each in Question},
        files=len(writing.evidence),
        signed=None if writing.anonymous else turn.actor.first_name,
    )


def _from_row(writing: Writing, row: Interpellation) -> Writing:
    return replace(
        writing,
        kind=row.kind.value,
        council=row.council_id,
        partner=row.partner_code,
        theme=row.theme or writing.theme,
        anonymous=row.anonymous,
        words={each.value: getattr(row, each.value) for each in Question if getattr(row, each.value)},
        voices=tuple(row.originals),
        evidence=tuple(row.evidence),
    )


def _as_json(writing: Writing) -> dict[str, Any]:
    return asdict(writing)
