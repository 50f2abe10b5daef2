"""pb audit: every verb as text and as JSON, masks, the examples of the help texts, and mistakes."""

from __future__ import annotations

import json
import re
import shlex
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.conftest import call

import onefold
import onefold.starters
from onefold.cli.audit import audit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Pb

VERBS = {
    "id_stitcher": (), "clusters": (), "cluster": ("ada",), "explain": ("ada", "ada@home"), "bridges": (),
    "diff": (), "features": (), "sample": (), "thresholds": ("--of", "anonymous_id", "--counts", "user_id"),
}  # fmt: skip
"""Every verb, with arguments that give it something to say."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The minimal project, which has run twice. Only to be asked."""
    folder = tmp_path_factory.mktemp("asked") / "small"
    onefold.starters.start("minimal", folder)
    onefold.load(folder).run(end_time="2026-02-11")
    onefold.load(folder).run()
    return folder


@pytest.fixture
def asked(built: Path) -> Pb:
    """``pb`` in that project."""
    return partial(call, built)


def examples() -> list[str]:
    """The lines of the help texts that begin with ``pb audit``."""
    texts = [command.help or "" for command in audit.commands.values()]
    return [line.strip() for text in texts for line in text.splitlines() if line.strip().startswith("pb audit")]


def test_every_verb_is_tried() -> None:
    """This list has every verb, and each verb's help has an example."""
    assert set(VERBS) == set(audit.commands)
    assert {line.split()[2] for line in examples()} == set(VERBS)


@pytest.mark.parametrize("line", examples())
def test_examples_run(asked: Pb, line: str) -> None:
    """The example of a help text runs on the minimal project, begins with an answer and ends with a next step."""
    done = asked(*shlex.split(line)[1:])

    assert done.code == 0, done.err
    assert "next\n" in done.out


@pytest.mark.parametrize("verb", VERBS)
def test_json(asked: Pb, verb: str) -> None:
    """The answer as one JSON object; its fields come in the same order each time, and steps come last."""
    first, second = (asked("audit", verb, *VERBS[verb], "--json").out for _ in range(2))

    assert first == second
    found = json.loads(first)
    assert list(found)[-1] == "steps"
    assert all(set(step) == {"what", "where", "command", "outcome"} for step in found["steps"])


def test_health(asked: Pb) -> None:
    """The verdict comes first, and each bound says where it is set."""
    done = asked("audit", "id_stitcher")

    assert done.out.startswith("warn: profiles, change since run 1: +200.0%")
    assert re.search(r"ids in the largest profile\s+4\s+pass\s+at most 1,000\s+onefold.yaml:\d+:\d+", done.out)
    assert re.search(r"anonymous_id\s+4\s+0\s+3", done.out)


def test_explain(asked: Pb) -> None:
    """A chain names each link, its source, its rows and times, and the row itself."""
    done = asked("audit", "explain", "ada", "ada@home")

    assert "joined: user_id ada and user_id a…@home" in done.out
    assert "─► anonymous_id phone-1" in done.out
    assert "inputs/logins: 1 row, 2026-02-11 18:00:00" in done.out
    assert "user_id=ada, anonymous_id=phone-1, logged_in_at=2026-02-11 18:00:00" in done.out
    assert "user_id=ada" not in asked("audit", "explain", "ada", "ada@home", "--no-rows").out


