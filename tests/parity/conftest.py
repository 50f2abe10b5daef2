"""Server and command for the parity tests of one worker, and the count of what all of them compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that started this worker what was compared in it."""
    told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if told is not None:
        told["parity"] = (dict(COUNTS), DIFFERED)


class _Workers:
    """Adds up what workers tell."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        counts, differed = getattr(node, "workeroutput", {}).get("parity", ({}, {}))
        COUNTS.update(counts)
        DIFFERED.update(differed)


def pytest_configure(config: pytest.Config) -> None:
    """Listen to workers, where there are any."""
    config.pluginmanager.register(_Workers())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was compared."""
    if COUNTS:
        said = ", ".join(f"{number:,} {what}" for what, number in COUNTS.items())
        terminalreporter.write_line(f"compared with the reference command, all equal unless told above: {said}")
    if DIFFERED:
        terminalreporter.write_line(f"different on purpose, by kind: {len(DIFFERED)}")
        for kind, says in DIFFERED.items():
            terminalreporter.write_line(f"  {kind}: {says}")
