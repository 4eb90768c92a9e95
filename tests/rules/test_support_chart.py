"""The picture of the team's delays, as it is seen in a chat: 320 pixels wide, in both directions of writing."""

from datetime import date
from itertools import combinations

import pytest

from council.support_figures import Dates, Figures, SupportFigures, Times
from documents.support_chart import MOST_COUNCILS, draw_chart, support_chart
from locales.translator import translator

IN_A_CHAT, READABLE, WIDE = 320, 12, 1_080  # pixels: a picture in a chat, letters that are read there, the file
POINTS = 72  # in an inch
NAMES = ("Grand Mirail - Reynerie - Bellefontaine", "Empalot", "Bédier - Boutroux - Villa d’Este", None)
TOO_FEW = Times(3)


def figures(councils: int) -> SupportFigures:
    """So many councils, the second without a figure."""
    cuts = tuple(
        Figures(NAMES[number % len(NAMES)], 900 - number, TOO_FEW if number == 1 else Times(9, 90.5, 1_230), Times())
        for number in range(councils)
    )
    return SupportFigures(Dates(date(2026, 9, 1), date(2026, 11, 30)), cuts[0], cuts, (), ())


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
@pytest.mark.parametrize("councils", [1, 4, MOST_COUNCILS + 1])
def test_its_words_are_read_on_a_telephone_and_none_crosses_another(language, councils):
    picture = draw_chart(figures(councils), translator(language))
    picture.draw_without_rendering()
    (axes,), (legend,) = picture.axes, picture.legends
    texts = [picture.texts[0], axes.title, *axes.texts, *legend.get_texts()]
    assert len(texts) == 2 + 4 * min(councils, MOST_COUNCILS) + 2
    smallest = min(each.get_fontsize() for each in texts) * picture.dpi / POINTS
    assert smallest * IN_A_CHAT / picture.bbox.width >= READABLE
    boxes = [(each.get_text(), each.get_window_extent()) for each in texts]
    for words, box in boxes:
        assert picture.bbox.contains(*box.min), words
        assert picture.bbox.contains(*box.max), words
    assert [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if a.overlaps(b)] == []


def test_names_begin_and_bars_grow_from_the_side_where_one_begins_to_read():
    for language, runs in (("fr", 1), ("ar", -1)):
        axes = draw_chart(figures(4), translator(language)).axes[0]
        first, last = axes.get_xlim()
        assert (last - first) * runs > 0


def test_it_leaves_as_a_picture():
    png = support_chart(figures(1), translator("fr"))
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == WIDE
