"""Translates pongo2 syntax to Jinja2 syntax.

Takes a template as authors of the format write it; returns the same template for Jinja2, and the original location of
each of its lines. Only tags are changed, never text or quoted strings. Every tag has a line of its own in the result,
so that a line number from Jinja2 identifies one tag.

    {{ a && !b }}                        {{ a  and  not b }}
    {% with x = f(1) y = g(2) %}         {% with x = f(1), y = g(2) %}
    {{ v|default:"x" }}                  {{ v|default("x") }}
    {{ forloop.Counter }}                {{ loop.index }}
    {% exec %}...{% endexec %}           {% filter exec %}...{% endfilter %}
    {% for x in y %}{% empty %}          {% for x in y %}{% else %}
    {% comment %}...{% endcomment %}     nothing
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENINGS = ("{{", "{%", "{#")
_OPEN = re.compile(r"\{\{|\{%|\{#")
# A quote that is never closed takes the rest of the text: scanning stays linear, and Jinja2 reports the quote.
_TOKEN = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      | (?P<unclosed>["'].*)
      | (?P<space>\s+)
      | (?P<name>[^\W\d]\w*)
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<symbol>&&|\|\||!=|==|<=|>=|//|\*\*|.)""",
    re.VERBOSE | re.DOTALL,
)
_END_RAW = re.compile(r"\{%[-+]?\s*endraw\s*[-+]?%\}")
_END_COMMENT = re.compile(r"\{%[-+]?\s*endcomment\s*[-+]?%\}")
_LOOP = {
    "Counter": "index", "Counter0": "index0", "Revcounter": "revindex", "Revcounter0": "revindex0",
    "First": "first", "Last": "last",
}  # fmt: skip
_OPERATORS = {"&&": " and ", "||": " or ", "!": " not "}
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_BLOCKS = ("exec", "if", "for", "with", "filter", "macro", "call", "set")

Token = tuple[str, str]
"""Kind and text."""


@dataclass(frozen=True)
class Jinja:
    """A template in Jinja2's syntax.

    Attributes:
        text: The template.
        places: For each line of it, the line and column (from 1) in the original: of the tag on it, or of the line
            inside that tag.
        unclosed: Blocks that are not closed, innermost first: the closing word, and the location of the block.
        depth: The greatest nesting depth of blocks.
        parts: The greatest number of words and operators in a tag.
    """

    text: str
    places: tuple[tuple[int, int], ...]
    unclosed: tuple[tuple[str, tuple[int, int]], ...]
    depth: int
    parts: int


def has_tags(text: str) -> bool:
    """Whether there is anything to render."""
    return any(opening in text for opening in OPENINGS)


def to_jinja(text: str) -> Jinja:
    r"""The template in Jinja2's syntax; its lines must end with ``\n``.

    >>> to_jinja("a {{ !b }}").text
    'a {{\n  not b }}'
    """
    rewrite = _Rewrite(text)
    position = 0
    while opened := _OPEN.search(text, position):
        rewrite.keep(text[position : opened.start()])
        position = rewrite.tag(opened.start())
    rewrite.keep(text[position:])
    unclosed = tuple((f"end{block}", place) for block, place in rewrite.open[::-1])
    return Jinja("".join(rewrite.parts), tuple(rewrite.places), unclosed, rewrite.depth, rewrite.longest)


def find_name(text: str, line: int, column: int, name: str, *, behind_dot: bool = False) -> tuple[int, int] | None:
    """Line and column of a name's use in the tag that contains a location, or None.

    Args:
        text: The template.
        line: Line of the location.
        column: Column of the location.
        name: The name.
        behind_dot: Look for an attribute of that name, not for a variable.
    """
    lines = text.split("\n")
    position = start = sum(len(before) + 1 for before in lines[: line - 1]) + column - 1
    if text.startswith(OPENINGS, position):
        position += 2
    tokens = _tokens(text, position)[0]
    dot = False
    for number, (kind, word) in enumerate(tokens):
        if word == name and dot == behind_dot and not _is_assigned(tokens, number):
            return line + text.count("\n", start, position), position - text.rfind("\n", 0, position)
        dot = word == "." or (dot and kind == "space")
        position += len(word)
    return None


