"""What the tests of plans share: a small project, written as files, loaded and planned."""

from __future__ import annotations

import datetime as dt
from textwrap import dedent
from typing import TYPE_CHECKING, Protocol

import pytest

from onefold.plan.build import build_plan
from onefold.plan.model import RunTimes
from onefold.project.load import load_project

if TYPE_CHECKING:
    from pathlib import Path

    from onefold.plan.model import Plan

PROJECT = """
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities:
  - name: user
    id_column_name: user_main_id
    id_types: [user_id, email]
id_types:
  - name: user_id
  - name: email
"""

INPUTS = """
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


class Planner(Protocol):
    """Plans a project whose models are given as YAML."""

    def __call__(
        self, models: str = "", *, project: str = PROJECT, inputs: str = INPUTS, end: str = "2026-10-31"
    ) -> Plan: ...


@pytest.fixture
def plan_of(tmp_path: Path) -> Planner:
    """Writes a project's files and plans it."""

    def planned(
        models: str = "", *, project: str = PROJECT, inputs: str = INPUTS, end: str = "2026-10-31"
    ) -> Plan:
        (tmp_path / "models").mkdir(exist_ok=True)
        (tmp_path / "pb_project.yaml").write_text(dedent(project))
        (tmp_path / "models" / "inputs.yaml").write_text(dedent(inputs))
        (tmp_path / "models" / "profiles.yaml").write_text(dedent(models))
        times = RunTimes(end=dt.datetime.fromisoformat(end).replace(tzinfo=dt.UTC))
        return build_plan(load_project(tmp_path), times, "profiles")

    return planned
