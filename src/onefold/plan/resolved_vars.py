"""The vars of an entity and its cohorts as declared, with their sources and the vars that they use.

Takes the cohorts of an entity; returns a ``Namespace`` and the rendered ``ResolvedVar`` records of each cohort. The
vars that a var uses are the references in its rendered SQL, which is not parsed. Creates no steps.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from onefold.plan.feature_steps import Var, VarWindow
from onefold.plan.grains import coarser, grain_of
from onefold.plan.graph import with_needs
from onefold.plan.implicit_references import implicit_references, with_references
from onefold.plan.model import SqlText
from onefold.plan.plugin_models import plugin_features
from onefold.plan.rows import model_name, names_of_input_vars, without_columns
from onefold.project import spec
from onefold.template.references import ColumnReference, VarReference

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.plan.cohorts import CohortScope
    from onefold.plan.feature_steps import Condition
    from onefold.plan.names import Names
    from onefold.plan.render_context import RenderContext


GRAPH_COLUMNS = ("other_id", "other_id_type", "valid_at", "first_seen_at")
"""Columns of an id graph, besides the main id (format A1)."""


@dataclass(frozen=True)
class ResolvedVar:
    """A rendered var with its source and the vars that it uses.

    Attributes:
        uses: Keys of the vars that it uses.
        is_of_model: Whether a SQL model provides it as a feature.
        missing: Why it is disabled; None if it is not.
        grain: Its time grain, or that of the SQL model that it reads, whichever is coarser.
    """

    var: Var
    source: str | None
    uses: frozenset[str]
    definition: str
    is_of_model: bool = False
    missing: str | None = None
    grain: str | None = None


@dataclass
class Namespace:
    """The names of all vars and how they resolve, before any step exists.

    Attributes:
        declared: Lower-case names of the vars of each cohort.
        conditions: The combined filters of each cohort.
        filtered_by: Keys of the vars that the filters of each cohort use.
        waits_for: The same, including the filters of its parent cohorts.
        read: Names of the cohorts that models read, and of their parents.
        vendors: The models of unsupported types that would add vars to a cohort, by lower-case name of the var.
    """

    context: RenderContext
    names: Names
    declared: dict[str, set[str]] = field(default_factory=dict)
    conditions: dict[str, Condition] = field(default_factory=dict)
    filtered_by: dict[str, frozenset[str]] = field(default_factory=dict)
    waits_for: dict[str, frozenset[str]] = field(default_factory=dict)
    read: frozenset[str] = frozenset()
    vendors: dict[str, dict[str, spec.PluginModel]] = field(default_factory=dict)
    _names_of_rows: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def home(self, cohort: CohortScope, owner: str, name: str) -> CohortScope | None:
        """The cohort that declares the var ``{{owner.name}}``, seen from ``cohort``."""
        start = next((p for p in cohort.chain if p.name == owner), None)
        return next((p for p in start.chain if name in self.declared[p.name]), None) if start else None

    def column(self, cohort: CohortScope, home: CohortScope, name: str) -> str:
        """The column of a var in the table of ``cohort``: its name, unless a nearer cohort declares that name."""
        nearest = next(p for p in cohort.chain if name in self.declared[p.name])
        return name if nearest is home else hidden(home, name)

    def resolve(self, text: SqlText, cohort: CohortScope, what: str) -> tuple[SqlText, frozenset[str]]:
        """The text with its var references replaced by columns, and the keys of these vars."""
        references, uses = dict(text.references), set()
        for token, reference in text.references.items():
            if not isinstance(reference, VarReference):
                continue
            name = reference.name.lower()
            home = self.home(cohort, reference.entity, name)
            if home is None:
                whose = "cohort" if cohort.parent else "entity"
                message = f'{what} uses "{reference.name}", which {whose} "{cohort.name}" does not have'
                self.context.add_error("unknown-var", message, text.at)
                continue
            references[token] = VarReference(reference.entity, self.column(cohort, home, name))
            uses.add(key_in(home, name))
        return replace(text, references=references), frozenset(uses)

    def with_bare_names(
        self, text: SqlText, cohort: CohortScope, record: spec.EntityVarSpec, source: str | None
    ) -> SqlText:
        """The text of a var with references in place of vars that it names like columns.

        If the var reads a source, a column of the source takes precedence. If the columns are unknown, names are left
        as they are.
        """
        of_profiles = {name for p in cohort.chain for name in self.declared[p.name]} - {record.name.lower()}
        of_rows = self.names_of_rows(source, cohort) if source is not None else frozenset()
        found = implicit_references(text, of_profiles | of_rows)
        if source is not None:
            columns = partial(self.columns_of, source, cohort)
            found = without_columns(found, text, source, columns, self.context)
        elif record.from_ is not None:  # reported as an unknown model
            return text
        named: dict[str, VarReference | ColumnReference] = {}
        for name in found:
            if source is not None and name in of_rows:
                named[name] = ColumnReference(model_name(source), name)
                if name in of_profiles:
                    message = f'"{name}" is both a var of {cohort.name} and an input var of {source}'
                    hint = f"write {{{{{cohort.name}.{name}}}}} or {{{{{model_name(source)}.{name}}}}}"
                    self.context.add_error("ambiguous-var", message, text.at, hint)
            else:
                named[name] = VarReference(cohort.name, name)
        return with_references(text, named)

    def names_of_rows(self, source: str, cohort: CohortScope) -> frozenset[str]:
        """Lower-case names of the input vars of a source."""
        key = (source, cohort.entity.name)
        if key not in self._names_of_rows:
            self._names_of_rows[key] = names_of_input_vars(source, cohort.entity, self.context, self.names)
        return self._names_of_rows[key]

    def behind(self, source: str | None) -> frozenset[str]:
        """Keys of the vars that a source depends on through tables of vars, directly or indirectly.

        A cohort depends on the vars in its filters, and on those in the filters of its parents.
        """
        made = self.context.models_plan.steps if self.context.models_plan is not None else {}
        needs = with_needs([source] if source is not None else [], {ref: step.needs for ref, step in made.items()})
        filters = (self.waits_for.get(ref.removeprefix("models/"), frozenset()) for ref in needs)
        return frozenset(key_of(ref) for ref in needs if ref.startswith("entity/")).union(*filters)

    def asked_for(self) -> frozenset[str]:
        """Keys of the vars that models read from tables of vars."""
        made = self.context.models_plan.steps if self.context.models_plan is not None else {}
        return frozenset(key_of(n) for step in made.values() for n in step.needs if n.startswith("entity/"))

    def columns_of(self, source: str, cohort: CohortScope) -> frozenset[str] | None:
        """Lower-case column names of a source of vars; None if they are unknown."""
        if source == cohort.stitcher:
            return frozenset({cohort.entity.main_id_column.lower(), *GRAPH_COLUMNS})
        return self.context.columns_of(source)


def hidden(home: CohortScope, name: str) -> str:
    """The column of a var that is shadowed by another var of the same name."""
    return f"__{home.name}_{name}"


def key_in(cohort: CohortScope, name: str) -> str:
    """The name of a cohort's var in a table that has the vars of all cohorts."""
    return f"{cohort.name}.{name}"


