"""Everything a project can say, typed: the one place that lists the keys of the format.

In: mappings read from YAML (``source.YamlMap``, which know their positions), after ``legacy`` has renamed old
keys. Out: frozen records whose field names are the YAML keys. Must not open files, know SQL, or check that one
record's reference finds another (``load`` does).

Every record has ``at``: where it stands, and where each of its keys stands.
The keys and their meaning: https://www.rudderstack.com/docs/profiles/dev-docs/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    NonNegativeFloat,
    Strict,
    WithJsonSchema,
    model_validator,
)
from pydantic import (
    Tag as UnionTag,
)
from pydantic.fields import FieldInfo  # noqa: TC002 - pydantic reads annotations at run time
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from onefold.errors import Finding, Location
from onefold.project.unread import Unread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOWHERE = Location("<memory>", 1, 1)


@dataclass(frozen=True)
class Positions:
    """Where a mapping stands in its file, and where its parts stand.

    Attributes:
        start: The mapping itself.
        values: The value of each key.
        keys: Each key.
        items: The entries of each value that is a list.
    """

    start: Location = NOWHERE
    values: dict[str, Location] = field(default_factory=dict)
    keys: dict[str, Location] = field(default_factory=dict)
    items: dict[str, tuple[Location, ...]] = field(default_factory=dict)

    def value(self, key: str) -> Location:
        """Where the value of ``key`` stands, or the mapping itself if the key was not written."""
        return self.values.get(key, self.start)

    def key(self, key: str) -> Location:
        """Where ``key`` itself stands, or the mapping if it was not written."""
        return self.keys.get(key, self.start)

    def item(self, key: str, index: int) -> Location:
        """Where entry ``index`` of the list under ``key`` stands, or the nearest thing that is known."""
        items = self.items.get(key, ())
        return items[index] if index < len(items) else self.value(key)


class Record(BaseModel):
    """A mapping of the format: frozen, unknown keys are errors, positions kept in ``at``."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    at: SkipJsonSchema[Positions] = Field(default=Positions(), exclude=True, repr=False)

    @model_validator(mode="before")
    @classmethod
    def _keep_positions(cls, data: Any) -> Any:
        """Carry the positions of a YamlMap into ``at``; other mappings stay as they are.

        A known key without a value is as good as not written, as in the reference command.
        """
        positions = getattr(data, "positions", None)
        if not isinstance(positions, Positions):
            return data
        if "at" in data:
            raise PydanticCustomError("key_at", "at is no key of the format")
        known = keys_of(cls)
        return {**{k: v for k, v in data.items() if v is not None or k not in known}, "at": positions}


@cache
def keys_of(cls: type[Record]) -> dict[str, FieldInfo]:
    """The fields of a record by their YAML key."""
    return {f.alias or name: f for name, f in cls.model_fields.items() if name != "at"}


def _number_as_text(value: Any) -> Any:
    """SQL may be written as a bare YAML scalar (``select: 1``, ``default_value: false``)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return getattr(value, "text", str(value)) if isinstance(value, int | float) else value


_SCALAR = {"type": ["string", "number", "boolean"]}
Sql = Annotated[str, BeforeValidator(_number_as_text), WithJsonSchema(_SCALAR)]
"""A SQL expression or query in the author dialect, possibly with template parts."""

OLDEST_SCHEMA, NEWEST_SCHEMA = 34, 99
"""The schema versions that are read."""
BUILT_IN_ID_TYPES = ("rudder_id",)
"""Id types that are there without being declared."""
MAIN_ID_TYPES = ("rudder_id", "main_id")
"""Id types whose values are main ids: a row that has one belongs to that profile."""

WholeNumber = Annotated[int, Strict()]
"""A number without a fraction; neither ``true`` nor text counts as one."""

Path = str
"""A reference to a model: ``inputs/orders``, ``models/user_id_stitcher``, ``user/all`` (case-insensitive)."""

TimeGrain = Literal["tick", "tenminutes", "10minutes", "hour", "day", "week", "month", "year"]
GRAINS: tuple[str, ...] = get_args(TimeGrain)
"""From fine to coarse."""
EnableStatus = Literal["good_to_have", "must_have", "only_if_necessary", "disabled"]


class Hooks(Record):
    """SQL templates that run before and after a material is made."""

    pre_run: Sql | None = None
    post_run: Sql | None = None


class Materialization(Record):
    """How a model's result is kept."""

    output_type: Literal["table", "view", "ephemeral", "report"] | None = None
    run_type: Literal["discrete", "incremental"] | None = None
    enable_status: EnableStatus | None = None


