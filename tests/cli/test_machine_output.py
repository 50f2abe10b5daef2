"""What machines read: JSON, one object per line, of every command that shows something; and what ``pb query`` takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Pb


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("show models", "model"),
        ("show dependencies", "reads"),
        ("show dataflow", "key"),
        ("discover entities", "entity"),
        ("discover sources", "table"),
        ("validate access", "ok"),
    ],
)
def test_json(pb: Pb, command: str, key: str) -> None:
    """With --json, stdout is one object per line and nothing else."""
    done = pb(*command.split(), "--json")

    assert done.code == 0, done.err
    assert key in objects(done.out)[0]


@pytest.mark.usefixtures("ran")
def test_json_of_what_a_run_left(pb: Pb) -> None:
    """The same for commands that read what runs have left."""
    pb("run")

    plan = objects(pb("show", "plan", "--seq_no", "1", "--show_dependents", "--json").out)
    rows = objects(pb("query", "--json", "SELECT COUNT(*) AS n FROM USER_ALL").out)
    dropped = objects(pb("cleanup", "materials", "-r", "0", "--dry_run", "--json").out)
    profile = objects(pb("show", "entity-lookup", "-v", "ada", "--json").out)

    assert plan[0]["read_by"]
    assert rows == [{"n": 3}]
    assert 1 in {row["seq_no"] for row in dropped}
    assert not any(row["dropped"] for row in dropped)
    assert {i["other_id"] for i in profile[0]["ids"]} >= {"ada"}
    assert all(row["dropped"] for row in objects(pb("cleanup", "materials", "-r", "0", "--yes", "--json").out))


def test_json_of_a_failed_check(pb: Pb, small: Path) -> None:
    """What cannot be reached is in the answer too, and the exit code says that something is."""
    path = small / "models/profiles.yaml"
    path.write_text(path.read_text().replace("shop.web.orders", "shop.web.ordres"))

    done = pb("validate", "access", "--json")

    assert done.code == 1
    assert [row["ok"] for row in objects(done.out)] == [False]
    assert objects(done.out)[0]["where"].startswith("models/profiles.yaml:")


def test_tree(pb: Pb) -> None:
    """Each view with all that it is made of, further in the further away."""
    lines = pb("show", "models", "--tree").out.splitlines()

    view = next(n for n, line in enumerate(lines) if line.startswith("user/all/feature_view/using_user_id"))
    assert lines[view + 1].startswith("  models/user_id_stitcher")
    assert lines[view + 2].startswith("    inputs/")


@pytest.mark.usefixtures("ran")
def test_query_that_begins_with_a_comment(pb: Pb) -> None:
    """SQL pasted from a page may begin with a comment, which is no flag."""
    done = pb("query", "-- how many are there\nSELECT COUNT(*) AS n FROM <your_output_schema>.USER_ALL;")

    assert done.code == 0, done.err
    assert "3" in done.out


def test_query_names_models(pb: Pb) -> None:
    """A question may name what a model made, of the latest run or of one; a mistyped name is told."""
    pb("run", "--end_time", "2026-02-01")
    pb("run", "--end_time", "2026-03-31")
    question = "SELECT COUNT(*) AS n FROM {{this.DeRef('models/user_id_stitcher')}}"

    latest, first = (objects(pb("query", "--json", *flags, question).out) for flags in ((), ("-seq_no", "1")))

    assert (latest[0]["n"], first[0]["n"]) == (7, 2)
    wrong = pb("query", question.replace("stitcher", "sticher"))
    assert wrong.code == 2
    assert 'did you mean "models/user_id_stitcher"?' in wrong.err
    assert pb("query", "-seq_no", "9", question).code == 1
