"""Check the features of a run against the bounds in ``onefold.yaml``.

Takes a feature view, and the bounds of values (``checks: features``) and of shares of nulls (``checks: nulls``).
Returns findings. Runs one query per view, over the columns with bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlglot import exp

from onefold.engines.values import records
from onefold.errors import Finding, suggest
from onefold.identity.metrics import judge, share_in_words
from onefold.plan.feature_steps import FeatureView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.engines.base import Engine
    from onefold.identity.metrics import Verdict
    from onefold.plan.model import Plan
    from onefold.project import spec
    from onefold.run.compiled import Output

Measure = Literal["most", "least", "nulls"]


@dataclass(frozen=True)
class _Held:
    """One measure of one feature with its bounds."""

    feature: str
    measure: Measure
    bounds: spec.Bounds

    def value(self) -> exp.Expr:
        """The measure over all profiles; null if there are none."""
        column = exp.column(self.feature, quoted=True)
        if self.measure == "nulls":
            return null_share(column)
        number = exp.cast(column, "DOUBLE")
        return exp.Max(this=number) if self.measure == "most" else exp.Min(this=number)

    def verdict_of(self, value: float) -> tuple[Verdict, str, str] | None:
        """The verdict, the bound as text and its key; None for a value within bounds."""
        verdict, text, key = judge(value, self.bounds)
        if verdict not in {"warn", "fail"} or text is None or key is None:
            return None
        if self.measure == "nulls":
            return verdict, share_in_words(text), key
        # The maximum is checked against upper bounds, the minimum against lower bounds.
        return (verdict, text, key) if key.endswith("_below") == (self.measure == "least") else None


def null_share(column: exp.Expr) -> exp.Expr:
    """The share of nulls, 0 to 1; null if there are no rows."""
    absent = exp.cast(exp.CountIf(this=column.is_(exp.null())), "DOUBLE")
    return exp.Div(
        this=absent, expression=exp.Nullif(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(0))
    )


def feature_findings(step: FeatureView, checks: spec.Checks, output: Output, engine: Engine) -> Iterator[Finding]:
    """A finding for each feature with a value or a share of nulls that is out of bounds.

    Raises:
        EngineError: If the view cannot be read.
    """
    names = {name.lower(): name for name in step.features}
    held = [
        *(_Held(names[k.lower()], m, b) for k, b in checks.features.items() if k.lower() in names for m in _ENDS),
        *(_Held(names[k.lower()], "nulls", b) for k, b in checks.nulls.items() if k.lower() in names),
    ]
    if not held:
        return
    query = exp.select(*(each.value().as_(f"measure_{n}") for n, each in enumerate(held)))
    table = output.table(output.material(step.ref))
    row = records(engine.fetch(output.sql(query.from_(table))))[0]
    for n, each in enumerate(held):
        value = row[f"measure_{n}"]
        found = each.verdict_of(value) if value is not None else None
        if found is not None:
            yield _finding(step, each, value, found, output.seq_no)


_ENDS: tuple[Measure, ...] = ("most", "least")


def _finding(step: FeatureView, held: _Held, value: float, found: tuple[Verdict, str, str], seq_no: int) -> Finding:
    verdict, text, key = found
    if held.measure == "nulls":
        says, section, shown = f"is null in {value:.1%} of the profiles", "nulls", "the shares"
    else:
        says, section, shown = f"is {value:,g} in at least one profile", "features", "the profiles"
    severity, code = ("error", "check-failed") if verdict == "fail" else ("warning", "check")
    where = held.bounds.at.values.get(key) or f"checks.{section}.{held.feature}"
    message = f"{step.name}: {held.feature} {says} ({'must be' if verdict == 'fail' else 'expected'} {text})"
    return Finding(severity, code, message, where, f"`pb audit features --seq_no {seq_no}` shows {shown}")  # type: ignore[arg-type]


def unknown_features(checks: spec.Checks, plan: Plan) -> Iterator[Finding]:
    """A warning for each bound of an unknown feature."""
    known = {name for step in plan.steps.values() if isinstance(step, FeatureView) for name in step.features}
    folded = {name.lower() for name in known}
    for section, given in (("features", checks.features), ("nulls", checks.nulls)):
        for name, bounds in given.items():
            if name.lower() not in folded:
                message = f'checks.{section}: there is no feature "{name}"'
                hint = suggest(name, known) or "`pb discover features` lists them"
                yield Finding("warning", "unknown-feature", message, bounds.at.start, hint)
