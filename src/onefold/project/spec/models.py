"""Models: one record per ``model_type``, and one per ``model_spec``."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic import (
    Tag as UnionTag,
)
from pydantic_core import PydanticCustomError

from onefold.project.spec.feature_views import FeatureViews, IdView
from onefold.project.spec.inputs import Contract, IdSelect
from onefold.project.spec.materialization import Hooks, Materialization, TimeGrain
from onefold.project.spec.record import Path, Record, Sql, WholeNumber


class EdgeId(Record):
    """An id of the stitcher's entity in an edge source."""

    select: Sql
    type: str
    entity: str | None = None


class EdgeSourceSpec(Record):
    """A source of edges; ``ids``, if given, replaces the ids that the source declares."""

    from_: Path = Field(alias="from")
    ids: tuple[EdgeId, ...] | None = None


class IdStitcherSpec(Record):
    """The edge sources of a stitcher. ``legacy`` lets the old ``main_id_type`` name the main id column."""

    entity_key: str
    edge_sources: tuple[EdgeSourceSpec, ...] = ()
    materialization: Materialization = Materialization.model_construct()
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
    """A query that the author wrote; exactly one of ``single_sql``, ``multi_sql``."""

    single_sql: Sql | None = None
    multi_sql: Sql | None = None
    materialization: Materialization = Materialization.model_construct()
    entity_key: str | None = None
    entity_cohort: Path | None = None
    ids: tuple[IdSelect, ...] = ()
    occurred_at_col: str | None = None
    contract: Contract = Contract.model_construct()
    features: tuple[Feature, ...] = ()
    time_grain: TimeGrain | None = None
    retention_period: str | None = None

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if (self.single_sql is None) == (self.multi_sql is None):
            raise ValueError("a sql_template must have exactly one of single_sql, multi_sql")
        return self


def entity_of_features(body: SqlTemplateSpec) -> str | None:
    """The owner of a SQL model's features: its ``entity_key``, or the only entity that it has ids of."""
    entities = {i.entity for i in body.ids}
    return body.entity_key or (entities.pop() if len(entities) == 1 else None)


class FeatureTableSpec(Record):
    """A selection of an entity's features."""

    entity_key: str | None = None
    entity_cohort: Path | None = None
    features: tuple[str, ...] | None = None
    materialization: Materialization = Materialization.model_construct()
    time_grain: TimeGrain | None = None
    retention_period: str | None = None


class FeatureViewSpec(FeatureTableSpec):
    """All features of an entity, by main id and by ids; without ``using_ids``, by the ids of its entity's views."""

    using_ids: tuple[IdView, ...] = ()


class CohortFilter(Record):
    """One step of a cohort's filter pipeline."""

    type: Literal["include", "exclude"]
    value: Sql


class EntityCohortSpec(Record):
    """A subset of an entity's profiles."""

    extends: Path | None = None
    entity_key: str | None = None
    materialization: Materialization = Materialization.model_construct()
    filter_pipeline: tuple[CohortFilter, ...] = ()
    filter_expression: Any = None
    feature_views: FeatureViews = FeatureViews.model_construct()
    time_grain: TimeGrain | None = None


class Model(Record):
    """A named model; ``model_spec`` is one record per ``model_type``."""

    name: str
    description: str | None = None
    hooks: Hooks | None = None


class IdStitcherModel(Model):
    """Resolves ids into profiles."""

    model_type: Literal["id_stitcher"]
    model_spec: IdStitcherSpec


class SqlTemplateModel(Model):
    """A SQL model."""

    model_type: Literal["sql_template"]
    model_spec: SqlTemplateSpec


class FeatureTableModel(Model):
    """A feature table."""

    model_type: Literal["feature_table_model", "feature_view"]
    model_spec: FeatureTableSpec


class FeatureViewModel(FeatureTableModel):
    """A feature table with views by ids."""

    model_type: Literal["feature_view"]
    model_spec: FeatureViewSpec


class EntityCohortModel(Model):
    """A cohort."""

    model_type: Literal["entity_cohort"]
    model_spec: EntityCohortSpec


def _mapping(value: Any) -> Any:
    if not isinstance(value, dict):
        raise PydanticCustomError("dict_type", "expected a mapping")
    return value


class PluginModel(Model):
    """A model type of a Python package (``propensity``, ``attribution`` and others).

    ``model_spec`` is kept as read, so that the package can validate it with locations.
    """

    model_type: str
    model_spec: Annotated[Any, BeforeValidator(_mapping), WithJsonSchema({"type": "object"})] = {}


AnyModel = IdStitcherModel | SqlTemplateModel | FeatureTableModel | EntityCohortModel | PluginModel


MODEL_CLASSES: dict[str, type[Model]] = {
    "id_stitcher": IdStitcherModel,
    "sql_template": SqlTemplateModel,
    "feature_table_model": FeatureTableModel,
    "feature_view": FeatureViewModel,
    "entity_cohort": EntityCohortModel,
}
"""The model types of the format itself; any other name belongs to a plugin."""
