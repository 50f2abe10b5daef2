"""Plan a project. Takes a ``Project`` and a time window, returns a ``Plan``. Reads no file and no table."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from onefold.errors import Finding, ProjectError, suggest
from onefold.plan.as_of import with_earlier
from onefold.plan.durations import duration
from onefold.plan.fingerprint import fingerprints
from onefold.plan.grains import began, grain_mistakes, grain_of
from onefold.plan.graph import running_order, with_needs
from onefold.plan.left_out import left_out_at_first
from onefold.plan.model import EdgeLimit, EdgeSource, IdFilterCondition, IdRulesTable, IdStitcher, Plan, Step
from onefold.plan.plugin_models import plugin_models
from onefold.plan.populations import populations_of, root_step
from onefold.plan.refusals import refusals, refuse_what_is_not_made
from onefold.plan.sources import definition_of, input_step, sql_templates, steps_at_grains
from onefold.plan.texts import Writer
from onefold.plan.var_tables import with_var_tables
from onefold.plan.vars import vars_of
from onefold.plan.views import feature_tables, feature_views
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import timedelta

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
    names = writer.names
    writer.findings.extend([*refusals(project), *grain_mistakes(project)])
    writer.left_out.update({found.ref: found for found in left_out_at_first(project, absent or {})})
    steps: list[Step] = [input_step(r, writer) for r in project.inputs if f"inputs/{r.name}" not in writer.left_out]
    steps += sql_templates(project, writer, names)
    steps += plugin_models(writer)
    writer.made = Plan(project.file.name, project.settings.sql_dialect, times, {s.ref: s for s in steps}, {})
    for entity in project.file.entities:
        steps += _entity_steps(entity, writer, names)
    steps += steps_at_grains(writer, names)
    steps = with_var_tables(_without_gone(steps, writer), writer)
    _refuse_equal_views(steps, writer)
    _refuse_missing_musts(project, writer)
    refuse_what_is_not_made(steps, writer)
    steps = _without_unneeded(_without_gone(steps, writer), project, writer)
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
    by_ref = {step.ref: step for step in steps}
    order = running_order({s.ref: s.needs for s in steps}, {s.ref: s.at for s in steps})
    ordered = {ref: by_ref[ref] for ref in order}
    return Plan(
        project=project.file.name,
        author=project.settings.sql_dialect,
        times=times,
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
    stitcher = _stitcher_of(entity, writer, names)
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


def _stitcher_of(entity: spec.Entity, writer: Writer, names: Names) -> IdStitcher | None:
    """The entity's own stitcher, or the default one over every id that is meant for it."""
    if entity.id_stitcher is None:
        sources = _default_sources(entity, writer.project)
        name = f"{entity.name}_default_id_stitcher"
        return _stitcher(entity, name, sources, entity, writer, names)
    ref = names.ref(entity.id_stitcher)
    if entity.hooks is not None:
        message = f'the hooks of entity "{entity.name}" run around its default stitcher, which it does not have'
        note = Finding("warning", "moot", message, entity.at.key("hooks"), "put them on the stitcher's model")
        writer.notes.append(note)
    for model in writer.project.models:
        if isinstance(model, spec.IdStitcherModel) and f"models/{model.name}" == ref:
            sources = [(e.from_, e.ids, e) for e in model.model_spec.edge_sources]
            return _stitcher(entity, model.name, sources, model, writer, names)
    at = entity.at.value("id_stitcher")
    writer.refuse(
        "unknown-model",
        f'"{entity.id_stitcher}" is not an id_stitcher',
        at,
        names.nearest(entity.id_stitcher),
    )
    return None


def _stitched_types(entity: spec.Entity, project: spec.ProjectSpec) -> list[spec.IdType]:
    """The id types that are nodes of an entity's graph: a built-in one never is."""
    names = set(entity.id_types).difference(spec.BUILT_IN_ID_TYPES)
    return [t for t in project.file.id_types if t.name in names]


_Source = tuple[str, "Sequence[spec.IdSelect | spec.EdgeId] | None", spec.Record]


def _default_sources(entity: spec.Entity, project: spec.ProjectSpec) -> list[_Source]:
    """Inputs and SQL models with ids that are meant for the default stitcher."""
    given: list[tuple[str, Sequence[spec.IdSelect], spec.Record]] = [
        (f"inputs/{record.name}", record.app_defaults.ids, record) for record in project.inputs
    ]
    given += [(f"models/{m.name}", m.model_spec.ids, m) for m in project.models if isinstance(m, spec.SqlTemplateModel)]
    found: list[_Source] = []
    types = {t.name for t in _stitched_types(entity, project)}
    for path, declared, record in given:
        ids = tuple(i for i in declared if i.entity == entity.name and i.to_default_stitcher and i.type in types)
        if ids:
            found.append((path, ids, record))
    return found