class ContractColumn(Record):
    """A column that a contract promises."""

    name: str
    type: str | None = None
    datatype: str | None = None


class Contract(Record):
    """What an input or model promises to those that read it."""

    is_optional: bool = False
    is_event_stream: bool = False
    is_append_only: bool = False
    with_entity_ids: tuple[str, ...] = ()
    with_columns: tuple[ContractColumn, ...] = ()


# --- pb_project.yaml -------------------------------------------------------------------------------------


class SqlFilter(Record):
    """Ids listed by a query: ``select`` over the model ``from``."""

    select: Sql
    from_: Path = Field(alias="from")


class IdFilter(Record):
    """One step of an id type's filter list; exactly one of ``value``, ``regex``, ``sql``."""

    type: Literal["include", "exclude"]
    value: Sql | None = None
    regex: str | None = None
    sql: SqlFilter | None = None

    @model_validator(mode="after")
    def _one_condition(self) -> Self:
        given = [k for k in ("value", "regex", "sql") if getattr(self, k) is not None]
        if len(given) != 1:
            msg = f"a filter takes exactly one of value, regex, sql; this one has {', '.join(given) or 'none'}"
            raise ValueError(msg)
        return self


class IdType(Record):
    """A kind of identifier."""

    name: str
    description: str | None = None
    extends: str | None = None
    filters: tuple[IdFilter, ...] = ()
    maximum_edges: tuple[dict[str, WholeNumber], ...] = ()


class IdView(Record):
    """A feature view keyed by ids of one type."""

    id: str
    name: str | None = None


class ViewMaterialization(Record):
    """How feature views are kept elsewhere; here each is a view over a table, and nothing of this changes its rows."""

    output_type: Literal["table", "view"] | None = None
    run_type: Literal["discrete", "incremental"] | None = None


class FeatureViews(Record):
    """The feature views of an entity or cohort; the one by main id always exists."""

    name: str | None = None
    using_ids: tuple[IdView, ...] = ()
    materialization: ViewMaterialization = ViewMaterialization()
    hooks: Hooks | None = None


class DefaultIdStitcher(Record):
    """Options of the stitcher that is made for an entity without one."""

    materialization: Materialization = Materialization()
    incremental_timedelta: str | None = None
    time_grain: TimeGrain | None = None


class Entity(Record):
    """What profiles are made of: a user, a household, a device."""

    name: str
    description: str | None = None
    id_column_name: str | None = None
    id_stitcher: Path | None = None
    id_types: tuple[str, ...] = ()
    default_id_stitcher: DefaultIdStitcher | None = None
    feature_views: FeatureViews = FeatureViews()
    hooks: Hooks | None = None

    @property
    def main_id_column(self) -> str:
        """Name of the main id column (format: ``<entity>_main_id`` unless named)."""
        return self.id_column_name or f"{self.name}_main_id"


class EnableOverride(Record):
    """What becomes of some things of a package, by their paths in it: ``models/x``, ``inputs/x``, ``user/all/x``."""

    requested_enable_status: EnableStatus
    models: tuple[Path, ...]


class Package(Record):
    """Another project whose inputs, models and vars are merged in."""

    name: str
    url: str
    inputs_map: dict[str, Path | None] = Field(default={}, alias="inputsMap")
    overrides: tuple[EnableOverride, ...] = ()


class IdStitcherRules(Record):
    """The table of manual include and exclude rules."""

    enabled: bool = False
    table_name: str = "id_stitch_rules"
    priority: Literal["exclude", "include"] = "exclude"


class Tag(Record):
    """A tag that vars may carry."""

    name: str
    description: str | None = None


