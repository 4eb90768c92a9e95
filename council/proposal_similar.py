"""Proposals of a council that say nearly the same: shown before another one is sent.

Accents, capitals, the order of words and slips of the finger are forgiven; words that every text has say nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.by_ear import sound_alike
from council.folding import fold
from storage.proposals import ENDED, NEVER_PUBLIC, Proposal

COMPARED = 2_000
"""Proposals looked at, the newest first: a council has some dozens."""
_CHARACTERS, _WORDS = 400, 30
"""As much of each text as is compared: an idea stands at its beginning."""
_LIKE_A_WORD, _LIKE_A_TEXT = 80.0, 88.0
"""Of 100: below, two words, or two whole texts, are not the same."""
ENOUGH = 0.55
"""How much two texts must share, as a mean of the shares of both."""
_EXACT_BELOW = 4
"""Words shorter than this have no room for a slip."""
_SAY_NOTHING = frozenset(
    fold(
        """
        le la les un une des du de au aux et ou mais donc car que qui quoi dont est sont etre suis avoir ai
        avons avez ont il elle on nous vous ils elles je tu me te se ce cet cette ces mon ma mes ton ta tes son
        sa ses notre nos votre vos leur leurs dans sur sous avec sans pour par pas plus moins tres trop peu
        beaucoup tout tous toute toutes ne ni si comme quand alors aussi bien faire fait faut faudrait veux veut
        tro pa fo fau fodrai ke ki dan avek san bocou boku tou ossi kan kom metre mettr pouvoir
        voudrais voudrait voudrions aimerais serait peut pourrait pourrions mettre avoir quartier idee propose
        proposition souhaite besoin chez vers entre depuis the an of to in on at for and or is are be we you
        they it this that with our your would like want need more في من على الى عن مع هذا هذه التي الذي كل نريد
        اريد
        """
    ).split()
)

_BROKEN = re.compile(
    r"\b(?:ne |n )?(?:marche|fonctionne)(?:nt)? (?:pas?|plus?|mal)\b|\b(?:en )?pannes?\b|\bcasse(?:es?|s)?\b"
    r"|\brepar(?:e[rz]?|ee?s?|ation)\b"
)
_TO_MEND = "reparer"
"""« L’ascenseur ne marche pas » asks for what « Réparer l’ascenseur » says."""


@dataclass(frozen=True)
class SimilarProposal:
    """A published proposal that is near; `likeness` from 0 to 1."""

    id: int
    number: str
    title: str
    likeness: float


async def similar_proposals(
    session: AsyncSession, council_id: int, words: str, limit: int = 3, *, besides: int | None = None
) -> list[SimilarProposal]:
    """The published proposals of that council that are nearest to `words` and can still be supported; nearest first.

    `besides`: those of this person are left out, who would not support words of their own.
    """
    open_ones = (
        col(Proposal.council_id) == council_id,
        col(Proposal.state).not_in((*NEVER_PUBLIC, *ENDED)),
        col(Proposal.hidden_at).is_(None),
        *([col(Proposal.author_id).is_distinct_from(besides)] if besides is not None else []),
    )
    query = (
        select(col(Proposal.id), col(Proposal.number), col(Proposal.title), col(Proposal.folded))
        .where(*open_ones)
        .order_by(col(Proposal.published_at).desc(), col(Proposal.id).desc())
        .limit(COMPARED)
    )
    rows = (await session.exec(query)).all()
    sought = fold(words)
    whole = likenesses(sought, [folded for *_, folded in rows])
    by_title = likenesses(sought, [fold(title) for _, _, title, _ in rows], least=2)
    found = [
        SimilarProposal(found_id, number, title, max(likes))
        for (found_id, number, title, _), *likes in zip(rows, whole, by_title, strict=True)
        if max(likes) >= ENOUGH
    ]
    return sorted(found, key=lambda each: -each.likeness)[:limit]


def likenesses(folded: str, others: Sequence[str], least: int = 1) -> list[float]:
    """How near each of `others` is to `folded`, from 0 to 1; all of them folded (council.folding).

    Two that share fewer than `least` words are not near: a long text easily holds a short one.
    The work is bounded: the beginning of each text, and every different word of them all once.
    """
    folded, others = (
        _BROKEN.sub(_TO_MEND, folded[:_CHARACTERS]),
        [_BROKEN.sub(_TO_MEND, each[:_CHARACTERS]) for each in others],
    )
    told, theirs = _telling(folded), [_telling(each) for each in others]
    vocabulary = sorted({word for each in theirs for word in each})
    near = {word: _near(word, vocabulary) for word in told}
    by_words = [_shared(told, each, near, least) for each in theirs]
    whole = dict.fromkeys(range(len(others)), 0.0)
    for _, likeness, place in process.extract(
        folded, others, scorer=fuzz.token_sort_ratio, processor=None, limit=None, score_cutoff=_LIKE_A_TEXT
    ):
        whole[place] = likeness / 100
    return [max(share, whole[place]) for place, share in enumerate(by_words)]


def _telling(folded: str) -> frozenset[str]:
    """The words that tell what a text is about, the first of them."""
    words = [each for each in folded.split() if each not in _SAY_NOTHING and (len(each) > 2 or not each.isascii())]
    return frozenset(dict.fromkeys(words[:_WORDS]))


def _near(word: str, vocabulary: Iterable[str]) -> frozenset[str]:
    """The words of the vocabulary that are this one, perhaps misspelt, by ear, in the plural, with an ending."""
    found = process.extract(word, vocabulary, scorer=fuzz.ratio, processor=None, limit=None, score_cutoff=_LIKE_A_WORD)
    alike = {each for each, *_ in found if each == word or min(len(each), len(word)) >= _EXACT_BELOW}
    return frozenset(alike | {each for each in vocabulary if sound_alike(word, each)})


def _shared(told: frozenset[str], theirs: frozenset[str], near: dict[str, frozenset[str]], least: int) -> float:
    """The mean of the share of our words that they have, and of theirs that we have."""
    ours_there = {word for word in told if near[word] & theirs}
    if not told or not theirs or len(ours_there) < least:
        return 0.0
    theirs_here = theirs & frozenset().union(*(near[word] for word in ours_there)) if ours_there else frozenset()
    return (len(ours_there) / len(told) + len(theirs_here) / len(theirs)) / 2
