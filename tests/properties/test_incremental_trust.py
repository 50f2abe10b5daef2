"""Where what is kept of data files cannot be trusted, all rows are looked at again, and the graph is right."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

import onefold
from onefold.engines import data_files
from onefold.engines.base import EngineError
from onefold.engines.duckdb import DuckDB
from onefold.identity.read import rows as edge_rows
from onefold.identity.read.text import read_sources
from onefold.state.registry import Registry

from .test_incremental_files import MODELS, PROJECT, Folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FIRST = [("u1", "d1", "2026-03-01 08:00:00"), ("u2", "d2", "2026-03-01 09:00:00")]


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of these tests are written at a time of their own."""
    monkeypatch.setattr(data_files, "SETTLED_NS", 0)


@pytest.fixture
def shop(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.step("add", FIRST)
    folder.run()
    return folder


def file(shop: Folder, name: str = "file_001") -> Path:
    return shop.folder / f"data/main/logins/{name}.parquet"


def write(path: Path, rows: list[Any]) -> None:
    values = ", ".join(
        f"('k{path.stem}{n}', '{user}', '{device}', TIMESTAMP '{ts}')" for n, (user, device, ts) in enumerate(rows)
    )
    query = f"SELECT * FROM (VALUES {values}) t(key, user_id, device, ts)"
    target = str(path).replace("'", "''")
    duckdb.connect().execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION uncompressed)")


def together(shop: Folder) -> set[frozenset[str]]:
    """Ids of the changing rows, by profile."""
    rows = shop.rows(shop.folder, "SELECT user_main_id, other_id FROM GRAPH WHERE SUBSTR(other_id, 1, 1) IN ('u', 'd')")
    found: dict[str, set[str]] = {}
    for main_id, other_id in rows:
        found.setdefault(main_id, set()).add(other_id)
    return {frozenset(ids) for ids in found.values()}


def kept_files(shop: Folder) -> set[str]:
    with duckdb.connect(str(shop.folder / "output/warehouse.duckdb"), read_only=True) as built:
        tables = built.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'Material_graph%' AND ends_with(table_name, '_files')"
        ).fetchall()
        found = [row for (t,) in tables for row in built.execute(f'SELECT file FROM profiles."{t}"').fetchall()]
    return {row[0] for row in found}


def test_a_file_written_in_place_with_its_old_size_and_time(shop: Folder) -> None:
    """Other rows of the same size under the same time of writing are found."""
    write(file(shop), FIRST)
    shop.run()
    was = file(shop).stat()
    write(aside := file(shop, "aside_01"), [("u1", "d2", FIRST[0][2]), ("u2", "d1", FIRST[1][2])])
    other = aside.read_bytes().replace(b"kaside_01", b"kfile_001")
    aside.unlink()
    with file(shop).open("r+b") as opened:
        opened.write(other)
    os.utime(file(shop), ns=(was.st_atime_ns, was.st_mtime_ns))
    assert (file(shop).stat().st_mtime_ns, file(shop).stat().st_size) == (was.st_mtime_ns, was.st_size)

    shop.run()

    assert {frozenset({"u1", "d2"}), frozenset({"u2", "d1"})} <= together(shop)
    shop.right()


@pytest.mark.parametrize("reads_all", [True, False])
def test_a_file_that_was_there_for_one_run_only(
    shop: Folder, monkeypatch: pytest.MonkeyPatch, *, reads_all: bool
) -> None:
    """A file that comes while a run reads, and is gone when it ends, is read by no run."""
    read, shortly = read_sources, file(shop, "shortly")

    def read_meanwhile(*given: Any) -> Any:
        write(shortly, [("u2", "d1", "2026-03-01 10:00:00")])
        try:
            return read(*given)
        finally:
            shortly.unlink()

    shop.step("add", [("u3", "d3", "2026-03-01 11:00:00")])
    with monkeypatch.context() as patch:
        patch.setattr(edge_rows, "read_sources", read_meanwhile)
        project = onefold.load(shop.folder)
        project.run(end_time=shop.end, rebase_incremental=reads_all)
    assert {frozenset({"u1", "d1"}), frozenset({"u2", "d2"})} <= together(shop)

    shop.run()

    assert {frozenset({"u1", "d1"}), frozenset({"u2", "d2"})} <= together(shop)
    shop.right()


@pytest.mark.parametrize("reads_all", [True, False])
def test_a_file_replaced_while_a_run_reads(shop: Folder, monkeypatch: pytest.MonkeyPatch, *, reads_all: bool) -> None:
    """A file that is replaced between two looks of a run is looked at again by the next one."""
    read = read_sources

    def replaced_after(*given: Any) -> Any:
        done = read(*given)
        write(file(shop), [("u1", "d1", FIRST[0][2]), ("u2", "d1", FIRST[1][2])])
        return done

    shop.step("add", [("u3", "d3", "2026-03-01 11:00:00")])
    with monkeypatch.context() as patch:
        patch.setattr(edge_rows, "read_sources", replaced_after)
        onefold.load(shop.folder).run(end_time=shop.end, rebase_incremental=reads_all)
    shop.run()

    assert frozenset({"u1", "u2", "d1"}) in together(shop)
    shop.right()