class ProjectFile(Record):
    """The top level of ``pb_project.yaml``."""

    name: str
    schema_version: WholeNumber = Field(ge=1)
    connection: str | None = None
    model_folders: tuple[str, ...] = ("models",)
    entities: tuple[Entity, ...] = ()
    id_types: tuple[IdType, ...] = ()
    packages: tuple[Package, ...] = ()
    python_requirements: tuple[str, ...] = ()
    carry_forward_privileges: bool = False
    retention_period: str | None = None
    default_time_grain: TimeGrain | None = None
    id_stitcher_rules: IdStitcherRules = IdStitcherRules()
    allow_beta: bool = False
    available_tags: tuple[Tag, ...] = ()


# --- inputs ----------------------------------------------------------------------------------------------


class IdSelect(Record):
    """Where a source holds an id: ``select`` gives the value, ``type`` and ``entity`` say what it is."""

    select: Sql
    type: str
    entity: str
    to_default_stitcher: bool = True


class AppDefaults(Record):
    """Where an input's rows are, and how to read ids and time from them; exactly one source."""

    table: str | None = None
    view: str | None = None
    csv: str | None = None
    s3: str | None = None
    occurred_at_col: str | None = None
    row_identifier: tuple[str, ...] = ()
    ids: tuple[IdSelect, ...] = ()

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [k for k in ("table", "view", "csv", "s3") if getattr(self, k) is not None]
        if len(given) != 1:
            msg = f"an input takes exactly one of table, view, csv, s3; this one has {', '.join(given) or 'none'}"
            raise ValueError(msg)
        return self


class Input(Record):
    """A source. ``legacy`` moves keys that stand straight under the input into ``app_defaults``."""

    name: str
    description: str | None = None
    contract: Contract = Contract()
    app_defaults: AppDefaults
    where: Sql | None = None
    source_metadata: dict[str, Any] | None = None


# --- models ----------------------------------------------------------------------------------------------


class EdgeId(Record):
    """Where an edge source holds an id of the stitcher's entity."""

    select: Sql
    type: str
    entity: str | None = None


class EdgeSource(Record):
    """A source of edges; ``ids``, if given, replaces the source's own list."""

    from_: Path = Field(alias="from")
    ids: tuple[EdgeId, ...] | None = None


class IdStitcherSpec(Record):
    """What to stitch. ``legacy`` lets the old ``main_id_type`` name the main id column."""

    entity_key: str
    edge_sources: tuple[EdgeSource, ...] = ()
    materialization: Materialization = Materialization()
    incremental_timedelta: str | None = None
    max_iterations: WholeNumber | None = Field(default=None, ge=1)
    log_direct_edge_info: bool = False
    log_node_metadata: bool = False
    time_grain: TimeGrain | None = None
    retention_period: str | None = None


class ModelFeature(Record):
    """A column of a model that joins the feature views."""

    name: str
    description: str | None = None


def _feature_kind(value: Any) -> str:
    return "name" if isinstance(value, str) else "mapping"


Feature = Annotated[
    Annotated[ModelFeature, UnionTag("mapping")] | Annotated[str, UnionTag("name")],
    Discriminator(_feature_kind),
]
"""A feature of a model: its name, or a mapping."""


class SqlTemplateSpec(Record):
    """A query of the user's own; exactly one of ``single_sql``, ``multi_sql``."""

    single_sql: Sql | None = None
    multi_sql: Sql | None = None
    materialization: Materialization = Materialization()
    entity_key: str | None = None
    entity_cohort: Path | None = None
    ids: tuple[IdSelect, ...] = ()
    occurred_at_col: str | None = None
    contract: Contract = Contract()
    features: tuple[Feature, ...] = ()
    time_grain: TimeGrain | None = None
    retention_period: str | None = None

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if (self.single_sql is None) == (self.multi_sql is None):
            raise ValueError("a sql_template takes exactly one of single_sql, multi_sql")
        return self


def entity_of_features(body: SqlTemplateSpec) -> str | None:
    """Whose features a SQL model has: the entity that it names, or else the only one that it has ids of."""
    entities = {i.entity for i in body.ids}
    return body.entity_key or (entities.pop() if len(entities) == 1 else None)


