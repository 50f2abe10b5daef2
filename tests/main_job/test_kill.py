"""Whenever a command is killed, what is published is what was there before or all that it publishes, and work goes on.

By default a few moments are tried; ``ONEFOLD_KILLS=100`` tries a hundred, the same ones each time.
"""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pytest
from tests.conftest import Tiny
from tests.main_job.killed import run_until

import onefold

KILLS = int(os.environ.get("ONEFOLD_KILLS", "6"))
SEED = 20261031
LONGEST_DELAY = 0.02

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_stitcher: models/graph, id_types: [user_id, device]}]
    id_types: [{name: user_id}, {name: device}]
"""
MODELS = """
    inputs:
      - name: logins
        app_defaults:
          table: raw.main.logins
          occurred_at_col: ts
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: device, type: device, entity: user}
    models:
      - name: graph
        model_type: id_stitcher
        model_spec: {entity_key: user, edge_sources: [{from: inputs/logins}]}
    var_groups:
      - name: counts
        entity_key: user
        vars:
          - entity_var: {name: logins, select: COUNT(*), from: inputs/logins}
          - entity_var: {name: last_login, select: MAX(ts), from: inputs/logins}
"""
TABLES = """
    CREATE TABLE logins AS SELECT
        'u' || (n % 37) AS user_id, 'd' || (n % 53 + (n // 40) * 11) AS device,
        TIMESTAMP '2026-01-01' + INTERVAL (n * 6) HOUR AS ts
    FROM range(360) AS numbers(n);
"""
FIRST_END, SECOND_END, NEXT_END = "2026-03-01", "2026-03-05", "2026-03-10"
BASES = {"empty": (), "first": (FIRST_END,), "second": (FIRST_END, SECOND_END)}
"""What has been published before, by the end times of the runs."""

COMMANDS = {
    "a first run": ("empty", ("run", "--end_time", FIRST_END)),
    "an incremental run": ("first", ("run", "--end_time", SECOND_END)),
    "a full rebuild": ("first", ("run", "--end_time", SECOND_END, "--rebase_incremental")),
    "an as-of run": ("second", ("run", "--end_time", FIRST_END)),
    "a forced run": ("second", ("run", "--seq_no", "2", "--force")),
    "a plan": ("first", ("plan", "--end_time", SECOND_END)),
    "a plan that is kept": ("first", ("plan", "--end_time", SECOND_END, "--keep")),
    "a clean-up": ("second", ("cleanup", "materials", "-r", "0", "--yes")),
    "a repair": ("damaged", ("repair", "registry")),
}
DAMAGE = "DELETE FROM profiles.published_registry; DELETE FROM profiles.run_registry"

Rows = dict[str, list[tuple[object, ...]]]


def published(folder: Path) -> Rows:
    """All rows that a reader sees: views of models, and the history of main ids; without the numbers of runs."""
    database = folder / "output/warehouse.duckdb"
    if not database.exists():
        return {}
    with duckdb.connect(str(database)) as connection:
        names = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'profiles' AND table_name NOT LIKE "
            "'Material_%' AND table_name NOT LIKE '%_registry' AND table_name <> 'publish_pointer' ORDER BY 1"
        ).fetchall()
        rows = "SELECT COLUMNS(lambda name: name NOT LIKE '%seq_no') FROM profiles.\"{}\" ORDER BY ALL"
        return {name: connection.execute(rows.format(name)).fetchall() for (name,) in names}


@dataclass(frozen=True)
class Case:
    """One command, and what comes of it if nobody kills it.

    Attributes:
        base: The project before it.
        statements: How many statements it runs.
        before: What is published before it.
        after: What is published after it.
        next_rows: What the next run publishes over either.
    """

    base: Path
    arguments: tuple[str, ...]
    statements: int
    before: Rows
    after: Rows
    next_rows: tuple[Rows, Rows]


def next_run(folder: Path) -> onefold.RunResult:
    return onefold.load(folder).run(end_time=NEXT_END)


class Cases:
    """The commands, each prepared once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.base = cache(self._base)
        self.after_next_run = cache(self._after_next_run)
        self.case = cache(self._case)

    def _base(self, name: str) -> Path:
        folder = self._root / name
        if name == "damaged":
            shutil.copytree(self.base("second"), folder)
            with duckdb.connect(str(folder / "output/warehouse.duckdb")) as connection:
                connection.execute(DAMAGE)
            return folder
        folder.mkdir()
        project = Tiny(folder, TABLES, {"pb_project.yaml": PROJECT, "models/models.yaml": MODELS})
        for end in BASES[name]:
            project.run(end_time=end)
        return folder

    def _after_next_run(self, base: str) -> Rows:
        folder = self._copied(self.base(base))
        next_run(folder)
        return published(folder)

    def _case(self, command: str) -> Case:
        base, arguments = COMMANDS[command]
        unharmed = self._copied(self.base(base))
        code, statements = run_until(arguments, unharmed)
        assert code == 0, f"pb {' '.join(arguments)} fails by itself"
        before, after = published(self.base(base)), published(unharmed)
        next_run(unharmed)
        next_rows = (self.after_next_run("second" if base == "damaged" else base), published(unharmed))
        return Case(self.base(base), arguments, statements, before, after, next_rows)

    def _copied(self, folder: Path) -> Path:
        return Path(shutil.copytree(folder, self._root / f"copy_{len([*self._root.iterdir()])}"))


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    return Cases(tmp_path_factory.mktemp("killed"))


def moments() -> list[tuple[str, float, float]]:
    """Commands, each with the share of its statements after which it is killed, and the delay."""
    chance, names = random.Random(SEED), [*COMMANDS]  # noqa: S311
    return [
        (names[n % len(names)], chance.random(), chance.choice((0.0, chance.random() * LONGEST_DELAY)))
        for n in range(KILLS)
    ]


@pytest.mark.parametrize(("command", "share", "delay"), moments(), ids=lambda value: str(value)[:18])
def test_a_killed_command_leaves_old_rows_or_new_ones(
    command: str, share: float, delay: float, cases: Cases, tmp_path: Path
) -> None:
    """After kill -9 views show what was there before or what the command publishes; the next run goes on from there."""
    case = cases.case(command)
    folder = Path(shutil.copytree(case.base, tmp_path / "project"))
    code, _ = run_until(case.arguments, folder, 1 + int(share * case.statements), delay)
    assert code in {-9, 0}  # with a delay the command may be done before
    left = published(folder)
    assert left in (case.before, case.after)
    if command == "a repair":
        assert run_until(case.arguments, folder)[0] == 0
    result = next_run(folder)
    assert result.published
    assert published(folder) in case.next_rows
    if command != "a first run" or left == case.after:
        graph = result.step("models/graph").graph
        assert graph is not None
        assert graph.kind != "full", "the id graph was rebuilt from all rows"
