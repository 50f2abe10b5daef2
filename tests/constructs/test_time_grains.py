"""Time grains (format B4.9). That rows are those of the reference is the parity suite's to show."""

from __future__ import annotations

from datetime import UTC, datetime
from textwrap import dedent
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

import onefold
from onefold.plan.grains import ORDER, began
from onefold.project.load import load_project
from onefold.project.migrate import migrated

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    DEFAULT
    entities: [{name: user, id_types: [user_id]}]
    id_types: [{name: user_id}]
"""

MODELS = """
    inputs:
      - name: orders
        app_defaults:
          table: raw.main.orders
          occurred_at_col: ts
          ids: [{select: user_id, type: user_id, entity: user}]
    var_groups:
      - name: vars
        entity_key: user
        vars:
          - entity_var: {name: n, select: COUNT(*), from: inputs/orders}
          - entity_var: {name: n_of_day, select: COUNT(*), from: inputs/orders, time_grain: day}
          MORE
"""
ORDERS = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', TIMESTAMP '2026-10-30 10:00:00'), ('u1', TIMESTAMP '2026-10-31 10:00:00'),
        ('u2', TIMESTAMP '2026-10-31 11:00:00')
    ) v(user_id, ts);
"""


def shop_of(tiny: MakeTiny, more: str = "", default: str = "default_time_grain: tick") -> Tiny:
    file = PROJECT.replace("DEFAULT", default)
    return tiny(ORDERS, {"pb_project.yaml": file, "models/all.yaml": MODELS.replace("MORE", more)})


def test_new_members(tiny: MakeTiny) -> None:
    """A profile that came after the period began has no value yet."""
    shop = shop_of(tiny)

    shop.run(end_time="2026-10-31T12:00:00Z")

    assert sorted(shop.rows("SELECT n, n_of_day FROM USER_FEATURE_VIEW"), key=str) == [(1, None), (2, 1)]


def test_same_period_same_values(tiny: MakeTiny) -> None:
    """Within a period the value stays, also when the run's end moves on."""
    shop = shop_of(tiny)
    found = []
    for end in ("2026-10-31T00:30:00Z", "2026-10-31T10:30:00Z"):
        shop.run(end_time=end)
        found.append(shop.rows("SELECT SUM(n_of_day) FROM USER_FEATURE_VIEW"))

    assert found == [[(1,)], [(1,)]]


@pytest.mark.parametrize(
    ("more", "default", "said"),
    [
        ("", "", "requires a default_time_grain"),
        ("", "default_time_grain: week", "is finer than default_time_grain"),
    ],
)
def test_refused(tiny: MakeTiny, more: str, default: str, said: str) -> None:
    """What grains cannot mean is said with its place."""
    with pytest.raises(onefold.ProjectError, match=said):
        shop_of(tiny, more, default).run()


@pytest.mark.parametrize(
    ("var", "found"),
    [
        ("select: '{{user.n}} + 10', time_grain: day", [11, None]),
        ("select: '{{user.n_of_day}} + 10', time_grain: week", [None, None]),
        ("select: '{{user.n_of_day}} + 10'", [11, None]),
        ("select: COUNT(*), from: models/user_default_id_stitcher, time_grain: day", [1, None]),
        ("select: COUNT(*), from: inputs/orders, where: '{{user.n}} > 1', time_grain: day", [None, None]),
        ("select: COUNT(*), from: inputs/orders, default_value: 0, time_grain: day", [1, None]),
        ("select: COUNT(*), from: models/all_orders", [None, None]),
    ],
)
def test_what_a_var_sees(tiny: MakeTiny, var: str, found: list[int | None]) -> None:
    """What a var with a grain uses is as of then, of the profiles of then; so is what a model with a grain gives."""
    shop = shop_of(tiny, f"- entity_var: {{name: x, {var}}}")
    (shop.folder / "models/more.yaml").write_text(dedent(OF_WEEK))

    shop.run(end_time="2026-10-31T12:00:00Z")

    assert [row[0] for row in shop.rows("SELECT x FROM USER_FEATURE_VIEW ORDER BY n DESC")] == found


OF_WEEK = """
    models:
      - name: all_orders
        model_type: sql_template
        model_spec:
          time_grain: week
          single_sql: SELECT * FROM {{this.DeRef('inputs/orders')}} WHERE ts > '2026-10-27'
          ids: [{select: user_id, type: user_id, entity: user}]
"""


