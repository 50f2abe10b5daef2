"""The examples in docstrings."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.sample_shop import copy_published

import onefold
from onefold.audit.questions import Audit
from onefold.report.html_report import MadeReport
from onefold.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOURCE = Path(onefold.__file__).parent
_MODULES = sorted(
    "onefold." + ".".join(file.relative_to(_SOURCE).with_suffix("").parts)
    for file in _SOURCE.rglob("*.py")
    if ">>> " in file.read_text(encoding="utf-8")
)
_OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS

PUBLIC = {getattr(onefold, name) for name in onefold.__all__ if name != "__version__"} | {Audit, MadeReport, Rules}
"""What `import onefold` gives, and what its methods return to ask further."""


@pytest.mark.parametrize("name", _MODULES)
def test_examples_in_docstrings_give_what_they_say(
    name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each example of a module prints what stands below it. ``project`` in one is the sample shop after a run."""
    failed = []
    for number, example in enumerate(doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(name))):
        if not example.examples:
            continue
        if any(re.search(r"\bproject\.|\bload\(\"\.\"\)", one.source) for one in example.examples):
            folder = copy_published(tmp_path / str(number), tmp_path_factory)
            monkeypatch.chdir(folder)
            example.globs |= {"onefold": onefold, "project": onefold.load(folder)}
        said: list[str] = []
        doctest.DocTestRunner(optionflags=_OPTIONS).run(example, out=said.append)
        failed += said

    assert not failed, "".join(failed)


def _public() -> Iterator[tuple[str, object]]:
    """Each public function and method, and each class that is used by itself, by name."""
    for thing in PUBLIC:
        methods = {name: value for name, value in vars(thing).items() if inspect.isfunction(value) and name[0] != "_"}
        if thing is onefold.Observer or not methods:
            yield thing.__qualname__, thing
        else:
            yield from ((f"{thing.__qualname__}.{name}", method) for name, method in methods.items())


def test_everything_public_has_an_example() -> None:
    """A class, function or method of the Python interface shows itself at work in its docstring."""
    assert [name for name, thing in _public() if ">>> " not in (inspect.getdoc(thing) or "")] == []
