"""Vars of a population -> steps: one scan for each source, then one table that joins them.

A var with ``from`` may use other vars in ``where`` and ``select``; it then belongs to a later *stage*, which scans
its source again with the table of the stage before at hand. Derived vars are laid over a stage's table in layers.
Vars with a time grain are read from the table of then, by main id (``plan.as_of`` makes it).
A cohort begins with the table of its parent, cut to its members: it has all vars of its parent, and its own, which may
have the same names. What takes part is decided before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from onefold.plan.feature_steps import EntityVars, VarTable
from onefold.plan.grains import at_grain, plain_ref
from onefold.plan.graph import running_order
from onefold.plan.populations import cohort_step
from onefold.plan.rows import input_vars_of
from onefold.plan.var_names import hidden, key_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from onefold.plan.feature_steps import Var
    from onefold.plan.model import Step, Text
    from onefold.plan.populations import Population
    from onefold.plan.var_names import Known, Namespace


@dataclass(frozen=True)
class PopulationVars:
    """What a population has.

    Attributes:
        steps: What computes it, in order.
        table: Ref of the table with all of it.
        columns: Names of the table's vars.
        stages: Ref and vars of the table of each stage, in order; the last one is ``table``.
        model_features: Features that SQL models give, in the order of the view.
        features: The others, in the order of the view.
        own: The vars that are its own, by lower-case name.
    """

    steps: tuple[Step, ...]
    table: str
    columns: tuple[str, ...]
    model_features: tuple[Var, ...]
    features: tuple[Var, ...]
    stages: tuple[tuple[str, frozenset[str]], ...] = ()
    own: Mapping[str, Known] = field(default_factory=dict)

    def first_with(self, names: Collection[str]) -> str:
        """Ref of the first table that has some vars: whoever needs no more need not wait for the others."""
        return next((ref for ref, columns in self.stages if columns.issuperset(names)), self.table)

    def up_to(self, names: Collection[str]) -> PopulationVars:
        """The same up to the first table that has some vars."""
        table = self.first_with(names)
        return replace(self, table=table, columns=tuple(sorted(dict(self.stages).get(table, self.columns))))


def population_vars(
    population: Population, own: Mapping[str, Known], space: Namespace, made: Mapping[str, PopulationVars]
) -> PopulationVars:
    """The steps of one population; those of its parent are in ``made``."""
    steps: list[Step] = []
    base = population.stitcher
    columns: tuple[str, ...] = ()
    if population.parent is not None:
        parent = made[population.parent.name]
        assert population.record is not None  # noqa: S101 - a cohort has one
        definition = json.dumps([population.record.model_dump(mode="json", by_alias=True)])
        steps, table = _filtered_table(population, space, made)
        cohort = cohort_step(
            population,
            table,
            space.conditions[population.name],
            definition,
            space.writer.hooks(population.record.hooks, population.ref),
        )
        members = _members(population, cohort.ref, parent, space)
        steps += [cohort, members]
        base, columns = members.ref, members.carried
    stages: list[tuple[str, frozenset[str]]] = []
    if own or population.parent is None:
        tables = _stage_steps(population, own, base, columns, space)
        stages = [(t.ref, _names(t)) for t in tables if isinstance(t, VarTable)]
        steps += tables
        assert isinstance(tables[-1], VarTable)  # noqa: S101 - each stage ends with its table
        base, columns = tables[-1].ref, (*columns, *own)
    own_features = sorted((k for k in own.values() if k.var.is_feature), key=lambda k: k.var.name)
    inherited = made[population.parent.name] if population.parent is not None else None
    declared = space.declared[population.name]

    def and_inherited(mine: Iterable[Known], theirs: Iterable[Var]) -> tuple[Var, ...]:
        return (*(k.var for k in mine), *(v for v in theirs if v.name.lower() not in declared))

    return PopulationVars(
        tuple(steps),
        base,
        tuple(columns),
        and_inherited((k for k in own_features if k.is_of_model), inherited.model_features if inherited else ()),
        and_inherited((k for k in own_features if not k.is_of_model), inherited.features if inherited else ()),
        tuple(stages),
        own,
    )


def _filtered_table(
    population: Population, space: Namespace, made: Mapping[str, PopulationVars]
) -> tuple[list[Step], str]:
    """Ref of the table that the filters of a cohort look at, and steps that only they need.

    Vars may be made of models over the cohort, so it does not wait for more vars than its filters use. A cohort of an
    entity has a stage of that; a cohort of a cohort, if models read it, a table of its own.
    """
    parent = population.parent
    assert parent is not None  # noqa: S101 - a cohort has one
    if parent.parent is not None and population.name not in space.read:
        return [], made[parent.name].table
    known = {key_in(p, name): k for p in parent.chain for name, k in made[p.name].own.items()}
    used = space.filtered_by[population.name]
    used = used.union(*(known[key].uses for key in used if key in known))
    steps, has = _with_only(parent, used, population.name, space, made)
    return steps, has.table


def _with_only(
    population: Population, used: frozenset[str], reader: str, space: Namespace, made: Mapping[str, PopulationVars]
) -> tuple[list[Step], PopulationVars]:
    """A table of a population with no more of its own vars than ``used``, for the filters of one of its cohorts."""
    has = made[population.name]
    own = {name: k for name, k in has.own.items() if key_in(population, name) in used}
    if population.parent is None:
        return [], has.up_to(own)
    steps, above = _with_only(population.parent, used, reader, space, made)
    alone = replace(population, read_by=reader)
    members = _members(alone, population.ref, above, space)
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


def _members(population: Population, cohort: str, parent: PopulationVars, space: Namespace) -> VarTable:
    """The parent's table, cut to the members; a var whose name one that is declared here has goes by another."""
    assert population.parent is not None  # noqa: S101 - a cohort has one
    renamed, declared = {}, space.declared[population.name]
    for name in parent.columns:
        if name.lower() in declared:
            home = next(p for p in population.parent.chain if name in space.declared[p.name])
            renamed[hidden(home, name)] = name
    carried = (*(c for c in parent.columns if c.lower() not in declared), *renamed)
    return VarTable(
        ref=f"{population.path}/members",
        name=f"{population.path.replace('/', '_')}_members",
        needs=tuple(sorted({parent.table, cohort})),
        definition=json.dumps([carried, renamed]),
        output="view",
        at=population.at,
        entity=population.entity.name,
        population=population.path,
        main_id=population.entity.main_id_column,
        stitcher=population.stitcher,
        base=parent.table,
        members=cohort,
        parts=(),
        parted={},
        derived=(),
        carried=carried,
        renamed=renamed,
    )


