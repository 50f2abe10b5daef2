"""The base class of records: frozen mappings of the format with their locations, and the types of their scalars.

Every record has ``at``: its location and the locations of its keys. Records are created from ``source.YamlMap``, which
knows the locations, after ``legacy`` has renamed old keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    WithJsonSchema,
    model_validator,
)
from pydantic.fields import FieldInfo  # noqa: TC002 - pydantic reads annotations at run time
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from onefold.errors import Location

NOWHERE = Location("<memory>", 1, 1)


@dataclass(frozen=True)
class Positions:
    """The locations of a mapping and its parts.

    Attributes:
        start: Location of the mapping.
        values: Location of the value of each key.
        keys: Location of each key.
        items: Locations of the entries of each list.
    """

    start: Location = NOWHERE
    values: dict[str, Location] = field(default_factory=dict)
    keys: dict[str, Location] = field(default_factory=dict)
    items: dict[str, tuple[Location, ...]] = field(default_factory=dict)

    def __deepcopy__(self, _: object) -> Self:
        """Itself, as nothing of it changes; pydantic copies the defaults of every record that it makes."""
        return self

    def value(self, key: str) -> Location:
        """Location of the value of ``key``; of the mapping if the key was not written."""
        return self.values.get(key, self.start)

    def key(self, key: str) -> Location:
        """Location of ``key`` itself; of the mapping if the key was not written."""
        return self.keys.get(key, self.start)

    def item(self, key: str, index: int) -> Location:
        """Location of entry ``index`` of the list under ``key``, or the nearest known location."""
        items = self.items.get(key, ())
        return items[index] if index < len(items) else self.value(key)


class Record(BaseModel):
    """A mapping of the format: frozen, rejects unknown keys, keeps locations in ``at``.

    A validator is built when the first file of its kind is read, not when the class is defined. Default records are
    created by ``model_construct``, which needs no validator and keeps ``model_fields_set`` the same.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)

    at: SkipJsonSchema[Positions] = Field(default=Positions(), exclude=True, repr=False)

    def __deepcopy__(self, _: object) -> Self:  # type: ignore[override]
        """Itself, as `Positions`."""
        return self

    @model_validator(mode="before")
    @classmethod
    def _keep_positions(cls, data: Any) -> Any:
        """Copy the locations of a YamlMap into ``at``; other mappings are unchanged.

        A known key without a value counts as not written, as in the reference command.
        """
        positions = getattr(data, "positions", None)
        if not isinstance(positions, Positions):
            return data
        if "at" in data:
            raise PydanticCustomError("key_at", "at is not a key of the format")
        known = keys_of(cls)
        return {**{k: v for k, v in data.items() if v is not None or k not in known}, "at": positions}


@cache
def keys_of(cls: type[Record]) -> dict[str, FieldInfo]:
    """The fields of a record by YAML key."""
    return {f.alias or name: f for name, f in cls.model_fields.items() if name != "at"}


def _number_as_text(value: Any) -> Any:
    """SQL may be written as a plain YAML scalar (``select: 1``, ``default_value: false``)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return getattr(value, "text", str(value)) if isinstance(value, int | float) else value


SCALAR_SCHEMA = {"type": ["string", "number", "boolean"]}


Sql = Annotated[str, BeforeValidator(_number_as_text), WithJsonSchema(SCALAR_SCHEMA)]
"""A SQL expression or query in the author dialect, possibly a template."""


WholeNumber = Annotated[int, Strict()]
"""A number without a fraction; rejects ``true`` and text."""


Path = str
"""A reference to a model: ``inputs/orders``, ``models/user_id_stitcher``, ``user/all`` (case-insensitive)."""


def _as_tuple(value: Any) -> Any:
    """``order_by: ts desc`` means a list with one entry."""
    return (value,) if isinstance(value, str) else value


SqlList = Annotated[
    tuple[Sql, ...],
    BeforeValidator(_as_tuple),
    WithJsonSchema({"anyOf": [{"type": "array", "items": SCALAR_SCHEMA}, {"type": "string"}]}),
]
"""SQL expressions: a list, or a single text."""