def key_of(ref: str) -> str:
    """The key of ``entity/user/x``."""
    _, entity, name = ref.split("/")
    return f"{entity}.{name}"


def records_of(cohort: CohortScope, context: RenderContext, names: Names) -> list[spec.EntityVarSpec]:
    """The entity vars of a cohort in order of declaration, each with the time grain of its group."""
    found: list[spec.EntityVarSpec] = []
    for group in context.project.var_groups:
        of = names.ref(group.entity_cohort) if group.entity_cohort is not None else f"{group.entity_key}/all"
        if of == cohort.ref:
            own = [entry.entity_var for entry in group.vars if entry.entity_var is not None]
            found += [v.model_copy(update={"time_grain": v.time_grain or group.time_grain}) for v in own]
    return found


def model_features_of(
    cohort: CohortScope, context: RenderContext, names: Names
) -> list[tuple[spec.SqlTemplateModel | spec.PluginModel, spec.ModelFeature]]:
    """Columns of SQL models and of plugins' models that are features of a cohort."""
    found: list[tuple[spec.SqlTemplateModel | spec.PluginModel, spec.ModelFeature]] = []
    if cohort.parent is None:
        found += [(m, spec.ModelFeature(name=name)) for m, name in plugin_features(cohort.name, context)]
    for model in context.project.models:
        if not isinstance(model, spec.SqlTemplateModel) or not model.model_spec.features:
            continue
        body = model.model_spec
        of = names.ref(body.entity_cohort) if body.entity_cohort else f"{spec.entity_of_features(body)}/all"
        if of == cohort.ref:
            found += [
                (model, f if isinstance(f, spec.ModelFeature) else spec.ModelFeature(name=f)) for f in body.features
            ]
    return found


