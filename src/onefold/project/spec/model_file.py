"""The top level of a YAML file in a model folder: inputs, models, vars and macros."""

from __future__ import annotations

from typing import Any, Literal

from onefold.project.spec.inputs import Input
from onefold.project.spec.record import Record, Sql
from onefold.project.spec.vars import VarGroup


class Macro(Record):
    """Text that is substituted before rendering."""

    name: str
    inputs: tuple[str, ...] = ()
    value: Sql


class Optimizations(Record):
    """Hints to the reference engine; accepted, with a note that they have no effect."""

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
