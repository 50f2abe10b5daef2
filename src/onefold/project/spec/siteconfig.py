"""``siteconfig.yaml``: connections and secrets."""

from __future__ import annotations

from typing import Any

from pydantic import (
    Field,
)

from onefold.project.spec.record import Record


class Connection(Record):
    """A named connection: outputs by target name; their keys depend on ``type`` (``settings`` checks them)."""

    target: str
    outputs: dict[str, dict[str, Any]] = Field(repr=False)


class SiteConfig(Record):
    """``~/.pb/siteconfig.yaml``: connections and secrets. Never logged, never written to artifacts."""

    connections: dict[str, Connection] = {}
    gitcreds: Any = Field(default=None, repr=False)
    block_store_creds: Any = Field(default=None, repr=False)
    aws_credential: Any = Field(default=None, repr=False)
    py_models: Any = Field(default=None, repr=False)
    cache_dir: str | None = None
    filepath: str | None = None
