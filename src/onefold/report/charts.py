"""Computes the shapes of charts: bars, lines, ticks and labels. Takes answers; returns shapes for the SVG templates.

A chart is as wide as a phone, so that its text is equally readable on all screens. Each series also differs by dash or
pattern, not only by colour, and is labelled at its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onefold.audit.records import SweepPoint
    from onefold.audit.threshold_sweep import Sweep
    from onefold.report.model import Distribution

WIDTH = 400.0
ROW = 24.0
_CHARACTER = 6.8
"""Approximate width of a character in a chart."""


@dataclass(frozen=True)
class Tick:
    """A value on an axis, and its place."""

    at: float
    text: str


# --- bars ---


@dataclass(frozen=True)
class BarShape:
    """One bar.

    Attributes:
        label: The range of sizes.
        y: Its upper edge.
        width: Its length.
        value: Its value in words.
        is_beyond: Whether it exceeds the expected maximum.
    """

    label: str
    y: float
    width: float
    value: str
    is_beyond: bool


@dataclass(frozen=True)
class BarChart:
    """Bars from left to right, on a logarithmic scale.

    Attributes:
        x: Where bars begin.
        ticks: Powers of ten.
    """

    width: float
    height: float
    x: float
    bars: tuple[BarShape, ...]
    ticks: tuple[Tick, ...]


def bar_chart(found: Distribution) -> BarChart:
    """How many profiles have how many ids, a bar for each range of sizes."""
    x, top = 82.0, 20.0
    end = WIDTH - 56
    most = max((bar.profiles for bar in found.bars), default=1)
    powers = max(1, ceil(log10(max(most, 1))))
    # One profile is to be seen, so a bar begins below one.
    unit = (end - x) / (powers + _BELOW_ONE)

    def length(count: float) -> float:
        return round((log10(count) + _BELOW_ONE) * unit, 1) if count else 0.0

    bars = tuple(
        BarShape(
            range_of(bar.least, bar.most),
            top + n * ROW,
            length(bar.profiles),
            f"{bar.profiles:,}",
            found.bound is not None and bar.least > found.bound,
        )
        for n, bar in enumerate(found.bars)
    )
    ticks = tuple(Tick(round(x + length(10**p), 1), _short_number(10**p)) for p in range(powers + 1))
    return BarChart(WIDTH, top + len(bars) * ROW + 4, x, bars, ticks)


_BELOW_ONE = 0.35


def range_of(least: int, most: int | None) -> str:
    """A range of sizes in words.

    >>> range_of(3, 3), range_of(1001, None)
    ('3', 'over 1,000')
    """
    if most is None:
        return f"over {least - 1:,}"
    return f"{least:,}" if least == most else f"{least:,}\N{EN DASH}{most:,}"


# --- lines ---


@dataclass(frozen=True)
class Series:
    """One line.

    Attributes:
        name: What stands where it ends; empty where it is the only one.
        points: For SVG.
        end: Where its name goes.
        is_second: Whether it is the second of two, which is dashed.
    """

    name: str
    points: str
    end: tuple[float, float]
    is_second: bool


@dataclass(frozen=True)
class Mark:
    """A threshold to point out.

    Attributes:
        x: Its place.
        text: Its words.
        anchor: ``start``, ``middle`` or ``end``: on which side of the place the words are.
        y: Of the words.
        is_today: Whether it is today's setting, rather than the one suggested.
    """

    x: float
    text: str
    anchor: str
    y: float
    is_today: bool


@dataclass(frozen=True)
class LineChart:
    """What thresholds do to one figure.

    Attributes:
        title: What is shown.
        left: Of the plot; ``right``, ``top`` and ``bottom`` likewise.
    """

    title: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    series: tuple[Series, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]


def line_charts(sweep: Sweep, person: str) -> tuple[LineChart, ...]:
    """The charts of a sweep: excluded ids, and the effect on profiles."""
    shown: list[tuple[str, dict[str, Callable[[SweepPoint], float | None]]]] = [
        (f"Excluded {sweep.of}", {"": lambda line: line.excluded}),
        ("Ids in the largest profile", {"": lambda line: line.largest}),
        (f"Profiles with more than one {person}", {"": lambda line: line.several}),
    ]
    if sweep.unlimited.precision is not None:
        scores: dict[str, Callable[[SweepPoint], float | None]] = {
            "precision": lambda line: line.precision,
            "recall": lambda line: line.recall,
        }
        shown.append(("Precision and recall against the ground truth", scores))
    return tuple(_line_chart(sweep, title, series) for title, series in shown)


def _line_chart(sweep: Sweep, title: str, series: dict[str, Callable[[SweepPoint], float | None]]) -> LineChart:
    is_share = len(series) > 1
    left, top, height = 52.0, 34.0, 220.0
    right, bottom = WIDTH - (66 if is_share else 14), height - 26
    first, last = sweep.lines[0].threshold, max(sweep.lines[-1].threshold, sweep.lines[0].threshold + 1)
    values = [v for of in series.values() for line in sweep.lines if (v := of(line)) is not None]
    steps = (0.0, 0.25, 0.5, 0.75, 1.0) if is_share else nice_steps(max(values, default=1))

    def x(threshold: float) -> float:
        return round(left + (right - left) * log(threshold / first) / log(last / first), 1)

    def y(value: float) -> float:
        return round(bottom - (bottom - top) * value / steps[-1], 1)

    lines = []
    for n, (name, of) in enumerate(series.items()):
        points = [(x(line.threshold), y(v)) for line in sweep.lines if (v := of(line)) is not None]
        lines.append(Series(name, " ".join(f"{a},{b}" for a, b in points), points[-1], n == 1))
    ticks = tuple(Tick(x(t), str(t)) for t in (2, 3, 5, 10, 20, 50) if first <= t <= last)
    y_ticks = tuple(Tick(y(s), f"{s:g}" if is_share else _short_number(s)) for s in steps)
    marks = _marks(sweep, x, (left, right), top)
    return LineChart(title, WIDTH, height, left, right, top, bottom, _names_apart(lines), ticks, y_ticks, marks)


def _names_apart(lines: Sequence[Series]) -> tuple[Series, ...]:
    """The lines with the names of two far enough from each other."""
    room = 14.0
    if len(lines) == 2 and abs(lines[0].end[1] - lines[1].end[1]) < room:  # noqa: PLR2004 - of two lines
        upper = min(line.end[1] for line in lines)
        order = sorted(range(2), key=lambda n: lines[n].end[1])
        ends = {order[0]: upper, order[1]: upper + room}
        return tuple(
            Series(line.name, line.points, (line.end[0], ends[n]), line.is_second) for n, line in enumerate(lines)
        )
    return tuple(lines)


def _marks(sweep: Sweep, x: Callable[[float], float], plot: tuple[float, float], top: float) -> tuple[Mark, ...]:
    """Today's setting and the one suggested; one mark where they are the same."""
    if sweep.today is not None and sweep.today == sweep.suggested:
        wanted = [(sweep.today, f"today {sweep.today}, as suggested", True)]
    else:
        named = ((sweep.today, "today"), (sweep.suggested, "suggested"))
        wanted = [(t, f"{word} {t}", word == "today") for t, word in named if t is not None]
    found: list[Mark] = []
    begun = plot[1]
    # From the right: where words would meet, those on the left go higher, where no line of the other crosses them.
    for threshold, text, is_today in sorted(wanted, reverse=True):
        place, length = x(threshold), len(text) * _CHARACTER
        anchor = "start" if place - length / 2 < plot[0] else "end" if place + length / 2 > plot[1] else "middle"
        begins = {"start": place, "middle": place - length / 2, "end": place - length}[anchor]
        is_free = not found or begins + length + 6 < begun
        found.append(Mark(place, text, anchor, top - (8 if is_free else 21), is_today))
        begun = begins
    return tuple(found)


def nice_steps(most: float) -> tuple[float, ...]:
    """Round values from 0 up to at least the greatest, four or five steps of them.

    >>> nice_steps(719)
    (0, 200, 400, 600, 800)
    """
    most = max(most, 1)
    rough = most / 4
    power = 10 ** floor(log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough)
    step = max(step, 1)
    return tuple(int(n * step) if float(n * step).is_integer() else n * step for n in range(ceil(most / step) + 1))


def _short_number(value: float) -> str:
    """A number for an axis.

    >>> _short_number(20_000_000), _short_number(2500)
    ('20M', '2,500')
    """
    for unit, letter in ((1_000_000_000, "G"), (1_000_000, "M"), (10_000, "k")):
        if value >= unit:
            return f"{value / (1000 if letter == 'k' else unit):g}{letter}"
    return f"{value:,g}"
