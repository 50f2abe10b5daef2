"""The vars of an entity and its cohorts: which take part, and the steps that compute them.

In: populations. Out: ``PopulationVars`` of each. ``plan.var_names`` says what is declared, ``plan.var_steps`` makes the
steps; here is decided what is wrong, what is left out, and what nothing needs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from onefold.plan.graph import running_order, with_needs
from onefold.plan.left_out import vendor_features
from onefold.plan.populations import Population, condition_of
from onefold.plan.var_names import Known, Namespace, key_in, known_vars_of, model_features_of, records_of
from onefold.plan.var_steps import PopulationVars, population_vars
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onefold.errors import Location
    from onefold.plan.model import Text
    from onefold.plan.names import Names
    from onefold.plan.texts import Writer


def vars_of(populations: Sequence[Population], writer: Writer, names: Names) -> dict[str, PopulationVars]:
    """The vars of an entity and its cohorts, by the population's name.

    Vars that are no features and that nothing needs are left out (format A2).
    """
    space = Namespace(writer, names)
    for population in populations:
        space.vendors[population.name] = {} if population.parent else vendor_features(writer.project, population.entity)
        space.declared[population.name] = set(space.vendors[population.name])
        space.declared[population.name] |= {r.name.lower() for r in records_of(population, writer, names)} | {
            f.name.lower() for _, f in model_features_of(population, writer, names)
        }
    for population in populations:  # before vars, which may be made of models over cohorts
        if population.record is not None:
            _read_filters(population, space)
    space.read = _read_by_models(populations, writer)
    known = {p.name: known_vars_of(p, space) for p in populations}
    if writer.findings:
        return {}
    keyed = {key_in(p, name): k for p in populations for name, k in known[p.name].items()}
    # What belongs to another entity is made beside this one.
    keyed = {key: replace(k, uses=k.uses & keyed.keys()) for key, k in keyed.items()}
    needs = {key: tuple(sorted(k.uses)) for key, k in keyed.items()}
    running_order(needs, {key: k.var.at for key, k in keyed.items()})
    missing = _left_out(populations, keyed, needs, space)
    kept = [p for p in populations if p.ref not in writer.left_out]
    keyed = {key: k for key, k in keyed.items() if key not in missing}
    # What a var with a time grain needs is needed as of then.
    keyed = {key: k if k.grain is None else replace(k, source=None, uses=frozenset()) for key, k in keyed.items()}
    needs = {key: tuple(sorted(k.uses)) for key, k in keyed.items()}
    # A var may wait for others of its entity through vars of a cohort.
    keyed = {key: replace(k, uses=with_needs(k.uses, needs)) for key, k in keyed.items()}
    chosen = _chosen(populations, keyed, space)
    filters = [key for p in kept for key in space.filtered_by.get(p.name, ())]
    wanted = with_needs([*chosen, *filters], needs) & keyed.keys()
    made: dict[str, PopulationVars] = {}
    for population in kept:
        names_of = {name: key_in(population, name) for name in known[population.name]}
        own = {name: keyed[key] for name, key in names_of.items() if key in wanted}
        made[population.name] = population_vars(population, own, space, made)
    return made


def _chosen(populations: Sequence[Population], keyed: Mapping[str, Known], space: Namespace) -> frozenset[str]:
    """Keys of the vars that are asked for by more than other vars."""
    asked, only = space.asked_for(), space.writer.only
    if only is not None:
        return frozenset(key for key in keyed if key in only or key in asked)
    asked |= _listed(populations, space)
    return frozenset(key for key, k in keyed.items() if k.var.is_feature or key in asked)


def _listed(populations: Sequence[Population], space: Namespace) -> frozenset[str]:
    """Keys of the vars that feature tables list, be they features or not."""
    by_ref = {p.ref: p for p in populations}
    found = set()
    for model in space.writer.project.models:
        if not isinstance(model, spec.FeatureTableModel) or f"models/{model.name}" in space.writer.left_out:
            continue
        body = model.model_spec
        of = space.names.ref(body.entity_cohort) if body.entity_cohort else f"{body.entity_key}/all"
        population = by_ref.get(of or "")
        if population is None:
            continue
        homes = {name.lower(): space.home(population, population.name, name.lower()) for name in body.features or ()}
        found |= {key_in(home, name) for name, home in homes.items() if home is not None}
    return frozenset(found)


def _left_out(
    populations: Sequence[Population],
    keyed: Mapping[str, Known],
    needs: Mapping[str, tuple[str, ...]],
    space: Namespace,
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


def _read_filters(population: Population, space: Namespace) -> None:
    assert population.record is not None and population.parent is not None  # noqa: S101, PT018 - a cohort
    parent = population.parent
    uses: set[str] = set()

    def text(sql: str, at: Location) -> Text:
        rendered, used = space.resolve(space.writer.text(sql, at), parent, f'cohort "{population.name}"')
        uses.update(used)
        return rendered

    space.conditions[population.name] = condition_of(population.record, text, space.writer)
    space.filtered_by[population.name] = frozenset(uses)
    space.waits_for[population.name] = frozenset(uses) | space.waits_for.get(parent.name, frozenset())


def _read_by_models(populations: Sequence[Population], writer: Writer) -> frozenset[str]:
    """Names of the cohorts that models read, and of those that these are cut from."""
    steps = writer.made.steps.values() if writer.made is not None else ()
    needs = {need for step in steps for need in step.needs}
    return frozenset(above.name for p in populations if p.ref in needs for above in p.chain)
