"""The records of a plan: frozen, and free of any database.

In: nothing. Out: the step kinds that ``build`` makes and ``sql`` turns into queries. A step's SQL is still the
author's text, rendered but not parsed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from onefold.errors import Finding, Location
from onefold.project.spec import MAIN_ID_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from onefold.plugins import Spec
    from onefold.project.spec import IdRule as GivenIdRule
    from onefold.template.references import Reference

NOWHERE = Location("<memory>", 1, 1)


@dataclass(frozen=True)
class Text:
    """SQL of the author, rendered.

    Attributes:
        sql: The text, with a token in place of each reference.
        references: What each token stands for.
        at: Where the text stands in the project.
    """

    sql: str
    references: Mapping[str, Reference] = field(default_factory=dict)
    at: Location = NOWHERE


@dataclass(frozen=True)
class IdColumn:
    """Where a source holds an id of the type ``id_type``.

    Attributes:
        entity: Whose id it is; empty if it is that of whoever reads it.
    """

    select: Text
    id_type: str
    entity: str = ""


@dataclass(frozen=True)
class IdFilterCondition:
    """One step of an id type's filter list: keep (include) or drop (exclude) what ``condition`` matches."""

    action: Literal["include", "exclude"]
    condition: Literal["value", "regex", "sql"]
    value: str = ""
    query: Text | None = None
    source: str | None = None
    at: Location = NOWHERE


@dataclass(frozen=True, kw_only=True)
class Step:
    """What all steps share.

    Attributes:
        ref: Unique path, ``models/user_id_stitcher``; what ``-m`` and ``needs`` name.
        name: Bare name; names the material and the files of the step.
        needs: Refs of the steps this one reads, sorted.
        definition: What the step is, as canonical text; the fingerprint is made of it.
        output: ``inline`` steps become part of those that read them; the others leave an object behind.
        view: Name of the view that shows the latest result, or None if it is internal.
        grain: Time grain that the step is read at, if it is not the run's end.
        as_of: When the period of that grain began.
        pre_run: Statements of the author's to run before the material is made.
        post_run: Statements to run after.
        at: Where the project declares it.
    """

    ref: str
    name: str
    needs: tuple[str, ...] = ()
    definition: str = ""
    output: Literal["inline", "table", "view"] = "inline"
    view: str | None = None
    at: Location = NOWHERE
    grain: str | None = None
    as_of: datetime | None = None
    pre_run: Text | None = None
    post_run: Text | None = None

    @property
    def kind(self) -> str:
        """The model type as the format names it."""
        return _KINDS[type(self)]


@dataclass(frozen=True, kw_only=True)
class InputStep(Step):
    """A source table, cut at the end time.

    Attributes:
        table: Name as written, or the path of a CSV file within the project.
        csv: True if ``table`` is such a path.
        occurred_at: Name of the time column, or None.
        where: The author's filter.
        row_identifier: Columns that no two rows may share.
        is_optional: The table may be missing; what needs it is then left out.
        columns: Columns that the contract promises.
        column_types: What it says of their types, as written.
    """

    table: str
    csv: bool = False
    occurred_at: str | None = None
    occurred_at_at: Location = NOWHERE
    ids: tuple[IdColumn, ...] = ()
    where: Text | None = None
    row_identifier: tuple[str, ...] = ()
    row_identifier_at: Location = NOWHERE
    is_optional: bool = False
    columns: tuple[str, ...] = ()
    column_types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SqlTemplate(Step):
    """A query of the author's, or statements that make a table.

    Attributes:
        body: The query; the statements where ``is_script``.
        columns: Columns that the contract promises.
        column_types: What it says of their types, as written.
    """

    body: Text
    is_script: bool = False
    occurred_at: str | None = None
    occurred_at_at: Location = NOWHERE
    ids: tuple[IdColumn, ...] = ()
    columns: tuple[str, ...] = ()
    column_types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PluginStep(Step):
    """A table that a plugin makes.

    Attributes:
        model_type: Name of the plugin.
        spec: What it was told, checked.
        reads: Ref of each thing it reads, by the path that it calls it.
    """

    model_type: str
    spec: Spec
    reads: Mapping[str, str]

    @property
    def kind(self) -> str:
        """The plugin's name."""
        return self.model_type


