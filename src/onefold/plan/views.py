"""Feature views of each entity and cohort, by main id and by id, and feature tables.

Takes the resolved vars of a cohort; returns steps, each a view over the cohort's table.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from onefold.errors import Finding, suggest
from onefold.plan.feature_steps import FeatureView
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from onefold.errors import Location
    from onefold.plan.cohorts import CohortScope
    from onefold.plan.names import Names
    from onefold.plan.render_context import RenderContext
    from onefold.plan.var_steps import CohortVars


_IdView = tuple[str, str | None, "Location"]
"""Id type, name (if given) and location of a view by ids."""


def feature_views(cohort: CohortScope, has: CohortVars, context: RenderContext) -> Iterator[FeatureView]:
    """The view by main id, which always exists, and one view for each requested id type (format A2).

    A cohort that requests none has those of its parent, under its own names.
    """
    declared, main_id = cohort.feature_views, cohort.entity.main_id_column
    main_name = declared.name or f"{cohort.name}_feature_view"
    ref = f"{cohort.path}/{'all/' if cohort.parent is None else ''}feature_view"
    by_main_id = next((v for v in declared.using_ids if v.id == main_id), None)
    hooks = context.hooks(declared.hooks, ref)
    texts = [str(hook and hook.sql) for hook in hooks.values()]
    view = _view(cohort, has, ref, main_name, declared.at.start)
    definition = json.dumps([view.definition, *texts])
    yield replace(view, pre_run=hooks.get("pre_run"), post_run=hooks.get("post_run"), definition=definition)
    if by_main_id is not None and by_main_id.name not in {None, main_name}:
        yield _view(cohort, has, f"{ref}/using_{main_id}", str(by_main_id.name), by_main_id.at.start)
    yield from _views_by_ids(cohort, has, (ref, main_name), _by_ids(cohort))
    _tell_empty_views(declared.using_ids, cohort, context)


def _tell_empty_views(views: Iterable[spec.IdView], cohort: CohortScope, context: RenderContext) -> None:
    """A view by an id type that no profile has is created without rows, as the format's own command does."""
    entity = cohort.entity
    types = [*entity.id_types, *spec.MAIN_ID_TYPES, entity.main_id_column]
    for view in views:
        if view.id not in types and not context.project.unread.may_have("id type", view.id):
            message = f'entity "{entity.name}" has no id type "{view.id}", so its view by such ids has no rows'
            hint = suggest(view.id, types) or f"available: {', '.join(entity.id_types)}"
            context.notes.append(Finding("warning", "empty-view", message, view.at.value("id"), hint))


def _by_ids(cohort: CohortScope) -> list[_IdView]:
    """The views by ids of a cohort."""
    own = [(v.id, v.name, v.at.start) for v in cohort.feature_views.using_ids]
    if own or cohort.parent is None:
        return own
    return [(id_type, None, cohort.at) for id_type, _, _ in _by_ids(cohort.parent)]


def _by_ids_of(model: spec.FeatureViewModel, cohort: CohortScope) -> list[_IdView]:
    """The views by ids of a feature_view, which inherits those of its cohort unless it declares its own."""
    own = [(v.id, v.name, v.at.start) for v in model.model_spec.using_ids]
    return own or [(id_type, None, model.at.start) for id_type, _, _ in _by_ids(cohort)]


def feature_tables(cohort: CohortScope, has: CohortVars, context: RenderContext, names: Names) -> Iterator[FeatureView]:
    """A feature_table_model: a view by main id with a selection of features."""
    by_name = {name.lower() for name in (*has.columns, *(f.name for f in (*has.model_features, *has.features)))}
    for model in context.project.models:
        if not isinstance(model, spec.FeatureTableModel):
            continue
        body = model.model_spec
        of = names.ref(body.entity_cohort) if body.entity_cohort else f"{body.entity_key}/all"
        if of != cohort.ref or f"models/{model.name}" in context.disabled:
            continue
        gone = {ref.rsplit("/", 1)[-1] for ref in context.disabled if ref.startswith(f"entity/{cohort.name}/")}
        for name in body.features or ():
            if name.lower() not in by_name and name.lower() not in gone:
                at = body.at.value("features")
                message = f'"{name}" is not a feature of entity "{cohort.entity.name}"'
                context.add_error("unknown-feature", message, at)
        chosen = None if body.features is None else tuple(n.lower() for n in body.features if n.lower() not in gone)
        view = _view(cohort, has, f"models/{model.name}", model.name, model.at.start, chosen=chosen)
        hooks = context.hooks(model.hooks, view.ref)
        yield replace(view, pre_run=hooks.get("pre_run"), post_run=hooks.get("post_run"))
        if isinstance(model, spec.FeatureViewModel):
            _tell_empty_views(model.model_spec.using_ids, cohort, context)
            views = _by_ids_of(model, cohort)
            yield from _views_by_ids(cohort, has, (view.ref, model.name), views, chosen)


def _views_by_ids(
    cohort: CohortScope,
    has: CohortVars,
    main: tuple[str, str],
    views: Iterable[_IdView],
    chosen: tuple[str, ...] | None = None,
) -> Iterator[FeatureView]:
    """The views by ids beside the view by main id, whose ref and name are ``main``; a type may have several."""
    seen: set[str] = set()
    for id_type, given, at in views:
        if id_type != cohort.entity.main_id_column:
            ref, name = f"{main[0]}/using_{id_type}", given or f"{main[1]}_with_{id_type}"
            yield _view(cohort, has, f"{ref}/{name}" if ref in seen else ref, name, at, id_type, chosen)
            seen.add(ref)


def _view(  # noqa: PLR0917 - the inputs of a view
    cohort: CohortScope,
    has: CohortVars,
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
        needs=tuple(sorted({has.table, cohort.stitcher})),
        definition=json.dumps([name, id_type, features]),
        output="view",
        view=name,
        at=at,
        entity=cohort.entity.name,
        cohort=cohort.path,
        main_id=cohort.entity.main_id_column,
        stitcher=cohort.stitcher,
        var_table=has.table,
        features=features,
        descriptions=described,
        id_type=id_type,
    )