def _stage_steps(
    population: Population, known: Mapping[str, Known], base: str, carried: tuple[str, ...], space: Namespace
) -> list[EntityVars | VarTable]:
    """The scans and tables of a population's own vars."""
    steps: list[EntityVars | VarTable] = []
    stages = _stages(population, known)
    for number in sorted(set(stages.values()) or {0}):
        stage = [known[name] for name in known if stages[name] == number]
        suffix = "" if number == max(stages.values(), default=0) else f"_{number + 1}"
        at_hand = base if number or population.parent is not None else None
        parts = _scans(population, stage, at_hand, number, space)
        table = _table(population, stage, parts, base, carried, suffix)
        steps += [*parts, table]
        base, carried = table.ref, (*carried, *(k.var.name for k in stage))
    return steps


def _own_uses(population: Population, known: Mapping[str, Known], name: str) -> tuple[str, ...]:
    """Names of the vars of the population itself that one of them uses."""
    return tuple(other for other in known if key_in(population, other) in known[name].uses)


def _stages(population: Population, known: Mapping[str, Known]) -> dict[str, int]:
    """The stage of each var: 0 without uses; a var with a source comes after the stages of what it uses."""
    stages: dict[str, int] = {}
    needs = {name: _own_uses(population, known, name) for name in known}
    for name in running_order(needs, {}):
        latest = max((stages[used] for used in needs[name]), default=-1)
        stages[name] = latest + 1 if known[name].source else max(latest, 0)
    return stages


