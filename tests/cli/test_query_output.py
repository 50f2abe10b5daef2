"""``pb query`` and CSV files: every column of every type comes out whole, under a name of its own."""

from __future__ import annotations

import csv
import json
import stat
from typing import TYPE_CHECKING

import pytest
from tests.conftest import Tiny

import onefold
from onefold.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeTiny

FILES = {
    "pb_project.yaml": """
        name: values
        schema_version: 99
        connection: local
        model_folders: [models]
        entities: [{name: user, id_stitcher: models/graph, id_types: [user_id]}]
        id_types: [{name: user_id}]
        """,
    "models/m.yaml": """
        inputs:
          - name: ev
            app_defaults: {table: raw.main.ev, occurred_at_col: ts, ids: [{select: user_id, type: user_id, entity: user}]}
        models:
          - {name: graph, model_type: id_stitcher, model_spec: {entity_key: user, edge_sources: [{from: inputs/ev}]}}
        var_groups:
          - name: v
            entity_key: user
            vars:
              - entity_var: {name: all_words, select: "ARRAY_AGG(DISTINCT word)", from: inputs/ev}
              - entity_var: {name: last_day, select: "MAX(day)", from: inputs/ev}
              - entity_var: {name: ratio, select: "MAX(ratio)", from: inputs/ev}
        """,
}
TABLES = """
    CREATE TABLE ev AS SELECT * FROM (VALUES
        ('u1', TIMESTAMP '2026-01-01', 'x', DATE '2026-01-01', 'nan'::DOUBLE),
        ('u1', TIMESTAMP '2026-01-01', 'x', DATE 'infinity', 1.0),
        ('u2', TIMESTAMP '2026-01-02', '=1+1', DATE '11026-01-01', 2.0)) AS t(user_id, ts, word, day, ratio)
    """


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """A project with a list, far dates and NaN among its features, built."""
    project = Tiny(tmp_path_factory.mktemp("values"), TABLES, FILES)
    project.run()
    return project


