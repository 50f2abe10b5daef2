"""The sample shop, stitched once, and its truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from tests.sample_shop import EARLIER, REPOSITORY, copy_project, copy_published

import onefold
from onefold.audit.records import Id
from onefold.audit.session import Session, open_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> onefold.Project:
    """The shipped project on the shipped shop, run once. Not to be changed."""
    return onefold.load(copy_published(tmp_path_factory.mktemp("audited"), tmp_path_factory))


@pytest.fixture
def published(shop: onefold.Project) -> Iterator[Session]:
    with open_session(shop.spec, shop.target) as found:
        yield found


@pytest.fixture
def own_shop(tmp_path: Path) -> Path:
    """A copy of the project to change and run, which has not run yet."""
    return copy_project(tmp_path)


@pytest.fixture
def own_published(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project to change and run, which has run."""
    return copy_published(tmp_path, tmp_path_factory)


@pytest.fixture
def own_earlier(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project to change and run, which has run up to `EARLIER`."""
    return copy_published(tmp_path, tmp_path_factory, EARLIER)


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
