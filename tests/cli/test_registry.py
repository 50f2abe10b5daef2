"""Commands that read what runs have left: show plan, show entity-lookup, discover, cleanup, repair."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Pb


def objects(small: Path) -> set[str]:
    with duckdb.connect(str(small / "output/warehouse.duckdb"), read_only=True) as con:
        found = con.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'profiles'").fetchall()
    return {name for (name,) in found}


def test_cleanup_keeps_what_is_shown(pb: Pb, small: Path) -> None:
    """What a view shows stays, from whichever run it is; the rest goes, with what stands beside it."""
    for arguments in ((), ("-m", "models/user_id_stitcher"), ("-m", "models/user_id_stitcher")):
        assert pb("run", *arguments).code == 0
    before = pb("query", "SELECT * FROM WITH_USER_ID ORDER BY 1").out

    done = pb("cleanup", "materials", "-r", "0", "--yes")

    assert done.code == 0
    left = {name for name in objects(small) if name.startswith("Material_")}
    # The first run's graph is read by the features that are still shown; the second's is shown by nothing.
    assert {re.sub(r"(_\d+)_[a-z_]+$", r"\1", name).rsplit("_", 1)[-1] for name in left if "stitcher" in name} == {
        "1",
        "3",
    }
    assert pb("query", "SELECT * FROM WITH_USER_ID ORDER BY 1").out == before
    assert "nothing to drop" in pb("cleanup", "materials", "-r", "0", "--yes").out


def test_cleanup_by_age(pb: Pb, ran: Path) -> None:
    """Materials younger than asked for stay; a dry run drops nothing."""
    pb("run")
    before = objects(ran)

    assert "nothing to drop" in pb("cleanup", "materials", "--expired").out
    assert "would drop" in pb("cleanup", "materials", "--retention_time_in_ms", "0", "--dry_run").out
    assert objects(ran) == before
    assert pb("cleanup", "materials", "-r", "1", "--expired").code == 2


def test_cleanup_of_what_is_shown(pb: Pb, ran: Path) -> None:
    """Asked for, what views show goes too, with the views; the id graph stays, so that main ids do."""
    ids = pb("query", "SELECT * FROM USER_ID_STITCHER ORDER BY 1, 2").out

    assert pb("cleanup", "materials", "-r", "1", "--remove_latest_view_ptrs").out == "nothing to drop\n"
    done = pb("cleanup", "materials", "-r", "0", "--remove_latest_view_ptrs", "--yes")

    assert done.code == 0, done.err
    assert "view WITH_USER_ID" in done.out
    left = objects(ran)
    assert not {"WITH_USER_ID", "USER_FEATURE_VIEW", "USER_ALL"} & left
    assert {name for name in left if name.startswith("Material_") and "stitcher" not in name} == set()
    assert pb("query", "SELECT * FROM USER_ID_STITCHER ORDER BY 1, 2").out == ids
    assert "nothing to drop" in pb("cleanup", "materials", "-r", "0", "--remove_latest_view_ptrs", "--yes").out
    assert pb("run").code == 0
    assert pb("query", "SELECT * FROM USER_ID_STITCHER ORDER BY 1, 2").out == ids
    assert "main ids: unchanged" in pb("run", "--rebase_incremental").out


def test_show_plan(pb: Pb) -> None:
    """The materials of a run and its time window; the latest run unless another is asked for."""
    pb("run", "--end_time", "2026-10-31")
    pb("run", "-m", "models/user_id_stitcher")

    first = [json.loads(line) for line in pb("show", "plan", "--seq_no", "1", "--json").out.splitlines()]

    assert {row["seq_no"] for row in first} == {1}
    assert "models/user_id_stitcher" in {row["model"] for row in first}
    assert "up to 2026-10-31 00:00:00 UTC, published" in pb("show", "plan", "--seq_no", "1").out
    assert pb("show", "plan").out.startswith("run 2:")
    assert pb("show", "plan", "--seq_no", "9").code == 2


@pytest.mark.parametrize("value", ["ada", "ada@home"])
@pytest.mark.usefixtures("ran")
def test_entity_lookup(pb: Pb, value: str) -> None:
    """Any id of a profile leads to all of its ids and features."""
    found = json.loads(pb("show", "entity-lookup", "-v", value, "--json").out)

    assert {i["other_id"] for i in found["ids"]} >= {"ada", "ada@home"}
    assert found["features"]["total_orders"] == 3
    assert pb("show", "entity-lookup", "-v", "nobody").code == 2
    assert pb("show", "entity-lookup", "-v", value, "--entity", "usr").code == 2


def test_entity_lookup_before_a_run(pb: Pb) -> None:
    """Before anything was built, it says so."""
    done = pb("show", "entity-lookup", "-v", "ada")

    assert done.code == 1
    assert "Traceback" not in done.err


def test_discover(pb: Pb, ran: Path) -> None:
    """Each kind can be listed, cut down, and written as CSV."""
    features = [json.loads(line) for line in pb("discover", "features", "-e", "user", "--json").out.splitlines()]
    assert "total_orders" in {row["name"] for row in features}
    for what in ("models", "entities", "sources", "materials"):
        assert pb("discover", what).out.strip()
    assert pb("discover", "materials", "-m", "models/user_id_stitcher", "-f", "found.csv").code == 0
    rows = list(csv.DictReader((ran / "found.csv").read_text().splitlines()))
    assert [row["model"] for row in rows] == ["models/user_id_stitcher"]
    assert "no matching sources" in pb("discover", "sources", "-u", "nowhere").err


def test_discover_in_schemas(pb: Pb, small: Path) -> None:
    """What runs have left in other schemas of the database is listed from their registries, whatever the project."""
    sites = "connections: {mine: {target: dev, outputs: {dev: {type: duckdb, path: output/warehouse.duckdb, schema: MORE}}}}"
    (small / "site.yaml").write_text(sites.replace("MORE", "other"))
    project = small / "pb_project.yaml"
    assert pb("run").code == 0
    project.write_text(project.read_text().replace("connection: local", "connection: mine"))
    assert pb("run", "-c", "site.yaml", "-m", "models/user_id_stitcher").code == 0

    def listed(*arguments: str) -> list[dict[str, str]]:
        done = pb("discover", *arguments, "-c", "site.yaml", "--json")
        assert done.code == 0, done.err
        return [json.loads(line) for line in done.out.splitlines()]

    assert {row["schema"] for row in listed("materials", "-s", "*")} == {"other", "profiles"}
    assert {row["schema"] for row in listed("models", "-s", "profiles,other")} == {"other", "profiles"}
    assert [(r["schema"], r["entity"], r["main_id"]) for r in listed("entities", "-s", "*")] == [
        ("profiles", "user", "user_main_id")
    ]
    assert {row["name"] for row in listed("features", "-s", "profiles", "-e", "user")} >= {"total_orders"}
    assert listed("models", "-s", "other", "-m", "user_id_stitcher")[0]["type"] == "id_stitcher"
    for arguments in (("materials", "-s", "othr"), ("sources", "-s", "other")):
        done = pb("discover", *arguments, "-c", "site.yaml")
        assert done.code == 2
        assert "Traceback" not in done.err


def test_offset_and_csv(pb: Pb, small: Path) -> None:
    """The end time may lie a while back; views can be written as CSV."""
    done = pb("run", "--end_time_offset", "48h", "--write_output_csv", "--concurrency", "4")

    assert done.code == 0
    assert (small / "output/dev/seq_no/1/csv/WITH_USER_ID.csv").read_text().startswith('"user_id"')
    assert pb("run", "--end_time_offset", "1h", "--end_time", "2026-10-31").code == 2
    assert pb("run", "--end_time_offset", "soon").code == 2


def test_a_lost_row_is_put_back(pb: Pb, ran: Path) -> None:
    """`pb run` ends with 1 and names the command that restores a lost row; it prints a line per restored row."""
    lost = "DELETE FROM profiles.published_registry WHERE model_ref LIKE '%stitcher'"
    with duckdb.connect(str(ran / "output/warehouse.duckdb")) as connection:
        connection.execute(lost)

    refused, would = pb("run"), pb("repair", "registry", "--dry_run")
    done, nothing = pb("repair", "registry", "--json"), pb("repair", "registry", "--json")

    assert refused.code == 1
    assert "damaged-registry" in refused.err
    assert "pb repair registry" in refused.err
    assert would.out.startswith("would restore published_registry: ")
    assert [json.loads(line)["restored"] for line in done.out.splitlines()] == [True]
    assert (nothing.code, nothing.out) == (0, "")
    assert pb("run").code == 0


def test_what_cannot_be_put_back(pb: Pb, ran: Path) -> None:
    """`pb repair registry` ends with 1 where tables of the id graph lost rows, and says what is left to do."""
    with duckdb.connect(str(ran / "output/warehouse.duckdb")) as connection:
        found = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '%_anchors'"
        ).fetchone()
        assert found is not None
        connection.execute(f'DELETE FROM profiles."{found[0]}"')

    refused = pb("repair", "registry")

    assert refused.code == 1
    assert f"table {found[0]} has 0 rows" in refused.err
    assert "--reset_main_ids" in refused.err
