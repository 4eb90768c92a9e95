"""Proposals as their authors make them: sent, corrected, put into words, taken back."""

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.contents import Content, bare_words
from council.council_choice import check_councils
from council.errors import EmptyWords, NotAllowed, OutOfDate, Refusal
from council.folding import fold
from council.local_time import local
from council.lock_order import hold_person
from council.proposal_flags import Flag, flags_of
from council.proposal_moderation import check_revision, tell_moderators
from council.proposal_originals import SHOWN, SPOKEN, TAKEN
from council.proposal_states import change, load_proposal, may_moderate, move, note
from council.settings import ProgrammeSettings
from council.support import asks_anywhere, councils_to_ask_of
from council.written import no_longer, written
from storage.numbers import next_number
from storage.proposals import UNPUBLISHED, Proposal, ProposalAct, ProposalState
from storage.support import ContentKind

SERIES = "P"
"""Numbers of proposals begin with it."""
TITLE_LIMIT, WORDS_LIMIT, PLACE_LIMIT = 80, 4096, 120
"""UTF-16 units."""
_GONE = (ProposalState.WITHDRAWN, ProposalState.SET_ASIDE, ProposalState.MERGED)
_SENTENCE_END = re.compile(r"(?<=[.!?؟])\s")
_SHORTENED = frozenset(
    ["mm", "mme", "mlle", "dr", "pr", "st", "ste", "av", "bd", "no", "n°", "ex", "art", "etc", "env"]
)
"""Words that end with a point in the midst of a sentence; so does a single letter: « M. Durand », « 3. rue A »."""


class NotForAProposal(Refusal):
    """A contact, a sticker: nothing that a proposal could hold."""


class SameProposal(Refusal):
    """The same person has sent the same words already; `number` is that proposal's."""

    def __init__(self, proposal_id: int, number: str) -> None:
        super().__init__(proposal_id, number)
        self.proposal_id = proposal_id
        self.number = number


@dataclass(frozen=True)
class ProposalDraft:
    """What somebody is about to propose.

    `theme` is a code of the programme's list. `title` None: taken from the first words. A point of the map among
    `contents` is the place when none is given. Degrees are WGS 84.
    """

    council_id: int
    theme: str
    contents: tuple[Content, ...]
    title: str | None = None
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    anonymous: bool = False


async def submit_proposal(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    draft: ProposalDraft,
    request_key: str,
) -> Proposal:
    """A new proposal, which nobody reads before the moderators, who are told. The same key again: the same.

    Raises:
        EmptyWords: nothing was said, written or shown.
        NotAllowed: a council that is not theirs to propose to.
        NotJoined: they erase their account at this moment.
        NotForAProposal: a contact or a sticker.
        SameProposal: these are the words of a proposal of theirs that has not ended.
        TooLong: title, words or place.
    """
    if not proposes_to(actor, draft.council_id):
        raise NotAllowed
    await hold_person(session, actor.person_id)
    await check_councils(session, frozenset({draft.council_id}))
    there = (await session.exec(select(Proposal).where(col(Proposal.request_key) == request_key))).first()
    if there is not None:
        return there
    now = clock.now()
    values = await _values(session, programme, actor, draft)
    proposal = Proposal(
        **values,
        number=await next_number(session, SERIES, local(now, programme.tz).year),
        council_id=draft.council_id,
        author_id=actor.person_id,
        state=ProposalState.SUBMITTED,
        created_at=now,
        moved_at=now,
        request_key=request_key,
    )
    session.add(proposal)
    await session.flush()
    await note(session, clock, proposal, ProposalAct.SUBMITTED, actor)
    await tell_moderators(session, clock, proposal)
    return proposal


async def correct_proposal(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    proposal_id: int,
    draft: ProposalDraft,
) -> Proposal:
    """What moderators sent back goes to them again, as the author has it now; its council stays.

    Raises like `submit_proposal`, and:
        NotAllowed: somebody else's.
        OutOfDate: nothing was sent back, or not any more.
    """
    await hold_person(session, actor.person_id)
    proposal = await load_mine(session, actor, proposal_id)
    values = await _values(session, programme, actor, draft, besides=proposal.id)
    await move(session, clock, proposal, ProposalState.SUBMITTED, ProposalAct.CORRECTED, actor, reason=None, **values)
    await tell_moderators(session, clock, proposal)
    return proposal


