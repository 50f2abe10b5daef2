"""Vars of an entity and its cohorts -> steps: one scan for each source, then one table that joins them.

A var with ``from`` may use other vars in ``where`` and ``select``; it then belongs to a later *stage*, which scans
its source again with the table of the stage before at hand. Derived vars are laid over a stage's table in layers.
A cohort begins with the table of its parent, cut to its members: it has all vars of its parent, and its own, which may
have the same names. Nothing here knows SQL: what a var uses is read from the references of its rendered texts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from onefold.plan.bare_names import bare_names, with_references
from onefold.plan.grains import grain_of, plain_ref
from onefold.plan.graph import running_order, with_needs
from onefold.plan.left_out import vendor_features
from onefold.plan.model import EntityVars, Text, Var, VarTable, VarWindow
from onefold.plan.plugin_models import plugin_features
from onefold.plan.populations import Population, cohort_step, condition_of
from onefold.plan.rows import input_vars_of
from onefold.project import spec
from onefold.template.references import VarReference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from onefold.errors import Location
    from onefold.plan.model import Condition, Step
    from onefold.plan.names import Names
    from onefold.plan.texts import Writer


GRAPH_COLUMNS = ("other_id", "other_id_type", "valid_at", "first_seen_at")
"""Columns of an id graph, beside the main id (format A1)."""


@dataclass(frozen=True)
class PopulationVars:
    """What a population has.

    Attributes:
        steps: What computes it, in order.
        table: Ref of the table with all of it.
        columns: Names of the table's vars.
        model_features: Features that SQL models give, in the order of the view.
        features: The others, in the order of the view.
    """

    steps: tuple[Step, ...]
    table: str
    columns: tuple[str, ...]
    model_features: tuple[Var, ...]
    features: tuple[Var, ...]


@dataclass(frozen=True)
class _Known:
    """A var, rendered, with where it comes from and what it uses.

    Attributes:
        uses: Keys of the vars that it uses.
        is_of_model: A SQL model gives it as a feature.
        missing: Why it takes no part, if it does not.
        grain: Its time grain.
    """

    var: Var
    source: str | None
    uses: frozenset[str]
    definition: str
    is_of_model: bool = False
    missing: str | None = None
    grain: str | None = None


@dataclass
class _Namespace:
    """Which names there are, and what each means, before any step exists.

    Attributes:
        declared: Lower-case names of the vars of each population.
        conditions: What the filters of each cohort say.
        filtered_by: Keys of the vars that the filters of each cohort use.
        vendors: The models of other packages that would give a population vars, by lower-case name of the var.
    """

    writer: Writer
    names: Names
    declared: dict[str, set[str]] = field(default_factory=dict)
    conditions: dict[str, Condition] = field(default_factory=dict)
    filtered_by: dict[str, frozenset[str]] = field(default_factory=dict)
    vendors: dict[str, dict[str, spec.PluginModel]] = field(default_factory=dict)

    def home(self, population: Population, owner: str, name: str) -> Population | None:
        """The population whose var ``{{owner.name}}`` means, seen from ``population``."""
        start = next((p for p in population.chain if p.name == owner), None)
        return next((p for p in start.chain if name in self.declared[p.name]), None) if start else None

    def column(self, population: Population, home: Population, name: str) -> str:
        """The column of a var in the table of ``population``: its name, unless a nearer var has that."""
        nearest = next(p for p in population.chain if name in self.declared[p.name])
        return name if nearest is home else hidden(home, name)

    def resolve(self, text: Text, population: Population, what: str) -> tuple[Text, frozenset[str]]:
        """The text with the columns of its vars in place of their names, and the keys of these vars."""
        references, uses = dict(text.references), set()
        for token, reference in text.references.items():
            if not isinstance(reference, VarReference):
                continue
            name = reference.name.lower()
            home = self.home(population, reference.entity, name)
            if home is None:
                whose = "cohort" if population.parent else "entity"
                message = f'{what} uses "{reference.name}", which {whose} "{population.name}" does not have'
                self.writer.refuse("unknown-var", message, text.at)
                continue
            references[token] = VarReference(reference.entity, self.column(population, home, name))
            uses.add(_key(home, name))
        return replace(text, references=references), frozenset(uses)

    def with_bare_names(self, text: Text, population: Population, record: spec.EntityVar, source: str | None) -> Text:
        """The text of a var with references in place of vars that it names as if they were columns.

        Where it reads a source, a column of that is meant first; if its columns are not known, nothing else is.
        """
        others = {name for p in population.chain for name in self.declared[p.name]} - {record.name.lower()}
        found = bare_names(text, others)
        if found and record.from_ is not None:
            columns = self._columns(source, population)
            found = found - columns if columns is not None else frozenset()
        return with_references(text, population.name, found)

    def behind(self, source: str | None) -> frozenset[str]:
        """Keys of the vars that a source reads itself, from a table of vars, or that what it reads does."""
        made = self.writer.made.steps if self.writer.made is not None else {}
        needs = with_needs([source] if source is not None else [], {ref: step.needs for ref, step in made.items()})
        return frozenset(_key_of(ref) for ref in needs if ref.startswith("entity/"))

    def asked_for(self) -> frozenset[str]:
        """Keys of the vars that models read from tables of vars."""
        made = self.writer.made.steps if self.writer.made is not None else {}
        return frozenset(_key_of(n) for step in made.values() for n in step.needs if n.startswith("entity/"))

    def _columns(self, source: str | None, population: Population) -> frozenset[str] | None:
        if source == population.stitcher:
            return frozenset({population.entity.main_id_column.lower(), *GRAPH_COLUMNS})
        return self.writer.columns_of(source) if source is not None else None


def hidden(home: Population, name: str) -> str:
    """The column of a var whose name another one has."""
    return f"__{home.name}_{name}"


def _key(population: Population, name: str) -> str:
    return f"{population.name}.{name}"


def _key_of(ref: str) -> str:
    """The key of ``entity/user/x``."""
    _, entity, name = ref.split("/")
    return f"{entity}.{name}"


def vars_of(populations: Sequence[Population], writer: Writer, names: Names) -> dict[str, PopulationVars]:
    """The vars of an entity and its cohorts, by the population's name.

    Vars that are no features and that nothing needs are left out (format A2).
    """
    space = _Namespace(writer, names)
    for population in populations:
        space.vendors[population.name] = {} if population.parent else vendor_features(writer.project, population.entity)
        space.declared[population.name] = set(space.vendors[population.name])
        space.declared[population.name] |= {r.name.lower() for r in _records(population, writer, names)} | {
            f.name.lower() for _, f in _model_features(population, writer, names)
        }
    known = {p.name: _known_vars(p, space) for p in populations}
    for population in populations:
        if population.record is not None:
            _read_filters(population, space)
    if writer.findings:
        return {}
    keyed = {_key(p, name): k for p in populations for name, k in known[p.name].items()}
    # What belongs to another entity is made beside this one.
    keyed = {key: replace(k, uses=k.uses & keyed.keys()) for key, k in keyed.items()}
    needs = {key: tuple(sorted(k.uses)) for key, k in keyed.items()}
    running_order(needs, {key: k.var.at for key, k in keyed.items()})
    _refuse_mixed_grains(keyed, writer)
    if writer.findings:
        return {}
    missing = _left_out(populations, keyed, needs, space)
    kept = [p for p in populations if p.ref not in writer.left_out]
    keyed = {key: k for key, k in keyed.items() if key not in missing}
    chosen = [key for key, k in keyed.items() if k.var.is_feature or key in space.asked_for()]
    filters = [key for p in kept for key in space.filtered_by.get(p.name, ())]
    wanted = with_needs([*chosen, *filters], needs) & keyed.keys()
    made: dict[str, PopulationVars] = {}
    for population in kept:
        own = {name: k for name, k in known[population.name].items() if _key(population, name) in wanted}
        made[population.name] = _population_vars(population, own, space, made)
    return made


def _refuse_mixed_grains(keyed: Mapping[str, _Known], writer: Writer) -> None:
    """A var with a time grain uses only vars of the same one: there is no earlier value of the others."""
    for known in keyed.values():
        other = next((key for key in sorted(known.uses) if keyed[key].grain != known.grain), None)
        if known.grain is not None and other is not None:
            name = other.split(".")[1]
            message = f'var "{known.var.name}" has time_grain {known.grain} and uses "{name}", which has another'
            writer.refuse("not-run", message, known.var.at, f"give {name} the same time_grain")


def _left_out(
    populations: Sequence[Population],
    keyed: Mapping[str, _Known],
    needs: Mapping[str, tuple[str, ...]],
    space: _Namespace,
) -> frozenset[str]:
    """Keys of the vars that take no part; they, and cohorts whose filters need one, are noted."""
    writer, missing = space.writer, dict[str, str]()
    for key in running_order(needs, {}):
        used = next((need for need in needs[key] if need in missing), None)
        reason = keyed[key].missing or (f"it uses {used.split('.')[1]}, which is left out" if used else None)
        if reason is not None:
            missing[key] = reason
            writer.leave_out(f"entity/{key.replace('.', '/')}", "entity_var", reason, keyed[key].var.at)
    for population in populations:
        if population.parent is None:
            continue
        used = next((key for key in sorted(space.filtered_by[population.name]) if key in missing), None)
        reason = f"its filters use {used.split('.')[1]}, which is left out" if used else None
        reason = reason or writer.left_out_among([population.parent.ref])
        if reason is not None:
            writer.leave_out(population.ref, "entity_cohort", reason, population.at)
        if population.ref in writer.left_out:
            missing |= {key: "" for key in keyed if key.startswith(f"{population.name}.")}
    return frozenset(missing)


def _read_filters(population: Population, space: _Namespace) -> None:
    assert population.record is not None and population.parent is not None  # noqa: S101, PT018 - a cohort
    parent = population.parent
    uses: set[str] = set()

    def text(sql: str, at: Location) -> Text:
        rendered, used = space.resolve(space.writer.text(sql, at), parent, f'cohort "{population.name}"')
        uses.update(used)
        return rendered

    space.conditions[population.name] = condition_of(population.record, text, space.writer)
    space.filtered_by[population.name] = frozenset(uses)


# --- what is declared ---


def _records(population: Population, writer: Writer, names: Names) -> list[spec.EntityVar]:
    """The entity vars of a population, in order of declaration, each with the time grain of its group."""
    found: list[spec.EntityVar] = []
    for group in writer.project.var_groups:
        of = names.ref(group.entity_cohort) if group.entity_cohort is not None else f"{group.entity_key}/all"
        if of == population.ref:
            own = [entry.entity_var for entry in group.vars if entry.entity_var is not None]
            found += [v.model_copy(update={"time_grain": v.time_grain or group.time_grain}) for v in own]
    return found


def _model_features(
    population: Population, writer: Writer, names: Names
) -> list[tuple[spec.SqlTemplate | spec.PluginModel, spec.ModelFeature]]:
    """Columns of SQL models and of plugins' models that are features of a population."""
    found: list[tuple[spec.SqlTemplate | spec.PluginModel, spec.ModelFeature]] = []
    if population.parent is None:
        found += [(m, spec.ModelFeature(name=name)) for m, name in plugin_features(population.name, writer)]
    for model in writer.project.models:
        if not isinstance(model, spec.SqlTemplate) or not model.model_spec.features:
            continue
        body = model.model_spec
        of = names.ref(body.entity_cohort) if body.entity_cohort else f"{body.entity_key}/all"
        if of == population.ref:
            found += [
                (model, f if isinstance(f, spec.ModelFeature) else spec.ModelFeature(name=f)) for f in body.features
            ]
    return found


