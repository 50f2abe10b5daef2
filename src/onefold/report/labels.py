"""Places labels beside the ids of a drawing, without overlaps.

Every id also has a number, so a label without room is omitted. The table below the drawing lists all ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.report.model import Drawing, PlacedId

MOST = 8
"""The most labels on one drawing."""

_RADIUS, _GAP, _HEIGHT, _CHARACTER = 12.0, 4.0, 15.0, 7.2
_LONGEST, _BEGIN, _END = 16, 8, 5


@dataclass(frozen=True)
class Label:
    """A text at a place; ``anchor`` is the SVG text anchor."""

    x: float
    y: float
    anchor: str
    text: str


Box = tuple[float, float, float, float]


def labels(drawing: Drawing) -> tuple[Label, ...]:
    """Labels of the most important ids: those with a kind, then those with hidden neighbours."""
    wanted = [n for n in drawing.nodes if n.kind is not None] or [n for n in drawing.nodes if n.is_cut]
    wanted += sorted((n for n in drawing.nodes if n.hidden and n not in wanted), key=lambda n: -n.hidden)
    taken = [(n.x - _RADIUS, n.y - _RADIUS, n.x + _RADIUS, n.y + _RADIUS) for n in drawing.nodes]
    ends = {n.number: (n.x, n.y) for n in drawing.nodes}
    lines = [(*ends[line.one], *ends[line.other]) for line in drawing.lines]
    found = []
    for node in wanted[:MOST]:
        text = short(node.id.value) + (f" (+{node.hidden:,})" if node.hidden else "")
        free = [
            p for p in _places(node, text) if _is_within(p[1], drawing) and not any(_overlap(p[1], o) for o in taken)
        ]
        # A label beside a line is better than one on it, which is better than none.
        free.sort(key=lambda p: sum(_is_crossed(p[1], line) for line in lines))
        if free:
            taken.append(free[0][1])
            found.append(free[0][0])
    return tuple(found)


def short(value: str) -> str:
    """An id shortened for a drawing. A masked id keeps its end, which distinguishes it.

    >>> short("67f23b82-3af9-4840-8f5a-3c7e91d2b604")
    '67f23b82…'
    """
    if len(value) <= _LONGEST:
        return value
    is_masked = "…" in value and value[-_END] == "~"
    return value[:_BEGIN].rstrip("…") + "…" + (value[-_END:] if is_masked else "")


def _places(node: PlacedId, text: str) -> Iterator[tuple[Label, Box]]:
    """Candidate places: right of the id, left, above, below, then farther away in all directions."""
    length, half = len(text) * _CHARACTER, _HEIGHT / 2
    near = _RADIUS + _GAP
    around = [(d * cos(n * pi / 8), d * sin(n * pi / 8)) for d in (near, 26.0, 36.0) for n in range(16)]
    for dx, dy in ((near, 0.0), (-near, 0.0), (0.0, -near - half), (0.0, near + half), *around):
        anchor = "start" if dx > 1 else "end" if dx < -1 else "middle"
        x, y = node.x + dx, node.y + dy
        begin = {"start": x, "middle": x - length / 2, "end": x - length}[anchor]
        yield Label(round(x, 1), round(y + 4, 1), anchor, text), (begin, y - half, begin + length, y + half)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _is_within(box: Box, drawing: Drawing) -> bool:
    room = 2.0
    return box[0] >= room and box[1] >= room and box[2] <= drawing.width - room and box[3] <= drawing.height - room


def _is_crossed(box: Box, line: Box) -> bool:
    """Whether a line crosses a box (Liang and Barsky, 1984)."""
    x, y, dx, dy = line[0], line[1], line[2] - line[0], line[3] - line[1]
    enters, leaves = 0.0, 1.0
    for step, room in ((-dx, x - box[0]), (dx, box[2] - x), (-dy, y - box[1]), (dy, box[3] - y)):
        if step == 0:
            if room < 0:
                return False
        elif step < 0:
            enters = max(enters, room / step)
        else:
            leaves = min(leaves, room / step)
    return enters <= leaves
