"""Plan a project. Takes a ``Project`` and a time window, returns a ``Plan``. Reads no file and no table."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from onefold.errors import Finding, ProjectError
from onefold.plan.as_of import with_earlier
from onefold.plan.fingerprint import fingerprints
from onefold.plan.grains import began, grain_mistakes, grain_of
from onefold.plan.graph import running_order, with_needs
from onefold.plan.left_out import left_out_at_first
from onefold.plan.model import Plan, Step
from onefold.plan.plugin_models import plugin_models
from onefold.plan.populations import populations_of, root_step
from onefold.plan.refusals import refusals, refuse_what_is_not_made
from onefold.plan.sources import input_step, sql_templates, steps_at_grains
from onefold.plan.stitchers import stitcher_of
from onefold.plan.texts import Writer
from onefold.plan.var_tables import with_var_tables
from onefold.plan.vars import vars_of
from onefold.plan.views import feature_tables, feature_views
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from onefold.plan.model import LeftOut, RunTimes
    from onefold.plan.names import Names
    from onefold.plan.texts import Columns


def build_plan(  # noqa: PLR0917 - what a plan is made of
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
        project: What to plan.
        times: The time window, which templates may print.
        schema: The output schema, which templates may print.
        files: Reads a text file of the project, for ``this.ReadFile``; None forbids it.
        absent: Why an input is not there, by ref; it and what needs it take no part.
        columns: The columns of inputs and models, for vars that name others as if they were columns.
        only: Keys of the vars that the plan is for, ``user.total``; None for all features and their views.

    Raises:
        ProjectError: With every mistake found in references and templates.
    """
    default = grain_of(project.file.default_time_grain)
    if default is not None:
        times = replace(times, end=began(times.end, default))
    writer = Writer(project, times, schema, files, columns=columns, only=only)
    writer.findings.extend([*refusals(project), *grain_mistakes(project)])
    writer.left_out.update({found.ref: found for found in left_out_at_first(project, absent or {})})
    steps = _all_steps(project, writer)
    if not writer.findings:
        steps = with_earlier(
            steps,
            writer,
            lambda other, end, keys: (
                build_plan(other, replace(times, end=end), schema, files, absent, columns, keys).steps
            ),
        )
    if writer.findings:
        raise ProjectError(writer.findings)
    return _in_order(steps, writer)


def _all_steps(project: spec.ProjectSpec, writer: Writer) -> list[Step]:
    """The steps that take part; mistakes go to the writer."""
    names = writer.names
    steps: list[Step] = [input_step(r, writer) for r in project.inputs if f"inputs/{r.name}" not in writer.left_out]
    steps += sql_templates(project, writer, names)
    steps += plugin_models(writer)
    author = project.settings.sql_dialect
    writer.made = Plan(project.file.name, author, writer.times, {s.ref: s for s in steps}, {})
    for entity in project.file.entities:
        steps += _entity_steps(entity, writer, names)
    steps += steps_at_grains(writer, names)
    steps = with_var_tables(_without_gone(steps, writer), writer)
    _refuse_equal_views(steps, writer)
    _refuse_missing_musts(project, writer)
    refuse_what_is_not_made(steps, writer)
    return _without_unneeded(_without_gone(steps, writer), project, writer)


def _in_order(steps: Sequence[Step], writer: Writer) -> Plan:
    """The plan of these steps, each after what it needs."""
    project, by_ref = writer.project, {step.ref: step for step in steps}
    order = running_order({s.ref: s.needs for s in steps}, {s.ref: s.at for s in steps})
    ordered = {ref: by_ref[ref] for ref in order}
    return Plan(
        project=project.file.name,
        author=project.settings.sql_dialect,
        times=writer.times,
        steps=ordered,
        fingerprints=fingerprints(ordered.values()),
        id_types={e.name: e.id_types for e in project.file.entities},
        notes=(
            *project.notes,
            *dict.fromkeys(writer.notes),
            *(_left_out_note(found) for found in writer.left_out.values()),
        ),
        left_out=tuple(writer.left_out.values()),
    )


def _left_out_note(found: LeftOut) -> Finding:
    return Finding("warning", "left-out", f"{found.ref} is left out: {found.reason}", found.at)


def _refuse_missing_musts(project: spec.ProjectSpec, writer: Writer) -> None:
    """What must be there is."""
    for model in project.models:
        kept = None if isinstance(model, spec.PluginModel) else model.model_spec.materialization
        found = writer.left_out.get(f"models/{model.name}")
        if found is not None and kept is not None and kept.enable_status == "must_have":
            at = kept.at.value("enable_status")
            writer.refuse("must-have", f"{found.ref} must be there, and would be left out: {found.reason}", at)


def _without_gone(steps: list[Step], writer: Writer) -> list[Step]:
    """The steps without those that need something which is left out by now."""
    while True:
        there = {step.ref for step in steps} | {need for s in steps for need in s.needs if need not in writer.left_out}
        gone = [step for step in steps if any(need not in there for need in step.needs)]
        for step in gone:
            writer.leave_out(step.ref, step.kind, writer.left_out_among(step.needs) or "", step.at)
        if not gone:
            return steps
        steps = [step for step in steps if step.ref not in writer.left_out]


def _without_unneeded(steps: list[Step], project: spec.ProjectSpec, writer: Writer) -> list[Step]:
    """The steps without models that are only made if another one needs them, and that none does."""
    only = {
        f"models/{m.name}"
        for m in project.models
        if isinstance(m, spec.SqlTemplateModel) and m.model_spec.materialization.enable_status == "only_if_necessary"
    }
    wanted = with_needs((s.ref for s in steps if s.ref not in only), {s.ref: s.needs for s in steps})
    for step in steps:
        if step.ref not in wanted:
            writer.leave_out(step.ref, step.kind, "nothing needs it", step.at)
    return [step for step in steps if step.ref in wanted]


def _refuse_equal_views(steps: Iterable[Step], writer: Writer) -> None:
    """Two views of one name would hide each other."""
    seen: dict[str, Step] = {}
    for step in steps:
        first = seen.setdefault((step.view or step.ref).lower(), step)
        if first is not step and step.view:
            message = f'two views would be named "{step.view}"; the other one is declared at {first.at}'
            writer.refuse("duplicate-name", message, step.at, "name one of them differently")


def _entity_steps(entity: spec.Entity, writer: Writer, names: Names) -> list[Step]:
    """The stitcher, cohorts, vars and feature views of one entity."""
    stitcher = stitcher_of(entity, writer, names)
    if stitcher is None:
        return []
    populations = populations_of(entity, stitcher.ref, writer, names)
    steps: list[Step] = [stitcher, root_step(populations[0], stitcher, json.dumps([entity.main_id_column]))]
    has = vars_of(populations, writer, names)
    for population in populations:
        if population.name not in has:
            continue
        steps += has[population.name].steps
        if writer.only is not None:
            continue
        steps += feature_views(population, has[population.name], writer)
        steps += feature_tables(population, has[population.name], writer, names)
    return steps