@pytest.mark.parametrize("fails", ["finish_material", "publish_run"])
@pytest.mark.parametrize("rows", [[], [("u2", "d1", "2026-03-01 10:00:00")]])
def test_a_run_that_was_interrupted(shop: Folder, monkeypatch: pytest.MonkeyPatch, fails: str, rows: list[Any]) -> None:
    """After a run that failed late, whether it had found changes or none, the next one gives what all rows give."""

    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    shop.step("add" if rows else "wait", rows)
    shop.day += 1
    with monkeypatch.context() as patch:
        patch.setattr(Registry, fails, fail)
        with pytest.raises(KeyboardInterrupt):
            onefold.load(shop.folder).run(end_time=shop.end)
    shop.day -= 1
    shop.step("add", [("u3", "d2", "2026-03-02 08:00:00"), ("u4", "d4", "2026-03-03 20:00:00")])
    shop.run()
    shop.step("wait", [])
    shop.run()

    shop.right()


def test_an_as_of_run_between_two_runs(shop: Folder) -> None:
    """A run of an earlier end time leaves nothing that a later one could mistake."""
    shop.step("add", [("u2", "d1", "2026-03-02 10:00:00"), ("u3", "d2", "2026-03-03 10:00:00")])
    onefold.load(shop.folder).run(end_time="2026-03-01T08:30:00Z")
    shop.run()
    onefold.load(shop.folder).run(end_time="2026-03-02T00:00:00Z")
    shop.step("wait", [])
    shop.run()

    assert frozenset({"u1", "u2", "u3", "d1", "d2"}) in together(shop)
    shop.right()


def test_rows_later_than_the_end_time_come_in_when_they_are_due(shop: Folder) -> None:
    """Rows of a file that were later than the end time of the run that read it count for the run that reaches them."""
    shop.step("add", [("u1", "d2", "2026-03-03 20:00:00"), ("u3", "d3", "2026-03-02 08:00:00")])
    shop.run()
    assert frozenset({"u1", "d1"}) in together(shop)
    shop.step("wait", [])
    shop.step("wait", [])
    shop.run()

    assert frozenset({"u1", "u2", "d1", "d2"}) in together(shop)
    assert (shop.built[-1].days, shop.built[-1].days_read) == (303, 1)
    shop.right()


CHANGES: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "an id": lambda p, m: (p, m.replace("{select: device,", '{select: "LOWER(device)",')),
    "a row filter": lambda p, m: (p, m.replace("- name: logins", "- name: logins\n    where: user_id <> 'u1'")),
    "an id filter": lambda p, m: (
        p.replace("{name: device}]", "{name: device, filters: [{type: exclude, value: d1}]}]"), m,
    ),
    "the time column": lambda p, m: (p, m.replace("      occurred_at_col: ts\n", "")),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_another_definition_reads_all_rows(shop: Folder, what: str) -> None:
    """Nothing that was kept counts for a stitcher or an input that was changed."""
    project, models = CHANGES[what](PROJECT, MODELS)
    assert (project, models) != (PROJECT, MODELS)
    (shop.folder / "pb_project.yaml").write_text(project)
    (shop.folder / "models/models.yaml").write_text(models)
    shop.run()

    assert shop.built[-1].kind == "full"
    shop.right()


@pytest.mark.parametrize(
    ("select", "sources"),
    [
        ("LOWER(TRIM(device))", 1),
        ("CASE WHEN CURRENT_DATE > '2020-01-01' THEN device END", 0),
        ("(SELECT MIN(x.device) FROM raw.main.logins x)", 0),
        ("device || RANDOM()", 0),
    ],
)
def test_ids_that_depend_on_more_than_their_row(tmp_path: Path, select: str, sources: int) -> None:
    """Files are relied on only where an id follows from its row alone."""
    folder = Folder(tmp_path)
    models = MODELS.replace("{select: device,", f'{{select: "{select}",')
    (folder.folder / "models/models.yaml").write_text(models)
    try:
        onefold.load(folder.folder).run(end_time=folder.end)
    except onefold.OnefoldError:
        assert not sources
    else:
        assert len(kept_files(folder)) == 2 * sources


def test_ids_that_a_template_makes_of_the_end_time(tmp_path: Path) -> None:
    """Where the text of an id is another one at another end time, all rows are looked at."""
    folder = Folder(tmp_path)
    select = "CASE WHEN ts < '{{end_time.Format(\\\"2006-01-02\\\")}}' THEN device END"
    (folder.folder / "models/models.yaml").write_text(MODELS.replace("{select: device,", f'{{select: "{select}",'))
    folder.step("add", [("u1", "d1", "2026-03-02 08:00:00")])
    folder.run()
    assert frozenset({"u1"}) in together(folder)
    folder.step("wait", [])
    folder.run()

    assert frozenset({"u1", "d1"}) in together(folder)
    folder.right()


