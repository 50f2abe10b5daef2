"""Projects over data files: what the files have decides ids and times, and nothing is read in silence as something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

import onefold

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = """
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities: [{name: user, id_stitcher: models/graph, id_types: [user_id, anon]}]
id_types: [{name: user_id}, {name: anon}]
"""
INPUT = """
  - name: {name}
    app_defaults:
      table: raw.app.{name}
      {time}
      ids: [{{select: {user}, type: user_id, entity: user}}, {{select: anon, type: anon, entity: user}}]
"""
GRAPH = """
models:
  - {{name: graph, model_type: id_stitcher, model_spec: {{entity_key: user, edge_sources: [{sources}]}}}}
"""


def shop(folder: Path, *inputs: tuple[str, str, str | None]) -> Path:
    """A project of inputs: name, column of user ids, column of times."""
    (folder / "models").mkdir()
    (folder / "data/app").mkdir(parents=True)
    (folder / "pb_project.yaml").write_text(PROJECT)
    (folder / "onefold.yaml").write_text("catalogs: {raw: data}\n")
    parts = [INPUT.format(name=n, user=u, time=f"occurred_at_col: {t}" if t else "") for n, u, t in inputs]
    sources = ", ".join(f"{{from: inputs/{name}}}" for name, _, _ in inputs)
    (folder / "models/models.yaml").write_text("inputs:" + "".join(parts) + GRAPH.format(sources=sources))
    return folder


def profiles(folder: Path) -> set[frozenset[str]]:
    """The ids of each profile."""
    with duckdb.connect(str(folder / "output/warehouse.duckdb"), read_only=True) as built:
        rows = built.execute("SELECT list(other_id) FROM profiles.graph GROUP BY user_main_id").fetchall()
    return {frozenset(ids) for (ids,) in rows}


def run(folder: Path) -> onefold.RunResult:
    return onefold.load(folder).run(end_time="2026-11-01")


def test_ids_and_times_of_a_csv_file(tmp_path: Path) -> None:
    """Ids that a number would make equal are two; slash dates are month first, also when a day above 12 is appended."""
    folder = shop(tmp_path, ("logins", "user_id", "ts"))
    file = folder / "data/app/logins.csv"
    file.write_text(
        "user_id,anon,ts\n1.10,a1,01/12/2026\n1.1,a2,2026-02-03T10:00:00+02:00\n12e4,a3,\n120000,a4,2027-01-01\n"
    )
    run(folder)
    assert profiles(folder) == {frozenset(pair) for pair in (("1.10", "a1"), ("1.1", "a2"), ("12e4", "a3"))}
    seen = "SELECT other_id, first_seen_at AS t FROM graph WHERE other_id_type = 'user_id' ORDER BY 1"
    before = onefold.load(folder).query(seen).arrow.to_pylist()
    assert [str(row["t"]) for row in before] == ["2026-02-03 08:00:00", "2026-01-12 00:00:00", "None"]

    file.write_text(file.read_text() + "2026-1-5,a5,01/31/2026\nx,a6,Mon Jul 08 18:09:51 +0000 2024\n")
    run(folder)
    after = {row["other_id"]: str(row["t"]) for row in onefold.load(folder).query(seen).arrow.to_pylist()}
    added = {"2026-1-5": "2026-01-31 00:00:00", "x": "2024-07-08 18:09:51"}
    assert after == {**{row["other_id"]: str(row["t"]) for row in before}, **added}


def test_numbers_and_texts_of_a_json_file(tmp_path: Path) -> None:
    """A numeric id changes no text id of the file, and each joins the id of that text in a CSV file."""
    folder = shop(tmp_path, ("calls", "userId", None), ("web", "user_id", None))
    (folder / "data/app/calls.ndjson").write_text('{"userId": 101, "anon": "a1"}\n{"userId": "u2", "anon": "a2"}\n')
    (folder / "data/app/web.csv").write_text("user_id,anon\nu2,b2\n101,b1\n")
    run(folder)

    assert profiles(folder) == {frozenset({"101", "a1", "b1"}), frozenset({"u2", "a2", "b2"})}


def test_two_exports_in_one_file(tmp_path: Path) -> None:
    """A header in the middle stops the run with file and line, whether or not it has as many columns; nothing is published."""
    folder = shop(tmp_path, ("logins", "user_id", None))
    for header, row in (("user_id,anon,email", "u3,a3,e3"), ("anon,user_id", "a3,u3")):
        (folder / "data/app/logins.csv").write_text(f"user_id,anon\nu1,a1\n{header}\n{row}\n")
        with pytest.raises(onefold.OnefoldError, match=r"data/app/logins\.csv, line 3"):
            run(folder)
    assert onefold.load(folder).runs() == () or not profiles_exist(folder)


def profiles_exist(folder: Path) -> bool:
    with duckdb.connect(str(folder / "output/warehouse.duckdb"), read_only=True) as built:
        found = built.execute(
            "SELECT count(*) FROM information_schema.tables WHERE lower(table_name) = 'graph'"
        ).fetchone()
    return found != (0,)


def test_a_header_alone(tmp_path: Path) -> None:
    """A file with a header and no row is an empty table, and the run says so."""
    folder = shop(tmp_path, ("logins", "user_id", "ts"))
    (folder / "data/app/logins.csv").write_text("user_id,anon,ts\n")
    result = run(folder)

    assert profiles(folder) == set()
    assert any("logins" in str(note.message) and "empty" in str(note.message) for note in result.notes)


def test_a_file_of_another_format(tmp_path: Path) -> None:
    """Of a table that is missing, the file that is there and is not read is named."""
    folder = shop(tmp_path, ("logins", "user_id", None))
    (folder / "data/app/logins.xlsx").write_text("x")

    with pytest.raises(onefold.AccessError, match=r"logins\.xlsx has an unsupported format"):
        run(folder)