class FeatureTableSpec(Record):
    """A selection of an entity's features."""

    entity_key: str | None = None
    entity_cohort: Path | None = None
    features: tuple[str, ...] | None = None
    materialization: Materialization = Materialization()
    time_grain: TimeGrain | None = None
    retention_period: str | None = None


class FeatureViewSpec(FeatureTableSpec):
    """All features of an entity, by main id and by ids; without ``using_ids`` by those that its entity has views by."""

    using_ids: tuple[IdView, ...] = ()


class CohortFilter(Record):
    """One step of a cohort's filter pipeline."""

    type: Literal["include", "exclude"]
    value: Sql


class EntityCohortSpec(Record):
    """A subset of an entity's profiles."""

    extends: Path | None = None
    entity_key: str | None = None
    materialization: Materialization = Materialization()
    filter_pipeline: tuple[CohortFilter, ...] = ()
    filter_expression: Any = None
    feature_views: FeatureViews = FeatureViews()
    time_grain: TimeGrain | None = None


class Model(Record):
    """A named model; ``model_spec`` is one record per ``model_type``."""

    name: str
    description: str | None = None
    hooks: Hooks | None = None


class IdStitcher(Model):
    """Resolves ids into profiles."""

    model_type: Literal["id_stitcher"]
    model_spec: IdStitcherSpec


class SqlTemplate(Model):
    """A SQL model."""

    model_type: Literal["sql_template"]
    model_spec: SqlTemplateSpec


class FeatureTable(Model):
    """A feature table."""

    model_type: Literal["feature_table_model", "feature_view"]
    model_spec: FeatureTableSpec


class FeatureViewModel(FeatureTable):
    """A feature table with views by ids."""

    model_type: Literal["feature_view"]
    model_spec: FeatureViewSpec


class EntityCohort(Model):
    """A cohort."""

    model_type: Literal["entity_cohort"]
    model_spec: EntityCohortSpec


def _mapping(value: Any) -> Any:
    if not isinstance(value, dict):
        raise PydanticCustomError("dict_type", "a mapping is wanted")
    return value


class PluginModel(Model):
    """A model type that a Python package brings (``propensity``, ``attribution`` and the like).

    ``model_spec`` stays the mapping that was read, so that the package can check it with places.
    """

    model_type: str
    model_spec: Annotated[Any, BeforeValidator(_mapping), WithJsonSchema({"type": "object"})] = {}


AnyModel = IdStitcher | SqlTemplate | FeatureTable | EntityCohort | PluginModel
MODEL_CLASSES: dict[str, type[Model]] = {
    "id_stitcher": IdStitcher,
    "sql_template": SqlTemplate,
    "feature_table_model": FeatureTable,
    "feature_view": FeatureViewModel,
    "entity_cohort": EntityCohort,
}
"""The model types of the format itself; any other name is a plugin's."""


# --- vars and macros -------------------------------------------------------------------------------------


def _as_tuple(value: Any) -> Any:
    """``order_by: ts desc`` means a list of one."""
    return (value,) if isinstance(value, str) else value


SqlList = Annotated[
    tuple[Sql, ...],
    BeforeValidator(_as_tuple),
    WithJsonSchema({"anyOf": [{"type": "array", "items": _SCALAR}, {"type": "string"}]}),
]
"""SQL expressions: a list, or one text."""


class Window(Record):
    """A window: by default over the rows of one entity."""

    partition_by: SqlList = ()
    order_by: SqlList = ()
    frame_clause: str | None = None


class Var(Record):
    """What entity vars and input vars share."""

    name: str
    select: Sql
    from_: Path | None = Field(default=None, alias="from")
    where: Sql | None = None
    window: Window | None = None
    default_value: Sql | None = None
    column_data_type: Sql | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    materialization: Materialization = Materialization()
    time_grain: TimeGrain | None = None


class EntityVar(Var):
    """One value per entity; without ``from`` an expression over other vars.

    Which table a var is kept in (``vartable_group``) changes no value.
    """

    is_feature: bool = True
    vartable_group: str | None = None
    merge: Sql | None = None
    merge_where: Sql | None = None
    dependencies: tuple[str, ...] = ()


class InputVar(Var):
    """One value per row of the input ``from``."""


