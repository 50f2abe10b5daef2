"""Turns inputs and SQL models into steps.

Takes records and a ``RenderContext``; returns one step for each record that is enabled. A record that is read as of the
start of a period has one more step. Errors go to the context.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from onefold.plan.grains import at_grain, began, grain_of
from onefold.plan.model import InputStep, SqlTemplate
from onefold.plan.names import column_of, var_table_of
from onefold.project import spec
from onefold.template.references import ModelReference

if TYPE_CHECKING:
    from onefold.plan.model import SqlText, Step
    from onefold.plan.names import Names
    from onefold.plan.render_context import RenderContext


def definition_of(context: RenderContext, *records: spec.Record) -> str:
    """Canonical text of the records and of everything else that may change their meaning."""
    shared = [m.model_dump(mode="json", by_alias=True) for m in context.project.macros]
    own = [r.model_dump(mode="json", by_alias=True) for r in records]
    # A file that any template reads may change what any model means. Rare, so all files count.
    return json.dumps([context.project.settings.sql_dialect, shared, own, context.files_read], sort_keys=True)


def steps_at_grains(context: RenderContext, names: Names) -> list[Step]:
    """The steps that steps with a time grain read, as of the start of the period."""
    inputs = {f"inputs/{i.name}": i for i in context.project.inputs}
    models = {f"models/{m.name}": m for m in context.project.models if isinstance(m, spec.SqlTemplateModel)}
    made: dict[tuple[str, str], Step | None] = {}
    while waiting := sorted(context.at_grains - made.keys()):
        for ref, grain in waiting:
            made[ref, grain] = None
            if ref in context.disabled:
                context.disable(at_grain(ref, grain), "input", f"{ref} is disabled", spec.NOWHERE)
            elif ref in inputs:
                made[ref, grain] = input_step(inputs[ref], context, grain)
            elif ref in models:
                made[ref, grain] = _sql_template(models[ref], context, names, read_at=grain)
            else:
                message = f"{ref} cannot be read as of the start of a {grain}"
                context.add_error(
                    "not-run", message, spec.NOWHERE, "this version supports time grains for inputs and SQL models only"
                )
    return [step for step in made.values() if step is not None]


def input_step(record: spec.Input, context: RenderContext, grain: str | None = None) -> InputStep:
    """An input, as of the end of the run or of the start of a period."""
    app = record.app_defaults
    source = "csv" if app.csv else ("view" if app.view else "table")
    return InputStep(
        ref=at_grain(f"inputs/{record.name}", grain),
        name=record.name,
        grain=grain,
        as_of=began(context.times.end, grain) if grain is not None else None,
        definition=definition_of(context, record),
        at=app.at.value(source),
        table=app.csv or app.view or app.table or "",
        csv=bool(app.csv),
        occurred_at=app.occurred_at_col,
        occurred_at_at=app.at.value("occurred_at_col"),
        ids=context.ids(app.ids),
        where=context.render_optional(record.where, record.at.value("where"), model=record.name),
        row_identifier=app.row_identifier,
        row_identifier_at=app.at.value("row_identifier"),
        is_optional=record.contract.is_optional,
        columns=tuple(c.name for c in record.contract.with_columns),
        column_types=_column_types(record.contract),
    )


def _column_types(contract: spec.Contract) -> dict[str, str]:
    return {c.name: kind for c in contract.with_columns if (kind := c.type or c.datatype)}


def sql_templates(project: spec.ProjectSpec, context: RenderContext, names: Names) -> list[SqlTemplate]:
    """The enabled SQL models.

    They are rendered again whenever one turns out to be disabled, because templates may ask which are enabled.
    """
    while True:
        made, known, first_finding = [], len(context.disabled), len(context.findings)
        for record in project.models:
            if not isinstance(record, spec.SqlTemplateModel) or f"models/{record.name}" in context.disabled:
                continue
            step = _sql_template(record, context, names)
            reason = context.disabled_among(step.needs)
            if reason is None:
                made.append(step)
            else:
                context.disable(step.ref, step.kind, reason, step.at)
        if len(context.disabled) == known:
            return made
        del context.findings[first_finding:]


def _sql_template(
    record: spec.SqlTemplateModel, context: RenderContext, names: Names, read_at: str | None = None
) -> SqlTemplate:
    """A SQL model.

    Args:
        record: The model as declared.
        context: Renders the templates.
        names: Resolves paths to refs.
        read_at: The grain of the model that reads this one, if that has one.
    """
    body = record.model_spec
    ref = f"models/{record.name}"
    grain = read_at or grain_of(body.time_grain)
    end = began(context.times.end, grain) if grain is not None else None
    key = "single_sql" if body.multi_sql is None else "multi_sql"
    text = context.render(body.single_sql or body.multi_sql or "", body.at.value(key), this=ref, end=end)
    output = body.materialization.output_type or ("ephemeral" if body.multi_sql is None else "table")
    if body.multi_sql is not None and output != "table":
        at = body.materialization.at.value("output_type")
        context.add_error(
            "wrong-value", f"multi_sql creates a table; output_type is {output}", at, "set output_type: table"
        )
    hooks = context.hooks(record.hooks, ref)
    if hooks and output == "ephemeral":
        context.add_error(
            "wrong-value",
            "an ephemeral model creates no table or view, so it cannot have hooks",
            record.at.value("hooks"),
        )
    texts = [text, *(hook for hook in hooks.values() if hook is not None)]
    needs = {need for t in texts for need in _models_of(t, context, names)}
    _check_no_vars_at_grain(record, needs, grain, context)
    return SqlTemplate(
        ref=at_grain(ref, read_at),
        name=record.name if read_at is None else f"{record.name}_at_{read_at}",
        grain=grain,
        as_of=end,
        needs=tuple(sorted(context.at(need, grain) for need in needs)),
        is_script=body.multi_sql is not None,
        pre_run=hooks.get("pre_run"),
        post_run=hooks.get("post_run"),
        definition=definition_of(context, record),
        output="inline" if output == "ephemeral" else "view" if output == "view" else "table",
        view=None if output == "ephemeral" or read_at is not None else record.name,
        at=record.at.start,
        body=text,
        occurred_at=body.occurred_at_col,
        occurred_at_at=body.at.value("occurred_at_col"),
        ids=context.ids(body.ids),
        columns=tuple(c.name for c in body.contract.with_columns),
        column_types=_column_types(body.contract),
    )


def _models_of(text: SqlText, context: RenderContext, names: Names) -> set[str]:
    """Refs of the models that a template reads; an unknown path is recorded as an error."""
    refs = set()
    for reference in text.references.values():
        if not isinstance(reference, ModelReference):
            continue
        ref = names.ref(reference.path)
        if ref is None:
            context.add_error(
                "unknown-model",
                f'DeRef: there is no model "{reference.path}"',
                text.at,
                names.nearest(reference.path),
            )
        else:
            refs.add(ref)
            # A table of vars exists if its owner does.
            owner = var_table_of(ref)
            refs |= {owner} if owner is not None else set()
    return refs


def _check_no_vars_at_grain(
    record: spec.SqlTemplateModel, needs: set[str], grain: str | None, context: RenderContext
) -> None:
    """Report a model with a grain that reads vars: only vars with a time grain of their own exist as of a period."""
    found = next((need for need in sorted(needs) if var_table_of(need) or column_of(need)), None)
    if grain is not None and found is not None:
        message = f"model {record.name} is read as of the start of a {grain}, but {found} is not"
        context.add_error("not-run", message, record.at.start, f"remove the time_grain, or the use of {found}")