def test_what_had_no_rows_then_is_told_by_its_name(tiny: MakeTiny) -> None:
    """Warnings about what was empty when a period began say so, and name models as their author does."""
    shop = shop_of(tiny, "- entity_var: {name: x, select: COUNT(*), from: models/all_orders}")
    (shop.folder / "models/more.yaml").write_text(dedent(OF_WEEK))

    told = {note.message for note in shop.run(end_time="2026-10-31T12:00:00Z").notes}

    assert told >= {
        f"{name}, as of the beginning of the week, has no ids: all are null, blank or excluded by a filter"
        for name in ("inputs/orders", "models/all_orders")
    }
    assert not [line for line in told if "@" in line]


def test_an_input_that_had_no_rows_then_is_told(tiny: MakeTiny) -> None:
    """That an input was empty when a period began is no claim about the rows of today."""
    shop = shop_of(tiny, "- entity_var: {name: x, select: COUNT(*), from: inputs/orders, time_grain: year}")

    told = [note.message for note in shop.run(end_time="2026-10-31T12:00:00Z").notes if note.code == "empty-source"]

    assert told == ["raw.main.orders had no rows at the beginning of the year"]


def test_only_what_is_asked_for_is_made_as_of_then(tiny: MakeTiny) -> None:
    """As of then there are the vars with the grain and what they use, and no views."""
    shop = shop_of(tiny, "- entity_var: {name: x, select: '{{user.n}} + 1', time_grain: day}")
    (shop.folder / "models/more.yaml").write_text(
        "var_groups: [{name: rest, entity_key: user, vars: [{entity_var: {name: y, select: MAX(ts), from: inputs/orders}}]}]"
    )

    shop.run(end_time="2026-10-31T12:00:00Z")

    names = {name for (name,) in shop.rows("SELECT table_name FROM information_schema.tables")}
    (then,) = [n for n in names if n.startswith("Material_user_var_table_at_day")]
    asked = f"SELECT column_name FROM information_schema.columns WHERE table_name = '{then}'"
    assert {"n", "n_of_day", "x"} == {name for (name,) in shop.rows(asked)} & {"n", "n_of_day", "x", "y"}
    assert not [n for n in names if "feature_view" in n.lower() and "at_day" in n]


@pytest.mark.parametrize(
    ("version", "grains", "default"),
    [
        (86, {"day"}, "day"),
        (86, {"week"}, "day"),
        (34, {"year", "10minutes"}, "10minutes"),
        (86, {"tick"}, "tick"),
        (86, set(), None),
        (87, {"day"}, None),
    ],
)
@pytest.mark.parametrize("given", [None, "hour"])
def test_the_default_grain_of_old_projects(
    tiny: MakeTiny, version: int, grains: set[str], default: str | None, given: str | None
) -> None:
    """Before schema version 87 the default is the finest grain used, a day at the coarsest; migrating writes it."""
    shop = shop_of(tiny, "", f"default_time_grain: {given}" if given else "# none")
    for name, old, new in (("pb_project.yaml", ": 99", f": {version}"), ("models/all.yaml", ", time_grain: day", "")):
        path = shop.folder / name
        path.write_text(path.read_text().replace(old, new))
    vars_ = [f"{{entity_var: {{name: a{g}, select: '1', time_grain: {g}}}}}" for g in sorted(grains)]
    if vars_:
        (shop.folder / "models/more.yml").write_text(
            f"var_groups: [{{name: more, entity_key: user, vars: [{', '.join(vars_)}]}}]"
        )

    expected = given or default
    if version < 87 or given:
        assert load_project(shop.folder).file.default_time_grain == expected
    written = {f.file: f.content.decode() for f in migrated(shop.folder)}["pb_project.yaml"]
    assert [line for line in written.splitlines() if "default_time_grain" in line] == (
        [f"default_time_grain: {expected}"] if expected else []
    )
    (shop.folder / "pb_project.yaml").write_text(written)
    assert not migrated(shop.folder)


COHORT = """
    models:
      - name: busy
        model_type: entity_cohort
        model_spec: {extends: user/all, time_grain: day, filter_pipeline: [{type: include, value: "{{user.n}} > 0"}]}
      - name: very_busy
        model_type: entity_cohort
        model_spec: {extends: models/busy, GRAIN filter_pipeline: [{type: include, value: "{{busy.n}} > 0"}]}
"""


