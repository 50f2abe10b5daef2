"""Hold what a run has built against the bounds of ``onefold.yaml``, before anything of it is published.

In: the stitchers and feature views that are about to be shown, and the bounds. Out: warnings for figures beyond
``warn``; a `RunError` for figures beyond ``fail``, with the worst profiles and the command that explains them. What was
published stays, and the run's own tables stay too, to be looked at by its sequence number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.errors import Finding, RunError
from onefold.identity.health import GraphTables, figures, health_of, health_query, judge, named_query, sizes_query
from onefold.plan.model import FeatureView, IdStitcher
from onefold.run.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onefold.engines.base import Engine
    from onefold.identity.health import Figure
    from onefold.plan.model import Step
    from onefold.project import spec
    from onefold.run.compiled import Output

_WORST = 3
"""Profiles that a failed check names."""


@dataclass(frozen=True)
class HealthChecks:
    """What graphs and features are held against.

    Attributes:
        checks: The bounds.
        person: The id type that stands for a person; None for the first of an entity.
    """

    checks: spec.Checks
    person: str | None = None

    @classmethod
    def of(cls, settings: spec.Settings) -> HealthChecks:
        """Those of a project."""
        return cls(settings.checks, settings.audit.person)

    def hold(self, steps: Sequence[Step], output: Output, engine: Engine) -> tuple[Finding, ...]:
        """Check what some steps have made; returns what is worth a look.

        Args:
            steps: Those about to be published.
            output: Names their materials.
            engine: Reads them.

        Raises:
            RunError: With a finding for each figure that fails.
            EngineError: If a table cannot be read.
        """
        found = self.findings(steps, output, engine)
        failed = [finding for finding in found if finding.severity == "error"]
        if failed:
            raise RunError(failed)
        return found

    def findings(self, steps: Sequence[Step], output: Output, engine: Engine) -> tuple[Finding, ...]:
        """What is worth a look, and as errors what may not be published.

        Raises:
            EngineError: If a table cannot be read.
        """
        found: list[Finding] = []
        for step in steps:
            if isinstance(step, IdStitcher):
                made = Registry(engine, output.dialect).graph(output.material(step.ref))
                assert made is not None  # noqa: S101 - what was just built is registered
                kept = GraphTables(output.table(made.base), made.version)
                found += list(_Graph(self, step, kept, output, engine).findings())
            elif isinstance(step, FeatureView) and step.id_type is None:
                found += list(self._of_features(step, output, engine))
        return tuple(found)

    def _of_features(self, step: FeatureView, output: Output, engine: Engine) -> Iterator[Finding]:
        """Features of which the greatest or the least value is beyond what it may be."""
        names = {name.lower(): name for name in step.features}
        bounded = {names[k.lower()]: bounds for k, bounds in self.checks.features.items() if k.lower() in names}
        if not bounded:
            return
        ends = [
            end.as_(f"{which}_{n}")
            for n, name in enumerate(bounded)
            for which, end in (("least", exp.Min(this=_number(name))), ("most", exp.Max(this=_number(name))))
        ]
        row = engine.fetch(output.sql(exp.select(*ends).from_(output.table(output.material(step.ref))))).to_pylist()[0]
        for n, (name, bounds) in enumerate(bounded.items()):
            for which in ("most", "least"):
                value = row[f"{which}_{n}"]
                verdict, text, key = judge(value, bounds) if value is not None else (None, None, None)
                if verdict in {"look", "bad"} and key is not None and key.endswith("_below") == (which == "least"):
                    message = f"{step.name}: {name} is {value:,g} in a profile, {text} is ordinary"
                    hint = f"`pb audit features --seq_no {output.seq_no}` shows the profiles"
                    yield _finding(verdict, message, bounds.at.values.get(key) or f"checks.features.{name}", hint)


@dataclass(frozen=True)
class _Graph:
    """One stitcher's graph."""

    given: HealthChecks
    step: IdStitcher
    kept: GraphTables
    output: Output
    engine: Engine

    def findings(self) -> Iterator[Finding]:
        types = self.output.plan.id_types_of(self.step.entity)
        person = self.given.person if self.given.person in types else types[0]
        row = self.engine.fetch(self.output.sql(health_query(self._sizes(types), types, person))).to_pylist()[0]
        judged = figures(health_of(row, types), self.given.checks, person)
        beyond = [figure for figure in judged if figure.verdict in {"look", "bad"}]
        for figure in beyond:
            if figure.verdict == "bad":
                yield self._failed(figure, types, person)
        worth_a_look = [figure for figure in beyond if figure.verdict == "look"]
        if worth_a_look:
            words = "; ".join(f"{f.name}: {f.value:,g}, {f.bound} is ordinary" for f in worth_a_look)
            hint = f"`pb audit id_stitcher --seq_no {self.output.seq_no}` shows all figures"
            yield _finding("look", f"{self.step.name}: {words}", worth_a_look[0].at or worth_a_look[0].key, hint)

    def _sizes(self, types: Sequence[str]) -> exp.Subquery:
        return sizes_query(self.kept, types).subquery("sizes")

    def _failed(self, figure: Figure, types: Sequence[str], person: str) -> Finding:
        """A figure beyond ``fail``, with the profiles that make it so."""
        message = f"{self.step.name}: {figure.name}: {figure.value:,g}, {figure.bound} may be published"
        key = (figure.key or "").split(".")
        number = f"--seq_no {self.output.seq_no}"
        if key[1] == "stitch_rate":
            return _finding(
                "bad", message, figure.at or figure.key, f"`pb audit id_stitcher {number}` shows all figures"
            )
        of_type = person if key[1] == "several" else key[2] if key[1] == "ids" else None
        order = exp.column("ids" if of_type is None else f"ids_{types.index(of_type)}")
        query = named_query(self.kept, self._sizes(types)).order_by(order.desc(), "main_id").limit(_WORST)
        rows = self.engine.fetch(self.output.sql(query)).to_pylist()
        worst = [(r["main_id"], ", ".join(f"{r[f'ids_{n}']:,} {name}" for n, name in enumerate(types))) for r in rows]
        named = "; ".join(f"{main_id} ({counts})" for main_id, counts in worst)
        hint = f"the worst: {named}; `pb audit clusters {number}` shows more, `pb audit bridges {number}` why"
        return _finding("bad", message, figure.at or figure.key, hint)


def _number(column: str) -> exp.Expr:
    return exp.cast(exp.column(column, quoted=True), "DOUBLE")


def _finding(verdict: str, message: str, where: object, hint: str) -> Finding:
    severity, code = ("error", "check-failed") if verdict == "bad" else ("warning", "check")
    return Finding(severity, code, message, where, hint)  # type: ignore[arg-type]
