"""YAML with locations: the values and locations of a file, and that no file can do harm."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from onefold.errors import Location
from onefold.project.source import MAX_BYTES, YamlFile, YamlFloat, YamlInt, YamlMap, plain, read_yaml


def read(text: str | bytes) -> YamlMap:
    """The mapping of a valid file."""
    source = read_yaml(text if isinstance(text, bytes) else text.encode(), "f.yaml")
    assert source.findings == ()
    assert source.root is not None
    return source.root


def mistakes(text: str | bytes) -> list[str]:
    """The errors of a file, without hints."""
    source = read_yaml(text if isinstance(text, bytes) else text.encode(), "f.yaml")
    return [str(finding).split("\n")[0].removeprefix("f.yaml:") for finding in source.findings]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("a b", "a b"), ("yes", "yes"), ("on", "on"), ("No", "No"), ("2024-01-31", "2024-01-31"), ("12:30", "12:30"),
        ("true", True), ("False", False), ("TRUE", True), ("~", None), ("null", None), ("", None), ("'true'", "true"),
        ("5", 5), ("-5", -5), ("+5", 5), ("007", 7), ("0o17", 15), ("0x1F", 31), ("1_000", "1_000"),
        ("1.50", 1.5), (".5", 0.5), ("-.5", -0.5), ("5.", 5.0), ("1e3", 1000.0), ("1E-2", 0.01), (".", "."), ("e5", "e5"),
        (".inf", math.inf), ("-.INF", -math.inf), ("+.Inf", math.inf), ("1e999", math.inf), ("'5'", "5"), ('"5"', "5"),
        ("!!str 5", "5"), ("!!int '5'", 5), ("!!float '5.5'", 5.5), ("!!bool 'true'", True), ("!!null ''", None),
        ("! 5", "5"), ("[1, a]", [1, "a"]), ("{a: 1}", {"a": 1}), ("9" * 300, int("9" * 300)), ("|\n  a\n  b\n", "a\nb\n"),
        (">-\n  a\n  b\n", "a b"), ("<<", "<<"),
    ],
)  # fmt: skip
def test_values(written: str, value: Any) -> None:
    """Scalars follow the core schema of YAML 1.2."""
    found = read(f"k: {written}")["k"]

    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)


def test_not_a_number() -> None:
    """``.nan`` is a number."""
    assert math.isnan(read("k: .NaN")["k"])


@pytest.mark.parametrize("written", ["007", "+5", "0x1F", "0o17", "-0"])
def test_whole_numbers_remember_how_they_were_written(written: str) -> None:
    """A whole number keeps its text."""
    value = plain(written)

    assert isinstance(value, YamlInt)
    assert value.text == written


@pytest.mark.parametrize("written", ["1.50", ".5", "1e3", ".inf"])
def test_numbers_remember_how_they_were_written(written: str) -> None:
    """A number with a fraction keeps its text."""
    value = plain(written)

    assert isinstance(value, YamlFloat)
    assert value.text == written


def test_keys_are_text() -> None:
    """Keys are never typed: ``true`` and ``5`` are names."""
    assert [*read("true: 1\n5: 2\nnull: 3\n'a b': 4\n")] == ["true", "5", "null", "a b"]


@pytest.mark.parametrize("content", ["", "\n", "# nothing\n", "---\n", "~", "--- # x\n...\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_empty_mapping(content: str | bytes) -> None:
    """A file without a value has no keys."""
    root = read(content)

    assert root == {}
    assert root.positions.start == Location("f.yaml", 1, 1)


def test_places_of_keys_values_and_entries() -> None:
    """Each key, value and entry has its line and column."""
    positions = read("a: 1\nb:\n  - x\n  -   y\nc: {d: [p,  q]}\n").positions

    assert (positions.key("a"), positions.value("a")) == (Location("f.yaml", 1, 1), Location("f.yaml", 1, 4))
    assert [str(at) for at in positions.items["b"]] == ["f.yaml:3:5", "f.yaml:4:7"]
    assert str(positions.value("c")) == "f.yaml:5:4"


@pytest.mark.parametrize(
    ("text", "inside", "place"),
    [
        ("k: abc", (1, 2), "1:5"),
        ("k: 'abc'", (1, 2), "1:6"),
        ("k: |\n  abc\n  def\n", (2, 3), "3:5"),
        ("k: |\n\n    abc\n      def\n", (3, 3), "4:7"),
        ("k: |2-\n    abc\n", (1, 3), "2:5"),
        ("k: >\n  abc\n", (1, 1), "2:3"),
        ("k: &x abc", (1, 1), "1:7"),
        ("k: !!str abc", (1, 1), "1:10"),
        ("k: &x !!str |\n  abc\n", (1, 1), "2:3"),
        ("k: &x # c\n  abc\n", (1, 1), "2:3"),
        ("é: äbc", (1, 2), "1:5"),
        ("k: |\r\n  abc\r\n  def\r\n", (2, 1), "3:3"),
    ],
)
def test_places_inside_texts(text: str, inside: tuple[int, int], place: str) -> None:
    """A position inside a scalar's text leads to its place in the file."""
    root = read(text)
    (key,) = root

    assert str(root.positions.value(key).inside(*inside)) == f"f.yaml:{place}"


