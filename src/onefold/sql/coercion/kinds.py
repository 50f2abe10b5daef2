"""The kinds of types that rules distinguish. Takes the name of an engine type; returns a ``Kind``."""

from __future__ import annotations

from enum import Enum, auto


class Kind(Enum):
    """The kind of a type; several engine types can have the same kind."""

    TEXT = auto()
    WHOLE = auto()
    DECIMAL = auto()
    FLOAT = auto()
    BOOLEAN = auto()
    DATE = auto()
    TIME = auto()
    TIMESTAMP = auto()
    TIMESTAMPTZ = auto()
    DOCUMENT = auto()
    """JSON: Snowflake's VARIANT, and its ARRAY and OBJECT if they come from a document."""
    LIST = auto()
    STRUCT = auto()
    NULL = auto()
    OTHER = auto()


NUMBERS = frozenset({Kind.WHOLE, Kind.DECIMAL, Kind.FLOAT})
MOMENTS = frozenset({Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ})
TIMES = MOMENTS | {Kind.TIME}
STRUCTURES = frozenset({Kind.DOCUMENT, Kind.LIST, Kind.STRUCT})

_NAMED = {
    "VARCHAR": Kind.TEXT, "TEXT": Kind.TEXT, "CHAR": Kind.TEXT, "STRING": Kind.TEXT,
    "TINYINT": Kind.WHOLE, "SMALLINT": Kind.WHOLE, "INT": Kind.WHOLE,
    "INTEGER": Kind.WHOLE, "BIGINT": Kind.WHOLE, "HUGEINT": Kind.WHOLE,
    "UTINYINT": Kind.WHOLE, "USMALLINT": Kind.WHOLE, "UINTEGER": Kind.WHOLE, "UBIGINT": Kind.WHOLE,
    "UHUGEINT": Kind.WHOLE, "BIGNUM": Kind.WHOLE, "INTEGER_LITERAL": Kind.WHOLE,
    "FLOAT": Kind.FLOAT, "REAL": Kind.FLOAT, "DOUBLE": Kind.FLOAT,
    "BOOLEAN": Kind.BOOLEAN, "DATE": Kind.DATE, "TIME": Kind.TIME, "TIME_NS": Kind.TIME,
    "TIMESTAMP": Kind.TIMESTAMP, "TIMESTAMP_S": Kind.TIMESTAMP, "TIMESTAMP_MS": Kind.TIMESTAMP,
    "TIMESTAMP_NS": Kind.TIMESTAMP, "DATETIME": Kind.TIMESTAMP,
    "TIMESTAMP WITH TIME ZONE": Kind.TIMESTAMPTZ, "TIMESTAMPTZ": Kind.TIMESTAMPTZ,
    "JSON": Kind.DOCUMENT, "VARIANT": Kind.DOCUMENT, "NULL": Kind.NULL,
}  # fmt: skip


def kind_of(name: str) -> Kind:
    """The kind of an engine type, for example ``DECIMAL(10,2)``, ``VARCHAR[]`` or ``"NULL"``."""
    spelled = name.strip().strip('"').upper()
    if spelled.endswith("]"):
        return Kind.LIST
    if spelled.startswith(("STRUCT(", "MAP(", "UNION(")):
        return Kind.STRUCT
    if spelled.startswith(("DECIMAL", "NUMERIC")):
        return Kind.WHOLE if scale_of(spelled) == 0 else Kind.DECIMAL
    return _NAMED.get(spelled.partition("(")[0].strip(), Kind.OTHER)


def scale_of(name: str) -> int:
    """Digits after the decimal point of a DECIMAL type, 0 for other types."""
    inside = name.partition("(")[2].rstrip(")")
    digits = inside.partition(",")[2].strip()
    return int(digits) if digits.isdecimal() else 0
