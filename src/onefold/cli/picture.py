"""Draws a data flow as a self-contained SVG file. Takes boxes and arrows; returns text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from onefold.plan.dataflow import Box, Dataflow

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _MARGIN = 236, 52, 84, 22, 28
_TITLE_CHARACTERS, _DETAIL_CHARACTERS = 28, 36

_STYLE = """
  svg { font-family: system-ui, sans-serif; background: #fff }
  rect { fill: #f6f7f9; stroke: #8a94a6; rx: 8px }
  .input rect { fill: #eef4ff; stroke: #5b8def }
  .id_stitcher rect { fill: #fff3e0; stroke: #d9822b }
  .features rect { fill: #eaf7ee; stroke: #3d9a5f }
  .feature_view rect { fill: #eaf7ee; stroke: #3d9a5f; stroke-width: 2px }
  text { fill: #1c2430; font-size: 13px }
  .detail { fill: #5a6577; font-size: 10.5px }
  path { fill: none; stroke: #8a94a6; stroke-width: 1.4px }
  @media (prefers-color-scheme: dark) {
    svg { background: #14181f } text { fill: #e8ecf2 } .detail { fill: #a2adbd }
    rect { fill: #1e242e } .input rect { fill: #1b2740 } .id_stitcher rect { fill: #3a2a15 }
    .features rect, .feature_view rect { fill: #17301f }
  }
"""


def svg(flow: Dataflow, title: str) -> str:
    """Draw a data flow.

    Args:
        flow: The data flow.
        title: Title of the picture, also for screen readers.
    """
    tallest = max((len(column) for column in flow.columns), default=1)
    height = 2 * _MARGIN + tallest * (_HEIGHT + _GAP_Y) - _GAP_Y
    width = 2 * _MARGIN + len(flow.columns) * (_WIDTH + _GAP_X) - _GAP_X
    corners: dict[str, tuple[float, float]] = {}
    for number, column in enumerate(flow.columns):
        top = (height - len(column) * (_HEIGHT + _GAP_Y) + _GAP_Y) / 2
        for row, box in enumerate(column):
            corners[box.key] = (_MARGIN + number * (_WIDTH + _GAP_X), top + row * (_HEIGHT + _GAP_Y))
    arrows = [_arrow(corners[a], corners[b]) for a, b in flow.arrows]
    boxes = [_box(box, *corners[box.key]) for column in flow.columns for box in column]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'role="img" aria-label="{escape(title)}">\n<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n'
        '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M1,1 L7,4 L1,7"/></marker></defs>\n' + "\n".join([*arrows, *boxes]) + "\n</svg>\n"
    )


def _box(box: Box, x: float, y: float) -> str:
    middle = x + _WIDTH / 2
    title_y = y + (22 if box.detail else 31)
    detail = (
        f'<text class="detail" x="{middle:.0f}" y="{y + 39:.0f}" text-anchor="middle">'
        f"{escape(_short(box.detail, _DETAIL_CHARACTERS))}</text>"
        if box.detail
        else ""
    )
    title = escape(_short(box.title, _TITLE_CHARACTERS))
    return (
        f'<g class="{escape(box.kind)}"><title>{escape(f"{box.key} ({box.kind}) {box.detail}")}</title>'
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{_WIDTH}" height="{_HEIGHT}"/>'
        f'<text x="{middle:.0f}" y="{title_y:.0f}" text-anchor="middle">{title}</text>'
        f"{detail}</g>"
    )


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    x1, y1 = start[0] + _WIDTH, start[1] + _HEIGHT / 2
    x2, y2 = end[0], end[1] + _HEIGHT / 2
    bend = max((x2 - x1) / 2, _GAP_X / 2)
    return (
        f'<path d="M{x1:.0f},{y1:.0f} C{x1 + bend:.0f},{y1:.0f} {x2 - bend:.0f},{y2:.0f} {x2:.0f},{y2:.0f}" '
        'marker-end="url(#end)"/>'
    )


def _short(text: str, most: int) -> str:
    """A shortened text. Keeps the end, the more specific part: ``….production.identifies``."""
    return text if len(text) <= most else "…" + text[-(most - 1) :]
