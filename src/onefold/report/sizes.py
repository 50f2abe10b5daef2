"""Counts profiles by size. Takes an open session; returns a `Distribution` for all ids and for each id type.

The database counts, and returns one number per range of sizes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.audit.clusters import bounds_of
from onefold.report.model import Bar, Distribution

if TYPE_CHECKING:
    from onefold.audit.session import Session

RANGES: tuple[tuple[int, int | None], ...] = (
    (1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 10), (11, 20), (21, 50), (51, 100), (101, 1000), (1001, None),
)  # fmt: skip
"""Single sizes for small profiles, and wider ranges for large ones."""


def distributions(session: Session) -> tuple[Distribution, ...]:
    """Count profiles by their number of ids: of all types, then of each type.

    Args:
        session: The open graph.
    """
    columns = {None: "ids"} | {name: f"ids_{n}" for n, name in enumerate(session.id_types)}
    counts = [
        exp.CountIf(this=_is_within(exp.column(column), least, most)).as_(f"{column}_from_{least}")
        for column in columns.values()
        for least, most in RANGES
    ]
    row = session.rows(exp.select(*counts).from_(session.sizes))[0]
    bounds = bounds_of(session)
    return tuple(
        Distribution(
            name,
            _trimmed([Bar(least, most, int(row[f"{column}_from_{least}"] or 0)) for least, most in RANGES]),
            bounds.get(name) if name is not None else None,
        )
        for name, column in columns.items()
    )


def _is_within(column: exp.Expr, least: int, most: int | None) -> exp.Expr:
    if most is None:
        return column >= exp.Literal.number(least)
    return exp.Between(this=column, low=exp.Literal.number(least), high=exp.Literal.number(most))


def _trimmed(bars: list[Bar]) -> tuple[Bar, ...]:
    """The bars up to the last one that is not empty."""
    last = max((n for n, bar in enumerate(bars) if bar.profiles), default=0)
    return tuple(bars[: last + 1])
