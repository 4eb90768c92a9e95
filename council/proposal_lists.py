"""Published proposals by council and theme, newest or most supported first, and those that somebody looks for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import and_, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.folding import fold
from storage.proposals import NEVER_PUBLIC, Proposal, ProposalFollower, ProposalState

LAST_PAGE = 200
"""Nobody turns so many pages; a theme or a search finds the rest."""
SEARCHED = 3_000
"""So many of the newest are searched: what is older than that is found by its number."""
WORDS_SOUGHT = 12
"""Longer than that, nobody looks for words but tells something: the first ones are looked for."""
_LIKENESS = 75.0
"""From 0 to 100: one letter wrong in five or six, or two neighbours that have changed places."""
_SHORTEST = 4
"""Letters of a word in which an error can be told from another word."""
_ENOUGH = 0.6
"""How much of what was written must be found again, by letters: « une aire de jeux » finds « aires de jeux »."""
_PUBLIC = tuple(state for state in ProposalState if state not in NEVER_PUBLIC)


class Order(StrEnum):
    """By which a list begins."""

    NEWEST = "n"
    MOST_SUPPORTED = "m"


@dataclass(frozen=True)
class ProposalRow:
    """A proposal on one line of a list; `supporters` are distinct people."""

    id: int
    number: str
    title: str
    state: ProposalState
    supporters: int


@dataclass(frozen=True)
class ProposalPage:
    """A page of a list, from 0. `more`: another follows."""

    rows: tuple[ProposalRow, ...]
    page: int
    more: bool


async def list_proposals(
    session: AsyncSession,
    council_ids: Collection[int],
    page: int,
    size: int,
    *,
    theme: str | None = None,
    order: Order = Order.NEWEST,
) -> ProposalPage:
    """A page of what is published in these councils; `theme` None: all. In place of a page beyond the last, none."""
    page = min(max(page, 0), LAST_PAGE)
    supporters = func.count(col(ProposalFollower.person_id))
    first = (supporters.desc(),) if order is Order.MOST_SUPPORTED else ()
    chosen = [_published(council_ids), *([col(Proposal.theme) == theme] if theme is not None else [])]
    newest = col(Proposal.published_at).desc(), col(Proposal.id).desc()
    query: Any = select(col(Proposal.id)).where(*chosen)
    if order is Order.MOST_SUPPORTED:
        query = query.outerjoin(ProposalFollower, _supporting()).group_by(col(Proposal.id))
    ids = (await session.exec(query.order_by(*first, *newest).limit(size + 1).offset(page * size))).all()
    return ProposalPage(await _rows(session, ids[:size]), page, more=len(ids) > size)


async def search_proposals(
    session: AsyncSession, council_ids: Collection[int], words: str, page: int, size: int
) -> ProposalPage:
    """What is published in these councils and holds the words, or words like them; the likest first, then the newest.

    Accents, capitals, word ends and typing errors are forgiven.
    """
    page = min(max(page, 0), LAST_PAGE)
    query: Any = select(col(Proposal.id), col(Proposal.folded)).where(_published(council_ids))
    newest = query.order_by(col(Proposal.published_at).desc(), col(Proposal.id).desc()).limit(SEARCHED)
    found = likest(words, (await session.exec(newest)).all())
    ids = found[page * size : (page + 1) * size]
    return ProposalPage(await _rows(session, ids), page, more=len(found) > (page + 1) * size)


async def count_by_theme(session: AsyncSession, council_ids: Collection[int]) -> dict[str, int]:
    """How many proposals are published in these councils, by the code of their theme."""
    counting: Any = select(col(Proposal.theme), func.count()).where(_published(council_ids))
    return dict((await session.exec(counting.group_by(col(Proposal.theme)))).all())


def likest(words: str, texts: Sequence[tuple[int, str]]) -> list[int]:
    """Ids of the folded texts that hold enough of the words, the likest first, as they come where they are alike."""
    sought = list(dict.fromkeys(fold(words).split()))[:WORDS_SOUGHT]
    split = [(each_id, frozenset(text.split())) for each_id, text in texts]
    known = tuple(frozenset[str]().union(*(each for _, each in split)))
    like = {each: _likeness(each, known) for each in sought}
    whole = sum(map(len, sought))
    scored = []
    for each_id, held in split:
        score = sum(
            len(each) * max((like[each][word] for word in like[each].keys() & held), default=0.0) for each in sought
        )
        if whole and score >= _ENOUGH * whole:
            scored.append((score, each_id))
    scored.sort(key=lambda each: -each[0])
    return [each_id for _, each_id in scored]


def _likeness(word: str, known: Sequence[str]) -> dict[str, float]:
    """The known words that may be meant by this one, each with how like it is, up to 1."""
    like = {each: 1.0 if each == word else 0.95 for each in known if word in each and len(word) >= _SHORTEST - 1}
    if word in known:
        like[word] = 1.0
    if len(word) >= _SHORTEST:
        near = process.extract(word, known, scorer=fuzz.ratio, score_cutoff=_LIKENESS, limit=None)
        like.update({each: max(like.get(each, 0.0), score / 100) for each, score, _ in near})
    return like


def _published(council_ids: Collection[int]) -> Any:
    return and_(
        col(Proposal.council_id).in_(council_ids),
        col(Proposal.state).in_(_PUBLIC),
        col(Proposal.hidden_at).is_(None),
    )


def _supporting() -> Any:
    return and_(col(ProposalFollower.proposal_id) == col(Proposal.id), col(ProposalFollower.supports))


async def _rows(session: AsyncSession, ids: Sequence[int]) -> tuple[ProposalRow, ...]:
    """In the order of the ids."""
    shown: tuple[Any, ...] = (col(Proposal.id), col(Proposal.number), col(Proposal.title), col(Proposal.state))
    counted: tuple[Any, ...] = (*shown, func.count(col(ProposalFollower.person_id)))
    query: Any = (
        select(*counted).outerjoin(ProposalFollower, _supporting()).where(col(Proposal.id).in_(ids)).group_by(*shown)
    )
    rows = {row[0]: ProposalRow(*row) for row in (await session.exec(query)).all()}
    return tuple(rows[each] for each in ids if each in rows)
