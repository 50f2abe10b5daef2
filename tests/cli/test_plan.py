"""pb plan: as text, Markdown and JSON; its exit code; the examples of its help; mistakes."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from typing import TYPE_CHECKING

import pytest

import onefold
from onefold.cli.plan import plan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Pb

LIMIT = "anonymous_id.maximum_edges.user_id=1"
"""Takes phone-1 out, which two people have used."""


@pytest.fixture
def published(pb: Pb, ran: Path) -> Pb:
    return pb


def test_text(published: Pb) -> None:
    """The verdict, what would split and why, and where to make the edit; progress goes to stderr."""
    done = published("plan", "--set", LIMIT, "--end_time", "2027-06-01")

    assert done.code == 0
    assert done.out.startswith(f"warn: all checks would pass; {LIMIT[:-2]}: not set → 1; nothing was published")
    assert "warn: user: 0 merged, 1 split, 0 retired, 0 grown, 0 shrunk, 0 created; 2 profiles unchanged" in done.out
    assert re.search(
        r"deleted; linked two parts of a profile\s+inputs/logins\s+excluded by maximum_edges\s+2", done.out
    )
    assert "set anonymous_id.maximum_edges.user_id to 1  at pb_project.yaml:" in done.out
    assert done.out.rstrip().endswith("pb run --end_time 2027-06-01T00:00:00Z")
    assert "planning: " in done.err


def test_markdown(published: Pb) -> None:
    """A comment for a pull request."""
    done = published("plan", "--set", LIMIT, "--format", "markdown")

    assert done.out.startswith("### What the next run would change\n\n**warn**: all checks would pass; ")
    assert "<details><summary>split (most ids moved first)</summary>" in done.out


def test_json(published: Pb) -> None:
    """One JSON object with its fields in the same order each time, steps last."""
    first, second = (
        json.loads(published("plan", *flag, "--end_time", "2027-06-01").out)
        for flag in (["--json"], ["--format", "json"])
    )

    assert first == second
    assert next(iter(first)) == "verdict"
    assert list(first)[-1] == "steps"
    assert {line["kind"]: line["profiles"] for line in first["changes"][0]["kinds"]}["unchanged"] == 3


def test_a_check_that_would_fail(published: Pb, small: Path) -> None:
    """The plan ends with 1, names the check, its place and the worst profile, and the run that follows ends likewise."""
    settings = small / "onefold.yaml"
    settings.write_text(settings.read_text().replace("largest: { warn: 1000 }", "largest: { fail: 3 }"))

    done = published("plan")

    assert done.code == 1
    assert done.out.startswith("fail: 1 check would fail, so the run would not publish")
    assert re.search(
        r"fail: user_id_stitcher: ids in the largest profile: 4 \(must be at most 3\) +at onefold.yaml:\d",
        done.out,
    )
    assert "publish the change" not in done.out
    assert published("run").code == 1


def test_newer_rows(pb: Pb) -> None:
    """Where newer rows play a part, the answer says how to see the change of the project alone."""
    pb("run", "--end_time", "2026-02-11")

    done = pb("plan")

    assert "exclude the effect of newer rows" in done.out
    command = next(line.strip() for line in done.out.splitlines() if "--end_time 2026-02-11T00:00:00Z" in line)
    assert "3 profiles unchanged" not in pb(*shlex.split(command)[1:]).out
    assert "0 merged, 0 split, 0 retired, 0 grown" in pb(*shlex.split(command)[1:]).out


def test_one_model(published: Pb) -> None:
    """The graph alone: no features are built or compared."""
    done = json.loads(published("plan", "-m", "models/user_id_stitcher", "--json").out)

    assert done["changes"][0]["features"] is None


def test_masks(published: Pb) -> None:
    """Emails are hidden unless asked for; with --mask every id is."""
    default, shown, hidden = (
        published("plan", "--set", LIMIT, *flag).out for flag in ((), ("--no-mask",), ("--mask",))
    )

    assert "ada@home" not in default
    assert "ada@home" in shown
    assert "phone-1" in shown
    assert "phone-1" not in hidden


def examples() -> list[str]:
    lines = (line.strip() for line in (plan.help or "").splitlines())
    return [re.split(r"\s{3,}", line)[0] for line in lines if line.startswith("pb plan")]


@pytest.mark.parametrize("line", [e for e in examples() if "filtered_identifies" not in e])
def test_examples_run(published: Pb, small: Path, line: str) -> None:
    """The examples of the help run on the minimal project; what it lacks is tried on the sample shop."""
    shutil.copytree(small, small / "other/checkout", ignore=shutil.ignore_patterns("output", "logs", "other"))

    done = published(*shlex.split(line)[1:])

    assert done.code == 0, done.err
    assert done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--set", "a=b"), 'error: "a=b" is not a setting'),
        (("--set", "most=3"), 'no model sets "most"'),
        (("--set", "models/x:most=3"), '"models/x" is not a SQL model of this project'),
        (("--set", "anonymous.maximum_edges.user_id=3"), 'did you mean "anonymous_id"?'),
        (("-m", "models/user_id_sticher"), "user_id_stitcher"),
    ],
)
def test_mistakes(published: Pb, arguments: tuple[str, ...], message: str) -> None:
    """A setting or a model that is not there is told with the way out."""
    done = published("plan", *arguments)

    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_before_a_run(pb: Pb, small: Path) -> None:
    """Before anything is published there is nothing to compare with, and no file is made."""
    done = pb("plan")

    assert done.code == 1
    assert "build and publish the project with `pb run`" in done.err
    assert not (small / "output").exists()


def test_a_new_entity(published: Pb, small: Path) -> None:
    """All profiles of a stitcher that has not been published yet are created."""
    project = small / "pb_project.yaml"
    project.write_text(
        project.read_text().replace(
            "id_types:\n  - name",
            "  - {name: device, id_stitcher: models/devices, id_types: [anonymous_id]}\n\nid_types:\n  - name",
            1,
        )
    )
    models = small / "models/profiles.yaml"
    models.write_text(
        models.read_text()
        .replace(
            "{select: anonymous_id, type: anonymous_id, entity: user}",
            "{select: anonymous_id, type: anonymous_id, entity: user}\n        - {select: anonymous_id, type: anonymous_id, entity: device}",
        )
        .replace(
            "models:\n",
            "models:\n  - name: devices\n    model_type: id_stitcher\n    model_spec: {entity_key: device, edge_sources: [{from: inputs/logins}]}\n",
            1,
        )
    )

    found = onefold.load(small).preview()

    assert [(c.entity, c.before.seq_no, c.count("created")) for c in found.changes] == [
        ("user", 1, 0),
        ("device", None, 4),
    ]
