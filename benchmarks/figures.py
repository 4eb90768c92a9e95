"""What a benchmark says: a figure beside a baseline of the same run, and whether it meets its aim."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Aim:
    """A bound on the ratio to the baseline, or on the figure itself (`absolute`)."""

    bound: float
    at_least: bool = False
    absolute: bool = False

    def is_met(self, figure: float, ratio: float) -> bool:
        value = figure if self.absolute else ratio
        return value >= self.bound if self.at_least else value <= self.bound

    def words(self, unit: str) -> str:
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {self.bound:g} {unit}" if self.absolute else f"{sign} {self.bound:g} ×"


@dataclass(frozen=True)
class Pair:
    """One measurement beside its baseline, taken right after each other: what else the machine did fell on both."""

    ours: float
    bare: float


@dataclass(frozen=True)
class Figure:
    """Figure, baseline and their ratio are medians; no aim: shown for who reads, neither met nor missed."""

    name: str
    pairs: tuple[Pair, ...]
    unit: str
    baseline_name: str
    aim: Aim | None = None

    @property
    def figure(self) -> float:
        return median(each.ours for each in self.pairs)

    @property
    def baseline(self) -> float:
        return median(each.bare for each in self.pairs)

    @property
    def ratio(self) -> float:
        return median(each.ours / each.bare for each in self.pairs)

    @property
    def missed(self) -> bool:
        return self.aim is not None and not self.aim.is_met(self.figure, self.ratio)

    def cells(self) -> tuple[str, ...]:
        verdict = "" if self.aim is None else "MISSED" if self.missed else "met"
        return (
            self.name,
            _amount(self.figure, self.unit),
            _amount(self.baseline, self.unit),
            self.baseline_name,
            f"{self.ratio:.2f} ×",
            self.aim.words(self.unit) if self.aim else "",
            verdict,
        )


def _amount(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


HEADINGS = ("figure", "measured", "baseline", "which is", "ratio", "aim", "")


def table(figures: Sequence[Figure]) -> str:
    rows = [HEADINGS, *(each.cells() for each in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def quantile(values: Iterable[float], share: float) -> float:
    """The value below which this share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


Measure = Callable[[], Awaitable[float]]


async def in_turns(times: int, ours: Measure, bare: Measure) -> tuple[Pair, ...]:
    """Pairs whose first is ours in every second one."""
    pairs = []
    for turn in range(times):
        if turn % 2:
            mine, other = await ours(), await bare()
        else:
            other, mine = await bare(), await ours()
        pairs.append(Pair(mine, other))
    return tuple(pairs)
