"""Check the output of a run against the bounds in ``onefold.yaml`` before it is published.

Takes the stitchers and feature views to publish, and the bounds. Returns warnings for figures beyond ``warn``. Raises a
`RunError` for figures beyond ``fail``, with the worst profiles and the command that explains them. The published output
then stays, and the tables of the run can be inspected by its sequence number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.errors import Finding, RunError
from onefold.identity.drift import drift
from onefold.identity.metrics import figures, named_query, sizes_query
from onefold.plan.feature_steps import FeatureView
from onefold.plan.model import IdStitcher
from onefold.run.feature_checks import feature_findings, unknown_features
from onefold.run.figures import Figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onefold.engines.base import Engine
    from onefold.identity.metrics import Figure, GraphTables
    from onefold.plan.model import Step
    from onefold.project import spec
    from onefold.run.compiled import Output
    from onefold.state.registry import Registry

_WORST = 3
"""Number of profiles that a failed check names."""


@dataclass(frozen=True)
class HealthChecks:
    """The checks of graphs and features.

    Attributes:
        checks: The bounds.
        audit: Names the id type of a person.
    """

    checks: spec.Checks
    audit: spec.AuditSettings

    @classmethod
    def of(cls, settings: spec.Settings) -> HealthChecks:
        """The checks of a project."""
        return cls(settings.checks, settings.audit)

    def hold(self, steps: Sequence[Step], output: Output, engine: Engine, registry: Registry) -> tuple[Finding, ...]:
        """Check the output of steps; returns the warnings.

        Args:
            steps: The steps to publish.
            output: Names their materials.
            engine: Reads the materials.
            registry: Locates the graphs and stores their figures.

        Raises:
            RunError: With a finding for each figure that fails.
            EngineError: If a table cannot be read.
        """
        found = self.findings(steps, output, engine, registry)
        failed = [finding for finding in found if finding.severity == "error"]
        if failed:
            raise RunError(failed)
        return found

    def findings(
        self, steps: Sequence[Step], output: Output, engine: Engine, registry: Registry
    ) -> tuple[Finding, ...]:
        """All findings: warnings, and errors that block publishing.

        Raises:
            EngineError: If a table cannot be read.
        """
        found: list[Finding] = []
        for step in steps:
            if isinstance(step, IdStitcher):
                found += list(self._of_graph(step, output, engine, registry))
            elif isinstance(step, FeatureView) and step.id_type is None:
                found += list(feature_findings(step, self.checks, output, engine))
        return (*found, *unknown_features(self.checks, output.plan))

    def _of_graph(self, step: IdStitcher, output: Output, engine: Engine, registry: Registry) -> Iterator[Finding]:
        types = output.plan.id_types_of(step.entity)
        person = self.audit.person_of(step.entity, types)
        of_graph = Figures(registry, engine, output.dialect, types, person)
        kept = of_graph.tables(output.material(step.ref))
        assert kept is not None  # noqa: S101 - what was just built is registered
        yield from _Graph(self.checks, step, kept, of_graph, output).findings()


@dataclass(frozen=True)
class _Graph:
    """The graph of one stitcher.

    Attributes:
        kept: The tables of the graph.
        figures: Computes its figures, and those of the graph published before.
    """

    checks: spec.Checks
    step: IdStitcher
    kept: GraphTables
    figures: Figures
    output: Output

    def findings(self) -> Iterator[Finding]:
        material, person = self.output.material(self.step.ref), self.figures.person
        health = self.figures.counted(self.kept)
        self.figures.remember(material, health, [source.source for source in self.step.sources])
        checked, since = figures(health, self.checks, person), None
        if self.checks.drift.model_fields_set - {"at"}:
            before = self.figures.before(material)
            if before is None:
                message = f"{self.step.name}: there is no earlier published graph, so drift was not checked"
                yield Finding("note", "no-drift", message, self.checks.at.values.get("drift"))
            else:
                since = before.seq_no
                checked += drift(health, before.health, since, self.checks, person)
        beyond = [figure for figure in checked if figure.verdict in {"warn", "fail"}]
        for figure in beyond:
            if figure.verdict == "fail":
                yield self._failed(figure, since)
        warned = [figure for figure in beyond if figure.verdict == "warn"]
        if warned:
            # The finding itself names the place if all bounds share it.
            has_places = len({f.at for f in warned}) > 1
            said = [_expectation(f, with_place=has_places and f.at is not None) for f in warned]
            hint = f"see all figures with `pb audit id_stitcher --seq_no {self.output.seq_no}`"
            unset = sorted({f.key for f in warned if f.at is None and f.key is not None})
            hint += f"; the default bounds can be changed in onefold.yaml: {', '.join(unset)}" if unset else ""
            at = next((f.at for f in warned if f.at is not None), None)
            yield _finding("warn", f"{self.step.name}: {'; '.join(said)}", at, hint)

    def _failed(self, figure: Figure, since: int | None) -> Finding:
        """A figure beyond ``fail``, with the worst profiles and the command that explains them."""
        message = f"{self.step.name}: {figure.name}: {figure.held_in_words} (must be {figure.bound})"
        return _finding("fail", message, figure.at, self._hint((figure.key or "").split("."), since))

    def _hint(self, key: list[str], since: int | None) -> str:
        number = f"--seq_no {self.output.seq_no}"
        if key[1] == "drift":
            diff = f"`pb audit diff --from {since} --to {self.output.seq_no}`"
            explained = f"{diff} shows the largest changes"
            return f"{explained}; see all figures with `pb audit id_stitcher {number}`"
        if key[1] in _OF_ALL:
            return f"see all figures with `pb audit id_stitcher {number}`"
        types, person = self.figures.id_types, self.figures.person
        of_type = person if key[1] == "several" else key[2] if key[1] == "ids" else None
        order = exp.column("ids" if of_type is None else f"ids_{types.index(of_type)}")
        sizes = sizes_query(self.kept, types).subquery("sizes")
        query = named_query(self.kept, sizes).order_by(order.desc(), "main_id").limit(_WORST)
        rows = self.figures.engine.fetch(self.output.sql(query)).to_pylist()
        worst = [(r["main_id"], ", ".join(f"{r[f'ids_{n}']:,} {name}" for n, name in enumerate(types))) for r in rows]
        named = "; ".join(f"{main_id} ({counts})" for main_id, counts in worst)
        return (
            f"worst profiles: {named}; `pb audit clusters {number}` lists more, `pb audit bridges {number}` the cause"
        )


_OF_ALL = {"stitch_rate", "profiles", "total_ids", "singletons"}
"""Figures that depend on all profiles, so that naming the worst profiles does not help."""


def _expectation(figure: Figure, *, with_place: bool) -> str:
    """A figure beyond ``warn`` with its bound, such as ``ids: 46 (expected at most 5, onefold.yaml:44:3)``."""
    place = f", {figure.at}" if with_place else ""
    return f"{figure.name}: {figure.held_in_words} (expected {figure.bound}{place})"


def _finding(verdict: str, message: str, where: object, hint: str) -> Finding:
    severity, code = ("error", "check-failed") if verdict == "fail" else ("warning", "check")
    return Finding(severity, code, message, where, hint)  # type: ignore[arg-type]
