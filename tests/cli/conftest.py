"""Projects for tests of the command line, and a way to call it as a user does."""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol
from unittest.mock import patch

import pytest

import onefold
import onefold.starters
from onefold.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


class Pb(Protocol):
    def __call__(self, *arguments: str, stdin: str = "") -> Done: ...


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The minimal project, in a folder of its own."""
    folder = tmp_path / "small"
    onefold.starters.start("minimal", folder)
    return folder


@pytest.fixture(scope="session")
def ran_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The minimal project, which has run. Not to be opened, only to be copied."""
    folder = tmp_path_factory.mktemp("ran") / "small"
    onefold.starters.start("minimal", folder)
    assert onefold.load(folder).run().published
    return folder


@pytest.fixture
def ran(small: Path, ran_once: Path) -> Path:
    """``small``, after a run."""
    return shutil.copytree(ran_once, small, dirs_exist_ok=True)


def call(folder: Path, *arguments: str, stdin: str = "") -> Done:
    """``pb`` in a folder, in this process: one of its own takes a second to start, and few tests are about that."""
    out, err = _stream(), _stream()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        patch.object(sys, "stdin", _stream(stdin)),
    ):
        code = run(list(arguments))
    return Done(code, _written(out), _written(err))


def _stream(content: str = "") -> io.TextIOWrapper:
    """A stream that is no terminal, as a pipe to another program."""
    held = io.BytesIO(content.encode())
    return io.TextIOWrapper(held, encoding="utf-8", errors="backslashreplace", write_through=True)


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


@pytest.fixture
def pb(small: Path) -> Pb:
    """``pb`` in the folder of the minimal project."""
    return partial(call, small)
