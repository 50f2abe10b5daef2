"""Server and command for all parity tests, and the count of what they compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.parity import servers
from tests.parity.harness import COUNTS, DIFFERED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def server() -> Iterator[servers.Server]:
    """A PostgreSQL of its own."""
    with servers.postgres() as running:
        yield running


@pytest.fixture(scope="session")
def reference() -> Path:
    """The reference command."""
    return servers.reference()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was compared."""
    if COUNTS:
        said = ", ".join(f"{number:,} {what}" for what, number in COUNTS.items())
        terminalreporter.write_line(f"compared with the reference command, all equal unless told above: {said}")
    if DIFFERED:
        terminalreporter.write_line(f"different on purpose, by kind: {len(DIFFERED)}")
        for kind, says in DIFFERED.items():
            terminalreporter.write_line(f"  {kind}: {says}")
