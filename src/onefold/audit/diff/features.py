"""Compares the features of two runs, profile by profile.

Takes the features of both runs by main id. Returns `FeatureChanges`. Profiles are matched by main id, so a merged or
split profile is compared with the one that kept its main id. Fractional numbers are equal if they differ by less than
a billionth of the larger one, because their sums depend on the order of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from onefold.audit.diff.queries import column, count_if, total
from onefold.sql.dialects import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.audit.diff.runs import ComparedRun
    from onefold.audit.session import Session
    from onefold.engines.base import ColumnType

_ROWS = "diff_features"
_EXAMPLES = 3
_EQUAL = 1e-9


@dataclass(frozen=True)
class Example:
    """One profile's value in both runs."""

    main_id: str
    before: Any
    after: Any


@dataclass(frozen=True)
class FeatureChange:
    """A changed feature.

    Attributes:
        feature: Its name.
        type: Its type; of two different ones, both.
        changed: Profiles in which it differs.
        appeared: Those of them that had no value before.
        vanished: Those that have none now.
        largest: The largest difference; None where it is no number.
        examples: Profiles with the largest differences; of what is no number, the first ones by main id.
    """

    feature: str
    type: str
    changed: int
    appeared: int
    vanished: int
    largest: float | None
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class FeatureChanges:
    """The changed features of profiles in both runs.

    Attributes:
        compared: Profiles that both have.
        changed: Those with a feature that differs.
        new: Features that only the later run has.
        removed: Features that only the earlier run has.
        lines: The features that differ, those of the most profiles first.
    """

    compared: int
    changed: int
    new: tuple[str, ...]
    removed: tuple[str, ...]
    lines: tuple[FeatureChange, ...]


@dataclass(frozen=True)
class _ComparedFeature:
    """A feature of both runs."""

    name: str
    before: str
    after: str
    types: tuple[ColumnType, ColumnType]

    @property
    def is_number(self) -> bool:
        return all(found.is_number for found in self.types)

    @property
    def type(self) -> str:
        return " → ".join(dict.fromkeys(str(found) for found in self.types))

    def values(self) -> tuple[exp.Expr, exp.Expr]:
        """Both values in a comparable type; texts if the types are not comparable."""
        was, now = exp.column(self.before, table="was", quoted=True), exp.column(self.after, table="now", quoted=True)
        if self.types[0] == self.types[1] or self.is_number:
            return was, now
        return exp.cast(was, "TEXT"), exp.cast(now, "TEXT")

    def differs(self) -> exp.Expr:
        was, now = self.values()
        differs: exp.Expr = exp.NullSafeNEQ(this=was, expression=now)
        if self.is_number and any(found.kind == "float" for found in self.types):
            size = exp.Greatest(this=exp.Abs(this=was.copy()), expressions=[exp.Abs(this=now.copy())])
            is_near = exp.Abs(this=exp.paren(was.copy() - now.copy())) <= size * exp.Literal.number(_EQUAL)
            near = exp.func("COALESCE", is_near, exp.false())
            return exp.and_(differs, exp.not_(near))
        return differs


def compare_features(session: Session, before: ComparedRun, after: ComparedRun, most: int) -> FeatureChanges | None:
    """Compare the features of two runs; None if one of them has none.

    Args:
        session: A connection.
        before: The one run.
        after: The other.
        most: For how many features examples are looked up.
    """
    if before.features is None or after.features is None:
        return None
    columns = [_columns(session, side, features) for side, features in _views(before, after)]
    shared = [
        _ComparedFeature(after_name, columns[0][key][0], after_name, (columns[0][key][1], kind))
        for key, (after_name, kind) in columns[1].items()
        if key in columns[0]
    ]
    session.temp_table(_ROWS, _rows_query(before, after, shared))
    lines = sorted(_lines(session, shared), key=lambda line: (-line.changed, line.feature))
    looked_up = [_with_examples(session, line, shared) for line in lines[:most]]
    counts = session.rows(
        exp.select(exp.Count(this=exp.Star()).as_("compared"), total(_flag(_any(len(shared)))).as_("changed")).from_(
            _ROWS
        )
    )[0]
    return FeatureChanges(
        int(counts["compared"]),
        int(counts["changed"]),
        tuple(name for key, (name, _) in columns[1].items() if key not in columns[0]),
        tuple(name for key, (name, _) in columns[0].items() if key not in columns[1]),
        (*looked_up, *lines[most:]),
    )


