"""Rules for TO_CHAR and TO_NUMBER with the format of a number, ``$9,999.00``.

A format has literals around it, digits, at most one point, and a sign. Exponents, Roman numerals, and hexadecimal
digits with a sign are not supported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile.functions import filled, literal

if TYPE_CHECKING:
    from onefold.sql.transpile.functions import Arguments, Meaning

_NUMERIC = re.compile(
    r"""(?P<before>(?:"[^"]*")*)(?P<fill>FM)?(?P<sign>S)?(?P<dollar>\$)?(?P<blank>B)?(?P<dollar2>\$)?
        (?P<whole>[09][09,G]*)?(?:[.D](?P<fraction>[09]*))?(?P<after_sign>S|MI)?(?P<behind>(?:"[^"]*")*)""",
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = re.compile(r'(?P<before>(?:"[^"]*")*)(?:TM9|TM)(?P<behind>(?:"[^"]*")*)', re.IGNORECASE)
_HEXADECIMAL = re.compile(r'(?P<before>(?:"[^"]*")*)(?P<digits>0?X+)(?P<behind>(?:"[^"]*")*)', re.IGNORECASE)
_LOOKS_NUMERIC = re.compile(r"[09X]|TM", re.IGNORECASE)
_LETTERS_OF_TIMES = re.compile(r"YY|MM|MON|DD|DY|HH|SS|FF\d?|TZ|AM|PM|UUUU", re.IGNORECASE)


@dataclass(frozen=True)
class _Format:
    """A format of a number.

    Attributes:
        whole: Its digits before the point: ``9``, ``0`` and commas.
        fraction: Its digits after the point; None without a point.
        short: Whether only zeros that a ``0`` requires are written: before the point, and with FM at the end.
        sign: ``S`` or ``MI`` if it states the place of the sign, otherwise an empty text.
        leads: Whether the sign comes before the number.
    """

    before: str
    fill: bool
    sign: str
    leads: bool
    dollar: bool
    blank: bool
    whole: str
    fraction: str | None
    behind: str
    short: bool = False

    @property
    def digits(self) -> int:
        """The maximum number of digits before the point."""
        return len(self.whole) - self.whole.count(",")

    @property
    def zeros(self) -> int:
        """The minimum number of digits before the point."""
        plain = self.whole.replace(",", "")
        return len(plain) - plain.index("0") if "0" in plain else 1

    @property
    def is_empty_for_zero(self) -> bool:
        """Whether a lone zero before the point is omitted."""
        return self.blank or (self.short and bool(self.fraction) and "0" not in self.whole)

    @property
    def places(self) -> int:
        """The minimum number of digits after the point."""
        digits = self.fraction or ""
        return len(digits) if self.fill or not self.short else digits.rfind("0") + 1

    @property
    def width(self) -> int:
        """The length of the number with its sign and point."""
        point = 0 if self.fraction is None else 1 + len(self.fraction)
        return len(self.whole) + point + (1 if self.leads else 0) + (1 if self.dollar else 0)


def is_numeric(wanted: str) -> bool:
    """Whether a format is a number format."""
    plain = re.sub(r'"[^"]*"', "", wanted)
    return bool(_LOOKS_NUMERIC.search(plain)) and not _LETTERS_OF_TIMES.search(plain)


def formatted_numbers(node: exp.Expr) -> exp.Expr:
    """``TO_CHAR(x, '9,999.00')``; time formats are left to the rule of times."""
    wanted = node.args.get("format") if isinstance(node, exp.ToChar) else None
    if wanted is None or not wanted.is_string or not is_numeric(wanted.name):
        return node
    value = node.this
    if found := _PLAIN.fullmatch(wanted.name):
        text: exp.Expr = exp.cast(value.copy(), "TEXT")
    elif found := _HEXADECIMAL.fullmatch(wanted.name):
        text = _hexadecimal(value, found["digits"])
    else:
        form = _parsed(wanted.name, "TO_CHAR")
        return _framed(_written(value, form), form.before, form.behind)
    return _framed(text, _literal(found["before"]), _literal(found["behind"]))


def read_numbers(node: exp.Expr) -> exp.Expr:
    """``TO_NUMBER(x, '9,999.00', 6, 2)``: a text of this form as a number."""
    wanted = node.args.get("format") if isinstance(node, exp.ToNumber) else None
    if wanted is None:
        return node
    if not wanted.is_string:
        raise UnsupportedError("the format of TO_NUMBER must be a text")
    safe = bool(node.args.get("safe"))
    precision, scale = node.text("precision") or "38", node.text("scale") or "0"
    kind = f"DECIMAL({precision}, {scale})"
    if found := _HEXADECIMAL.fullmatch(wanted.name):
        digits = exp.DPipe(this=_text("0x"), expression=_call("TRIM", node.this))
        return _checked(
            node.this,
            f"(?i)\\s*[0-9a-f]{{1,{len(found['digits'])}}}\\s*",
            exp.Cast(this=digits, to=exp.DataType.build("HUGEINT", dialect="duckdb")),
            safe=safe,
        )
    form = _parsed(wanted.name, "TO_NUMBER")
    plain = _call("REGEXP_REPLACE", node.this, _text("[^0-9.]"), _text(""), _text("g"))
    number = exp.cast(plain, kind)
    is_negative = exp.GT(this=_call("INSTR", node.this, _text("-")), expression=exp.Literal.number(0))
    signed = exp.Case().when(is_negative, exp.Neg(this=number.copy())).else_(number)
    return _checked(node.this, _pattern(form), signed, safe=safe)


def written_number(value: exp.Expr, wanted: str, warehouse: str) -> exp.Expr:
    """``TO_CHAR(x, '9,999.00')`` of PostgreSQL and Redshift.

    Raises:
        UnsupportedError: The format is not supported.
    """
    form = replace(_parsed(wanted, f"TO_CHAR of {warehouse}:"), short=True)
    if form.dollar or form.blank or not form.whole or form.fraction == "":
        raise UnsupportedError(f'TO_CHAR of numbers of {warehouse} with the format "{wanted}" is not supported')
    return _framed(_written(value, form), form.before, form.behind)


def written_exactly(value: exp.Expr, wanted: str) -> exp.Expr:
    """``TO_CHAR(x, '9,999.00')`` of Databricks: without room for a sign; a number that does not fit is an error."""
    form = replace(_parsed(wanted, "TO_CHAR of Databricks:"), fill=False)
    if form.blank or form.before or form.behind:
        raise UnsupportedError(f'TO_CHAR of numbers of Databricks with the format "{wanted}" is not supported')
    number = exp.cast(value.copy(), f"DECIMAL(38, {len(form.fraction or '')})")
    limit = exp.Literal.number(10**form.digits)
    unfit = [exp.NEQ(this=value.copy(), expression=number), exp.GTE(this=_call("ABS", value), expression=limit)]
    if not form.sign:
        unfit.append(exp.LT(this=value.copy(), expression=exp.Literal.number(0)))
    if form.fraction is not None and not form.whole.endswith("0"):
        unfit.append(exp.LT(this=_call("ABS", value), expression=exp.Literal.number(1)))
    shown = _call("LPAD", _written(value, form), exp.Literal.number(_total(form) - (not form.sign)), _text(" "))
    message = exp.DPipe(
        this=_text(f"TO_CHAR: the format {wanted} is too short for "), expression=exp.cast(value, "TEXT")
    )
    return exp.Case().when(exp.or_(*unfit), exp.cast(_call("ERROR", message), "TEXT")).else_(shown)


def read_number(function: str, *, safe: bool = False) -> Meaning:
    """The translation of TO_NUMBER(x, format): a decimal with the digits of the format.

    Args:
        function: Its name.
        safe: Whether a text that does not match the format becomes NULL.
    """

    def read(arguments: Arguments) -> exp.Expr:
        wanted = arguments[1]
        form = _parsed(literal(wanted, f"the format of {function}"), function)
        scale = len(form.fraction or "")
        return read_numbers(
            exp.ToNumber(
                this=arguments[0], format=wanted, safe=safe,
                precision=exp.Literal.number(max(form.digits + scale, 1)), scale=exp.Literal.number(scale),
            )
        )  # fmt: skip

    return read


def _checked(text: exp.Expr, pattern: str, number: exp.Expr, *, safe: bool) -> exp.Expr:
    case = exp.Case().when(_call("REGEXP_FULL_MATCH", text, _text(pattern)), number)
    if safe:
        return case
    message = exp.DPipe(this=_text("TO_NUMBER: the text does not match the format: "), expression=text.copy())
    return case.when(exp.not_(text.copy().is_(exp.null())), _call("ERROR", message))


def _pattern(form: _Format) -> str:
    """The form of a text: fewer digits are allowed, other characters are not."""
    sign = {"S": "[+-]", "MI": "-?"}.get(form.sign, "-?")
    lead, tail = (sign, "") if form.leads else ("", sign)
    dollar = r"\$?" if form.dollar else ""
    whole = rf"[0-9{',' if ',' in form.whole else ''}]{{0,{len(form.whole)}}}"
    fraction = "" if form.fraction is None else rf"(\.[0-9]{{0,{len(form.fraction)}}})?"
    return rf"\s*{re.escape(form.before)}{lead}\s*{dollar}\s*{whole}{fraction}{tail}{re.escape(form.behind)}\s*"


def _parsed(wanted: str, function: str) -> _Format:
    found = _NUMERIC.fullmatch(wanted)
    if found is None or not (found["whole"] or found["fraction"]) or (found["sign"] and found["after_sign"]):
        raise UnsupportedError(f'{function} of numbers with the format "{wanted}" is not supported')
    sign = (found["sign"] or found["after_sign"] or "").upper()
    return _Format(
        before=_literal(found["before"]),
        fill=found["fill"] is None,
        sign=sign,
        leads=not found["after_sign"],
        dollar=bool(found["dollar"] or found["dollar2"]),
        blank=bool(found["blank"]),
        whole=(found["whole"] or "").upper().replace("G", ","),
        fraction=found["fraction"],
        behind=_literal(found["behind"]),
    )


def _written(value: exp.Expr, form: _Format) -> exp.Expr:
    scale = len(form.fraction or "")
    amount = _amount(value, form)
    plain = exp.cast(amount, "TEXT")
    whole = _call("SPLIT_PART", plain, _text("."), exp.Literal.number(1))
    if form.zeros != 1 or form.is_empty_for_zero:
        whole = _whole_digits(whole, form, amount)
    is_too_long = exp.GT(this=_call("LENGTH", whole), expression=exp.Literal.number(form.digits))
    fraction = _fraction(_call("SPLIT_PART", plain, _text("."), exp.Literal.number(2)), form)
    number = _joined(_with_commas(whole, form), _text(".") if form.fraction is not None else None, fraction)
    hashes = form.whole.replace("9", "#").replace("0", "#") + ("" if form.fraction is None else "." + "#" * scale)
    shown = exp.Case().when(is_too_long, _text(hashes)).else_(number)
    signed = _with_sign(value, shown, form)
    return _call("LPAD", signed, exp.Literal.number(_total(form)), _text(" ")) if form.fill else signed


_FLOATING = "TYPEOF(_1) IN ('DOUBLE', 'FLOAT')"


def _amount(value: exp.Expr, form: _Format) -> exp.Expr:
    """The number without its sign, rounded; PostgreSQL rounds the stored floating-point value: 2.675 is less."""
    scale = len(form.fraction or "")
    kind = f"DECIMAL(38, {scale})"
    rounded = exp.cast(exp.Round(this=_call("ABS", value), decimals=exp.Literal.number(scale)), kind)
    if not form.short:
        return rounded
    stored = _call("FORMAT", _text(f"{{:.{scale}f}}"), exp.cast(_call("ABS", value), "DOUBLE"))
    return exp.Case().when(filled(_FLOATING, value), exp.cast(stored, kind)).else_(rounded)


def _fraction(digits: exp.Expr, form: _Format) -> exp.Expr:
    """The digits after the point, without optional trailing zeros."""
    if form.places == len(form.fraction or ""):
        return digits
    kept = _call("LEFT", digits, exp.Literal.number(form.places))
    rest = _call("SUBSTRING", digits, exp.Literal.number(form.places + 1))
    return _joined(kept, _call("RTRIM", rest, _text("0")))


def _total(form: _Format) -> int:
    return form.width + (len(form.sign.replace("MI", "-")) if not form.leads else 0)


def _whole_digits(whole: exp.Expr, form: _Format, amount: exp.Expr) -> exp.Expr:
    """The digits before the point, with leading zeros if the format has them, without a lone zero for B."""
    if form.is_empty_for_zero:
        is_left_out: exp.Expr = whole.eq(_text("0"))
        if form.short and not form.places:
            # There must be a digit before or after the point.
            is_left_out = exp.and_(is_left_out, exp.NEQ(this=amount.copy(), expression=exp.Literal.number(0)))
        return exp.Case().when(is_left_out, _text("")).else_(whole)
    length = _call("GREATEST", _call("LENGTH", whole), exp.Literal.number(form.zeros))
    return _call("LPAD", whole, exp.Cast(this=length, to=exp.DataType.build("INT", dialect="duckdb")), _text("0"))


def _with_commas(whole: exp.Expr, form: _Format) -> exp.Expr:
    """The digits before the point, with a comma where the format has one and a digit precedes it."""
    groups = [len(group) for group in form.whole.split(",")]
    if len(groups) == 1:
        return whole
    parts: list[exp.Expr] = []
    at = 0
    padded = _call("LPAD", whole, exp.Literal.number(form.digits), _text(" "))
    for number, size in enumerate(groups):
        piece = _call("SUBSTRING", padded, exp.Literal.number(at + 1), exp.Literal.number(size))
        at += size
        parts.append(piece)
        if number + 1 < len(groups):
            has_digit = exp.NEQ(
                this=_call("SUBSTRING", padded, exp.Literal.number(at), exp.Literal.number(1)), expression=_text(" ")
            )
            parts.append(exp.Case().when(has_digit, _text(",")).else_(_text("")))
    return _call("LTRIM", _joined(*parts))


def _with_sign(value: exp.Expr, number: exp.Expr, form: _Format) -> exp.Expr:
    positive = "+" if form.sign == "S" else (" " if form.fill else "")
    is_negative: exp.Expr = exp.LT(this=value.copy(), expression=exp.Literal.number(0))
    if form.short:
        is_left = exp.NEQ(this=_amount(value, form), expression=exp.Literal.number(0))
        is_negative = exp.and_(is_negative, exp.or_(is_left, filled(_FLOATING, value)))
    sign = exp.Case().when(is_negative, _text("-")).else_(_text(positive))
    dollar = _text("$") if form.dollar else None
    return _joined(sign, dollar, number) if form.leads else _joined(dollar, number, sign)


def _hexadecimal(value: exp.Expr, digits: str) -> exp.Expr:
    mask = exp.Literal.number((1 << 4 * len(digits)) - 1)
    whole = exp.paren(exp.BitwiseAnd(this=exp.cast(value.copy(), "BIGINT"), expression=mask))
    fill = "0" if digits.startswith("0") else " "
    return _call("LPAD", _call("FORMAT", _text("{:X}"), whole), exp.Literal.number(len(digits)), _text(fill))


def _framed(text: exp.Expr, before: str, behind: str) -> exp.Expr:
    return exp.paren(_joined(_text(before) if before else None, text, _text(behind) if behind else None))


def _literal(quoted: str) -> str:
    return quoted.replace('"', "")


def _joined(*parts: exp.Expr | None) -> exp.Expr:
    kept = [part for part in parts if part is not None]
    joined = kept[0]
    for part in kept[1:]:
        joined = exp.DPipe(this=joined, expression=part)
    return joined


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[argument.copy() for argument in arguments])


def _text(value: str) -> exp.Literal:
    return exp.Literal.string(value)
