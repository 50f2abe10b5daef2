"""Summarizes the values of each feature with one scan. Takes an open session; returns a `FeatureTable`.

Text features have only the number of distinct values, because texts may be personal.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlglot import exp

from onefold.audit.features import beyond, features, features_view
from onefold.errors import AccessError
from onefold.report.model import FeatureColumn, FeatureTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.audit.session import Session

_NUMBERS = ("int", "uint", "float", "double", "decimal")
"""Prefixes of Arrow's numeric types."""

Kind = Literal["number", "time", "yes or no", "text"]


def feature_table(session: Session) -> FeatureTable | None:
    """Summarize the features of all profiles; None if none are published."""
    view = features_view(session)
    if view is None:
        return None
    try:
        kinds = _kinds(session, view)
    except AccessError:
        return None
    if not kinds:
        return None
    broken = features(session)
    row = session.rows(_query(session, view, kinds))[0]
    columns = tuple(_column(name, kind, n, row, broken.bounds.get(name)) for n, (name, kind) in enumerate(kinds))
    return FeatureTable(int(row["profiles"]), columns, broken)


def _kinds(session: Session, view: exp.Table) -> list[tuple[str, Kind]]:
    """The features of the view, in order."""
    described = session.fetch(exp.select("*").from_(view).limit(0)).schema
    skipped = session.step.main_id.lower()
    return [(field.name, _kind(str(field.type))) for field in described if field.name.lower() != skipped]


def _kind(arrow_type: str) -> Kind:
    if arrow_type == "bool":
        return "yes or no"
    if arrow_type.startswith(("timestamp", "date")):
        return "time"
    return "number" if arrow_type.startswith(_NUMBERS) else "text"


def _query(session: Session, view: exp.Table, kinds: list[tuple[str, Kind]]) -> exp.Select:
    measures = [exp.Count(this=exp.Star()).as_("profiles")]
    bounds = {name.lower(): bounds for name, bounds in session.project.settings.checks.features.items()}
    for n, (name, kind) in enumerate(kinds):
        measures += _measures(n, name, kind)
        if name.lower() in bounds:
            measures.append(exp.CountIf(this=beyond(name, bounds[name.lower()])).as_(f"beyond_{n}"))
    return exp.select(*measures).from_(exp.alias_(view.copy(), "features", table=True))


def _measures(n: int, name: str, kind: Kind) -> Iterator[exp.Expr]:
    column = exp.column(name, table="features", quoted=True)
    yield exp.CountIf(this=column.is_(exp.null())).as_(f"nulls_{n}")
    yield exp.ApproxDistinct(this=column.copy()).as_(f"distinct_{n}")
    if kind == "text":
        return
    value: exp.Expr = column.copy()
    if kind == "number":
        value = exp.cast(value, "DOUBLE")
    elif kind == "yes or no":
        value = exp.cast(exp.cast(value, "INT"), "DOUBLE")
    yield exp.Min(this=value.copy()).as_(f"least_{n}")
    yield exp.Max(this=value.copy()).as_(f"most_{n}")
    if kind != "time":
        yield exp.Avg(this=value.copy()).as_(f"mean_{n}")


def _column(name: str, kind: Kind, n: int, row: dict[str, Any], bound: str | None) -> FeatureColumn:
    def value(key: str) -> Any:
        found = row.get(f"{key}_{n}")
        if isinstance(found, datetime):
            return found.isoformat(sep=" ", timespec="seconds")
        return found.isoformat() if isinstance(found, date) else found

    return FeatureColumn(
        name,
        kind,
        nulls=int(row[f"nulls_{n}"]),
        least=value("least"),
        mean=value("mean"),
        most=value("most"),
        distinct=int(row[f"distinct_{n}"] or 0),
        bound=bound,
        beyond=int(row.get(f"beyond_{n}") or 0),
    )
