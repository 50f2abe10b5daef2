"""Rewrites the files of an old project in today's spelling, and keeps everything else.

Takes a folder; returns the new text of each file that changes, and the list of changes. Comments, order and layout are
kept. `legacy` decides what to change. A file is only returned if `legacy` gives it the same meaning as before and finds
no old spelling left. Writes nothing: the caller does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from onefold.errors import Finding, Location, ProjectError
from onefold.project.legacy import FEATURES, Change, Legacy, grains_used, listed_features
from onefold.project.load import yaml_files
from onefold.project.source import YamlMap, read_yaml
from onefold.project.yaml_text import STEP, Edit, Entry, YamlText, applied

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NEWEST = 99
"""The schema version whose spelling is written."""
_PROJECT = "pb_project.yaml"
_ROUNDS = 200
"""More than the number of keys that one mapping can lose; a file that needs more rounds is given up."""


@dataclass(frozen=True)
class Migrated:
    """One file in today's spelling.

    Attributes:
        file: Its path within the project.
        content: Its new bytes.
        notes: The changes, at their old locations.
    """

    file: str
    content: bytes
    notes: tuple[Finding, ...]


@dataclass(frozen=True)
class OldDefaults:
    """The facts that decide changed defaults: the schema version, vars that feature tables list, time grains."""

    version: int
    features: frozenset[str]
    grains: frozenset[str] = frozenset()


def migrated(folder: Path, version: int = NEWEST) -> tuple[Migrated, ...]:
    """The files of a project that change, in reading order.

    Args:
        folder: The folder of ``pb_project.yaml``.
        version: The schema version to write.

    Raises:
        ProjectError: If a file cannot be read, or an old spelling cannot be rewritten in place.
    """
    found: list[Migrated] = []
    problems: list[Finding] = []
    old = _old_defaults(folder)
    for path in yaml_files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            one = migrated_file(path.read_bytes(), name, version, old)
        except ProjectError as error:
            problems += error.findings
            continue
        if one.notes:
            found.append(one)
    if problems:
        raise ProjectError(problems)
    return tuple(found)


def _old_defaults(folder: Path) -> OldDefaults:
    """The facts of a project that decide defaults; unreadable files are skipped."""
    roots = [root for path in yaml_files(folder) if (root := read_yaml(path.read_bytes(), path.name).root) is not None]
    version = next((root["schema_version"] for root in roots if "schema_version" in root), FEATURES)
    return OldDefaults(version if isinstance(version, int) else FEATURES, listed_features(roots), grains_used(roots))


def migrated_file(content: bytes, file: str, version: int = NEWEST, old: OldDefaults | None = None) -> Migrated:
    """One file in today's spelling; the same bytes if it has no old spelling.

    Args:
        content: Its bytes.
        file: Its path within the project.
        version: The schema version to write.
        old: The facts that decide changed defaults; None for today's.

    Raises:
        ProjectError: As `migrated`.
    """
    meant, first = _meant(_read(content, file), file, old)
    notes = [Finding("note", "migrated", note.message, note.where) for note in first.notes]
    try:
        # First: a var that has been moved no longer has the old default.
        given = (c for c in first.changes if c.kind == "default")
        text = _in_rounds(applied(_decoded(content), _edits(YamlText(_decoded(content)), given)), file)
        if file == _PROJECT:
            note, text = _with_version(text, meant, version)
            notes += note
        after, last = _meant(_read(text.encode(), file), file)
        is_same = not last.notes and _without_version(after) == _without_version(meant)
    except (ProjectError, yaml.YAMLError):  # for example an alias that now comes before its anchor
        is_same = False
    if not is_same:
        at = first.notes[0].where if first.notes else Location(file, 1, 1)
        message = "this old spelling cannot be rewritten automatically"
        raise ProjectError(
            Finding(
                "error", "not-migrated", message, at, "rewrite it by hand; the project also loads without the change"
            )
        )
    loose = next((c for c in first.changes if c.new == "app_defaults"), None)
    if loose is not None and text != _decoded(content):
        notes.append(
            Finding("note", "migrated", "keys directly under an input belong under app_defaults", loose.keys[0])
        )
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    return Migrated(file, mark + text.encode(), tuple(notes))


def _in_rounds(text: str, file: str) -> str:
    """The text with one change applied after the other, until none is left."""
    for _ in range(_ROUNDS):
        legacy = _meant(_read(text.encode(), file), file)[1]
        rewritten = applied(text, _edits(YamlText(text), legacy.changes))
        if rewritten == text:
            break
        text = rewritten
    return text


def _read(content: bytes, file: str) -> YamlMap:
    source = read_yaml(content, file)
    if source.root is None or source.findings:
        raise ProjectError(source.findings)
    return source.root


def _meant(root: YamlMap, file: str, old: OldDefaults | None = None) -> tuple[YamlMap, Legacy]:
    legacy = Legacy(old.version, old.features, old.grains) if old is not None else Legacy()
    return (legacy.project_file if file == _PROJECT else legacy.model_file)(root), legacy


def _decoded(content: bytes) -> str:
    return content.decode("utf-8-sig")


def _without_version(root: YamlMap) -> dict[str, Any]:
    return {key: value for key, value in root.items() if key != "schema_version"}


def _with_version(text: str, root: YamlMap, version: int) -> tuple[list[Finding], str]:
    """The project file with its schema version updated, if that is older."""
    written = root.get("schema_version")
    if not isinstance(written, int) or written >= version:
        return [], text
    tree = YamlText(text)
    at = next(entry for entry in tree.by_key.values() if _is_top(tree, entry, "schema_version"))
    edited = applied(text, [Edit(at.value.start, at.value.end, str(version))])
    told = Finding(
        "note", "migrated", f"schema_version {written} is now {version}", root.positions.key("schema_version")
    )
    return [told], edited


def _is_top(tree: YamlText, entry: Entry, name: str) -> bool:
    return entry.owner is tree.root and tree.text[entry.key.start : entry.key.end].strip("'\"") == name


# --- changes -> edits ---


def _edits(tree: YamlText, changes: Iterable[Change]) -> list[Edit]:
    """Edits that do not overlap; the other changes follow in the next round."""
    small: list[Edit] = []
    touched: set[int] = set()
    large: list[Change] = []
    for change in changes:
        entries = [tree.entry(at.line, at.column) for at in change.keys]
        known = [e for e in entries if e is not None]
        if len(known) != len(entries):
            continue
        owner = id(known[0].owner)
        if change.kind in {"rename", "value", "add", "default"}:
            small.append(_in_line(tree, known[0], change))
        elif change.kind == "drop" and owner not in touched:
            touched.add(owner)
            small += tree.taken_out(known[0])
        elif change.kind in {"nest", "unwrap", "group", "move"}:
            large.append(change)
    if small:
        return small
    for change in large:  # one at a time, because one may contain another
        known = [e for at in change.keys if (e := tree.entry(at.line, at.column)) is not None]
        if edits := _large(tree, known, change):
            return edits
    return []


def _large(tree: YamlText, entries: list[Entry], change: Change) -> list[Edit]:
    """The edits of a change that moves lines."""
    if change.kind == "unwrap":
        return _unwrapped(tree, entries[0])
    return _nested(tree, entries, change) if change.kind == "nest" else _to_the_end(tree, entries[0], change)


def _in_line(tree: YamlText, entry: Entry, change: Change) -> Edit:
    """Another key, another value, or one more entry after it."""
    if change.kind == "rename":
        return Edit(entry.key.start, entry.key.end, change.new)
    if change.kind == "value":
        return Edit(entry.value.start, entry.value.end, change.new)
    text = change.new
    if entry.owner.is_flow:
        return Edit(entry.end, entry.end, f", {text}")
    end = tree.last_line_after(entry)
    missing = "" if tree.text[:end].endswith(("\n", "\r")) else tree.newline
    return Edit(end, end, f"{missing}{' ' * tree.column(entry.key.start)}{text}{tree.newline}")


def _unwrapped(tree: YamlText, entry: Entry) -> list[Edit]:
    """The content of a key in place of the key; nothing if there is a comment between the two."""
    inner = entry.value
    if inner.kind != "map" or not inner.entries or "#" in tree.text[entry.key.end : inner.start]:
        return []
    if inner.is_block:
        if entry.owner.is_flow:
            return []
        shift = tree.column(entry.key.start) - tree.column(inner.start)
        below = tree.line_after(inner.start)
        return [Edit(entry.key.start, inner.start, ""), *tree.indented(below, tree.last_line_after(entry), shift)]
    parts = [tree.text[e.key.start : e.end].strip() for e in (Entry(inner, n) for n in range(len(inner.entries)))]
    between = ", " if entry.owner.is_flow else f"{tree.newline}{' ' * tree.column(entry.key.start)}"
    return [Edit(entry.key.start, entry.end, between.join(parts))]


def _nested(tree: YamlText, entries: list[Entry], change: Change) -> list[Edit]:
    """Move keys into a new mapping."""
    if any(entry.owner is not entries[0].owner for entry in entries):
        return []
    entries = sorted(entries, key=lambda e: e.number)
    renames = dict(change.names)
    names = {e.number: tree.text[e.key.start : e.key.end].strip("'\"") for e in entries}
    if entries[0].owner.is_flow:
        inner = ", ".join(f"{renames.get(names[e.number], names[e.number])}: {_value(tree, e)}" for e in entries)
        first, *rest = entries
        return [Edit(first.key.start, first.end, f"{change.new}: {{{inner}}}"), *_out_one_by_one(tree, rest)]
    runs: list[list[Entry]] = []
    for entry in entries:
        if runs and runs[-1][-1].number + 1 == entry.number:
            runs[-1].append(entry)
        else:
            runs.append([entry])
    edits = _head(tree, runs[0], change, renames)
    end = tree.last_line_after(runs[0][-1])
    moved = []
    for run in runs[1:]:
        begins, after = tree.line_start(run[0].key.start), tree.last_line_after(run[-1])
        moved.append(_whole_lines(tree, tree.moved(begins, after, len(STEP))))
        edits.append(Edit(begins, after, ""))
    if moved:
        missing = "" if tree.text[:end].endswith(("\n", "\r")) else tree.newline
        edits.append(Edit(end, end, missing + "".join(moved)))
    return edits


def _head(tree: YamlText, run: list[Entry], change: Change, renames: dict[str, str]) -> list[Edit]:
    """The new key before the first of its keys, with the following keys shifted."""
    first = run[0]
    column = tree.column(first.key.start)
    written = tree.text[first.key.start : first.key.end]
    name = renames.get(written.strip("'\""), written)
    begin = f"{change.new}:{tree.newline}{' ' * column}{STEP}{name}"
    below = tree.line_after(first.key.start)
    return [Edit(first.key.start, first.key.end, begin), *tree.indented(below, tree.last_line_after(run[-1]))]


def _value(tree: YamlText, entry: Entry) -> str:
    return tree.text[entry.value.start : entry.end].strip()


def _whole_lines(tree: YamlText, text: str) -> str:
    return text if text.endswith(("\n", "\r")) else text + tree.newline


def _out_one_by_one(tree: YamlText, entries: list[Entry]) -> list[Edit]:
    return [edit for entry in entries for edit in tree.taken_out(entry)]


def _to_the_end(tree: YamlText, given: Entry, change: Change) -> list[Edit]:
    """Move a list of a feature table to the end of a list of the file: its vars as a var group, or its macros."""
    out = tree.taken_out(given)
    assert tree.root is not None  # noqa: S101 - it has a key
    name, written = ("var_groups", _group) if change.kind == "group" else (change.new, _items)
    there = next((e for e in tree.by_key.values() if _is_top(tree, e, name)), None)
    end = len(tree.text)
    if tree.root.is_flow or (there is not None and there.value.is_flow and there.value.items):
        return []
    if there is None:
        missing = "" if tree.text.endswith(("\n", "\r")) else tree.newline
        return [*out, Edit(end, end, f"{missing}{name}:{tree.newline}{written(tree, given, change, len(STEP))}")]
    if not there.value.is_block:
        after = tree.line_after(there.end - 1)
        below = written(tree, given, change, len(STEP))
        return [*out, Edit(there.key.end, there.end, ":"), Edit(after, after, below)]
    after = tree.last_line_after(there)
    missing = "" if tree.text[:after].endswith(("\n", "\r")) else tree.newline
    return [*out, Edit(after, after, missing + written(tree, given, change, tree.column(there.value.start)))]


def _items(tree: YamlText, given: Entry, _: Change, dash: int) -> str:
    """The lines of a list with its dashes in column ``dash``, and the comment on the line of its key."""
    if given.value.is_block:
        below, after = tree.line_after(given.key.start), tree.last_line_after(given)
        comment = tree.text[given.key.end : below].lstrip(" :").rstrip("\r\n")
        body = _whole_lines(tree, tree.moved(below, after, dash - tree.column(given.value.start)))
        return f"{' ' * dash}{comment}{tree.newline}{body}" if comment else body
    items = (tree.text[item.start : item.end] for item in given.value.items)
    return "".join(f"{' ' * dash}- {item}{tree.newline}" for item in items)


def _group(tree: YamlText, vars_: Entry, change: Change, dash: int) -> str:
    """The lines of a var group with its dash in column ``dash``."""
    inner = " " * (dash + len(STEP))
    lines = [f"{' ' * dash}- name: {change.new}", f"{inner}entity_key: {change.entity}"]
    head = tree.newline.join([*lines, f"{inner}vars:"])
    if not vars_.value.is_block:
        return f"{head} {_value(tree, vars_)}{tree.newline}"
    rest = tree.text[vars_.key.end : tree.line_after(vars_.key.start)].lstrip(" :").rstrip("\r\n")
    below, after = tree.line_after(vars_.key.start), tree.last_line_after(vars_)
    shift = dash + len(STEP) - tree.column(vars_.key.start)
    body = _whole_lines(tree, tree.moved(below, after, shift))
    return f"{head}{re.sub(r'^(?=.)', ' ', rest)}{tree.newline}{body}"
