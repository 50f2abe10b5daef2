"""The file of id rules that a project keeps in Git, and the table that each run makes of it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cli.conftest import call
from tests.constructs.test_id_rules import EVENTS, MODELS, PROJECT, groups, profiles
from tests.examples import examples

import onefold
from onefold.project.id_rules import COLUMNS
from onefold.project.spec import IdRule
from onefold.run.id_rules import GivenRule

if TYPE_CHECKING:
    from tests.cli.conftest import Done
    from tests.conftest import MakeTiny, Tiny

FILE = "rules/id_stitcher_rules.csv"
HEADER = ",".join(COLUMNS) + "\n"
OFF = PROJECT.replace("    id_stitcher_rules: {enabled: true, priority: PRIORITY}\n", "")


@pytest.fixture
def shop(tiny: MakeTiny) -> Tiny:
    """Three people, no rule yet, and a project that does not mention rules."""
    return tiny(EVENTS, {"pb_project.yaml": OFF, "models/inputs.yaml": MODELS})


def pb(shop: Tiny, *arguments: str) -> Done:
    return call(shop.folder, *arguments)


def write(shop: Tiny, *rows: str, header: str = HEADER) -> None:
    path = shop.folder / FILE
    path.parent.mkdir(exist_ok=True)
    path.write_text(header + "".join(f"{row}\n" for row in rows))


def findings(shop: Tiny) -> list[tuple[str, str]]:
    """Place and message of all that is wrong with the project."""
    with pytest.raises(onefold.ProjectError) as error:
        onefold.load(shop.folder)
    return [(str(f.where), f.message) for f in error.value.findings]


def test_the_file_counts_by_itself(shop: Tiny) -> None:
    """A file of rules is followed, and is the table in the warehouse, though the project file does not mention rules."""
    write(shop, "user,a@x,email,,,EXCLUDE,shared,Ada,2026-01-31", "user,u2,user_id,c@x,email,include,,,")

    assert profiles(shop) == groups("u1", "u2 b@x c@x")
    assert shop.rows(
        "SELECT id1, action, reason, author, created_at::DATE::VARCHAR FROM id_stitch_rules ORDER BY 1"
    ) == [
        ("a@x", "EXCLUDE", "shared", "Ada", "2026-01-31"),
        ("u2", "INCLUDE", None, None, None),
    ]


def test_deleting_the_output_loses_no_rule(shop: Tiny) -> None:
    """Rules outlive the database: with the output deleted, the next run follows them as before."""
    write(shop, "user,a@x,email,u1,user_id,EXCLUDE,,,")
    before = profiles(shop)
    shutil.rmtree(shop.folder / "output")

    assert profiles(shop) == before == groups("u1", "a@x", "u2 b@x", "c@x")


def test_a_rule_taken_out_of_the_file_counts_no_more(shop: Tiny) -> None:
    """The table has the rules of the file as it is at each run, and no others."""
    write(shop, "user,a@x,email,,,EXCLUDE,,,")
    assert profiles(shop) == groups("u1", "u2 b@x", "c@x")
    write(shop)

    assert profiles(shop) == groups("u1 a@x", "u2 b@x", "c@x")
    assert shop.rows("SELECT COUNT(*) FROM id_stitch_rules") == [(0,)]


def test_a_plan_leaves_the_table_as_it_is(shop: Tiny) -> None:
    """`pb plan` follows rules of the file, and undoes the table that it made."""
    write(shop)
    profiles(shop)
    write(shop, "user,a@x,email,,,EXCLUDE,,,")

    (change,) = onefold.load(shop.folder).preview(end_time="2026-10-31").changes

    assert change.after.ids == 4
    assert shop.rows("SELECT COUNT(*) FROM id_stitch_rules") == [(0,)]


def test_all_mistakes_at_once(shop: Tiny) -> None:
    """Every wrong row is named with its line: unknown names, half pairs, twice the same, and contradictions."""
    write(
        shop,
        "usr,a@x,email,,,EXCLUDE,,,",
        "user,a@x,mail,,,EXCLUDE,,,",
        "user,a@x,email,,,REMOVE,,,",
        "user,a@x,email,b@x,,EXCLUDE,,,",
        '"user",b@x,email,,,EXCLUDE,"two',
        'lines",,',
        "user,b@x,email,,,EXCLUDE,,,",
        "user,u1,user_id,c@x,email,EXCLUDE,,,",
        "user,c@x,email,u1,user_id,INCLUDE,,,",
        "user,c@x,email,,,EXCLUDE,,,soon",
        "user,d@x,email",
        "user,d@x,email,d@x,email,EXCLUDE,,,",
    )

    found = findings(shop)

    lines = [int(place.split(":")[1]) for place, _ in found]
    assert lines == [2, 3, 4, 5, 8, 10, 11, 12, 13]
    words = (
        "entity", "id type", "action", "belong", "same rule", "included here, but excluded", "not a date", "3 cells",
        "the same",
    )  # fmt: skip
    for word, (_, message) in zip(words, found, strict=True):
        assert word in message


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"entity,id1,id1_type,action,why\n", "unknown column"),
        (b"entity,id1,id1_type\n", 'no column "action"'),
        (b"entity,entity,id1,id1_type,action\n", "twice"),
        (b"\xff\xfe", "UTF-8"),
        (HEADER.encode() + b'user,"a@x,email,,,EXCLUDE,,,\n', "not valid CSV"),
    ],
)
def test_a_file_that_is_none(shop: Tiny, content: bytes, word: str) -> None:
    """A file that cannot be read is a mistake of the project, not an empty list of rules."""
    write(shop)
    (shop.folder / FILE).write_bytes(content)

    ((place, message),) = findings(shop)

    assert place.startswith(FILE)
    assert word in message


def test_a_file_outside_the_project(shop: Tiny) -> None:
    """The file lies inside the project, wherever onefold.yaml says that it is."""
    settings_file = shop.folder / "onefold.yaml"
    settings_file.write_text(settings_file.read_text() + "id_rules: ../rules.csv\n")

    assert "outside" in findings(shop)[0][1]


def test_rules_that_are_switched_off(tiny: MakeTiny) -> None:
    """Where the project file says that rules are not enabled, the file does not count, and a warning says so."""
    off = PROJECT.replace("{enabled: true, priority: PRIORITY}", "{enabled: false}")
    shop = tiny(EVENTS, {"pb_project.yaml": off, "models/inputs.yaml": MODELS})
    write(shop, "user,a@x,email,,,EXCLUDE,,,")

    assert profiles(shop) == groups("u1 a@x", "u2 b@x", "c@x")
    assert [f.code for f in onefold.load(shop.folder).spec.notes] == ["id-rules-off"]


def test_ids_that_no_source_has(shop: Tiny) -> None:
    """A rule about an id that no source has is followed with a warning at its line; a filtered id is known."""
    write(
        shop,
        "user,test1,user_id,,,EXCLUDE,,,",
        "user,a@x,email,,,EXCLUDE,,,",
        "user,typo@x,email,,,EXCLUDE,,,",
        "user,u2,user_id,new,user_id,INCLUDE,,,",
    )

    (warning,) = [note for note in shop.run().notes if note.code == "unknown-rule-id"]

    assert str(warning.where) == f"{FILE}:4:1"
    assert "email typo@x" in warning.message
    assert "user_id new" in warning.message
    assert "a@x" not in warning.message.replace("typo@x", "")
    assert "test1" not in warning.message


def test_verbs(shop: Tiny) -> None:
    """Rules are added, listed and removed; the file keeps all other lines to the letter."""
    shop.run()
    added = pb(
        shop, "idstitch", "rules", "add", "exclude", "email:a@x", "--reason", "shared, he said", "--author", "Bo"
    )
    assert (added.code, added.out) == (0, f"1 rule added to {FILE}\n")
    path = shop.folder / FILE
    kept = path.read_text().replace("user,a@x", '"user",a@x')
    path.write_text(kept)

    pb(shop, "idstitch", "rules", "add", "include", "user_id:u1", "user_id:u2", "--author", "", "--date", "2026-02-01")
    listed = json.loads(pb(shop, "idstitch", "rules", "list", "--json").out)
    assert [(r["action"], r["id1"], r["id2"], r["author"]) for r in listed["rules"]] == [
        ("EXCLUDE", "a@x", "", "Bo"),
        ("INCLUDE", "u1", "u2", ""),
    ]
    assert profiles(shop) == groups("u1 u2 b@x", "c@x")

    removed = pb(shop, "idstitch", "rules", "remove", "user_id:u2", "user_id:u1", "--json")
    assert [rule["id1"] for rule in json.loads(removed.out)["removed"]] == ["u1"]
    assert path.read_text() == kept


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("add", "exclude", "a@x"), "type:id"),
        (("add", "exclude", "mail:a@x"), 'did you mean "email"'),
        (("add", "exclude", "email:a@x", "--date", "soon"), "not a date"),
        (("add", "include", "email:a@x"), "included here, but excluded at"),
        (("add", "exclude", "email:a@x"), "same rule"),
        (("remove", "email:b@x"), "no rule for email:b@x"),
        (("add", "exclude", "email:a@x", "email:b@x", "email:c@x"), "one or two ids"),
    ],
)
def test_verbs_refuse(shop: Tiny, arguments: tuple[str, ...], word: str) -> None:
    """A rule that is wrong, or contradicts one that is there, is refused, and the file stays as it is."""
    write(shop, "user,a@x,email,,,EXCLUDE,,,")
    before = (shop.folder / FILE).read_text()

    done = pb(shop, "idstitch", "rules", *arguments)

    assert done.code == 2
    assert word in done.err
    assert (shop.folder / FILE).read_text() == before


def test_import_and_export(tiny: MakeTiny) -> None:
    """Rules of a table kept by hand are never lost to a file: they are imported first; then the file is exported."""
    shop = tiny(EVENTS, {"pb_project.yaml": PROJECT.replace("PRIORITY", "exclude"), "models/inputs.yaml": MODELS})
    project = onefold.load(shop.folder)
    project.rules.create_table()
    pair = {"entity": "user", "id1": "a@x", "id1_type": "email", "id2": "u1", "id2_type": "user_id"}
    project.rules.add_given([GivenRule({**pair, "action": action}) for action in ("INCLUDE", "EXCLUDE")])

    refused = pb(shop, "idstitch", "rules", "add", "exclude", "email:c@x")
    assert refused.code == 2
    assert "rules import" in refused.err
    write(shop, "user,c@x,email,,,EXCLUDE,,,")
    with pytest.raises(onefold.AccessError, match="1 rule that is not in the rules file"):
        shop.run()

    assert pb(shop, "idstitch", "rules", "import").out == f"1 rule added to {FILE}\n"
    assert pb(shop, "idstitch", "rules", "import").out == f"0 rules added to {FILE}\n"
    assert json.loads(pb(shop, "idstitch", "rules", "export", "--json").out)["rules"] == 2
    assert profiles(shop) == groups("u1", "a@x", "u2 b@x")


def test_update_adds_to_the_file(shop: Tiny) -> None:
    """The format's own `update` adds to the file where there is one, so that the next run does not lose the rule."""
    write(shop)

    onefold.load(shop.folder).rules.add_given(
        [GivenRule({"entity": "user", "id1": "a@x", "id1_type": "email", "action": "exclude"})]
    )

    assert profiles(shop) == groups("u1", "u2 b@x", "c@x")
    assert [rule.id1 for rule in onefold.load(shop.folder).rules.in_file] == ["a@x"]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12).filter(
    lambda text: text.strip() == text
)


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=8, unique_by=lambda row: row[0]), st.data())
@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_survives_the_file(shop: Tiny, rows: list[tuple[str, str, str]], data: st.DataObject) -> None:
    """Ids, reasons and authors of any text come back as they were given; removing one leaves the others."""
    write(shop)
    wanted = [
        IdRule("user", value, "email", reason=reason, author=author, date="2026-01-01")
        for value, reason, author in rows
    ]
    onefold.load(shop.folder).rules.add(wanted)
    assert list(onefold.load(shop.folder).rules.in_file) == wanted

    if wanted:
        gone = data.draw(st.sampled_from(wanted))
        onefold.load(shop.folder).rules.remove(gone)
        assert list(onefold.load(shop.folder).rules.in_file) == [rule for rule in wanted if rule != gone]


def test_the_author_is_who_git_says(shop: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --author the rule is by the user.name of Git."""
    config = shop.folder / "gitconfig"
    config.write_text("[user]\n\tname = Grace\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.chdir(shop.folder)

    pb(shop, "idstitch", "rules", "add", "exclude", "email:a@x")

    (rule,) = onefold.load(shop.folder).rules.in_file
    assert rule.author == "Grace"