async def write_words(
    session: AsyncSession,
    clock: Clock,
    actor: Actor,
    proposal_id: int,
    revision: int,
    words: str,
    title: str | None = None,
) -> Proposal:
    """The text that can be published, by the author or a moderator; the voice stays what it is.

    What was sent back to the author goes to the moderators again once the author has written it.

    Raises:
        NotAllowed: neither the author's nor the moderator's to write.
        DecidedAlready, OutOfDate: it is not what the actor saw any more, is published, or has ended.
        EmptyWords: nothing to read.
        TooLong: words or title.
    """
    proposal = await _to_write(session, actor, proposal_id, revision)
    values = _readable(words, title)
    values["flags"] = _flags_again(proposal, values["title"], values["words"], proposal.place)
    if proposal.author_id == actor.person_id and proposal.state is ProposalState.TO_CORRECT:
        await move(
            session, clock, proposal, ProposalState.SUBMITTED, ProposalAct.CORRECTED, actor, reason=None, **values
        )
        await tell_moderators(session, clock, proposal)
    else:
        await change(session, clock, proposal, ProposalAct.CORRECTED, actor, **values)
    return proposal


async def write_place(
    session: AsyncSession, clock: Clock, actor: Actor, proposal_id: int, revision: int, place: str
) -> Proposal:
    """Where it is, in the words of a moderator who has heard it said; a point on the map stays.

    Raises:
        NotAllowed: not the moderator's to write.
        DecidedAlready, OutOfDate: it is not what the actor saw any more, is published, or has ended.
        EmptyWords, TooLong: the place.
    """
    shown = written(place, PLACE_LIMIT)
    proposal = await _to_write(session, actor, proposal_id, revision)
    flags = _flags_again(proposal, proposal.title, proposal.words, shown)
    await change(session, clock, proposal, ProposalAct.CORRECTED, actor, place=shown, flags=flags)
    return proposal


async def withdraw_proposal(session: AsyncSession, clock: Clock, actor: Actor, proposal_id: int) -> Proposal:
    """The author takes it back before it is published; a second time changes nothing.

    Raises:
        NotAllowed: somebody else's.
        OutOfDate: it is published, or has ended otherwise.
    """
    proposal = await load_mine(session, actor, proposal_id)
    if proposal.state is not ProposalState.WITHDRAWN:
        await move(session, clock, proposal, ProposalState.WITHDRAWN, ProposalAct.WITHDRAWN, actor)
    return proposal


async def load_mine(session: AsyncSession, actor: Actor, proposal_id: int) -> Proposal:
    """The actor's own proposal. Raises NotAllowed for anybody else's, and when there is none."""
    proposal = await session.get(Proposal, proposal_id)
    if proposal is None or proposal.author_id != actor.person_id:
        raise NotAllowed
    return proposal


def proposes_to(actor: Actor, council_id: int) -> bool:
    """To the councils that somebody follows or has a role in; who has none may choose any."""
    return council_id in councils_to_ask_of(actor) or asks_anywhere(actor)


def words_in(contents: Iterable[Content]) -> str:
    """All that was written, bare, message below message; the name of a place on the map is none of it."""
    written_ones = (bare_words(each).strip() for each in contents if each.kind is not ContentKind.LOCATION)
    return "\n".join(filter(None, written_ones))


def title_from(words: str) -> str:
    """The first sentence or line of what was written, as far as a title goes."""
    first = next((line.strip() for line in words.splitlines() if line.strip()), "")
    ends = (each.start() for each in _SENTENCE_END.finditer(first) if not _is_shortened(first[: each.start()]))
    sentence = first[: next(ends, len(first))].rstrip(" .")
    cut = textwrap.shorten(sentence or first, TITLE_LIMIT, placeholder="…")
    return cut if cut != "…" else f"{sentence[: TITLE_LIMIT - 1]}…"


def _is_shortened(words: str) -> bool:
    """Whether the last word stands there for a longer one."""
    last = words.split()[-1].lstrip("(«\"'").casefold()
    return last.endswith(".") and (len(last) == 2 or last.removesuffix(".") in _SHORTENED)


