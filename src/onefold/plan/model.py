"""The records of a plan: frozen, and independent of any database.

Defines the kinds of steps that ``build`` creates and ``sql`` compiles into queries. The SQL of a step is rendered but
not parsed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from onefold.errors import Finding, Location
from onefold.short_repr import Short

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from onefold.plugins import Spec
    from onefold.project.spec import IdRule as GivenIdRule
    from onefold.template.references import Reference

NOWHERE = Location("<memory>", 1, 1)


@dataclass(frozen=True)
class SqlText:
    """SQL that the author wrote, rendered.

    Attributes:
        sql: The SQL, with a token in place of each reference.
        references: The reference behind each token.
        at: Where the SQL is written in the project.
    """

    sql: str
    references: Mapping[str, Reference] = field(default_factory=dict)
    at: Location = NOWHERE


@dataclass(frozen=True)
class IdColumn:
    """The expression that gives ids of type ``id_type`` in a source.

    Attributes:
        entity: The entity that the id belongs to; empty if it is that of the reader.
    """

    select: SqlText
    id_type: str
    entity: str = ""


@dataclass(frozen=True)
class IdFilterCondition:
    """One step of an id type's filter list: include or exclude the ids that match ``condition``."""

    action: Literal["include", "exclude"]
    condition: Literal["value", "regex", "sql"]
    value: str = ""
    query: SqlText | None = None
    source: str | None = None
    at: Location = NOWHERE


@dataclass(frozen=True, kw_only=True)
class Step:
    """The attributes that all steps share.

    Attributes:
        ref: Unique path, ``models/user_id_stitcher``; used by ``-m`` and ``needs``.
        name: Bare name, used for the material and the files of the step.
        needs: Refs of the steps that this one reads, sorted.
        definition: Canonical text of the step, which its fingerprint is computed from.
        output: ``inline`` steps are compiled into the steps that read them; the others create a table or view.
        view: Name of the view that shows the latest result; None if the step is internal.
        grain: Time grain that the step is read at, if it is not read as of the end of the run.
        as_of: Start of the period of that grain.
        pre_run: The author's statements to run before the material is built.
        post_run: The author's statements to run afterwards.
        at: Where the project declares the step.
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
    pre_run: SqlText | None = None
    post_run: SqlText | None = None

    KIND: ClassVar[str] = ""

    @property
    def kind(self) -> str:
        """The model type, as the format names it."""
        return self.KIND


@dataclass(frozen=True, kw_only=True)
class InputStep(Step):
    """A source table, restricted to rows up to the end time.

    Attributes:
        table: Name as written, or the path of a CSV file in the project.
        csv: Whether ``table`` is such a path.
        occurred_at: Name of the time column, or None.
        where: The author's filter.
        row_identifier: Columns that identify a row.
        is_optional: Whether the table may be missing; the steps that need it are then disabled.
        columns: Columns that the contract promises.
        column_types: Their types as the contract writes them.
    """

    KIND: ClassVar[str] = "input"

    table: str
    csv: bool = False
    occurred_at: str | None = None
    occurred_at_at: Location = NOWHERE
    ids: tuple[IdColumn, ...] = ()
    where: SqlText | None = None
    row_identifier: tuple[str, ...] = ()
    row_identifier_at: Location = NOWHERE
    is_optional: bool = False
    columns: tuple[str, ...] = ()
    column_types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SqlTemplate(Step):
    """A query that the author wrote, or statements that create a table.

    Attributes:
        body: The query, or the statements if ``is_script``.
        columns: Columns that the contract promises.
        column_types: Their types as the contract writes them.
    """

    KIND: ClassVar[str] = "sql_template"

    body: SqlText
    is_script: bool = False
    occurred_at: str | None = None
    occurred_at_at: Location = NOWHERE
    ids: tuple[IdColumn, ...] = ()
    columns: tuple[str, ...] = ()
    column_types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PluginStep(Step):
    """A table that a plugin computes.

    Attributes:
        plugin: Name of the plugin.
        spec: The validated ``model_spec``.
        reads: Ref of each step that it reads, by the path in its spec.
    """

    plugin: str
    spec: Spec
    reads: Mapping[str, str]

    @property
    def kind(self) -> str:
        """The name of the plugin."""
        return self.plugin


@dataclass(frozen=True)
class EdgeSource:
    """A source of edges and the ids to read from it, in order of declaration."""

    source: str
    ids: tuple[IdColumn, ...]


@dataclass(frozen=True)
class EdgeLimit:
    """The maximum number of neighbours of type ``other_type`` of an id of type ``id_type`` (``maximum_edges``)."""

    id_type: str
    other_type: str
    maximum: int


@dataclass(frozen=True)
class IdRulesTable:
    """The table of include and exclude rules.

    Attributes:
        table: Its name as written.
        schema: The output schema, which contains the table unless its name has a schema.
        priority: Which rule wins if an id is excluded and a pair with the same id is included.
        rules: The rules in the project's file, which each run writes to the table; None if the table is edited by hand.
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
        sources: The edge sources.
        rules: Filter list by id type; a type without filters is absent.
        limits: The limits from ``maximum_edges`` of the entity's id types.
        id_rules: The table of id rules, if the project has one.
        placeholder_ids: How to treat ids that look like a null value.
        window: How far before the last end time an incremental run reads; None for all rows.
    """

    KIND: ClassVar[str] = "id_stitcher"

    entity: str
    main_id: str
    sources: tuple[EdgeSource, ...]
    rules: Mapping[str, tuple[IdFilterCondition, ...]]
    limits: tuple[EdgeLimit, ...] = ()
    id_rules: IdRulesTable | None = None
    placeholder_ids: Literal["drop", "warn", "keep"] = "warn"
    window: timedelta | None = None


@dataclass(frozen=True)
class DisabledModel:
    """An input, model or var that is not part of the run.

    Attributes:
        ref: Path of the input, model or var (``entity/user/x``).
        kind: Its model type, ``input`` or ``entity_var``.
        reason: Why, as a clause: "it reads inputs/x, which is disabled".
    """

    ref: str
    kind: str
    reason: str
    at: Location = NOWHERE


@dataclass(frozen=True)
class RunTimes:
    """The time window of a run, in UTC; nothing else in a plan depends on time."""

    end: datetime
    begin: datetime | None = None


@dataclass(frozen=True, repr=False)
class Plan(Short):
    """Steps in dependency order.

    Attributes:
        project: Name of the project.
        author: Dialect of the author's SQL.
        times: The time window.
        steps: The steps by ref, in running order.
        fingerprints: 8 hex digits by ref; equal for equal definitions, independent of time.
        id_types: Names of the id types by entity.
        notes: Warnings for the user.
        disabled: The disabled inputs, models and vars, in the order in which they were found.
    """

    project: str
    author: str
    times: RunTimes
    steps: Mapping[str, Step]
    fingerprints: Mapping[str, str]
    id_types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
    disabled: tuple[DisabledModel, ...] = ()

    def id_types_of(self, entity: str) -> tuple[str, ...]:
        """Names of the id types of an entity."""
        return self.id_types.get(entity, ())

    def needed_by(self, ref: str) -> tuple[str, ...]:
        """Refs of the steps that read ``ref`` directly."""
        return tuple(other.ref for other in self.steps.values() if ref in other.needs)
