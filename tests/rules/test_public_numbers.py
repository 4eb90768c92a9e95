"""Public numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.public_numbers import Series, linked_number, read_number


@given(series=st.sampled_from(Series), year=st.integers(2000, 2999), number=st.integers(1, 99_999), data=st.data())
def test_a_number_is_read_as_people_write_it(series: Series, year: int, number: int, data: st.DataObject):
    letter = data.draw(st.sampled_from([series.value, series.value.lower()]))
    dashes = [data.draw(st.sampled_from(["-", "", " ", "–", " - ", "‑"])) for _ in range(2)]
    digits = data.draw(st.sampled_from([f"{number:03d}", str(number)]))
    around = data.draw(st.sampled_from(["{}", "Où en est {} ?", "« {} »", "demande {}.", "({})"]))
    words = around.format(f"{letter}{dashes[0]}{year}{dashes[1]}{digits}")
    expected = f"{series}-{year}-{number:03d}"
    assert read_number(words) == read_number(words, series) == expected
    others = [each for each in Series if each is not series]
    assert read_number(words, *others) is None


@pytest.mark.parametrize(
    "words", ["", "D", "2026-014", "D-26-014", "Bad-2026-014", "D-2026", "le 2026-03-14", "D-2026-", "ID2026014x"]
)
def test_other_words_are_no_number(words: str):
    assert read_number(words) is None


@pytest.mark.parametrize(
    ("token", "number"),
    [
        ("P-2026-014", "P-2026-014"),
        ("p-2026-014", "P-2026-014"),
        ("I-2026-1234", "I-2026-1234"),
        ("P-2026-14", None),
        ("P2026014", None),
        ("xP-2026-014", None),
        ("Q-2026-014", None),
        ("", None),
        ("3K7v-P-2026-014", None),
    ],
)
def test_a_link_carries_a_number_as_it_stands_on_cards(token: str, number: str | None):
    assert linked_number(token) == number


def test_of_several_numbers_the_first_is_meant():
    assert read_number("P-2026-014 et I-2026-003") == "P-2026-014"
    assert read_number("P-2026-014 et I-2026-003", Series.INTERPELLATION) == "I-2026-003"