def _known_vars(population: Population, space: _Namespace) -> dict[str, _Known]:
    """The vars of a population by lower-case name, features of models first."""
    known: dict[str, _Known] = {}
    for name, vendor in space.vendors[population.name].items():
        var = Var(name=name, select=Text("NULL"), is_feature=False, at=vendor.at.start)
        reason = f"model {vendor.name}, which would give it, is left out"
        known[name] = _Known(var, None, frozenset(), "", missing=reason)
    for model, feature in _model_features(population, space.writer, space.names):
        at = model.at.start
        select = Text(f"MIN({feature.name})", {}, at)
        var = Var(name=feature.name, select=select, description=feature.description, at=at)
        definition = json.dumps([model.name, feature.model_dump()])
        source = f"models/{model.name}"
        missing = space.writer.left_out_among([source])
        uses = space.behind(source)
        known[feature.name.lower()] = _Known(var, source, uses, definition, is_of_model=True, missing=missing)
    for record in _records(population, space.writer, space.names):
        known[record.name.lower()] = _known(record, population, space)
    return known


def _known(record: spec.EntityVar, population: Population, space: _Namespace) -> _Known:
    at, writer = record.at, space.writer
    source = space.names.ref(record.from_) if record.from_ else None
    if record.from_ and source is None:
        hint = space.names.nearest(record.from_)
        writer.refuse("unknown-model", f'"{record.from_}" is not a model', at.value("from"), hint)
    # The name as written: an input of a package may be mapped to one of another name.
    model = record.from_.strip("/").rsplit("/", 1)[-1] if record.from_ else None
    uses: set[str] = set(space.behind(source))

    def resolved(given: Text) -> Text:
        text = space.with_bare_names(given, population, record, source)
        found, used = space.resolve(text, population, f'var "{record.name}"')
        uses.update(used)
        return found

    def maybe(text: Text | None) -> Text | None:
        return None if text is None else resolved(text)

    window = writer.window(record.window, model=model)
    var = Var(
        name=record.name,
        select=resolved(writer.text(record.select, at.value("select"), model=model)),
        where=maybe(writer.maybe(record.where, at.value("where"), model=model)),
        window=_window(window, resolved) if window is not None else None,
        default=writer.maybe(record.default_value, at.value("default_value")),
        data_type=writer.maybe(record.column_data_type, at.value("column_data_type")),
        is_feature=record.is_feature,
        description=record.description,
        at=at.start,
    )
    missing = writer.left_out_among([source] if source else [])
    grain = grain_of(record.time_grain)
    if grain is not None and source == population.stitcher:
        writer.refuse("not-run", "a var over the id stitcher has no time grain of its own", at.value("from"))
    elif source is not None and missing is None:
        source = writer.at(source, grain)
    if record.materialization.enable_status == "disabled":
        missing = "its enable_status is disabled"
    return _Known(var, source, frozenset(uses), record.model_dump_json(), missing=missing, grain=grain)


