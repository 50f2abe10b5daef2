"""Vars: ``var_groups`` with entity vars and input vars."""

from __future__ import annotations

from typing import Self

from pydantic import (
    Field,
    model_validator,
)

from onefold.project.spec.materialization import Materialization, TimeGrain
from onefold.project.spec.record import Path, Record, Sql, SqlList


class Window(Record):
    """A window; by default over the rows of one profile."""

    partition_by: SqlList = ()
    order_by: SqlList = ()
    frame_clause: str | None = None


class VarSpec(Record):
    """The attributes that entity vars and input vars share."""

    name: str
    select: Sql
    from_: Path | None = Field(default=None, alias="from")
    where: Sql | None = None
    window: Window | None = None
    default_value: Sql | None = None
    column_data_type: Sql | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    materialization: Materialization = Materialization.model_construct()
    time_grain: TimeGrain | None = None


class EntityVarSpec(VarSpec):
    """One value per profile; without ``from``, an expression over other vars.

    The table in which a var is stored (``vartable_group``) does not affect its value.
    """

    is_feature: bool = True
    vartable_group: str | None = None
    merge: Sql | None = None
    merge_where: Sql | None = None
    dependencies: tuple[str, ...] = ()


class InputVarSpec(VarSpec):
    """One value per row of the input ``from``."""


class VarEntry(Record):
    """One entry of a group's list; exactly one of the two."""

    entity_var: EntityVarSpec | None = None
    input_var: InputVarSpec | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.entity_var is None) == (self.input_var is None):
            raise ValueError("an entry of vars must have exactly one of entity_var, input_var")
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