def _stitcher(  # noqa: PLR0917 - the facts of one stitcher
    entity: spec.Entity,
    name: str,
    sources: Sequence[_Source],
    record: spec.Record,
    writer: Writer,
    names: Names,
) -> IdStitcher | None:
    edges = []
    ref = f"models/{name}"
    types = _stitched_types(entity, writer.project)
    stitched = {t.name for t in types}
    grain = _grain_of_stitcher(record)
    if ref in writer.left_out:
        return None
    for path, own_ids, source_record in sources:
        source = names.ref(path)
        if source is None:
            writer.refuse(
                "unknown-model",
                f'"{path}" is not a model',
                source_record.at.value("from"),
                names.nearest(path),
            )
            continue
        if source in writer.left_out:
            continue
        ids: Sequence[spec.IdSelect | spec.EdgeId] = own_ids if own_ids is not None else _ids_of(source, writer.project)
        columns = writer.ids([i for i in ids if i.type in stitched], entity.name)
        if not columns:
            writer.refuse(
                "no-ids",
                f'edge source "{path}" has no ids of entity "{entity.name}"',
                source_record.at.value("from"),
                "give it ids, or take it out of edge_sources",
            )
        edges.append(EdgeSource(writer.at(source, grain), columns))
    if not edges and not writer.findings:
        reason = "all of its edge sources are left out" if sources else f'no input has ids of entity "{entity.name}"'
        writer.leave_out(ref, "id_stitcher", reason, record.at.start)
        return None
    rules = {t.name: _rules(t, writer, names, grain) for t in types if t.filters}
    hooks = writer.hooks(getattr(record, "hooks", None), ref)
    needs = {e.source for e in edges} | {r.source for rs in rules.values() for r in rs if r.source}
    return IdStitcher(
        ref=ref,
        name=name,
        needs=tuple(sorted(needs)),
        definition=_stitcher_definition(writer, record, entity, types),
        output="table",
        view=name,
        at=record.at.start,
        entity=entity.name,
        main_id=entity.main_id_column,
        sources=tuple(edges),
        rules=rules,
        pre_run=hooks.get("pre_run"),
        post_run=hooks.get("post_run"),
        limits=tuple(_limits(entity, types, writer)),
        id_rules=_id_rules(writer),
        junk_ids=writer.project.settings.junk_ids,
        window=_window(record, writer),
    )


def _stitcher_definition(writer: Writer, record: spec.Record, entity: spec.Entity, types: Sequence[spec.IdType]) -> str:
    definition = definition_of(writer, record, entity, *types, writer.project.stitcher_rules)
    # Dropping junk changes the result; keeping it, with or without a word, does not.
    return f"{definition} drop junk" if writer.project.settings.junk_ids == "drop" else definition


def _grain_of_stitcher(record: spec.Record) -> str | None:
    if isinstance(record, spec.Entity):
        return grain_of(record.default_id_stitcher.time_grain if record.default_id_stitcher else None)
    assert isinstance(record, spec.IdStitcherModel)  # noqa: S101 - the other kind
    return grain_of(record.model_spec.time_grain)


def _window(record: spec.Record, writer: Writer) -> timedelta | None:
    """What ``incremental_timedelta`` says, checked; a discrete model reads all rows anyway."""
    options = record.default_id_stitcher if isinstance(record, spec.Entity) else getattr(record, "model_spec", None)
    if options is None or options.incremental_timedelta is None:
        return None
    try:
        window = duration(options.incremental_timedelta)
    except ValueError as error:
        at = options.at.value("incremental_timedelta")
        writer.refuse("wrong-value", f"incremental_timedelta: {error}", at, "such as 96h")
        return None
    return None if options.materialization.run_type == "discrete" else window


def _limits(entity: spec.Entity, types: Sequence[spec.IdType], writer: Writer) -> Iterator[EdgeLimit]:
    """What ``maximum_edges`` allows, checked."""
    for id_type in types:
        at = id_type.at.value("maximum_edges")
        for other, maximum in (pair for given in id_type.maximum_edges for pair in given.items()):
            if other not in entity.id_types:
                message = f'maximum_edges of "{id_type.name}": entity "{entity.name}" has no id type "{other}"'
                hint = suggest(other, entity.id_types) or f"there are: {', '.join(entity.id_types)}"
                writer.refuse("unknown-id-type", message, at, hint)
            elif maximum < 1:
                message = f'maximum_edges of "{id_type.name}": {maximum} would leave no edge to "{other}"'
                writer.refuse("wrong-value", message, at, "give 1 or more")
            yield EdgeLimit(id_type.name, other, maximum)


def _id_rules(writer: Writer) -> IdRulesTable | None:
    given, file = writer.project.stitcher_rules, writer.project.id_rules
    if not given.enabled:
        return None
    rules = file.rules if file is not None else None
    return IdRulesTable(given.table_name, writer.schema, given.priority, given.at.start, rules)


def _ids_of(ref: str, project: spec.ProjectSpec) -> tuple[spec.IdSelect, ...]:
    """The ids that an input or SQL model declares."""
    for record in project.inputs:
        if f"inputs/{record.name}" == ref:
            return record.app_defaults.ids
    for model in project.models:
        if f"models/{model.name}" == ref and isinstance(model, spec.SqlTemplateModel):
            return model.model_spec.ids
    return ()


def _rules(id_type: spec.IdType, writer: Writer, names: Names, grain: str | None) -> tuple[IdFilterCondition, ...]:
    rules = []
    for given in id_type.filters:
        if given.sql is not None:
            source = names.ref(given.sql.from_)
            if source is None:
                writer.refuse(
                    "unknown-model",
                    f'"{given.sql.from_}" is not a model',
                    given.sql.at.value("from"),
                    names.nearest(given.sql.from_),
                )
            if source in writer.left_out:
                continue
            query = writer.text(given.sql.select, given.sql.at.value("select"))
            source = writer.at(source, grain) if source is not None else None
            rules.append(IdFilterCondition(given.type, "sql", query=query, source=source, at=given.sql.at.start))
        elif given.regex is not None:
            rules.append(IdFilterCondition(given.type, "regex", given.regex, at=given.at.value("regex")))
        else:
            rules.append(IdFilterCondition(given.type, "value", given.value or "", at=given.at.value("value")))
    return tuple(rules)