def _scans(
    population: Population, stage: Sequence[Known], known_vars: str | None, number: int, space: Namespace
) -> list[EntityVars]:
    """One step for each source of the stage."""
    with_source = sorted((k for k in stage if k.source), key=lambda k: k.source or "")
    steps = []
    path = population.path
    for source, group in groupby(with_source, key=lambda k: k.source or ""):
        members = tuple(group)
        short = source.replace("/", "_").replace("@", "_at_") + (f"_{number + 1}" if number else "")
        rows = plain_ref(source)
        columns = partial(space.columns_of, rows, population)
        row_vars = input_vars_of(rows, population.entity, _texts_of(members), space.writer, space.names, columns)
        steps.append(
            EntityVars(
                ref=f"{path}/vars/{short}",
                name=f"{path.replace('/', '_')}_vars_{short}",
                needs=tuple(sorted({source, population.stitcher, *([known_vars] if known_vars else [])})),
                definition=json.dumps([*(k.definition for k in members), *(v.definition for v in row_vars)]),
                output="table",
                at=members[0].var.at,
                entity=population.entity.name,
                population=population.path,
                main_id=population.entity.main_id_column,
                stitcher=population.stitcher,
                source=source,
                vars=tuple(k.var for k in members),
                known_vars=known_vars,
                members_only=population.parent is not None,
                input_vars=row_vars,
            )
        )
    return steps


def _texts_of(known: Iterable[Known]) -> list[Text]:
    """All texts of vars that may name columns of their source."""
    found: list[Text] = []
    for k in known:
        window = k.var.window
        found += [t for t in (k.var.select, k.var.where) if t is not None]
        found += [*window.partition_by, *window.order_by] if window is not None else []
    return found


def _table(  # noqa: PLR0917 - the facts that make a stage's table
    population: Population,
    stage: Sequence[Known],
    parts: Sequence[EntityVars],
    base: str,
    carried: tuple[str, ...],
    suffix: str,
) -> VarTable:
    """The table that joins a stage's scans to the profiles and lays the derived vars over them."""
    derived = [k for k in stage if not k.source and k.grain is None]
    grains = sorted({k.grain for k in stage if k.grain is not None})
    earlier = {
        at_grain(f"{population.home}/var_table", grain): tuple(k.var.name for k in stage if k.grain == grain)
        for grain in grains
    }
    return VarTable(
        ref=f"{population.path}/var_table{suffix}",
        name=f"{population.path.replace('/', '_')}_var_table{suffix}",
        needs=tuple(sorted({base, population.stitcher, *(p.ref for p in parts), *earlier})),
        definition=json.dumps([k.definition for k in stage]),
        output="table",
        at=population.at,
        entity=population.entity.name,
        population=population.path,
        main_id=population.entity.main_id_column,
        stitcher=population.stitcher,
        base=base,
        parts=tuple(p.ref for p in parts),
        parted={p.ref: p.vars for p in parts},
        derived=_layers(population, derived),
        carried=carried,
        earlier=earlier,
    )


def _layers(population: Population, derived: Sequence[Known]) -> tuple[tuple[Var, ...], ...]:
    """Derived vars in layers; a layer uses only vars with a source and layers before it."""
    inside = {k.var.name.lower(): k for k in derived}
    depth: dict[str, int] = {}
    needs = {name: _own_uses(population, inside, name) for name in inside}
    for name in running_order(needs, {}):
        depth[name] = 1 + max((depth[used] for used in needs[name]), default=0)
    return tuple(
        tuple(k.var for name, k in inside.items() if depth[name] == level)
        for level in range(1, max(depth.values(), default=0) + 1)
    )
