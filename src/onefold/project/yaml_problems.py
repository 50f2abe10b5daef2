"""Say a YAML parser's complaint in the user's words.

In: the parser's text, the place, the file's lines. Out: a Finding. Must not read files or quote secrets: messages
never repeat the line.
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
        f"if the text itself holds a colon and a space, {_QUOTE_IT}; or else check the indentation",
    ),
    (
        "could not find expected ':'",
        'a ":" is missing behind a key',
        "write key: value, with a space behind the colon",
    ),
    (
        "did not find expected key",
        "the indentation does not fit the lines above, or text goes on behind a closing quote",
        "line the key up with its neighbours",
    ),
    (
        "did not find expected '-' indicator",
        "the indentation does not fit the list above",
        'begin each entry with "- ", one under the other',
    ),
    (
        "block sequence entries are not allowed",
        'a list entry "- " cannot stand here',
        "begin the list on a line of its own",
    ),
    (
        "found unexpected end of stream",
        "a quoted text is not closed before the end of the file",
        "close the quote",
    ),
    (
        "did not find expected node content",
        "a value is missing here",
        "write it, or close the brackets that are open above",
    ),
    ("found unexpected document indicator", "a quoted text is not closed before ---", "close the quote"),
    (
        "did not find expected ',' or ']'",
        "a list in brackets is not closed",
        'separate entries by "," and close the list by "]"',
    ),
    (
        "did not find expected ',' or '}'",
        "a mapping in braces is not closed",
        f'close it by "}}"; if it is text, {_QUOTE_IT}',
    ),
    (
        "found unknown escape character",
        "unknown escape in a text in double quotes",
        r"write \\ for a backslash, or use single quotes",
    ),
    ("complex key", "a key must be text, not a list or a mapping", f"if this is text, {_QUOTE_IT}"),
    ("found character that cannot start any token", "text cannot begin with this character", _QUOTE_IT),
    ("exceeded maximum nesting depth", "more than 64 levels of nesting", "close the brackets that are open above"),
    (
        "did not find expected <document start>",
        "text goes on behind the end of the value",
        "check the indentation",
    ),
)
"""(part of the parser's text, what we say, the next step)"""


def explain(problem: str, at: Location, lines: list[str]) -> Finding:
    """The finding for one complaint of the YAML parser.

    Args:
        problem: The parser's text.
        at: Where it gave up.
        lines: The file's lines.
    """
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    if "\t" in line[: max(at.column, len(line) - len(line.lstrip()))] and not line[: at.column - 1].strip():
        message, hint = "a tab cannot indent YAML", "indent with spaces"
    elif template := _UNQUOTED_TEMPLATE.search(line):
        at = Location(at.file, at.line, template.end() - 1)
        message, hint = 'text that begins with "{{" or "{%" needs quotes', _QUOTE_IT
    else:
        known = ((m, h) for part, m, h in PROBLEMS if part in problem)
        message, hint = next(known, (f"this is not YAML: {problem}", "check the indentation and the quotes above"))
    return Finding("error", "yaml-syntax", message, at, hint)
