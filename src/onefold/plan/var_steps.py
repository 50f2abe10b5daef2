"""Turns the vars of a cohort into steps: one scan per source, then one table that joins them.

A var with ``from`` may use other vars in ``where`` and ``select``. It then belongs to a later *stage*, which scans its
source again, joined to the table of the previous stage. Derived vars are added on top of a stage's table in layers.
Vars with a time grain are joined from an earlier var table, by main id (see ``plan.as_of``). A declared cohort starts
from the table of its parent, restricted to its members. It has all vars of its parent and its own, which may reuse
names. Disabled vars were removed before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from onefold.plan.cohorts import cohort_step
from onefold.plan.feature_steps import EntityVars, VarTable
from onefold.plan.grains import at_grain, plain_ref
from onefold.plan.graph import running_order
from onefold.plan.resolved_vars import hidden, key_in
from onefold.plan.rows import input_vars_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from onefold.plan.cohorts import CohortScope
    from onefold.plan.feature_steps import Var
    from onefold.plan.model import SqlText, Step
    from onefold.plan.resolved_vars import Namespace, ResolvedVar


@dataclass(frozen=True)
class CohortVars:
    """The steps and columns of a cohort.

    Attributes:
        steps: The steps that compute it, in order.
        table: Ref of the table with all of its vars.
        columns: Names of the table's vars.
        stages: Ref and vars of the table of each stage, in order; the last one is ``table``.
        model_features: Features from SQL models, in the order of the view.
        features: The other features, in the order of the view.
        own: The vars that the cohort declares itself, by lower-case name.
    """

    steps: tuple[Step, ...]
    table: str
    columns: tuple[str, ...]
    model_features: tuple[Var, ...]
    features: tuple[Var, ...]
    stages: tuple[tuple[str, frozenset[str]], ...] = ()
    own: Mapping[str, ResolvedVar] = field(default_factory=dict)

    def first_with(self, names: Collection[str]) -> str:
        """Ref of the first table that has the given vars, so that a reader does not wait for later stages."""
        return next((ref for ref, columns in self.stages if columns.issuperset(names)), self.table)

    def up_to(self, names: Collection[str]) -> CohortVars:
        """A copy that ends at the first table that has the given vars."""
        table = self.first_with(names)
        return replace(self, table=table, columns=tuple(sorted(dict(self.stages).get(table, self.columns))))


def cohort_vars(
    cohort: CohortScope, own: Mapping[str, ResolvedVar], space: Namespace, made: Mapping[str, CohortVars]
) -> CohortVars:
    """The steps of one cohort; ``made`` has those of its parent."""
    steps: list[Step] = []
    base = cohort.stitcher
    columns: tuple[str, ...] = ()
    if cohort.parent is not None:
        parent = made[cohort.parent.name]
        assert cohort.record is not None  # noqa: S101 - a declared cohort has a record
        definition = json.dumps([cohort.record.model_dump(mode="json", by_alias=True)])
        steps, table = _filtered_table(cohort, space, made)
        filtered = cohort_step(
            cohort,
            table,
            space.conditions[cohort.name],
            definition,
            space.context.hooks(cohort.record.hooks, cohort.ref),
        )
        members = _members(cohort, filtered.ref, parent, space)
        steps += [filtered, members]
        base, columns = members.ref, members.carried
    stages: list[tuple[str, frozenset[str]]] = []
    if own or cohort.parent is None:
        tables = _stage_steps(cohort, own, base, columns, space)
        stages = [(t.ref, _names(t)) for t in tables if isinstance(t, VarTable)]
        steps += tables
        assert isinstance(tables[-1], VarTable)  # noqa: S101 - each stage ends with its table
        base, columns = tables[-1].ref, (*columns, *own)
    own_features = sorted((k for k in own.values() if k.var.is_feature), key=lambda k: k.var.name)
    inherited = made[cohort.parent.name] if cohort.parent is not None else None
    declared = space.declared[cohort.name]

    def and_inherited(mine: Iterable[ResolvedVar], theirs: Iterable[Var]) -> tuple[Var, ...]:
        return (*(k.var for k in mine), *(v for v in theirs if v.name.lower() not in declared))

    return CohortVars(
        tuple(steps),
        base,
        tuple(columns),
        and_inherited((k for k in own_features if k.is_of_model), inherited.model_features if inherited else ()),
        and_inherited((k for k in own_features if not k.is_of_model), inherited.features if inherited else ()),
        tuple(stages),
        own,
    )


def _filtered_table(cohort: CohortScope, space: Namespace, made: Mapping[str, CohortVars]) -> tuple[list[Step], str]:
    """The steps for, and the ref of, the table that the filters of a cohort read.

    Models over the cohort may provide vars, so the cohort waits only for the vars that its filters use. A cohort of an
    entity reads the stage that has them. A cohort of a cohort reads a reduced table of its own, if models read it.
    """
    parent = cohort.parent
    assert parent is not None  # noqa: S101 - a declared cohort has a parent
    if parent.parent is not None and cohort.name not in space.read:
        return [], made[parent.name].table
    known = {key_in(p, name): k for p in parent.chain for name, k in made[p.name].own.items()}
    used = space.filtered_by[cohort.name]
    used = used.union(*(known[key].uses for key in used if key in known))
    steps, has = _with_only(parent, used, cohort.name, space, made)
    return steps, has.table


def _with_only(
    cohort: CohortScope, used: frozenset[str], reader: str, space: Namespace, made: Mapping[str, CohortVars]
) -> tuple[list[Step], CohortVars]:
    """A table of a cohort restricted to the vars ``used`` by the filters of one of its child cohorts."""
    has = made[cohort.name]
    own = {name: k for name, k in has.own.items() if key_in(cohort, name) in used}
    if cohort.parent is None:
        return [], has.up_to(own)
    steps, above = _with_only(cohort.parent, used, reader, space, made)
    alone = replace(cohort, read_by=reader)
    members = _members(alone, cohort.ref, above, space)
    tables = _stage_steps(alone, own, members.ref, members.carried, space) if own else []
    last = tables[-1].ref if tables else members.ref
    return [*steps, members, *tables], replace(has, table=last, columns=(*members.carried, *own), stages=())


def _names(table: VarTable) -> frozenset[str]:
    """Lower-case names of the vars that a table has."""
    own = [
        *(v.name for vars_ in table.parted.values() for v in vars_),
        *(v.name for layer in table.derived for v in layer),
        *(name for names in table.earlier.values() for name in names),
    ]
    return frozenset(name.lower() for name in (*table.carried, *own))


def _members(cohort: CohortScope, member_ref: str, parent: CohortVars, space: Namespace) -> VarTable:
    """The parent's table restricted to the members; vars whose names are declared again here are renamed."""
    assert cohort.parent is not None  # noqa: S101 - a declared cohort has a parent
    renamed, declared = {}, space.declared[cohort.name]
    for name in parent.columns:
        if name.lower() in declared:
            home = next(p for p in cohort.parent.chain if name in space.declared[p.name])
            renamed[hidden(home, name)] = name
    carried = (*(c for c in parent.columns if c.lower() not in declared), *renamed)
    return VarTable(
        ref=f"{cohort.path}/members",
        name=f"{cohort.path.replace('/', '_')}_members",
        needs=tuple(sorted({parent.table, member_ref})),
        definition=json.dumps([carried, renamed]),
        output="view",
        at=cohort.at,
        entity=cohort.entity.name,
        cohort=cohort.path,
        main_id=cohort.entity.main_id_column,
        stitcher=cohort.stitcher,
        base=parent.table,
        members=member_ref,
        parts=(),
        parted={},
        derived=(),
        carried=carried,
        renamed=renamed,
    )


