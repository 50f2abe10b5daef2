"""Projects with mistakes of every kind: never a traceback, never a hang, always a message with a place."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.parity.cases import CASES as AIMED
from tests.parity.harness import write
from tests.parity.shapes import SHAPES
from tests.properties.mutations import damaged

from onefold.errors import Location, OnefoldError
from onefold.plan.build import build_plan
from onefold.plan.model import RunTimes
from onefold.plan.names import names_of
from onefold.project.files import reader_of
from onefold.project.load import load_project
from onefold.run.compiled import Output, compile_steps
from onefold.sql.dialects.duckdb import DUCKDB

if TYPE_CHECKING:
    from onefold.errors import Finding

TIMES = RunTimes(end=datetime(2026, 10, 31, tzinfo=UTC))
CASES = {**AIMED, **SHAPES}
SOON = 60
"""Seconds; a small project takes a part of one."""
FUZZ = settings(max_examples=examples(150), suppress_health_check=list(HealthCheck))
MAIN_JOB = ("pb_project.yaml", "onefold.yaml", "models/inputs.yaml", "models/profiles.yaml", "models/sql_models.yaml")
REPOSITORY = Path(__file__).parents[2]


def compiled(folder: Path) -> None:
    """Load, plan and compile, as a run does before it touches a table."""
    project = load_project(folder)
    plan = build_plan(project, TIMES, "out", reader_of(folder, project.package_roots))
    compile_steps(Output(plan, names_of(project), "out", 1, DUCKDB), set(plan.steps))


def mistakes(folder: Path) -> tuple[Finding, ...]:
    """What is wrong with a project; any other exception is a failure of the test."""
    try:
        compiled(folder)
    except OnefoldError as error:
        return error.findings
    return ()


def holds(folder: Path) -> None:
    """It compiles, or says what is wrong and where, and soon."""
    began = time.perf_counter()
    for finding in mistakes(folder):
        assert finding.message
        assert isinstance(finding.where, Location | str), finding
    assert time.perf_counter() - began < SOON


def mutated(text: str, where: float, length: int, piece: str) -> str:
    at = int(where * len(text))
    return text[:at] + piece + text[at + length :]


@pytest.mark.parametrize(
    ("name", "file", "where", "piece"),
    [
        ("aggregates", "pb_project.yaml", 0.3125, "null"),
        ("where_of_another_var", "models/all.yaml", 0.140625, "'"),
    ],
)
def test_what_once_broke(tmp_path: Path, name: str, file: str, where: float, piece: str) -> None:
    """A project that was found by mutation says what is wrong."""
    write(CASES[name], tmp_path)
    (tmp_path / file).write_text(mutated((tmp_path / file).read_text(), where, 0, piece))

    holds(tmp_path)


@FUZZ
@given(data=st.data())
def test_mutated_projects(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """A small project that was damaged anywhere compiles, or says what is wrong."""
    folder = tmp_path_factory.mktemp("mutated")
    write(CASES[data.draw(st.sampled_from(sorted(CASES)))], folder)
    (folder / "onefold.yaml").write_text("sql_dialect: postgres\n")
    path = data.draw(st.sampled_from(sorted(folder.rglob("*.yaml"))))
    path.write_bytes(data.draw(damaged(path.read_bytes())))

    holds(folder)
    shutil.rmtree(folder)


@settings(FUZZ, max_examples=examples(30))
@given(data=st.data())
def test_mutated_main_job(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """The e-commerce project, damaged anywhere, compiles, or says what is wrong."""
    folder = tmp_path_factory.mktemp("mutated")
    (folder / "models").mkdir()
    for name in MAIN_JOB:
        shutil.copy(REPOSITORY / name, folder / name)
    path = folder / data.draw(st.sampled_from(MAIN_JOB))
    path.write_bytes(data.draw(damaged(path.read_bytes())))

    holds(folder)
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", sorted(CASES))
def test_right_projects_compile(name: str, tmp_path: Path) -> None:
    """The projects of the parity suite compile without any data at hand."""
    write(CASES[name], tmp_path)
    (tmp_path / "onefold.yaml").write_text("sql_dialect: postgres\n")

    compiled(tmp_path)

    assert load_project(tmp_path).file.name == "shop"
