"""A YAML file as a tree with text offsets, so that parts of the file can be rewritten.

Takes text that `source.read_yaml` has read. Returns nodes with offsets, and edits that remove a key, move lines or
indent them. Everything outside of the edits is kept, byte for byte. Knows no key of the format.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STEP = "  "
"""One level of indentation in new YAML."""


@dataclass(frozen=True)
class Edit:
    """Replacement for the text between two offsets."""

    start: int
    end: int
    text: str


@dataclass
class YamlNode:
    """A value with its children.

    Attributes:
        start: Offset of the value, or of the anchor before it.
        end: Offset after its last character; for a block, after its last child.
        entries: (key, value) pairs of a mapping.
        items: Values of a list.
    """

    kind: Literal["scalar", "alias", "map", "list"]
    start: int
    end: int
    is_flow: bool = False
    entries: list[tuple[YamlNode, YamlNode]] = field(default_factory=list)
    items: list[YamlNode] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Whether it is in block style."""
        return self.kind in {"map", "list"} and not self.is_flow

    def nodes(self) -> Iterator[YamlNode]:
        """The node and all of its descendants."""
        yield self
        for key, value in self.entries:
            yield key
            yield from value.nodes()
        for item in self.items:
            yield from item.nodes()


@dataclass(frozen=True)
class Entry:
    """One key with its value, in its mapping."""

    owner: YamlNode
    number: int

    @property
    def key(self) -> YamlNode:
        """The key."""
        return self.owner.entries[self.number][0]

    @property
    def value(self) -> YamlNode:
        """The value."""
        return self.owner.entries[self.number][1]

    @property
    def end(self) -> int:
        """Offset after the value, or after the colon if there is none."""
        return max(self.key.end, self.value.end)


class YamlText:
    """The text and tree of a file."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.root = _tree(text)
        self.starts = [0, *(m.end() for m in re.finditer("\r\n|[\n\r\x85\u2028\u2029]", text))]
        self.by_key = {
            entry.key.start: entry
            for node in (self.root.nodes() if self.root else ())
            for entry in (Entry(node, number) for number in range(len(node.entries)))
        }

    def entry(self, line: int, column: int) -> Entry | None:
        """The entry whose key is at a line and column, from 1."""
        return self.by_key.get(self.starts[line - 1] + column - 1)

    def line_start(self, offset: int) -> int:
        """Offset of the start of the line."""
        return self.starts[bisect_right(self.starts, offset) - 1]

    def line_after(self, offset: int) -> int:
        """Offset of the start of the next line, or the end of the text."""
        number = bisect_right(self.starts, offset)
        return self.starts[number] if number < len(self.starts) else len(self.text)

    def column(self, offset: int) -> int:
        """Column, from 0."""
        return offset - self.line_start(offset)

    def last_line_after(self, entry: Entry) -> int:
        """Offset after the last line of a block entry."""
        return self.line_after(max(entry.end - 1, entry.key.start))

    def taken_out(self, entry: Entry) -> list[Edit]:
        """The edits that remove a key with the comment on its line; comments on their own lines stay."""
        if len(entry.owner.entries) == 1 and not entry.owner.is_flow:
            return [Edit(entry.key.start, entry.end, "{}")]
        if entry.owner.is_flow:
            return [self._out_of_flow(entry)]
        begins = self.line_start(entry.key.start)
        before = self.text[begins : entry.key.start]
        if not before.strip():
            return [Edit(begins, self.last_line_after(entry), "")]
        # The first key of a list entry: the dash moves to the next key.
        following = Entry(entry.owner, entry.number + 1).key.start
        between = self.text[self.last_line_after(entry) : self.line_start(following)]
        return [Edit(begins, following, between + before)]

    def _out_of_flow(self, entry: Entry) -> Edit:
        if entry.number + 1 < len(entry.owner.entries):
            comma = re.compile(r"\s*,[ \t]*").match(self.text, entry.end)
            return Edit(entry.key.start, comma.end() if comma else entry.end, "")
        if entry.number:
            before = Entry(entry.owner, entry.number - 1).end
            if "#" not in self.text[before : entry.key.start]:
                return Edit(before, entry.end, "")
        comma = re.compile(r"[ \t]*,[ \t]*").match(self.text, entry.end)
        return Edit(entry.key.start, comma.end() if comma else entry.end, "")

    def indented(self, start: int, end: int, by: int = len(STEP)) -> list[Edit]:
        """The edits that shift the lines between two offsets, which start lines; empty lines stay empty."""
        found = []
        for begins in self.starts[bisect_left(self.starts, start) : bisect_left(self.starts, end)]:
            if self.text[begins : self.line_after(begins)].strip():
                spaces = re.compile(" *").match(self.text, begins)
                assert spaces is not None  # noqa: S101 - zero spaces match too
                width = max(spaces.end() - begins + by, 0)
                found.append(Edit(begins, spaces.end(), " " * width))
        return found

    def moved(self, start: int, end: int, by: int) -> str:
        """The lines between two offsets, shifted."""
        return applied(self.text[:end], self.indented(start, end, by))[start:]


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits applied; of overlapping edits only the first."""
    made, reached = [], 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start >= reached:
            made += [text[reached : edit.start], edit.text]
            reached = edit.end
    return "".join([*made, text[reached:]])


def _tree(text: str) -> YamlNode | None:
    """The tree of a text, from the parser's events."""
    stack: list[tuple[YamlNode, list[YamlNode]]] = []
    root: YamlNode | None = None
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if event.start_mark is None or event.end_mark is None:
            continue
        start, end = event.start_mark.index, event.end_mark.index
        done: YamlNode | None = None
        match event:
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                kind: Literal["map", "list"] = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
                stack.append((YamlNode(kind, start, end, is_flow=bool(event.flow_style)), []))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                done, parts = stack.pop()
                done.items = parts if done.kind == "list" else []
                done.entries = list(zip(parts[::2], parts[1::2], strict=True)) if done.kind == "map" else []
                done.end = end if done.is_flow else max([done.end, *(p.end for p in parts)])
            case yaml.ScalarEvent():
                if event.style in ("|", ">"):  # its mark is after the lines that follow it
                    end = start + len(text[start:end].rstrip())
                done = YamlNode("scalar", start, end)
            case yaml.AliasEvent():
                done = YamlNode("alias", start, end)
        if done is not None and stack:
            stack[-1][1].append(done)
        elif done is not None:
            root = done
    return root
