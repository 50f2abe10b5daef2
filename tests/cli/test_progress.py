"""What somebody sees who watches a run on a terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import onefold.starters

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = "from onefold.cli.main import main; main()"


def watched(folder: Path, *arguments: str) -> str:
    """What a command writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm", "NO_COLOR": "1"}
    command = [sys.executable, "-c", PROGRAM, *arguments]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs, env=environment) as process:
        os.close(theirs)
        parts = []
        while part := _read(ours):
            parts.append(part)
    os.close(ours)
    assert process.returncode == 0
    return b"".join(parts).decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux says that nobody writes to it any more
        return b""


def left_on_screen(written: str) -> list[str]:
    """The lines of a terminal at the end, without those that are blank."""
    lines = []
    for line in written.split("\n"):
        cells: list[str] = []
        for part in line.split("\r"):
            cells[: len(part)] = part
        lines.append("".join(cells).rstrip())
    return [line for line in lines if line]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run of the minimal project writes."""
    folder = tmp_path_factory.mktemp("watched") / "small"
    onefold.starters.start("minimal", folder)
    return watched(folder, "run")


def test_a_bar_says_which_model_is_under_way(written: str) -> None:
    """While a run goes on, one line shows how much is done, and the model that is being made."""
    assert re.search(r"\r\[=* *\] +\d+ s  1/\d+ models/\w+", written)


def test_the_bar_goes_away(written: str) -> None:
    """When a run is over, a line per model is left, and nothing of the bar."""
    screen = left_on_screen(written)

    assert not [line for line in screen if "[=" in line or "[ " in line]
    assert [line for line in screen if re.match(r"1/\d+ models/\w+: \d+ rows, \d+\.\d\d s$", line)]


def test_the_bar_is_no_wider_than_the_terminal(written: str) -> None:
    """A line that is drawn over is never wrapped: of a wrapped one a part would stay."""
    assert max(len(part) for part in written.replace("\n", "\r").split("\r") if part.startswith("[")) < 80
