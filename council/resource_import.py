"""Importing the directory from a sheet: first what it would change, line by line, then the change itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit
from council.actors import Actor
from council.clock import Clock
from council.errors import EmptyWords, Refusal, TooLong
from council.folding import fold
from council.resource_actor_values import (
    ActorField,
    NotAMailAddress,
    NotAPhone,
    NotAWebsite,
    TooManyThemes,
    checked_name,
    checked_themes,
    checked_value,
    split_themes,
)
from council.resource_actors import (
    MOST_ENTRIES,
    DirectoryFull,
    check_keeps_directory,
    count_entries,
)
from storage.programme import CouncilView, list_councils
from storage.resource_actors import ResourceActor

Cells = Mapping[ActorField, str]
_EVERYWHERE = frozenset({"tous", "toutes", "tous les conseils", "tous les quartiers", "partout"})


class LineTrouble(StrEnum):
    """Why a line is left out."""

    NAME_MISSING = "name_missing"
    TOO_LONG = "too_long"
    TOO_MANY_THEMES = "too_many_themes"
    BAD_PHONE = "bad_phone"
    BAD_EMAIL = "bad_email"
    BAD_WEBSITE = "bad_website"
    UNKNOWN_COUNCIL = "unknown_council"
    NAMED_TWICE = "named_twice"


@dataclass(frozen=True)
class LineProblem:
    """`number` is the row's number in the sheet, `detail` a word of that row or another row's number."""

    number: int
    trouble: LineTrouble
    detail: str = ""


@dataclass(frozen=True)
class ImportPlan:
    """What a sheet would do. `entries` are the values to be written, by the key of the entry; JSON."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: tuple[LineProblem, ...] = ()
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)


async def plan_import(session: AsyncSession, actor: Actor, lines: Sequence[tuple[int, Cells]]) -> ImportPlan:
    """Nothing is written. An empty cell leaves what is there; an entry that was archived comes back.

    Raises NotAllowed, DirectoryFull.
    """
    check_keeps_directory(actor)
    councils = _names_of(await list_councils(session))
    entries: dict[str, dict[str, Any]] = {}
    first_lines: dict[str, int] = {}
    problems: list[LineProblem] = []
    for number, cells in lines:
        try:
            key, values = _values(cells, councils)
        except _Wrong as wrong:
            problems.append(LineProblem(number, wrong.trouble, wrong.detail))
            continue
        if key in first_lines:
            problems.append(LineProblem(number, LineTrouble.NAMED_TWICE, str(first_lines[key])))
            continue
        first_lines[key] = number
        entries[key] = values
    there = await _there(session)
    changes = {key: values for key, values in entries.items() if key not in there or _differs(there[key], values)}
    new = sum(key not in there or there[key].archived_at is not None for key in changes)
    if await count_entries(session) + new > MOST_ENTRIES:
        raise DirectoryFull
    return ImportPlan(new, len(changes) - new, len(entries) - len(changes), tuple(problems), changes)


async def carry_out_import(
    session: AsyncSession, clock: Clock, actor: Actor, entries: Mapping[str, dict[str, Any]]
) -> tuple[int, int]:
    """Writes the entries of a plan; how many were new, how many changed. Somebody may have changed others meanwhile.

    Raises NotAllowed, DirectoryFull.
    """
    check_keeps_directory(actor)
    there, known = await _there(session), {each.id for each in await list_councils(session)}
    new = changed = 0
    for key, planned in entries.items():
        values = {**planned, "updated_at": clock.now(), "updated_by": actor.person_id}
        if "council_ids" in planned:
            values["council_ids"] = [each for each in planned["council_ids"] if each in known]
        entry = there.get(key)
        if entry is None:
            session.add(ResourceActor(key=key, **values))
            new += 1
        elif _differs(entry, planned):
            new, changed = (new, changed + 1) if entry.archived_at is None else (new + 1, changed)
            entry.sqlmodel_update({**values, "archived_at": None})
    await session.flush()
    if await count_entries(session) > MOST_ENTRIES:
        raise DirectoryFull
    await audit.record(
        session, clock, actor, "resource_actor.imported", "resource_actor", None, new=new, changed=changed
    )
    return new, changed


class _Wrong(Exception):
    def __init__(self, trouble: LineTrouble, detail: str = "") -> None:
        super().__init__(trouble)
        self.trouble, self.detail = trouble, detail


_TROUBLES: dict[type[Refusal], LineTrouble] = {
    EmptyWords: LineTrouble.NAME_MISSING,
    TooLong: LineTrouble.TOO_LONG,
    TooManyThemes: LineTrouble.TOO_MANY_THEMES,
    NotAPhone: LineTrouble.BAD_PHONE,
    NotAMailAddress: LineTrouble.BAD_EMAIL,
    NotAWebsite: LineTrouble.BAD_WEBSITE,
}


def _values(cells: Cells, councils: Mapping[str, tuple[int, ...]]) -> tuple[str, dict[str, Any]]:
    """The key and the values of a line; only of cells that are not empty. Raises _Wrong."""
    try:
        name, key = checked_name(cells.get(ActorField.NAME, ""))
        values: dict[str, Any] = {"name": name}
        for each, words in cells.items():
            if not words or each is ActorField.NAME:
                continue
            if each is ActorField.THEMES:
                values["themes"] = list(checked_themes(split_themes(words)))
            elif each is ActorField.COUNCILS:
                values["council_ids"] = _council_ids(words, councils)
            else:
                values[each.value] = checked_value(each, _mended(words) if each is ActorField.PHONE else words)
    except Refusal as refusal:
        raise _Wrong(_TROUBLES[type(refusal)]) from None
    return key, values


def _mended(phone: str) -> str:
    """A sheet program that takes a number for an amount drops its first 0."""
    return f"0{phone}" if re.fullmatch(r"[1-9][0-9]{8}", phone) else phone


def _council_ids(words: str, councils: Mapping[str, tuple[int, ...]]) -> list[int]:
    """« Empalot ; Les Izards »: councils by name, code or quartier. Raises _Wrong with the name that nobody knows."""
    whole = fold(words)
    if whole in _EVERYWHERE:
        return []
    if whole in councils:
        return list(councils[whole])
    found: set[int] = set()
    for each in re.split(r"[,;|/\n]", words):
        if fold(each) in _EVERYWHERE:
            return []
        if fold(each) and fold(each) not in councils:
            raise _Wrong(LineTrouble.UNKNOWN_COUNCIL, " ".join(each.split())[:40])
        found.update(councils.get(fold(each), ()))
    return sorted(found)


def _names_of(councils: Sequence[CouncilView]) -> dict[str, tuple[int, ...]]:
    """Councils by everything they are called; a quartier that several share stands for all of them."""
    names: dict[str, set[int]] = {}
    for council in councils:
        for name in (council.name, council.code, *council.neighbourhoods):
            names.setdefault(fold(name), set()).add(council.id)
    return {name: tuple(sorted(ids)) for name, ids in names.items()}


async def _there(session: AsyncSession) -> dict[str, ResourceActor]:
    """All entries, those that are archived too, by key."""
    return {each.key: each for each in (await session.exec(select(ResourceActor))).all()}


def _differs(entry: ResourceActor, values: Mapping[str, Any]) -> bool:
    return entry.archived_at is not None or any(getattr(entry, name) != value for name, value in values.items())
