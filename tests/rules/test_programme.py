"""A programme is put in place and kept up with its file; nobody is lost on the way."""

import json

import pytest
from sqlmodel import col, select

from council.boundaries import BoundaryFileError, import_boundaries, read_boundaries
from council.programme import (
    CouncilHasHistory,
    CouncilStillHasPeople,
    NoProgramme,
    apply_programme,
    count_followers,
    load_programme,
)
from council.programme_file import programme_path, read_programme_file
from council.settings import CouncilEntry, NeighbourhoodEntry, PlaceEntry
from handlers.cards.programme_errors import boundary_error_lines
from handlers.cards.refusals import refusal_sentence
from locales.translator import translator
from storage.announcements import Announcement, AnnouncementAudience, AnnouncementCouncil
from storage.columns import Table
from storage.interpellations import Interpellation, InterpellationKind
from storage.meetings import Meeting, MeetingCouncil, MeetingKind
from storage.people import Role, RoleGrant
from storage.programme import Council, Neighbourhood, Regime, UsualPlace, list_councils
from storage.proposals import Proposal
from storage.support import SupportKind, SupportRequest, SupportState


async def _apply(database, clock, settings):
    async with database.write() as session:
        return await apply_programme(session, clock, settings)


async def _councils(database) -> list[tuple[str, str, tuple[str, ...]]]:
    async with database.read() as session:
        return [(each.code, each.name, each.neighbourhoods) for each in await list_councils(session)]


async def test_the_shipped_programme_is_put_in_place_and_read_back(database, clock):
    toulouse = read_programme_file(programme_path("toulouse"))
    async with database.read() as session:
        with pytest.raises(NoProgramme):
            await load_programme(session)
    applied = await _apply(database, clock, toulouse)
    assert applied.is_first
    assert len(applied.added) == 12
    async with database.read() as session:
        assert await load_programme(session) == toulouse
        grand_mirail = await session.get_one(Neighbourhood, "QP031007")
        assert (grand_mirail.population, grand_mirail.vintage) == (31_691, "2013")
    assert (await _councils(database))[0] == ("pradettes", "Pradettes", ("Pradettes",))


async def test_a_neighbourhood_that_several_councils_share_is_one(database, clock):
    await _apply(database, clock, read_programme_file(programme_path("paris")))
    sharing = [code for code, _, names in await _councils(database) if "Grand Belleville" in names]
    assert sharing == ["paris-10", "paris-11", "paris-20"]


async def test_applying_again_changes_names_and_keeps_people(programme):
    await programme.person("Amina", follows=(programme.nord,), roles=((Role.LEAD, programme.nord),))
    nord, sud = programme.settings.councils
    est = CouncilEntry(code="est", name="Est", regime=Regime.DECRET2024)
    renamed = nord.model_copy(
        update={
            "name": "Les Izards",
            "neighbourhoods": (NeighbourhoodEntry(code="QN2", name="La Vache", population=7),),
        }
    )
    settings = programme.settings.model_copy(update={"name": "Essai 2", "councils": (sud, renamed, est)})
    applied = await _apply(programme.database, programme.clock, settings)
    assert (applied.is_first, applied.added, applied.removed) == (False, ("est",), ())
    assert await _councils(programme.database) == [
        ("sud", "Quartier Sud", ("Empalot",)),
        ("nord", "Les Izards", ("La Vache",)),
        ("est", "Est", ()),
    ]
    async with programme.database.read() as session:
        assert (await load_programme(session)).name == "Essai 2"
        assert await count_followers(session) == {programme.nord: 1}
        assert await session.get(Neighbourhood, "QN1") is None
        assert (await session.exec(select(col(RoleGrant.council_id)))).all() == [programme.nord]


async def test_a_place_keeps_its_number_while_its_name_stays(programme):
    nord, sud = programme.settings.councils

    async def with_places(*places: PlaceEntry) -> dict[str, tuple[int, float | None]]:
        council = nord.model_copy(update={"places": places})
        settings = programme.settings.model_copy(update={"councils": (council, sud)})
        await _apply(programme.database, programme.clock, settings)
        async with programme.database.read() as session:
            return {each.name: (each.id, each.latitude) for each in (await session.exec(select(UsualPlace))).all()}

    first = await with_places(PlaceEntry(name="Salle"), PlaceEntry(name="École"))
    second = await with_places(PlaceEntry(name="Salle", latitude=43.6, longitude=1.4), PlaceEntry(name="Square"))
    assert second.keys() == {"Salle", "Square"}
    assert second["Salle"] == (first["Salle"][0], 43.6)


