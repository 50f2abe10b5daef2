"""For all tests: no deadlines, which would measure the machine; and small projects over tables made by SQL."""

from __future__ import annotations

import os
import shutil
import signal
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import pytest
from hypothesis import settings
from tests import reference_engine
from tests.examples import examples

import onefold
from onefold.engines import registry
from onefold.sql import dialects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# Under `uv run pytest` hints would name `uv run pb`.
os.environ.pop("UV_RUN_RECURSION_DEPTH", None)

settings.register_profile("onefold", deadline=None, max_examples=examples(100))
settings.load_profile("onefold")

END = "2026-10-31T00:00:00Z"


class Tiny:
    """A project of a few lines, over tables ``raw.main.<name>``."""

    def __init__(self, folder: Path, tables: str, files: Mapping[str, str]) -> None:
        self.folder = folder
        with duckdb.connect(str(folder / "raw.duckdb")) as connection:
            connection.execute(dedent(tables))
        (folder / "onefold.yaml").write_text("catalogs: {raw: raw.duckdb}\n")
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(content))

    def copied(self, to: Path) -> Tiny:
        """The same in another folder, with what it has published."""
        shutil.copytree(self.folder, to)
        copy = object.__new__(Tiny)
        copy.folder = to
        return copy

    def run(self, **options: Any) -> onefold.RunResult:
        """Run it up to the end of October 2026, unless told otherwise."""
        return onefold.load(self.folder).run(**{"end_time": END, **options})

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a question to what was published."""
        return [tuple(row.values()) for row in onefold.load(self.folder).query(sql).arrow.to_pylist()]


class MakeTiny(Protocol):
    def __call__(self, tables: str, files: Mapping[str, str]) -> Tiny: ...


@pytest.fixture
def tiny(tmp_path: Path) -> MakeTiny:
    """Makes a small project: SQL that creates its tables, and its files by name."""

    def make(tables: str, files: Mapping[str, str]) -> Tiny:
        return Tiny(tmp_path, tables, files)

    return make


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[reference_engine.ReferenceEngine]]:
    """Runs of the test go through the reference engine; the engines that were opened, in order."""
    monkeypatch.setattr(registry, "ENGINES", {"duckdb": "tests.reference_engine"})
    monkeypatch.setattr(dialects, "DIALECTS", {"duckdb": ("tests.reference_engine", "REFERENCE")})
    reference_engine.OPENED.clear()
    yield reference_engine.OPENED
    reference_engine.OPENED.clear()


@pytest.fixture
def heard_interrupt() -> Iterator[None]:
    """SIGINT as a terminal leaves it. A build in the background of a shell ignores it, and so would its children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