def test_anchors_keep_their_place() -> None:
    """The values of an alias have the locations of the anchor."""
    root = read("a: &x {k: 1}\nb: *x\nc: [*x]\n*y : 1\n".replace("*y : 1\n", ""))

    assert root["b"] == {"k": 1}
    assert str(root.positions.value("b")) == "f.yaml:1:7"
    assert str(root.positions.item("c", 0)) == "f.yaml:1:7"


def test_an_anchor_may_be_given_again() -> None:
    """An alias refers to the last anchor of its name above it; it may be a key."""
    assert read("a: &x 1\nb: *x\nc: &x two\nd: *x\n*x : 5\n") == {"a": 1, "b": 1, "c": "two", "d": "two", "two": 5}


def test_merge_keys() -> None:
    """``<<`` adds keys that the mapping does not have itself; the first of several sources wins."""
    root = read("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: [q]}\nc: {<<: [*a, *b], x: 0}\nd: {y: 5, <<: *b}\n")

    assert root["c"] == {"x": 0, "y": 1, "z": ["q"]}
    assert root["d"] == {"y": 5, "z": ["q"]}
    assert str(root["c"].positions.key("y")) == "f.yaml:1:14"
    assert str(root["c"].positions.item("z", 0)) == "f.yaml:2:18"
    assert read("'<<': 1") == {"<<": 1}


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a: 1\nb: 2\na: 3\n", '3:1: duplicate key "a"; the first is on line 1 [duplicate-key]'),
        ("a: {b: 1, b: 2}", '1:11: duplicate key "b"; the first is on line 1 [duplicate-key]'),
        ("- a\n- b\n", "1:1: the top level of the file must be a mapping, not a list [wrong-type]"),
        ("text", "1:1: the top level of the file must be a mapping, not a single value [wrong-type]"),
        ("a: 1\n---\nb: 2\n", "2:1: a second YAML document begins here [yaml-syntax]"),
        ("a:\n\tb: 1\n", "2:1: YAML cannot be indented with tabs [yaml-syntax]"),
        ("a:\n  b: 1\n \tc: 2\n", "3:2: YAML cannot be indented with tabs [yaml-syntax]"),
        ("a: {{ x }}", '1:4: text that begins with "{{" or "{%" needs quotes [yaml-syntax]'),
        ("a: {% if x %}", '1:4: text that begins with "{{" or "{%" needs quotes [yaml-syntax]'),
        ("a: b: c", '1:5: unexpected ":" [yaml-syntax]'),
        ("a: 'x", "1:6: a quoted text is not closed before the end of the file [yaml-syntax]"),
        ("a: [1, 2\nb: 3\n", "2:2: a list in brackets is not closed [yaml-syntax]"),
        ("a: [1,\n", "2:1: a value is missing here [yaml-syntax]"),
        ("a: {b: 1\nc: 3\n", "2:2: a mapping in braces is not closed [yaml-syntax]"),
        ('a: "\\q"', "1:5: unknown escape in a text in double quotes [yaml-syntax]"),
        ("a: @b", "1:4: plain text cannot begin with this character [yaml-syntax]"),
        ("a: *x", "1:4: this anchor is not defined above [yaml-syntax]"),
        ("a: &x [*x]", "1:8: this alias is inside the value that it refers to [yaml-syntax]"),
        ("a: &x [1]\n*x : 2", '2:1: a key must be text, and "*x" is not [yaml-syntax]'),
        ("[a]: 1", "1:1: a key must be text, not a list or a mapping [yaml-syntax]"),
        ("? {a: 1}\n: 1", "1:3: a key must be text, not a list or a mapping [yaml-syntax]"),
        ("a: !x b", "1:4: YAML tags are not supported [yaml-syntax]"),
        ("a: !!python/object/apply:os.system [x]", "1:4: YAML tags are not supported [yaml-syntax]"),
        ("a: !!int x", '1:10: "!!int" does not fit this value [wrong-type]'),
        ("a: {<<: 5}", '1:9: "<<" must be a mapping or a list of mappings [wrong-type]'),
        ("a: \x07", "1:4: the control character U+0007 is not allowed in YAML [yaml-syntax]"),
        ("a: 1\nb: \x00", "2:4: the control character U+0000 is not allowed in YAML [yaml-syntax]"),
        ("a: 1\n b\n", None),
        ("a: 1\n  b: 2\n", '2:4: unexpected ":" [yaml-syntax]'),
        ("a:\n  b: 1\n c: 2\n", "3:2: the indentation does not match the lines above, or text follows a closing quote [yaml-syntax]"),
        ("a: 'b' c\n", "1:8: the indentation does not match the lines above, or text follows a closing quote [yaml-syntax]"),
        ("a:\n  - b\n  c\n", '4:1: a ":" is missing after a key [yaml-syntax]'),
        ("a: - b\n", '1:4: a list entry "- " is not allowed here [yaml-syntax]'),
    ],
)  # fmt: skip
def test_mistakes(text: str, mistake: str | None) -> None:
    """Errors are reported in the user's words, with locations."""
    assert mistakes(text) == ([] if mistake is None else [mistake])