@pytest.fixture
def built(made: Tiny, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    """The same, as the working folder."""
    monkeypatch.chdir(made.folder)
    return made


def test_columns_of_one_name_are_all_there(built: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    """Two output columns of one name come out under two names, in JSON, in a table and in a file, and that is said."""
    assert run(["query", "SELECT 1 AS a, 2 AS a", "--json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"a": 1, "a_2": 2}
    assert 'shown as "a_2"' in shown.err
    assert run(["query", "SELECT 1 AS a, 2 AS a"]) == 0
    assert capsys.readouterr().out.split() == ["a", "a_2", "1", "2"]
    assert run(["query", "SELECT 1 AS a, 2 AS a", "-f", "out.csv"]) == 0
    assert (built.folder / "out.csv").read_text() == '"a","a_2"\n1,2\n'


def test_same_name_of_two_tables(built: Tiny) -> None:
    """A join of two tables with ``SELECT *`` keeps both ids, for the API too."""
    rows = onefold.load(built.folder).query(
        "SELECT * FROM (SELECT 1 AS id) AS a JOIN (SELECT 1 AS id) AS b ON a.id = b.id"
    )
    assert rows.arrow.column_names == ["id", "id_2"]


def test_api_query_refuses_a_second_statement(built: Tiny) -> None:
    """`Project.query` answers one statement; of two it runs none and names `queries`, which runs both."""
    project = onefold.load(built.folder)
    with pytest.raises(onefold.UsageError, match="2 statements"):
        project.query("SELECT 1; SELECT 2")
    assert [t.to_pylist()[0] for t in project.queries("SELECT 1 AS n; SELECT 2 AS n")] == [{"n": 1}, {"n": 2}]


def test_each_statement_is_answered(built: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json several statements give lines of JSON and nothing else; with -f they give a file each."""
    assert run(["query", "SELECT 1 AS n; SELECT 2 AS n", "--json"]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [{"n": 1}, {"n": 2}]
    assert run(["query", "SELECT 1 AS n; SELECT 2 AS n", "-f", "out.csv"]) == 0
    assert [(built.folder / f).read_text() for f in ("out.csv", "out.2.csv")] == ['"n"\n1\n', '"n"\n2\n']


def test_no_rows(built: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    """A query without rows shows its columns, no line of JSON, and a file with the header alone."""
    sql = "SELECT user_main_id, all_words FROM user_feature_view WHERE false"
    assert run(["query", sql]) == run(["query", sql, "--json"]) == run(["query", sql, "-f", "none.csv"]) == 0
    assert capsys.readouterr().out.split() == ["user_main_id", "all_words"]
    assert (built.folder / "none.csv").read_text() == '"user_main_id","all_words"\n'


def test_max_rows_zero_shows_all(built: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    """The output says how many rows --max_rows cut off, also with --json; 0 shows all rows."""
    sql = "SELECT * FROM range(150)"
    assert run(["query", sql, "--json"]) == 0
    first = capsys.readouterr()
    assert len(first.out.splitlines()) == 100
    assert "100 of 150 rows" in first.err
    assert run(["query", sql, "-max_rows", "0", "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 150


SQL = "SELECT all_words, last_day, ratio FROM user_feature_view ORDER BY user_main_id"


def test_far_dates_and_nan_come_out(built: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    """Dates beyond the year 9999, infinite ones and NaN are shown as text, in JSON and in a table."""
    assert run(["query", SQL, "--json"]) == 0
    found = sorted(json.loads(line)["last_day"] for line in capsys.readouterr().out.splitlines())
    assert found == ["11026-01-01", "infinity"]
    assert run(["query", SQL]) == 0
    assert {"infinity", "11026-01-01", "nan"} <= set(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "command",
    [
        ["show", "entity-lookup", "-v", "u1"],
        ["show", "entity-lookup", "-v", "u1", "--json"],
        ["audit", "features", "--json"],
        ["audit", "cluster", "u1"],
        ["audit", "explain", "u1"],
        ["report", "--json"],
        ["report"],
        ["plan", "--end_time", "2026-10-31"],
    ],
    ids=" ".join,
)
def test_far_dates_stop_no_command(built: Tiny, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Commands that show features work where a feature has dates that Python cannot hold; their JSON is strict."""
    assert run(command) == 0
    shown = capsys.readouterr()
    assert "Error" not in shown.err
    if "--json" in command:
        assert json.loads(shown.out, parse_constant=pytest.fail)


def test_far_times_of_rows_stop_no_command(tiny: MakeTiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither does a source whose own rows have such times: -infinity is before any end time."""
    tables = TABLES.replace(
        "'u1', TIMESTAMP '2026-01-01', 'x', DATE '2026", "'u1', TIMESTAMP '-infinity', 'x', DATE '2026"
    )
    project = tiny(tables, FILES)
    project.run()
    monkeypatch.chdir(project.folder)
    for command in (
        ["audit", "cluster", "u1"],
        ["audit", "cluster", "u1", "--json"],
        ["report"],
        ["audit", "id_stitcher"],
    ):
        assert run(command) == 0, command


def test_output_csv_has_lists_and_far_dates(built: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    """--write_output_csv writes lists as JSON and far dates as text, and says which cells are formulas."""
    assert run(["run", "--end_time", "2026-10-31", "--write_output_csv"]) == 0
    assert "1 text cell of the CSV" not in capsys.readouterr().err  # a list is no formula
    (path,) = (built.folder / "output/dev/seq_no").rglob("USER_FEATURE_VIEW.csv")
    with path.open(newline="") as file:
        rows = sorted(
            csv.DictReader(file), key=lambda row: row["ALL_WORDS"] if "ALL_WORDS" in row else row["all_words"]
        )
    assert [json.loads(row["all_words"]) for row in rows] == [["=1+1"], ["x"]]
    assert [row["last_day"] for row in rows] == ["11026-01-01", "infinity"]


FORMULAS = "SELECT * FROM (VALUES ('=1+1'), ('@sum'), ('-2+cmd'), ('+15551234'), ('-3.5'), ('a=b'), ('')) AS t(word)"


def test_formulas_are_written_as_they_are_and_counted(built: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    """A CSV file has the values that the table has; cells that a spreadsheet would run are counted, numbers are not."""
    assert run(["query", FORMULAS, "-f", "out.csv"]) == 0
    assert "a spreadsheet would run 3 text cells of the CSV as formulas" in capsys.readouterr().err
    with (built.folder / "out.csv").open(newline="") as file:
        words = [row["word"] for row in csv.DictReader(file)]
    assert words == ["=1+1", "@sum", "-2+cmd", "+15551234", "-3.5", "a=b", ""]


def test_formulas_are_escaped_on_request(built: Tiny) -> None:
    """--escape_formulas puts ' before the cells that a spreadsheet would run, and before no other."""
    assert run(["query", FORMULAS, "-f", "out.csv", "--escape_formulas"]) == 0
    with (built.folder / "out.csv").open(newline="") as file:
        words = [row["word"] for row in csv.DictReader(file)]
    assert words == ["'=1+1", "'@sum", "'-2+cmd", "+15551234", "-3.5", "a=b", ""]


def test_a_csv_file_is_replaced_whole(built: Tiny) -> None:
    """A query that fails leaves the file that was there; one that works keeps its permissions and leaves no other."""
    path = built.folder / "out.csv"
    path.write_text("before")
    path.chmod(0o640)
    assert run(["query", "SELECT CAST('x' AS INT)", "-f", "out.csv"]) == 1
    assert path.read_text() == "before"
    assert run(["query", "SELECT [1] AS n", "-f", "out.csv"]) == 0
    assert path.read_text() == '"n"\n"[1]"\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert not [p for p in built.folder.iterdir() if p.name.endswith(".part")]


def test_a_folder_in_place_of_the_file(built: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    """A path that cannot be written ends in an error that says why; what was asked for is not half there."""
    (built.folder / "file").write_text("")
    assert run(["query", "SELECT 1", "-f", "file/out.csv"]) == 1
    assert "there is a file where a folder is needed" in capsys.readouterr().err


def test_every_type_has_a_csv_form(built: Tiny) -> None:
    """Maps, objects, intervals, binary values and enums are written too."""
    sql = (
        "SELECT [1, 2] AS a, {'k': 'v'} AS b, INTERVAL '90 minutes' AS c, TO_BINARY('AA01', 'HEX') AS d, "
        "PARSE_JSON('{\"x\": 1}') AS e, NULL AS f, TRUE AS g"
    )
    assert run(["query", sql, "-f", "out.csv"]) == 0
    with (built.folder / "out.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row == {
        "a": "[1,2]",
        "b": '{"k": "v"}',
        "c": "PT1H30M",
        "d": "AA01",
        "e": '{"x":1}',
        "f": "",
        "g": "true",
    } | {key: row[key] for key in ("a", "b", "e")}
    assert [json.loads(row[key]) for key in ("a", "b", "e")] == [[1, 2], {"k": "v"}, {"x": 1}]


def test_a_missing_folder_is_made(built: Tiny, tmp_path: Path) -> None:
    """The folder of the file need not be there."""
    assert run(["query", "SELECT 1 AS n", "-f", str(tmp_path / "new/out.csv")]) == 0
    assert (tmp_path / "new/out.csv").read_text() == '"n"\n1\n'
