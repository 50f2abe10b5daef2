"""Renders the templates of one project into ``SqlText`` and collects findings.

One ``RenderContext`` serves one plan. It holds the fixed facts (times, dialect, macros) and collects every error, so
that all of them can be reported at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from onefold.errors import Finding, Location, ProjectError
from onefold.plan.feature_steps import VarWindow
from onefold.plan.grains import at_grain, grain_of
from onefold.plan.model import DisabledModel, IdColumn, SqlText
from onefold.plan.names import model_type_of, names_of
from onefold.project import spec
from onefold.template.references import ModelReference
from onefold.template.render import render as render_template
from onefold.template.scope import TemplateScope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from onefold.plan.model import Plan, RunTimes

    Columns = Callable[[str, Plan], frozenset[str] | None]
    """Returns the lower-case column names of a step, given its ref and the existing steps; None if they are unknown."""


@dataclass
class RenderContext:
    """Renders the templates of one project and collects findings.

    Attributes:
        disabled: The disabled inputs, models and vars, by ref.
        files_read: Contents of the files that templates have read, by path.
        findings: Errors so far; ``build`` raises them together.
        notes: Warnings, which stop nothing.
        at_grains: The (ref, grain) pairs that are read as of the start of a period.
        columns: Returns the columns of inputs and models.
        models_plan: A plan of the inputs and models only; set before vars are resolved.
        only: Keys of the vars that the plan is for; None for all features and their views.
        var_grains: The time grain of each var that has one, by var key.
    """

    project: spec.ProjectSpec
    times: RunTimes
    schema: str
    files: Callable[[str], str] | None = None
    disabled: dict[str, DisabledModel] = field(default_factory=dict)
    files_read: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    at_grains: set[tuple[str, str]] = field(default_factory=set)
    columns: Columns | None = None
    models_plan: Plan | None = None
    only: frozenset[str] | None = None
    var_grains: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Resolve the paths of the project, and collect the materialization and grain of each model."""
        self.names = names_of(self.project)
        self._columns_of: dict[str, frozenset[str] | None] = {}
        self._kept = {
            f"models/{m.name}": m.model_spec.materialization
            for m in self.project.models
            if not isinstance(m, spec.PluginModel)
        }
        self._grains = {
            f"models/{m.name}": grain_of(m.model_spec.time_grain)
            for m in self.project.models
            if isinstance(m, spec.SqlTemplateModel)
        }

    def render(
        self, sql: str, at: Location, *, model: str | None = None, this: str = "", end: datetime | None = None
    ) -> SqlText:
        """Render one template; on an error, record it and return an empty text.

        Args:
            sql: The template.
            at: Location of the template.
            model: Name of the ``from`` model, whose columns the template may name.
            this: Ref of the model that the template belongs to.
            end: The end time that the template sees, if it is not the run's.
        """
        kept = self._kept.get(this)
        scope = TemplateScope(
            entities=(*(e.name for e in self.project.file.entities), *self._cohorts()),
            model=model,
            begin_time=self.times.begin,
            end_time=end or self.times.end,
            author=self.project.settings.sql_dialect,
            schema=self.schema,
            this=this,
            files=(lambda path: self._read(path, at)) if self.files is not None else None,
            enabled=lambda reference: self._takes_part(self._inside(reference, at)),
            model_type=lambda reference: self._model_type(self._inside(reference, at)),
            time_column=lambda reference: self._time_column(self._inside(reference, at)),
            output_type=(kept.output_type if kept is not None else None) or "table",
            run_type=(kept.run_type if kept is not None else None) or "discrete",
        )
        try:
            rendered = render_template(sql, scope, {m.name: m for m in self.project.macros}, at)
        except ProjectError as error:
            self.findings.extend(error.findings)
            return SqlText("", {}, at)
        references = {
            token: self._inside(reference, at) if isinstance(reference, ModelReference) else reference
            for token, reference in rendered.references.items()
        }
        return SqlText(rendered.text, references, at)

    def _inside(self, reference: ModelReference, at: Location) -> ModelReference:
        """The reference with its path relative to the whole project."""
        return replace(reference, path=self.names.within(reference.path, at.file))

    def columns_of(self, ref: str) -> frozenset[str] | None:
        """Lower-case column names of an input or model; None if they are unknown."""
        if self.columns is None or self.models_plan is None:
            return None
        if ref not in self._columns_of:
            try:
                self._columns_of[ref] = self.columns(ref, self.models_plan)
            except ProjectError:  # its SQL does not parse; compilation reports that with its location
                self._columns_of[ref] = None
        return self._columns_of[ref]

    def at(self, ref: str, grain: str | None) -> str:
        """The ref under which ``ref`` is read at a grain; its step is built later."""
        if grain is not None:
            self.at_grains.add((ref, grain))
        return at_grain(ref, grain)

    def grain_of_model(self, ref: str | None) -> str | None:
        """The time grain of a SQL model; None if it has none."""
        return self._grains.get(ref or "")

    def disable(self, ref: str, kind: str, reason: str, at: Location) -> None:
        """Record that an input, model or var is disabled."""
        self.disabled.setdefault(ref, DisabledModel(ref, kind, reason, at))

    def disabled_among(self, refs: Iterable[str]) -> str | None:
        """Why a step that needs ``refs`` is disabled; None if it is not."""
        ref = next((r for r in refs if r in self.disabled), None)
        return None if ref is None else f"it needs {ref}, which is disabled"

    def _takes_part(self, reference: ModelReference) -> bool:
        """Materials of earlier runs are never used: reading all rows in each run gives the same result (ADR 0012)."""
        ref = self.names.ref(reference.path)
        return ref is not None and ref not in self.disabled and not reference.pre_existing

    def _model_type(self, reference: ModelReference) -> str | None:
        ref = self.names.ref(reference.path)
        return None if ref is None else model_type_of(ref, self.project)

    def _time_column(self, reference: ModelReference) -> str:
        ref = self.names.ref(reference.path)
        for record in self.project.inputs:
            if f"inputs/{record.name}" == ref:
                return record.app_defaults.occurred_at_col or ""
        for model in self.project.models:
            if f"models/{model.name}" == ref and isinstance(model, spec.SqlTemplateModel):
                return model.model_spec.occurred_at_col or ""
        return ""

    def _cohorts(self) -> Iterator[str]:
        return (m.name for m in self.project.models if isinstance(m, spec.EntityCohortModel))

    def _read(self, path: str, at: Location) -> str:
        assert self.files is not None  # noqa: S101 - the caller looked
        package = at.file.partition(":")[0]
        path = f"{package}:{path}" if package in self.names.packages else path
        self.files_read[path] = self.files(path)
        return self.files_read[path]

    def hooks(self, hooks: spec.Hooks | None, this: str) -> dict[str, SqlText | None]:
        """The statements before and after a material, by name of the step's field."""
        if hooks is None:
            return {}
        given = {"pre_run": hooks.pre_run, "post_run": hooks.post_run}
        return {
            name: self.render(sql, hooks.at.value(name), this=this) if sql and sql.strip() else None
            for name, sql in given.items()
        }

    def render_optional(self, sql: str | None, at: Location, *, model: str | None = None) -> SqlText | None:
        """Render a template; None if it is absent or blank."""
        return None if sql is None or not sql.strip() else self.render(sql, at, model=model)

    def ids(self, ids: Sequence[spec.IdSelect | spec.EdgeId], entity: str | None = None) -> tuple[IdColumn, ...]:
        """The id columns of a source; only those of ``entity`` if it is given."""
        return tuple(
            IdColumn(self.render(i.select, i.at.value("select")), i.type, i.entity or "")
            for i in ids
            if entity is None or i.entity in {None, entity}
        )

    def window(self, window: spec.Window | None, *, model: str | None) -> VarWindow | None:
        """The window of a var."""
        if window is None:
            return None
        at = window.at
        return VarWindow(
            tuple(self.render(p, at.value("partition_by"), model=model) for p in window.partition_by),
            tuple(self.render(o, at.value("order_by"), model=model) for o in window.order_by),
            self._frame(window, model),
        )

    def _frame(self, window: spec.Window, model: str | None) -> SqlText | None:
        """The rendered frame; None if it is blank."""
        text = self.render_optional(window.frame_clause, window.at.value("frame_clause"), model=model)
        return text if text is not None and text.sql.strip() else None

    def add_error(self, code: str, message: str, at: Location, hint: str | None = None) -> None:
        """Record an error."""
        self.findings.append(Finding("error", code, message, at, hint))
