"""Reads YAML with the location of every key and value.

Takes the bytes of one file; returns a ``YamlMap`` (plain values with locations) and findings. A file that cannot be
read gives findings and no map. Knows nothing of the project format, and never raises.

Scalars are typed as in YAML 1.2: ``yes``, ``on`` and dates are text. Values are built from the parser's events without
recursion, so neither deep nesting nor nested aliases can exhaust the machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from onefold.errors import Finding, Location
from onefold.project.spec import Positions
from onefold.project.yaml_problems import explain

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 64
"""Maximum nesting depth with aliases expanded; the format needs about 10."""
MAX_ALIASED = 100_000
"""Maximum number of values that aliases may add to a file; a real project adds some hundreds."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NULL = re.compile(r"(?:~|null|Null|NULL)?")
_BOOL = re.compile(r"true|false", re.IGNORECASE)
_INT = re.compile(r"[-+]?[0-9]{1,300}|0o[0-7]{1,300}|0x[0-9a-fA-F]{1,300}")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_TAGS = {f"tag:yaml.org,2002:{name}": name for name in ("str", "int", "float", "bool", "null", "map", "seq")}
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")
_MERGE = "<<"
_NO_TAG = 'remove it; text that begins with "!" needs quotes'


class YamlInt(int):
    """A whole number that keeps its original text (``007``)."""

    text: str


class YamlFloat(float):
    """A number that keeps its original text (``1.50``)."""

    text: str


class YamlMap(dict[str, Any]):
    """A mapping with the locations of itself, its keys and its values."""

    positions: Positions

    def __init__(self, values: dict[str, Any], positions: Positions) -> None:
        super().__init__(values)
        self.positions = positions


@dataclass(frozen=True)
class YamlFile:
    """The result of reading one file; ``root`` is None if it could not be read."""

    root: YamlMap | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Value:
    """A value that is not in its container yet; ``size`` and ``depth`` count its content with aliases expanded."""

    value: Any
    at: Location
    size: int = 1
    depth: int = 0
    is_merge: bool = False


@dataclass
class _Open:
    """A container that is still open."""

    kind: Literal["map", "list"]
    at: Location
    anchor: str | None
    key: _Value | None = None
    entries: list[tuple[_Value, _Value]] = field(default_factory=list)
    items: list[_Value] = field(default_factory=list)


