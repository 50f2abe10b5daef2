"""Shared fixtures of the planner's tests: a small project, written as files, loaded and planned."""

from __future__ import annotations

import datetime as dt
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from onefold.plan.build import build_plan
from onefold.plan.model import RunTimes
from onefold.project.load import load_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from onefold.plan.model import Plan

_PROJECT = """
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities:
  - name: user
    id_column_name: user_main_id
    id_types: [user_id, email]
    feature_views: {feature_views}
id_types:
  - name: user_id
  - name: email
"""

_INPUTS = """
inputs:
  - name: orders
    app_defaults:
      table: raw.orders
      occurred_at_col: ts
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: email, type: email, entity: user}
  - name: visits
    app_defaults:
      table: raw.visits
      ids:
        - {select: email, type: email, entity: user}
"""


@pytest.fixture
def plan_of(tmp_path: Path) -> Callable[..., Plan]:
    """Writes a project's files and plans it.

    Takes the YAML of models and var groups, of inputs, of ``feature_views``, and the end time.
    """

    def planned(models: str = "", *, inputs: str = _INPUTS, feature_views: str = "{}", end: str = "2026-10-31") -> Plan:
        (tmp_path / "models").mkdir(exist_ok=True)
        (tmp_path / "pb_project.yaml").write_text(_PROJECT.replace("{feature_views}", feature_views))
        (tmp_path / "models" / "inputs.yaml").write_text(dedent(inputs))
        (tmp_path / "models" / "profiles.yaml").write_text(dedent(models))
        times = RunTimes(end=dt.datetime.fromisoformat(end).replace(tzinfo=dt.UTC))
        return build_plan(load_project(tmp_path), times, "profiles")

    return planned
