"""Projects in the SQL of each warehouse that the format is written for, with what their authors commonly write."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.corpus.shop import INPUTS, Project

VARS = """
- entity_var: {name: last_order, select: max(placed_at), from: inputs/orders}
- entity_var: {name: days_since, select: '{{macro_datediff("{{user.last_order}}")}}'}
- entity_var: {name: recent, select: count(*), from: inputs/orders, where: "{{macro_datediff_n('placed_at', '250')}}", default_value: 0}
- entity_var: {name: spent, select: sum(amount), from: inputs/orders, column_data_type: "{{warehouse.DataType('float')}}"}
- entity_var:
    name: last_country
    select: last_value(country)
    from: inputs/orders
    window:
      order_by: [placed_at asc]
      frame_clause: ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
"""
ASKS: dict[str, list[Any]] = {
    "days_since, recent, spent, last_country": [(243, 2, 50.0, "FR"), (258, 0, 100.0, "US")],
}
DAY = dt.datetime(2026, 3, 2), dt.datetime(2026, 2, 15)  # noqa: DTZ001


def of(dialect: str, own: dict[str, tuple[str, list[Any]]], body: str, inputs: str = INPUTS) -> Project:
    """A project of an author dialect.

    Args:
        dialect: Its name in ``onefold.yaml``.
        own: Select of a var over orders, and its values, by its name.
        body: A query for a SQL model with the columns ``user_id`` and ``n``.
        inputs: The inputs.
    """
    lines = [
        f"- entity_var:\n    name: {name}\n    select: {select}\n    from: inputs/orders"
        for name, (select, _) in own.items()
    ]
    model = f"""
- name: shaped
  model_type: sql_template
  model_spec:
    materialization: {{output_type: table}}
    single_sql: |
      {body}
    ids: [{{select: user_id, type: user_id, entity: user}}]
