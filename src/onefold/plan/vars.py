"""The vars of an entity and its cohorts: which are enabled, and the steps that compute them.

Takes cohorts; returns ``CohortVars`` of each. ``plan.resolved_vars`` resolves the declarations, and ``plan.var_steps``
builds the steps. This module decides which vars are invalid, disabled, or not needed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from onefold.plan.cohorts import CohortScope, condition_of
from onefold.plan.disabled_models import vendor_features
from onefold.plan.graph import running_order, with_needs
from onefold.plan.resolved_vars import Namespace, ResolvedVar, key_in, known_vars_of, model_features_of, records_of
from onefold.plan.var_steps import CohortVars, cohort_vars
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onefold.errors import Location
    from onefold.plan.model import SqlText
    from onefold.plan.names import Names
    from onefold.plan.render_context import RenderContext


def vars_of(cohorts: Sequence[CohortScope], context: RenderContext, names: Names) -> dict[str, CohortVars]:
    """The vars of an entity and its cohorts, by name of the cohort.

    Vars that are not features and that nothing needs are skipped (format A2).
    """
    space = Namespace(context, names)
    for cohort in cohorts:
        space.vendors[cohort.name] = {} if cohort.parent else vendor_features(context.project, cohort.entity)
        space.declared[cohort.name] = set(space.vendors[cohort.name])
        space.declared[cohort.name] |= {r.name.lower() for r in records_of(cohort, context, names)} | {
            f.name.lower() for _, f in model_features_of(cohort, context, names)
        }
    for cohort in cohorts:  # before vars, because models over cohorts may provide vars
        if cohort.record is not None:
            _read_filters(cohort, space)
    space.read = _read_by_models(cohorts, context)
    known = {p.name: known_vars_of(p, space) for p in cohorts}
    if context.findings:
        return {}
    keyed = {key_in(p, name): k for p in cohorts for name, k in known[p.name].items()}
    # Vars of other entities are built independently.
    keyed = {key: replace(k, uses=k.uses & keyed.keys()) for key, k in keyed.items()}
    needs = {key: tuple(sorted(k.uses)) for key, k in keyed.items()}
    running_order(needs, {key: k.var.at for key, k in keyed.items()})
    missing = _disabled(cohorts, keyed, needs, space)
    kept = [p for p in cohorts if p.ref not in context.disabled]
    keyed = {key: k for key, k in keyed.items() if key not in missing}
    # The needs of a var with a time grain are needed as of its period only.
    keyed = {key: k if k.grain is None else replace(k, source=None, uses=frozenset()) for key, k in keyed.items()}
    needs = {key: tuple(sorted(k.uses)) for key, k in keyed.items()}
    # Vars of a cohort can make a var wait for other vars of its entity.
    keyed = {key: replace(k, uses=with_needs(k.uses, needs)) for key, k in keyed.items()}
    chosen = _chosen(cohorts, keyed, space)
    filters = [key for p in kept for key in space.filtered_by.get(p.name, ())]
    wanted = with_needs([*chosen, *filters], needs) & keyed.keys()
    made: dict[str, CohortVars] = {}
    for cohort in kept:
        names_of = {name: key_in(cohort, name) for name in known[cohort.name]}
        own = {name: keyed[key] for name, key in names_of.items() if key in wanted}
        made[cohort.name] = cohort_vars(cohort, own, space, made)
    return made


def _chosen(cohorts: Sequence[CohortScope], keyed: Mapping[str, ResolvedVar], space: Namespace) -> frozenset[str]:
    """Keys of the vars that something other than a var needs."""
    asked, only = space.asked_for(), space.context.only
    if only is not None:
        return frozenset(key for key in keyed if key in only or key in asked)
    asked |= _listed(cohorts, space)
    return frozenset(key for key, k in keyed.items() if k.var.is_feature or key in asked)


def _listed(cohorts: Sequence[CohortScope], space: Namespace) -> frozenset[str]:
    """Keys of the vars that feature tables list, whether or not they are features."""
    by_ref = {p.ref: p for p in cohorts}
    found = set()
    for model in space.context.project.models:
        if not isinstance(model, spec.FeatureTableModel) or f"models/{model.name}" in space.context.disabled:
            continue
        body = model.model_spec
        of = space.names.ref(body.entity_cohort) if body.entity_cohort else f"{body.entity_key}/all"
        cohort = by_ref.get(of or "")
        if cohort is None:
            continue
        homes = {name.lower(): space.home(cohort, cohort.name, name.lower()) for name in body.features or ()}
        found |= {key_in(home, name) for name, home in homes.items() if home is not None}
    return frozenset(found)


def _disabled(
    cohorts: Sequence[CohortScope],
    keyed: Mapping[str, ResolvedVar],
    needs: Mapping[str, tuple[str, ...]],
    space: Namespace,
) -> frozenset[str]:
    """Keys of the disabled vars. They, and the cohorts whose filters need one, are recorded."""
    context, missing = space.context, dict[str, str]()
    for key in running_order(needs, {}):
        used = next((need for need in needs[key] if need in missing), None)
        reason = keyed[key].missing or (f"it uses {used.split('.')[1]}, which is disabled" if used else None)
        if reason is not None:
            missing[key] = reason
            context.disable(f"entity/{key.replace('.', '/')}", "entity_var", reason, keyed[key].var.at)
    for cohort in cohorts:
        if cohort.parent is None:
            continue
        used = next((key for key in sorted(space.filtered_by[cohort.name]) if key in missing), None)
        reason = f"its filters use {used.split('.')[1]}, which is disabled" if used else None
        reason = reason or context.disabled_among([cohort.parent.ref])
        if reason is not None:
            context.disable(cohort.ref, "entity_cohort", reason, cohort.at)
        if cohort.ref in context.disabled:
            missing |= {key: "" for key in keyed if key.startswith(f"{cohort.name}.")}
    return frozenset(missing)


def _read_filters(cohort: CohortScope, space: Namespace) -> None:
    assert cohort.record is not None and cohort.parent is not None  # noqa: S101, PT018 - a declared cohort
    parent = cohort.parent
    uses: set[str] = set()

    def text(sql: str, at: Location) -> SqlText:
        rendered, used = space.resolve(space.context.render(sql, at), parent, f'cohort "{cohort.name}"')
        uses.update(used)
        return rendered

    space.conditions[cohort.name] = condition_of(cohort.record, text, space.context)
    space.filtered_by[cohort.name] = frozenset(uses)
    space.waits_for[cohort.name] = frozenset(uses) | space.waits_for.get(parent.name, frozenset())


def _read_by_models(cohorts: Sequence[CohortScope], context: RenderContext) -> frozenset[str]:
    """Names of the cohorts that models read, and of their parents."""
    steps = context.models_plan.steps.values() if context.models_plan is not None else ()
    needs = {need for step in steps for need in step.needs}
    return frozenset(above.name for p in cohorts if p.ref in needs for above in p.chain)
