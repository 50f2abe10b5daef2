"""Rules for PARSE_URL: the parts of an address as a JSON object, or one of them.

The SQL is a template of the engine: ``address`` stands for the text, ``parts`` for the parts of the query.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile.functions import filled, literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.sql.transpile.functions import Arguments

_TEMPLATE = r"""
CASE WHEN address IS NULL THEN NULL
WHEN NOT REGEXP_MATCHES(address, '^[A-Za-z][A-Za-z0-9+.-]*:') THEN otherwise
ELSE JSON_OBJECT(
    'fragment', REGEXP_EXTRACT_ALL(address, '#(.*)$', 1, 's')[1],
    'host', REGEXP_EXTRACT_ALL(address, '^[^:/?#]+://([^/?#]*?)(?::[0-9]+)?(?:[/?#]|$)', 1, 's')[1],
    'parameters', CASE WHEN REGEXP_MATCHES(address, '^[^#?]*\?[^#]') THEN MAP(
        LIST_DISTINCT(LIST_TRANSFORM(parts, LAMBDA part_ : SPLIT_PART(part_, '=', 1))),
        LIST_TRANSFORM(
            LIST_DISTINCT(LIST_TRANSFORM(parts, LAMBDA part_ : SPLIT_PART(part_, '=', 1))),
            LAMBDA name_ : SUBSTRING(
                LIST_FILTER(parts, LAMBDA part_ : SPLIT_PART(part_, '=', 1) = name_)[-1], LENGTH(name_) + 2
            )
        )
    ) END,
    'path', REGEXP_EXTRACT(address, '^[^:/?#]+:(?://[^/?#]*)?/?([^?#]*)', 1),
    'port', REGEXP_EXTRACT_ALL(address, '^[^:/?#]+://[^/?#]*?:([0-9]+)(?:[/?#]|$)', 1, 's')[1],
    'query', REGEXP_EXTRACT_ALL(address, '^[^#?]*\?([^#]*)', 1, 's')[1],
    'scheme', REGEXP_EXTRACT(address, '^([^:]+):', 1)
) END
"""
_PARTS = r"STR_SPLIT(REGEXP_EXTRACT(address, '^[^#?]*\?([^#]*)', 1), '&')"
_REFUSAL = "PARSE_URL: the text is not a valid address"


def parsed_addresses(node: exp.Expr) -> exp.Expr:
    """PARSE_URL(x): an object; for an invalid address an error or, if permissive, an object with an error."""
    if not isinstance(node, exp.ParseUrl):
        return node
    permissive = node.args.get("permissive")
    message = exp.Literal.string(_REFUSAL)
    if permissive is not None and permissive.name == "1":
        otherwise: exp.Expr = exp.Anonymous(this="JSON_OBJECT", expressions=[exp.Literal.string("error"), message])
    else:
        otherwise = exp.cast(exp.Anonymous(this="ERROR", expressions=[message]), "JSON")
    given = {"address": exp.cast(node.this.copy(), "TEXT"), "otherwise": otherwise}
    return _filled(_filled(_parsed(_TEMPLATE), {"parts": _parsed(_PARTS)}), given)


_ONE = {
    "PROTOCOL": r"^([A-Za-z][A-Za-z0-9+.-]*):",
    "HOST": r"^[^:/?#]+://(?:[^@/?#]*@)?([^:/?#\[]+|\[[^\]]*\])(?::[0-9]*)?(?:[/?#]|$)",
    "PATH": r"^[^:/?#]+:(?://[^/?#]*)?(/[^?#]*|)(?:[?#]|$)",
    "QUERY": r"^[^?#]*\?([^#]*)",
    "REF": r"#(.*)$",
    "FILE": r"^[^:/?#]+:(?://[^/?#]*)?(/[^#]*|)(?:#|$)",
    "AUTHORITY": r"^[^:/?#]+://([^/?#]+)",
    "USERINFO": r"^[^:/?#]+://([^@/?#]*)@",
}
_ADDRESS = r"[A-Za-z][A-Za-z0-9+.-]*:([^\s<>\"{}|\\^`%\[\]]|\[|\]|%[0-9A-Fa-f]{2})*"


def part_of_address(arguments: Arguments) -> exp.Expr:
    """PARSE_URL(x, part) and PARSE_URL(x, 'QUERY', key) of Databricks: a text; NULL if the address has no such part.

    Raises:
        UnsupportedError: The part is unknown, or the key is not a literal.
    """
    part = literal(arguments[1], "the part of PARSE_URL")
    if part not in _ONE:
        raise UnsupportedError(f'PARSE_URL has no part "{part}"; available: {", ".join(_ONE)}')
    found = filled("REGEXP_EXTRACT_ALL(_1, _2, 1, 's')[1]", arguments[0], exp.Literal.string(_ONE[part]))
    if len(arguments) > 2:  # noqa: PLR2004
        key = re.escape(literal(arguments[2], "the key of PARSE_URL"))
        pattern = exp.Literal.string(f"(?:^|&){key}=([^&]*)")
        found = filled("REGEXP_EXTRACT_ALL(_1, _2, 1)[1]", found, pattern) if part == "QUERY" else exp.null()
    checked = f"CASE WHEN _1 IS NULL THEN NULL WHEN REGEXP_FULL_MATCH(_1, _2) THEN _3 ELSE ERROR('{_REFUSAL}') END"
    return filled(checked, arguments[0], exp.Literal.string(_ADDRESS), found)


def _filled(template: exp.Expr, given: Mapping[str, exp.Expr]) -> exp.Expr:
    made = template.copy()
    for column in list(made.find_all(exp.Column)):
        if column.name in given:
            column.replace(given[column.name].copy())
    return made


@cache
def _parsed(template: str) -> exp.Expr:
    return sqlglot.parse_one(template, read="duckdb")
