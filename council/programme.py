"""The programme of this deployment: put in place from its file, kept up with it, and read back by everything else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, union
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit
from council.clock import Clock
from council.errors import Refusal
from council.settings import CouncilEntry, PlaceEntry, ProgrammeSettings
from storage.announcements import AnnouncementCouncil
from storage.interpellations import Interpellation
from storage.meetings import MeetingCouncil
from storage.people import Follow, RoleGrant
from storage.programme import Council, CouncilNeighbourhood, Neighbourhood, Programme, UsualPlace
from storage.proposals import Proposal
from storage.support import SupportRequest

PROGRAMME_ID = 1
HISTORY = (
    col(MeetingCouncil.council_id),
    col(AnnouncementCouncil.council_id),
    col(Proposal.council_id),
    col(SupportRequest.council_id),
    col(Interpellation.council_id),
)
"""What happened in a council, and keeps it in the file for ever."""


class NoProgramme(Refusal):
    """Nothing has been put in place yet: `portevoix init` comes first."""


class CouncilStillHasPeople(Refusal):
    """A council taken out of the file is still followed, or somebody holds a role in it."""

    def __init__(self, code: str, count: int) -> None:
        super().__init__(code, count)
        self.code = code
        self.count = count


class CouncilHasHistory(Refusal):
    """A council taken out of the file has had meetings, requests, proposals…: what happened is not thrown away."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Applied:
    """What changed: codes of the councils that came and went; `is_first`: there was no programme before."""

    is_first: bool
    added: tuple[str, ...]
    removed: tuple[str, ...]


async def apply_programme(session: AsyncSession, clock: Clock, settings: ProgrammeSettings) -> Applied:
    """Makes the database say what the file says. People, their roles and meetings stay as they are.

    Raises:
        CouncilStillHasPeople, CouncilHasHistory: a council was taken out of the file and cannot go; nothing changes.
    """
    programme = await session.get(Programme, PROGRAMME_ID, with_for_update=True)
    known = {each.code: each for each in (await session.exec(select(Council))).all()}
    removed = [known[code] for code in known if code not in {each.code for each in settings.councils}]
    for council in removed:
        await _check_may_go(session, council)
    for council in removed:
        await _remove(session, council)
    _write_programme(session, clock, programme, settings)
    await _write_neighbourhoods(session, settings)
    for position, entry in enumerate(settings.councils):
        await _write_council(session, known.get(entry.code), entry, position)
    await _forget_unused_neighbourhoods(session)
    applied = Applied(
        is_first=programme is None,
        added=tuple(each.code for each in settings.councils if each.code not in known),
        removed=tuple(each.code for each in removed),
    )
    await audit.record(
        session,
        clock,
        None,
        "programme.applied",
        "programme",
        PROGRAMME_ID,
        councils=len(settings.councils),
        **_counts(applied),
    )
    return applied


async def load_programme(session: AsyncSession) -> ProgrammeSettings:
    """The settings that are in force.

    Raises:
        NoProgramme: there is none yet.
    """
    programme = await session.get(Programme, PROGRAMME_ID)
    if programme is None:
        raise NoProgramme
    return ProgrammeSettings.model_validate(programme.settings)


async def count_followers(session: AsyncSession) -> dict[int, int]:
    """People who follow each council, by its id; councils that nobody follows are not there."""
    counts = select(col(Follow.council_id), func.count()).group_by(col(Follow.council_id))
    return {council_id: count for council_id, count in (await session.exec(counts)).all()}  # noqa: C416 - rows to pairs


def _write_programme(
    session: AsyncSession, clock: Clock, programme: Programme | None, settings: ProgrammeSettings
) -> None:
    values: dict[str, Any] = {
        "name": settings.name,
        "period_start": settings.period.start,
        "period_end": settings.period.end,
        "settings": settings.model_dump(mode="json"),
        "updated_at": clock.now(),
    }
    if programme is None:
        session.add(Programme(id=PROGRAMME_ID, **values))
    else:
        programme.sqlmodel_update(values)


async def _write_neighbourhoods(session: AsyncSession, settings: ProgrammeSettings) -> None:
    """Names and figures; a boundary that was imported stays."""
    known = {each.code: each for each in (await session.exec(select(Neighbourhood))).all()}
    for entry in {each.code: each for council in settings.councils for each in council.neighbourhoods}.values():
        if entry.code in known:
            known[entry.code].sqlmodel_update(entry.model_dump())
        else:
            session.add(Neighbourhood(**entry.model_dump()))
    await session.flush()


async def _write_council(session: AsyncSession, council: Council | None, entry: CouncilEntry, position: int) -> None:
    if council is None:
        council = Council(code=entry.code, name=entry.name, regime=entry.regime, position=position)
        session.add(council)
        await session.flush()
    else:
        council.sqlmodel_update({"name": entry.name, "regime": entry.regime, "position": position})
    await session.exec(delete(CouncilNeighbourhood).where(col(CouncilNeighbourhood.council_id) == council.id))
    session.add_all(
        CouncilNeighbourhood(council_id=council.id, neighbourhood_code=each.code) for each in entry.neighbourhoods
    )
    await _write_places(session, council.id, entry.places)


async def _write_places(session: AsyncSession, council_id: int, entries: Iterable[PlaceEntry]) -> None:
    """A place keeps its number as long as its name stays: buttons carry it."""
    query = select(UsualPlace).where(col(UsualPlace.council_id) == council_id)
    gone = {each.name: each for each in (await session.exec(query)).all()}
    for entry in entries:
        place = gone.pop(entry.name, None)
        if place is None:
            session.add(UsualPlace(council_id=council_id, **entry.model_dump()))
        else:
            place.sqlmodel_update(entry.model_dump())
    for place in gone.values():
        await session.delete(place)


async def _check_may_go(session: AsyncSession, council: Council) -> None:
    """The row is locked first: whoever would join at this moment waits, and then finds no council."""
    await session.exec(select(col(Council.id)).where(col(Council.id) == council.id).with_for_update())
    people = union(
        select(col(Follow.person_id)).where(col(Follow.council_id) == council.id),
        select(col(RoleGrant.person_id)).where(
            col(RoleGrant.council_id) == council.id, col(RoleGrant.revoked_at).is_(None)
        ),
    ).subquery()
    count = (await session.exec(select(func.count()).select_from(people))).one()
    if count:
        raise CouncilStillHasPeople(council.code, count)
    for known in HISTORY:
        if (await session.exec(select(known).where(known == council.id).limit(1))).first() is not None:
            raise CouncilHasHistory(council.code)


async def _remove(session: AsyncSession, council: Council) -> None:
    """Past roles go with it; the audit still tells who held them."""
    await session.exec(delete(RoleGrant).where(col(RoleGrant.council_id) == council.id))
    await session.exec(delete(Council).where(col(Council.id) == council.id))


async def _forget_unused_neighbourhoods(session: AsyncSession) -> None:
    await session.flush()
    used = select(col(CouncilNeighbourhood.neighbourhood_code))
    await session.exec(delete(Neighbourhood).where(col(Neighbourhood.code).not_in(used)))


def _counts(applied: Applied) -> dict[str, int]:
    return {"added": len(applied.added), "removed": len(applied.removed)}
