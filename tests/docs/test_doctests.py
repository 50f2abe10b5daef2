"""The examples in docstrings."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest

import onefold

_SOURCE = Path(onefold.__file__).parent
_MODULES = sorted(
    "onefold." + ".".join(file.relative_to(_SOURCE).with_suffix("").parts)
    for file in _SOURCE.rglob("*.py")
    if re.search(r">>> (?!.*doctest: \+SKIP)", file.read_text(encoding="utf-8"))
)


@pytest.mark.parametrize("name", _MODULES)
def test_examples_in_docstrings_give_what_they_say(name: str) -> None:
    """Each example of a module prints what stands below it."""
    outcome = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert outcome.attempted > 0
    assert outcome.failed == 0
