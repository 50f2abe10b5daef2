"""Whose profiles there are: all of an entity, and those of each of its cohorts.

In: a project. Out: ``Population``s, parents first, and the step that says who belongs to each. What vars they have is
``plan.vars``' to say.

    user/all           every profile of the entity, from its stitcher; always there (format A2)
    models/buyers      a cohort: the profiles of its parent that its filters keep
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
    from onefold.plan.model import IdStitcher, Text
    from onefold.plan.names import Names
    from onefold.plan.texts import Writer


@dataclass(frozen=True)
class Population:
    """An entity, or a cohort of one.

    Attributes:
        name: What templates call it: ``{{user.x}}``, ``{{buyers.x}}``.
        entity: The entity.
        stitcher: Ref of the entity's stitcher.
        parent: What the cohort extends; None for the entity itself.
        record: The cohort as declared; None for the entity itself.
        read_by: Name of the cohort that a table of its own is made for; None for the table with all vars.
    """

    name: str
    entity: spec.Entity
    stitcher: str
    parent: Population | None = None
    record: spec.EntityCohortModel | None = field(default=None, repr=False)
    read_by: str | None = None

    @property
    def ref(self) -> str:
        """Ref of the step that says who belongs to it."""
        return f"{self.name}/all" if self.parent is None else f"models/{self.name}"

    @property
    def home(self) -> str:
        """What the refs of the steps that make all of its vars begin with."""
        return self.name if self.parent is None else f"{self.entity.name}/{self.name}"

    @property
    def path(self) -> str:
        """What the refs of its steps begin with, but for who belongs to it."""
        return self.home if self.read_by is None else f"{self.home}/for_{self.read_by}"

    @property
    def chain(self) -> tuple[Population, ...]:
        """Itself, its parent, and so on up to the entity."""
        return (self,) if self.parent is None else (self, *self.parent.chain)

    @property
    def feature_views(self) -> spec.FeatureViews:
        """Its feature views as declared."""
        return self.entity.feature_views if self.record is None else self.record.model_spec.feature_views

    @property
    def at(self) -> Location:
        """Where it is declared."""
        return self.entity.at.start if self.record is None else self.record.at.start


def populations_of(entity: spec.Entity, stitcher: str, writer: Writer, names: Names) -> tuple[Population, ...]:
    """The entity and its cohorts, each after the one that it extends."""
    root = Population(entity.name, entity, stitcher)
    cohorts = {f"models/{m.name}": m for m in writer.project.models if isinstance(m, spec.EntityCohortModel)}
    extends = {ref: _parent_ref(cohort, writer, names) for ref, cohort in cohorts.items()}
    needs = {ref: (parent,) if parent in cohorts else () for ref, parent in extends.items()}
    try:
        order = running_order(needs, {ref: cohort.at.start for ref, cohort in cohorts.items()})
    except ProjectError as error:
        writer.findings.extend(f for f in error.findings if f not in writer.findings)
        return (root,)
    found = {root.ref: root}
    for ref in order:
        parent = found.get(extends[ref] or "")
        if parent is not None:
            found[ref] = Population(cohorts[ref].name, entity, stitcher, parent, cohorts[ref])
    return tuple(found.values())


def _parent_ref(cohort: spec.EntityCohortModel, writer: Writer, names: Names) -> str | None:
    """Ref of what a cohort extends; without ``extends``, all of its entity."""
    body, entities = cohort.model_spec, writer.project.file.entities
    if body.extends is None:
        if body.entity_key is not None or len(entities) == 1:
            return f"{body.entity_key or entities[0].name}/all"
        finding = Finding(
            "error",
            "missing-key",
            f'cohort "{cohort.name}" extends nothing',
            body.at.start,
            "add extends: <entity>/all",
        )
    else:
        ref = names.ref(body.extends)
        kinds = {f"models/{m.name}" for m in writer.project.models if isinstance(m, spec.EntityCohortModel)}
        if ref is not None and (ref in kinds or ref.endswith("/all")):
            return ref
        message = f'"{body.extends}" is neither all of an entity nor a cohort'
        finding = Finding("error", "unknown-model", message, body.at.value("extends"), names.nearest(body.extends))
    if finding not in writer.findings:
        writer.findings.append(finding)
    return None


def root_step(population: Population, stitcher: IdStitcher, definition: str) -> Cohort:
    """All profiles of an entity."""
    name = f"{population.entity.name}_all"
    return Cohort(
        ref=population.ref,
        name=name,
        needs=(stitcher.ref,),
        definition=definition,
        output="view",
        view=name,
        at=population.at,
        entity=population.entity.name,
        main_id=population.entity.main_id_column,
        stitcher=stitcher.ref,
    )


def cohort_step(
    population: Population, table: str, condition: Condition, definition: str, hooks: Mapping[str, Text | None]
) -> Cohort:
    """The profiles of a cohort.

    Args:
        population: The cohort.
        table: Ref of the parent's var table.
        condition: What its filters say together.
        definition: Canonical text.
        hooks: Statements around it.
    """
    assert population.record is not None  # noqa: S101 - a cohort has one
    name = f"{population.entity.name}_{population.name}"
    output = population.record.model_spec.materialization.output_type
    return Cohort(
        ref=population.ref,
        name=name,
        needs=(table,),
        definition=definition,
        output="table" if output == "table" else "view",
        view=name,
        at=population.at,
        entity=population.entity.name,
        main_id=population.entity.main_id_column,
        stitcher=population.stitcher,
        base=table,
        condition=condition,
        pre_run=hooks.get("pre_run"),
        post_run=hooks.get("post_run"),
    )


def condition_of(cohort: spec.EntityCohortModel, text: Callable[[str, Location], Text], writer: Writer) -> Condition:
    """What a cohort's filters say together: each of the pipeline, and the expression.

    Args:
        cohort: The cohort.
        text: Renders one filter.
        writer: Told what is wrong.
    """
    body = cohort.model_spec
    parts = []
    for given in body.filter_pipeline:
        part = Condition("text", text=text(given.value, given.at.value("value")))
        parts.append(part if given.type == "include" else Condition("not", (part,)))
    if body.filter_expression is not None:
        at = body.at.value("filter_expression")
        parts.append(_expression(body.filter_expression, at, text, writer))
    return Condition("and", tuple(parts))


def _expression(given: Any, at: Location, text: Callable[[str, Location], Text], writer: Writer) -> Condition:
    """SQL, or lists under ``AND`` and ``OR``, nested."""
    if isinstance(given, str):
        return Condition("text", text=text(given, at))
    if isinstance(given, dict) and len(given) == 1:
        ((word, parts),) = given.items()
        if word.upper() in {"AND", "OR"} and isinstance(parts, list):
            found = tuple(_expression(part, at, text, writer) for part in parts)
            return Condition("and" if word.upper() == "AND" else "or", found)
    writer.refuse("wrong-value", "a filter_expression is SQL, or a list under AND or OR", at, "such as OR: [a, b]")
    return Condition("and")
