"""A programme file is read, or every fault in it is told with its line and what is expected."""

import re
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.programme_file import (
    ProgrammeFileError,
    parse_programme,
    programme_path,
    read_programme_file,
    shipped_programmes,
)
from council.settings import ProgrammeSettings
from council.toml_lines import TomlLines
from handlers.cards.programme_errors import EXPECTED, programme_error_lines
from locales.translator import translator

SOUND = """\
name = "Essai"

[period]
start = 2025-01-01
end = 2026-12-31

[controller]
name = "Association"
contact = "dpo@essai.example"

[[councils]]
code = "nord"
name = "Nord"
regime = "loi2014"

[[councils.neighbourhoods]]
code = "QN1"
name = "Les Izards"
population = 100
vintage = "2013"

[[councils]]
code = "sud"
name = "Sud"
regime = "decret2024"
"""


def faults(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(ProgrammeFileError) as refused:
        parse_programme(text, Path("essai.toml"))
    lines = programme_error_lines(refused.value, translator("fr"))
    assert len(lines) == len(refused.value.problems)
    assert all(
        f"essai.toml, ligne {each.line}" in line for each, line in zip(refused.value.problems, lines, strict=True)
    )
    return [(each.line, each.key, each.code) for each in refused.value.problems]


def changed(old: str, new: str) -> str:
    assert SOUND.count(old) == 1
    return SOUND.replace(old, new)


def test_toulouse_has_its_twelve_councils_and_its_published_figures():
    toulouse = read_programme_file(programme_path("toulouse"))
    entries = [each for council in toulouse.councils for each in council.neighbourhoods]
    assert len(toulouse.councils) == 12
    assert sum(each.population or 0 for each in entries) == 55_543
    assert {each.vintage for each in entries} == {"2013"}
    assert toulouse.allotment is not None
    assert toulouse.allotment.envelope_cents == 6_044_800
    assert (toulouse.period.start.year, toulouse.period.end.year) == (2015, 2020)


def test_paris_has_its_eight_councils_and_invents_no_population():
    paris = read_programme_file(programme_path("paris"))
    where = {
        council.code.removeprefix("paris-"): {each.code for each in council.neighbourhoods}
        for council in paris.councils
    }
    assert list(where) == ["10", "11", "13", "14", "17", "18", "19", "20"]
    assert {arrondissement for arrondissement, codes in where.items() if "QN07519M" in codes} == {"10", "11", "20"}
    assert where["13"] == {"QN07501M", "QN07503M", "QN07504M"}
    assert len(set.union(*where.values())) == 19  # of 21; two lie in the 15th, which has no council
    assert all(each.population is None for council in paris.councils for each in council.neighbourhoods)
    assert (paris.team.animators, paris.team.coordinators) == (8, 1)


def test_shipped_programmes_survive_being_kept_as_json():
    assert shipped_programmes() == ("paris", "toulouse")
    for name in shipped_programmes():
        settings = read_programme_file(programme_path(name))
        assert ProgrammeSettings.model_validate_json(settings.model_dump_json()) == settings


def test_a_path_is_taken_for_what_it_is():
    assert programme_path("./mine.toml") == Path("mine.toml")


def test_what_a_file_leaves_out_has_the_usual_value():
    settings = parse_programme(SOUND, Path("essai.toml"))
    assert settings.working_hours.saturday == ()
    assert [(each.start, each.end) for each in settings.working_hours.friday] == [
        (time(9), time(12)),
        (time(14), time(18)),
    ]
    assert settings.allotment is None
    assert settings.councils[1].neighbourhoods == ()
    assert settings.period.end == date(2026, 12, 31)


def test_money_is_exact_to_the_cent():
    text = SOUND + "\n[allotment]\nenvelope = 60448.29\ncommon_share = 0.1\nfixed_part = 0.1\n"
    allotment = parse_programme(text, Path("essai.toml")).allotment
    assert allotment is not None
    assert (allotment.envelope_cents, allotment.fixed_part_cents) == (6_044_829, 10)
    assert allotment.common_share == Decimal("0.1")


ONE_FAULT = [
    (changed('name = "Essai"\n', ""), 1, "name", "missing"),
    (changed('name = "Essai"', 'name = ""'), 1, "name", "empty_text"),
    (changed('name = "Essai"', 'name = "Essai"\ntimezone = "Europe/Pari"'), 2, "timezone", "unknown_timezone"),
    (changed('name = "Essai"', 'name = "Essai"\nlanguages = ["en"]'), 2, "languages", "french_is_missing"),
    (changed('name = "Essai"', 'name = "Essai"\nlanguages = [\n"fr",\n"FR"]'), 4, "languages", "bad_language"),
    (changed("start = 2025-01-01", "start = 2025"), 4, "period.start", "date"),
    (changed("end = 2026-12-31", "end = 2024-12-31"), 5, "period.end", "ends_before_start"),
    (changed('name = "Association"', "name = 5"), 8, "controller.name", "text"),
    (changed("[controller]", '[controller]\nbasis = "love"'), 8, "controller.basis", "choice"),
    (changed('contact = "dpo@essai.example"\n', ""), 7, "controller.contact", "missing"),
    (changed('code = "nord"', 'code = "le nord"'), 12, "councils.code", "bad_code"),
    (changed('regime = "loi2014"', 'regime = "loi"'), 14, "councils.regime", "choice"),
    (changed("population = 100", "population = -1"), 19, "councils.neighbourhoods.population", "at_least"),
    (changed("population = 100", "population = true"), 19, "councils.neighbourhoods.population", "yes_or_no"),
    (changed("population = 100", "people = 100"), 19, "councils.neighbourhoods.people", "unknown_key"),
    (changed('code = "sud"', 'code = "nord"'), 23, "councils.code", "named_twice"),
    (changed('name = "Sud"', 'name = "NORD"'), 24, "councils.name", "named_twice"),
    (
        SOUND + '[[councils.places]]\nname = "Salle"\nlatitude = 43.6\n',
        28,
        "councils.places.latitude",
        "half_a_location",
    ),
    (
        SOUND + '[[councils.neighbourhoods]]\ncode = "QN1"\nname = "Izards"\n',
        26,
        "councils.neighbourhoods",
        "told_differently",
    ),
    (SOUND + "[quiet_hours]\nstart = 21\n", 27, "quiet_hours.start", "time"),
    (
        SOUND
        + "[working_hours]\nmonday = [\n{ start = 09:00:00, end = 12:00:00 },\n{ start = 11:00:00, end = 18:00:00 }]\n",
        27,
        "working_hours.monday",
        "hours_overlap",
    ),
    (SOUND + "[allotment]\nenvelope = 10.005\n", 27, "allotment.envelope", "cents"),
    (SOUND + "[allotment]\nenvelope = 10\ncommon_share = 1.5\n", 28, "allotment.common_share", "at_most"),
    (SOUND + "[allotment]\nenvelope = 10\nfixed_part = 6\n", 28, "allotment.fixed_part", "fixed_parts_too_large"),
    (
        SOUND + '[[partners]]\ncode = "p"\nname = "P"\nkind = "city"\ncouncils = ["est"]\n',
        30,
        "partners.councils",
        "unknown_council",
    ),
    (SOUND + '[[partners]]\ncode = "p"\nname = "P"\nkind = "city"\nemail = "p"\n', 30, "partners.email", "bad_email"),
    (SOUND + "[period.more]\n", 26, "period.more", "unknown_key"),
    (changed("[period]\n", "[period\n"), 3, "", "not_toml"),
    (changed('name = "Sud"', 'name = "Sud'), 24, "", "not_toml"),
    (SOUND + 'x = """\n', 26, "", "unfinished"),
    (changed("[[councils]]\ncode = \"nord\"", "[[councils]]\ncode = \"nord\"\ncode = \"n\""), 13, "", "not_toml"),
    ('councils = []\n' + SOUND.split("[[councils]]")[0], 1, "councils", "empty_list"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "key", "code"), ONE_FAULT, ids=[f"{key}-{code}" for _, _, key, code in ONE_FAULT]
)
def test_a_fault_is_told_with_its_line_and_key(text, line, key, code):
    assert faults(text) == [(line, key, code)]


def test_all_faults_are_told_at_once_in_the_order_of_their_lines():
    text = changed("start = 2025-01-01", "start = 9").replace('code = "sud"\n', "").replace('"loi2014"', '"loi"')
    assert faults(text) == [
        (4, "period.start", "date"),
        (14, "councils.regime", "choice"),
        (22, "councils.code", "missing"),
    ]


def test_a_sentence_says_what_is_expected():
    text = changed("population = 100", "people = 100").replace('"decret2024"', '"2024"')
    with pytest.raises(ProgrammeFileError) as refused:
        parse_programme(text, Path("essai.toml"))
    unknown, choice = programme_error_lines(refused.value, translator("fr"))
    assert unknown == (
        "essai.toml, ligne 19, councils.neighbourhoods.people : cette clé n’existe pas. "
        "Clés possibles : code, name, population, vintage."
    )
    assert choice == "essai.toml, ligne 25, councils.regime : il faut l’un de ces mots : loi2014, decret2024."


def test_a_language_that_the_bot_does_not_speak_is_refused_with_those_it_speaks():
    text = changed('name = "Essai"', 'name = "Essai"\nlanguages = [\n"fr",\n"tr"]')
    assert parse_programme(text, Path("essai.toml")).languages == ("fr", "tr")  # who asks no more reads any
    with pytest.raises(ProgrammeFileError) as refused:
        parse_programme(text, Path("essai.toml"), ("fr", "ar"))
    assert programme_error_lines(refused.value, translator("fr")) == [
        "essai.toml, ligne 4, languages : le robot ne parle pas « tr ». Langues possibles : fr, ar."
    ]


def test_every_code_of_the_settings_has_a_sentence():
    sources = ("settings", "settings_section", "support_settings", "programme_file")
    source = "".join(Path(f"council/{name}.py").read_text() for name in sources)
    codes = set(re.findall(r'(?:wrong\(|_written_as\()"(\w+)"', source)) | set(
        re.findall(r'_shaped\(.*"(\w+)"\)', source)
    )
    assert len(codes) > 10
    assert codes <= EXPECTED.keys()


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path):
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'name = "a"\n# \xe9t\xe9\n')
    for path, line, code in (
        (tmp_path / "none.toml", 0, "no_such_file"),
        (tmp_path, 1, "unreadable_file"),
        (latin, 2, "not_utf8"),
    ):
        with pytest.raises(ProgrammeFileError) as refused:
            read_programme_file(path)
        assert [(each.line, each.code) for each in refused.value.problems] == [(line, code)]


