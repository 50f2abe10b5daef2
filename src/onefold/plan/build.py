"""Plan a project. Takes a ``Project`` and a time window, returns a ``Plan``. Reads no file and no table."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from onefold.errors import Finding, ProjectError, suggest
from onefold.plan.as_of import with_earlier
from onefold.plan.durations import duration
from onefold.plan.fingerprint import fingerprints
from onefold.plan.grains import at_grain, began, grain_mistakes, grain_of
from onefold.plan.graph import running_order, with_needs
from onefold.plan.left_out import left_out_at_first
from onefold.plan.model import (
    EdgeLimit,
    EdgeSource,
    IdRule,
    IdRulesTable,
    IdStitcher,
    Input,
    Plan,
    SqlTemplate,
    Step,
)
from onefold.plan.names import column_of, var_table_of
from onefold.plan.plugin_models import plugin_models
from onefold.plan.populations import populations_of, root_step
from onefold.plan.refusals import refusals, refuse_what_is_not_made
from onefold.plan.texts import Writer
from onefold.plan.var_tables import with_var_tables
from onefold.plan.vars import vars_of
from onefold.plan.views import feature_tables, feature_views
from onefold.project import spec
from onefold.template.references import ModelReference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import timedelta

    from onefold.plan.model import LeftOut, RunTimes, Text
    from onefold.plan.names import Names
    from onefold.plan.texts import Columns


def build_plan(  # noqa: PLR0917 - what a plan is made of
    project: spec.Project,
    times: RunTimes,
    schema: str,
    files: Callable[[str], str] | None = None,
    absent: Mapping[str, str] | None = None,
    columns: Columns | None = None,
) -> Plan:
    """The steps of a project, in running order.

    Args:
        project: What to plan.
        times: The time window, which templates may print.
        schema: The output schema, which templates may print.
        files: Reads a text file of the project, for ``this.ReadFile``; None forbids it.
        absent: Why an input is not there, by ref; it and what needs it take no part.
        columns: The columns of inputs and models, for vars that name others as if they were columns.

    Raises:
        ProjectError: With every mistake found in references and templates.
    """
    default = grain_of(project.file.default_time_grain)
    if default is not None:
        times = replace(times, end=began(times.end, default))
    writer = Writer(project, times, schema, files, columns=columns)
    names = writer.names
    writer.findings.extend([*refusals(project), *grain_mistakes(project)])
    writer.left_out.update({found.ref: found for found in left_out_at_first(project, absent or {})})
    steps: list[Step] = [_input(r, writer) for r in project.inputs if f"inputs/{r.name}" not in writer.left_out]
    steps += _sql_templates(project, writer, names)
    steps += plugin_models(writer)
    writer.made = Plan(project.file.name, project.settings.sql_dialect, times, {s.ref: s for s in steps}, {})
    for entity in project.file.entities:
        steps += _entity_steps(entity, writer, names)
    steps += _steps_at_grains(writer, names)
    steps = with_var_tables(_without_gone(steps, writer), writer)
    _refuse_equal_views(steps, writer)
    _refuse_missing_musts(project, writer)
    refuse_what_is_not_made(steps, writer)
    steps = _without_unneeded(_without_gone(steps, writer), project, writer)
    if not writer.findings:
        steps = with_earlier(
            steps,
            writer,
            lambda other, end: build_plan(other, replace(times, end=end), schema, files, absent, columns).steps,
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
        notes=(*project.notes, *(_left_out_note(found) for found in writer.left_out.values())),
        left_out=tuple(writer.left_out.values()),
    )


def _left_out_note(found: LeftOut) -> Finding:
    return Finding("warning", "left-out", f"{found.ref} is left out: {found.reason}", found.at)


def _refuse_missing_musts(project: spec.Project, writer: Writer) -> None:
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


def _without_unneeded(steps: list[Step], project: spec.Project, writer: Writer) -> list[Step]:
    """The steps without models that are only made if another one needs them, and that none does."""
    only = {
        f"models/{m.name}"
        for m in project.models
        if isinstance(m, spec.SqlTemplate) and m.model_spec.materialization.enable_status == "only_if_necessary"
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


def _definition(writer: Writer, *records: spec.Record) -> str:
    """Canonical text of records and of what may change their meaning from afar."""
    shared = [m.model_dump(mode="json", by_alias=True) for m in writer.project.macros]
    own = [r.model_dump(mode="json", by_alias=True) for r in records]
    # A file that any template reads may change what any model means: rare, and rather too much than too little.
    return json.dumps([writer.project.settings.sql_dialect, shared, own, writer.files_read], sort_keys=True)


def _steps_at_grains(writer: Writer, names: Names) -> list[Step]:
    """What steps with a time grain read, as of the beginning of the period."""
    inputs = {f"inputs/{i.name}": i for i in writer.project.inputs}
    models = {f"models/{m.name}": m for m in writer.project.models if isinstance(m, spec.SqlTemplate)}
    made: dict[tuple[str, str], Step | None] = {}
    while waiting := sorted(writer.at_grains - made.keys()):
        for ref, grain in waiting:
            made[ref, grain] = None
            if ref in writer.left_out:
                writer.leave_out(at_grain(ref, grain), "input", f"{ref} is left out", spec.NOWHERE)
            elif ref in inputs:
                made[ref, grain] = _input(inputs[ref], writer, grain)
            elif ref in models:
                made[ref, grain] = _sql_template(models[ref], writer, names, read_at=grain)
            else:
                message = f"{ref} cannot be read as of the beginning of a {grain}"
                writer.refuse("not-run", message, spec.NOWHERE, "only inputs and SQL models can be, in this version")
    return [step for step in made.values() if step is not None]


def _input(record: spec.Input, writer: Writer, grain: str | None = None) -> Input:
    app = record.app_defaults
    source = "csv" if app.csv else ("view" if app.view else "table")
    return Input(
        ref=at_grain(f"inputs/{record.name}", grain),
        name=record.name,
        grain=grain,
        as_of=began(writer.times.end, grain) if grain is not None else None,
        definition=_definition(writer, record),
        at=app.at.value(source),
        table=app.csv or app.view or app.table or "",
        csv=bool(app.csv),
        occurred_at=app.occurred_at_col,
        occurred_at_at=app.at.value("occurred_at_col"),
        ids=writer.ids(app.ids),
        where=writer.maybe(record.where, record.at.value("where"), model=record.name),
        row_identifier=app.row_identifier,
        row_identifier_at=app.at.value("row_identifier"),
        is_optional=record.contract.is_optional,
        columns=tuple(c.name for c in record.contract.with_columns),
        column_types=_column_types(record.contract),
    )


def _column_types(contract: spec.Contract) -> dict[str, str]:
    return {c.name: kind for c in contract.with_columns if (kind := c.type or c.datatype)}


def _sql_templates(project: spec.Project, writer: Writer, names: Names) -> list[SqlTemplate]:
    """The SQL models that take part. They are rendered again when one turns out not to, as templates may ask."""
    while True:
        made, known, mistakes = [], len(writer.left_out), len(writer.findings)
        for record in project.models:
            if not isinstance(record, spec.SqlTemplate) or f"models/{record.name}" in writer.left_out:
                continue
            step = _sql_template(record, writer, names)
            reason = writer.left_out_among(step.needs)
            if reason is None:
                made.append(step)
            else:
                writer.leave_out(step.ref, step.kind, reason, step.at)
        if len(writer.left_out) == known:
            return made
        del writer.findings[mistakes:]


def _sql_template(record: spec.SqlTemplate, writer: Writer, names: Names, read_at: str | None = None) -> SqlTemplate:
    """A SQL model.

    Args:
        record: As declared.
        writer: Renders.
        names: Which ref a path means.
        read_at: The grain of the model that reads this one, if that has one.
    """
    body = record.model_spec
    ref = f"models/{record.name}"
    grain = read_at or grain_of(body.time_grain)
    end = began(writer.times.end, grain) if grain is not None else None
    key = "single_sql" if body.multi_sql is None else "multi_sql"
    text = writer.text(body.single_sql or body.multi_sql or "", body.at.value(key), this=ref, end=end)
    output = body.materialization.output_type or ("ephemeral" if body.multi_sql is None else "table")
    if body.multi_sql is not None and output != "table":
        at = body.materialization.at.value("output_type")
        writer.refuse("wrong-value", f"multi_sql makes a table, not {output}", at, "write output_type: table")
    hooks = writer.hooks(record.hooks, ref)
    if hooks and output == "ephemeral":
        writer.refuse("wrong-value", "an ephemeral model has no material for hooks", record.at.value("hooks"))
    texts = [text, *(hook for hook in hooks.values() if hook is not None)]
    needs = {need for t in texts for need in _models_of(t, writer, names)}
    _refuse_vars_at_grain(record, needs, grain, writer)
    return SqlTemplate(
        ref=at_grain(ref, read_at),
        name=record.name if read_at is None else f"{record.name}_at_{read_at}",
        grain=grain,
        as_of=end,
        needs=tuple(sorted(writer.at(need, grain) for need in needs)),
        is_script=body.multi_sql is not None,
        pre_run=hooks.get("pre_run"),
        post_run=hooks.get("post_run"),
        definition=_definition(writer, record),
        output="inline" if output == "ephemeral" else "view" if output == "view" else "table",
        view=None if output == "ephemeral" or read_at is not None else record.name,
        at=record.at.start,
        body=text,
        occurred_at=body.occurred_at_col,
        occurred_at_at=body.at.value("occurred_at_col"),
        ids=writer.ids(body.ids),
        columns=tuple(c.name for c in body.contract.with_columns),
        column_types=_column_types(body.contract),
    )


def _models_of(text: Text, writer: Writer, names: Names) -> set[str]:
    """Refs of the models that a template reads; a path that means nothing is noted."""
    refs = set()
    for reference in text.references.values():
        if not isinstance(reference, ModelReference):
            continue
        ref = names.ref(reference.path)
        if ref is None:
            writer.refuse(
                "unknown-model",
                f'DeRef of "{reference.path}", which is not a model',
                text.at,
                names.nearest(reference.path),
            )
        else:
            refs.add(ref)
            # A table of vars is there if what it is of is there.
            owner = var_table_of(ref)
            refs |= {owner} if owner is not None else set()
    return refs


def _refuse_vars_at_grain(record: spec.SqlTemplate, needs: set[str], grain: str | None, writer: Writer) -> None:
    """There are no vars as of the beginning of a period, but those that have a time grain of their own."""
    found = next((need for need in sorted(needs) if var_table_of(need) or column_of(need)), None)
    if grain is not None and found is not None:
        message = f"model {record.name} is read as of the beginning of a {grain}, and reads {found}"
        writer.refuse("not-run", message, record.at.start, "take one of the two out")


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
    for model in writer.project.models:
        if isinstance(model, spec.IdStitcher) and f"models/{model.name}" == ref:
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


_Source = tuple[str, "Sequence[spec.IdSelect | spec.EdgeId] | None", spec.Record]


def _default_sources(entity: spec.Entity, project: spec.Project) -> list[_Source]:
    """Inputs and SQL models with ids that are meant for the default stitcher."""
    given: list[tuple[str, Sequence[spec.IdSelect], spec.Record]] = [
        (f"inputs/{record.name}", record.app_defaults.ids, record) for record in project.inputs
    ]
    given += [(f"models/{m.name}", m.model_spec.ids, m) for m in project.models if isinstance(m, spec.SqlTemplate)]
    found: list[_Source] = []
    for path, declared, record in given:
        ids = tuple(i for i in declared if i.entity == entity.name and i.to_default_stitcher)
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
        columns = writer.ids(ids, entity.name)
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
    types = [t for t in writer.project.file.id_types if t.name in entity.id_types]
    rules = {t.name: _rules(t, writer, names, grain) for t in types if t.filters}
    hooks = writer.hooks(record.hooks if isinstance(record, spec.IdStitcher) else None, ref)
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
    definition = _definition(writer, record, entity, *types, writer.project.file.id_stitcher_rules)
    # Dropping junk changes the result; keeping it, with or without a word, does not.
    return f"{definition} drop junk" if writer.project.settings.junk_ids == "drop" else definition


def _grain_of_stitcher(record: spec.Record) -> str | None:
    if isinstance(record, spec.Entity):
        return grain_of(record.default_id_stitcher.time_grain if record.default_id_stitcher else None)
    assert isinstance(record, spec.IdStitcher)  # noqa: S101 - the other kind
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
    given = writer.project.file.id_stitcher_rules
    return IdRulesTable(given.table_name, writer.schema, given.priority, given.at.start) if given.enabled else None


def _ids_of(ref: str, project: spec.Project) -> tuple[spec.IdSelect, ...]:
    """The ids that an input or SQL model declares."""
    for record in project.inputs:
        if f"inputs/{record.name}" == ref:
            return record.app_defaults.ids
    for model in project.models:
        if f"models/{model.name}" == ref and isinstance(model, spec.SqlTemplate):
            return model.model_spec.ids
    return ()


def _rules(id_type: spec.IdType, writer: Writer, names: Names, grain: str | None) -> tuple[IdRule, ...]:
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
            rules.append(IdRule(given.type, "sql", query=query, source=source, at=given.sql.at.start))
        elif given.regex is not None:
            rules.append(IdRule(given.type, "regex", given.regex, at=given.at.value("regex")))
        else:
            rules.append(IdRule(given.type, "value", given.value or "", at=given.at.value("value")))
    return tuple(rules)