def _views(*sides: ComparedRun) -> list[tuple[ComparedRun, exp.Table]]:
    return [(side, side.features) for side in sides if side.features is not None]


def _columns(session: Session, side: ComparedRun, features: exp.Table) -> Mapping[str, tuple[str, ColumnType]]:
    """Name and type of each feature by its folded name."""
    text = render(exp.select("*").from_(features.copy()), session.target.dialect)
    found = session.engine.describe(text)
    return {name.lower(): (name, kind) for name, kind in found.items() if name.lower() != side.graph.main_id.lower()}


def _rows_query(before: ComparedRun, after: ComparedRun, shared: list[_ComparedFeature]) -> exp.Select:
    """One row per profile of both: main_id, and of each feature whether it differs, and both values where it does."""
    main_ids = [exp.column(side.graph.main_id, table=alias) for side, alias in ((before, "was"), (after, "now"))]
    query = exp.select(main_ids[1].as_("main_id"))
    for n, feature in enumerate(shared):
        was, now = feature.values()
        query = query.select(feature.differs().as_(f"differs_{n}"))
        query = query.select(
            *(exp.Case().when(feature.differs(), v).as_(f"{name}_{n}") for v, name in ((was, "was"), (now, "now")))
        )
    tables = [
        exp.alias_(features.copy(), a, table=True)
        for (_, features), a in zip(_views(before, after), ("was", "now"), strict=True)
    ]
    return query.from_(tables[0]).join(tables[1], on=main_ids[0].eq(main_ids[1]))


def _flag(condition: exp.Expr) -> exp.Expr:
    return exp.Case().when(condition, exp.Literal.number(1)).else_(exp.Literal.number(0))


def _any(count: int) -> exp.Expr:
    return exp.or_(*(column(f"differs_{n}") for n in range(count))) if count else exp.false()


def _difference(n: int) -> exp.Expr:
    """The absolute change of a number; nulls count as 0."""
    was, now = (
        exp.func("COALESCE", exp.cast(column(f"{name}_{n}"), "DOUBLE"), exp.Literal.number(0))
        for name in ("was", "now")
    )
    return exp.Abs(this=exp.paren(now - was))


def _lines(session: Session, shared: list[_ComparedFeature]) -> list[FeatureChange]:
    """The changed features, without examples."""
    if not shared:
        return []
    counts: list[exp.Expr] = []
    for n, feature in enumerate(shared):
        differs = column(f"differs_{n}")
        counts.append(count_if(differs).as_(f"changed_{n}"))
        for name, gone in (("appeared", "was"), ("vanished", "now")):
            is_null = column(f"{gone}_{n}").is_(exp.null())
            counts.append(count_if(exp.and_(differs.copy(), is_null)).as_(f"{name}_{n}"))
        largest = exp.Max(this=_difference(n)) if feature.is_number else exp.null()
        counts.append(exp.cast(largest, "DOUBLE").as_(f"largest_{n}"))
    row = session.rows(exp.select(*counts).from_(_ROWS))[0]
    return [
        FeatureChange(
            feature.name,
            feature.type,
            int(row[f"changed_{n}"]),
            int(row[f"appeared_{n}"]),
            int(row[f"vanished_{n}"]),
            row[f"largest_{n}"],
            (),
        )
        for n, feature in enumerate(shared)
        if row[f"changed_{n}"]
    ]


def _with_examples(session: Session, line: FeatureChange, shared: list[_ComparedFeature]) -> FeatureChange:
    n = next(n for n, feature in enumerate(shared) if feature.name == line.feature)
    query = exp.select("main_id", column(f"was_{n}").as_("was"), column(f"now_{n}").as_("now")).from_(_ROWS)
    query = query.where(column(f"differs_{n}"))
    if shared[n].is_number:
        query = query.order_by(exp.Ordered(this=_difference(n), desc=True))
    rows = session.rows(query.order_by("main_id").limit(_EXAMPLES))
    examples = tuple(Example(r["main_id"], r["was"], r["now"]) for r in rows)
    return FeatureChange(line.feature, line.type, line.changed, line.appeared, line.vanished, line.largest, examples)