def test_a_row_filter_of_the_input_has_all_rows_looked_at(tmp_path: Path) -> None:
    """An input with a filter of its own is not told by its files."""
    folder = Folder(tmp_path)
    models = MODELS.replace("- name: logins", "- name: logins\n    where: user_id <> 'u1'")
    (folder.folder / "models/models.yaml").write_text(models)
    onefold.load(folder.folder).run(end_time=folder.end)

    assert not kept_files(folder)


def test_files_of_another_format(tmp_path: Path) -> None:
    """CSV files are not relied on: what their columns are depends on all they hold."""
    folder = Folder(tmp_path)
    for path in (folder.folder / "data/main/logins").iterdir():
        duckdb.connect().execute(f"COPY (FROM '{path}') TO '{path.with_suffix('.csv')}'")
        path.unlink()
    onefold.load(folder.folder).run(end_time=folder.end)

    assert not kept_files(folder)


def test_a_graph_of_an_earlier_version_of_the_program(shop: Folder) -> None:
    """A graph without its file states is rebuilt from all rows, with the same main ids."""
    with duckdb.connect(str(shop.folder / "output/warehouse.duckdb")) as built:
        (name,) = built.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'Material_graph%' AND ends_with(table_name, '_files')"
        ).fetchone() or ("",)
        built.execute(f'DROP TABLE profiles."{name}"')
    was = shop.rows(shop.folder, "SELECT * FROM GRAPH")
    shop.run()

    assert shop.built[-1].kind == "full"
    assert shop.rows(shop.folder, "SELECT * FROM GRAPH") == was


def test_a_folder_in_place_of_another(shop: Folder) -> None:
    """Where the catalog names another folder with files of the same names, what was kept of the first does not count."""
    other = shop.folder / "other/main/logins"
    other.mkdir(parents=True)
    for path in (shop.folder / "data/main/logins").iterdir():
        os.link(path, other / path.name)
    write(other / "file_001.parquet", [("u1", "d1", FIRST[0][2]), ("u2", "d1", FIRST[1][2])])
    (shop.folder / "onefold.yaml").write_text("catalogs: {raw: other}\n")
    shop.run()

    assert frozenset({"u1", "u2", "d1"}) in together(shop)
    shop.right()


# --- what the engine tells of files ---


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[DuckDB]:
    """Folders and files whose names hold what has a meaning in patterns and in SQL."""
    folder = tmp_path / "raw"
    for name in ("a'b/x [1].parquet", "a'b/.hidden.parquet", "a'b/é.parquet", "odd/2026*.parquet", "odd/20261.parquet"):
        (folder / "main" / name).parent.mkdir(parents=True, exist_ok=True)
        write(folder / "main" / name, [(name.replace("'", ""), "d1", "2026-03-01 08:00:00")])
    (folder / "main/two").mkdir()
    write(folder / "main/two/one.parquet", FIRST)
    (folder / "main/two.csv").write_text("x\n1\n")
    write(folder / "main/one.parquet", FIRST)
    engine = DuckDB(tmp_path / "out.duckdb", "main", catalogs={"raw": folder})
    yield engine
    engine.close()


@pytest.mark.parametrize("table", ["a'b", "odd", "one"])
def test_files_taken_one_by_one_are_the_table(odd: DuckDB, table: str) -> None:
    """The rows of its files, each asked for by itself, are the rows of the table, whatever their names."""
    found = odd.state(f"raw.main.{table}")
    assert found is not None
    rows = []
    for file in found.parts:
        with odd.scan_files("narrowed", f"raw.main.{table}", [file]):
            rows += odd.fetch("SELECT * FROM narrowed").to_pylist()

    whole = odd.fetch(f'SELECT * FROM raw.main."{table}"').to_pylist()
    assert sorted(rows, key=str) == sorted(whole, key=str)
    assert len(rows) >= len(found.parts)


def test_a_table_of_two_formats(odd: DuckDB) -> None:
    """Where a folder and a file of another format have one table's name, neither is read, and both are named."""
    with pytest.raises(EngineError):
        odd.state("raw.main.two")
    assert odd.unreadable["raw.main.two"] == "two and two.csv both define this table; rename one of them"


def test_files_whose_times_tell_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that vanished, one of the future, one just written, and any on Windows cannot be told from another."""
    path = tmp_path / "x.parquet"
    assert data_files.states([str(path)]) is None
    path.write_text("x")
    assert data_files.states([str(path)]) is not None
    os.utime(path, (2**32, 2**32))
    assert data_files.states([str(path)]) is None
    os.utime(path)
    with monkeypatch.context() as patch:
        patch.setattr(data_files, "SETTLED_NS", 2_000_000_000)
        assert data_files.states([str(path)]) is None
    monkeypatch.setattr(sys, "platform", "win32")
    assert data_files.states([str(path)]) is None
