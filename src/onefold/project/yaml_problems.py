"""Translates the messages of the YAML parser for users.

Takes the parser's message, its location and the lines of the file; returns a Finding. A message never repeats the line,
which may contain secrets.
"""

from __future__ import annotations

import re

from onefold.errors import Finding, Location

_UNQUOTED_TEMPLATE = re.compile(r"(?:^|[:\-,\[]\s+|\s)\{\{|:\s+\{%")
_QUOTE_IT = "put the whole text in single quotes"

PROBLEMS = (
    (
        "mapping values are not allowed",
        'unexpected ":"',
        f"if the text itself contains a colon and a space, {_QUOTE_IT}; otherwise check the indentation",
    ),
    (
        "could not find expected ':'",
        'a ":" is missing after a key',
        "write key: value, with a space after the colon",
    ),
    (
        "did not find expected key",
        "the indentation does not match the lines above, or text follows a closing quote",
        "align the key with the keys around it",
    ),
    (
        "did not find expected '-' indicator",
        "the indentation does not match the list above",
        'begin each entry with "- ", one under the other',
    ),
    (
        "block sequence entries are not allowed",
        'a list entry "- " is not allowed here',
        "start the list on its own line",
    ),
    (
        "found unexpected end of stream",
        "a quoted text is not closed before the end of the file",
        "close the quote",
    ),
    (
        "did not find expected node content",
        "a value is missing here",
        "add it, or close the brackets that are open above",
    ),
    ("found unexpected document indicator", "a quoted text is not closed before ---", "close the quote"),
    (
        "did not find expected ',' or ']'",
        "a list in brackets is not closed",
        'separate entries with "," and close the list with "]"',
    ),
    (
        "did not find expected ',' or '}'",
        "a mapping in braces is not closed",
        f'close it with "}}"; if it is text, {_QUOTE_IT}',
    ),
    (
        "found unknown escape character",
        "unknown escape in a text in double quotes",
        r"write \\ for a backslash, or use single quotes",
    ),
    ("complex key", "a key must be text, not a list or a mapping", f"if this is text, {_QUOTE_IT}"),
    ("found character that cannot start any token", "plain text cannot begin with this character", _QUOTE_IT),
    ("exceeded maximum nesting depth", "more than 64 levels of nesting", "close the brackets that are open above"),
    (
        "did not find expected <document start>",
        "unexpected text after the end of the value",
        "check the indentation",
    ),
)
"""(part of the parser's message, our message, the hint)"""


def explain(problem: str, at: Location, lines: list[str]) -> Finding:
    """The finding for one message of the YAML parser.

    Args:
        problem: The parser's message.
        at: Where the parser stopped.
        lines: The lines of the file.
    """
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    if "\t" in line[: max(at.column, len(line) - len(line.lstrip()))] and not line[: at.column - 1].strip():
        message, hint = "YAML cannot be indented with tabs", "indent with spaces"
    elif template := _UNQUOTED_TEMPLATE.search(line):
        at = Location(at.file, at.line, template.end() - 1)
        message, hint = 'text that begins with "{{" or "{%" needs quotes', _QUOTE_IT
    else:
        known = ((m, h) for part, m, h in PROBLEMS if part in problem)
        message, hint = next(
            known, (f"this is not valid YAML: {problem}", "check the indentation and the quotes above")
        )
    return Finding("error", "yaml-syntax", message, at, hint)
