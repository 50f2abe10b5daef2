"""Where a SQL model makes the ids of an edge, the rows of its inputs are shown that it makes them from."""

from __future__ import annotations

import hashlib
import json
from textwrap import indent
from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import call
from tests.sample_shop import END_TIME

import onefold
from onefold.audit.explain import Chain, explain
from onefold.audit.mask import masked
from onefold.audit.records import Id

if TYPE_CHECKING:
    from tests.audit.conftest import Faults
    from tests.conftest import MakeTiny

    from onefold.audit.records import OriginRows
    from onefold.audit.session import Session


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()  # noqa: S324


def test_the_sample(published: Session, faults: Faults) -> None:
    """An edge of the sample's model has rows of the identify streams that hold the device and the account or its email."""
    ends = sorted(f.value for n, _, f in faults.touched if n == "bridge_chain")[:2]

    found = explain(published, *ends)

    assert isinstance(found, Chain)
    assert found.links
    for link in found.links:
        pair = {link.one.type: link.one.value, link.other.type: link.other.value}
        (says,) = link.sources
        assert says.behind
        for behind in says.behind:
            assert behind.input in {"inputs/identifies_js", "inputs/identifies_ruby"}
            assert behind.table.startswith("rudderstack.marketplace_")
            assert len(behind.earliest) == min(behind.rows, 3)
            times = [row.at for row in behind.earliest if row.at is not None]
            assert times == sorted(times, key=str)
            for row in (shown.row for shown in behind.earliest):
                account = (row["user_id"] or "").strip() or row["email"]
                assert row["anonymous_id"].strip() == pair["anonymous_id"]
                assert pair["user_id"] in {account, sha1(account.strip().lower())}
        assert says.evidence.first_seen_at == min(behind.earliest[0].at for behind in says.behind)  # type: ignore[type-var]


PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_types: [user_id, email_hash]}]
    id_types: [{name: user_id}, {name: email_hash}]
"""

MODELS = """
    inputs:
      - name: logins
        app_defaults: {{table: raw.main.logins, occurred_at_col: ts}}
        where: is_test = false
      - name: leads
        app_defaults: {{table: raw.main.leads}}
    models:
      - name: clean
        model_type: sql_template
        model_spec:
          occurred_at_col: ts
          single_sql: |
{sql}
          ids:
            - {{select: user_id, type: user_id, entity: user}}
            - {{select: email_hash, type: email_hash, entity: user}}
      - name: stitcher
        model_type: id_stitcher
        model_spec: {{entity_key: user, edge_sources: [{{from: models/clean}}]}}
"""

TABLES = """
    CREATE TABLE logins AS SELECT * FROM (VALUES
        ('u1', ' Ada@Shop.example ', TIMESTAMP '2026-01-03', false, true, 'web'),
        ('u1', 'ada@shop.example', TIMESTAMP '2026-01-02', false, false, 'web'),
        ('u1', 'ADA@shop.example', TIMESTAMP '2026-01-01', true, true, 'web'),
        ('u1', 'ada@shop.example', TIMESTAMP '2090-01-01', false, true, 'web'),
        ('u2', 'bo@shop.example', TIMESTAMP '2026-01-04', false, true, 'web')
    ) v(user_id, email, ts, is_test, agreed, channel);
    CREATE TABLE leads AS SELECT * FROM (VALUES
        ('ada@shop.example', 'u1', TIMESTAMP '2026-01-05'), ('cy@shop.example', 'u3', TIMESTAMP '2026-01-06')
    ) v(mail, person, seen);
"""

HASHED = """
SELECT user_id, sha1(lower(trim(email))) AS email_hash, ts FROM {{this.DeRef("inputs/logins")}} WHERE agreed
"""


def behind(tiny: MakeTiny, sql: str, *ids: str) -> tuple[OriginRows, ...]:
    """What is behind the one edge of ``ids``; the row of the model itself must be shown."""
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": MODELS.format(sql=indent(sql, " " * 12))})
    shop.run(end_time=END_TIME)
    found = onefold.load(shop.folder).audit().explain(*(ids or ("u1", sha1("ada@shop.example"))))
    assert isinstance(found, Chain)
    (link,) = found.links
    (says,) = link.sources
    assert says.row is not None
    return says.behind


def test_a_model_that_hashes(tiny: MakeTiny) -> None:
    """The raw row is shown: within the time of the run, and as the filters of the input and of the model have it."""
    (found,) = behind(tiny, HASHED)

    assert (found.input, found.table, found.rows) == ("inputs/logins", "raw.main.logins", 1)
    assert found.ids == (Id("email_hash", sha1("ada@shop.example")), Id("user_id", "u1"))
    (row,) = found.earliest
    assert str(row.at) == "2026-01-03 00:00:00"
    assert row.row["email"] == " Ada@Shop.example "
    assert row.made_from == (Id("email_hash", " Ada@Shop.example "), Id("user_id", "u1"))


def test_what_is_printed(tiny: MakeTiny) -> None:
    """Text and JSON have the row beneath the model's, with its email masked; --mask hides what ids are made from too."""
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": MODELS.format(sql=indent(HASHED, " " * 12))})
    shop.run(end_time=END_TIME)

    def asked(*flags: str) -> str:
        return call(shop.folder, "audit", "explain", "u1", "ada@shop.example", *flags).out

    lines = asked().splitlines()
    place = next(
        n for n, line in enumerate(lines) if "in inputs/logins: 1 row of raw.main.logins with both ids" in line
    )
    assert "models/clean: 1 row" in lines[place - 2]
    assert "2026-01-03 00:00:00: user_id=u1, email= A…@Shop.example~" in lines[place + 1]
    sources = json.loads(asked("--json", "--no-mask"))["links"][0]["sources"]
    assert sources[0]["behind"][0]["earliest"][0]["row"]["email"] == " Ada@Shop.example "
    assert "Ada@Shop.example" in asked("--no-mask")
    assert "u1" not in asked("--mask")
    assert "in inputs/logins:" not in asked("--no-rows")