def beyond_title(title: str, words: str) -> str:
    """What the words say besides a title that was taken from them; all of them when the title is another."""
    if title != title_from(words):
        return words
    shown, cut = title.removesuffix("…"), title.endswith("…")
    said = re.match(r"\s*" + r"\s+".join(map(re.escape, shown.split())), words)
    if said is None:
        return words
    rest = words[said.end() :]
    return f"…{rest.strip()}" if cut else rest.lstrip(" .\n").rstrip()


def check_says_something(contents: Iterable[Content]) -> None:
    """Raises EmptyWords when there is nothing to read, hear or see: a point on the map alone is no idea."""
    kept = tuple(contents)
    if not words_in(kept) and not any(each.kind in SPOKEN | SHOWN for each in kept):
        raise EmptyWords


async def _to_write(session: AsyncSession, actor: Actor, proposal_id: int, revision: int) -> Proposal:
    """The unpublished proposal as its author or a moderator saw it, held until the end of the transaction."""
    await session.get(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    proposal = await load_proposal(session, actor, proposal_id)
    if proposal.author_id != actor.person_id and not may_moderate(actor, proposal):
        raise NotAllowed
    await check_revision(session, actor, proposal, revision, ProposalAct.CORRECTED)
    if proposal.state not in UNPUBLISHED:
        raise OutOfDate
    return proposal


def _flags_again(proposal: Proposal, *texts: str) -> list[str]:
    """What moderators should look at in the texts as they are now; that they were sent before stays so."""
    sent_before = [Flag.AGAIN.value] if Flag.AGAIN in proposal.flags else []
    return [*flags_of(*texts), *sent_before]


async def _values(
    session: AsyncSession, programme: ProgrammeSettings, actor: Actor, draft: ProposalDraft, besides: int | None = None
) -> dict[str, Any]:
    """The columns that come from what the author said."""
    if any(each.kind not in TAKEN for each in draft.contents):
        raise NotForAProposal
    check_says_something(draft.contents)
    words = words_in(draft.contents)
    values = _readable(words, draft.title) if words.strip() else _unwritten(draft.title)
    flags = flags_of(values["title"], values["words"], draft.place)
    if values["words"]:
        flags += await _said_before(session, actor, draft.council_id, values["folded"], besides)
    photo = next((each.file_id for each in draft.contents if each.kind is ContentKind.PHOTO), None)
    return {
        **values,
        **_where(draft),
        "theme": programme.proposals.theme(draft.theme).code,
        "anonymous": draft.anonymous,
        "originals": [each.as_json() for each in draft.contents],
        "photo_file_id": photo,
        "flags": flags,
    }


def _readable(words: str, title: str | None) -> dict[str, Any]:
    words = written(words, WORDS_LIMIT)
    shown = no_longer(title, TITLE_LIMIT) if title else title_from(words)
    return {"title": shown, "words": words, "folded": fold(f"{shown}\n{words}")}


def _unwritten(title: str | None) -> dict[str, Any]:
    shown = no_longer(title or "", TITLE_LIMIT)
    return {"title": shown, "words": "", "folded": fold(shown)}


def _where(draft: ProposalDraft) -> dict[str, Any]:
    place = no_longer(draft.place, PLACE_LIMIT)
    if place or draft.latitude is not None:
        return {"place": place, "latitude": draft.latitude, "longitude": draft.longitude}
    point = next((each for each in draft.contents if each.kind is ContentKind.LOCATION), None)
    if point is None:
        return {"place": "", "latitude": None, "longitude": None}
    named = textwrap.shorten(bare_words(point), PLACE_LIMIT, placeholder="…")
    return {"place": named, "latitude": point.latitude, "longitude": point.longitude}


async def _said_before(
    session: AsyncSession, actor: Actor, council_id: int, folded: str, besides: int | None
) -> list[str]:
    """What was set aside and comes again is flagged. Raises SameProposal for what still goes its way."""
    same = (
        col(Proposal.author_id) == actor.person_id,
        col(Proposal.council_id) == council_id,
        col(Proposal.folded) == folded,
        col(Proposal.id).is_distinct_from(besides),
    )
    query = select(col(Proposal.id), col(Proposal.number), col(Proposal.state)).where(*same).order_by(col(Proposal.id))
    earlier = (await session.exec(query)).all()
    for proposal_id, number, state in earlier:
        if state not in _GONE:
            raise SameProposal(proposal_id, number)
    return [Flag.AGAIN.value] if earlier else []
