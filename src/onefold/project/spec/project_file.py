"""``pb_project.yaml``: the top level, packages and tags."""

from __future__ import annotations

from typing import Literal

from pydantic import (
    Field,
)

from onefold.project.spec.entities import Entity, IdType
from onefold.project.spec.materialization import EnableStatus, TimeGrain
from onefold.project.spec.record import Path, Record, WholeNumber

OLDEST_SCHEMA, NEWEST_SCHEMA = 34, 99
"""The supported schema versions."""


class EnableOverride(Record):
    """Overrides for parts of a package, by their paths in it: ``models/x``, ``inputs/x``, ``user/all/x``."""

    requested_enable_status: EnableStatus
    models: tuple[Path, ...]


class Package(Record):
    """Another project whose inputs, models and vars are merged into this one."""

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
    id_stitcher_rules: IdStitcherRules = IdStitcherRules.model_construct()
    allow_beta: bool = False
    available_tags: tuple[Tag, ...] = ()