def _window(window: VarWindow, resolved: Callable[[Text], Text]) -> VarWindow:
    return VarWindow(
        tuple(resolved(t) for t in window.partition_by), tuple(resolved(t) for t in window.order_by), window.frame
    )


# --- steps ---


def _population_vars(
    population: Population, own: Mapping[str, _Known], space: _Namespace, made: Mapping[str, PopulationVars]
) -> PopulationVars:
    """The steps of one population; those of its parent are in ``made``."""
    steps: list[Step] = []
    base = population.stitcher
    columns: tuple[str, ...] = ()
    if population.parent is not None:
        parent = made[population.parent.name]
        assert population.record is not None  # noqa: S101 - a cohort has one
        definition = json.dumps([population.record.model_dump(mode="json", by_alias=True)])
        cohort = cohort_step(
            population,
            parent.table,
            space.conditions[population.name],
            definition,
            space.writer.hooks(population.record.hooks, population.ref),
        )
        members = _members(population, cohort.ref, parent, own, space)
        steps += [cohort, members]
        base, columns = members.ref, members.carried
    if own or population.parent is None:
        tables = _stage_steps(population, own, base, columns, space)
        steps += tables
        assert isinstance(tables[-1], VarTable)  # noqa: S101 - each stage ends with its table
        base, columns = tables[-1].ref, (*columns, *own)
    own_features = sorted((k for k in own.values() if k.var.is_feature), key=lambda k: k.var.name)
    inherited = made[population.parent.name] if population.parent is not None else None
    declared = space.declared[population.name]

    def and_inherited(mine: Iterable[_Known], theirs: Iterable[Var]) -> tuple[Var, ...]:
        return (*(k.var for k in mine), *(v for v in theirs if v.name.lower() not in declared))

    return PopulationVars(
        tuple(steps),
        base,
        tuple(columns),
        and_inherited((k for k in own_features if k.is_of_model), inherited.model_features if inherited else ()),
        and_inherited((k for k in own_features if not k.is_of_model), inherited.features if inherited else ()),
    )


