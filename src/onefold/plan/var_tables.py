"""Tables of vars that models may read: ``user/all/var_table``, ``inputs/orders/var_table``, and their columns.

Takes all steps, some of which need such a path; returns the steps with those paths replaced. A model sees the vars of
an entity that do not depend on the model itself, so vars and models can build on each other. The vars that it names
(``entity/user/x``) are always among them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from onefold.plan.feature_steps import Cohort, InputRows, RowOwner, VarRows, VarTable
from onefold.plan.graph import with_needs
from onefold.plan.model import InputStep, PluginStep, SqlTemplate
from onefold.plan.names import column_of, var_table_of
from onefold.plan.rows import all_input_vars_of
from onefold.project.spec import MAIN_ID_TYPES
from onefold.template.references import ModelReference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from onefold.plan.model import IdColumn, SqlText, Step
    from onefold.plan.render_context import RenderContext
    from onefold.project import spec


def with_var_tables(steps: Iterable[Step], context: RenderContext) -> list[Step]:
    """The steps, including those that provide the tables of vars that models read."""
    by_ref = {step.ref: step for step in steps}
    if context.findings:
        return list(by_ref.values())
    needs = {ref: step.needs for ref, step in by_ref.items()}
    made: dict[str, Step] = {}
    for ref, step in by_ref.items():
        wanted = [need for need in step.needs if var_table_of(need) is not None]
        if not wanted and not any(map(column_of, step.needs)):
            continue
        put: dict[str, str] = {}
        for need in wanted:
            table = _table(need, ref, by_ref, needs, context)
            if table is None:
                continue  # its owner is disabled, which disables this step through its other needs
            made[table.ref] = table
            put[need] = table.ref
        by_ref[ref] = _reading(step, put, context)
    return [*by_ref.values(), *made.values()]


def _table(
    path: str, reader: str, steps: Mapping[str, Step], needs: Mapping[str, tuple[str, ...]], context: RenderContext
) -> Step | None:
    """The step that a model reads through a path of a table of vars."""
    owner = var_table_of(path) or ""
    step = steps.get(owner)
    if isinstance(step, InputStep):
        return _input_rows(path, step, steps, context)
    return _var_rows(step, reader, steps, needs) if isinstance(step, Cohort) else None


def _var_rows(
    everyone: Cohort, reader: str, steps: Mapping[str, Step], needs: Mapping[str, tuple[str, ...]]
) -> VarRows:
    """The vars of the latest stage that does not need the model itself; main ids only if there is none."""
    tables = [s for s in steps.values() if isinstance(s, VarTable) and s.cohort == everyone.entity]
    free = [table for table in tables if reader not in with_needs([table.ref], needs)]
    last = free[-1] if free else None
    columns = _columns(last) if last is not None else ()
    short = "main_ids" if last is None else last.ref.rpartition("/")[2]
    return VarRows(
        ref=f"{everyone.ref}/{short}",
        name=f"{everyone.name}_{short}",
        needs=(last.ref if last is not None else everyone.ref,),
        definition=json.dumps(columns),
        at=everyone.at,
        entity=everyone.entity,
        main_id=everyone.main_id,
        var_table=last.ref if last is not None else everyone.ref,
        columns=columns,
    )


def _columns(table: VarTable) -> tuple[str, ...]:
    derived = [var.name for layer in table.derived for var in layer]
    scanned = [var.name for part in table.parts for var in table.parted[part]]
    earlier = [name for names in table.earlier.values() for name in names]
    return tuple(sorted({name.lower() for name in (*table.carried, *scanned, *earlier, *derived)}))


def _is_of(column: IdColumn, entity: spec.Entity) -> bool:
    types = (*entity.id_types, *MAIN_ID_TYPES)
    return column.id_type in types and column.entity in {"", entity.name}


def _input_rows(path: str, source: InputStep, steps: Mapping[str, Step], context: RenderContext) -> InputRows:
    owners = []
    for entity in context.project.file.entities:
        everyone = steps.get(f"{entity.name}/all")
        if everyone is not None and any(_is_of(i, entity) for i in source.ids):
            columns = partial(context.columns_of, source.ref)
            input_vars = all_input_vars_of(source.ref, entity, context, context.names, columns)
            stitcher = everyone.needs[0]
            owners.append(RowOwner(entity.name, entity.main_id_column, stitcher, input_vars))
    return InputRows(
        ref=path,
        name=path.replace("inputs/", "input_").replace("/", "_"),
        needs=tuple(sorted({source.ref, *(o.stitcher for o in owners)})),
        definition="|".join(v.definition for o in owners for v in o.input_vars),
        at=source.at,
        source=source.ref,
        owners=tuple(owners),
    )


def _reading(step: Step, put: Mapping[str, str], context: RenderContext) -> Step:
    """The model with steps in place of the paths that it reads, and with its needs reduced to those steps."""
    needs = tuple(sorted({put.get(need, need) for need in step.needs if column_of(need) is None}))
    if isinstance(step, PluginStep):
        return replace(step, needs=needs, reads={path: put.get(ref, ref) for path, ref in step.reads.items()})
    if not isinstance(step, SqlTemplate):
        return replace(step, needs=needs)

    def text(given: SqlText) -> SqlText:
        references = {
            token: replace(reference, path=put.get(context.names.ref(reference.path) or "", reference.path))
            if isinstance(reference, ModelReference)
            else reference
            for token, reference in given.references.items()
        }
        return replace(given, references=references)

    return replace(
        step,
        needs=needs,
        body=text(step.body),
        pre_run=step.pre_run and text(step.pre_run),
        post_run=step.post_run and text(step.post_run),
    )