def test_windows_lines_and_a_byte_order_mark_are_fine(tmp_path):
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())
    assert read_programme_file(path).name == "Essai"


TRICKY = st.sampled_from(
    [
        "1",
        '"a # [b] {c} = \\" d"',
        "'lit # \\'",
        '"""two\nlines ""with"" [quotes] = """',
        "'''x\n\n# no comment\n'''",
        "2025-01-01 10:00:00",
        "[1, [2, 3],\n  # comment ] [\n  4,\n]",
        "[ ]",
        "{ }",
        '""""""',
        '"""ends in a quote\n""""',
    ]
)


@given(
    st.lists(st.tuples(st.sampled_from(["pair", "table", "list", "inline", "quoted", "dotted"]), TRICKY), max_size=25)
)
def test_the_line_of_each_key_is_found_whatever_stands_between(parts):
    text, expected, table = "# head\n", {}, ()
    lists = 0
    for number, (kind, value) in enumerate(parts):
        name, line = f"k{number}", text.count("\n") + 1
        if kind == "table":
            text, table = text + f"[ {name} . sub ] # {name}\n", (name, "sub")
            expected[table] = line
        elif kind == "list":
            text, table = text + f"[[all]]\n[[all.{name}]]\n", ("all", lists, name, 0)
            lists += 1
            expected[table] = line + 1
        elif kind == "inline":
            text += f"{name} = [{value},\n {{ a = {value if chr(10) not in value else 0}, b.c = 2 }}]\n"
            expected[*table, name] = line
            expected[*table, name, 1, "b", "c"] = line + value.count("\n") + 1
        else:
            written = {"pair": name, "quoted": f'"\\u006b{number}"', "dotted": f"{name} . 'x.y'"}[kind]
            text += f"  {written} = {value} # = [\n\n"
            expected[(*table, name, "x.y") if kind == "dotted" else (*table, name)] = line
    lines = TomlLines(text)
    assert {path: lines.line_of(path) for path in expected} == expected
