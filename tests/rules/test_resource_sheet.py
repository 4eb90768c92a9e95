"""Sheets of resource actors: read whatever their shape, planned line by line, written at once."""

import io
import zipfile
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from council.errors import NotAllowed, Refusal
from council.folding import fold
from council.resource_actor_values import ActorField, checked_value
from council.resource_actors import DirectoryFull, archive_actor, open_actor, search
from council.resource_import import LineProblem, LineTrouble, carry_out_import, plan_import
from documents.resource_sheet import NoNameColumn, NothingInSheet, read_resource_sheet
from documents.sheet_reading import SheetTooLong, SheetUnreadable
from storage.people import Role
from tests.conftest import FakeClock, SmallProgramme


def csv(*rows: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(rows).encode(encoding)


def xlsx(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def cells(content: bytes) -> list[tuple[int, dict[str, str]]]:
    return [
        (each.number, {field.value: words for field, words in each.cells.items() if words})
        for each in read_resource_sheet(content)
    ]


WANTED = [
    (2, {"name": "Éco-santé", "themes": "santé, été", "phone": "0561223344", "email": "a@b.example"}),
    (4, {"name": "Régie", "council_ids": "Empalot"}),
]
ROWS = (
    "Thèmes;Nom de la structure;Tél.;E-mail;Conseils/quartiers;Inconnu",
    "santé, été;Éco-santé;0561223344;a@b.example;;x",
    ";;;;;",
    ";Régie;;;Empalot;",
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_in_any_of_its_encodings(encoding: str):
    assert cells(csv(*ROWS, encoding=encoding)) == WANTED


@pytest.mark.parametrize("separator", [";", "\t"])
def test_csv_with_any_separator(separator: str):
    assert cells(csv(*(row.replace(";", separator) for row in ROWS))) == WANTED
    quoted = csv("nom,themes", '"Éco, ""santé""\nici","a, b"', "Deux,c")
    assert cells(quoted) == [(2, {"name": 'Éco, "santé"\nici', "themes": "a, b"}), (3, {"name": "Deux", "themes": "c"})]


def test_xlsx_with_a_title_above_numbers_and_formulas():
    content = xlsx(
        ("Annuaire 2026",),
        ("Association", "TÉLÉPHONE", "Courriel", "Remarques"),
        ("Éco", 561223344, "a@b.example", "=1+1"),
        (None, None, None, None),
        (12.0, "05 61 22 33 44", None, 1.5),
    )
    assert cells(content) == [
        (3, {"name": "Éco", "phone": "561223344", "email": "a@b.example"}),
        (5, {"name": "12", "phone": "05 61 22 33 44", "note": "1.5"}),
    ]


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (70 * 1024 * 1024))
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NothingInSheet),
        (b"\n\n ; \n", NothingInSheet),
        (b"nom;tel\n", NothingInSheet),
        (b"prenom;tel\nRosa;1\n", NoNameColumn),
        (b"%PDF-1.7\x00\x01", SheetUnreadable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", SheetUnreadable),
        (b"PK\x03\x04 not a zip", SheetUnreadable),
        (b"\xff\xfea", SheetUnreadable),
        (bomb(), SheetUnreadable),
        (csv("nom", *(f"n{each}" for each in range(2_000))), SheetTooLong),
        (b"nom\n" + b"\n" * 20_001 + b"x\n", SheetTooLong),
        (xlsx(("nom",), *((f"n{each}",) for each in range(2_000))), SheetTooLong),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, refusal: type[Refusal]):
    with pytest.raises(refusal):
        read_resource_sheet(content)


def test_as_many_lines_as_are_allowed():
    assert len(read_resource_sheet(csv("nom", *(f"n{each}" for each in range(1_999))))) == 1_999


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes):
    for prefix in (b"", b"nom;tel\n", b"PK\x03\x04", b"\xff\xfe"):
        try:
            read_resource_sheet(prefix + content)
        except Refusal:
            continue


@given(st.text(max_size=60))
def test_folded_text_stays_as_it_is(text: str):
    assert fold(fold(text)) == fold(text)
    assert fold(text) == fold(text.upper().lower()) or not text.isascii()


@pytest.mark.parametrize(
    ("field", "words", "kept"),
    [
        (ActorField.PHONE, "05.61.22-33 44", "05 61 22 33 44"),
        (ActorField.PHONE, "+33 5 61 22 33 44", "+33 5 61 22 33 44"),
        (ActorField.PHONE, "3117", "3117"),
        (ActorField.WEBSITE, "www.eco.example", "https://www.eco.example"),
        (ActorField.WEBSITE, "http://eco.example:8080/a?b#c", "http://eco.example:8080/a?b#c"),
        (ActorField.EMAIL, "mailto:a@b.example", "a@b.example"),
        (ActorField.NOTE, " a\n b ", "a\n b"),
        (ActorField.CONTACT, " Mme\n Ba ", "Mme Ba"),
    ],
)
def test_what_is_kept_of_a_field(field: ActorField, words: str, kept: str):
    assert checked_value(field, words) == kept


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (ActorField.PHONE, "=HYPERLINK(1)"),
        (ActorField.PHONE, "05 61 22 33 44 et 06"),
        (ActorField.PHONE, "1" * 16),
        (ActorField.WEBSITE, "javascript:alert(1)"),
        (ActorField.WEBSITE, "ftp://a.example"),
        (ActorField.WEBSITE, 'https://a.example/"><b>'),
        (ActorField.WEBSITE, "https://user@a.example"),
        (ActorField.WEBSITE, "localhost"),
        (ActorField.EMAIL, "a@b.example; c@d.example"),
    ],
)
def test_what_is_no_such_field(field: ActorField, words: str):
    with pytest.raises(Refusal):
        checked_value(field, words)