def _members(
    population: Population, cohort: str, parent: PopulationVars, own: Mapping[str, _Known], space: _Namespace
) -> VarTable:
    """The parent's table, cut to the members; a var whose name an own one has goes by another."""
    assert population.parent is not None  # noqa: S101 - a cohort has one
    renamed = {}
    for name in parent.columns:
        if name in own:
            home = next(p for p in population.parent.chain if name in space.declared[p.name])
            renamed[hidden(home, name)] = name
    carried = (*(c for c in parent.columns if c not in own), *renamed)
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
    population: Population, known: Mapping[str, _Known], base: str, carried: tuple[str, ...], space: _Namespace
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


def _own_uses(population: Population, known: Mapping[str, _Known], name: str) -> tuple[str, ...]:
    """Names of the vars of the population itself that one of them uses."""
    return tuple(other for other in known if _key(population, other) in known[name].uses)


def _stages(population: Population, known: Mapping[str, _Known]) -> dict[str, int]:
    """The stage of each var: 0 without uses; a var with a source comes after the stages of what it uses."""
    stages: dict[str, int] = {}
    needs = {name: _own_uses(population, known, name) for name in known}
    for name in running_order(needs, {}):
        latest = max((stages[used] for used in needs[name]), default=-1)
        stages[name] = latest + 1 if known[name].source else max(latest, 0)
    return stages


