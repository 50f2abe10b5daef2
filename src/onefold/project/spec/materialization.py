"""Materialization, hooks and time grains of a model."""

from __future__ import annotations

from typing import Literal, get_args

from onefold.project.spec.record import Record, Sql

TimeGrain = Literal["tick", "tenminutes", "10minutes", "hour", "day", "week", "month", "year"]


GRAINS: tuple[str, ...] = get_args(TimeGrain)
"""From fine to coarse."""


EnableStatus = Literal["good_to_have", "must_have", "only_if_necessary", "disabled"]


class Hooks(Record):
    """SQL templates that run before and after a material is built."""

    pre_run: Sql | None = None
    post_run: Sql | None = None


class Materialization(Record):
    """How a model's result is stored."""

    output_type: Literal["table", "view", "ephemeral", "report"] | None = None
    run_type: Literal["discrete", "incremental"] | None = None
    enable_status: EnableStatus | None = None
