"""The records of a plan: frozen, and free of any database.

In: nothing. Out: the step kinds that ``build`` makes and ``sql`` turns into queries. A step's SQL is still the
author's text, rendered but not parsed.
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

    select: SqlText
    id_type: str
    entity: str = ""


@dataclass(frozen=True)
class IdFilterCondition:
    """One step of an id type's filter list: keep (include) or drop (exclude) what ``condition`` matches."""

    action: Literal["include", "exclude"]
    condition: Literal["value", "regex", "sql"]
    value: str = ""
    query: SqlText | None = None
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
    pre_run: SqlText | None = None
    post_run: SqlText | None = None

    KIND: ClassVar[str] = ""

    @property
    def kind(self) -> str:
        """The model type as the format names it."""
        return self.KIND


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
    """A query of the author's, or statements that make a table.

    Attributes:
        body: The query; the statements where ``is_script``.
        columns: Columns that the contract promises.
        column_types: What it says of their types, as written.
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
    """A table that a plugin makes.

    Attributes:
        plugin: Its name.
        spec: What it was told, checked.
        reads: Ref of each thing it reads, by the path that it calls it.
    """

    plugin: str
    spec: Spec
    reads: Mapping[str, str]

    @property
    def kind(self) -> str:
        """The plugin's name."""
        return self.plugin


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
        placeholder_ids: What becomes of ids that look like a value for nothing.
        window: How far before the last end time a run that builds on the last graph looks; None for all rows.
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
    """Something that takes no part in the run.

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
    """The time window of a run, aware UTC; nothing else in a plan depends on time."""

    end: datetime
    begin: datetime | None = None


@dataclass(frozen=True, repr=False)
class Plan(Short):
    """Steps in an order in which each comes after what it needs.

    Attributes:
        project: Name of the project.
        author: Dialect of the author's SQL.
        times: The time window.
        steps: By ref, in running order.
        fingerprints: 8 hex digits by ref; equal for equal definitions, whatever the time.
        id_types: Names of the id types by entity.
        notes: What the user should know.
        disabled: What takes no part, in the order in which it was found.
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
