"""Rows that no graph should have to meet: the right answer, or an error that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import onefold

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

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
          TABLE
          occurred_at_col: ts
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: device, type: device, entity: user}
    models:
      - name: graph
        model_type: id_stitcher
        model_spec: {entity_key: user, edge_sources: [{from: inputs/logins}]}
"""


def made(tiny: MakeTiny, rows: str, table: str = "table: raw.main.logins", **files: str) -> Tiny:
    sql = f"CREATE TABLE logins AS {rows}"
    return tiny(sql, {"pb_project.yaml": PROJECT, "models/models.yaml": MODELS.replace("TABLE", table), **files})


def counts(shop: Tiny, **options: Any) -> tuple[int, int]:
    """Profiles and ids."""
    shop.run(**options)
    return tuple(shop.rows("SELECT COUNT(DISTINCT user_main_id), COUNT(*) FROM GRAPH")[0])


TIME = "TIMESTAMP '2026-01-01' AS ts"


def test_no_ids_at_all(tiny: MakeTiny) -> None:
    """Null and blank ids everywhere: an empty graph, and a warning that says so."""
    shop = made(
        tiny, f"SELECT CASE WHEN i % 2 = 0 THEN '' END AS user_id, NULL::TEXT AS device, {TIME} FROM range(100) r(i)"
    )

    assert counts(shop) == (0, 0)
    assert [n.code for n in shop.run(rebase_incremental=True).notes] == ["no-ids"]


def test_one_id_on_every_row(tiny: MakeTiny) -> None:
    """One id on every row takes all into one profile, which is what the rows say."""
    shop = made(tiny, f"SELECT 'shop' AS user_id, 'd' || i AS device, {TIME} FROM range(5000) r(i)")

    assert counts(shop) == (1, 5001)
    assert shop.rows("SELECT COUNT(*), SUM(row_count) FROM GRAPH_EDGES") == [(5000, 5000)]


def test_one_long_chain(tiny: MakeTiny) -> None:
    """A chain of thousands is one profile, however long."""
    shop = made(
        tiny,
        "SELECT 'u' || ((i + 1) // 2) AS user_id, 'd' || (i // 2) AS device, "
        "TIMESTAMP '2026-01-01' + INTERVAL 1 SECOND * i AS ts FROM range(6000) r(i)",
    )

    assert counts(shop)[0] == 1
    assert shop.rows("SELECT MAX(valid_at) = MAX(first_seen_at) FROM GRAPH") == [(True,)]


def test_many_singletons_and_many_doubles(tiny: MakeTiny) -> None:
    """Rows that repeat by the thousand are one link; rows with one id are profiles of one."""
    shop = made(
        tiny,
        f"SELECT 'u' || (i % 3) AS user_id, 'd' || (i % 3) AS device, {TIME} FROM range(30000) r(i) "
        f"UNION ALL SELECT 's' || i, NULL, NULL FROM range(3000) r(i)",
    )

    assert counts(shop) == (3003, 3006)
    assert shop.rows("SELECT DISTINCT row_count FROM GRAPH_EDGES") == [(10000,)]


def test_long_ids_of_any_alphabet(tiny: MakeTiny) -> None:
    """Ids of a megabyte and of every alphabet are ids, to the letter: case, accents and blanks around them count."""
    shop = made(
        tiny,
        f"SELECT repeat('x', 1000000) AS user_id, 'É' AS device, {TIME} "
        f"UNION ALL SELECT repeat('x', 1000000) || 'y', 'é', {TIME} "
        f"UNION ALL SELECT '漢字', ' é', {TIME} UNION ALL SELECT '🙂', 'É', {TIME}",
    )

    assert counts(shop) == (3, 7)
    assert shop.rows("SELECT MAX(LENGTH(other_id)) FROM GRAPH") == [(1_000_001,)]