def test_ids_hidden_that_are_no_emails(tiny: MakeTiny) -> None:
    """With --mask the value that an id is made from is hidden, whatever it looks like."""
    found = behind(tiny, HASHED.replace("email)", "channel)").replace("WHERE agreed", ""), "u2", sha1("web"))

    assert found[0].earliest[0].row["channel"] == "web"
    assert "'web'" not in repr(masked(found, "all"))


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT user_id, MIN(sha1(lower(trim(email)))) AS email_hash, MIN(ts) AS ts FROM {{this.DeRef("inputs/logins")}} GROUP BY 1',
        """
        SELECT concat('u', f.number) AS user_id, sha1('ada@shop.example') AS email_hash, CAST('2026-01-01' AS timestamp) AS ts
        FROM (SELECT count(*) AS number FROM {{this.DeRef("inputs/leads")}} WHERE person = 'u1') f
        """,
        """
        SELECT l.user_id || substr(p.person, 9) AS user_id, sha1(lower(trim(l.email)) || substr(p.mail, 99)) AS email_hash, l.ts
        FROM {{this.DeRef("inputs/logins")}} l JOIN {{this.DeRef("inputs/leads")}} p ON p.person = l.user_id
        """,
    ],
    ids=["one id of an aggregate", "both", "columns of two tables"],
)
def test_what_cannot_be_followed(tiny: MakeTiny, sql: str) -> None:
    """An aggregate, or an expression over two tables: no row claims to hold the id that it gives."""
    found = behind(tiny, sql)

    assert all(rows.ids == (Id("user_id", "u1"),) for rows in found)
    assert len(found) == sql.startswith("SELECT user_id")


def test_two_inputs_that_give_one_id_each(tiny: MakeTiny) -> None:
    """Where a join takes the ids from two inputs, each is shown with the id that it gives."""
    sql = """
        SELECT l.user_id, sha1(p.mail) AS email_hash, l.ts
        FROM {{this.DeRef("inputs/logins")}} l JOIN {{this.DeRef("inputs/leads")}} p ON p.person = l.user_id
    """

    found = behind(tiny, sql)

    assert {(rows.input, rows.ids, rows.rows) for rows in found} == {
        ("inputs/logins", (Id("user_id", "u1"),), 2),
        ("inputs/leads", (Id("email_hash", sha1("ada@shop.example")),), 1),
    }


@pytest.mark.parametrize(
    ("sql", "inputs"),
    [
        (
            """
            SELECT user_id, sha1(lower(trim(email))) AS email_hash, ts FROM {{this.DeRef("inputs/logins")}}
            UNION ALL SELECT person, sha1(mail), seen FROM {{this.DeRef("inputs/leads")}}
            """,
            {"inputs/logins": 2, "inputs/leads": 1},
        ),
        (
            """
            WITH named(email_hash, user_id, ts) AS (SELECT sha1(mail), person, seen FROM {{this.DeRef("inputs/leads")}})
            SELECT user_id, email_hash, ts FROM (SELECT * FROM named) n
            """,
            {"inputs/leads": 1},
        ),
        (
            """
            SELECT user_id, sha1(lower(trim(email))) AS email_hash, ts FROM {{this.DeRef("inputs/logins")}}
            EXCEPT SELECT person, sha1(mail), ts FROM {{this.DeRef("inputs/leads")}}, (SELECT CAST(NULL AS timestamp) AS ts)
            """,
            {"inputs/logins": 2},
        ),
        (
            """
            WITH agreed AS (SELECT *, sha1(lower(trim(email))) AS h FROM {{this.DeRef("inputs/logins")}} WHERE channel = 'web'),
            counted AS (SELECT user_id, h, agreed, MIN(ts) AS ts FROM agreed GROUP BY user_id, h, agreed)
            SELECT c.user_id, c.h AS email_hash, c.ts FROM counted c LEFT JOIN {{this.DeRef("inputs/leads")}} p ON p.person = c.user_id
            WHERE NOT c.agreed AND c.ts > CAST('2020-01-01' AS timestamp) AND p.mail IS NOT NULL
            """,
            {"inputs/logins": 1},
        ),
    ],
    ids=["union by position", "CTE with names of columns", "rows taken away", "filters of several levels"],
)
def test_ways_through_sql(tiny: MakeTiny, sql: str, inputs: dict[str, int]) -> None:
    """Columns are followed by position and by name, and filters on the way as far as they are on the same table."""
    assert {rows.input: rows.rows for rows in behind(tiny, sql)} == inputs
