"""Cohorts of an entity: all of its profiles, and each subset that a project declares.

Takes a project; returns ``CohortScope`` records, parents first, and the steps that select their members. ``plan.vars``
resolves their vars.

    user/all           every profile of the entity, from its stitcher; always exists (format A2)
    models/buyers      a declared cohort: the profiles of its parent that its filters keep
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from onefold.errors import Finding, ProjectError
from onefold.plan.feature_steps import Cohort, Condition
from onefold.plan.graph import running_order
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from onefold.errors import Location
    from onefold.plan.model import IdStitcher, SqlText
    from onefold.plan.names import Names
    from onefold.plan.render_context import RenderContext


@dataclass(frozen=True)
class CohortScope:
    """The root cohort of an entity, or a cohort that the project declares.

    Attributes:
        name: Its name in templates: ``{{user.x}}``, ``{{buyers.x}}``.
        entity: The entity.
        stitcher: Ref of the entity's stitcher.
        parent: The cohort that this one extends; None for the root cohort.
        record: The cohort as declared; None for the root cohort.
        read_by: Name of the cohort that reads this reduced table; None for the table with all vars.
    """

    name: str
    entity: spec.Entity
    stitcher: str
    parent: CohortScope | None = None
    record: spec.EntityCohortModel | None = field(default=None, repr=False)
    read_by: str | None = None

    @property
    def ref(self) -> str:
        """Ref of the step that selects its members."""
        return f"{self.name}/all" if self.parent is None else f"models/{self.name}"

    @property
    def home(self) -> str:
        """Ref prefix of the steps that compute all of its vars."""
        return self.name if self.parent is None else f"{self.entity.name}/{self.name}"

    @property
    def path(self) -> str:
        """Ref prefix of its steps, except the one that selects its members."""
        return self.home if self.read_by is None else f"{self.home}/for_{self.read_by}"

    @property
    def chain(self) -> tuple[CohortScope, ...]:
        """The cohort, its parent, and so on up to the root cohort."""
        return (self,) if self.parent is None else (self, *self.parent.chain)

    @property
    def feature_views(self) -> spec.FeatureViews:
        """Its feature views as declared."""
        return self.entity.feature_views if self.record is None else self.record.model_spec.feature_views

    @property
    def at(self) -> Location:
        """Where it is declared."""
        return self.entity.at.start if self.record is None else self.record.at.start


def cohorts_of(entity: spec.Entity, stitcher: str, context: RenderContext, names: Names) -> tuple[CohortScope, ...]:
    """The cohorts of an entity, each after the one that it extends."""
    root = CohortScope(entity.name, entity, stitcher)
    records = {f"models/{m.name}": m for m in context.project.models if isinstance(m, spec.EntityCohortModel)}
    extends = {ref: _parent_ref(model, context, names) for ref, model in records.items()}
    needs = {ref: (parent,) if parent in records else () for ref, parent in extends.items()}
    try:
        order = running_order(needs, {ref: model.at.start for ref, model in records.items()})
    except ProjectError as error:
        context.findings.extend(f for f in error.findings if f not in context.findings)
        return (root,)
    found = {root.ref: root}
    for ref in order:
        parent = found.get(extends[ref] or "")
        if parent is not None:
            found[ref] = CohortScope(records[ref].name, entity, stitcher, parent, records[ref])
    return tuple(found.values())


def _parent_ref(model: spec.EntityCohortModel, context: RenderContext, names: Names) -> str | None:
    """Ref of the cohort that a cohort extends; by default the root cohort of its entity."""
    body, entities = model.model_spec, context.project.file.entities
    if body.extends is None:
        if body.entity_key is not None or len(entities) == 1:
            return f"{body.entity_key or entities[0].name}/all"
        finding = Finding(
            "error",
            "missing-key",
            f'cohort "{model.name}" has neither extends nor entity_key, and there are several entities',
            body.at.start,
            "add extends: <entity>/all",
        )
    else:
        ref = names.ref(body.extends)
        kinds = {f"models/{m.name}" for m in context.project.models if isinstance(m, spec.EntityCohortModel)}
        if ref is not None and (ref in kinds or ref.endswith("/all")):
            return ref
        message = f'"{body.extends}" is neither <entity>/all nor a cohort'
        finding = Finding("error", "unknown-model", message, body.at.value("extends"), names.nearest(body.extends))
    if finding not in context.findings:
        context.findings.append(finding)
    return None


def root_step(cohort: CohortScope, stitcher: IdStitcher, definition: str) -> Cohort:
    """The step of the root cohort: all profiles of an entity."""
    name = f"{cohort.entity.name}_all"
    return Cohort(
        ref=cohort.ref,
        name=name,
        needs=(stitcher.ref,),
        definition=definition,
        output="view",
        view=name,
        at=cohort.at,
        entity=cohort.entity.name,
        main_id=cohort.entity.main_id_column,
        stitcher=stitcher.ref,
    )


def cohort_step(
    cohort: CohortScope, table: str, condition: Condition, definition: str, hooks: Mapping[str, SqlText | None]
) -> Cohort:
    """The step that selects the members of a declared cohort.

    Args:
        cohort: The cohort.
        table: Ref of the parent's var table.
        condition: The combined filters.
        definition: Canonical text.
        hooks: Statements to run before and after the step.
    """
    assert cohort.record is not None  # noqa: S101 - a declared cohort has a record
    name = f"{cohort.entity.name}_{cohort.name}"
    output = cohort.record.model_spec.materialization.output_type
    return Cohort(
        ref=cohort.ref,
        name=name,
        needs=(table,),
        definition=definition,
        output="table" if output == "table" else "view",
        view=name,
        at=cohort.at,
        entity=cohort.entity.name,
        main_id=cohort.entity.main_id_column,
        stitcher=cohort.stitcher,
        base=table,
        condition=condition,
        pre_run=hooks.get("pre_run"),
        post_run=hooks.get("post_run"),
    )


def condition_of(
    model: spec.EntityCohortModel, text: Callable[[str, Location], SqlText], context: RenderContext
) -> Condition:
    """The combined condition of a cohort's filters: its filter pipeline and its filter expression.

    Args:
        model: The cohort as declared.
        text: Renders one filter.
        context: Collects errors.
    """
    body = model.model_spec
    parts = []
    for given in body.filter_pipeline:
        part = Condition("text", text=text(given.value, given.at.value("value")))
        parts.append(part if given.type == "include" else Condition("not", (part,)))
    if body.filter_expression is not None:
        at = body.at.value("filter_expression")
        parts.append(_expression(body.filter_expression, at, text, context))
    return Condition("and", tuple(parts))


def _expression(
    given: Any, at: Location, text: Callable[[str, Location], SqlText], context: RenderContext
) -> Condition:
    """A condition from SQL, or from nested lists under ``AND`` and ``OR``."""
    if isinstance(given, str):
        return Condition("text", text=text(given, at))
    if isinstance(given, dict) and len(given) == 1:
        ((word, parts),) = given.items()
        if word.upper() in {"AND", "OR"} and isinstance(parts, list):
            found = tuple(_expression(part, at, text, context) for part in parts)
            return Condition("and" if word.upper() == "AND" else "or", found)
    context.add_error(
        "wrong-value", "filter_expression must be SQL, or a list under AND or OR", at, "for example OR: [a, b]"
    )
    return Condition("and")