@dataclass(frozen=True)
class EdgeSource:
    """A source of edges and the ids to read from it, in the order of declaration."""

    source: str
    ids: tuple[IdColumn, ...]


@dataclass(frozen=True)
class EdgeLimit:
    """How many ids of ``other_type`` an id of ``id_type`` may have as neighbours (``maximum_edges``)."""

    id_type: str
    other_type: str
    maximum: int


@dataclass(frozen=True)
class IdRulesTable:
    """The table of include and exclude rules.

    Attributes:
        table: Its name as written.
        schema: The output schema, where it lies unless its name says otherwise.
        priority: Which of an excluded id and a pair with it that is to be joined counts.
        rules: What each run makes the table of: the project's file of rules; None where the table is kept by hand.
    """

    table: str
    schema: str
    priority: Literal["exclude", "include"]
    at: Location = NOWHERE
    rules: tuple[GivenIdRule, ...] | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class IdStitcher(Step):
    """Resolves the ids of one entity.

    Attributes:
        main_id: Name of the main id column.
        sources: Edge sources.
        rules: Filter list by id type; a type without filters is absent.
        limits: What ``maximum_edges`` of the entity's id types allow.
        id_rules: The table of rules, if the project has one.
        junk_ids: What becomes of ids that look like a value for nothing.
        window: How far before the last end time a run that builds on the last graph looks; None for all rows.
    """

    entity: str
    main_id: str
    sources: tuple[EdgeSource, ...]
    rules: Mapping[str, tuple[IdFilterCondition, ...]]
    limits: tuple[EdgeLimit, ...] = ()
    id_rules: IdRulesTable | None = None
    junk_ids: Literal["drop", "warn", "keep"] = "warn"
    window: timedelta | None = None


@dataclass(frozen=True)
class VarWindow:
    """A window in the author's SQL."""

    partition_by: tuple[Text, ...] = ()
    order_by: tuple[Text, ...] = ()
    frame: Text | None = None


@dataclass(frozen=True)
class Var:
    """One value per profile.

    Attributes:
        select: Aggregate over rows of a source, or an expression over other vars.
        where: Row filter (or profile filter for a derived var).
        default: Replaces NULL.
        data_type: Type that the value is cast to.
    """

    name: str
    select: Text
    where: Text | None = None
    window: VarWindow | None = None
    default: Text | None = None
    data_type: Text | None = None
    is_feature: bool = True
    description: str | None = None
    at: Location = NOWHERE


@dataclass(frozen=True)
class InputVar:
    """One value per row of a source; attributes as those of `Var`."""

    name: str
    select: Text
    where: Text | None = None
    window: VarWindow | None = None
    default: Text | None = None
    data_type: Text | None = None
    at: Location = NOWHERE
    definition: str = ""

    def texts(self) -> tuple[Text, ...]:
        """All texts that may name columns or input vars of the source."""
        window = (*self.window.partition_by, *self.window.order_by) if self.window else ()
        return tuple(t for t in (self.select, self.where, *window) if t is not None)


