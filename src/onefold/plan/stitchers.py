"""Builds the id stitcher step of an entity: its edge sources, id filters, edge limits and time window.

Takes an entity of the project; returns an `IdStitcher`, or None if it is disabled. Errors go to the context.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.errors import Finding, suggest
from onefold.plan.durations import duration
from onefold.plan.grains import grain_of
from onefold.plan.model import EdgeLimit, EdgeSource, IdFilterCondition, IdRulesTable, IdStitcher
from onefold.plan.sources import definition_of
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import timedelta

    from onefold.plan.names import Names
    from onefold.plan.render_context import RenderContext


def stitcher_of(entity: spec.Entity, context: RenderContext, names: Names) -> IdStitcher | None:
    """The entity's own stitcher, or the default stitcher over all ids that are meant for it."""
    if entity.id_stitcher is None:
        sources = _default_sources(entity, context.project)
        name = f"{entity.name}_default_id_stitcher"
        return _stitcher(entity, name, sources, entity, context, names)
    ref = names.ref(entity.id_stitcher)
    if entity.hooks is not None:
        message = f'the hooks of entity "{entity.name}" apply to its default stitcher, but it has its own id_stitcher'
        note = Finding("warning", "moot", message, entity.at.key("hooks"), "move them to the stitcher's model")
        context.notes.append(note)
    for model in context.project.models:
        if isinstance(model, spec.IdStitcherModel) and f"models/{model.name}" == ref:
            sources = [(e.from_, e.ids, e) for e in model.model_spec.edge_sources]
            return _stitcher(entity, model.name, sources, model, context, names)
    at = entity.at.value("id_stitcher")
    context.add_error(
        "unknown-model",
        f'"{entity.id_stitcher}" is not an id_stitcher',
        at,
        names.nearest(entity.id_stitcher),
    )
    return None


def _stitched_types(entity: spec.Entity, project: spec.ProjectSpec) -> list[spec.IdType]:
    """The id types that are nodes of the entity's graph; built-in types never are."""
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


def _stitcher(  # noqa: PLR0917 - the inputs of one stitcher
    entity: spec.Entity,
    name: str,
    sources: Sequence[_Source],
    record: spec.Record,
    context: RenderContext,
    names: Names,
) -> IdStitcher | None:
    ref = f"models/{name}"
    types = _stitched_types(entity, context.project)
    grain = _grain_of_stitcher(record)
    if ref in context.disabled:
        return None
    edges = tuple(_edge_sources(entity, sources, {t.name for t in types}, grain, context, names))
    if not edges and not context.findings:
        reason = "all of its edge sources are disabled" if sources else f'no input has ids of entity "{entity.name}"'
        context.disable(ref, "id_stitcher", reason, record.at.start)
        return None
    rules = {t.name: _rules(t, context, names, grain) for t in types if t.filters}
    hooks = context.hooks(getattr(record, "hooks", None), ref)
    needs = {e.source for e in edges} | {r.source for rs in rules.values() for r in rs if r.source}
    return IdStitcher(
        ref=ref,
        name=name,
        needs=tuple(sorted(needs)),
        definition=_stitcher_definition(context, record, entity, types),
        output="table",
        view=name,
        at=record.at.start,
        entity=entity.name,
        main_id=entity.main_id_column,
        sources=edges,
        rules=rules,
        pre_run=hooks.get("pre_run"),
        post_run=hooks.get("post_run"),
        limits=tuple(_limits(entity, types, context)),
        id_rules=_id_rules(context),
        placeholder_ids=context.project.settings.placeholder_ids,
        window=_window(record, context),
    )


def _edge_sources(  # noqa: PLR0917 - the sources, and how to read them
    entity: spec.Entity,
    sources: Sequence[_Source],
    stitched: Collection[str],
    grain: str | None,
    context: RenderContext,
    names: Names,
) -> Iterator[EdgeSource]:
    """The enabled edge sources, each with its ids of the types that are nodes of the graph."""
    for path, own_ids, source_record in sources:
        source, at = names.ref(path), source_record.at.value("from")
        if source is None:
            context.add_error("unknown-model", f'there is no model "{path}"', at, names.nearest(path))
            continue
        if source in context.disabled:
            continue
        ids: Sequence[spec.IdSelect | spec.EdgeId] = (
            own_ids if own_ids is not None else _ids_of(source, context.project)
        )
        columns = context.ids([i for i in ids if i.type in stitched], entity.name)
        if not columns:
            message = f'edge source "{path}" has no ids of entity "{entity.name}"'
            context.add_error("no-ids", message, at, "add ids to it, or remove it from edge_sources")
        yield EdgeSource(context.at(source, grain), columns)