async def planned(programme: SmallProgramme, actor, content: bytes):
    lines = [(each.number, each.cells) for each in read_resource_sheet(content)]
    async with programme.database.write() as session:
        return await plan_import(session, actor, lines)


async def done(programme: SmallProgramme, clock: FakeClock, actor, plan) -> tuple[int, int]:
    async with programme.database.write() as session:
        return await carry_out_import(session, clock, actor, plan.entries)


async def test_a_sheet_is_planned_then_written_then_changes_nothing_more(programme: SmallProgramme, clock: FakeClock):
    julien = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),))
    content = csv(
        "nom;themes;telephone;e-mail;site;quartiers;note",
        "Éco-santé;santé, Été;561223344;a@b.example;eco.example;QUARTIER NORD / empalot;Un mot",
        "Régie;emploi;;;;tous;",
        "eco sante;;;;;;",
        ";x;;;;;",
        "A;;abc;;;;",
        "B;;;b@;;;",
        "C;;;;javascript:x;;",
        "D;;;;;Bellefontaine;",
        f"{'E' * 121};;;;;;",
        f"F;{','.join(f't{each}' for each in range(11))};;;;;",
    )
    plan = await planned(programme, julien, content)
    assert (plan.new, plan.changed, plan.unchanged) == (2, 0, 0)
    assert plan.problems == (
        LineProblem(4, LineTrouble.NAMED_TWICE, "2"),
        LineProblem(5, LineTrouble.NAME_MISSING),
        LineProblem(6, LineTrouble.BAD_PHONE),
        LineProblem(7, LineTrouble.BAD_EMAIL),
        LineProblem(8, LineTrouble.BAD_WEBSITE),
        LineProblem(9, LineTrouble.UNKNOWN_COUNCIL, "Bellefontaine"),
        LineProblem(10, LineTrouble.TOO_LONG),
        LineProblem(11, LineTrouble.TOO_MANY_THEMES),
    )
    async with programme.database.read() as session:
        assert await search(session) == []
    assert await done(programme, clock, julien, plan) == (2, 0)
    async with programme.database.read() as session:
        eco, regie = await search(session)
        view = await open_actor(session, eco.id)
    assert asdict(view) == {
        "id": eco.id,
        "name": "Éco-santé",
        "themes": ("santé", "Été"),
        "contact_name": "",
        "phone": "05 61 22 33 44",
        "email": "a@b.example",
        "website": "https://eco.example",
        "council_ids": (programme.nord, programme.sud),
        "councils": ("Quartier Nord", "Quartier Sud"),
        "note": "Un mot",
        "archived": False,
    }
    again = await planned(programme, julien, content)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert await done(programme, clock, julien, plan) == (0, 0)

    async with programme.database.write() as session:
        await archive_actor(session, clock, julien, regie.id)
    less = await planned(programme, julien, csv("nom;contact", "Éco Santé;Mme Ba", "Régie;"))
    assert (less.new, less.changed, less.unchanged) == (1, 1, 0)
    assert await done(programme, clock, julien, less) == (1, 1)
    async with programme.database.read() as session:
        view = await open_actor(session, eco.id)
        assert (view.name, view.contact_name, view.phone) == ("Éco Santé", "Mme Ba", "05 61 22 33 44")
        assert not (await open_actor(session, regie.id)).archived


async def test_only_the_team_imports(programme: SmallProgramme, clock: FakeClock):
    fatou = await programme.person("Fatou", roles=((Role.LEAD, programme.nord),))
    with pytest.raises(NotAllowed):
        await planned(programme, fatou, csv("nom", "A"))
    async with programme.database.write() as session:
        with pytest.raises(NotAllowed):
            await carry_out_import(session, clock, fatou, {"a": {"name": "A"}})


async def test_the_directory_has_an_end(programme: SmallProgramme, clock: FakeClock, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("council.resource_import.MOST_ENTRIES", 3)
    claire = await programme.person("Claire", roles=((Role.COORDINATOR, None),))
    plan = await planned(programme, claire, csv("nom", "A", "B", "C"))
    assert await done(programme, clock, claire, plan) == (3, 0)
    with pytest.raises(DirectoryFull):
        await planned(programme, claire, csv("nom", "A", "D"))
