"""The shop that the projects of the corpus read, and what a project of the corpus is.

Two people and what they left behind, small enough to work out every answer by hand:

    Ada    u1; browsers d1, d2; ada@home.org; three orders, of 30.50 and 12.00 in DE and 7.50 (refunded) in FR
    Ben    u2; browser d3; ben@work.org; one order of 100.00 in US
    and browsers d4 (with the address of a tester) and d5, which belong to nobody known
"""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent, indent
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES = """
    CREATE TABLE identifies AS SELECT * FROM (VALUES
        ('d1', 'u1', 'Ada@Home.org',  'newsletter', TIMESTAMP '2026-01-01 10:00:00'),
        ('d2', 'u1', NULL,            NULL,         TIMESTAMP '2026-01-05 10:00:00'),
        ('d3', 'u2', 'ben@work.org',  'search',     TIMESTAMP '2026-02-01 09:00:00'),
        ('d4', NULL, 'test@shop.org', 'search',     TIMESTAMP '2026-02-02 09:00:00'),
        ('d5', NULL, NULL,            NULL,         TIMESTAMP '2026-02-03 09:00:00')
    ) v(anonymous_id, user_id, email, campaign, timestamp);
    CREATE TABLE orders AS SELECT * FROM (VALUES
        (1, 'u1', NULL,           30.50::DECIMAL(10, 2), 'paid',     'DE', 'SAVE10', TIMESTAMP '2026-01-10 12:00:00'),
        (2, 'u1', NULL,           12.00,                 'paid',     'DE', NULL,     TIMESTAMP '2026-03-01 12:00:00'),
        (3, NULL, 'ada@home.org',  7.50,                 'refunded', 'FR', NULL,     TIMESTAMP '2026-03-02 12:00:00'),
        (4, 'u2', NULL,          100.00,                 'paid',     'US', NULL,     TIMESTAMP '2026-02-15 08:00:00')
    ) v(order_id, user_id, email, amount, status, country, coupon, placed_at);
"""

PROJECT = """
    name: shop
    schema_version: 69
    connection: local
    model_folders: [models]
    entities:
      - name: user
        id_stitcher: models/user_id_graph
        id_types: [user_id, anonymous_id, email]
        feature_views:
          using_ids: [{id: user_id, name: by_user}]
    id_types:
      - name: user_id
      - name: anonymous_id
      - name: email
        filters:
          - {type: include, regex: ".+@.+"}
          - {type: exclude, value: "test@shop.org"}
"""

INPUTS = """
    inputs:
      - name: rsIdentifies
        contract:
          is_optional: false
          is_event_stream: true
          with_entity_ids: [user]
          with_columns: [{name: timestamp}, {name: user_id}, {name: anonymous_id}, {name: email}]
        app_defaults:
          table: raw.main.identifies
          occurred_at_col: timestamp
          ids:
            - {select: user_id, type: user_id, entity: user, to_default_stitcher: true}
            - {select: anonymous_id, type: anonymous_id, entity: user, to_default_stitcher: true}
            - {select: lower(email), type: email, entity: user, to_default_stitcher: true}
      - name: orders
        app_defaults:
          table: raw.main.orders
          occurred_at_col: placed_at
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: lower(email), type: email, entity: user}
"""

GRAPH = """
    models:
      - name: user_id_graph
        model_type: id_stitcher
        model_spec:
          validity_time: 24h
          entity_key: user
          edge_sources:
            - from: inputs/rsIdentifies
            - from: inputs/orders
"""

MACROS = """
    macros:
      - name: macro_datediff
        inputs: [column]
        value: |
          {% if warehouse.DatabaseType() == "bigquery" %}
            {% if !(end_time|isnil) %} date_diff(date('{{end_time.Format("2006-01-02 15:04:05")}}'), date({{column}}), day)
            {% else %} date_diff(current_date(), date({{column}}), day) {% endif %}
          {% elif warehouse.DatabaseType() == "databricks" %}
            datediff(date('{{end_time.Format("2006-01-02 15:04:05")}}'), date({{column}}))
          {% elif warehouse.DatabaseType() == "postgres" %}
            (date '{{end_time.Format("2006-01-02")}}' - ({{column}})::date)
          {% else %}
            {% if !(end_time|isnil) %} datediff(day, date({{column}}), date('{{end_time.Format("2006-01-02 15:04:05")}}'))
            {% else %} datediff(day, date({{column}}), getdate()) {% endif %}
          {% endif %}
      - name: macro_datediff_n
        inputs: [column, days]
        value: "{{ macro_datediff(column) }} <= {{ days }}"
"""


@dataclass(frozen=True)
class Project:
    """One project of the corpus.

    Attributes:
        row: Which row of the frequency tables of format B11 and B5.4 it stands for.
        vars: Entity vars (or entries of any kind, from a dash on), as YAML; a var group is put around them.
        asks: Rows by question. ``x`` alone stands for ``SELECT x FROM BY_USER ORDER BY user_id``.
        models: Models beside the stitcher, as YAML entries.
        files: More files, or others in place of those above.
        dialect: Of the author.
        notes: Codes of the notes that a run gives, beside those of old spellings.
    """

    row: str
    vars: str = ""
    asks: Mapping[str, list[Any]] = field(default_factory=dict)
    models: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    dialect: str = "snowflake"
    notes: tuple[str, ...] = ()

    def all_files(self) -> dict[str, str]:
        """The files of the project."""
        entries = indent(dedent(self.vars).strip("\n"), "      ")
        group = f"var_groups:\n  - name: user_vars\n    entity_key: user\n    vars:\n{entries}\n" if self.vars else ""
        more = indent(dedent(self.models).strip("\n"), "  ") + "\n" if self.models else ""
        return {
            "onefold.yaml": f"sql_dialect: {self.dialect}\ncatalogs: {{raw: raw.duckdb}}\n",
            "pb_project.yaml": PROJECT,
            "models/inputs.yaml": INPUTS,
            "models/profiles.yaml": dedent(GRAPH) + more + group,
            "models/macros.yaml": MACROS,
            **self.files,
        }