def _stage_steps(
    cohort: CohortScope, known: Mapping[str, ResolvedVar], base: str, carried: tuple[str, ...], space: Namespace
) -> list[EntityVars | VarTable]:
    """The scans and tables of the vars that a cohort declares itself."""
    steps: list[EntityVars | VarTable] = []
    stages = _stages(cohort, known)
    for number in sorted(set(stages.values()) or {0}):
        stage = [known[name] for name in known if stages[name] == number]
        suffix = "" if number == max(stages.values(), default=0) else f"_{number + 1}"
        at_hand = base if number or cohort.parent is not None else None
        parts = _scans(cohort, stage, at_hand, number, space)
        table = _table(cohort, stage, parts, base, carried, suffix)
        steps += [*parts, table]
        base, carried = table.ref, (*carried, *(k.var.name for k in stage))
    return steps


def _own_uses(cohort: CohortScope, known: Mapping[str, ResolvedVar], name: str) -> tuple[str, ...]:
    """Names of the cohort's own vars that one of them uses."""
    return tuple(other for other in known if key_in(cohort, other) in known[name].uses)


def _stages(cohort: CohortScope, known: Mapping[str, ResolvedVar]) -> dict[str, int]:
    """The stage of each var: 0 if it uses none; a var with a source comes after the stages of the vars it uses."""
    stages: dict[str, int] = {}
    needs = {name: _own_uses(cohort, known, name) for name in known}
    for name in running_order(needs, {}):
        latest = max((stages[used] for used in needs[name]), default=-1)
        stages[name] = latest + 1 if known[name].source else max(latest, 0)
    return stages


