"""Parses the SQL of a project, written in its author dialect, into expressions for an engine.

Takes SQL text with its location in the project. Returns sqlglot trees that keep the author's meaning when they are
rendered for the engine (``dialects.render``). Touches no database; renders no template. Raises ``ProjectError`` with
the location of the error.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.dialects.snowflake import Snowflake
from sqlglot.errors import ParseError, TokenError, UnsupportedError
from sqlglot.tokenizer_core import TokenType

from onefold.errors import Finding, ProjectError
from onefold.sql.positions import without_positions
from onefold.sql.transpile import transpile
from onefold.sql.transpile.dialect_pairs import functions_kept
from onefold.sql.transpile.functions import kept_calls, typed_literals
from onefold.sql.transpile.supported import WRITTEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot.tokenizer_core import Token

    from onefold.errors import Location
    from onefold.sql.dialects import EngineDialect


class AuthorSnowflake(Snowflake):
    """Snowflake, parsed with the name of each function as it was written."""

    ORIGINAL_NAME_META_KEY = WRITTEN


_READERS = {"snowflake": AuthorSnowflake}
_KEPT = 2048
"""Number of texts whose trees are cached."""

_LEAD = "__lead"
_CTE_PREFIX = f"WITH {_LEAD} AS (SELECT 1) "
_EXPRESSION_PREFIX = "SELECT "
_ORDER_PREFIX = "SELECT 1 ORDER BY "
_FRAME_PREFIX = "SELECT SUM(1) OVER ("
_END = (TokenType.COMMA, TokenType.R_PAREN, TokenType.FROM)
_CLAUSES = ("from_", "where", "group", "having", "order", "limit", "joins", "distinct", "qualify", "with_")


def parse_expression(sql: str, author: str, engine: EngineDialect, at: Location) -> exp.Expr:
    """Parse one value expression, for example the ``select`` or ``where`` of an entity var.

    Args:
        sql: The text, with templates rendered.
        author: The author dialect, by its sqlglot name.
        engine: The engine that will run it.
        at: Location of the text.

    Returns:
        The expression in the engine's dialect.

    Raises:
        ProjectError: The text is not one expression (``sql-syntax``), or it cannot be expressed in the engine's dialect
            (``sql-unsupported``).
    """
    return _expression(sql, author, engine, at).copy()


# A text is parsed again for every query that uses it, so trees are cached, and copies are returned.
@lru_cache(maxsize=_KEPT)
def _expression(sql: str, author: str, engine: EngineDialect, at: Location) -> exp.Expr:
    translated = _transpiled(_selected(sql, author, at, engine=engine), author, engine, at)
    return translated.expressions[0].pop()  # type: ignore[no-any-return]


def read_expression(sql: str, author: str, at: Location) -> exp.Expr:
    """Parse one value expression without translating it to the engine's dialect.

    Raises:
        ProjectError: The text is not one expression (``sql-syntax``).
    """
    return _selected(sql, author, at).expressions[0].pop()  # type: ignore[no-any-return]


def read_table(name: str, author: str, at: Location) -> exp.Table:
    """Parse the name of a table, of up to three parts.

    Raises:
        ProjectError: The text is not a table name (``sql-syntax``).
    """
    try:
        found = exp.to_table(name, dialect=author)
    except (ParseError, TokenError, ValueError) as error:
        raise _fault(
            f'"{_shorten(name)}" is not a table name', at, "write for example database.schema.table"
        ) from error
    if not found.name:
        raise _fault(f'"{_shorten(name)}" is not a table name', at, "write for example database.schema.table")
    return found


def read_order(sql: str, author: str, at: Location) -> list[exp.Expr]:
    """Parse one or more sort keys, for example ``seen_at DESC``, without translating them.

    Raises:
        ProjectError: The text is not a list of sort keys (``sql-syntax``).
    """
    trees = _parse(sql, author, at, prefix=_ORDER_PREFIX)
    order = trees[0].args.get("order") if len(trees) == 1 else None
    if order is None or not order.expressions or any(trees[0].args.get(c) for c in _CLAUSES if c != "order"):
        raise _fault("expected a sort key", at, f"found: {_shorten(sql)}")
    return [key.pop() for key in list(order.expressions)]


def read_frame(sql: str, author: str, at: Location) -> exp.WindowSpec:
    """Parse the frame of a window, for example ``ROWS BETWEEN 1 PRECEDING AND CURRENT ROW``.

    Raises:
        ProjectError: The text is not a window frame (``sql-syntax``).
    """
    trees = _parse(f"{sql}\n)", author, at, prefix=_FRAME_PREFIX)
    over = trees[0].expressions[0] if len(trees) == 1 and len(trees[0].expressions) == 1 else None
    frame = over.args.get("spec") if isinstance(over, exp.Window) else None
    alone = over is not None and not any(over.args.get(part) for part in ("partition_by", "order", "alias"))
    whole = isinstance(frame, exp.WindowSpec) and frame.args.get("start") is not None
    if not (alone and whole) or any(trees[0].args.get(clause) for clause in _CLAUSES):
        raise _fault("expected a window frame", at, f"found: {_shorten(sql)}")
    assert isinstance(frame, exp.WindowSpec)  # noqa: S101 - the whole frame was parsed
    return frame


def _selected(sql: str, author: str, at: Location, *, engine: EngineDialect | None = None) -> exp.Select:
    """``SELECT sql``, if the text is one expression."""
    trees = _parse(sql, author, at, prefix=_EXPRESSION_PREFIX, engine=engine)
    select = trees[0] if trees else None
    if (
        len(trees) != 1
        or not isinstance(select, exp.Select)
        or len(select.expressions) != 1
        or any(select.args.get(clause) for clause in _CLAUSES)
    ):
        raise _fault("expected one SQL expression", at, f"found: {_shorten(sql)}")
    only = select.expressions[0]
    if isinstance(only, (exp.Alias, exp.Star)):
        raise _fault("expected an expression without an alias", at, f"found: {_shorten(sql)}")
    return select


def parse_query(sql: str, author: str, engine: EngineDialect, at: Location) -> exp.Query:
    """Parse one query, for example the body of a SQL model.

    The body may begin with ``SELECT``, ``WITH`` or a parenthesis. It may also begin with a comma and further common
    table expressions (``, name AS (...) SELECT ...``). It may end with semicolons and comments.

    Args:
        sql: The text, with templates rendered.
        author: The author dialect, by its sqlglot name.
        engine: The engine that will run it.
        at: Location of the text.

    Returns:
        The query in the engine's dialect.

    Raises:
        ProjectError: The text is not one query (``sql-syntax``), or it cannot be expressed in the engine's dialect
            (``sql-unsupported``).
    """
    return _query(sql, author, engine, at).copy()


@lru_cache(maxsize=_KEPT)
def _query(sql: str, author: str, engine: EngineDialect, at: Location) -> exp.Query:
    continues = _first_token(sql, author, at) is TokenType.COMMA
    trees = _parse(sql, author, at, prefix=_CTE_PREFIX if continues else "", engine=engine)
    if not trees:
        raise _fault("expected a query, but there is no SQL", at)
    if len(trees) > 1:
        raise _fault(f"expected one query, found {len(trees)} statements", at)
    tree = trees[0]
    if not isinstance(tree, exp.Query):
        raise _fault(f"expected a query, found {tree.key.upper()}", at, "begin with SELECT or WITH")
    if continues:
        _drop_lead(tree)
    translated = _transpiled(tree, author, engine, at)
    assert isinstance(translated, exp.Query)  # noqa: S101 - transpile rules keep the kind
    return translated


def parse_statements(sql: str, author: str, engine: EngineDialect, at: Location) -> list[exp.Expr]:
    """Parse any number of statements, for example the argument of ``pb query``.

    Args:
        sql: Statements separated by semicolons; statements that consist of comments are skipped.
        author: The author dialect, by its sqlglot name.
        engine: The engine that will run them.
        at: Location of the text.

    Returns:
        The statements in the engine's dialect, in order.

    Raises:
        ProjectError: A statement does not parse (``sql-syntax``), or it cannot be expressed in the engine's dialect
            (``sql-unsupported``).
    """
    return [_transpiled(tree, author, engine, at) for tree in _parse(sql, author, at, engine=engine)]


def _transpiled(tree: exp.Expr, author: str, engine: EngineDialect, at: Location) -> exp.Expr:
    try:
        return transpile(tree, author, engine)
    except UnsupportedError as error:
        reason = str(error).strip().rstrip(".")
        raise ProjectError(
            Finding("error", "sql-unsupported", f"{engine.name} cannot run this SQL: {reason}", at)
        ) from error


def _parse(
    sql: str, author: str, at: Location, *, prefix: str = "", engine: EngineDialect | None = None
) -> list[exp.Expr]:
    """The statements of a text; functions whose original names the transpile rules need are kept as written."""
    text = prefix + sql
    tokens = _tokens(text, author, at, shift=len(prefix))
    _refuse_empty_items(tokens, sql, at, len(prefix))
    if engine is not None:
        tokens = kept_calls(tokens, functions_kept(author, engine))
    try:
        reader = sqlglot.Dialect.get_or_raise(_READERS.get(author.lower(), author))
        trees = reader.parser().parse(typed_literals(tokens), text)
    except ParseError as error:
        raise _located(error, sql, at, len(prefix)) from error
    kept = [tree for tree in trees if tree is not None and not isinstance(tree, exp.Semicolon)]
    for tree in kept:
        if isinstance(tree, exp.Command):
            raise _fault(f"cannot parse this statement: {_shorten(tree.sql(author))}", at)
    return [without_positions(tree) for tree in kept]


def _tokens(text: str, author: str, at: Location, *, shift: int = 0) -> Sequence[Token]:
    try:
        return sqlglot.tokenize(text, read=author)
    except TokenError as error:
        hint = f"begins: {_shorten(text[shift:])}"
        raise _fault("the SQL ends inside a quoted text, a name or a comment", at, hint) from error


def _first_token(sql: str, author: str, at: Location) -> TokenType | None:
    tokens = _tokens(sql, author, at)
    return tokens[0].token_type if tokens else None


def _refuse_empty_items(tokens: Sequence[Token], sql: str, at: Location, shift: int) -> None:
    """``a,, b`` is an error in every author dialect, but sqlglot silently drops the empty item."""
    for token, after in pairwise(tokens):
        if token.token_type is TokenType.COMMA and after.token_type is TokenType.COMMA:
            raise _fault(
                'expected an item before ","',
                _place(at, after.line, after.col, shift),
                _line_hint(sql, after.line),
            )


def _drop_lead(tree: exp.Query) -> None:
    with_ = tree.args["with_"]
    with_.set("expressions", [cte for cte in with_.expressions if cte.alias != _LEAD])


def _located(error: ParseError, sql: str, at: Location, shift: int) -> ProjectError:
    first = error.errors[0]
    line, token = int(first["line"] or 1), str(first["highlight"] or "")
    column = int(first["col"] or 1) - len(token) + 1
    description = str(first["description"]).split(" but got")[0].rstrip(".")
    at_end = not str(first["end_context"] or "").strip() and description.startswith(("Expect", "Required"))
    if description.startswith("Required keyword"):
        # This message of sqlglot contains the names of its own classes.
        message = "the SQL ends too early" if at_end else f'something is missing before or after "{token}"'
    elif at_end:
        message = f"the SQL ends too early: {description[0].lower()}{description[1:]}"
    elif description.startswith("Invalid expression"):
        message = f'"{token}" is not expected here'
    else:
        message = f'{description[0].lower()}{description[1:]}, near "{token}"'
    return _fault(message, _place(at, line, column, shift), _line_hint(sql, line))


def _place(at: Location, line: int, column: int, shift: int) -> Location:
    return at.inside(line, max(1, column - (shift if line == 1 else 0)))


def _line_hint(sql: str, line: int) -> str | None:
    lines = sql.splitlines()
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return f"in: {_shorten(text)}" if text else None


def _shorten(sql: str, width: int = 80) -> str:
    text = " ".join(sql.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def _fault(message: str, at: Location, hint: str | None = None) -> ProjectError:
    return ProjectError(Finding("error", "sql-syntax", message, at, hint))
