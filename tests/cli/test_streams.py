"""Standard streams that are closed, full or read by nobody: a run publishes all the same, and an answer is an error."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import onefold
from onefold.cli import console
from onefold.printable import shown

if TYPE_CHECKING:
    from tests.cli.conftest import Pb

FULL = Path("/dev/full")

needs_full = pytest.mark.skipif(not FULL.exists(), reason="the system has no /dev/full")


def shell(folder: Path, redirections: str, *words: str) -> subprocess.CompletedProcess[str]:
    """``pb`` with streams as a shell sets them up; what is not redirected is captured."""
    command = f'exec "$0" -m onefold.cli.main {" ".join(words)} {redirections}'
    return subprocess.run(
        ["sh", "-c", command, sys.executable], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def published(folder: Path) -> int:
    """The sequence number that was published last."""
    return max(r.seq_no for r in onefold.load(folder).runs() if r.published_at is not None)


@pytest.mark.parametrize(
    "redirections",
    [">&-", ">&- 2>&-", *([">/dev/full 2>&1"] if FULL.exists() else [])],
)
def test_a_run_publishes_whatever_becomes_of_its_words(small: Path, redirections: str) -> None:
    """A closed or full stream costs the run its summary or its progress, nothing else; its exit code says that."""
    done = shell(small, redirections, "run")
    assert (done.returncode, published(small)) == (0, 1)
    assert "Traceback" not in done.stderr


def test_a_run_outlives_its_reader(small: Path) -> None:
    """`pb run 2>&1 | head -1` publishes, and ends with 0."""
    command = [sys.executable, "-m", "onefold.cli.main", "run"]
    with subprocess.Popen(command, cwd=small, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(120) == 0
    assert published(small) == 1


@needs_full
def test_a_lost_summary_is_mentioned(small: Path) -> None:
    """Where the summary cannot be written, stderr says so and why."""
    assert (
        "could not print the summary: cannot write to standard output: the disk is full"
        in shell(small, ">/dev/full", "run").stderr
    )


@pytest.mark.parametrize("redirection", [">&-", *([">/dev/full"] if FULL.exists() else [])])
@pytest.mark.parametrize("words", [("show", "models"), ("schema", "onefold")])
def test_an_answer_that_cannot_be_written_is_an_error(small: Path, words: list[str], redirection: str) -> None:
    """A question whose answer is lost ends with 1 and says why, without a traceback."""
    done = shell(small, redirection, *words)
    assert done.returncode == 1
    assert "cannot write to standard output" in done.stderr
    assert "fault of onefold" not in done.stderr


@pytest.mark.usefixtures("heard_interrupt")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_says_so(small: Path, number: signal.Signals) -> None:
    """SIGTERM, from a scheduler, ends a run as Ctrl-C does: code 1, a line in the log, and the next run works."""
    slow = "SELECT COUNT(*) AS n FROM range(100000000000) a"
    (small / "models/slow.yaml").write_text(
        "models:\n  - name: slow\n    model_type: sql_template\n    model_spec:\n"
        f"      materialization: {{output_type: table}}\n      single_sql: {slow}\n"
    )
    command = [sys.executable, "-m", "onefold.cli.main", "run", "-m", "models/slow"]
    with subprocess.Popen(command, cwd=small, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("starting run 1")
        time.sleep(0.5)
        os.kill(process.pid, number)
        assert process.wait(60) == 1
        assert "stopped" in process.stderr.read()
    assert "interrupted" in (small / "logs/pb.log").read_text()
    (small / "models/slow.yaml").unlink()
    assert onefold.load(small).run().published


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b]0;title\x07", "\\u001b]0;title\\u0007"),
        ("\x1b[8mhidden", "\\u001b[8mhidden"),
        ("abc\u202ecba", "abc\\u202ecba"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("over\rwritten", "over\\u000dwritten"),
        ("\x9b31m", "\\u009b31m"),
        ("família 👨\u200d👩 שלום", "família 👨\u200d👩 שלום"),
    ],
)
def test_control_characters_reach_no_terminal(text: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a terminal would act on is written as an escape; letters of any script stay."""
    console.data(console.table(("id",), [(text,)]))
    console.data(text)
    console.say(text)
    shown = capsys.readouterr()
    assert shown.out.splitlines() == ["id", expected, expected]
    assert shown.err.splitlines() == [expected]


def test_ids_with_escape_sequences_are_shown_as_text(small: Path, pb: Pb) -> None:
    """An id that holds an escape sequence is harmless in a query, in JSON it is the same id."""
    assert pb("run").code == 0
    done = pb("query", "SELECT CHR(27) || '[31mred' AS id")
    assert done.out.splitlines()[1] == "\\u001b[31mred"
    assert "\\u001b[31mred" in pb("query", "SELECT CHR(27) || '[31mred' AS id", "--json").out


def test_long_words_are_cut_in_text() -> None:
    """A message names a very long id by its ends and its length."""
    found = shown(f"the id {'x' * 80_000} is alone")
    assert len(found) < 300
    assert "(80,000 characters) is alone" in found
