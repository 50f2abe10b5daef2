"""Vars of rows: ``input_var``s of one source, for the vars of an entity that read it (format A2, B5.3).

In: the texts of those vars. Out: the input vars that they use, each after those that it uses. An input var is a column
of the source's rows that belong to a profile; it is named by reference, ``{{orders.x}}`` or ``{{orders.Var("x")}}``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.plan.graph import running_order, with_needs
from onefold.plan.model import InputVar, Text
from onefold.template.references import ColumnReference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onefold.plan.names import Names
    from onefold.plan.texts import Writer
    from onefold.project import spec


def input_vars_of(
    source: str, entity: spec.Entity, texts: Iterable[Text], writer: Writer, names: Names
) -> tuple[InputVar, ...]:
    """The input vars of a source that texts use, directly or not, in an order in which they can be computed.

    Args:
        source: Ref of the input or model.
        entity: Whose var groups declare them.
        texts: Rendered texts of the vars that read the source.
        writer: Renders; told of circles.
        names: Which ref a path means.
    """
    known, needs, order = _known_of(source, entity, writer, names)
    wanted = with_needs(_used(texts, known), needs)
    return tuple(known[name] for name in order if name in wanted)


def all_input_vars_of(source: str, entity: spec.Entity, writer: Writer, names: Names) -> tuple[InputVar, ...]:
    """All input vars of a source that var groups of an entity declare, in an order in which they can be computed."""
    known, _, order = _known_of(source, entity, writer, names)
    return tuple(known[name] for name in order)


def _known_of(
    source: str, entity: spec.Entity, writer: Writer, names: Names
) -> tuple[dict[str, InputVar], dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The input vars of a source, what each needs, and their order."""
    known: dict[str, InputVar] = {}
    for group in writer.project.var_groups:
        if group.entity_key != entity.name:
            continue
        for entry in group.vars:
            record = entry.input_var
            if record is not None and record.from_ and names.ref(record.from_) == source:
                known[record.name.lower()] = _input_var(record, source, writer)
    needs = {name: tuple(sorted(_used(var.texts(), known) - {name})) for name, var in known.items()}
    return known, needs, running_order(needs, {name: var.at for name, var in known.items()})


def _used(texts: Iterable[Text], known: Iterable[str]) -> set[str]:
    names = {r.name.lower() for text in texts for r in text.references.values() if isinstance(r, ColumnReference)}
    return names & set(known)


def _input_var(record: spec.InputVar, source: str, writer: Writer) -> InputVar:
    at, model = record.at, source.rsplit("/", 1)[-1]
    return InputVar(
        name=record.name,
        select=writer.text(record.select, at.value("select"), model=model),
        where=writer.maybe(record.where, at.value("where"), model=model),
        window=writer.window(record.window, model=model),
        default=writer.maybe(record.default_value, at.value("default_value")),
        data_type=writer.maybe(record.column_data_type, at.value("column_data_type")),
        at=at.start,
        definition=record.model_dump_json(),
    )
