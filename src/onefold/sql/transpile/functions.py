"""Translates functions of an author dialect by name.

Takes tokens or a tree of the author's dialect; returns it with every listed function translated. Some functions would
be translated too early by sqlglot, which rewrites formats and drops arguments while parsing. These are renamed before
parsing, so that ``meant`` finds their original name and arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import UnsupportedError
from sqlglot.tokenizer_core import Token, TokenType

Arguments = list[exp.Expr]
Meaning = str | Callable[[Arguments], exp.Expr]
Functions = Mapping[str, Meaning | tuple[Meaning, ...]]

_KEPT = "AUTHOR__"
_PLACE = re.compile(r"\b_(\d)\b")
_TIMES = frozenset(
    {
        TokenType.DATE,
        TokenType.DATETIME,
        TokenType.TIME,
        TokenType.TIMESTAMP,
        TokenType.TIMESTAMPTZ,
        TokenType.TIMESTAMPLTZ,
        TokenType.TIMESTAMPNTZ,
    }
)
_ATOMS = (exp.Column, exp.Literal, exp.Func, exp.Cast, exp.Paren, exp.Null, exp.Boolean, exp.Array, exp.Anonymous)


def kept_calls(tokens: Sequence[Token], names: Collection[str]) -> list[Token]:
    """The tokens with the calls of the given functions renamed, so that the parser does not change them.

    Args:
        tokens: Tokens of the author's SQL.
        names: Names of functions, in capitals.
    """
    found = list(tokens)
    for at, token in enumerate(found[:-1]):
        name = token.text.upper()
        is_call = found[at + 1].token_type is TokenType.L_PAREN and token.token_type is not TokenType.STRING
        if is_call and name in names:
            found[at] = Token(
                TokenType.VAR, _KEPT + name, token.line, token.col, token.start, token.end, token.comments
            )
    return found


def typed_literals(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with parentheses around ``DATE '2026-01-31'`` if a cast follows.

    The parser would cast the text, and convert the result to a date.
    """
    found: list[Token] = []
    for at, token in enumerate(tokens):
        found.append(token)
        ends = token.token_type is TokenType.STRING and at > 0 and tokens[at - 1].token_type in _TIMES
        if ends and at + 1 < len(tokens) and tokens[at + 1].token_type is TokenType.DCOLON:
            kind = found[-2]
            found[-2:] = [_sign(TokenType.L_PAREN, "(", kind), kind, token, _sign(TokenType.R_PAREN, ")", token)]
    return found


def _sign(kind: TokenType, text: str, at: Token) -> Token:
    return Token(kind, text, at.line, at.col, at.start, at.end, [])


def name_of(node: exp.Expr) -> str | None:
    """The author's name, in capitals, of a function that sqlglot does not know or that was kept; otherwise None."""
    return node.name.upper().removeprefix(_KEPT) if isinstance(node, exp.Anonymous) else None


def meant(functions: Functions, node: exp.Expr, warehouse: str) -> exp.Expr:
    """A kept function as an expression of the engine; other nodes unchanged.

    Args:
        functions: Translations by name: a template of the engine's SQL with arguments ``_1``, ``_2``; a function of the
            arguments; or several templates, one for each number of arguments.
        node: The node.
        warehouse: Name of the author's warehouse, for messages.

    Raises:
        UnsupportedError: It has no translation for this number of arguments.
    """
    name = name_of(node)
    if name is None or name not in functions or not node.name.upper().startswith(_KEPT):
        return node
    arguments, meaning = [e.copy() for e in node.expressions], functions[name]
    for choice in meaning if isinstance(meaning, tuple) else (meaning,):
        if callable(choice):
            try:
                return choice(arguments)
            except IndexError:  # a required argument is missing
                break
        if _count(choice) == len(arguments):
            return filled(choice, *arguments)
    raise UnsupportedError(f"{name} of {warehouse} with {len(arguments)} arguments is not supported")


def filled(template: str, *arguments: exp.Expr) -> exp.Expr:
    """A template of the engine's SQL with copies of the arguments in place of ``_1``, ``_2`` and so on."""
    tree = _parsed(template).copy()
    for place in list(tree.find_all(exp.Column)):
        if not place.table and (found := _PLACE.fullmatch(place.name)):
            value = arguments[int(found[1]) - 1].copy()
            value = value if isinstance(value, _ATOMS) or place is tree else exp.paren(value)
            if place is tree:
                return value
            place.replace(value)
    return tree if isinstance(tree, _ATOMS) else exp.paren(tree)


def literal(node: exp.Expr, what: str) -> str:
    """The text of a literal.

    Raises:
        UnsupportedError: It is not a literal; the message is "``what`` must be a text".
    """
    if not (isinstance(node, exp.Literal) and node.is_string):
        raise UnsupportedError(f"{what} must be a literal text")
    return node.name


def whole(node: exp.Expr) -> int | None:
    """The value of a literal whole number, or None."""
    if isinstance(node, exp.Neg):
        inner = whole(node.this)
        return None if inner is None else -inner
    return int(node.name) if isinstance(node, exp.Literal) and node.is_int else None


def unsupported(reason: str) -> Meaning:
    """The translation of a function that the engine cannot express: an error.

    Args:
        reason: What is missing, and an alternative.
    """

    def reject(_: Arguments) -> exp.Expr:
        raise UnsupportedError(reason)

    return reject


def unknown(node: exp.Expr, known: Collection[str], warehouse: str) -> exp.Expr:
    """The node, if it is not a function, or one that is known to have the same meaning in the engine.

    Raises:
        UnsupportedError: The function is unknown; the engine's function of the same name may have another meaning.
    """
    name = name_of(node)
    if name is None or node.name.upper().startswith(_KEPT) or name in known:
        return node
    raise UnsupportedError(f"the function {name} of {warehouse} is not supported; use other functions")


@lru_cache(maxsize=512)
def _parsed(template: str) -> exp.Expr:
    return sqlglot.parse_one(template, read="duckdb")


@lru_cache(maxsize=512)
def _count(template: str) -> int:
    return max((int(found) for found in _PLACE.findall(template)), default=0)
