"""Vars of one entity -> steps: one scan for each source, then one table that joins them.

A var with ``from`` may use other vars in ``where`` and ``select``; it then belongs to a later *stage*, which scans
its source again with the table of the stage before at hand. Derived vars are laid over a stage's table in layers.
Nothing here knows SQL: what a var uses is read from the references of its rendered texts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from onefold.plan.graph import running_order, with_needs
from onefold.plan.model import EntityVars, Text, Var, VarTable
from onefold.template.references import VarReference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from onefold.plan.names import Names
    from onefold.plan.texts import Writer
    from onefold.project import spec


@dataclass(frozen=True)
class _Known:
    """A var, rendered, with where it comes from and what it uses."""

    var: Var
    source: str | None
    uses: frozenset[str]
    definition: str


def var_steps(
    entity: spec.Entity, stitcher: str, writer: Writer, names: Names
) -> tuple[list[EntityVars | VarTable], tuple[Var, ...]]:
    """The steps that compute an entity's vars, and the vars that are features, in alphabetical order.

    Vars that are no features and that nothing needs are left out (format A2).
    """
    known = _known_vars(entity, writer, names)
    if writer.findings:
        return [], ()
    wanted = with_needs(
        (name for name, k in known.items() if k.var.is_feature), {n: tuple(k.uses) for n, k in known.items()}
    )
    known = {name: k for name, k in known.items() if name in wanted}
    steps: list[EntityVars | VarTable] = []
    base = stitcher
    carried: tuple[str, ...] = ()
    stages = _stages(known)
    for number in sorted(set(stages.values()) or {0}):
        stage = [known[name] for name in known if stages[name] == number]
        suffix = "" if number == max(stages.values(), default=0) else f"_{number + 1}"
        parts = _scans(entity, stitcher, stage, None if number == 0 else base, number)
        table = _table(entity, stitcher, stage, parts, base, carried, suffix)
        steps += [*parts, table]
        base, carried = table.ref, (*carried, *(k.var.name for k in stage))
    features = sorted((k.var for k in known.values() if k.var.is_feature), key=lambda v: v.name.lower())
    return steps, tuple(features)


def _known_vars(entity: spec.Entity, writer: Writer, names: Names) -> dict[str, _Known]:
    """All entity vars of ``entity`` by lower-case name, in order of declaration."""
    known: dict[str, _Known] = {}
    for group in writer.project.var_groups:
        if group.entity_key != entity.name:
            continue
        for entry in group.vars:
            if entry.entity_var is not None:
                known[entry.entity_var.name.lower()] = _known(entry.entity_var, entity, writer, names)
    for k in known.values():
        for used in k.uses - known.keys():
            writer.refuse(
                "unknown-var",
                f'var "{k.var.name}" uses "{used}", which entity "{entity.name}" does not have',
                k.var.at,
            )
    if not writer.findings:
        needs = {n: tuple(k.uses) for n, k in known.items()}
        running_order(needs, {n: k.var.at for n, k in known.items()})
    return known


def _known(record: spec.EntityVar, entity: spec.Entity, writer: Writer, names: Names) -> _Known:
    at, source = record.at, names.ref(record.from_) if record.from_ else None
    model = source.rsplit("/", 1)[-1] if source else None
    var = Var(
        name=record.name,
        select=writer.text(record.select, at.value("select"), model=model),
        where=writer.maybe(record.where, at.value("where"), model=model),
        window=writer.window(record.window, model=model),
        default=writer.maybe(record.default_value, at.value("default_value")),
        data_type=writer.maybe(record.column_data_type, at.value("column_data_type")),
        is_feature=record.is_feature,
        description=record.description,
        at=at.start,
    )
    if record.from_ and source is None:
        writer.refuse(
            "unknown-model", f'"{record.from_}" is not a model', at.value("from"), names.nearest(record.from_)
        )
    window = (*var.window.partition_by, *var.window.order_by) if var.window else ()
    texts = [t for t in (var.select, var.where, *window) if t is not None]
    return _Known(var, source, _uses(texts, entity.name), record.model_dump_json())


def _uses(texts: Iterable[Text], entity: str) -> frozenset[str]:
    """Lower-case names of the vars of ``entity`` that the texts refer to."""
    return frozenset(
        r.name.lower()
        for text in texts
        for r in text.references.values()
        if isinstance(r, VarReference) and r.entity == entity
    )


def _stages(known: Mapping[str, _Known]) -> dict[str, int]:
    """The stage of each var: 0 without uses; a var with a source comes after the stages of what it uses."""
    stages: dict[str, int] = {}
    for name in running_order({n: tuple(k.uses) for n, k in known.items()}, {}):
        latest = max((stages[used] for used in known[name].uses), default=-1)
        stages[name] = latest + 1 if known[name].source else max(latest, 0)
    return stages


def _scans(
    entity: spec.Entity, stitcher: str, stage: Sequence[_Known], known_vars: str | None, number: int
) -> list[EntityVars]:
    """One step for each source of the stage."""
    with_source = sorted((k for k in stage if k.source), key=lambda k: k.source or "")
    steps = []
    for source, group in groupby(with_source, key=lambda k: k.source or ""):
        members = tuple(group)
        short = source.replace("/", "_") + (f"_{number + 1}" if number else "")
        steps.append(
            EntityVars(
                ref=f"{entity.name}/vars/{short}",
                name=f"{entity.name}_vars_{short}",
                needs=tuple(sorted({source, stitcher, *([known_vars] if known_vars else [])})),
                definition=json.dumps([k.definition for k in members]),
                output="table",
                at=members[0].var.at,
                entity=entity.name,
                main_id=entity.main_id_column,
                stitcher=stitcher,
                source=source,
                vars=tuple(k.var for k in members),
                known_vars=known_vars,
            )
        )
    return steps


def _table(  # noqa: PLR0917 - the seven facts that make a stage's table
    entity: spec.Entity,
    stitcher: str,
    stage: Sequence[_Known],
    parts: Sequence[EntityVars],
    base: str,
    carried: tuple[str, ...],
    suffix: str,
) -> VarTable:
    """The table that joins a stage's scans to the profiles and lays the derived vars over them."""
    derived = [k for k in stage if not k.source]
    return VarTable(
        ref=f"{entity.name}/var_table{suffix}",
        name=f"{entity.name}_var_table{suffix}",
        needs=tuple(sorted({base, stitcher, *(p.ref for p in parts)})),
        definition=json.dumps([k.definition for k in stage]),
        output="table",
        at=entity.at.start,
        entity=entity.name,
        main_id=entity.main_id_column,
        stitcher=stitcher,
        base=base,
        parts=tuple(p.ref for p in parts),
        parted={p.ref: p.vars for p in parts},
        derived=_layers(derived),
        carried=carried,
    )


def _layers(derived: Sequence[_Known]) -> tuple[tuple[Var, ...], ...]:
    """Derived vars in layers; a layer uses only vars with a source and layers before it."""
    inside = {k.var.name.lower(): k for k in derived}
    depth: dict[str, int] = {}
    needs = {name: tuple(k.uses & inside.keys()) for name, k in inside.items()}
    for name in running_order(needs, {}):
        depth[name] = 1 + max((depth[used] for used in needs[name]), default=0)
    return tuple(
        tuple(k.var for name, k in inside.items() if depth[name] == level)
        for level in range(1, max(depth.values(), default=0) + 1)
    )
