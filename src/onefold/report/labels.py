"""Words beside the ids of a picture. In: a drawing. Out: labels that lie on no id, on no other label and within the picture.

Every id has a number on it, so a label that finds no room is left out: the table below the picture has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.report.model import Drawing, Node

MOST = 8
"""Labels on one picture."""

_RADIUS, _GAP, _HEIGHT, _CHARACTER = 12.0, 4.0, 15.0, 7.2
_LONGEST, _BEGIN, _END = 16, 8, 5


@dataclass(frozen=True)
class Label:
    """Words at a place; ``anchor`` is the side of the words that is there."""

    x: float
    y: float
    anchor: str
    text: str


Box = tuple[float, float, float, float]


def labels(drawing: Drawing) -> tuple[Label, ...]:
    """Labels of the ids that matter most: those with a kind, then those with neighbours that are not drawn."""
    wanted = [n for n in drawing.nodes if n.kind is not None] or [n for n in drawing.nodes if n.is_cut]
    wanted += sorted((n for n in drawing.nodes if n.hidden and n not in wanted), key=lambda n: -n.hidden)
    taken = [(n.x - _RADIUS, n.y - _RADIUS, n.x + _RADIUS, n.y + _RADIUS) for n in drawing.nodes]
    found = []
    for node in wanted[:MOST]:
        text = short(node.id.value) + (f" (+{node.hidden:,})" if node.hidden else "")
        for label, box in _places(node, text):
            inside = box[0] >= 2 and box[1] >= 2 and box[2] <= drawing.width - 2 and box[3] <= drawing.height - 2  # noqa: PLR2004
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                found.append(label)
                break
    return tuple(found)


def short(value: str) -> str:
    """An id that is short enough for a picture; of a masked one, the end tells it apart.

    >>> short("67f23b82-3af9-4840-8f5a-3c7e91d2b604")
    '67f23b82…'
    """
    if len(value) <= _LONGEST:
        return value
    is_masked = "…" in value and value[-_END] == "~"
    return value[:_BEGIN].rstrip("…") + "…" + (value[-_END:] if is_masked else "")


def _places(node: Node, text: str) -> Iterator[tuple[Label, Box]]:
    """Where the words may be: right of the id, left, above, below."""
    length, off = len(text) * _CHARACTER, _RADIUS + _GAP
    half = _HEIGHT / 2
    for dx, dy, anchor in (
        (off, 0.0, "start"), (-off, 0.0, "end"), (0.0, -off - half, "middle"), (0.0, off + half, "middle"),
        (off - 4, -off, "start"), (off - 4, off, "start"), (4 - off, -off, "end"), (4 - off, off, "end"),
    ):  # fmt: skip
        x, y = node.x + dx, node.y + dy
        begin = {"start": x, "middle": x - length / 2, "end": x - length}[anchor]
        yield Label(round(x, 1), round(y + 4, 1), anchor, text), (begin, y - half, begin + length, y + half)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