def set_tags(text: str) -> Iterator[tuple[str, int, int]]:
    """(name, begin, end) of each value that ``{% set name = value %}`` assigns; not in comments or raw text."""
    position = 0
    while opened := _OPEN.search(text, position):
        start = opened.start()
        if text[start + 1] == "#":
            closed = text.find("#}", start + 2)
            position = len(text) if closed < 0 else closed + 2
            continue
        head = start + (3 if text[start + 2 : start + 3] in {"-", "+"} else 2)
        tokens, position = _tokens(text, head)
        words = [word for kind, word in tokens if kind == "name"] if text[start + 1] == "%" else []
        closing = {"raw": _END_RAW, "comment": _END_COMMENT}.get(words[0] if len(words) == 1 else "")
        if closing is not None:
            ended = closing.search(text, position)
            position = ended.end() if ended else len(text)
        elif words[:1] == ["set"] and ("symbol", "=") in tokens:
            before = tokens[: tokens.index(("symbol", "=")) + 1]
            inside = tokens[len(before) : -1] if tokens[-1][0] == "close" else tokens[len(before) :]
            value = "".join(word for _, word in inside)
            begin = head + sum(len(word) for _, word in before) + len(value) - len(value.lstrip())
            # A sign before the end of the tag trims white space and is not part of the value.
            yield words[1], begin, begin + len(value.strip().rstrip("-+").rstrip())


@dataclass
class _Rewrite:
    """The result so far, and the current position in the original."""

    text: str
    parts: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=lambda: [(1, 1)])
    open: list[tuple[str, tuple[int, int]]] = field(default_factory=list)
    line: int = 1
    column: int = 1
    depth: int = 0
    longest: int = 0

    def keep(self, text: str) -> None:
        """Copy text unchanged."""
        self.parts.append(text)
        self._pass(text, kept=True)

    def tag(self, start: int) -> int:
        """Rewrite the tag at a position; returns the position after it."""
        text, place = self.text, (self.line, self.column)
        if text[start + 1] == "#":
            closed = text.find("#}", start + 2)
            end = len(text) if closed < 0 else closed + 2
            self.keep(text[start:end])
            return end
        head = start + (3 if text[start + 2 : start + 3] in {"-", "+"} else 2)
        tokens, end = _tokens(text, head)
        words = [word for kind, word in tokens if kind == "name"] if text[start + 1] == "%" else []
        if words == ["comment"]:
            return self._comment(start, end)
        self.longest = max(self.longest, sum(kind != "space" for kind, _ in tokens))
        depth = sum(block == "for" for block, _ in self.open)
        self.parts += [text[start:head], "\n", *_rewritten(tokens, words, depth)]
        self.places.append(place)
        self._pass(text[start:end], kept=True)
        if words == ["raw"]:
            closing = _END_RAW.search(text, end)
            last = closing.end() if closing else len(text)
            self.keep(text[end:last])
            return last
        self._note_block(tokens, words, place)
        return end

    def _comment(self, start: int, end: int) -> int:
        """Skip a comment; one that is not closed is a block without an end."""
        closing = _END_COMMENT.search(self.text, end)
        if closing is None:
            self.open.append(("comment", (self.line, self.column)))
            self.parts.append("{% if true %}")
            return len(self.text)
        self._pass(self.text[start : closing.end()], kept=False)
        return closing.end()

    def _note_block(self, tokens: list[Token], words: list[str], place: tuple[int, int]) -> None:
        first = words[0] if words else ""
        if first in _BLOCKS and not (first == "set" and ("symbol", "=") in tokens):
            self.open.append((first, place))
            self.depth = max(self.depth, len(self.open))
            if first == "for" and "Parentloop" in self.text:
                depth = sum(block == "for" for block, _ in self.open)
                self.parts.append(f"{{% set forloop_{depth} = loop %}}")
        elif self.open and first == "end" + self.open[-1][0]:
            self.open.pop()

    def _pass(self, text: str, *, kept: bool) -> None:
        """Move past ``text`` of the original; kept text keeps its line ends in the result."""
        lines = text.split("\n")
        if len(lines) == 1:
            self.column += len(text)
            return
        if kept:
            inside = ((len(line) - len(line.lstrip()) + 1) for line in lines[1:])
            self.places += [(self.line + number, column) for number, column in enumerate(inside, 1)]
        self.line, self.column = self.line + len(lines) - 1, len(lines[-1]) + 1


