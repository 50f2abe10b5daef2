"""A person is found by the email or phone that somebody knows, where the project keeps only a hash of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tests.cli.conftest import call

import onefold
from onefold.audit.explain import Chain, Profile
from onefold.audit.explain_no_match import NoMatch, NotInGraph

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_types: [user_id, email_hash, phone]}]
    id_types: [{name: user_id}, {name: email_hash}, {name: phone}]
"""

MODELS = """
    inputs:
      - name: logins
        app_defaults:
          table: raw.main.logins
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: "sha1(lower(trim(email)))", type: email_hash, entity: user}
      - name: calls
        app_defaults: {table: raw.main.calls}
    models:
      - name: clean_calls
        model_type: sql_template
        model_spec:
          single_sql: |
            WITH numbers AS (SELECT caller, REGEXP_REPLACE(number, '[^0-9]', '') AS digits FROM {{this.DeRef("inputs/calls")}})
            SELECT n.caller AS user_id, CONCAT('+', n.digits) AS phone FROM numbers n WHERE n.digits <> ''
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: phone, type: phone, entity: user}
      - name: stitcher
        model_type: id_stitcher
        model_spec:
          entity_key: user
          edge_sources: [{from: inputs/logins}, {from: models/clean_calls}]
"""

TABLES = """
    CREATE TABLE logins AS SELECT * FROM (VALUES ('u1', ' Ada@Shop.example '), ('u2', 'bo@shop.example')) v(user_id, email);
    CREATE TABLE calls AS SELECT * FROM (VALUES ('u1', '(49) 30-1')) v(caller, number);
"""


def shop(tiny: MakeTiny) -> Tiny:
    made = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": MODELS})
    made.run()
    return made


def test_an_email_and_a_phone_as_somebody_knows_them(tiny: MakeTiny) -> None:
    """What the project does to an id type is done to the text, through the SQL of a model too, and the answer says so."""
    made = shop(tiny)
    asked = onefold.load(made.folder).audit()

    by_email = asked.explain("ada@shop.example")
    by_phone = asked.explain("49/301")
    chain = asked.explain("ADA@shop.example", "+49 30 1")

    assert isinstance(by_email, Profile)
    assert by_email.id.value == hashlib.sha1(b"ada@shop.example").hexdigest()  # noqa: S324
    assert by_email.found_as[0].endswith(" is sha1(lower(trim(email))) of inputs/logins")
    assert isinstance(by_phone, Profile)
    assert (by_phone.id.value, by_phone.main_id) == ("+49301", by_email.main_id)
    assert isinstance(chain, Chain)
    assert len(chain.found_as) == 2

    told = call(made.folder, "audit", "explain", "ada@shop.example")
    assert "found as: email_hash " in told.out
    assert "ada@shop.example" not in told.out
    assert "ada@shop.example" not in (made.folder / "logs/pb.log").read_text()


def test_an_email_that_nobody_has(tiny: MakeTiny) -> None:
    """An unknown email is absent as the id that it would be; an id that is there as given is not hashed."""
    asked = onefold.load(shop(tiny).folder).audit()

    nobody = asked.explain("nobody@shop.example")
    apart = asked.explain("ada@shop.example", "u2")
    plain = asked.explain("u1")

    assert isinstance(nobody, NotInGraph)
    assert isinstance(apart, NoMatch)
    assert isinstance(plain, Profile)
    assert plain.found_as == ()
