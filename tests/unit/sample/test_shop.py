"""The sample shop is reproducible, complete, and realistic where the main job depends on it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from onefold.sample import shop as shop_module
from onefold.sample.shop import FILES, generate
from onefold.sample.truth import NOTES

if TYPE_CHECKING:
    import duckdb

SHIPPED = Path(__file__).parents[3] / "sample_data"

TEXT, TIME, MONEY = "VARCHAR", "TIMESTAMP", "DECIMAL(12,2)"
COLUMNS = {
    "orders": {
        "order_id": TEXT, "customer_id": TEXT, "user_key": TEXT, "order_status": TEXT, "order_completed_at_est": TIME,
        "is_manual_order": "BOOLEAN", "total_revenue_usd": MONEY, "sales_subtotal_usd": MONEY,
        "refund_amount_usd": MONEY, "discount_amount_usd": MONEY, "coupon_code": TEXT, "currency_code": TEXT,
        "bill_country": TEXT,
    },
    "items": {
        "order_item_id": TEXT, "order_id": TEXT, "customer_id": TEXT, "user_key": TEXT, "designer_id": TEXT,
        "product_id": TEXT, "design_id": TEXT, "order_completed_at_est": TIME, "order_status": TEXT,
        "was_transacted_line_item": "BOOLEAN", "item_count": "INTEGER", "sales_nop_usd": MONEY,
        "sales_subtotal_usd": MONEY, "unit_price_usd": MONEY, "discount_amount_usd": MONEY, "bill_country": TEXT,
        "currency_code": TEXT, "was_on_sale": "BOOLEAN", "sale_type": TEXT,
    },
    "designs": dict.fromkeys(
        ("design_id", "theme", "theme_genre", "content_category_l1", "content_category_l2", "content_property",
         "tp_content", "tp_theme"), TEXT),
    "products": {
        "product_id": TEXT, "product_canvas": TEXT, "canvas_group": TEXT, "product_style": TEXT, "product_size": TEXT,
        "product_color": TEXT, "is_apparel": "BOOLEAN", "product_gender": TEXT, "product_type": TEXT,
    },
    "js": {
        "id": TEXT, "anonymous_id": TEXT, "user_id": TEXT, "email": TEXT, "timestamp": "TIMESTAMP WITH TIME ZONE",
        "sent_at": "TIMESTAMP WITH TIME ZONE", "received_at": "TIMESTAMP WITH TIME ZONE", "context_ip": TEXT,
        "context_user_agent": TEXT,
    },
    "rb": {
        "id": TEXT, "anonymous_id": TEXT, "user_id": TEXT, "email": TEXT, "timestamp": TIME, "sent_at": TIME,
        "received_at": TIME, "context_ip": TEXT, "context_user_agent": TEXT,
    },
    "ids": {"id": TEXT, "id_type": TEXT, "person_id": "BIGINT"},
    "faults": {
        "fault": TEXT, "case": "INTEGER", "id": TEXT, "id_type": TEXT, "part": TEXT, "person_id": "BIGINT",
        "note": TEXT,
    },
}  # fmt: skip


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def count(tables: duckdb.DuckDBPyConnection, sql: str) -> int:
    found = tables.execute(f"SELECT count(*) FROM {sql}").fetchone()
    assert found is not None
    return int(found[0])


def test_same_size_and_seed_give_the_same_bytes(shop: Path, tmp_path: Path) -> None:
    """Another process, with another hash seed and one thread, writes identical files."""
    code = f"from pathlib import Path; from onefold.sample.shop import generate; generate(Path({str(tmp_path / 's')!r}), people=1000)"
    environment = os.environ | {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    assert content(tmp_path / "s") == content(shop)


def test_another_seed_is_another_shop(shop: Path, tmp_path: Path) -> None:
    """With another seed, every file with random content differs."""
    generate(tmp_path / "s", people=1000, seed=8)
    ours, other = content(shop), content(tmp_path / "s")
    assert {name for name in ours if ours[name] == other[name]} == {"WAREHOUSE/ANALYTICS/DIM_PRODUCTS.parquet"}


def test_the_shipped_shop_is_what_the_command_makes(tmp_path: Path) -> None:
    """`pb insert` without arguments writes the rows that the repository ships."""
    generate(tmp_path / "s")
    for file in FILES.values():
        made, shipped = (pq.read_table(folder / f"{file}.parquet") for folder in (tmp_path / "s", SHIPPED))
        assert made.equals(shipped), file


def test_the_shipped_shop_is_small() -> None:
    """The shipped files have at most two million bytes, and are exactly those of `pb insert`."""
    shipped = content(SHIPPED)
    assert set(shipped) == shop_module.OWN_FILES
    assert sum(map(len, shipped.values())) <= 2_000_000


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_those_of_the_design(tables: duckdb.DuckDBPyConnection, name: str) -> None:
    """Each table has the columns of the e-commerce design, with their types, and no others."""
    found = {row[0]: row[1] for row in tables.execute(f"DESCRIBE {name}").fetchall()}
    assert found == COLUMNS[name]


def test_the_report_counts_the_rows(tables: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The report and the README state how many rows each file has."""
    report = generate(tmp_path / "s", people=1000)
    assert report.rows == {file: count(tables, name) for name, file in FILES.items()}
    readme = (tmp_path / "s" / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{file}` | {rows:,} |" in readme for file, rows in report.rows.items())


def test_rows_per_person(tables: duckdb.DuckDBPyConnection) -> None:
    """A person has about 3 orders, 9 items and 20 identify calls."""
    orders, items, calls = (count(tables, t) / 1000 for t in ("orders", "items", "calls"))
    assert (2.4 < orders < 3.4, 7 < items < 10.5, 17 < calls < 23) == (True, True, True)


def test_purchases_are_long_tailed(tables: duckdb.DuckDBPyConnection) -> None:
    """The tenth of people with most orders place more than a third of the orders."""
    sql = "(SELECT count(*) AS n, ntile(10) OVER (ORDER BY count(*) DESC) AS tenth FROM orders GROUP BY customer_id)"
    share = tables.execute(f"SELECT sum(n) FILTER (tenth = 1) / sum(n) FROM {sql}").fetchone()
    assert share is not None
    assert share[0] > 1 / 3


@pytest.mark.parametrize(
    ("table", "key"),
    [("orders", "order_id"), ("items", "order_item_id"), ("designs", "design_id"), ("products", "product_id"),
     ("calls", "id"), ("ids", "(id, id_type)")],
)  # fmt: skip
def test_no_row_comes_twice(tables: duckdb.DuckDBPyConnection, table: str, key: str) -> None:
    """The project's row identifiers have no duplicates, which would stop a run."""
    assert count(tables, f"(SELECT DISTINCT {key} FROM {table})") == count(tables, table)


def test_items_point_to_rows_that_exist(tables: duckdb.DuckDBPyConnection) -> None:
    """Each item has a matching order, a design and a product; each order has an item."""
    agreeing = """(FROM items SEMI JOIN orders USING (order_id, customer_id, order_status, bill_country, currency_code)
      SEMI JOIN designs USING (design_id) SEMI JOIN products USING (product_id))"""
    assert count(tables, agreeing) == count(tables, "items")
    assert count(tables, "(FROM orders ANTI JOIN items USING (order_id))") == 0
    moments = "(FROM items JOIN orders AS o USING (order_id) WHERE items.order_completed_at_est IS DISTINCT FROM o.order_completed_at_est)"
    assert count(tables, moments) == 0


def test_money_adds_up(tables: duckdb.DuckDBPyConnection) -> None:
    """An order's amounts are the sums of its items, and shipping; an item's are price times pieces, minus its discount."""
    wrong_items = """(FROM items WHERE unit_price_usd * item_count <> sales_subtotal_usd
      OR sales_subtotal_usd - discount_amount_usd <> sales_nop_usd OR discount_amount_usd < 0 OR unit_price_usd <= 0)"""
    assert count(tables, wrong_items) == 0
    # Of a cancelled or pending order all items count; of another one, only those that went through.
    wrong_orders = """(FROM orders AS o JOIN (
        SELECT order_id, sum(sales_subtotal_usd) AS subtotal, sum(discount_amount_usd) AS discount FROM items
        WHERE was_transacted_line_item OR order_status IN ('cancelled', 'pending') GROUP BY order_id) USING (order_id)
      WHERE sales_subtotal_usd <> subtotal OR discount_amount_usd <> discount
        OR total_revenue_usd - subtotal + discount NOT IN (0, 4.99, 7.99))"""
    assert count(tables, wrong_orders) == 0
    summed = "(SELECT DISTINCT order_id FROM items WHERE was_transacted_line_item OR order_status IN ('cancelled', 'pending'))"
    assert count(tables, summed) == count(tables, "orders")


def test_refunds_and_coupons(tables: duckdb.DuckDBPyConnection) -> None:
    """Refunded orders are fully refunded, completed ones at most in part, others never; a discount has a coupon."""
    wrong = """(FROM orders WHERE CASE order_status WHEN 'refunded' THEN refund_amount_usd <> total_revenue_usd
      WHEN 'completed' THEN refund_amount_usd > total_revenue_usd / 4 ELSE refund_amount_usd <> 0 END
      OR (coupon_code IS NULL AND discount_amount_usd <> 0))"""
    assert count(tables, wrong) == 0
    assert count(tables, "orders WHERE order_status = 'completed' AND refund_amount_usd > 0") > 0
    assert count(tables, "items WHERE was_on_sale <> (sale_type IS NOT NULL)") == 0


def test_orders_have_a_time_once_completed(tables: duckdb.DuckDBPyConnection) -> None:
    """Completed and refunded orders have a time, the others none; all four statuses occur, and manual orders."""
    assert (
        count(tables, "orders WHERE (order_completed_at_est IS NULL) <> (order_status IN ('cancelled', 'pending'))")
        == 0
    )
    assert count(tables, "(SELECT DISTINCT order_status FROM orders)") == 4
    assert 0 < count(tables, "orders WHERE is_manual_order") < count(tables, "orders") / 20
    assert count(tables, "items WHERE was_transacted_line_item AND order_completed_at_est IS NULL") == 0


def test_nothing_happens_after_the_horizon(tables: duckdb.DuckDBPyConnection) -> None:
    """Every time lies between the opening and the last day, so that later end times see the same rows."""
    window = "BETWEEN TIMESTAMP '2022-12-31 19:00' AND TIMESTAMP '2026-10-31 23:59:59'"
    assert count(tables, f"calls WHERE NOT (moment {window} AND received {window} AND received >= moment)") == 0
    assert count(tables, f"orders WHERE NOT order_completed_at_est {window}") == 0


def test_id_formats(tables: duckdb.DuckDBPyConnection) -> None:
    """Customers are SHA-1 hashes or plain ids, true devices are UUIDs, people are in the reserved domain."""
    hashed, plain = "[0-9a-f]{40}", "[0-9]{10}"
    assert count(tables, f"orders WHERE NOT regexp_full_match(customer_id, '{hashed}|{plain}')") == 0
    uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"
    odd = f"ids WHERE id_type = 'anonymous_id' AND NOT regexp_full_match(id, '{uuid}')"
    assert count(tables, odd) == count(
        tables, "faults WHERE fault = 'same_text_both_types' AND id_type = 'anonymous_id'"
    )
    assert (
        count(tables, "js WHERE contains(email, '@') AND NOT lower(trim(email)) SIMILAR TO '.*@[a-z]+\\.example'") == 0
    )


def test_events_say_ids_in_every_way(tables: duckdb.DuckDBPyConnection) -> None:
    """Events carry an email, a hash or a plain id as user id, or nothing but the email; some have no device."""
    assert count(tables, "js WHERE contains(user_id, '@')") > 0
    assert count(tables, "rb WHERE regexp_full_match(user_id, '[0-9a-f]{40}')") > 0
    assert count(tables, "rb WHERE regexp_full_match(user_id, '[0-9]{10}')") > 0
    assert count(tables, "js WHERE user_id IS NULL AND contains(email, '@')") > 0
    assert count(tables, "rb WHERE anonymous_id IS NULL") > 0


def test_the_truth_knows_every_id_of_the_tables(tables: duckdb.DuckDBPyConnection) -> None:
    """The truth lists exactly the ids that occur in the tables, apart from placeholder ids."""
    occurring = """SELECT customer_id AS id, 'user_id' AS id_type FROM orders
      UNION SELECT customer_id, 'user_id' FROM items
      UNION SELECT account, 'user_id' FROM calls UNION SELECT device, 'anonymous_id' FROM calls"""
    no_ids = (
        "SELECT trim(id), id_type FROM faults WHERE fault IN ('null_like', 'placeholder') UNION ALL SELECT NULL, NULL"
    )
    real = f"SELECT * FROM ({occurring}) WHERE id IS NOT NULL EXCEPT ({no_ids})"
    known = "SELECT id, id_type FROM ids"
    assert tables.execute(f"({real}) EXCEPT ({known})").fetchall() == []
    assert tables.execute(f"({known}) EXCEPT ({real})").fetchall() == []


def test_people_made_in_chunks_stay_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks share no id, order, message or case of a fault, and each has the large faults."""
    monkeypatch.setattr(shop_module, "CHUNK", 300)
    done: list[float] = []
    generate(tmp_path / "s", people=900, progress=lambda share, _: done.append(round(share, 3)))
    assert done == [0.333, 0.667, 1.0]
    read = {name: pq.read_table(tmp_path / "s" / f"{file}.parquet").to_pylist() for name, file in FILES.items()}
    for name, key in (("orders", "order_id"), ("items", "order_item_id"), ("js", "id"), ("rb", "id")):
        assert len({row[key] for row in read[name]}) == len(read[name])
    assert len({(row["id"], row["id_type"]) for row in read["ids"]}) == len(read["ids"])
    assert {row["person_id"] for row in read["ids"]} == {*range(900), None}
    cases = {name: {row["case"] for row in read["faults"] if row["fault"] == name} for name in NOTES}
    assert {name: len(cases[name]) for name in ("store_tablet", "bridge_chain", "internal_admin", "role_mailbox")} == {
        "store_tablet": 3, "bridge_chain": 3, "internal_admin": 3, "role_mailbox": 2,
    }  # fmt: skip


@pytest.mark.parametrize("people", [1, 2, 7, 40])
def test_tiny_shops_can_be_made(people: int, tmp_path: Path) -> None:
    """A shop of any size has all eight files, and every person has an id."""
    report = generate(tmp_path / "s", people=people)
    assert set(report.rows) == set(FILES.values())
    owners = pq.read_table(tmp_path / "s" / "truth" / "ids.parquet")["person_id"].to_pylist()
    assert set(owners) - {None} == set(range(people))


@pytest.mark.parametrize(("people", "seed"), [(0, 7), (10, -1)])
def test_impossible_sizes_are_refused(people: int, seed: int, tmp_path: Path) -> None:
    """No people, or a negative seed, is a ValueError, and no folder is created."""
    with pytest.raises(ValueError, match="people must be 1 or more"):
        generate(tmp_path / "s", people=people, seed=seed)
    assert list(tmp_path.iterdir()) == []
