"""``pb run``: what it makes, what it says, how it resumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

import onefold

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Pb


def test_run_publishes_three_views(pb: Pb, small: Path) -> None:
    """A run in a fresh folder makes the database with the id graph and both feature views."""
    assert pb("run").code == 0
    with duckdb.connect(str(small / "output/warehouse.duckdb"), read_only=True) as con:
        views = con.sql(
            "SELECT view_name FROM duckdb_views() WHERE schema_name = 'profiles' AND NOT internal"
        ).fetchall()
        rows = con.sql("SELECT user_id, total_orders, revenue FROM profiles.WITH_USER_ID ORDER BY 1").fetchall()
    assert {"USER_ID_STITCHER", "WITH_USER_ID", "user_feature_view".upper()} <= {v[0] for v in views}
    assert [(i, n, float(r)) for i, n, r in rows] == [("ada", 3, 63.5), ("ada@home", 3, 63.5), ("ben", 1, 12.25)]


def test_summary_says_how_to_go_on(pb: Pb) -> None:
    """The summary has the sequence number, what was made, and what to look at next."""
    done = pb("run")
    for words in ("sequence number:  1", "models processed:", "failed models:    0", "pb query", "WITH_USER_ID"):
        assert words in done.out


def test_a_pipe_gets_one_line_per_model(pb: Pb) -> None:
    """Without a terminal, progress is one plain line per model, on stderr."""
    lines = [line for line in pb("run").err.splitlines() if "models/user_id_stitcher" in line]
    assert len(lines) == 1
    assert lines[0].startswith("1/")
    assert "rows" in lines[0]


def test_sql_of_each_model_is_kept(pb: Pb, small: Path) -> None:
    """The SQL that ran lies in one file per model, of a stitcher in a folder; the file of a query runs on its own."""
    pb("run")
    folder = small / "output/dev/seq_no/1"
    assert {p.stem for p in (folder / "run").iterdir()} == {p.stem for p in (folder / "compile").iterdir()}
    assert list((folder / "run/user_id_stitcher").glob("0001_*.sql"))
    text = (folder / "compile/user_all_feature_view.sql").read_text()
    assert text.startswith("-- user/all/feature_view (feature_view), declared at pb_project.yaml:")
    with duckdb.connect(str(small / "output/warehouse.duckdb"), read_only=True) as con:
        con.execute("USE profiles")
        assert len(con.sql(text.rstrip().rstrip(";")).fetchall()) == 3


def test_log_has_one_line_per_model(pb: Pb, small: Path) -> None:
    """logs/pb.log has time, level and message, separated by tabs, and one line per model."""
    pb("run")
    lines = [line.split("\t") for line in (small / "logs/pb.log").read_text().splitlines()]
    assert all(len(line) == 3 for line in lines)
    assert sum("models/user_id_stitcher" in line[2] and "rows" in line[2] for line in lines) == 1


def test_same_end_time_gives_same_rows(pb: Pb, small: Path) -> None:
    """Two runs with one end time give identical rows, though the clock has moved on."""
    project = onefold.load(small)
    frames = []
    for _ in range(2):
        assert pb("run", "--end_time", "2026-02-20").code == 0
        names = ("USER_ID_STITCHER", "WITH_USER_ID", "USER_FEATURE_VIEW")
        frames.append([sorted(map(str, project.read(n).arrow.to_pylist())) for n in names])
    assert frames[0] == frames[1]


def test_end_time_leaves_out_later_rows(pb: Pb, small: Path) -> None:
    """Rows after the end time are not read."""
    pb("run", "--end_time", "2026-02-01")
    assert onefold.load(small).query("SELECT SUM(total_orders) AS n FROM USER_FEATURE_VIEW").arrow["n"][0].as_py() == 1


def test_begin_time_leaves_out_earlier_rows(pb: Pb, small: Path) -> None:
    """Rows before the begin time are not read."""
    pb("run", "--begin_time", "2026-02-12", "--end_time", "2026-02-20")
    ids = onefold.load(small).query("SELECT other_id FROM USER_ID_STITCHER ORDER BY 1").arrow["other_id"].to_pylist()
    assert ids == ["ben", "laptop-2", "laptop-3"]


def test_resume_reuses_what_is_finished(pb: Pb) -> None:
    """--seq_no runs nothing that the sequence number has finished, and --force runs it all."""
    pb("run", "--end_time", "2026-02-20")
    assert "0 of them" not in pb("run", "--seq_no", "1").out
    assert "reused" in pb("run", "--seq_no", "latest").out
    assert "reused" not in pb("run", "--seq_no", "1", "--force").out


def test_one_model_moves_only_its_view(pb: Pb, small: Path) -> None:
    """-m builds the model and what it needs, and moves no other view."""
    pb("run", "--end_time", "2026-02-01")
    done = pb("run", "-m", "models/user_id_stitcher", "--end_time", "2026-03-31")
    assert done.code == 0
    project = onefold.load(small)
    assert len(project.read("USER_ID_STITCHER")) == 7
    assert len(project.read("WITH_USER_ID")) == 1


def test_unknown_sequence_number(pb: Pb) -> None:
    """A sequence number that does not exist is bad usage, and the message names those that do."""
    pb("run")
    done = pb("run", "--seq_no", "7")
    assert done.code == 2
    assert "available: 1" in done.err


def test_other_end_time_for_a_known_run(pb: Pb) -> None:
    """A run is resumed with its own end time or not at all."""
    pb("run", "--end_time", "2026-02-01")
    done = pb("run", "--seq_no", "1", "--end_time", "2026-02-02")
    assert done.code == 2
    assert "2026-02-01 00:00:00 UTC" in done.err


def test_unknown_model(pb: Pb) -> None:
    """-m with a misspelt model is bad usage, with the nearest name."""
    done = pb("run", "-m", "models/user_id_sticher")
    assert done.code == 2
    assert 'did you mean "models/user_id_stitcher"?' in done.err


def test_bad_time(pb: Pb) -> None:
    """A time that is none is bad usage, with examples."""
    done = pb("run", "--end_time", "yesterday")
    assert done.code == 2
    assert "2026-10-31" in done.err
