"""Projects of the parity suite with time grains of several kinds, over rows that join profiles within the periods."""

from __future__ import annotations

from tests.parity.cases import LINKED, OWN_STITCHER, cohort, grained, models
from tests.parity.harness import FILE, Case

JOINING = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', 'a@x', 1,   'web', TIMESTAMP '2026-01-01 10:00:00'),
        ('u2', 'c@x', 2,   'web', TIMESTAMP '2026-01-02 10:00:00'),
        ('u3', 'd@x', 4,   'web', TIMESTAMP '2026-01-03 10:00:00'),
        ('u5', 'e@x', 3,   'web', TIMESTAMP '2026-01-03 11:00:00'),
        ('u3', 'd@x', 8,   'web', TIMESTAMP '2026-01-05 10:00:00'),
        ('u1', 'c@x', 16,  'web', TIMESTAMP '2026-01-05 10:00:00'),
        ('u4', 'w@x', 32,  'web', TIMESTAMP '2026-01-05 12:00:00'),
        ('u1', 'a@x', 64,  'web', TIMESTAMP '2026-01-06 10:00:00'),
        ('u3', 'e@x', 128, 'web', TIMESTAMP '2026-01-06 11:00:00'),
        ('u9', 'z@x', 256, 'web', TIMESTAMP '2026-01-06 12:00:00')
    ) v(user_id, email, amount, shop, ts);
"""
"""Two profiles become one within the week, two others within the day; one is new in the week, one in the day."""
AT = ("2026-01-06T15:00:00Z",)
PROJECT = FILE + "default_time_grain: tick\n"
NOW = "name: now, select: SUM(amount), from: inputs/orders"


def total(name: str) -> str:
    """A var that sums the rows that it sees."""
    return NOW.replace("now", name)


def plus(name: str, used: str) -> str:
    """A var that shows the value of another one."""
    return f"name: {name}, select: '{{{{user.{used}}}}} + 1000'"


def rows_where(name: str, used: str) -> str:
    """A var that counts rows, and shows the value of another one by which it chooses them."""
    return (
        f"name: {name}, select: 'MIN({{{{user.{used}}}}}) + 1000 * COUNT(*)', from: inputs/orders, "
        f"where: '{{{{user.{used}}}}} > 0'"
    )


def group(grain: str, *vars_: str, cohort_of: str | None = None) -> str:
    """A var group with a grain, of all or of a cohort."""
    made = grained(grain, *vars_).replace("grained", f"of_{grain}{cohort_of or ''}")
    return made if cohort_of is None else made.replace("entity_key: user", f"entity_cohort: models/{cohort_of}")


def large_orders(name: str, grain: str, reads: str = "inputs/orders") -> str:
    """An entry of ``models``: a SQL model with a time grain."""
    return (
        f"      - name: {name}\n        model_type: sql_template\n        model_spec:\n          time_grain: {grain}\n"
        "          materialization: {output_type: table}\n"
        f"          single_sql: \"SELECT user_id, email, amount, ts FROM {{{{this.DeRef('{reads}')}}}}\"\n"
        "          ids: [{select: user_id, type: user_id, entity: user}]\n"
    )


def of(
    *groups: str,
    more: str = "",
    project: str = PROJECT,
    runs: tuple[str, ...] = AT,
    flags: tuple[str, ...] = (),
    says: str,
) -> Case:
    """A project over the joining rows."""
    return Case(says, JOINING, models(NOW, more="".join(groups) + more), project, runs=runs, flags=flags)


OF_DAY = group("day", total("d"), plus("d_of_now", "now"), plus("d_of_w", "w"), rows_where("d_where_w", "w"))
OF_WEEK = group("week", total("w"), plus("w_of_d", "d"), rows_where("w_where_now", "now"))

MIXED_GRAINS = {
    "vars_of_two_grains": of(
        OF_DAY,
        OF_WEEK,
        group("tick", plus("now_of_d", "d"), rows_where("now_where_w", "w")),
        says="vars with a grain are those of the profiles of then, and so is what they use; the coarser grain counts",
    ),
    "var_of_a_grain_and_later_profiles": of(
        group("day", "name: one, select: '1'", total("d") + ", default_value: 0"),
        says="a profile that came later has no value, whatever the default",
    ),
    "vars_over_models_of_grains": of(
        group("day", "name: d, select: SUM(amount), from: models/weekly"),
        group("week", "name: w, select: SUM(amount), from: models/daily"),
        group("tick", "name: n, select: SUM(amount), from: models/weekly", "name: m, select: SUM(amount), from: models/both"),
        more="    models:\n"
        + large_orders("weekly", "week")
        + large_orders("daily", "day")
        + large_orders("both", "tick", "models/weekly"),
        says="a var over a SQL model with a coarser grain has that grain",
    ),
    "vars_of_a_grain_in_cohorts": of(
        group("day", total("d")),
        group("day", total("cd"), "name: ce, select: '{{buyers.now}} + 1000'", cohort_of="buyers"),
        group("week", total("cw"), cohort_of="daily"),
        more="    models:\n"
        + cohort("buyers", "+{{user.d}} > 12")
        + cohort("daily", "+{{user.d}} > 0", more="          time_grain: day\n")
        + cohort("weekly", "+{{user.d}} > 0", more="          time_grain: week\n"),
        says="vars of cohorts may have grains, and cohorts with a grain see vars of another",
    ),
    "vars_of_a_grain_over_the_stitcher": of(
        group("day", "name: ids, select: COUNT(*), from: models/user_graph"),
        more=OWN_STITCHER,
        project=LINKED + "default_time_grain: tick\n",
        runs=("2026-01-05T15:00:00Z", *AT),
        says="a var over the stitcher with a grain counts the ids of then, in later runs too",
    ),
    "grain_before_version_87": of(
        group("week", total("w")),
        project=FILE.replace("schema_version: 99", "schema_version: 86"),
        flags=("--migrate_on_load",),
        says="an old project with a time grain has a default one, and so ends with the last day",
    ),
}  # fmt: skip
