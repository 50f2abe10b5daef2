"""Checks of a run: what fails keeps yesterday's views and names the worst profiles; what warns says so."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import duckdb
import pytest

import onefold

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Pb


def bounds(folder: Path, text: str) -> None:
    """Put other bounds into onefold.yaml."""
    file = folder / "onefold.yaml"
    start = file.read_text().split("checks:\n")[0]
    file.write_text(f"{start}checks:\n{text}\n")


def test_a_failed_check_publishes_nothing(pb: Pb, small: Path) -> None:
    """The run ends with 1, names figure, bound and worst profile, and the views stay; its own tables can be asked."""
    bounds(small, "")
    assert pb("run", "--end_time", "2026-02-20").code == 0
    before = pb("query", "SELECT * FROM USER_ID_STITCHER ORDER BY 1, 2").out
    bounds(small, "  ids: { user_id: { fail: 1 } }")

    done = pb("run")

    assert done.code == 1
    assert "user_id per profile, max: 2 (must be at most 1)" in done.err
    assert re.search(r"at: onefold\.yaml:\d+:\d+", done.err)
    assert re.search(r"worst profiles: rid\w+ \(2 user_id, 2 anonymous_id\)", done.err)
    assert pb("query", "SELECT * FROM USER_ID_STITCHER ORDER BY 1, 2").out == before
    command = re.findall(r"`pb (audit bridges [^`]*)`", done.err)[0]
    found = json.loads(pb(*command.split(), "--json").out)
    assert [c["id"]["value"] for c in found["connectors"]] == ["phone-1"]
    assert (
        pb("audit", "explain", "ada", "ada@home").out.startswith("no match")
        or "not in the graph" in pb("audit", "explain", "ada@home").out
    )
    assert "joined" in pb("audit", "explain", "ada", "ada@home", "--seq_no", "2").out


def test_a_resumed_run_is_held_against_new_bounds(pb: Pb, small: Path) -> None:
    """When the bound is raised, the same run goes on and publishes without building anything again."""
    bounds(small, "  largest: { fail: 2 }")
    assert pb("run").code == 1
    bounds(small, "  largest: { fail: 20 }")

    done = pb("run", "--seq_no", "latest")

    assert done.code == 0
    assert "reused" in done.out
    assert pb("audit", "id_stitcher").code == 0


def test_features_are_checked(pb: Pb, small: Path) -> None:
    """A feature beyond fail stops the run too; a run of the graph alone does not look at features."""
    bounds(small, "  features: { Total_Orders: { fail: 2 } }")

    done = pb("run")

    assert done.code == 1
    assert "total_orders is 3 in at least one profile (must be at most 2)" in done.err.lower()
    assert pb("run", "-m", "models/user_id_stitcher").code == 0


def test_warnings(small: Path) -> None:
    """Figures beyond warn are one warning of the run, which is published."""
    bounds(small, "  largest: { warn: 2 }\n  stitch_rate: { anonymous_id: { warn_below: 1 } }\n  several: {}")

    result = onefold.load(small).run()

    (warning,) = [note for note in result.notes if note.code == "check"]
    assert re.fullmatch(
        r"user_id_stitcher: ids in the largest profile: 4 \(expected at most 2, onefold.yaml:\d+:\d+\); "
        r"stitch rate of anonymous_id: 75.0% \(expected at least 100%, onefold.yaml:\d+:\d+\)",
        warning.message,
    )
    assert "USER_ID_STITCHER" in result.published.values()


@pytest.mark.parametrize("flag", [(), ("--ignore_model_errors",)])
def test_a_failed_check_is_no_error_of_a_model(pb: Pb, small: Path, flag: tuple[str, ...]) -> None:
    """Going on past failing models does not go on past a failed check."""
    bounds(small, "  largest: { fail: 2 }")

    done = pb("run", *flag)

    assert done.code == 1
    assert "check-failed" in done.err
    assert pb("audit", "clusters").code == 1


def test_a_wrong_bound(pb: Pb, small: Path) -> None:
    """A figure that does not exist is told with the nearest one, before anything runs."""
    bounds(small, "  largst: { fail: 2 }")

    done = pb("run")

    assert done.code == 2
    assert 'did you mean "largest"?' in done.err


def test_the_figures_are_those_of_the_views(pb: Pb, small: Path) -> None:
    """What a run and the audit count is what its view shows, also after a second run built on the tables of the first."""
    project = onefold.load(small)
    for seq_no, end in enumerate(("2026-03-01", "2026-12-31"), start=1):
        project.run(end_time=end)
        shown = "SELECT main_id, COUNT(*) AS ids FROM (SELECT user_main_id AS main_id FROM USER_ID_STITCHER) GROUP BY 1"
        counted = project.query(f"SELECT COUNT(*) AS profiles, SUM(ids) AS ids, MAX(ids) AS largest FROM ({shown})")

        found = json.loads(pb("audit", "id_stitcher", "--json", "--seq_no", str(seq_no)).out)["health"]

        assert [tuple(int(n) for n in row.values()) for row in counted.arrow.to_pylist()] == [
            (found["profiles"], found["ids"], found["largest"])
        ]


def test_drift_from_the_last_published_run(pb: Pb, small: Path) -> None:
    """The first run has nothing to be held against and says so; later ones are held against what is published."""
    bounds(small, "  drift: { total_ids: { warn: 0.5 } }")
    first = pb("run", "--end_time", "2026-02-12")
    assert first.code == 0
    assert "there is no earlier published graph, so drift was not checked" in first.err + first.out

    warned = pb("run", "--end_time", "2026-02-20")

    assert warned.code == 0
    assert "ids, change since run 1: +100.0% (expected at most 50% up or down)" in warned.err
    bounds(small, "  drift: { total_ids: { fail: 0.1 } }")
    shown = pb("query", "SELECT * FROM USER_ID_STITCHER ORDER BY 1, 2").out
    planned = pb("plan")
    failed = pb("run")
    for done in (planned, failed):
        assert done.code == 1
        assert "ids, change since run 2: +16.7% (must be at most 10% up or down)" in done.out + done.err
    assert pb("query", "SELECT * FROM USER_ID_STITCHER ORDER BY 1, 2").out == shown
    command = re.findall(r"`pb (audit diff [^`]*)`", failed.err)[0]
    assert pb(*command.split()).code == 0
    overview = json.loads(pb("audit", "id_stitcher", "--json", "--seq_no", "3").out)
    assert (overview["verdict"], overview["compared_with"]) == ("fail", 2)


def test_figures_that_were_not_stored_are_computed_again(pb: Pb, small: Path) -> None:
    """A run by which nothing was remembered is counted from its tables."""
    bounds(small, "  drift: { total_ids: { warn: 0 } }")
    project = onefold.load(small)
    project.run(end_time="2026-02-12")
    remembered = project.run(end_time="2026-02-20").notes
    with duckdb.connect(str(small / "output/warehouse.duckdb")) as database:
        database.execute(
            "UPDATE profiles.material_registry SET metadata = json_merge_patch(metadata, '{\"figures\": null}')"
        )
    shown = json.loads(pb("audit", "id_stitcher", "--json").out)["figures"][-1]

    assert [note.message for note in remembered if note.code == "check"][-1].endswith(
        f"ids, change since run 1: {shown['value']:+.1%} (expected at most 0% up or down)"
    )


def ordered(folder: Path) -> None:
    """A feature that a profile without orders has no value of."""
    file = folder / "models/profiles.yaml"
    var = "      - entity_var: {name: last_order_at, from: inputs/orders, select: MAX(ordered_at)}\n"
    file.write_text(file.read_text().replace("    vars:\n", f"    vars:\n{var}", 1))


def test_features_without_values(pb: Pb, small: Path) -> None:
    """Too many profiles without a value of a feature stop a run, and the audit tells how many."""
    ordered(small)
    bounds(small, "  nulls: { last_order_at: { fail: 0.2 } }")

    done = pb("run")

    assert done.code == 1
    assert re.search(r"last_order_at is null in \d+\.\d% of the profiles \(must be at most 20%\)", done.err)
    command = re.findall(r"`pb (audit features [^`]*)`", done.err)[0]
    assert re.search(r"last_order_at +\d+\.\d% +fail +at most 20%", pb(*command.split()).out)


def test_bounds_of_no_feature(pb: Pb, small: Path) -> None:
    """What is held against bounds and is no feature is told, with the nearest one; a bound that nothing meets is none."""
    bounds(small, "  nulls: { total_order: { warn: 0.2 } }")

    done = pb("run")

    assert done.code == 0
    assert re.search(r'there is no feature "total_order".*did you mean "total_orders"', done.err, re.DOTALL)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  drift: { profile: { warn: 1 } }", 'unknown key "profile"'),
        ("  drift: { profiles: { warn: -1 } }", "greater than or equal to 0"),
        ("  largest: { warn: 10, fail: 5 }", "fail (5) must not be stricter than warn (10)"),
        (
            "  profiles: { warn_below: 5, fail_below: 10 }",
            "fail_below (10) must not be stricter than warn_below (5)",
        ),
        ("  several: { warn: 25 }", "warn is 25; a share must be from 0 to 1"),
        ("  nulls: { total_orders: { warn: 2 } }", "warn is 2; a share must be from 0 to 1"),
        ("  ids: { user: { warn: 2 } }", 'id type "user" is not declared'),
        ("  drift: { stitch_rate: { User_id: { warn: 2 } } }", 'id type "User_id" is not declared'),
    ],
)
def test_bounds_that_make_no_sense(small: Path, text: str, message: str) -> None:
    """They are refused with their place, before anything runs."""
    bounds(small, text)

    with pytest.raises(onefold.ProjectError, match=re.escape(message)) as caught:
        onefold.load(small)

    assert re.match(r"onefold\.yaml:\d+:\d+", str(caught.value.findings[0].where))
