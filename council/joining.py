"""Becoming somebody whom the bot knows, and finding one's council."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from rapidfuzz import fuzz
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, roles
from council.actors import Actor, load_actor
from council.clock import Clock
from council.council_choice import check_councils
from council.errors import EmptyWords, OutOfDate, Refusal
from council.people import FIRST_NAME_LIMIT, readable_name
from storage.database import dialect_insert
from storage.dialogue_store import forget_dialogues
from storage.people import Consent, News, Person
from storage.programme import Council, CouncilNeighbourhood, Neighbourhood

_SAINTS = {"st": "saint", "ste": "sainte"}
_LIKENESS = 80.0
"""From 0 to 100: one letter in five may be wrong, missing or too many."""
_SHORTEST = 4
"""Letters of a name in which an error can be told from another name."""


class TooYoung(Refusal):
    """Under 15, a parent must agree (loi n° 78-17, art. 45): the animator explains how."""


@dataclass(frozen=True)
class CouncilChoice:
    """A council as a resident looks for it: by the name of a neighbourhood."""

    council_id: int
    label: str
    words: str
    """All that finds it, folded by `_folded`."""


async def join(
    session: AsyncSession,
    clock: Clock,
    telegram_id: int,
    first_name: str,
    language: str,
    consent_version: str,
    fifteen_or_over: bool,
    council_ids: Sequence[int] = (),
) -> Actor:
    """A person, what they agreed to and whom they follow; joining again makes nobody twice and only adds councils.

    Raises:
        TooYoung: nothing is kept about them.
        NotAllowed: a council that does not exist.
        EmptyWords: no readable first name.
    """
    if not fifteen_or_over:
        raise TooYoung
    name = readable_name(first_name)[:FIRST_NAME_LIMIT].rstrip()
    if not name:
        raise EmptyWords
    await check_councils(session, frozenset(council_ids))
    person_id = await _insert_person(session, clock, telegram_id, name, language)
    if person_id is not None:
        session.add(Consent(person_id=person_id, version=consent_version, given_at=clock.now(), fifteen_or_over=True))
        await session.flush()
        await audit.record(session, clock, person_id, "person.joined", "person", person_id, consent=consent_version)
    else:
        person_id = await _person_id(session, telegram_id)
    for council_id in dict.fromkeys(council_ids):
        if await roles.follow(session, clock, person_id, council_id):
            await audit.record(session, clock, person_id, "council.followed", "council", council_id)
    return await load_actor(session, telegram_id) or _gone()


async def turn_away(session: AsyncSession, telegram_id: int) -> None:
    """Somebody under 15: not even how far they had come is kept."""
    await forget_dialogues(session, telegram_id)


async def _insert_person(
    session: AsyncSession, clock: Clock, telegram_id: int, first_name: str, language: str
) -> int | None:
    """The new person's id; None when this account has joined already, be it a moment ago by a double tap."""
    now = clock.now()
    row = dialect_insert(session, Person).values(
        telegram_id=telegram_id,
        first_name=first_name,
        language=language,
        news=News.EACH,
        created_at=now,
        last_heard_at=now,
    )
    inserted = await session.exec(row.on_conflict_do_nothing().returning(col(Person.id)))
    return inserted.scalar_one_or_none()


async def _person_id(session: AsyncSession, telegram_id: int) -> int:
    found = await session.exec(select(col(Person.id)).where(col(Person.telegram_id) == telegram_id))
    return found.first() or _gone()


def _gone() -> NoReturn:
    """They erased their account in another update, at this very moment."""
    raise OutOfDate


async def councils_to_join(session: AsyncSession) -> list[CouncilChoice]:
    query = (
        select(col(Council.id), col(Council.name), col(Neighbourhood.name))
        .outerjoin(CouncilNeighbourhood, col(CouncilNeighbourhood.council_id) == col(Council.id))
        .outerjoin(Neighbourhood, col(Neighbourhood.code) == col(CouncilNeighbourhood.neighbourhood_code))
    )
    return council_choices((await session.exec(query)).all())


def council_choices(councils: Iterable[tuple[int, str, str | None]]) -> list[CouncilChoice]:
    """Every council under each name that a resident may know it by, in the order of the alphabet.

    `councils` are id, name and neighbourhood, one line for each neighbourhood. One that has several councils (Grand
    Belleville) is no answer: these stand under their own names.
    """
    lines = tuple(councils)
    councils_there = Counter(neighbourhood for _, _, neighbourhood in lines)
    choices: dict[tuple[int, str], CouncilChoice] = {}
    for council_id, council, neighbourhood in lines:
        label = neighbourhood if neighbourhood is not None and councils_there[neighbourhood] == 1 else council
        words = _folded(f"{council} {neighbourhood or ''}")
        known = choices.get((council_id, label))
        choices[council_id, label] = CouncilChoice(council_id, label, f"{known.words} {words}" if known else words)
    return sorted(choices.values(), key=lambda choice: (_folded(choice.label), choice.council_id))


def matching(choices: Sequence[CouncilChoice], typed: str) -> list[CouncilChoice]:
    """Those that have every typed word in them, with or without accents; all of them when no word was typed.

    Where none has, those that sound like it: « goute dor » is « Goutte d’Or ».
    """
    wanted = _folded(typed).split()
    found = [each for each in choices if all(word in each.words for word in wanted)]
    return found or _nearly(choices, "".join(wanted))


def _nearly(choices: Sequence[CouncilChoice], letters: str) -> list[CouncilChoice]:
    if len(letters) < _SHORTEST:
        return []
    return [each for each in choices if fuzz.partial_ratio(letters, each.words.replace(" ", "")) >= _LIKENESS]


def _folded(words: str) -> str:
    """Lower case, without accents and punctuation; "St" is "saint"."""
    letters = unicodedata.normalize("NFKD", words.casefold().replace("œ", "oe").replace("æ", "ae"))
    bare = "".join(each if each.isalnum() else "" if unicodedata.combining(each) else " " for each in letters)
    return " ".join(_SAINTS.get(word, word) for word in bare.split())
