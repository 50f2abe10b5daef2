"""Numbers as Snowflake reads and writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.coercion.conversion import call, case, cast, contains, is_number_text, literal_text
from onefold.sql.coercion.kinds import scale_of

if TYPE_CHECKING:
    from onefold.sql.coercion.conversion import Conversion

_T = exp.DataType.Type
_EXACT_WHOLE = "9007199254740992"
"""Up to this value, a DOUBLE represents every whole number exactly."""


def of_text(conversion: Conversion) -> exp.Expr:
    """A text as a number: digits, a point, an exponent, spaces around. The engine would also accept 1_000 and 0x10."""
    text = literal_text(conversion.value)
    if text is not None and is_number_text(text):
        return conversion.plain()
    value, target = conversion.value, conversion.target
    if target.this in {_T.DECIMAL, _T.DOUBLE, _T.FLOAT}:
        number: exp.Expr = cast(value, target, is_safe=True)
    else:
        # A whole number, rounded half away from zero, as the engine rounds decimals.
        number = cast(cast(value, "DECIMAL(38, 0)", is_safe=True), target, is_safe=True)
    guarded = case((exp.Not(this=contains(value, "_")), number))
    return conversion.read(guarded, "number")


def of_float(conversion: Conversion) -> exp.Expr:
    """A DOUBLE as a whole number or a decimal, rounded half away from zero, not to even."""
    target = conversion.target
    if target.this in {_T.DOUBLE, _T.FLOAT}:
        return conversion.plain()
    scale = scale_of(target.sql("duckdb")) if target.this == _T.DECIMAL else 0
    rounded = exp.Round(this=conversion.value.copy(), decimals=exp.Literal.number(scale) if scale else None)
    return cast(rounded, target, is_safe=conversion.is_safe)


def float_as_text(conversion: Conversion) -> exp.Expr:
    """A DOUBLE as text: 101 and not 101.0; 15 digits, so that 0.1 + 0.2 is 0.3.

    A whole number keeps all of its digits. One that is too large to be exact is written so that different numbers have
    different texts: the text may be an id.
    """
    value = conversion.value if "DOUBLE" in conversion.source.upper() else cast(conversion.value, "DOUBLE")
    whole = cast(cast(value, "BIGINT"), conversion.target)
    large = exp.GT(this=exp.Abs(this=value.copy()), expression=exp.Literal.number(_EXACT_WHOLE))
    return case(
        (call("ISNAN", value), exp.Literal.string("NaN")),
        (large, cast(value, conversion.target)),
        (exp.EQ(this=value.copy(), expression=call("TRUNC", value)), whole),
        otherwise=call("PRINTF", exp.Literal.string("%.15g"), value),
    )