@dataclass(frozen=True)
class Condition:
    """A condition on profiles: SQL, or others combined."""

    kind: Literal["text", "and", "or", "not"]
    parts: tuple[Condition, ...] = ()
    text: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Cohort(Step):
    """Profiles of an entity: all of them, or those that filters keep.

    Attributes:
        base: Ref of the var table whose profiles are filtered; None for all of the stitcher's.
        condition: What the filters say together.
    """

    entity: str
    main_id: str
    stitcher: str
    base: str | None = None
    condition: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class EntityVars(Step):
    """All vars of one entity that one source gives, in one scan.

    Attributes:
        population: Path of the entity or cohort.
        source: Ref of the input or model that is scanned.
        stitcher: Ref of the entity's stitcher, which gives the rows their main id.
        known_vars: Ref of the var table whose values ``where`` and ``select`` use, or None.
        members_only: Rows of profiles that ``known_vars`` does not have are left out.
        input_vars: Columns that are laid over the rows first, each after those that it uses.
    """

    entity: str
    population: str
    main_id: str
    stitcher: str
    source: str
    vars: tuple[Var, ...]
    known_vars: str | None = None
    members_only: bool = False
    input_vars: tuple[InputVar, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VarTable(Step):
    """All vars of an entity up to one stage, one row per profile.

    Attributes:
        population: Path of the entity or cohort.
        base: The var table of the stage before, or the stitcher.
        parts: The ``EntityVars`` steps of this stage.
        derived: Vars computed from other vars, in layers: a layer only uses those before it.
        carried: Names of the vars that ``base`` already has.
        renamed: Name in ``base`` of those that go by another one here.
        members: Ref of the cohort that ``base`` is cut to, or None.
        parted: The vars of ``parts``, by step ref.
        earlier: Names of the vars that are read as of the beginning of a period, by the ref of the table of then.
    """

    entity: str
    population: str
    main_id: str
    stitcher: str
    base: str
    parts: tuple[str, ...]
    parted: Mapping[str, tuple[Var, ...]]
    derived: tuple[tuple[Var, ...], ...]
    carried: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    members: str | None = None
    earlier: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FeatureView(Step):
    """Features of an entity, one row per profile, or one row per id of one type.

    Attributes:
        population: Path of the entity or cohort.
        features: Column names in the order of the view.
        id_type: None for the view by main id; one of the types that stand for main ids gives that view under its name.
    """

    entity: str
    population: str
    main_id: str
    stitcher: str
    var_table: str
    features: tuple[str, ...]
    descriptions: Mapping[str, str]
    id_type: str | None = None

    @property
    def by_profile(self) -> bool:
        """Whether it has one row per profile."""
        return self.id_type is None or self.id_type in MAIN_ID_TYPES


@dataclass(frozen=True, kw_only=True)
class VarRows(Step):
    """The vars of an entity as a table that models may read: ``user/all/var_table``.

    Attributes:
        main_id: Name of the main id column.
        var_table: Ref of the var table of the stage that those models can see; of all profiles where there is none.
        columns: Names of its vars.
    """

    entity: str
    main_id: str
    var_table: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class RowOwner:
    """An entity that rows of an input belong to, with the input vars of its groups."""

    entity: str
    main_id: str
    stitcher: str
    input_vars: tuple[InputVar, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InputRows(Step):
    """The rows of an input with the main ids that they belong to, and with input vars: ``inputs/orders/var_table``.

    Attributes:
        source: Ref of the input.
        owners: By entity; each is a column.
    """

    source: str
    owners: tuple[RowOwner, ...]


_KINDS: dict[type[Step], str] = {
    InputStep: "input",
    SqlTemplate: "sql_template",
    IdStitcher: "id_stitcher",
    Cohort: "entity_cohort",
    EntityVars: "entity_vars",
    VarTable: "var_table",
    VarRows: "var_table",
    InputRows: "input_var_table",
    FeatureView: "feature_view",
}


@dataclass(frozen=True)
class LeftOut:
    """Something that takes no part in the run.

    Attributes:
        ref: Path of the input, model or var (``entity/user/x``).
        kind: Its model type, ``input`` or ``entity_var``.
        reason: Why, as a clause: "it reads inputs/x, which is left out".
    """

    ref: str
    kind: str
    reason: str
    at: Location = NOWHERE


@dataclass(frozen=True)
class RunTimes:
    """The time window of a run, aware UTC; nothing else in a plan depends on time."""

    end: datetime
    begin: datetime | None = None


@dataclass(frozen=True)
class Plan:
    """Steps in an order in which each comes after what it needs.

    Attributes:
        project: Name of the project.
        author: Dialect of the author's SQL.
        times: The time window.
        steps: By ref, in running order.
        fingerprints: 8 hex digits by ref; equal for equal definitions, whatever the time.
        id_types: Names of the id types by entity.
        notes: What the user should know.
        left_out: What takes no part, in the order in which it was found.
    """

    project: str
    author: str
    times: RunTimes
    steps: Mapping[str, Step]
    fingerprints: Mapping[str, str]
    id_types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def id_types_of(self, entity: str) -> tuple[str, ...]:
        """Names of the id types of an entity."""
        return self.id_types.get(entity, ())

    def needed_by(self, ref: str) -> tuple[str, ...]:
        """Refs of the steps that read ``ref`` directly."""
        return tuple(other.ref for other in self.steps.values() if ref in other.needs)