class VarEntry(Record):
    """One entry of a group's list; exactly one of the two."""

    entity_var: EntityVar | None = None
    input_var: InputVar | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.entity_var is None) == (self.input_var is None):
            raise ValueError("an entry of vars takes exactly one of entity_var, input_var")
        return self


class VarGroup(Record):
    """Vars of one entity or cohort."""

    name: str
    description: str | None = None
    vartable_group: str | None = None
    entity_key: str | None = None
    entity_cohort: Path | None = None
    time_grain: TimeGrain | None = None
    vars: tuple[VarEntry, ...] = ()


class Macro(Record):
    """Text substituted before rendering."""

    name: str
    inputs: tuple[str, ...] = ()
    value: Sql


class Optimizations(Record):
    """Hints to the reference engine; accepted, and said to be moot where they are."""

    main_id_addition_approach: Literal["plain_join", "case_based_join"] | None = None
    enable_input_columns_filtering: bool = False
    bundle_input_vars: bool = False
    bundle_entity_vars: bool = False
    bundle_entity_vars_strategy: Literal["normal", "aggressive"] | None = None


class ModelFile(Record):
    """The top level of any YAML file in a model folder."""

    inputs: tuple[Input, ...] = ()
    models: tuple[dict[str, Any], ...] = ()
    var_groups: tuple[VarGroup, ...] = ()
    macros: tuple[Macro, ...] = ()
    optimizations: Optimizations | None = None


# --- onefold.yaml ----------------------------------------------------------------------------------------

SqlDialect = Literal["snowflake", "bigquery", "redshift", "databricks", "postgres", "duckdb"]
JunkIds = Literal["drop", "warn", "keep"]
"""What becomes of ids that look like a value for nothing; ``warn`` keeps and reports them (format C10)."""


class Bounds(Record):
    """What a figure is held against; a part that is not given holds nothing. ``warn`` asks to look, ``fail`` stops."""

    warn: float | None = None
    fail: float | None = None
    warn_below: float | None = None
    fail_below: float | None = None

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        """A figure goes through ``warn`` before it comes to ``fail``."""
        if self.warn is not None and self.fail is not None and self.fail < self.warn:
            raise ValueError(f"fail is {self.fail:g}, which a figure passes before warn, {self.warn:g}")
        if self.warn_below is not None and self.fail_below is not None and self.fail_below > self.warn_below:
            raise ValueError(
                f"fail_below is {self.fail_below:g}, which a figure passes before warn_below, {self.warn_below:g}"
            )
        return self


def _share(bounds: Bounds) -> Bounds:
    for name in ("warn", "fail", "warn_below", "fail_below"):
        value = getattr(bounds, name)
        if value is not None and not 0 <= value <= 1:
            raise ValueError(f"{name} is {value:g}; a share is from 0 to 1")
    return bounds


ShareBounds = Annotated[Bounds, AfterValidator(_share)]
"""Bounds of a share, from 0 to 1."""


class DriftBounds(Record):
    """How far a figure may go from that of the last published run, as a share of it: 0.1 is a tenth, up or down.

    Attributes:
        warn: More than so much asks to look.
        fail: More than so much stops.
        warn_below: The same of a figure that went down, in place of ``warn``.
        fail_below: In place of ``fail``.
    """

    warn: NonNegativeFloat | None = None
    fail: NonNegativeFloat | None = None
    warn_below: NonNegativeFloat | None = None
    fail_below: NonNegativeFloat | None = None


class Drift(Record):
    """How far figures may go from those of the last published run. Keys are those of `Checks`.

    Attributes:
        ids: By id type, the most ids of it in one profile.
        stitch_rate: By id type.
    """

    profiles: DriftBounds = DriftBounds()
    total_ids: DriftBounds = DriftBounds()
    largest: DriftBounds = DriftBounds()
    mean: DriftBounds = DriftBounds()
    median: DriftBounds = DriftBounds()
    p90: DriftBounds = DriftBounds()
    p99: DriftBounds = DriftBounds()
    over_10: DriftBounds = DriftBounds()
    over_50: DriftBounds = DriftBounds()
    over_100: DriftBounds = DriftBounds()
    over_1000: DriftBounds = DriftBounds()
    several: DriftBounds = DriftBounds()
    singletons: DriftBounds = DriftBounds()
    ids: dict[str, DriftBounds] = {}
    stitch_rate: dict[str, DriftBounds] = {}