@pytest.mark.parametrize("tie", ["follows", "roles"])
async def test_a_council_that_has_people_is_not_taken_out(programme, tie):
    held = {"follows": (programme.nord,)} if tie == "follows" else {"roles": ((Role.ANIMATOR, programme.nord),)}
    await programme.person("Amina", **held)
    await programme.person("Zoé", follows=(programme.nord,), roles=((Role.MEMBER, programme.nord),))
    without = programme.settings.model_copy(update={"name": "Autre", "councils": programme.settings.councils[1:]})
    with pytest.raises(CouncilStillHasPeople) as refused:
        await _apply(programme.database, programme.clock, without)
    assert refusal_sentence(refused.value, translator("fr")) == (
        "Le conseil « nord » a encore 2 personnes. Laissez-le dans le fichier."
    )
    assert [code for code, _, _ in await _councils(programme.database)] == ["nord", "sud"]
    async with programme.database.read() as session:
        assert (await load_programme(session)).name == "Essai"


async def _a_meeting(session, council_id, person_id, now):
    meeting = Meeting(
        kind=MeetingKind.PLENARY, title="Plénière", starts_at=now, minutes=60, place="Salle", announce_at=now,
        created_at=now, request_key="k",
    )  # fmt: skip
    session.add(meeting)
    await session.flush()
    session.add(MeetingCouncil(meeting_id=meeting.id, council_id=council_id))


async def _an_announcement(session, council_id, person_id, now):
    words = Announcement(audience=AnnouncementAudience.FOLLOWERS, words="Bonjour", created_at=now, request_key="k")
    session.add(words)
    await session.flush()
    session.add(AnnouncementCouncil(announcement_id=words.id, council_id=council_id))


async def _a_proposal(session, council_id, person_id, now):
    session.add(
        Proposal(
            number="P-1", council_id=council_id, theme="autre", title="Un banc", created_at=now, moved_at=now,
            request_key="k",
        )
    )  # fmt: skip


async def _a_request(session, council_id, person_id, now):
    session.add(
        SupportRequest(
            number="D-1", person_id=person_id, council_id=council_id, kind=SupportKind.ROOM, state=SupportState.CLOSED,
            created_at=now, changed_at=now, asked_at=now, promised_at=now, calendar="c", request_key="k",
        )
    )  # fmt: skip


async def _an_interpellation(session, council_id, person_id, now):
    session.add(
        Interpellation(
            number="I-1", kind=InterpellationKind.INTERPELLATION, council_id=council_id, partner_code="ville",
            partner_name="Ville", title="Éclairage", created_at=now, changed_at=now, request_key="k",
        )
    )  # fmt: skip


PASTS = {
    "meeting_council": _a_meeting,
    "announcement_council": _an_announcement,
    "proposal": _a_proposal,
    "support_request": _a_request,
    "interpellation": _an_interpellation,
}


@pytest.mark.parametrize("past", PASTS)
async def test_a_council_in_which_something_happened_is_not_taken_out(programme, past):
    zoe = await programme.person("Zoé")
    async with programme.database.write() as session:
        await PASTS[past](session, programme.nord, zoe.person_id, programme.clock.now())
    without = programme.settings.model_copy(update={"councils": programme.settings.councils[1:]})
    with pytest.raises(CouncilHasHistory) as refused:
        await _apply(programme.database, programme.clock, without)
    assert "« nord »" in refusal_sentence(refused.value, translator("fr"))


def test_every_table_that_holds_a_council_back_is_looked_at():
    holding = {
        key.parent.table.name
        for table in Table.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "council" and key.ondelete == "RESTRICT"
    }
    assert holding - {"follow", "role_grant"} == PASTS.keys()  # those two are people, who are counted


async def test_a_council_without_people_goes_with_its_past_roles(programme):
    zoe = await programme.person("Zoé", roles=((Role.LEAD, programme.nord),))
    async with programme.database.write() as session:
        (await session.exec(select(RoleGrant))).one().revoked_at = programme.clock.now()
    without = programme.settings.model_copy(update={"councils": programme.settings.councils[1:]})
    applied = await _apply(programme.database, programme.clock, without)
    assert applied.removed == ("nord",)
    async with programme.database.read() as session:
        assert (await session.exec(select(col(Council.code)))).all() == ["sud"]
    assert (await programme.again(zoe.telegram_id)).first_name == "Zoé"


