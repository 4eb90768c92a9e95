"""The directory of resource actors: whoever joined may look into it, the team keeps it."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate, Refusal
from council.folding import fold
from council.resource_actor_values import ActorField, checked_name, checked_themes, checked_value, split_themes
from storage.database import dialect_insert
from storage.people import Role
from storage.programme import CouncilView, list_councils
from storage.resource_actors import ResourceActor

MOST_ENTRIES = 5_000
"""Enough for any city (choice); a search looks at all of them."""


class NameTaken(Refusal):
    """Another entry of the directory has this name."""


class DirectoryFull(Refusal):
    """MOST_ENTRIES are there."""


@dataclass(frozen=True)
class ActorView:
    """One entry as people see it. `councils` are names; empty: for all of them. `note` is for the team alone."""

    id: int
    name: str
    themes: tuple[str, ...]
    contact_name: str
    phone: str
    email: str
    website: str
    council_ids: tuple[int, ...]
    councils: tuple[str, ...]
    note: str
    archived: bool


@dataclass(frozen=True)
class ActorLine:
    """An entry as lists show it."""

    id: int
    name: str
    themes: tuple[str, ...]


@dataclass(frozen=True)
class Theme:
    """A theme of the directory, with how many entries have it; `code` stands for it on a button."""

    code: str
    name: str
    count: int


def keeps_directory(actor: Actor) -> bool:
    """Whether they are of the team, which keeps it."""
    return actor.holds_anywhere(Role.ANIMATOR, Role.COORDINATOR)


def check_keeps_directory(actor: Actor) -> None:
    """Raises NotAllowed."""
    if not keeps_directory(actor):
        raise NotAllowed


async def open_actor(session: AsyncSession, actor_id: int) -> ActorView:
    """One entry, those that were archived too: somebody may have been sent there. Raises NotAllowed."""
    entry = await session.get(ResourceActor, actor_id)
    if entry is None:
        raise NotAllowed
    known = {each.id: each.name for each in await list_councils(session)}
    theirs = tuple(each for each in entry.council_ids if each in known)
    return ActorView(
        entry.id,
        entry.name,
        tuple(entry.themes),
        entry.contact_name,
        entry.phone,
        entry.email,
        entry.website,
        theirs,
        tuple(known[each] for each in theirs),
        entry.note,
        entry.archived_at is not None,
    )


async def search(
    session: AsyncSession, words: str = "", *, theme: str | None = None, council_id: int | None = None
) -> list[ActorLine]:
    """Entries in which every typed word is found, in name, themes, contact or council; accents and case do not matter.

    `theme` is a Theme's code. `council_id`: only those who work there, or everywhere. Those whose name begins with the
    words come first, then by name. The whole directory is read: it has at most MOST_ENTRIES.
    """
    wanted = fold(words)
    councils = {each.id: _council_words(each) for each in await list_councils(session)}
    found = []
    for each in await _active(session):
        if council_id is not None and each.council_ids and council_id not in each.council_ids:
            continue
        if theme is not None and theme not in {theme_code(name) for name in each.themes}:
            continue
        if wanted and not _holds(each, wanted, councils):
            continue
        found.append(each)
    found.sort(key=lambda each: (not each.key.startswith(wanted), each.key))
    return [ActorLine(each.id, each.name, tuple(each.themes)) for each in found]


async def list_themes(session: AsyncSession) -> list[Theme]:
    """All themes in use, by name; spellings that differ in accents or capitals are one."""
    spelled: dict[str, Counter[str]] = {}
    for each in await _active(session):
        for name in each.themes:
            spelled.setdefault(fold(name), Counter())[name] += 1
    themes = [Theme(theme_code(key), names.most_common(1)[0][0], names.total()) for key, names in spelled.items()]
    return sorted(themes, key=lambda each: fold(each.name))


def theme_code(name: str) -> str:
    """Short enough for a button, and the same however the theme is spelled."""
    return hashlib.blake2s(fold(name).encode(), digest_size=6).hexdigest()


async def add_actor(session: AsyncSession, clock: Clock, actor: Actor, name: str, themes: Sequence[str] = ()) -> int:
    """A new entry; its id. One that was archived under this name comes back.

    Raises:
        NotAllowed: not of the team.
        EmptyWords, TooLong, TooManyThemes: name or themes.
        NameTaken, DirectoryFull: nothing was added.
    """
    check_keeps_directory(actor)
    name, key = checked_name(name)
    values: dict[str, Any] = {"name": name, "themes": list(checked_themes(themes))}
    there = await _named(session, key)
    if there is not None and there.archived_at is None:
        raise NameTaken
    if await count_entries(session) >= MOST_ENTRIES:
        raise DirectoryFull
    if there is not None:
        await change_entry(session, clock, actor, there.id, {**values, "archived_at": None}, "resource_actor.restored")
        return there.id
    return await insert_entry(session, clock, actor, key, values)


async def check_name_free(session: AsyncSession, actor: Actor, name: str) -> None:
    """Before more is asked for: raises NotAllowed for who is not of the team, NameTaken when an entry has the name."""
    check_keeps_directory(actor)
    there = await _named(session, checked_name(name)[1])
    if there is not None and there.archived_at is None:
        raise NameTaken


async def change_actor(
    session: AsyncSession, clock: Clock, actor: Actor, actor_id: int, field: ActorField, words: str
) -> None:
    """Writes one field as typed; empty `words` clear it, but for the name.

    Raises:
        NotAllowed: not of the team, no such entry, or councils, which are chosen and not typed.
        OutOfDate: it is archived.
        EmptyWords, TooLong, TooManyThemes, NotAPhone, NotAMailAddress, NotAWebsite, NameTaken: what was typed.
    """
    entry = await _kept(session, actor, actor_id)
    if field is ActorField.COUNCILS:
        raise NotAllowed
    if field is ActorField.NAME:
        name, key = checked_name(words)
        other = await _named(session, key)
        if other is not None and other.id != entry.id:
            raise NameTaken
        changes: dict[str, Any] = {"name": name, "key": key}
    elif field is ActorField.THEMES:
        changes = {"themes": list(checked_themes(split_themes(words)))}
    else:
        changes = {field.value: checked_value(field, words)}
    await change_entry(session, clock, actor, actor_id, changes, "resource_actor.changed", field=field.value)


async def turn_council(
    session: AsyncSession, clock: Clock, actor: Actor, actor_id: int, council_id: int | None
) -> None:
    """Turns one council of an entry on or off; None: it works for all of them. Raises NotAllowed, OutOfDate."""
    entry = await _kept(session, actor, actor_id)
    known = [each.id for each in await list_councils(session)]
    if council_id is not None and council_id not in known:
        raise NotAllowed
    turned = set() if council_id is None else {*entry.council_ids} ^ {council_id}
    changes = {"council_ids": [each for each in known if each in turned]}
    await change_entry(
        session, clock, actor, actor_id, changes, "resource_actor.changed", field=ActorField.COUNCILS.value
    )


async def archive_actor(session: AsyncSession, clock: Clock, actor: Actor, actor_id: int) -> None:
    """Takes an entry out of the directory; requests that went there keep it. A second time changes nothing.

    Raises NotAllowed.
    """
    check_keeps_directory(actor)
    if await session.get(ResourceActor, actor_id) is None:
        raise NotAllowed
    taking = (
        update(ResourceActor)
        .where(col(ResourceActor.id) == actor_id, col(ResourceActor.archived_at).is_(None))
        .values(archived_at=clock.now(), updated_at=clock.now(), updated_by=actor.person_id)
    )
    if (await session.exec(taking)).rowcount:
        await audit.record(session, clock, actor, "resource_actor.archived", "resource_actor", actor_id)


# --- rows


async def count_entries(session: AsyncSession) -> int:
    """Entries that are not archived."""
    query = select(func.count()).select_from(ResourceActor).where(col(ResourceActor.archived_at).is_(None))
    return (await session.exec(query)).one()


async def insert_entry(session: AsyncSession, clock: Clock, actor: Actor, key: str, values: dict[str, Any]) -> int:
    """For use cases that have checked right and values. Raises NameTaken when somebody was quicker."""
    now = clock.now()
    row = dialect_insert(session, ResourceActor).values(
        **{
            "contact_name": "",
            "phone": "",
            "email": "",
            "website": "",
            "themes": [],
            "council_ids": [],
            "note": "",
            **values,
        },
        key=key,
        updated_by=actor.person_id,
        updated_at=now,
    )
    if not (await session.exec(row.on_conflict_do_nothing())).rowcount:
        raise NameTaken
    made = (await session.exec(select(col(ResourceActor.id)).where(col(ResourceActor.key) == key))).one()
    await audit.record(session, clock, actor, "resource_actor.added", "resource_actor", made)
    return made


async def change_entry(
    session: AsyncSession, clock: Clock, actor: Actor, actor_id: int, changes: dict[str, Any], act: str, **details: str
) -> None:
    """For use cases that have checked right and values."""
    changing = (
        update(ResourceActor)
        .where(col(ResourceActor.id) == actor_id)
        .values(**changes, updated_at=clock.now(), updated_by=actor.person_id)
    )
    await session.exec(changing)
    await audit.record(session, clock, actor, act, "resource_actor", actor_id, **details)


async def _kept(session: AsyncSession, actor: Actor, actor_id: int) -> ResourceActor:
    """An entry that this person may change now."""
    check_keeps_directory(actor)
    entry = await session.get(ResourceActor, actor_id)
    if entry is None:
        raise NotAllowed
    if entry.archived_at is not None:
        raise OutOfDate
    return entry


async def _named(session: AsyncSession, key: str) -> ResourceActor | None:
    return (await session.exec(select(ResourceActor).where(col(ResourceActor.key) == key))).first()


async def _active(session: AsyncSession) -> Sequence[ResourceActor]:
    return (await session.exec(select(ResourceActor).where(col(ResourceActor.archived_at).is_(None)))).all()


def _council_words(council: CouncilView) -> str:
    return fold(" ".join((council.name, council.code, *council.neighbourhoods)))


def _holds(entry: ResourceActor, wanted: str, councils: dict[int, str]) -> bool:
    told = [entry.key, *(fold(each) for each in entry.themes), fold(entry.contact_name)]
    told += [councils.get(each, "") for each in entry.council_ids]
    everything = " ".join(told)
    return all(word in everything for word in wanted.split())
