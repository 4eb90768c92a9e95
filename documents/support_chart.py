"""The figures of a period as a picture: how many requests each council made, and how long they waited for an answer.

It is read on a telephone, where a picture is some 320 pixels wide: high rather than wide, few words, and large ones.

matplotlib is imported when the first picture is drawn: it is large, and most processes never need it. Since its version
3.11 it shapes and orders Arabic by itself.
"""

import io
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from council.support_figures import Figures, SupportFigures
from locales.translator import Translator

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_COUNCILS = 12
"""More would not be read on a telephone: the largest are shown, and it is said."""
_WIDTH, _A_LINE, _A_COUNCIL, _LEGEND, _MARGIN = 3.6, 0.19, 0.62, 1.25, 0.12  # inches
_DPI = 300
_LARGE, _USUAL, _GAP = 11, 10, 3  # points
_NAME_LIMIT, _LINE_LIMIT = 24, 36  # characters
# Told apart by people who see colours differently, and in black and white by their hatching (Okabe and Ito, 2008).
_BLUE, _ORANGE, _INK = "#0072B2", "#E69F00", "#1b1b1b"
_MINUTES = 60
# Of the height of a council: where its name stands, where its two bars do, and how high a bar is.
_NAME, _MEDIAN, _SLOW, _BAR = 0.2, 0.49, 0.77, 0.24
_ROOM = 1.3  # for the figure at the end of the longest bar


def support_chart(figures: SupportFigures, say: Translator) -> bytes:
    """A PNG 1,080 pixels wide. Takes a second or so: call it outside the event loop's thread."""
    png = io.BytesIO()
    draw_chart(figures, say).savefig(png, format="png")
    return png.getvalue()


def draw_chart(figures: SupportFigures, say: Translator) -> "Figure":
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    shown = figures.by_council[:MOST_COUNCILS]
    heading = _heading(figures, say)
    waits = _wrapped(say.plain("Attente de la première réponse, en heures de travail"))
    height = _LEGEND + _A_LINE * len(f"{heading}\n{waits}".splitlines()) + _A_COUNCIL * max(1, len(shown))
    layout = ConstrainedLayoutEngine(w_pad=_MARGIN, h_pad=_MARGIN)
    picture = Figure(figsize=(_WIDTH, height), dpi=_DPI, layout=layout, facecolor="white")
    FigureCanvasAgg(picture)
    picture.suptitle(heading, fontsize=_LARGE, color=_INK)
    axes = picture.subplots()
    axes.set_axis_off()
    axes.set_title(waits, fontsize=_USUAL, color=_INK)
    _draw_waits(axes, shown, say)
    _name_councils(axes, shown, say)
    shown_below = axes.get_legend_handles_labels()
    picture.legend(*shown_below, loc="outside lower center", fontsize=_USUAL, labelcolor=_INK, frameon=False)
    return picture


def _heading(figures: SupportFigures, say: Translator) -> str:
    first, last = say.date(figures.dates.first), say.date(figures.dates.last)
    lines = [say.plain("Les demandes"), say.plain("Du {first} au {last}", first=first, last=last)]
    if len(figures.by_council) > MOST_COUNCILS:
        lines.append(say.plain("Seuls les plus grands sont montrés."))
    return "\n".join(_wrapped(each) for each in lines)


def _draw_waits(axes: "Axes", shown: Sequence[Figures], say: Translator) -> None:
    """Two bars each; none where there are too few, which is said by a dash."""
    usual: dict[str, Any] = {"color": _BLUE, "label": _bare(say.plain("Une sur deux, au plus"))}
    slow: dict[str, Any] = {"color": _ORANGE, "hatch": "//", "label": _bare(say.plain("Neuf sur dix, au plus"))}
    beside: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": _USUAL, "color": _INK}
    beside |= {"xytext": (-_GAP, 0), "ha": "right"} if say.is_rtl else {"xytext": (_GAP, 0), "ha": "left"}
    longest = 0.0
    for share, style, offset in (("median", usual, _MEDIAN), ("slow", slow, _SLOW)):
        values = [getattr(each.answered, share) for each in shown]
        hours = [(value or 0) / _MINUTES for value in values]
        axes.barh([place + offset for place in range(len(shown))], hours, height=_BAR, **style)
        for place, value in enumerate(values):
            label = "–" if value is None else say.number(round(value / _MINUTES, 1))
            axes.annotate(label, (hours[place], place + offset), **beside)
        longest = max(longest, *hours, 0)
    ends = (0, (longest or 1) * _ROOM)
    axes.set_xlim(*(reversed(ends) if say.is_rtl else ends))
    axes.set_ylim(max(1, len(shown)), 0)


def _name_councils(axes: "Axes", shown: Sequence[Figures], say: Translator) -> None:
    """Over its bars each council's name and, at the other end of the line, how many requests it made."""
    begin, end = ((1, "right"), (0, "left")) if say.is_rtl else ((0, "left"), (1, "right"))
    across: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "color": _INK}
    for place, each in enumerate(shown):
        name = _shortened(str(each.label or say.plain("Sans conseil")))
        asked = say.plural("{n} demande", "{n} demandes", each.asked).unescape()
        for words, (x, side), size, weight in ((name, begin, _LARGE, "bold"), (asked, end, _USUAL, "normal")):
            axes.text(x, place + _NAME, _bare(words), ha=side, fontsize=size, weight=weight, **across)


def _shortened(name: str) -> str:
    return name if len(name) <= _NAME_LIMIT else name[: _NAME_LIMIT - 1].rstrip() + "…"


def _wrapped(words: str) -> str:
    return "\n".join(textwrap.wrap(_bare(words), _LINE_LIMIT))


def _bare(words: str) -> str:
    """Without what a picture would draw as formulas or boxes: dollars and marks of direction."""
    return words.translate({ord("$"): r"\$", 0x2066: None, 0x2067: None, 0x2068: None, 0x2069: None, 0x200E: None})
