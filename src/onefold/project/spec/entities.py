"""Entities and their id types, with id filters."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import (
    Field,
    model_validator,
)

from onefold.project.spec.feature_views import FeatureViews
from onefold.project.spec.materialization import Hooks, Materialization, TimeGrain
from onefold.project.spec.record import Path, Record, Sql, WholeNumber

BUILT_IN_ID_TYPES = ("rudder_id",)
"""Id types that exist without being declared."""


MAIN_ID_TYPES = ("rudder_id", "main_id")
"""Id types whose values are main ids: a row with such an id belongs to that profile."""


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
            msg = f"a filter must have exactly one of value, regex, sql; this one has {', '.join(given) or 'none'}"
            raise ValueError(msg)
        return self


class IdType(Record):
    """A kind of identifier."""

    name: str
    description: str | None = None
    extends: str | None = None
    filters: tuple[IdFilter, ...] = ()
    maximum_edges: tuple[dict[str, WholeNumber], ...] = ()


class DefaultIdStitcher(Record):
    """Options of the default stitcher, for an entity without its own."""

    materialization: Materialization = Materialization.model_construct()
    incremental_timedelta: str | None = None
    time_grain: TimeGrain | None = None


class Entity(Record):
    """The subject of profiles: a user, a household, a device."""

    name: str
    description: str | None = None
    id_column_name: str | None = None
    id_stitcher: Path | None = None
    id_types: tuple[str, ...] = ()
    default_id_stitcher: DefaultIdStitcher | None = None
    feature_views: FeatureViews = FeatureViews.model_construct()
    hooks: Hooks | None = None

    @property
    def main_id_column(self) -> str:
        """Name of the main id column (by default ``<entity>_main_id``)."""
        return self.id_column_name or f"{self.name}_main_id"
