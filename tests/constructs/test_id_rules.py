"""The table of id rules: ids and pairs of ids that are in or out whatever the sources say (format B6.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import call

import onefold

if TYPE_CHECKING:
    from tests.cli.conftest import Done
    from tests.conftest import MakeTiny, Tiny

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_types: [user_id, email]}]
    id_types:
      - {name: user_id, filters: [{type: exclude, regex: "test.*"}]}
      - {name: email, maximum_edges: [{user_id: 1}]}
    id_stitcher_rules: {enabled: true, priority: PRIORITY}
"""

MODELS = """
    inputs:
      - name: events
        app_defaults:
          table: raw.main.events
          occurred_at_col: ts
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: email, type: email, entity: user}
"""

EVENTS = """
    CREATE TABLE events AS SELECT * FROM (VALUES
        ('u1', 'a@x', TIMESTAMP '2026-01-01'),
        ('u2', 'b@x', TIMESTAMP '2026-01-02'),
        ('test1', 'c@x', TIMESTAMP '2026-01-03')
    ) v(user_id, email, ts);
"""
VIEW = "USER_DEFAULT_ID_STITCHER"
HEADER = "entity,id1,id1_type,id2,id2_type,action,reason\n"


def shop_with(tiny: MakeTiny, *rules: str, priority: str = "exclude") -> Tiny:
    shop = tiny(EVENTS, {"pb_project.yaml": PROJECT.replace("PRIORITY", priority), "models/inputs.yaml": MODELS})
    pb(shop, "idstitch", "rules", "create")
    (shop.folder / "rules.csv").write_text(HEADER + "".join(f"user,{rule}\n" for rule in rules))
    if rules:
        assert pb(shop, "idstitch", "rules", "update", "-f", "rules.csv").code == 0
    return shop


def pb(shop: Tiny, *arguments: str, stdin: str = "") -> Done:
    return call(shop.folder, *arguments, stdin=stdin)


def profiles(shop: Tiny) -> set[frozenset[str]]:
    shop.run()
    found: dict[str, set[str]] = {}
    for main_id, other_id in shop.rows(f"SELECT user_main_id, other_id FROM {VIEW}"):
        found.setdefault(main_id, set()).add(other_id)
    return {frozenset(ids) for ids in found.values()}


def groups(*texts: str) -> set[frozenset[str]]:
    return {frozenset(text.split()) for text in texts}


def test_no_rules(tiny: MakeTiny) -> None:
    """An empty table changes nothing."""
    assert profiles(shop_with(tiny)) == groups("u1 a@x", "u2 b@x", "c@x")


def test_excluded_id(tiny: MakeTiny) -> None:
    """An excluded id is gone; its neighbour stays."""
    shop = shop_with(tiny, "a@x,email,,,EXCLUDE,shared")

    assert profiles(shop) == groups("u1", "u2 b@x", "c@x")
    assert shop.rows(f"SELECT rule, id1, id1_type, reason FROM {VIEW}_QUARANTINE WHERE rule = 'id_rule'") == [
        ("id_rule", "a@x", "email", "shared")
    ]


def test_included_ids(tiny: MakeTiny) -> None:
    """An included id is there although a filter drops it, with its edges; also one that no source has."""
    shop = shop_with(tiny, "test1,user_id,,,INCLUDE,", "u9,user_id,,,INCLUDE,")

    assert profiles(shop) == groups("u1 a@x", "u2 b@x", "test1 c@x", "u9")


def test_excluded_pair(tiny: MakeTiny) -> None:
    """An excluded pair is cut, in whichever order it is written."""
    shop = shop_with(tiny, "a@x,email,u1,user_id,exclude,twins", "u2,user_id,b@x,email,EXCLUDE,")

    assert profiles(shop) == groups("u1", "a@x", "u2", "b@x", "c@x")
    assert shop.rows(f"SELECT id1, id2, reason FROM {VIEW}_QUARANTINE WHERE rule = 'id_rule' ORDER BY id1") == [
        ("a@x", "u1", "twins"),
        ("b@x", "u2", None),
    ]


def test_included_pair(tiny: MakeTiny) -> None:
    """A pair is joined, beyond what maximum_edges allows, and with an id that no source has."""
    shop = shop_with(tiny, "a@x,email,u2,user_id,INCLUDE,", "c@x,email,d@x,email,INCLUDE,")

    assert profiles(shop) == groups("u1 a@x u2 b@x", "c@x d@x")


def test_latest_rule(tiny: MakeTiny) -> None:
    """Of the rules about one pair the latest counts."""
    rules = ("a@x,email,u1,user_id,EXCLUDE,", "u1,user_id,a@x,email,INCLUDE,")

    assert profiles(shop_with(tiny, *rules)) == groups("u1 a@x", "u2 b@x", "c@x")


@pytest.mark.parametrize(("priority", "expected"), [("exclude", "u1,u2 b@x,c@x"), ("include", "u1 a@x u2 b@x,c@x")])
def test_priority(tiny: MakeTiny, priority: str, expected: str) -> None:
    """The priority decides between an excluded id and a pair with it that is to be joined."""
    rules = ("a@x,email,,,EXCLUDE,", "a@x,email,u2,user_id,INCLUDE,")

    assert profiles(shop_with(tiny, *rules, priority=priority)) == groups(*expected.split(","))


def test_wrong_rules(tiny: MakeTiny) -> None:
    """All mistakes of a file are told with their lines, and no rule is added."""
    shop = shop_with(tiny)
    (shop.folder / "rules.csv").write_text(
        HEADER
        + "user,a@x,email,,,EXCLUDE,\nusr,u1,user_id,,,EXCLUDE,\nuser,u1,userid,,,REMOVE,\nuser,u1,user_id,x,,EXCLUDE,\n"
    )

    done = pb(shop, "idstitch", "rules", "update", "-f", "rules.csv")

    assert done.code == 2
    for part in ("rules.csv:3:1", 'did you mean "user"', "rules.csv:4:1", "REMOVE", "rules.csv:5:1"):
        assert part in done.err
    assert shop.rows("SELECT COUNT(*) FROM id_stitch_rules") == [(0,)]


def test_missing_table(tiny: MakeTiny) -> None:
    """Without the table nothing runs; the message says how to make it."""
    shop = tiny(EVENTS, {"pb_project.yaml": PROJECT.replace("PRIORITY", "exclude"), "models/inputs.yaml": MODELS})

    with pytest.raises(onefold.AccessError, match="pb idstitch rules create"):
        shop.run()


def test_answers(tiny: MakeTiny) -> None:
    """A rule can be given by answers."""
    shop = shop_with(tiny)

    done = pb(shop, "idstitch", "rules", "update", "--interactive", stdin="EXCLUDE\nuser\na@x\nemail\n\nshared\n")

    assert done.code == 0
    assert shop.rows("SELECT id1, action, reason FROM id_stitch_rules") == [("a@x", "EXCLUDE", "shared")]
