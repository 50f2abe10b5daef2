"""A mapping of the format as a frozen record, and where it stands in its file; the types of its scalars.

Every record has ``at``: where it stands, and where each of its keys stands. Records are made from ``source.YamlMap``,
which knows the positions, after ``legacy`` has renamed old keys.
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
    """Where a mapping stands in its file, and where its parts stand.

    Attributes:
        start: The mapping itself.
        values: The value of each key.
        keys: Each key.
        items: The entries of each value that is a list.
    """

    start: Location = NOWHERE
    values: dict[str, Location] = field(default_factory=dict)
    keys: dict[str, Location] = field(default_factory=dict)
    items: dict[str, tuple[Location, ...]] = field(default_factory=dict)

    def __deepcopy__(self, _: object) -> Self:
        """Itself, as nothing of it changes; pydantic copies the defaults of every record that it makes."""
        return self

    def value(self, key: str) -> Location:
        """Where the value of ``key`` stands, or the mapping itself if the key was not written."""
        return self.values.get(key, self.start)

    def key(self, key: str) -> Location:
        """Where ``key`` itself stands, or the mapping if it was not written."""
        return self.keys.get(key, self.start)

    def item(self, key: str, index: int) -> Location:
        """Where entry ``index`` of the list under ``key`` stands, or the nearest thing that is known."""
        items = self.items.get(key, ())
        return items[index] if index < len(items) else self.value(key)


class Record(BaseModel):
    """A mapping of the format: frozen, unknown keys are errors, positions kept in ``at``.

    A validator is built when a file of its kind is read, not when a class is defined. Defaults that are records are
    made by ``model_construct``: it needs no validator, and ``model_fields_set`` says the same.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)

    at: SkipJsonSchema[Positions] = Field(default=Positions(), exclude=True, repr=False)

    def __deepcopy__(self, _: object) -> Self:  # type: ignore[override]
        """Itself, as `Positions`."""
        return self

    @model_validator(mode="before")
    @classmethod
    def _keep_positions(cls, data: Any) -> Any:
        """Carry the positions of a YamlMap into ``at``; other mappings stay as they are.

        A known key without a value is as good as not written, as in the reference command.
        """
        positions = getattr(data, "positions", None)
        if not isinstance(positions, Positions):
            return data
        if "at" in data:
            raise PydanticCustomError("key_at", "at is no key of the format")
        known = keys_of(cls)
        return {**{k: v for k, v in data.items() if v is not None or k not in known}, "at": positions}


@cache
def keys_of(cls: type[Record]) -> dict[str, FieldInfo]:
    """The fields of a record by their YAML key."""
    return {f.alias or name: f for name, f in cls.model_fields.items() if name != "at"}


def _number_as_text(value: Any) -> Any:
    """SQL may be written as a bare YAML scalar (``select: 1``, ``default_value: false``)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return getattr(value, "text", str(value)) if isinstance(value, int | float) else value


SCALAR_SCHEMA = {"type": ["string", "number", "boolean"]}


Sql = Annotated[str, BeforeValidator(_number_as_text), WithJsonSchema(SCALAR_SCHEMA)]
"""A SQL expression or query in the author dialect, possibly with template parts."""


WholeNumber = Annotated[int, Strict()]
"""A number without a fraction; neither ``true`` nor text counts as one."""


Path = str
"""A reference to a model: ``inputs/orders``, ``models/user_id_stitcher``, ``user/all`` (case-insensitive)."""


def _as_tuple(value: Any) -> Any:
    """``order_by: ts desc`` means a list of one."""
    return (value,) if isinstance(value, str) else value


SqlList = Annotated[
    tuple[Sql, ...],
    BeforeValidator(_as_tuple),
    WithJsonSchema({"anyOf": [{"type": "array", "items": SCALAR_SCHEMA}, {"type": "string"}]}),
]
"""SQL expressions: a list, or one text."""