"""
    shaped = "- entity_var: {name: shaped, select: sum(n), from: models/shaped}\n"
    asks: dict[str, list[Any]] = {**ASKS, "shaped": [2, 1]}
    asks |= {name: values for name, (_, values) in own.items()}
    return Project(dialect, VARS + shaped + "\n".join(lines), asks, model, {"models/inputs.yaml": inputs}, dialect)


ORDERS = "{{this.DeRef('inputs/orders')}}"

DIALECTS = {
    "snowflake": of(
        "snowflake",
        {
            "countries": ("array_size(array_agg(distinct country))", [2, 1]),
            "listed": ("listagg(distinct country, ',') within group (order by country)", ["DE,FR", "US"]),
            "paid": ("sum(iff(status = 'paid', amount, 0))", [42.5, 100.0]),
            "coupons": ("count_if(coupon is not null)", [1, 0]),
            "last_day": ("date_trunc('day', max(placed_at))", list(DAY)),
            "next_week": ("dateadd(day, 7, max(placed_at))::date", [dt.date(2026, 3, 9), dt.date(2026, 2, 22)]),
            "hours": ("datediff('hour', min(placed_at), max(placed_at))", [1224, 0]),
            "zero": ("zeroifnull(sum(case when country = 'XX' then amount end))", [0, 0]),
            "some": ("max(nvl2(coupon, 'yes', 'no'))", ["yes", "no"]),
            "most": ("max_by(country, amount)", ["DE", "US"]),
            "text": ("to_varchar(max(placed_at), 'YYYY-MM-DD')", ["2026-03-02", "2026-02-15"]),
            "is_eu": ("boolor_agg(country ilike 'd%')", [True, False]),
        },
        f"SELECT user_id, 1 AS n FROM {ORDERS} QUALIFY ROW_NUMBER() OVER (PARTITION BY user_id, order_id ORDER BY placed_at) = 1",
    ),
    "bigquery": of(
        "bigquery",
        {
            "countries": ("array_length(array_agg(distinct country ignore nulls))", [2, 1]),
            "listed": ("string_agg(distinct country, ',' order by country)", ["DE,FR", "US"]),
            "paid": ("sum(if(status = 'paid', amount, 0))", [42.5, 100.0]),
            "coupons": ("countif(coupon is not null)", [1, 0]),
            "last_day": ("timestamp_trunc(max(placed_at), day)", list(DAY)),
            "next_week": (
                "date_add(date(max(placed_at)), interval 7 day)",
                [dt.date(2026, 3, 9), dt.date(2026, 2, 22)],
            ),
            "hours": ("timestamp_diff(max(placed_at), min(placed_at), hour)", [1224, 0]),
            "zero": ("ifnull(sum(case when country = 'XX' then amount end), 0)", [0, 0]),
            "number": ("safe_cast(max(coupon) as int64)", [None, None]),
            "some": ("any_value(status)", ["paid", "paid"]),
            "text": ("format_date('%Y-%m-%d', date(max(placed_at)))", ["2026-03-02", "2026-02-15"]),
            "is_eu": ("logical_or(regexp_contains(country, r'^D'))", [True, False]),
            "ratio": ("safe_divide(sum(amount), count(*) - count(*))", [None, None]),
        },
        f"SELECT user_id, 1 AS n FROM {ORDERS} WHERE user_id IS NOT NULL "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY placed_at DESC) = 1",
        INPUTS.replace("raw.main.orders", "'`raw.main.orders`'"),
    ),
    "redshift": of(
        "redshift",
        {
            "listed": ("listagg(distinct country, ',') within group (order by country)", ["DE,FR", "US"]),
            "paid": ("sum(case when status = 'paid' then amount else 0 end)", [42.5, 100.0]),
            "last_day": ("date_trunc('day', max(placed_at))", list(DAY)),
            "next_week": ("dateadd(day, 7, max(placed_at))::date", [dt.date(2026, 3, 9), dt.date(2026, 2, 22)]),
            "hours": ("datediff(hour, min(placed_at), max(placed_at))", [1224, 0]),
            "zero": ("nvl(sum(case when country = 'XX' then amount end), 0)", [0, 0]),
            "whole": ("sum(amount)::bigint", [50, 100]),
            "text": ("to_char(max(placed_at), 'YYYY-MM-DD')", ["2026-03-02", "2026-02-15"]),
            "chars": ("max(len(status))", [8, 4]),
            "joined": ("max(status || '/' || country)", ["refunded/FR", "paid/US"]),
            "is_eu": ("bool_or(country ilike 'd%')", [True, False]),
            "middle": ("median(amount)", [12.0, 100.0]),
        },
        f"SELECT user_id, COUNT(*) AS n FROM {ORDERS} WHERE placed_at > '2026-01-01'::timestamp GROUP BY user_id",
    ),
    "databricks": of(
        "databricks",
        {
            "countries": ("size(collect_set(country))", [2, 1]),
            "listed": ("array_join(array_sort(collect_set(country)), ',')", ["DE,FR", "US"]),
            "paid": ("sum(if(status = 'paid', amount, 0))", [42.5, 100.0]),
            "coupons": ("count_if(coupon is not null)", [1, 0]),
            "last_day": ("date_trunc('day', max(placed_at))", list(DAY)),
            "next_week": ("date_add(max(placed_at), 7)", [dt.date(2026, 3, 9), dt.date(2026, 2, 22)]),
            "zero": ("nvl(sum(case when country = 'XX' then amount end), 0)", [0, 0]),
            "number": ("try_cast(max(coupon) as int)", [None, None]),
            "some": ("any_value(status)", ["paid", "paid"]),
            "text": ("date_format(max(placed_at), 'yyyy-MM-dd')", ["2026-03-02", "2026-02-15"]),
            "most": ("max_by(country, amount)", ["DE", "US"]),
            "is_eu": ("bool_or(country rlike '^D')", [True, False]),
        },
        f"SELECT user_id, COUNT(*) AS n FROM {ORDERS} GROUP BY user_id",
        INPUTS.replace("raw.main.orders", "'`raw`.`main`.`orders`'"),
    ),
    "postgres": of(
        "postgres",
        {
            "countries": ("cardinality(array_agg(distinct country))", [2, 1]),
            "listed": ("string_agg(distinct country, ',' order by country)", ["DE,FR", "US"]),
            "paid": ("sum(amount) filter (where status = 'paid')", [42.5, 100.0]),
            "last_day": ("date_trunc('day', max(placed_at))", list(DAY)),
            "next_week": ("(max(placed_at) + interval '7 days')::date", [dt.date(2026, 3, 9), dt.date(2026, 2, 22)]),
            "hours": ("(extract(epoch from max(placed_at) - min(placed_at)) / 3600)::int", [1224, 0]),
            "zero": ("coalesce(sum(case when country = 'XX' then amount end), 0)", [0, 0]),
            "text": ("to_char(max(placed_at), 'YYYY-MM-DD')", ["2026-03-02", "2026-02-15"]),
            "middle": ("percentile_cont(0.5) within group (order by amount)", [12.0, 100.0]),
            "is_eu": ("bool_or(country ~ '^D')", [True, False]),
            "newest": ("(array_agg(country order by placed_at desc))[1]", ["FR", "US"]),
        },
        f"SELECT user_id, COUNT(*) AS n FROM {ORDERS} GROUP BY user_id",
    ),
}
