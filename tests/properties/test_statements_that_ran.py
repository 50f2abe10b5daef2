"""The files of a run show the statements of a stitcher that really ran, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import onefold
from onefold.engines.duckdb import DuckDB
from onefold.identity.stitch import stitch
from onefold.run import pipeline

from .incremental_twins import Shop
from .test_incremental_constraints import ConstrainedShop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = [
    ("logins", "u1", "d1", None, "2026-03-01 08:00:00"),
    ("logins", "u2", "d1", None, "2026-03-01 09:00:00"),
    ("logins", "u4", "d1", None, "2026-03-01 10:00:00"),
    ("mails", "u2", "e1", None, "2026-03-01 10:00:00"),
]
MORE = [("logins", "u3", "d1", None, "2026-03-02 08:00:00"), ("mails", "u5", "e1", None, "2026-03-02 08:00:00")]


_OF_THE_ENGINE = {"BEGIN TRANSACTION", "COMMIT", "ROLLBACK"}
"""How an engine begins and ends a transaction is its own."""


class Spy:
    """The statements that an engine is given while a graph is stitched."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.statements: list[str] = []
        self.is_on = False
        for verb in ("execute", "fetch", "stream"):
            patch.setattr(DuckDB, verb, self._spied(getattr(DuckDB, verb)))

        def stitched(*given: Any) -> Any:
            self.statements.clear()
            self.is_on = True
            try:
                return stitch(*given)
            finally:
                self.is_on = False

        patch.setattr(pipeline, "stitch", stitched)

    def _spied(self, verb: Any) -> Any:
        def run(engine: DuckDB, sql: str, *more: Any) -> Any:
            if self.is_on and sql not in _OF_THE_ENGINE:
                self.statements.append(sql)
            return verb(engine, sql, *more)

        return run


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    return Spy(monkeypatch)


def files(run: onefold.RunResult) -> Iterator[tuple[str, str]]:
    """Comment and statement of each file."""
    for path in sorted((run.sql_folder / "run" / "graph").iterdir()):
        comment, _, statement = path.read_text().partition("\n")
        yield comment, statement.removesuffix(";\n")


@pytest.mark.parametrize("kind", [Shop, ConstrainedShop])
def test_the_files_have_the_statements(tmp_path: Path, spy: Spy, kind: type[Shop]) -> None:
    """A first run, an incremental one and one without changes: each file holds one statement, and none is missing."""
    shop = kind(tmp_path)
    shop.change(ROWS, set())
    kinds = []
    for rows in (MORE, [], []):
        run = onefold.load(shop.folder).run(end_time=shop.end)
        made = run.step("models/graph").graph
        assert made is not None
        kinds.append(made.kind)

        assert [statement for _, statement in files(run)] == spy.statements
        assert not any("failed" in comment for comment, _ in files(run))
        shop.change(rows, {2} if rows else set())

    assert kinds == ["full", "incremental", "unchanged"]


def test_a_statement_that_failed_is_there_too(tmp_path: Path, spy: Spy) -> None:
    """The last file of a run that failed has the statement that failed, and says so."""
    shop = Shop(tmp_path)
    models = shop.folder / "models/models.yaml"
    models.write_text(models.read_text().replace("{select: device,", '{select: "CAST(CAST(device AS INT) AS TEXT)",'))
    with pytest.raises(onefold.RunError):
        onefold.load(shop.folder).run(end_time=shop.end)

    folder = shop.folder / "output/dev/seq_no/1/run/graph"
    last = max(folder.iterdir())
    comment, _, statement = last.read_text().partition("\n")

    assert comment.startswith("-- rows of source 1: failed")
    assert statement.removesuffix(";\n") == spy.statements[-1]


def test_compile_shows_the_queries_of_the_project(tmp_path: Path) -> None:
    """What depends on the project can be read before anything runs, and is what the run asks."""
    shop = ConstrainedShop(tmp_path)
    run = onefold.load(shop.folder).run(end_time=shop.end)
    shown = (run.sql_folder / "compile/graph.sql").read_text()

    ran = [statement for _, statement in files(run)]
    for name in ("rows of source 1", "rows of source 2", "rules", "node rules", "lists now", "excluded ids"):
        assert f"-- {name}\n" in shown
        query = shown.partition(f"-- {name}\n")[2].partition(";\n")[0]
        assert any(statement.endswith(query) for statement in ran), name