def _scans(
    cohort: CohortScope, stage: Sequence[ResolvedVar], known_vars: str | None, number: int, space: Namespace
) -> list[EntityVars]:
    """One step for each source of the stage."""
    with_source = sorted((k for k in stage if k.source), key=lambda k: k.source or "")
    steps = []
    path = cohort.path
    for source, group in groupby(with_source, key=lambda k: k.source or ""):
        members = tuple(group)
        short = source.replace("/", "_").replace("@", "_at_") + (f"_{number + 1}" if number else "")
        rows = plain_ref(source)
        columns = partial(space.columns_of, rows, cohort)
        row_vars = input_vars_of(rows, cohort.entity, _texts_of(members), space.context, space.names, columns)
        steps.append(
            EntityVars(
                ref=f"{path}/vars/{short}",
                name=f"{path.replace('/', '_')}_vars_{short}",
                needs=tuple(sorted({source, cohort.stitcher, *([known_vars] if known_vars else [])})),
                definition=json.dumps([*(k.definition for k in members), *(v.definition for v in row_vars)]),
                output="table",
                at=members[0].var.at,
                entity=cohort.entity.name,
                cohort=cohort.path,
                main_id=cohort.entity.main_id_column,
                stitcher=cohort.stitcher,
                source=source,
                vars=tuple(k.var for k in members),
                known_vars=known_vars,
                members_only=cohort.parent is not None,
                input_vars=row_vars,
            )
        )
    return steps


def _texts_of(known: Iterable[ResolvedVar]) -> list[SqlText]:
    """All SQL texts of vars that may name columns of their source."""
    found: list[SqlText] = []
    for k in known:
        window = k.var.window
        found += [t for t in (k.var.select, k.var.where) if t is not None]
        found += [*window.partition_by, *window.order_by] if window is not None else []
    return found


def _table(  # noqa: PLR0917 - the inputs of a stage's table
    cohort: CohortScope,
    stage: Sequence[ResolvedVar],
    parts: Sequence[EntityVars],
    base: str,
    carried: tuple[str, ...],
    suffix: str,
) -> VarTable:
    """The table that joins a stage's scans to the profiles and adds the derived vars."""
    derived = [k for k in stage if not k.source and k.grain is None]
    grains = sorted({k.grain for k in stage if k.grain is not None})
    earlier = {
        at_grain(f"{cohort.home}/var_table", grain): tuple(k.var.name for k in stage if k.grain == grain)
        for grain in grains
    }
    return VarTable(
        ref=f"{cohort.path}/var_table{suffix}",
        name=f"{cohort.path.replace('/', '_')}_var_table{suffix}",
        needs=tuple(sorted({base, cohort.stitcher, *(p.ref for p in parts), *earlier})),
        definition=json.dumps([k.definition for k in stage]),
        output="table",
        at=cohort.at,
        entity=cohort.entity.name,
        cohort=cohort.path,
        main_id=cohort.entity.main_id_column,
        stitcher=cohort.stitcher,
        base=base,
        parts=tuple(p.ref for p in parts),
        parted={p.ref: p.vars for p in parts},
        derived=_layers(cohort, derived),
        carried=carried,
        earlier=earlier,
    )


def _layers(cohort: CohortScope, derived: Sequence[ResolvedVar]) -> tuple[tuple[Var, ...], ...]:
    """Derived vars in layers; a layer uses only vars with a source and the layers before it."""
    inside = {k.var.name.lower(): k for k in derived}
    depth: dict[str, int] = {}
    needs = {name: _own_uses(cohort, inside, name) for name in inside}
    for name in running_order(needs, {}):
        depth[name] = 1 + max((depth[used] for used in needs[name]), default=0)
    return tuple(
        tuple(k.var for name, k in inside.items() if depth[name] == level)
        for level in range(1, max(depth.values(), default=0) + 1)
    )
