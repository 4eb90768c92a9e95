"""Every sentence for people is in every catalogue, with the same blanks; French stands for itself."""

import ast
import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from handlers.buttons import Press
from handlers.cards import refusals
from locales.extract import sentences_in_code
from locales.translator import CATALOGUES, REFERENCE, available_languages, translator

ROOT = CATALOGUES.parent
BLANK = re.compile(r"\{(\w+)\}")


def catalogue(language: str):
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        return read_po(source, locale=language)


def ids(message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def strings(message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string,)


@pytest.mark.parametrize("language", available_languages())
def test_a_catalogue_holds_just_the_sentences_of_the_code(language: str):
    in_code = {ids(each) for each in sentences_in_code() if each.id}
    in_catalogue = {ids(each) for each in catalogue(language) if each.id}
    assert in_code == in_catalogue, "run: python -m locales.extract"


@pytest.mark.parametrize("language", available_languages())
def test_every_sentence_is_translated_and_none_is_in_doubt(language: str):
    for message in catalogue(language):
        if message.id:
            assert all(strings(message)), (language, message.id)
            assert not message.fuzzy, (language, message.id)


@pytest.mark.parametrize("language", available_languages())
def test_a_translation_has_the_blanks_of_its_sentence(language: str):
    for message in catalogue(language):
        if not message.id:
            continue
        wanted = set(BLANK.findall(ids(message)[-1]))
        for said in strings(message):
            # One and two need not be said in figures where the language has words for them.
            assert set(BLANK.findall(said)) - {"n"} == wanted - {"n"}, (language, message.id, said)
            assert list(string.Formatter().parse(said))


@pytest.mark.parametrize("language", [each for each in available_languages() if each != REFERENCE])
def test_no_french_is_left_in_another_language(language: str):
    same = {"Porte-voix", "français"}
    for message in catalogue(language):
        for french, said in zip(ids(message), strings(message), strict=False):
            words = re.findall(r"[a-zà-ÿ]{4,}", BLANK.sub("", french))
            if french and len(words) > 2 and french not in same:
                assert said != french, (language, french)


def test_french_says_zero_in_the_singular():
    say = translator("fr")
    for message in catalogue("fr"):
        if isinstance(message.id, tuple):
            assert str(say.plural(*message.id, 0, **_blanks(message.id[1]))) == str(
                say.plural(*message.id, 1, **_blanks(message.id[1]))
            ).replace("1", "0")


def _blanks(sentence: str) -> dict[str, str]:
    return {name: "x" for name in BLANK.findall(sentence) if name != "n"}


def test_every_refusal_has_its_sentence():
    from council.errors import Refusal
    from tests.house.walk import import_everything

    import_everything()
    with_sentence = {**refusals._SENTENCES, **refusals._WITH_FIGURES}
    for kind in _all_subclasses(Refusal):
        assert any(parent in with_sentence for parent in kind.__mro__), kind


def _all_subclasses(kind: type) -> set[type]:
    found = set(kind.__subclasses__())
    return found.union(*(_all_subclasses(each) for each in found)) if found else found


def test_no_two_kinds_of_button_carry_the_same_prefix():
    from tests.house.walk import import_everything

    import_everything()
    prefixes = [each.prefix for each in _all_subclasses(Press)]
    assert len(prefixes) == len(set(prefixes))


def test_the_rules_and_tables_hold_no_words_for_people():
    """French in council/ or storage/ would escape the catalogues; docstrings and comments are for developers."""
    accents = re.compile(r"[éèêàçùâîôû’]")
    for package in ("council", "storage"):
        for path in (ROOT / package).rglob("*.py"):
            for node in _strings_outside_docstrings(path):
                assert not accents.search(node.value), f"{path.name}:{node.lineno} {node.value!r}"


def _strings_outside_docstrings(path: Path) -> list[ast.Constant]:
    tree = ast.parse(path.read_text())
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documented
        and id(node) not in bare
    ]