def _tokens(text: str, position: int) -> tuple[list[Token], int]:
    """The tokens of a tag from a position inside it through its end, and the position after it."""
    tokens: list[Token] = []
    depth = 0
    while position < len(text):
        if depth == 0 and text.startswith(("}}", "%}"), position):
            return [*tokens, ("close", text[position : position + 2])], position + 2
        token = _TOKEN.match(text, position)
        assert token is not None  # noqa: S101 - the last alternative matches any character
        depth = max(depth + _BRACKETS.get(token[0], 0), 0)
        tokens.append((token.lastgroup or "", token[0]))
        position = token.end()
    return tokens, position


def _rewritten(tokens: list[Token], words: list[str], loops: int) -> list[str]:
    """The inside of a tag in Jinja2's syntax."""
    if words in (["exec"], ["endexec"], ["empty"]):
        names = {"exec": "filter exec", "endexec": "endfilter", "empty": "else"}
        return [names.get(text, text) for _, text in tokens]
    if words[:1] == ["with"]:
        tokens = _with_commas(tokens)
    return _spelled(tokens, loops)


def _spelled(tokens: list[Token], loops: int) -> list[str]:
    """The tokens with operators, loop variables and filter arguments in Jinja2's syntax."""
    out: list[str] = []
    solid: list[Token] = []
    position = 0
    while position < len(tokens):
        kind, text = tokens[position]
        argument = _argument(tokens, position, solid)
        if kind == "symbol" and text in _OPERATORS:
            out.append(_OPERATORS[text])
        elif kind == "name" and text == "forloop":
            length = _parents(tokens, position)
            out.append(f"forloop_{loops - length // 2}" if length else "loop")
            position += length
        elif kind == "name" and text in _LOOP and solid[-2:] == [("name", "forloop"), ("symbol", ".")]:
            out.append(_LOOP[text])
        elif argument:
            out += ["(", *_spelled(argument, loops), ")"]
            position = _behind_space(tokens, position + 1) + len(argument) - 1
        else:
            out.append(text)
        if kind != "space":
            solid.append((kind, text))
        position += 1
    return out


def _parents(tokens: list[Token], position: int) -> int:
    """The number of tokens of ``.Parentloop`` after ``forloop``, two for each; 0 if it is absent."""
    length = 0
    while tokens[position + 1 + length : position + 3 + length] == [("symbol", "."), ("name", "Parentloop")]:
        length += 2
    return length


def _behind_space(tokens: list[Token], position: int) -> int:
    while position < len(tokens) and tokens[position][0] == "space":
        position += 1
    return position


def _argument(tokens: list[Token], position: int, solid: list[Token]) -> list[Token]:
    """The argument of ``|name:argument``, if there is such a colon: a literal, or a name with its attributes."""
    is_filter = len(solid) > 1 and solid[-2] == ("symbol", "|") and solid[-1][0] == "name"
    start = _behind_space(tokens, position + 1)
    if tokens[position] != ("symbol", ":") or not is_filter or start >= len(tokens):
        return []
    kind = tokens[start][0]
    if kind not in {"string", "number", "name"}:
        return []
    end = start + 1
    while kind == "name" and end < len(tokens):
        text = tokens[end][1]
        if text == "." and end + 1 < len(tokens) and tokens[end + 1][0] == "name":
            end += 2
        elif text in {"(", "["}:
            end = _behind_bracket(tokens, end)
        else:
            break
    return tokens[start:end]


def _behind_bracket(tokens: list[Token], position: int) -> int:
    depth = 0
    while position < len(tokens):
        depth += _BRACKETS.get(tokens[position][1], 0)
        position += 1
        if depth == 0:
            break
    return position


def _with_commas(tokens: list[Token]) -> list[Token]:
    """Add a comma before each assignment but the first, if the author omitted it."""
    out: list[Token] = []
    depth, assigned, last = 0, False, ""
    for number, (kind, text) in enumerate(tokens):
        depth += _BRACKETS.get(text, 0)
        if kind == "name" and depth == 0 and _is_assigned(tokens, number):
            if assigned and last != ",":
                out.append(("symbol", ","))
            assigned = True
        out.append((kind, text))
        last = last if kind == "space" else text
    return out


def _is_assigned(tokens: list[Token], number: int) -> bool:
    following = _behind_space(tokens, number + 1)
    return following < len(tokens) and tokens[following][1] == "="
