"""The spellings of pongo2 -> those of Jinja2.

In: a template as authors of the format write it. Out: the same in Jinja2's language, with every line where it was.
Only tags are changed, never text or quoted strings.

    {{ a && !b }}                        {{ a  and  not b }}
    {% with x = f(1) y = g(2) %}         {% with x = f(1), y = g(2) %}
    {{ v|default:"x" }}                  {{ v|default("x") }}
    {{ forloop.Counter }}                {{ loop.index }}
    {% exec %}...{% endexec %}           {% filter exec %}...{% endfilter %}
"""

from __future__ import annotations

import re
from dataclasses import dataclass

OPENINGS = ("{{", "{%", "{#")
_OPEN = re.compile(r"\{\{|\{%|\{#")
_TOKEN = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      | (?P<space>\s+)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<close>-?[%}]\})
      | (?P<symbol>&&|\|\||!=|==|<=|>=|//|\*\*|.)""",
    re.VERBOSE | re.DOTALL,
)
_LOOP = {
    "Counter": "index", "Counter0": "index0", "Revcounter": "revindex", "Revcounter0": "revindex0", "First": "first",
    "Last": "last", "Parentloop": "parent",
}  # fmt: skip
_OPERATORS = {"&&": " and ", "||": " or ", "!": " not "}


@dataclass(frozen=True)
class Tag:
    """Where a tag begins.

    Attributes:
        line: From 1.
        column: From 1.
        text: The tag as written, or what there is of it.
    """

    line: int
    column: int
    text: str


def has_tags(text: str) -> bool:
    """Whether there is anything to render."""
    return any(opening in text for opening in OPENINGS)


def tags(text: str) -> tuple[Tag, ...]:
    """The tags of a template, in order."""
    found = []
    for start, end in _spans(text):
        before = text[:start]
        found.append(Tag(before.count("\n") + 1, start - (before.rfind("\n") + 1) + 1, text[start:end]))
    return tuple(found)


def to_jinja(text: str) -> str:
    """The template in Jinja2's spelling."""
    parts, done = [], 0
    for start, end in _spans(text):
        parts += [text[done:start], _rewritten(text[start:end])]
        done = end
    return "".join([*parts, text[done:]])


def _spans(text: str) -> list[tuple[int, int]]:
    """Where each tag begins and ends; one that is not closed ends with the text."""
    spans, position = [], 0
    while opened := _OPEN.search(text, position):
        if opened[0] == "{#":
            closed = text.find("#}", opened.end())
            position = len(text) if closed < 0 else closed + 2
        else:
            position = _end_of_tag(text, opened.end(), "}}" if opened[0] == "{{" else "%}")
        spans.append((opened.start(), position))
    return spans


def _end_of_tag(text: str, position: int, closing: str) -> int:
    while token := _TOKEN.match(text, position):
        position = token.end()
        if token.lastgroup == "close" and token[0].endswith(closing):
            return position
    return len(text)


def _rewritten(tag: str) -> str:
    if tag.startswith("{#"):
        return tag
    tokens = [(m.lastgroup or "", m[0]) for m in _TOKEN.finditer(tag, 2)]
    words = [text for kind, text in tokens if kind == "name"]
    if tag.startswith("{%") and words in (["exec"], ["endexec"]):
        return tag.replace("endexec", "endfilter").replace("exec", "filter exec")
    if tag.startswith("{%") and words[:1] == ["with"]:
        tokens = _with_commas(tokens)
    return tag[:2] + "".join(_spelled(tokens))


def _spelled(tokens: list[tuple[str, str]]) -> list[str]:
    """The tokens with operators, loop variables and filter arguments as Jinja2 writes them."""
    out: list[str] = []
    position = 0
    while position < len(tokens):
        kind, text = tokens[position]
        if kind == "symbol" and text in _OPERATORS:
            out.append(_OPERATORS[text])
        elif kind == "name" and text == "forloop":
            out.append("loop")
        elif kind == "name" and text in _LOOP and out[-2:] == ["loop", "."]:
            out.append(_LOOP[text])
        elif (argument := _filter_argument(tokens, position)) is not None:
            value, position = argument
            out.append(f"({value})")
        else:
            out.append(text)
        position += 1
    return out


def _filter_argument(tokens: list[tuple[str, str]], position: int) -> tuple[str, int] | None:
    """The argument of ``|name:argument`` and its place, if ``position`` is at such a colon."""
    before = [t for t in tokens[:position] if t[0] != "space"][-2:]
    after = position + 1
    is_filter = len(before) == 2 and before[0][1] == "|" and before[1][0] == "name"  # noqa: PLR2004
    if tokens[position][1] != ":" or not is_filter:
        return None
    while after < len(tokens) and tokens[after][0] == "space":
        after += 1
    if after < len(tokens) and tokens[after][0] in {"string", "number", "name"}:
        return tokens[after][1], after
    return None


def _with_commas(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A comma before each assignment but the first, where the author left it out."""
    out: list[tuple[str, str]] = []
    depth, assigned = 0, False
    for number, (kind, text) in enumerate(tokens):
        depth += (text in {"(", "[", "{"}) - (text in {")", "]", "}"})
        if kind == "name" and depth == 0 and _is_assigned(tokens, number):
            last = next((t for t in reversed(out) if t[0] != "space"), ("", ""))
            if assigned and last[1] != ",":
                out.append(("symbol", ","))
            assigned = True
        out.append((kind, text))
    return out


def _is_assigned(tokens: list[tuple[str, str]], number: int) -> bool:
    following = next((text for kind, text in tokens[number + 1 :] if kind != "space"), "")
    return following == "="