def test_cohort_of_a_cohort_with_a_grain(tiny: MakeTiny) -> None:
    """Profiles of then are not cut by filters of now: the second cohort needs the grain of the first."""
    with pytest.raises(onefold.ProjectError, match="set the same time_grain as models/busy"):
        shop_with(tiny, COHORT.replace("GRAIN", "")).run()


def test_both_with_the_grain(tiny: MakeTiny) -> None:
    """With the same grain, both are of then, whatever happens later in the period."""
    shop = shop_with(tiny, COHORT.replace("GRAIN", "time_grain: day,"))

    shop.run(end_time="2026-10-31T12:00:00Z")

    assert shop.rows("SELECT COUNT(*) FROM USER_VERY_BUSY") == [(1,)]
    assert shop.rows("SELECT n FROM VERY_BUSY_FEATURE_VIEW") == [(1,)]
    assert shop.rows("SELECT COUNT(*) FROM USER_ALL") == [(2,)]


def test_main_ids_of_then_are_the_published_ones(tiny: MakeTiny) -> None:
    """A profile that keeps its main id, though an earlier id joined it, keeps it in a cohort with a grain too."""
    shop = shop_with(tiny, COHORT.replace("GRAIN", "time_grain: day,"))
    for name, old, new in (
        ("pb_project.yaml", "[user_id]", "[user_id, email]"),
        ("pb_project.yaml", "{name: user_id}", "{name: user_id}, {name: email}"),
        ("models/all.yaml", "entity: user}]", "entity: user}, {select: email, type: email, entity: user}]"),
    ):
        path = shop.folder / name
        path.write_text(path.read_text().replace(old, new, 1))
    with duckdb.connect(str(shop.folder / "raw.duckdb")) as connection:
        connection.execute("ALTER TABLE orders ADD COLUMN email VARCHAR")
    shop.run(end_time="2026-10-31T12:00:00Z")
    with duckdb.connect(str(shop.folder / "raw.duckdb")) as connection:
        connection.execute("INSERT INTO orders VALUES ('u1', TIMESTAMP '2026-01-01', 'early@x')")

    shop.run(end_time="2026-11-01T12:00:00Z")

    assert shop.rows("SELECT COUNT(*) FROM USER_BUSY SEMI JOIN USER_ALL USING (user_main_id)") == [(2,)]


def test_a_finished_run_is_resumed_whole(tiny: MakeTiny) -> None:
    """What a run has finished as of then is not made again when it is resumed."""
    shop = shop_with(tiny, COHORT.replace("GRAIN", "time_grain: day,"))
    shop.run(end_time="2026-10-31T12:00:00Z")
    second = shop.run(end_time="2026-11-01T12:00:00Z")

    resumed = shop.run(seq_no=second.seq_no, end_time=None)

    assert [s.step.ref for s in resumed.steps if not s.is_reused] == []


def test_lookup_beside_a_cohort_with_a_grain(tiny: MakeTiny) -> None:
    """An id is looked up among the profiles of now."""
    shop = shop_with(tiny, COHORT.replace("GRAIN", "time_grain: day,"))

    shop.run(end_time="2026-10-31T12:00:00Z")

    assert onefold.load(shop.folder).lookup("user", "u2")[0]["features"]["n"] == 1


def shop_with(tiny: MakeTiny, models: str) -> Tiny:
    shop = shop_of(tiny)
    (shop.folder / "models/cohorts.yaml").write_text(dedent(models))
    return shop


@given(st.datetimes(datetime(2000, 1, 10), datetime(2100, 1, 1)), st.sampled_from(ORDER[1:]))  # noqa: DTZ001 - given UTC below
def test_periods(moment: datetime, grain: str) -> None:
    """A period begins before its moments, at a whole ten minutes, and a coarser one begins no later."""
    moment = moment.replace(tzinfo=UTC)
    start = began(moment, grain)

    assert start <= moment
    assert (start.minute % 10, start.second, start.microsecond) == (0, 0, 0)
    assert began(start, grain) == start
    for coarser in ORDER[ORDER.index(grain) :]:
        assert began(moment, coarser) <= start
