"""Feature views: of an entity and of each cohort, by main id and by id, and feature tables.

In: what a population has. Out: steps, each a view over the population's table.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from onefold.plan.model import FeatureView
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.errors import Location
    from onefold.plan.names import Names
    from onefold.plan.populations import Population
    from onefold.plan.texts import Writer
    from onefold.plan.var_steps import PopulationVars


def feature_views(population: Population, has: PopulationVars, writer: Writer) -> Iterator[FeatureView]:
    """The view by main id, which always exists, and one for each id type asked for (format A2).

    A cohort that asks for none has those of its parent, under names of its own.
    """
    declared, main_id = population.feature_views, population.entity.main_id_column
    main_name = declared.name or f"{population.name}_feature_view"
    ref = f"{population.path}/{'all/' if population.parent is None else ''}feature_view"
    by_main_id = next((v for v in declared.using_ids if v.id == main_id), None)
    hooks = writer.hooks(declared.hooks, ref)
    texts = [str(hook and hook.sql) for hook in hooks.values()]
    view = _view(population, has, ref, main_name, declared.at.start)
    definition = json.dumps([view.definition, *texts])
    yield replace(view, pre_run=hooks.get("pre_run"), post_run=hooks.get("post_run"), definition=definition)
    if by_main_id is not None and by_main_id.name not in {None, main_name}:
        yield _view(population, has, f"{ref}/using_{main_id}", str(by_main_id.name), by_main_id.at.start)
    for id_type, name, at in _by_ids(population):
        if id_type != main_id:
            view_name = name or f"{main_name}_with_{id_type}"
            yield _view(population, has, f"{ref}/using_{id_type}", view_name, at, id_type)


def _by_ids(population: Population) -> list[tuple[str, str | None, Location]]:
    """Id type, name if given, and place of each view by ids."""
    own = [(v.id, v.name, v.at.start) for v in population.feature_views.using_ids]
    if own or population.parent is None:
        return own
    return [(id_type, None, population.at) for id_type, _, _ in _by_ids(population.parent)]


def feature_tables(population: Population, has: PopulationVars, writer: Writer, names: Names) -> Iterator[FeatureView]:
    """A feature_table_model is a view by main id over a selection of features."""
    by_name = {name.lower() for name in (*has.columns, *(f.name for f in (*has.model_features, *has.features)))}
    for model in writer.project.models:
        if not isinstance(model, spec.FeatureTable):
            continue
        body = model.model_spec
        of = names.ref(body.entity_cohort) if body.entity_cohort else f"{body.entity_key}/all"
        if of != population.ref or f"models/{model.name}" in writer.left_out:
            continue
        gone = {ref.rsplit("/", 1)[-1] for ref in writer.left_out if ref.startswith(f"entity/{population.name}/")}
        for name in body.features or ():
            if name.lower() not in by_name and name.lower() not in gone:
                at = body.at.value("features")
                message = f'"{name}" is not a feature of entity "{population.entity.name}"'
                writer.refuse("unknown-feature", message, at)
        chosen = None if body.features is None else tuple(n.lower() for n in body.features if n.lower() not in gone)
        view = _view(population, has, f"models/{model.name}", model.name, model.at.start, chosen=chosen)
        hooks = writer.hooks(model.hooks, view.ref)
        yield replace(view, pre_run=hooks.get("pre_run"), post_run=hooks.get("post_run"))
        if model.model_type == "feature_view":
            for id_type, _, _ in _by_ids(population):
                if id_type != population.entity.main_id_column:
                    ref, name = f"{view.ref}/using_{id_type}", f"{model.name}_with_{id_type}"
                    yield _view(population, has, ref, name, view.at, id_type, chosen)


def _view(  # noqa: PLR0917 - the facts of a view
    population: Population,
    has: PopulationVars,
    ref: str,
    name: str,
    at: Location,
    id_type: str | None = None,
    chosen: tuple[str, ...] | None = None,
) -> FeatureView:
    every = [*has.model_features, *has.features]
    features = tuple(f.name.lower() for f in every) if chosen is None else chosen
    described = {f.name.lower(): f.description for f in every if f.description and f.name.lower() in features}
    return FeatureView(
        ref=ref,
        name=name,
        needs=tuple(sorted({has.table, population.stitcher})),
        definition=json.dumps([name, id_type, features]),
        output="view",
        view=name,
        at=at,
        entity=population.entity.name,
        population=population.path,
        main_id=population.entity.main_id_column,
        stitcher=population.stitcher,
        var_table=has.table,
        features=features,
        descriptions=described,
        id_type=id_type,
    )
