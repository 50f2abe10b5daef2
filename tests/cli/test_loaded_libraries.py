"""Which libraries a command loads. Each costs a tenth of a second or so, which whoever typed the command waits for."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.sample_shop import copy_project

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = {"duckdb", "jinja2", "numba", "numpy", "pandas", "polars", "pyarrow", "pydantic", "sqlglot", "yaml"}
"""What takes a while to load."""

PROGRAM = """
import sys
from onefold.cli.main import run
code = run(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


def loaded(*arguments: str, folder: Path) -> set[str]:
    """The libraries that ``pb`` loads in a process of its own."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return LIBRARIES & {*done.stderr.splitlines()[-1].split()}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped project and its sample shop."""
    return copy_project(tmp_path_factory.mktemp("shop"))


@pytest.mark.parametrize(
    "arguments", [("--help",), ("run", "--help"), ("audit", "--help"), ("show", "models", "--help")]
)
def test_help_loads_no_library(arguments: tuple[str, ...], shop: Path) -> None:
    """The help of a command is printed by click alone."""
    assert loaded(*arguments, folder=shop) == set()


def test_show_models_loads_what_reads_a_project_and_no_more(shop: Path) -> None:
    """``pb show models`` reads and plans a project without a database, arrays, SQL trees, or a compiler of kernels."""
    assert loaded("show", "models", folder=shop) == {"jinja2", "pydantic", "yaml"}


def test_a_small_run_loads_no_compiler(shop: Path) -> None:
    """``pb run`` on the sample shop needs neither compiled kernels nor data frames."""
    unused = {"numba", "pandas", "polars"}

    assert loaded("run", folder=shop) == LIBRARIES - unused