def test_times_far_away(tiny: MakeTiny) -> None:
    """Times before 1970, and after 2200 where the run reaches that far, are kept to the microsecond."""
    shop = made(
        tiny,
        "SELECT 'u' AS user_id, 'd1' AS device, TIMESTAMP '1901-12-31 23:59:59.999999' AS ts "
        "UNION ALL SELECT 'u', 'd2', TIMESTAMP '2201-05-05 00:00:00.000001' "
        "UNION ALL SELECT 'u', 'd3', NULL UNION ALL SELECT 'v', 'd4', TIMESTAMP '290000-01-01 00:00:00'",
    )

    assert counts(shop, end_time="2300-01-01") == (1, 4)
    shown = (
        "SELECT other_id, TO_CHAR(valid_at, 'YYYY-MM-DD HH24:MI:SS.FF6') FROM GRAPH WHERE other_id LIKE 'd%' ORDER BY 1"
    )
    assert shop.rows(shown) == [
        ("d1", "1901-12-31 23:59:59.999999"),
        ("d2", "2201-05-05 00:00:00.000001"),
        ("d3", None),
    ]
    graph = shop.run(end_time="2300-01-01").step("models/graph").graph
    assert graph is not None
    assert (graph.days, graph.days_read) == (3, 0)


def test_times_with_zones(tiny: MakeTiny) -> None:
    """Times with zones are moments: the same one, however it is written, is the same."""
    shop = made(
        tiny,
        "SELECT 'u' AS user_id, 'd1' AS device, TIMESTAMPTZ '2026-01-01 00:30:00+02' AS ts "
        "UNION ALL SELECT 'u', 'd1', TIMESTAMPTZ '2025-12-31 22:30:00+00' "
        "UNION ALL SELECT 'u', 'd2', TIMESTAMPTZ '2025-12-31 12:30:00-10'",
    )

    assert counts(shop) == (1, 3)
    seen = "SELECT COUNT(DISTINCT first_seen_at), MIN(CAST(first_seen_at AS TEXT)), MAX(row_count) FROM GRAPH_EDGES"
    assert shop.rows(seen) == [(1, "2025-12-31 22:30:00.000", 2)]


def test_a_file_that_is_no_text(tiny: MakeTiny) -> None:
    """A CSV file with bytes that are no UTF-8 is refused before anything runs, by its name and with what to do."""
    shop = made(tiny, f"SELECT 1 AS x, {TIME}", table="csv: logins.csv")
    (shop.folder / "logins.csv").write_bytes(b"user_id,device,ts\nu1,d1,2026-01-01\nu\xff2,d2,2026-01-01\n")

    with pytest.raises(onefold.OnefoldError) as failed:
        shop.run()

    finding = failed.value.findings[0]
    assert finding.where is not None
    assert finding.hint
    assert "utf-8" in str(finding.message).lower() or "unicode" in str(finding.message).lower()


def test_a_file_that_is_no_text_far_below(tiny: MakeTiny) -> None:
    """The place is told as well where the first rows of the file can be read, and only comparing them all fails."""
    shop = made(tiny, f"SELECT 1 AS x, {TIME}", table="csv: logins.csv\n          row_identifier: [user_id]")
    rows = b"".join(b"u%d,d1,2026-01-01\n" % number for number in range(200_000))
    (shop.folder / "logins.csv").write_bytes(b"user_id,device,ts\n" + rows + b"u\xff,d2,2026-01-01\n")

    with pytest.raises(onefold.OnefoldError) as failed:
        shop.run()

    finding = failed.value.findings[0]
    assert str(finding.where).startswith("models/models.yaml:")
    assert "logins.csv, line 200002" in finding.message


def test_numbers_and_dates_as_ids(tiny: MakeTiny) -> None:
    """Ids that are no texts are their texts (format A1)."""
    shop = made(tiny, f"SELECT i AS user_id, DATE '2026-01-01' + i::INT AS device, {TIME} FROM range(3) r(i)")

    assert counts(shop) == (3, 6)
    assert shop.rows("SELECT other_id FROM GRAPH ORDER BY 1 LIMIT 2") == [("0",), ("1",)]
