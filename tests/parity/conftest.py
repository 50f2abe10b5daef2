"""Server and command for all parity tests, and the count of what they compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.parity import servers

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