def _stitcher_definition(
    context: RenderContext, record: spec.Record, entity: spec.Entity, types: Sequence[spec.IdType]
) -> str:
    definition = definition_of(context, record, entity, *types, context.project.stitcher_rules)
    # Dropping placeholder ids changes the result; keeping them, with or without a warning, does not.
    return f"{definition} drop placeholders" if context.project.settings.placeholder_ids == "drop" else definition


def _grain_of_stitcher(record: spec.Record) -> str | None:
    if isinstance(record, spec.Entity):
        return grain_of(record.default_id_stitcher.time_grain if record.default_id_stitcher else None)
    assert isinstance(record, spec.IdStitcherModel)  # noqa: S101 - the other kind
    return grain_of(record.model_spec.time_grain)


def _window(record: spec.Record, context: RenderContext) -> timedelta | None:
    """The validated ``incremental_timedelta``; None for a discrete model, which reads all rows anyway."""
    options = record.default_id_stitcher if isinstance(record, spec.Entity) else getattr(record, "model_spec", None)
    if options is None or options.incremental_timedelta is None:
        return None
    try:
        window = duration(options.incremental_timedelta)
    except ValueError as error:
        at = options.at.value("incremental_timedelta")
        context.add_error("wrong-value", f"incremental_timedelta: {error}", at, "write for example 96h")
        return None
    return None if options.materialization.run_type == "discrete" else window


def _limits(entity: spec.Entity, types: Sequence[spec.IdType], context: RenderContext) -> Iterator[EdgeLimit]:
    """The validated limits from ``maximum_edges``."""
    for id_type in types:
        at = id_type.at.value("maximum_edges")
        for other, maximum in (pair for given in id_type.maximum_edges for pair in given.items()):
            if other not in entity.id_types:
                message = f'maximum_edges of "{id_type.name}": entity "{entity.name}" has no id type "{other}"'
                hint = suggest(other, entity.id_types) or f"available: {', '.join(entity.id_types)}"
                context.add_error("unknown-id-type", message, at, hint)
            elif maximum < 1:
                message = f'maximum_edges of "{id_type.name}": {maximum} would exclude every edge to "{other}"'
                context.add_error("wrong-value", message, at, "set it to 1 or more")
            yield EdgeLimit(id_type.name, other, maximum)


def _id_rules(context: RenderContext) -> IdRulesTable | None:
    given, file = context.project.stitcher_rules, context.project.id_rules
    if not given.enabled:
        return None
    rules = file.rules if file is not None else None
    return IdRulesTable(given.table_name, context.schema, given.priority, given.at.start, rules)


def _ids_of(ref: str, project: spec.ProjectSpec) -> tuple[spec.IdSelect, ...]:
    """The ids that an input or SQL model declares."""
    for record in project.inputs:
        if f"inputs/{record.name}" == ref:
            return record.app_defaults.ids
    for model in project.models:
        if f"models/{model.name}" == ref and isinstance(model, spec.SqlTemplateModel):
            return model.model_spec.ids
    return ()


def _rules(
    id_type: spec.IdType, context: RenderContext, names: Names, grain: str | None
) -> tuple[IdFilterCondition, ...]:
    rules = []
    for given in id_type.filters:
        if given.sql is not None:
            source = names.ref(given.sql.from_)
            if source is None:
                context.add_error(
                    "unknown-model",
                    f'there is no model "{given.sql.from_}"',
                    given.sql.at.value("from"),
                    names.nearest(given.sql.from_),
                )
            if source in context.disabled:
                continue
            query = context.render(given.sql.select, given.sql.at.value("select"))
            source = context.at(source, grain) if source is not None else None
            rules.append(IdFilterCondition(given.type, "sql", query=query, source=source, at=given.sql.at.start))
        elif given.regex is not None:
            rules.append(IdFilterCondition(given.type, "regex", given.regex, at=given.at.value("regex")))
        else:
            rules.append(IdFilterCondition(given.type, "value", given.value or "", at=given.at.value("value")))
    return tuple(rules)
