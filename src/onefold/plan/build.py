"""Plans a project: takes a ``ProjectSpec`` and a time window, returns a ``Plan``. Reads no file and no table."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from onefold.errors import Finding, ProjectError
from onefold.plan.as_of import with_earlier
from onefold.plan.cohorts import cohorts_of, root_step
from onefold.plan.disabled_models import disabled_by_declaration
from onefold.plan.fingerprint import fingerprints
from onefold.plan.grains import began, grain_mistakes, grain_of
from onefold.plan.graph import running_order, with_needs
from onefold.plan.model import Plan, Step
from onefold.plan.plugin_models import plugin_models
from onefold.plan.render_context import RenderContext
from onefold.plan.sources import input_step, sql_templates, steps_at_grains
from onefold.plan.stitchers import stitcher_of
from onefold.plan.unsupported import check_unused_stitchers, unsupported
from onefold.plan.var_tables import with_var_tables
from onefold.plan.vars import vars_of
from onefold.plan.views import feature_tables, feature_views
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from onefold.plan.model import DisabledModel, RunTimes
    from onefold.plan.names import Names
    from onefold.plan.render_context import Columns


def build_plan(  # noqa: PLR0917 - the inputs of a plan
    project: spec.ProjectSpec,
    times: RunTimes,
    schema: str,
    files: Callable[[str], str] | None = None,
    absent: Mapping[str, str] | None = None,
    columns: Columns | None = None,
    only: frozenset[str] | None = None,
) -> Plan:
    """The steps of a project, in running order.

    Args:
        project: The project to plan.
        times: The time window, which templates may print.
        schema: The output schema, which templates may print.
        files: Reads a text file of the project, for ``this.ReadFile``; None forbids it.
        absent: Why an input is missing, by ref; the input and everything that depends on it are disabled.
        columns: The columns of inputs and models, needed to resolve vars that are named like columns.
        only: Keys of the vars to plan for, ``user.total``; None for all features and their views.

    Raises:
        ProjectError: With every error found in references and templates.
    """
    default = grain_of(project.file.default_time_grain)
    if default is not None:
        times = replace(times, end=began(times.end, default))
    context = RenderContext(project, times, schema, files, columns=columns, only=only)
    context.findings.extend([*unsupported(project), *grain_mistakes(project)])
    context.disabled.update({found.ref: found for found in disabled_by_declaration(project, absent or {})})
    steps = _all_steps(project, context)
    if not context.findings:
        steps = with_earlier(
            steps,
            context,
            lambda other, end, keys: (
                build_plan(other, replace(times, end=end), schema, files, absent, columns, keys).steps
            ),
        )
    if context.findings:
        raise ProjectError(context.findings)
    return _in_order(steps, context)


def _all_steps(project: spec.ProjectSpec, context: RenderContext) -> list[Step]:
    """The enabled steps; errors go to the context."""
    names = context.names
    steps: list[Step] = [input_step(r, context) for r in project.inputs if f"inputs/{r.name}" not in context.disabled]
    steps += sql_templates(project, context, names)
    steps += plugin_models(context)
    author = project.settings.sql_dialect
    context.models_plan = Plan(project.file.name, author, context.times, {s.ref: s for s in steps}, {})
    for entity in project.file.entities:
        steps += _entity_steps(entity, context, names)
    steps += steps_at_grains(context, names)
    steps = with_var_tables(_without_gone(steps, context), context)
    _check_view_names(steps, context)
    _check_required_models(project, context)
    check_unused_stitchers(steps, context)
    return _without_unneeded(_without_gone(steps, context), project, context)


def _in_order(steps: Sequence[Step], context: RenderContext) -> Plan:
    """The plan of these steps, in dependency order."""
    project, by_ref = context.project, {step.ref: step for step in steps}
    order = running_order({s.ref: s.needs for s in steps}, {s.ref: s.at for s in steps})
    ordered = {ref: by_ref[ref] for ref in order}
    return Plan(
        project=project.file.name,
        author=project.settings.sql_dialect,
        times=context.times,
        steps=ordered,
        fingerprints=fingerprints(ordered.values()),
        id_types={e.name: e.id_types for e in project.file.entities},
        notes=(
            *project.notes,
            *dict.fromkeys(context.notes),
            *(_disabled_note(found) for found in context.disabled.values()),
        ),
        disabled=tuple(context.disabled.values()),
    )


def _disabled_note(found: DisabledModel) -> Finding:
    return Finding("warning", "disabled", f"{found.ref} is disabled: {found.reason}", found.at)


def _check_required_models(project: spec.ProjectSpec, context: RenderContext) -> None:
    """Report models with ``enable_status: must_have`` that are disabled."""
    for model in project.models:
        kept = None if isinstance(model, spec.PluginModel) else model.model_spec.materialization
        found = context.disabled.get(f"models/{model.name}")
        if found is not None and kept is not None and kept.enable_status == "must_have":
            at = kept.at.value("enable_status")
            context.add_error("must-have", f"{found.ref} is must_have but is disabled: {found.reason}", at)


def _without_gone(steps: list[Step], context: RenderContext) -> list[Step]:
    """Remove the steps that depend on a disabled step, until none is left."""
    while True:
        there = {step.ref for step in steps} | {need for s in steps for need in s.needs if need not in context.disabled}
        gone = [step for step in steps if any(need not in there for need in step.needs)]
        for step in gone:
            context.disable(step.ref, step.kind, context.disabled_among(step.needs) or "", step.at)
        if not gone:
            return steps
        steps = [step for step in steps if step.ref not in context.disabled]


def _without_unneeded(steps: list[Step], project: spec.ProjectSpec, context: RenderContext) -> list[Step]:
    """Remove ``only_if_necessary`` models that no other step needs."""
    only = {
        f"models/{m.name}"
        for m in project.models
        if isinstance(m, spec.SqlTemplateModel) and m.model_spec.materialization.enable_status == "only_if_necessary"
    }
    wanted = with_needs((s.ref for s in steps if s.ref not in only), {s.ref: s.needs for s in steps})
    for step in steps:
        if step.ref not in wanted:
            context.disable(step.ref, step.kind, "it is only_if_necessary, and nothing needs it", step.at)
    return [step for step in steps if step.ref in wanted]


def _check_view_names(steps: Iterable[Step], context: RenderContext) -> None:
    """Report views with the same name: one would overwrite the other."""
    seen: dict[str, Step] = {}
    for step in steps:
        first = seen.setdefault((step.view or step.ref).lower(), step)
        if first is not step and step.view:
            message = f'two views are named "{step.view}"; the other one is declared at {first.at}'
            context.add_error("duplicate-name", message, step.at, "rename one of them")


def _entity_steps(entity: spec.Entity, context: RenderContext, names: Names) -> list[Step]:
    """The stitcher, cohorts, vars and feature views of one entity."""
    stitcher = stitcher_of(entity, context, names)
    if stitcher is None:
        return []
    cohorts = cohorts_of(entity, stitcher.ref, context, names)
    steps: list[Step] = [stitcher, root_step(cohorts[0], stitcher, json.dumps([entity.main_id_column]))]
    has = vars_of(cohorts, context, names)
    for cohort in cohorts:
        if cohort.name not in has:
            continue
        steps += has[cohort.name].steps
        if context.only is not None:
            continue
        steps += feature_views(cohort, has[cohort.name], context)
        steps += feature_tables(cohort, has[cohort.name], context, names)
    return steps
