"""Input vars of a source, as used by the entity vars that read it (format A2, B5.3).

Takes the texts of those vars; returns the input vars that they use, in dependency order. An input var is a column of
the source's rows that belong to a profile. It is named by reference, ``{{orders.x}}`` or ``{{orders.Var("x")}}``. A
bare name works if the source has no column of that name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from onefold.errors import Finding
from onefold.plan.feature_steps import InputVar, VarWindow
from onefold.plan.graph import running_order, with_needs
from onefold.plan.implicit_references import implicit_references, with_references
from onefold.project.legacy import BARE_NAMES
from onefold.template.references import ColumnReference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from onefold.plan.model import SqlText
    from onefold.plan.names import Names
    from onefold.plan.render_context import RenderContext
    from onefold.project import spec

    Columns = Callable[[], frozenset[str] | None]
    """Returns the lower-case column names of a source; None if they are unknown."""


def input_vars_of(  # noqa: PLR0917 - the inputs of one scan
    source: str, entity: spec.Entity, texts: Iterable[SqlText], context: RenderContext, names: Names, columns: Columns
) -> tuple[InputVar, ...]:
    """The input vars of a source that texts use, directly or indirectly, in dependency order.

    Args:
        source: Ref of the input or model.
        entity: The entity whose var groups declare them.
        texts: Rendered texts of the vars that read the source.
        context: Renders the templates; collects cycles as errors.
        names: Resolves paths to refs.
        columns: Returns the columns of the source.
    """
    known, needs, order = _known_of(source, entity, context, names, columns)
    wanted = with_needs(_used(texts, known), needs)
    return tuple(known[name] for name in order if name in wanted)


def all_input_vars_of(
    source: str, entity: spec.Entity, context: RenderContext, names: Names, columns: Columns
) -> tuple[InputVar, ...]:
    """All input vars of a source that the entity's var groups declare, in dependency order."""
    known, _, order = _known_of(source, entity, context, names, columns)
    return tuple(known[name] for name in order)


def names_of_input_vars(source: str, entity: spec.Entity, context: RenderContext, names: Names) -> frozenset[str]:
    """Lower-case names of the input vars of a source that the entity's var groups declare."""
    return frozenset(record.name.lower() for record in _records_of(source, entity, context, names))


def model_name(source: str) -> str:
    """The name of a source in templates."""
    return source.rsplit("/", 1)[-1]


def without_columns(
    found: frozenset[str], text: SqlText, source: str, columns: Columns, context: RenderContext
) -> frozenset[str]:
    """The bare names in a text that mean vars: the source has no column of that name, and its columns are known.

    Older versions of the format preferred the var. A note reports where that makes a difference.
    """
    known = columns() if found else None
    if known is None:
        return frozenset()
    if context.project.file.schema_version < BARE_NAMES:
        for name in sorted(found & known):
            message = f'"{name}" is read as the column of {source}, not as the var "{name}"'
            hint = "to use the var, write it as a template, for example {{user.x}}"
            context.notes.append(Finding("warning", "column-before-var", message, text.at, hint))
    return found - known


def _records_of(source: str, entity: spec.Entity, context: RenderContext, names: Names) -> Iterator[spec.InputVarSpec]:
    for group in context.project.var_groups:
        if group.entity_key == entity.name:
            for entry in group.vars:
                record = entry.input_var
                if record is not None and record.from_ and names.ref(record.from_) == source:
                    yield record


def _known_of(
    source: str, entity: spec.Entity, context: RenderContext, names: Names, columns: Columns
) -> tuple[dict[str, InputVar], dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The input vars of a source, what each needs, and their order."""
    records = {record.name.lower(): record for record in _records_of(source, entity, context, names)}
    known: dict[str, InputVar] = {}
    for name, record in records.items():
        others = frozenset(records) - {name}
        known[name] = _with_implicit_references(_input_var(record, source, context), others, source, columns, context)
    needs = {name: tuple(sorted(_used(var.texts(), known) - {name})) for name, var in known.items()}
    return known, needs, running_order(needs, {name: var.at for name, var in known.items()})


def _with_implicit_references(
    var: InputVar, others: frozenset[str], source: str, columns: Columns, context: RenderContext
) -> InputVar:
    """An input var with references in place of other vars that it names like columns."""

    def named(text: SqlText) -> SqlText:
        found = without_columns(implicit_references(text, others), text, source, columns, context)
        return with_references(text, {name: ColumnReference(model_name(source), name) for name in found})

    window = var.window
    if window is not None:
        window = VarWindow(
            tuple(named(t) for t in window.partition_by), tuple(named(t) for t in window.order_by), window.frame
        )
    where = named(var.where) if var.where is not None else None
    return replace(var, select=named(var.select), where=where, window=window)


def _used(texts: Iterable[SqlText], known: Iterable[str]) -> set[str]:
    names = {r.name.lower() for text in texts for r in text.references.values() if isinstance(r, ColumnReference)}
    return names & set(known)


def _input_var(record: spec.InputVarSpec, source: str, context: RenderContext) -> InputVar:
    at, model = record.at, model_name(source)
    return InputVar(
        name=record.name,
        select=context.render(record.select, at.value("select"), model=model),
        where=context.render_optional(record.where, at.value("where"), model=model),
        window=context.window(record.window, model=model),
        default=context.render_optional(record.default_value, at.value("default_value")),
        data_type=context.render_optional(record.column_data_type, at.value("column_data_type")),
        at=at.start,
        definition=record.model_dump_json(),
    )