def _scans(
    population: Population, stage: Sequence[_Known], known_vars: str | None, number: int, space: _Namespace
) -> list[EntityVars]:
    """One step for each source of the stage."""
    with_source = sorted((k for k in stage if k.source), key=lambda k: k.source or "")
    steps = []
    path = population.path
    for source, group in groupby(with_source, key=lambda k: k.source or ""):
        members = tuple(group)
        short = source.replace("/", "_").replace("@", "_at_") + (f"_{number + 1}" if number else "")
        row_vars = input_vars_of(plain_ref(source), population.entity, _texts_of(members), space.writer, space.names)
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


def _texts_of(known: Iterable[_Known]) -> list[Text]:
    """All texts of vars that may name columns of their source."""
    found: list[Text] = []
    for k in known:
        window = k.var.window
        found += [t for t in (k.var.select, k.var.where) if t is not None]
        found += [*window.partition_by, *window.order_by] if window is not None else []
    return found


def _table(  # noqa: PLR0917 - the facts that make a stage's table
    population: Population,
    stage: Sequence[_Known],
    parts: Sequence[EntityVars],
    base: str,
    carried: tuple[str, ...],
    suffix: str,
) -> VarTable:
    """The table that joins a stage's scans to the profiles and lays the derived vars over them."""
    derived = [k for k in stage if not k.source]
    return VarTable(
        ref=f"{population.path}/var_table{suffix}",
        name=f"{population.path.replace('/', '_')}_var_table{suffix}",
        needs=tuple(sorted({base, population.stitcher, *(p.ref for p in parts)})),
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
    )


def _layers(population: Population, derived: Sequence[_Known]) -> tuple[tuple[Var, ...], ...]:
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
