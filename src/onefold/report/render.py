"""Renders a report as one self-contained HTML page.

All data is escaped, because ids are untrusted text. Only the style sheet and the script of this package are inserted
verbatim, and the content security policy allows only these two, by their digests.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from onefold.audit.mask import with_texts
from onefold.printable import shown
from onefold.report.changes import NAMES
from onefold.report.charts import bar_chart, line_charts, range_of
from onefold.report.labels import labels, short

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from onefold.audit.records import SweepPoint
    from onefold.audit.threshold_sweep import Sweep
    from onefold.report.model import Drawing, Report

SHAPES = ("circle", "square", "diamond", "triangle", "hexagon")
"""Shapes of ids by type, in the entity's order; further types share the last shape."""


def render(report: Report, masked: str) -> str:
    """Render the page.

    Args:
        report: The report.
        masked: How ids are masked: ``all``, ``emails`` or ``none``.
    """
    style, script = _asset("page.css"), _asset("page.js")
    shapes = {b.id_type: SHAPES[min(n, len(SHAPES) - 1)] for n, b in enumerate(report.health.before)}
    # Ids may contain bidirectional marks or be very long.
    report = with_texts(report, shown)
    page = _environment().get_template("page.html.j2")
    return page.render(
        r=report,
        masked=masked,
        style=Markup(style),  # noqa: S704 - of this package
        script=Markup(script),  # noqa: S704 - of this package
        policy=_policy(style, script),
        shapes=shapes,
        event_names=NAMES,
    )


def _asset(name: str) -> str:
    return files("onefold.report").joinpath("assets", name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """The content security policy: no network access, and only this style sheet and script."""
    return (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("onefold.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": number,
        "share": share,
        "moment": _moment,
        "short": short,
        "collapsed": collapsed,
        "joined_with": joined_with,
        "plural": plural,
        "capital": capital,
        "ticked": ticked,
    }
    environment.globals |= {
        "bar_chart": bar_chart,
        "line_charts": line_charts,
        "labels": labels,
        "range_of": range_of,
    }
    return environment


# --- words ---


def number(value: Any) -> str:
    """A formatted number. Texts are unchanged, and None is empty.

    >>> number(13243), number(2.6900), number(0.00012)
    ('13,243', '2.69', '0.00012')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.01 else f"{value:.2g}"  # noqa: PLR2004


def share(value: float | None) -> str:
    """A share in percent; very small shares are ``<0.1%``.

    >>> share(0.107), share(0.0002), share(None)
    ('10.7%', '<0.1%', '')
    """
    if value is None:
        return ""
    return "<0.1%" if 0 < value < 0.0005 else f"{value:.1%}"  # noqa: PLR2004 - what rounds to 0.0%


def plural(count: int, word: str) -> str:
    """A number with its noun, in the singular or plural.

    >>> plural(1, "id"), plural(1200, "id")
    ('1 id', '1,200 ids')
    """
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def capital(text: str) -> str:
    """A text with an initial capital, unless it begins with a name such as ``user_id``.

    >>> capital("profiles with one id"), capital("user_id alone")
    ('Profiles with one id', 'user_id alone')
    """
    return text if "_" in text.partition(" ")[0] else text[:1].upper() + text[1:]


def ticked(text: str) -> Markup:
    """An escaped text, with code in backticks as HTML.

    >>> ticked("set `<b>`")
    Markup('set <code>&lt;b&gt;</code>')
    """
    parts = text.split("`")
    pieces = [Markup("<code>{}</code>").format(part) if n % 2 else escape(part) for n, part in enumerate(parts)]
    return Markup("").join(pieces)


def _moment(time: datetime | str) -> str:
    """A timestamp. Timestamps after the year 9999 arrive as text."""
    return f"{time} UTC" if isinstance(time, str) else f"{time:%Y-%m-%d %H:%M} UTC"


def collapsed(sweep: Sweep) -> tuple[tuple[str, SweepPoint, str], ...]:
    """The rows of a sweep's table: thresholds, point and mark. Neighbours with the same effect share a row."""
    found: list[tuple[str, SweepPoint, str]] = []
    for line in sweep.lines:
        words = [w for w, n in (("today", sweep.today), ("suggested", sweep.suggested)) if n == line.threshold]
        mark = " and ".join(words)
        if found and not mark and not found[-1][2] and _does(found[-1][1]) == _does(line):
            found[-1] = (f"{found[-1][0].partition(' ')[0]} to {line.threshold}", line, "")
        else:
            found.append((str(line.threshold), line, mark))
    return (*found, ("any", sweep.unlimited, ""))


def _does(line: SweepPoint) -> Sequence[float | None]:
    return (line.excluded, line.edges_prevented, line.ids, line.profiles, line.largest, line.several, line.precision)


def joined_with(drawing: Drawing) -> dict[int, tuple[int, ...]]:
    """The numbers of the neighbours of each id of a drawing."""
    found: dict[int, list[int]] = {node.number: [] for node in drawing.nodes}
    for line in drawing.lines:
        found[line.one].append(line.other)
        found[line.other].append(line.one)
    return {one: tuple(sorted(others)) for one, others in found.items()}
