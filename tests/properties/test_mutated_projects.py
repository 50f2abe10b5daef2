"""Projects with mistakes of every kind: never a traceback, never a hang, always a message with a place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.parity.cases import CASES
from tests.parity.harness import write

from onefold.errors import Location, OnefoldError
from onefold.plan.build import build_plan
from onefold.plan.model import RunTimes
from onefold.plan.names import names_of
from onefold.project.files import reader_of
from onefold.project.load import load_project
from onefold.run.compiled import Output, compile_steps
from onefold.sql.dialect import DUCKDB

if TYPE_CHECKING:
    from pathlib import Path

    from onefold.errors import Finding

TIMES = RunTimes(end=datetime(2026, 10, 31, tzinfo=UTC))
PIECES = (
    "", "null", "[]", "{}", "x", "-1", "''", "{{", "}}", "{% if %}", "user", "orders", "email", "inputs/orders",
    "models/web_orders", "user/all", "nil", "true", "SELECT", "(", ")", "'", '"', ",", ":", "- ", "#", "@", "__ref_1__",
    "{{user.total}}", "{{this}}", "{{orders.x}}", "COUNT(*)", "day", "tick",
)  # fmt: skip


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


def mutated(text: str, where: float, length: int, piece: str) -> str:
    at = int(where * len(text))
    return text[:at] + piece + text[at + length :]


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(CASES)),
    file=st.sampled_from(["pb_project.yaml", "models/all.yaml", "lib/models/all.yaml"]),
    where=st.floats(0, 1, exclude_max=True),
    length=st.integers(0, 30),
    piece=st.sampled_from(PIECES),
)
@example(name="aggregates", file="pb_project.yaml", where=0.3125, length=0, piece="null")
@example(name="where_of_another_var", file="models/all.yaml", where=0.140625, length=0, piece="'")
def test_mutated_projects(  # noqa: PLR0917 - what was changed, and how
    tmp_path_factory: pytest.TempPathFactory, name: str, file: str, where: float, length: int, piece: str
) -> None:
    """A project that was changed anywhere compiles, or says what is wrong."""
    folder = tmp_path_factory.mktemp("mutated")
    write(CASES[name], folder)
    (folder / "onefold.yaml").write_text("sql_dialect: postgres\n")
    path = folder / file
    if path.exists():
        path.write_text(mutated(path.read_text(), where, length, piece))

    for finding in mistakes(folder):
        assert finding.message
        assert finding.where is None or isinstance(finding.where, Location | str)


@pytest.mark.parametrize("name", sorted(CASES))
def test_right_projects_compile(name: str, tmp_path: Path) -> None:
    """The projects of the parity suite compile without any data at hand."""
    write(CASES[name], tmp_path)
    (tmp_path / "onefold.yaml").write_text("sql_dialect: postgres\n")

    compiled(tmp_path)

    assert load_project(tmp_path).file.name == "shop"