class _Unreadable(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def read_yaml(content: bytes, file: str) -> YamlFile:
    """Read one YAML file.

    Args:
        content: The bytes of the file.
        file: Its name in locations, as the user would type it.

    Returns:
        The root mapping (empty for an empty file) and all duplicate keys; or None and the reason.
    """
    if len(content) > MAX_BYTES:
        return _unreadable(
            "file-too-large",
            f"the file has more than {MAX_BYTES // 1024 // 1024} MB",
            Location(file, 1, 1),
            None,
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = _location_of_offset(content[: error.start].decode("utf-8", "replace"), file)
        return _unreadable("not-utf-8", "this is not UTF-8 text", at, "save the file as UTF-8")
    if odd := _UNPRINTABLE.search(text):
        at = _location_of_offset(text[: odd.start()], file)
        message = f"the control character U+{ord(odd.group()):04X} is not allowed in YAML"
        return _unreadable("yaml-syntax", message, at, "remove it")
    return _Builder(text, file).read()


def _unreadable(code: str, message: str, at: Location, hint: str | None) -> YamlFile:
    return YamlFile(None, (Finding("error", code, message, at, hint),))


def _location_of_offset(before: str, file: str) -> Location:
    lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", before)
    return Location(file, len(lines), len(lines[-1]) + 1)


class _Builder:
    """One pass over the events of one file."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
        self.findings: list[Finding] = []
        self.anchors: dict[str, _Value | None] = {}
        self.open: list[_Open] = []
        self.root: _Value | None = None
        self.documents = 0
        self.aliased = 0

    def read(self) -> YamlFile:
        try:
            for event in yaml.parse(self.text, Loader=_LOADER):
                self._take(event)
            return YamlFile(self._checked_root(), tuple(self.findings))
        except _Unreadable as stop:
            self.findings.append(stop.finding)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = Location(self.file, mark.line + 1, mark.column + 1) if mark else Location(self.file, 1, 1)
            self.findings.append(explain(error.problem or "", at, self.lines))
        except yaml.YAMLError:  # no mark: the reader found a character that the check above did not reject
            at = Location(self.file, 1, 1)
            self.findings.append(Finding("error", "yaml-syntax", "this is not valid YAML", at))
        return YamlFile(None, tuple(self.findings))

    def _checked_root(self) -> YamlMap:
        start = Location(self.file, 1, 1)
        if self.root is None or self.root.value is None:
            return YamlMap({}, Positions(start))
        if isinstance(self.root.value, YamlMap):
            return self.root.value
        found = "a list" if isinstance(self.root.value, list) else "a single value"
        message = f"the top level of the file must be a mapping, not {found}"
        raise _Unreadable(Finding("error", "wrong-type", message, self.root.at))

    def _take(self, event: yaml.Event) -> None:
        match event:
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._begin(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end()
            case yaml.ScalarEvent():
                at = self._scalar_location(event)
                is_merge = event.value == _MERGE and not event.style
                value = event.value if self._awaits_key() else self._typed(event, at)
                self._anchor_and_add(event.anchor, _Value(value, at, is_merge=is_merge))
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self._stop(
                        event, "a second YAML document begins here", "a file may have only one document; remove ---"
                    )

    def _stop(self, event: yaml.Event, message: str, hint: str | None = None) -> None:
        at = self._start_of(event)
        raise _Unreadable(Finding("error", "yaml-syntax", message, at, hint))

    def _start_of(self, event: yaml.Event) -> Location:
        mark = event.start_mark
        assert mark is not None  # noqa: S101 - the parser marks every event
        return Location(self.file, mark.line + 1, mark.column + 1)

    def _awaits_key(self) -> bool:
        return bool(self.open) and self.open[-1].kind == "map" and self.open[-1].key is None

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if self._awaits_key():
            at = self._start_of(event)
            raise _Unreadable(explain("complex key", at, self.lines))
        if len(self.open) >= MAX_DEPTH:
            self._stop(event, f"more than {MAX_DEPTH} levels of nesting")
        if event.tag is not None and event.tag not in _TAGS:
            self._stop(event, "YAML tags are not supported", _NO_TAG)
        line, column = self._behind_properties(event)
        kind: Literal["map", "list"] = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
        self.open.append(_Open(kind, Location(self.file, line + 1, column + 1), event.anchor))
        if event.anchor:
            self.anchors[event.anchor] = None

    def _end(self) -> None:
        done = self.open.pop()
        parts = [v for _, v in done.entries] + done.items
        size, depth = 1 + sum(p.size for p in parts), 1 + max((p.depth for p in parts), default=0)
        value: Any = self._mapping(done) if done.kind == "map" else _YamlList(done.items)
        self._anchor_and_add(done.anchor, _Value(value, done.at, size, depth))

    def _alias(self, event: yaml.AliasEvent) -> None:
        name = str(event.anchor)
        if name not in self.anchors:
            hint = 'define the anchor with &name above this line; text that begins with "*" needs quotes'
            self._stop(event, "this anchor is not defined above", hint)
        target = self.anchors[name]
        if target is None:
            self._stop(event, "this alias is inside the value that it refers to")
        elif self._awaits_key():
            if not isinstance(target.value, str | int | float | bool | None):
                self._stop(event, f'a key must be text, and "*{name}" is not')
            self._add(_Value(str(target.value), target.at))
        else:
            self.aliased += target.size
            if self.aliased > MAX_ALIASED or len(self.open) + target.depth > MAX_DEPTH:
                self._stop(event, "aliases in aliases make this file too large", "write the values instead of aliases")
            self._add(target)

    def _anchor_and_add(self, anchor: str | None, value: _Value) -> None:
        if anchor:
            self.anchors[anchor] = value
        self._add(value)

    def _add(self, value: _Value) -> None:
        if not self.open:
            self.root = value
            return
        container = self.open[-1]
        if container.kind == "list":
            container.items.append(value)
        elif container.key is None:
            container.key = value
        else:
            container.entries.append((container.key, value))
            container.key = None

    def _mapping(self, done: _Open) -> YamlMap:
        values: dict[str, Any] = {}
        positions = Positions(done.at)
        merges = []
        for key, value in done.entries:
            name = str(key.value)
            if key.is_merge:
                merges.append(value)
                continue
            if name in values:
                self._duplicate(name, key.at, positions.keys[name])
                continue
            values[name] = value.value
            positions.keys[name], positions.values[name] = key.at, value.at
            if isinstance(value.value, _YamlList):
                positions.items[name] = value.value.locations
        for merge in merges:
            self._merge(merge, values, positions)
        return YamlMap(values, positions)

    def _duplicate(self, name: str, at: Location, first: Location) -> None:
        message = f'duplicate key "{name}"; the first is on line {first.line}'
        self.findings.append(Finding("error", "duplicate-key", message, at, "keep one of them"))

    def _merge(self, merge: _Value, values: dict[str, Any], positions: Positions) -> None:
        """Add the entries of ``<<`` that the mapping does not have itself; earlier ones win."""
        for source in merge.value if isinstance(merge.value, list) else [merge.value]:
            if not isinstance(source, YamlMap):
                message = '"<<" must be a mapping or a list of mappings'
                self.findings.append(Finding("error", "wrong-type", message, merge.at, "use an alias: <<: *name"))
                continue
            for name, value in source.items():
                if name not in values:
                    values[name] = value
                    positions.keys[name] = source.positions.key(name)
                    positions.values[name] = source.positions.value(name)
                    if name in source.positions.items:
                        positions.items[name] = source.positions.items[name]

    def _typed(self, event: yaml.ScalarEvent, at: Location) -> Any:
        """The value of a scalar: quoted and block scalars are text, plain ones follow the YAML 1.2 core schema."""
        if event.tag in (None, "!"):
            return event.value if event.style or event.tag else plain(event.value)
        kind = _TAGS.get(event.tag)
        if kind is None:
            self._stop(event, "YAML tags are not supported", _NO_TAG)
        if kind == "str":
            return event.value
        value = plain(event.value)
        fits = {"int": YamlInt, "float": YamlInt | YamlFloat, "bool": bool, "null": type(None)}.get(kind or "", str)
        if not isinstance(value, fits):
            message = f'"!!{kind}" does not fit this value'
            self.findings.append(Finding("error", "wrong-type", message, at, "remove the tag"))
        return value

    def _behind_properties(self, event: yaml.Event) -> tuple[int, int]:
        """Line and column (from 0) of a value after its anchor and tag."""
        start, end = event.start_mark, event.end_mark
        assert start is not None and end is not None  # noqa: S101, PT018 - the parser marks every event
        line, column = start.line, start.column
        if not (getattr(event, "anchor", None) or getattr(event, "tag", None)) or line >= len(self.lines):
            return line, column
        found = _PROPERTIES.match(self.lines[line] + "\n", column)
        if found is None:
            return line, column
        if found.end() <= len(self.lines[line]) and self.lines[line][found.end()] != "#":
            return line, found.end()
        for below in range(line + 1, min(end.line + 1, len(self.lines))):
            content = self.lines[below].lstrip()
            if content and not content.startswith("#"):
                return below, len(self.lines[below]) - len(content)
        return line, column

    def _scalar_location(self, event: yaml.ScalarEvent) -> Location:
        line, column = self._behind_properties(event)
        if event.style not in ("|", ">"):
            return Location(self.file, line + 1, column + 1, text_column=column + (2 if event.style else 1))
        text_column = 0
        for offset, text in enumerate(event.value.split("\n")):
            if text.strip() and line + 1 + offset < len(self.lines):
                written = self.lines[line + 1 + offset]
                extra = len(written) - len(written.lstrip(" ")) - (len(text) - len(text.lstrip(" ")))
                text_column = max(extra, 0) + 1
                break
        return Location(self.file, line + 1, column + 1, line + 2, text_column)


class _YamlList(list[Any]):
    """A list with the locations of its entries."""

    def __init__(self, items: list[_Value]) -> None:
        super().__init__(i.value for i in items)
        self.locations = tuple(i.at for i in items)


def plain(text: str) -> Any:
    """The value of a plain scalar in the YAML 1.2 core schema."""
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        whole = YamlInt(text if base == 10 else text[2:], base)  # noqa: PLR2004 - the number of fingers
        whole.text = text
        return whole
    if _FLOAT.fullmatch(text):
        number = YamlFloat(re.sub(r"\.(?=[a-z])", "", text.lower()))  # YAML's .inf and .nan are inf and nan in Python
        number.text = text
        return number
    return text
