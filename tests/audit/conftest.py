"""The sample shop, stitched once, and its truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from tests.main_job.conftest import END_TIME, REPOSITORY, copy_project

import onefold
from onefold.audit.published import Published, opened
from onefold.audit.records import Id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> onefold.Project:
    """The shipped project on the shipped shop, run once. Not to be changed."""
    project = onefold.load(copy_project(tmp_path_factory.mktemp("audited")))
    project.run(end_time=END_TIME)
    return project


@pytest.fixture
def published(shop: onefold.Project) -> Iterator[Published]:
    with opened(shop.spec, shop.target) as found:
        yield found


@pytest.fixture
def own_shop(tmp_path: Path) -> Path:
    """A copy of the project to change and run."""
    return copy_project(tmp_path)


@dataclass(frozen=True)
class Faults:
    """What was planted: (fault, case, id) of causes, and of ids that something happened to."""

    causes: frozenset[tuple[str, int, Id]]
    touched: frozenset[tuple[str, int, Id]]

    def of(self, fault: str) -> set[Id]:
        return {found for name, _, found in self.causes if name == fault}

    def concerned(self) -> set[Id]:
        return {found for _, _, found in self.causes | self.touched}


def faults_in(folder: Path) -> Faults:
    """The faults of a sample shop."""
    rows = pq.read_table(folder / "truth/faults.parquet").to_pylist()
    planted = [(r["part"], (r["fault"], r["case"], Id(r["id_type"], r["id"]))) for r in rows]
    return Faults(
        frozenset(row for part, row in planted if part == "cause"),
        frozenset(row for part, row in planted if part == "touched"),
    )


@pytest.fixture(scope="session")
def faults() -> Faults:
    return faults_in(REPOSITORY / "sample_data")
