"""Commands that find no database, or an empty one: one sentence that says what to do, never a traceback."""

import os

import pytest

from bot.cli import main

NOWHERE = "postgresql://nulle-part.invalid/portevoix"
NOBODY = "postgresql://127.0.0.1:9/portevoix"
COMMANDS = (
    ["init", "toulouse"],
    ["migrate"],
    ["invite", "coordinator"],
    ["import-quartiers", "quartiers.geojson"],
    ["backup", "copie"],
    ["restore", "copie"],
)


def says(words: list[str], url: str, monkeypatch, capsys, tmp_path) -> str:
    (tmp_path / "quartiers.geojson").write_text("{}")
    monkeypatch.chdir(tmp_path)
    for each in [each for each in os.environ if each.startswith("PORTEVOIX_")]:
        monkeypatch.delenv(each)
    monkeypatch.setenv("PORTEVOIX_DATABASE_URL", url)
    monkeypatch.setattr("sys.argv", ["portevoix", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert said.startswith("portevoix: ")
    assert said.count("\n") == 1
    return said


@pytest.mark.parametrize("url", [NOWHERE, NOBODY])
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_database_that_does_not_answer_is_named(words, url, monkeypatch, capsys, tmp_path):
    said = says(words, url, monkeypatch, capsys, tmp_path)
    assert "PORTEVOIX_DATABASE_URL" in said


@pytest.mark.parametrize("words", [["invite", "coordinator"], ["import-quartiers", "quartiers.geojson"]])
def test_an_empty_database_asks_for_its_tables_first(words, monkeypatch, capsys, tmp_path):
    (tmp_path / "neuve.db").touch()
    said = says(words, f"sqlite:///{tmp_path / 'neuve.db'}", monkeypatch, capsys, tmp_path)
    assert "portevoix migrate" in said


@pytest.mark.parametrize("words", [["invite", "coordinator"], ["import-quartiers", "quartiers.geojson"]])
def test_where_there_is_no_database_none_is_made(words, monkeypatch, capsys, tmp_path):
    said = says(words, f"sqlite:///{tmp_path / 'dossier' / 'neuve.db'}", monkeypatch, capsys, tmp_path)
    assert "portevoix init" in said
    assert [each.name for each in tmp_path.iterdir()] == ["quartiers.geojson"]


def test_a_programme_that_there_is_not_is_said_with_those_that_there_are(monkeypatch, capsys, tmp_path):
    said = says(["init", "toulose"], f"sqlite:///{tmp_path / 'neuve.db'}", monkeypatch, capsys, tmp_path)
    assert said == "portevoix: toulose : ce fichier n’existe pas. Programmes fournis : paris, toulouse.\n"
    assert list(tmp_path.glob("*.db")) == []