class Checks(Record):
    """Bounds of the figures of an id graph.

    Attributes:
        profiles: How many profiles there are.
        total_ids: How many ids.
        largest: Ids of the largest profile.
        mean: Ids of a profile, on average; five times as many as the entity has id types if not given.
        median: The same of the profile in the middle; twice as many as the entity has id types if not given.
        p90: Ids that nine of ten profiles have at most.
        p99: Ids that 99 of 100 have at most.
        over_10: Share of profiles with more than 10 ids, 0 to 1.
        over_50: More than 50; and so on.
        several: Share of profiles with more than one id of the type that stands for a person.
        singletons: Share of profiles with a single id.
        ids: By id type, how many ids of it a profile has; 5 of a person and 50 of any other if not given.
        stitch_rate: By id type, the share of its ids that are not alone in their profile.
        features: By feature, its values.
        nulls: By feature, the share of profiles without a value.
        drift: How far figures may go from those of the last published run.
    """

    profiles: Bounds = Bounds()
    total_ids: Bounds = Bounds()
    largest: Bounds = Bounds(warn=1000)
    mean: Bounds = Bounds()
    median: Bounds = Bounds()
    p90: Bounds = Bounds()
    p99: Bounds = Bounds()
    over_10: ShareBounds = Bounds()
    over_50: ShareBounds = Bounds()
    over_100: ShareBounds = Bounds(warn=0)
    over_1000: ShareBounds = Bounds(warn=0)
    several: ShareBounds = Bounds(warn=0.25)
    singletons: ShareBounds = Bounds()
    ids: dict[str, Bounds] = {}
    stitch_rate: dict[str, ShareBounds] = {}
    features: dict[str, Bounds] = {}
    nulls: dict[str, ShareBounds] = {}
    drift: Drift = Drift()


class AuditThreshold(Record):
    """A threshold in the SQL of a model, for the audit to try others.

    Attributes:
        model: Path of the SQL model.
        variable: Name in its ``{% set name = 5 %}``.
        of: Id type that is left out.
        counts: Id type of which it has too many.
    """

    model: str
    variable: str
    of: str
    counts: str


class Audit(Record):
    """What the audit cannot know from the format.

    Attributes:
        person: Id type that stands for a person, for all entities that have it or by entity; of an entity for which
            none is given, its first id type.
        weigh: Input whose rows say how much an id matters, such as ``inputs/orders``.
        truth: Folder of ``ids.parquet``, which says who really owns each id; the sample shop has one.
        thresholds: Thresholds that the project's own SQL applies.
    """

    person: str | dict[str, str] | None = None
    weigh: str | None = None
    truth: str | None = None
    thresholds: tuple[AuditThreshold, ...] = ()

    def person_of(self, entity: str, id_types: Sequence[str]) -> str:
        """The id type that stands for a person in an entity.

        Args:
            entity: The entity.
            id_types: Its id types, in order.
        """
        given = self.person.get(entity) if isinstance(self.person, dict) else self.person
        return given if given is not None and given in id_types else id_types[0]


class FileColumns(Record):
    """What is known of the data files of a table.

    Attributes:
        columns: Types of columns, in the author's dialect, by name. Text of other columns stays text.
    """

    columns: dict[str, str] = {}


class Settings(Record):
    """``onefold.yaml``, beside ``pb_project.yaml``: what the format has no key for (ADR 0004).

    Attributes:
        id_rules: The file of rules that include or exclude ids and pairs of ids, inside the project; there need not be
            one.
    """

    sql_dialect: SqlDialect = "snowflake"
    catalogs: dict[str, str] = {}
    files: dict[str, FileColumns] = {}
    junk_ids: JunkIds = "warn"
    id_rules: str = "rules/id_stitcher_rules.csv"
    audit: Audit = Audit()
    checks: Checks = Checks()
    published_copy: bool | str = False
    memory_limit: str | None = None


