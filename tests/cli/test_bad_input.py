"""Bad input: a clear message with a place and a next step, the right exit code, and nothing published that was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import onefold

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Pb

ORDERS, LOGINS, MODELS = "data/shop/web/orders.csv", "data/shop/web/logins.csv", "models/profiles.yaml"


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# (what, file, old text, new text, exit code, what the message holds)
CASES = [
    ("missing table", MODELS, "shop.web.orders", "shop.web.ordres", 1, ["models/profiles.yaml:4:14", "does not exist", "did you mean"]),
    ("missing column in select", MODELS, "SUM(amount)", "SUM(amont)", 1, ["models/profiles.yaml:", '"amont"', "amount"]),
    ("missing column in an id", MODELS, "select: user_id, type: user_id, entity: user}\n  - name: logins", "select: user_idd, type: user_id, entity: user}\n  - name: logins", 1, ['"user_idd"', "user_id"]),
    ("missing time column", MODELS, "occurred_at_col: ordered_at", "occurred_at_col: ordered", 1, ['"ordered"', 'did you mean "ordered_at"']),
    ("time column of a wrong type", MODELS, "occurred_at_col: ordered_at", "occurred_at_col: amount", 1, ['"amount"', "cannot be read as a timestamp", "models/profiles.yaml:4:"]),
    ("missing row identifier", MODELS, "row_identifier: [order_id]", "row_identifier: [orderid]", 1, ['"orderid"', "order_id"]),
    ("wrong type in a sum", MODELS, "SUM(amount)", "SUM(user_id)", 1, ["models/profiles.yaml:"]),
    ("duplicate order rows", ORDERS, "2,ada,35.50", "1,ada,35.50", 1, ["2 rows share 1 values of order_id", "row_identifier"]),
    ("broken template", MODELS, "'{{ user.total_orders }} > 1'", "'{{ user.total_orders > 1'", 2, ["models/profiles.yaml:42:"]),
    ("unknown var", MODELS, "{{ user.total_orders }}", "{{ user.total_ordrs }}", 2, ["total_ordrs", "models/profiles.yaml:"]),
    ("unknown name in a template", MODELS, "{{ user.total_orders }}", "{{ usr.total_orders }}", 2, ['did you mean "user"']),
    ("SQL that does not parse", MODELS, "COUNT(DISTINCT order_id)", "COUNT(DISTINCT order_id", 2, ["models/profiles.yaml:33:"]),
    ("invalid regex", "pb_project.yaml", '"[[:space:]]*"', '"[[:space:]"', 2, ["regex", "pb_project.yaml:"]),
    ("unknown key", MODELS, "default_value: 0\n      - entity_var:\n          name: is", "defualt_value: 0\n      - entity_var:\n          name: is", 2, ['did you mean "default_value"']),
    ("mistyped model type", MODELS, "model_type: id_stitcher", "model_type: id_sticher", 2, ["models/profiles.yaml:19:17", 'did you mean "id_stitcher"']),
    ("broken YAML", MODELS, "inputs:", "inputs: [", 2, ["models/profiles.yaml:"]),
    ("an unreadable value", ORDERS, "12.25", "twelve", 1, ["models/profiles.yaml:"]),
    ("unknown connection", "pb_project.yaml", "connection: local", "connection: lcal", 2, ['did you mean "local"', "pb_project.yaml:4:13"]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "file", "old", "new", "code", "words"), CASES, ids=[c[0] for c in CASES])
def test_bad_input(  # noqa: PLR0917
    what: str, file: str, old: str, new: str, code: int, words: list[str], pb: Pb, ran: Path
) -> None:
    """The message says what, where and what next; the published rows stay as they were."""
    before = onefold.load(ran).read("WITH_USER_ID").arrow
    change(ran, file, old, new)
    done = pb("run")
    assert done.code == code, (what, done.err)
    for word in words:
        assert word in done.err, done.err
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) < 24
    change(ran, file, new, old)
    assert onefold.load(ran).read("WITH_USER_ID").arrow.equals(before)


def test_all_mistakes_at_once(pb: Pb, small: Path) -> None:
    """Mistakes in several files are all in one message."""
    change(small, "pb_project.yaml", "- name: anonymous_id", "- nme: anonymous_id")
    change(small, MODELS, "model_type: id_stitcher", "model_typ: id_stitcher")
    change(small, "onefold.yaml", "sql_dialect: snowflake", "sql_dialect: snowflak")
    done = pb("run")
    assert done.code == 2
    assert all(f in done.err for f in ("pb_project.yaml:", "models/profiles.yaml:", "onefold.yaml:"))
    assert 'did you mean "snowflake"?' in done.err


def test_missing_file_of_a_catalog(pb: Pb, small: Path) -> None:
    """A catalog whose folder is gone is named, with the way to mend it."""
    change(small, "onefold.yaml", "data/shop", "data/nowhere")
    done = pb("run")
    assert done.code == 1
    assert "nowhere" in done.err
    assert "onefold.yaml" in done.err


def test_unreadable_file(pb: Pb, small: Path) -> None:
    """A file that is no Parquet file is named, though its table has a name that is right."""
    (small / ORDERS).unlink()
    (small / "data/shop/web/orders.parquet").write_bytes(b"not parquet at all")
    done = pb("run")
    assert done.code == 1
    assert "cannot be read" in done.err


def test_empty_source_is_a_warning(pb: Pb, small: Path) -> None:
    """A source without rows gives an empty result for what is built on it, a warning, and exit 0."""
    (small / ORDERS).write_text("order_id,user_id,amount,ordered_at\n", encoding="utf-8")
    change(small, MODELS, "SUM(amount)", "SUM(amount::float)")
    change(small, MODELS, "      occurred_at_col: ordered_at\n", "")
    done = pb("run")
    assert done.code == 0, done.err
    assert "shop.web.orders has no rows" in done.err
    assert onefold.load(small).query("SELECT SUM(total_orders) AS n FROM USER_FEATURE_VIEW").arrow["n"][0].as_py() == 0


def test_source_with_only_null_ids_is_a_warning(pb: Pb, small: Path) -> None:
    """A source whose ids are all null or null-like is named in a warning; the others still count."""
    rows = ["order_id,user_id,amount,ordered_at", "1,null,2.0,2026-01-01 00:00:00", "2,None,2.0,2026-01-01 00:00:00"]
    (small / ORDERS).write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = pb("run")
    assert done.code == 0, done.err
    assert "inputs/orders has no ids" in done.err


def test_sql_that_reads_the_clock_is_a_warning(pb: Pb, small: Path) -> None:
    """A feature that depends on the wall clock runs, and is named."""
    change(small, MODELS, "SUM(amount)", "SUM(amount) + 0 * EXTRACT(year FROM CURRENT_DATE)")
    done = pb("run")
    assert done.code == 0, done.err
    assert "CURRENT_DATE has another value in every run" in done.err
    assert "end_time_sql" in done.err


def test_no_project_here(pb: Pb, small: Path) -> None:
    """A folder without a project is a clear error."""
    done = pb("run", "-p", str(small / "data"))
    assert done.code == 2
    assert "pb_project.yaml" in done.err


def test_sql_of_a_project_reaches_no_other_file(pb: Pb, ran: Path, tmp_path: Path) -> None:
    """A query cannot open a file that the project does not declare."""
    secret = tmp_path / "secret.csv"
    secret.write_text("password\nhunter2\n", encoding="utf-8")
    done = pb("query", f"SELECT * FROM '{secret}'")
    assert done.code == 1
    assert "hunter2" not in done.out + done.err


@pytest.mark.usefixtures("ran")
def test_a_query_changes_nothing(pb: Pb) -> None:
    """Pb query refuses statements that would change the database."""
    done = pb("query", "DROP VIEW WITH_USER_ID")
    assert done.code == 2
    assert pb("query", "SELECT COUNT(*) FROM WITH_USER_ID").code == 0