def test_masks(asked: Pb) -> None:
    """Emails are hidden unless asked for; with --mask every id is, in commands and source rows too."""
    asked("run")
    ids = ("explain", "ada", "ada@home")

    default, shown, hidden = (asked("audit", *ids, *flag).out for flag in ((), ("--no-mask",), ("--mask",)))

    assert "ada@home" not in default
    assert "a…@home~" in default
    assert "phone-1" in default
    assert "ada@home" in shown
    assert "phone-1" not in hidden
    assert "ada" not in re.sub(r"…@home~\w+", "", hidden)
    assert len(set(re.findall(r"…[\w@]*~\w{4}", hidden))) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("cluster", "nobody"), 2, 'no id and no profile is "nobody"'),
        (("explain",), 2, "Missing argument 'ID'"),
        (("thresholds", "--of", "user_id"), 2, "use --of and --counts together"),
        (("thresholds", "--of", "userid", "--counts", "user_id"), 2, 'did you mean "user_id"?'),
        (("clusters", "--top", "0"), 2, "0 is not in the range"),
        (("clusters", "--entity", "usr"), 2, 'did you mean "user"?'),
        (("diff", "--from", "7"), 2, "run 7 has not built the graph"),
        (("diff", "--from", "1", "--to", "1"), 2, "run 1 is compared with itself"),
        (("health",), 2, "No such command 'health'"),
    ],
)
def test_mistakes(asked: Pb, arguments: tuple[str, ...], code: int, message: str) -> None:
    """A wrong flag, id or entity is told with the way out."""
    done = asked("audit", *arguments)

    assert (done.code, done.out) == (code, "")
    assert message in done.err


def test_diff(asked: Pb) -> None:
    """The verdict first; then who changed how, which edges did it and when, and features; each table has its kind."""
    done = asked("audit", "diff", "--from", "1", "--to", "2")

    assert done.out.startswith(
        "pass: user: 0 merged, 0 split, 0 retired, 1 grown, 0 shrunk, 2 created; 0 profiles unchanged"
    )
    assert re.search(r"brought new ids\s+inputs/logins\s+new rows\s+2", done.out)
    assert re.search(r"2026-03-01\s+0\s+1\s+0", done.out)
    assert re.search(r"total_orders\s+1\s+100.0%\s+0\s+0\s+2\s", done.out)


def test_diff_for_a_pull_request(asked: Pb) -> None:
    """Markdown has the same tables, the long ones folded away, and calls nobody by name."""
    done = asked("audit", "diff", "--from", "2", "--to", "1", "--no-mask", "--format", "markdown")

    assert done.out.startswith("### Identity of user, run 2 to run 1\n\n**warn**: user: 0 merged, 0 split, 2 retired")
    tables = [line for line in done.out.splitlines() if line.startswith("| ---")]
    assert len(tables) >= 6
    assert done.out.count("<details>") == done.out.count("</details>") >= 2
    assert "ada&#64;home" in done.out
    assert "ada@home" not in done.out


def test_diff_of_a_stopped_run(pb: Pb, small: Path) -> None:
    """A run that a check stopped is compared by its number, and by default, as it was the last to build the graph."""
    pb("run", "--end_time", "2026-02-11")
    settings = small / "onefold.yaml"
    settings.write_text(settings.read_text().replace("largest: { warn: 1000 }", "largest: { fail: 3 }"))
    assert pb("run").code == 1

    answer = json.loads(pb("audit", "diff", "--json").out)

    assert [(answer[side]["seq_no"], answer[side]["is_published"]) for side in ("before", "after")] == [
        (1, True), (2, False),
    ]  # fmt: skip
    assert answer["steps"][-1]["command"] == "pb audit id_stitcher --seq_no 2"


@pytest.mark.parametrize("verb", VERBS)
def test_before_a_run(pb: Pb, verb: str) -> None:
    """Before anything was built, each verb says so."""
    done = pb("audit", verb, *VERBS[verb])

    assert done.code == 1
    assert "pb run" in done.err
    assert "Traceback" not in done.err


def test_after_a_run_of_one_model(pb: Pb) -> None:
    """The graph alone can be asked; features that were never built are told."""
    pb("run", "-m", "models/user_id_stitcher")

    sample: dict[str, Any] = json.loads(pb("audit", "sample", "--json").out)

    assert sample["lines"][0]["features"] == {}
    done = pb("audit", "features")
    assert done.code == 1
    assert "have not been published" in done.err


def test_an_as_of_run(pb: Pb) -> None:
    """A run of an earlier time publishes nothing, so the audit goes on with what is published."""
    pb("run", "--end_time", "2026-10-31")
    pb("run", "--end_time", "2026-02-01")

    assert json.loads(pb("audit", "id_stitcher", "--json").out)["seq_no"] == 1