def known_vars_of(cohort: CohortScope, space: Namespace) -> dict[str, ResolvedVar]:
    """The vars of a cohort by lower-case name, features of models first."""
    known: dict[str, ResolvedVar] = {}
    for name, vendor in space.vendors[cohort.name].items():
        var = Var(name=name, select=SqlText("NULL"), is_feature=False, at=vendor.at.start)
        reason = f"model {vendor.name}, which provides it, is disabled"
        known[name] = ResolvedVar(var, None, frozenset(), "", missing=reason)
    for model, feature in model_features_of(cohort, space.context, space.names):
        at = model.at.start
        select = SqlText(f"MAX({feature.name})", {}, at)
        var = Var(name=feature.name, select=select, description=feature.description, at=at)
        definition = json.dumps([model.name, feature.model_dump()])
        source = f"models/{model.name}"
        missing = space.context.disabled_among([source])
        uses = space.behind(source)
        known[feature.name.lower()] = ResolvedVar(var, source, uses, definition, is_of_model=True, missing=missing)
    for record in records_of(cohort, space.context, space.names):
        known[record.name.lower()] = _known(record, cohort, space)
    return known


def _known(record: spec.EntityVarSpec, cohort: CohortScope, space: Namespace) -> ResolvedVar:
    at, context = record.at, space.context
    source = space.names.ref(record.from_) if record.from_ else None
    if record.from_ and source is None:
        hint = space.names.nearest(record.from_)
        context.add_error("unknown-model", f'there is no model "{record.from_}"', at.value("from"), hint)
    # The name as written: an input of a package may be mapped to one with another name.
    model = record.from_.strip("/").rsplit("/", 1)[-1] if record.from_ else None
    uses: set[str] = set(space.behind(source))

    def resolved(given: SqlText) -> SqlText:
        text = space.with_bare_names(given, cohort, record, source)
        found, used = space.resolve(text, cohort, f'var "{record.name}"')
        uses.update(used)
        return found

    def maybe(text: SqlText | None) -> SqlText | None:
        return None if text is None else resolved(text)

    window = context.window(record.window, model=model)
    var = Var(
        name=record.name,
        select=resolved(context.render(record.select, at.value("select"), model=model)),
        where=maybe(context.render_optional(record.where, at.value("where"), model=model)),
        window=_window(window, resolved) if window is not None else None,
        default=context.render_optional(record.default_value, at.value("default_value")),
        data_type=context.render_optional(record.column_data_type, at.value("column_data_type")),
        is_feature=record.is_feature,
        description=record.description,
        at=at.start,
    )
    missing = context.disabled_among([source] if source else [])
    grain = coarser(grain_of(record.time_grain), context.grain_of_model(source))
    if grain is not None:
        context.var_grains[key_in(cohort, record.name.lower())] = grain
    if record.materialization.enable_status == "disabled":
        missing = "its enable_status is disabled"
    return ResolvedVar(var, source, frozenset(uses), record.model_dump_json(), missing=missing, grain=grain)


def _window(window: VarWindow, resolved: Callable[[SqlText], SqlText]) -> VarWindow:
    return VarWindow(
        tuple(resolved(t) for t in window.partition_by), tuple(resolved(t) for t in window.order_by), window.frame
    )
