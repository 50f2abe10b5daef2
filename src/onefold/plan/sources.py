"""Inputs and SQL models -> steps: what ids and vars are read from.

In: records, and a ``Writer``. Out: a step for each that takes part, and one more for those that are read as of the
beginning of a period. What is wrong goes to the writer's findings.
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
    from onefold.plan.model import Step, Text
    from onefold.plan.names import Names
    from onefold.plan.texts import Writer


def definition_of(writer: Writer, *records: spec.Record) -> str:
    """Canonical text of records and of what may change their meaning from afar."""
    shared = [m.model_dump(mode="json", by_alias=True) for m in writer.project.macros]
    own = [r.model_dump(mode="json", by_alias=True) for r in records]
    # A file that any template reads may change what any model means: rare, and rather too much than too little.
    return json.dumps([writer.project.settings.sql_dialect, shared, own, writer.files_read], sort_keys=True)


def steps_at_grains(writer: Writer, names: Names) -> list[Step]:
    """What steps with a time grain read, as of the beginning of the period."""
    inputs = {f"inputs/{i.name}": i for i in writer.project.inputs}
    models = {f"models/{m.name}": m for m in writer.project.models if isinstance(m, spec.SqlTemplateModel)}
    made: dict[tuple[str, str], Step | None] = {}
    while waiting := sorted(writer.at_grains - made.keys()):
        for ref, grain in waiting:
            made[ref, grain] = None
            if ref in writer.left_out:
                writer.leave_out(at_grain(ref, grain), "input", f"{ref} is left out", spec.NOWHERE)
            elif ref in inputs:
                made[ref, grain] = input_step(inputs[ref], writer, grain)
            elif ref in models:
                made[ref, grain] = _sql_template(models[ref], writer, names, read_at=grain)
            else:
                message = f"{ref} cannot be read as of the beginning of a {grain}"
                writer.refuse("not-run", message, spec.NOWHERE, "only inputs and SQL models can be, in this version")
    return [step for step in made.values() if step is not None]


def input_step(record: spec.Input, writer: Writer, grain: str | None = None) -> InputStep:
    """An input, as of the end of the run or of the beginning of a period."""
    app = record.app_defaults
    source = "csv" if app.csv else ("view" if app.view else "table")
    return InputStep(
        ref=at_grain(f"inputs/{record.name}", grain),
        name=record.name,
        grain=grain,
        as_of=began(writer.times.end, grain) if grain is not None else None,
        definition=definition_of(writer, record),
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


def sql_templates(project: spec.ProjectSpec, writer: Writer, names: Names) -> list[SqlTemplate]:
    """The SQL models that take part. They are rendered again when one turns out not to, as templates may ask."""
    while True:
        made, known, mistakes = [], len(writer.left_out), len(writer.findings)
        for record in project.models:
            if not isinstance(record, spec.SqlTemplateModel) or f"models/{record.name}" in writer.left_out:
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


def _sql_template(
    record: spec.SqlTemplateModel, writer: Writer, names: Names, read_at: str | None = None
) -> SqlTemplate:
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
        definition=definition_of(writer, record),
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


def _refuse_vars_at_grain(record: spec.SqlTemplateModel, needs: set[str], grain: str | None, writer: Writer) -> None:
    """There are no vars as of the beginning of a period, but those that have a time grain of their own."""
    found = next((need for need in sorted(needs) if var_table_of(need) or column_of(need)), None)
    if grain is not None and found is not None:
        message = f"model {record.name} is read as of the beginning of a {grain}, and reads {found}"
        writer.refuse("not-run", message, record.at.start, "take one of the two out")
