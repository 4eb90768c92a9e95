"""The figures of a period as a picture: how many requests each council made, and how long they waited for an answer.

matplotlib is imported when the first picture is drawn: it is large, and most processes never need it. Since its version
3.11 it shapes and orders Arabic by itself.
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from council.support_figures import Figures, SupportFigures
from locales.translator import Translator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_COUNCILS = 12
"""More would not be read on a telephone: the largest are shown, and it is said."""
_WIDTH, _HEADING, _A_BAR = 7.2, 2.6, 0.42  # inches
_DPI = 150
_NAME_LIMIT = 28
# Told apart by people who see colours differently, and in black and white by their hatching (Okabe and Ito, 2008).
_BLUE, _ORANGE, _INK = "#0072B2", "#E69F00", "#1b1b1b"
_MINUTES = 60


def support_chart(figures: SupportFigures, say: Translator) -> bytes:
    """A PNG 1,080 pixels wide. Takes a second or so: call it outside the event loop's thread."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shown = figures.by_council[:MOST_COUNCILS]
    height = 2 * (_HEADING / 2 + _A_BAR * max(2, len(shown)))
    picture = Figure(figsize=(_WIDTH, height), dpi=_DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(picture)
    dates = say.plain("Du {first} au {last}", first=say.date(figures.dates.first), last=say.date(figures.dates.last))
    heading = say.plain("Les demandes")
    picture.suptitle(f"{heading}\n{_bare(dates)}", fontsize=13, color=_INK)
    counts, waits = picture.subplots(2, 1)
    _draw_counts(counts, shown, say)
    _draw_waits(waits, shown, say)
    for axes in (counts, waits):
        _finish(axes, shown, say)
    if len(figures.by_council) > MOST_COUNCILS:
        picture.supxlabel(_bare(say.plain("Seuls les plus grands sont montrés.")), fontsize=9)
    png = io.BytesIO()
    picture.savefig(png, format="png")
    return png.getvalue()


def _draw_counts(axes: "Axes", shown: Sequence[Figures], say: Translator) -> None:
    from matplotlib.ticker import MaxNLocator

    bars = axes.barh(range(len(shown)), [each.asked for each in shown], color=_BLUE)
    axes.bar_label(bars, labels=[say.number(each.asked) for each in shown], padding=3, fontsize=9)
    axes.set_title(_bare(say.plain("Nombre de demandes")), fontsize=11)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _draw_waits(axes: "Axes", shown: Sequence[Figures], say: Translator) -> None:
    """Two bars each; none where there are too few, which is said by a dash."""
    usual: dict[str, Any] = {"color": _BLUE, "label": _bare(say.plain("Une sur deux, au plus"))}
    slow: dict[str, Any] = {"color": _ORANGE, "hatch": "//", "label": _bare(say.plain("Neuf sur dix, au plus"))}
    for share, style, offset in (("median", usual, -0.2), ("slow", slow, 0.2)):
        values = [getattr(each.answered, share) for each in shown]
        places = [place + offset for place in range(len(shown))]
        bars = axes.barh(places, [(value or 0) / _MINUTES for value in values], height=0.38, **style)
        labels = ["–" if value is None else say.number(round(value / _MINUTES, 1)) for value in values]
        axes.bar_label(bars, labels=labels, padding=3, fontsize=8)
    axes.set_title(_bare(say.plain("Attente de la première réponse, en heures de travail")), fontsize=11)
    axes.legend(fontsize=9, loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2, frameon=False)


def _finish(axes: "Axes", shown: Sequence[Figures], say: Translator) -> None:
    names = [_shortened(str(each.label or say.plain("Sans conseil"))) for each in shown]
    axes.set_yticks(range(len(shown)), [_bare(name) for name in names], fontsize=9)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlim(left=0, right=None if any(each.asked for each in shown) else 1)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x", color="#d9d9d9")
    axes.set_axisbelow(True)


def _shortened(name: str) -> str:
    return name if len(name) <= _NAME_LIMIT else name[: _NAME_LIMIT - 1].rstrip() + "…"


def _bare(words: str) -> str:
    """Without what a picture would draw as formulas or boxes: dollars and marks of direction."""
    return words.translate({ord("$"): r"\$", 0x2066: None, 0x2067: None, 0x2068: None, 0x2069: None, 0x200E: None})