def _feature(properties, *ring, kind="Polygon"):
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": [list(ring)]}}


def _file(*features) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


SQUARE = [1.0, 43.0], [2.0, 43.0], [2.0, 44.0], [1.0, 44.0], [1.0, 43.0]
BOW_TIE = [1.0, 43.0], [2.0, 44.0], [2.0, 43.0], [1.0, 44.0], [1.0, 43.0]
METRES = [574_000.0, 6_279_000.0], [575_000.0, 6_279_000.0], [575_000.0, 6_280_000.0], [574_000.0, 6_279_000.0]
SPIKE = [1.0, 43.0], [2.0, 43.0], [2.0, 44.0], [2.0, 45.0], [2.0, 44.0], [1.0, 44.0], [1.0, 43.0]


async def test_boundaries_are_imported_by_code_in_the_names_of_both_years(programme):
    geojson = _file(
        _feature({"code_qp": "QN1", "nom_qp": "Izards"}, *SQUARE),
        _feature({"CODE_QP": "QS1", "LIB_QP": "Empalot"}, *SPIKE),
        _feature({"code_qp": "QP999"}, *BOW_TIE),  # somebody else's: theirs to mend
    )
    async with programme.database.write() as session:
        imported = await import_boundaries(session, programme.clock, geojson)
    assert (imported.written, imported.unknown, imported.missing) == (("QN1", "QS1"), ("QP999",), ())
    async with programme.database.read() as session:
        nord = await session.get_one(Neighbourhood, "QN1")
        assert (nord.name, nord.boundary) == ("Les Izards", {"type": "Polygon", "coordinates": [[*SQUARE]]})
    await _apply(programme.database, programme.clock, programme.settings)
    async with programme.database.read() as session:
        assert (await session.get_one(Neighbourhood, "QN1")).boundary is not None


async def test_what_the_file_does_not_hold_is_named(programme):
    async with programme.database.write() as session:
        imported = await import_boundaries(session, programme.clock, _file(_feature({"code_qp": "QS1"}, *SQUARE)))
    assert imported.missing == ("QN1",)


def test_an_outline_that_touches_itself_is_drawn_soundly():
    from shapely import is_valid
    from shapely.geometry import shape

    repaired = shape(read_boundaries(_file(_feature({"code_qp": "QS1"}, *SPIKE)), frozenset({"QS1"}))[0]["QS1"])
    assert is_valid(repaired)
    assert repaired.area == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("geojson", "line"),
    [
        (b"\xff", "ce fichier n’est pas du JSON."),
        (b"[]", "ce fichier n’est pas du GeoJSON (FeatureCollection)."),
        (_file(), "ce fichier ne contient aucun quartier."),
        (_file(_feature({"nom_qp": "Izards"}, *SQUARE)), "Contour 1 (Izards) : le code du quartier manque (code_qp)."),
        (_file(7), "Contour 1 : le code du quartier manque (code_qp)."),
        (_file(_feature({"code_qp": "A"}, *METRES)), "Contour 1 (A) : il faut des degrés (WGS 84), pas des mètres."),
        (_file(_feature({"code_qp": "A"}, *BOW_TIE)), "Contour 1 (A) : le contour se croise lui-même."),
        (_file(_feature({"code_qp": "A"}, *SQUARE, kind="LineString")), "Contour 1 (A) : il faut un polygone."),
        (_file(_feature({"code_qp": "A"}, [1.0])), "Contour 1 (A) : le contour ne peut pas être lu."),
        (_file(_feature({"code_qp": "A"}, "x", {})), "Contour 1 (A) : le contour ne peut pas être lu."),
        (
            _file(*[_feature({"code_qp": "A"}, *SQUARE)] * 2),
            "Contour 2 (A) : ce code est déjà dans le fichier.",
        ),
    ],
)  # fmt: skip
def test_shapes_that_cannot_be_trusted_are_told(geojson, line):
    with pytest.raises(BoundaryFileError) as refused:
        read_boundaries(geojson, frozenset({"A"}))
    assert boundary_error_lines(refused.value, translator("fr")) == [line]
