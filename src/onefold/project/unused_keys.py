"""The records of a project that could not be read, so that references to them are not reported as unknown.

Takes keys and records that were dropped; returns an `Unread`, which rules query. Reads no file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KINDS = ("entity", "id type", "input", "model", "var", "macro", "catalog")
"""The kinds of records that others refer to by name."""

_KIND_OF = {
    "entities": "entity", "id_types": "id type", "inputs": "input", "models": "model", "macros": "macro",
    "catalogs": "catalog",
}  # fmt: skip
_REFERRED_TO_BY_NOBODY = frozenset({
    "name", "schema_version", "connection", "python_requirements", "carry_forward_privileges", "retention_period",
    "default_time_grain", "id_stitcher_rules", "allow_beta", "available_tags", "optimizations",
    "sql_dialect", "files", "placeholder_ids", "id_rules", "audit", "checks", "published_copy", "memory_limit",
})  # fmt: skip
"""Top-level keys of a file without records that rules look up."""


@dataclass(frozen=True)
class Lost:
    """A part of a file that is invalid and was dropped.

    Attributes:
        key: The top-level key that contains it.
        entry: The entry of the list under that key; None if the whole key is dropped.
    """

    key: str
    entry: Any = None

    def records(self) -> frozenset[tuple[str, str | None]]:
        """The records that are lost with it, as in `Unread`."""
        if self.key == "var_groups":
            return frozenset({("var", None)})
        kind = _KIND_OF.get(self.key)
        if kind is not None:
            name = self.entry.get("name") if isinstance(self.entry, Mapping) else None
            return frozenset({(kind, name.lower() if isinstance(name, str) else None)})
        # An unknown key may be a misspelled known one, and a package may have records of any kind.
        return frozenset() if self.key in _REFERRED_TO_BY_NOBODY else ANYTHING


ANYTHING: frozenset[tuple[str, str | None]] = frozenset((kind, None) for kind in KINDS)
"""Records of any kind and name: a file or a package."""


@dataclass(frozen=True)
class Unread:
    """Records that are declared but could not be read.

    Attributes:
        records: Kinds and lower-case names; no name stands for any name.
    """

    records: frozenset[tuple[str, str | None]] = frozenset()

    def may_have(self, kind: str, name: str) -> bool:
        """Whether a record of this kind and name may be among them."""
        return (kind, None) in self.records or (kind, name.lower()) in self.records

    def __or__(self, other: Unread) -> Unread:
        """The union of two."""
        return Unread(self.records | other.records)