# --- siteconfig.yaml -------------------------------------------------------------------------------------


class Connection(Record):
    """A named connection: outputs by target name; their keys depend on ``type`` (``settings`` checks them)."""

    target: str
    outputs: dict[str, dict[str, Any]] = Field(repr=False)


class SiteConfig(Record):
    """``~/.pb/siteconfig.yaml``: connections and secrets. Never logged, never written to artefacts."""

    connections: dict[str, Connection] = {}
    gitcreds: Any = Field(default=None, repr=False)
    block_store_creds: Any = Field(default=None, repr=False)
    aws_credential: Any = Field(default=None, repr=False)
    py_models: Any = Field(default=None, repr=False)
    cache_dir: str | None = None
    filepath: str | None = None


@dataclass(frozen=True)
class SwitchedOff:
    """An input of a package that the project runs without.

    Attributes:
        ref: What paths to it mean.
        reason: Why, as a clause.
        at: Where that is said.
    """

    ref: str
    reason: str
    at: Location


@dataclass(frozen=True)
class IdRule:
    """A rule that somebody made by hand: an id, or a pair of ids, that is in or out whatever the sources say.

    Attributes:
        entity: The entity.
        id1: An id.
        id1_type: Its type.
        id2: The other id of a pair; blank for a rule about one id.
        id2_type: Its type; blank likewise.
        action: ``INCLUDE`` or ``EXCLUDE``.
        reason: Why; may be blank.
        author: Who made it; may be blank.
        date: When, in ISO 8601; may be blank.
        at: Its line in the file.
    """

    entity: str
    id1: str
    id1_type: str
    id2: str = ""
    id2_type: str = ""
    action: str = "EXCLUDE"
    reason: str = ""
    author: str = ""
    date: str = ""
    at: Location = field(default=NOWHERE, compare=False)

    @property
    def key(self) -> tuple[object, ...]:
        """What the rule is about; a pair has no direction."""
        ends = sorted(((self.id1_type, self.id1), (self.id2_type, self.id2))) if self.id2 else ()
        return (self.entity.lower(), *(ends or ((self.id1_type, self.id1),)))


@dataclass(frozen=True)
class IdRules:
    """The file of id rules.

    Attributes:
        file: Its path, relative to the project.
        rules: In the order of its lines.
    """

    file: str
    rules: tuple[IdRule, ...]


@dataclass(frozen=True)
class Project:
    """A whole project, checked: what the rest of the product reads.

    Attributes:
        root: Absolute folder of ``pb_project.yaml``.
        file: ``pb_project.yaml``.
        settings: ``onefold.yaml``, or its defaults.
        inputs: All inputs, in the order read (files by name, then position).
        models: All models, in the same order.
        var_groups: All var groups, in the same order.
        macros: All macros.
        optimizations: The one ``optimizations`` mapping, if any.
        notes: Warnings and notes found while loading (old spellings, moot keys).
        aliases: What paths into packages mean, by the lower-case path ``packages/<package>/...``.
        switched_off: Inputs of packages that are mapped to nothing.
        package_roots: Absolute folder of each package, by its name.
        id_rules: The file of id rules; None where there is none.
        unread: Records that could not be read; none of a project that `load_project` returns.
    """

    root: str
    file: ProjectFile
    settings: Settings = field(default_factory=Settings)
    inputs: tuple[Input, ...] = ()
    models: tuple[AnyModel, ...] = ()
    var_groups: tuple[VarGroup, ...] = ()
    macros: tuple[Macro, ...] = ()
    optimizations: Optimizations | None = None
    notes: tuple[Finding, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    switched_off: tuple[SwitchedOff, ...] = ()
    package_roots: Mapping[str, str] = field(default_factory=dict)
    id_rules: IdRules | None = None
    unread: Unread = field(default_factory=Unread)

    @property
    def stitcher_rules(self) -> IdStitcherRules:
        """``id_stitcher_rules``; where the project does not say whether they count, they do if there is a file."""
        given = self.file.id_stitcher_rules
        if self.id_rules is None or "enabled" in given.model_fields_set:
            return given
        return given.model_copy(update={"enabled": True})
