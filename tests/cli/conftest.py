"""Projects for tests of the command line, and a way to call it as a user does."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

import pytest

import onefold.starters

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


class Pb(Protocol):
    def __call__(self, *arguments: str, stdin: str | None = None) -> Done: ...


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The minimal project, in a folder of its own."""
    folder = tmp_path / "small"
    onefold.starters.start("minimal", folder)
    return folder


def call(folder: Path, *arguments: str, stdin: str | None = None) -> Done:
    """``pb`` in a folder, in a process of its own."""
    command = [sys.executable, "-m", "onefold.cli.main", *arguments]
    done = subprocess.run(
        command, cwd=folder, input=stdin or "", capture_output=True, text=True, timeout=120, check=False
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def pb(small: Path) -> Pb:
    """``pb`` in the folder of the minimal project."""
    return partial(call, small)
