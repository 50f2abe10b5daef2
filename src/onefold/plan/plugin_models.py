"""Turns models of plugins into steps; each plugin validates its own ``model_spec``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from onefold.plan.model import PluginStep
from onefold.plan.names import column_of, var_table_of
from onefold.plugins import model_types
from onefold.project import spec
from onefold.project.source import YamlMap
from onefold.project.typed import typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.errors import Finding
    from onefold.plan.render_context import RenderContext
    from onefold.plugins import ModelType, Spec


def plugin_models(context: RenderContext) -> Iterator[PluginStep]:
    """The enabled models of plugins."""
    for record, plugin, given in _with_specs(context):
        ref = f"models/{record.name}"
        reads = {}
        for path in plugin.reads(given):
            source = context.names.ref(path)
            if source is not None and column_of(source) is not None:
                message = f'"{path}" is a column; read the table {source.split("/")[1]}/all/var_table instead'
                context.add_error("unknown-model", message, record.at.value("model_spec"))
            elif source is None:
                at = record.at.value("model_spec")
                context.add_error("unknown-model", f'there is no model "{path}"', at, context.names.nearest(path))
            else:
                reads[path] = source
        reason = context.disabled_among(reads.values())
        if reason is not None:
            context.disable(ref, record.model_type, reason, record.at.start)
            continue
        yield PluginStep(
            ref=ref,
            name=record.name,
            needs=tuple(sorted({*reads.values(), *filter(None, map(var_table_of, reads.values()))})),
            definition=json.dumps([record.model_type, plugin.version, given.model_dump(mode="json")], sort_keys=True),
            output="table",
            view=record.name,
            at=record.at.start,
            plugin=record.model_type,
            spec=given,
            reads=reads,
        )


def plugin_features(entity: str, context: RenderContext) -> Iterator[tuple[spec.PluginModel, str]]:
    """Columns of plugins' models that are features of an entity."""
    for record, plugin, given in _with_specs(context):
        for name in plugin.features(given).get(entity, ()):
            yield record, name


def _with_specs(context: RenderContext) -> Iterator[tuple[spec.PluginModel, ModelType, Spec]]:
    """Each such model with its plugin and validated spec; errors are recorded once."""
    plugins = model_types() if any(isinstance(m, spec.PluginModel) for m in context.project.models) else {}
    for record in context.project.models:
        plugin = plugins.get(record.model_type) if isinstance(record, spec.PluginModel) else None
        if plugin is None or not isinstance(record, spec.PluginModel) or f"models/{record.name}" in context.disabled:
            continue
        problems: list[Finding] = []
        model_spec = record.model_spec
        if not isinstance(model_spec, YamlMap):
            model_spec = YamlMap(dict(model_spec), spec.Positions(record.at.value("model_spec")))
        given = typed(plugin.spec, model_spec, problems)
        context.findings.extend(m for m in problems if m not in context.findings)
        if given is not None:
            yield record, plugin, given