@pytest.mark.parametrize(
    ("content", "place"),
    [(b"a: b\nc: \xe9\n", "2:4"), ("a: b".encode("utf-16"), "1:1"), ("é: ".encode() + b"\xff", "1:4")],
)
def test_other_encodings(content: bytes, place: str) -> None:
    """Invalid UTF-8 is reported at the first invalid byte."""
    assert mistakes(content) == [f"{place}: this is not UTF-8 text [not-utf-8]"]


def test_messages_keep_secrets() -> None:
    """The message about an invalid file never quotes its lines."""
    for broken in (
        "password: hunter2: x",
        "password: 'hunter2",
        "password: [hunter2",
        "password: *hunter2",
        "password: !hunter2 x",
        "password: !!hunter2",
        "{hunter2",
    ):
        source = read_yaml(broken.encode(), "f.yaml")
        assert not any("hunter2" in str(finding) for finding in source.findings)


def _bomb(lists: bool) -> str:  # noqa: FBT001 - one of two kinds
    opening, closing = ("[", "]") if lists else ("{a: ", "}")
    many = ", ".join(["*{}"] * 9) if lists else "*{}, b: *{}, c: *{}, d: *{}"
    lines = [f"x0: &x0 {opening}1{closing}"]
    lines += [f"x{n}: &x{n} {opening}{many.replace('{}', f'x{n - 1}')}{closing}" for n in range(1, 60)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        (_bomb(lists=True), "aliases in aliases make this file too large [yaml-syntax]"),
        (_bomb(lists=False), "aliases in aliases make this file too large [yaml-syntax]"),
        ("a: " + "[" * 100_000, "more than 64 levels of nesting [yaml-syntax]"),
        ("\n".join(" " * n + "a:" for n in range(5000)), "more than 64 levels of nesting [yaml-syntax]"),
        ("a: &a [&b [" + "*c, " * 10 + "]]", "this anchor is not defined above [yaml-syntax]"),
        ("a: " + "x" * MAX_BYTES, "the file has more than 16 MB [file-too-large]"),
    ],
    ids=["lists", "mappings", "brackets", "indentation", "anchors", "size"],
)
def test_files_that_would_exhaust_the_machine(content: str, mistake: str) -> None:
    """Nested aliases, deep nesting and huge files are rejected."""
    (found,) = mistakes(content)

    assert found.endswith(mistake)


def test_numbers_of_many_digits() -> None:
    """A number that is too long is rejected quickly."""
    assert read("a: " + "9" * 100_000)["a"] == math.inf
    assert isinstance(read("a: 0x" + "f" * 100_000)["a"], str)


PIECES = ("a: ", "b: ", "- ", "\n", "\n  ", "\t", "'", '"', "[", "]", "{", "}", ",", "#", "&x ", "*x", "<<: *x", "!!int ",
          "!", "|\n", ">\n", "? ", ": ", "---\n", "...\n", "%YAML 1.1\n", "\\", "é", "\u2028", "\x85", "\ufeff", "5", "~",
          "@", "`", "0x", "&", "*", "\r\n", "\x00", "{{ x }}", " ")  # fmt: skip


@settings(max_examples=examples(300))
@given(
    st.one_of(st.lists(st.sampled_from(PIECES), max_size=40).map(lambda p: "".join(p).encode()), st.binary(max_size=60))
)
def test_no_content_raises(content: bytes) -> None:
    """Any bytes give a mapping or findings with places in the file."""
    source = read_yaml(content, "f.yaml")

    assert isinstance(source, YamlFile)
    assert source.root is not None or source.findings
    for finding in source.findings:
        assert isinstance(finding.where, Location)
        assert finding.where.line >= 1
        assert finding.where.column >= 1
