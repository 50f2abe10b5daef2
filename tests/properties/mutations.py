"""Ways to damage a project file: as text, as bytes, as a tree of keys and values.

Takes the bytes of a file. Returns other bytes, which may or may not still be a project. Draws everything from
hypothesis, so that what breaks a test can be replayed.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECES = (
    "", "null", "[]", "{}", "x", "-1", "''", "{{", "}}", "{% if %}", "user", "orders", "email", "inputs/orders",
    "models/web_orders", "user/all", "nil", "true", "SELECT", "(", ")", "'", '"', ",", ":", "- ", "#", "@", "__ref_1__",
    "{{user.total}}", "{{this}}", "{{orders.x}}", "COUNT(*)", "day", "tick",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, "", " ", "x", "user", "inputs/orders", "models/none", "user/all", "../..", "nil",
    "{{ user.x }}", "{{ user.Var('x') }}", "{% with a = 1 %}", "{{ this }}", "{{ this.DeRef('inputs/orders') }}",
    "SELECT 1", "COUNT(*)", ")", "'", "a" * 300, "day", [], {}, [None], [[]], [{}], {"x": None}, {"": ""}, ["x", "x"],
    {"name": "x"}, [{"name": "x"}],
)  # fmt: skip
BYTES = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\xc2\x85", b"\r",
    b"\r\n", b"\t", b"&a ", b"*a", b"<<: ", b"!!x ", b"%", b"---\n", b"...\n", b"? ", b"|\n", b">\n", b"`", b"\\",
)  # fmt: skip


@st.composite
def as_text(draw: st.DrawFn, content: bytes) -> bytes:
    """Cuts, insertions and doublings of text."""
    text = content.decode()
    for _ in range(draw(st.integers(1, 3))):
        at, length = draw(st.integers(0, len(text))), draw(st.integers(0, 30))
        piece = draw(st.sampled_from(PIECES) | st.just(text[at : at + length] * 2))
        text = text[:at] + piece + text[at + length :]
    return text.encode()


@st.composite
def as_bytes(draw: st.DrawFn, content: bytes) -> bytes:
    """Bytes put in, cut out, flipped; a file that ends too early."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        match draw(st.sampled_from(("insert", "cut", "flip", "truncate"))):
            case "insert":
                content = content[:at] + draw(st.sampled_from(BYTES) | st.binary(min_size=1, max_size=4)) + content[at:]
            case "cut":
                content = content[:at] + content[at + draw(st.integers(1, 8)) :]
            case "flip" if at < len(content):
                content = content[:at] + bytes([content[at] ^ (1 << draw(st.integers(0, 7)))]) + content[at + 1 :]
            case _ if draw(st.integers(0, 3)) == 0:
                content = content[:at]
    return content


@st.composite
def as_tree(draw: st.DrawFn, content: bytes) -> bytes:
    """Keys and values taken out, doubled, moved, renamed, or of another type."""
    tree = yaml.safe_load(content)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(tree))
        if not places:
            break
        owner, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(("take out", "replace", "move", "rename", "double"))):
            case "take out":
                del owner[key]
            case "replace":
                owner[key] = deepcopy(draw(st.sampled_from(VALUES)))
            case "move":
                other, its_key = draw(st.sampled_from(places))
                owner[key] = deepcopy(other[its_key]) if its_key in _keys(other) else None
            case "rename" if isinstance(owner, dict):
                owner[draw(st.sampled_from(sorted({str(k) for _, k in places if isinstance(k, str)} | {"x", ""})))] = (
                    owner.pop(key)
                )
            case _ if isinstance(owner, list):
                owner.append(deepcopy(owner[key]))
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True).encode()


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """A file damaged in one of the three ways."""
    return st.one_of(as_text(content), as_bytes(content), as_tree(content))


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """(container, key) of everything in a tree."""
    entries = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    for key, value in entries:
        yield node, key
        yield from _places(value)


def _keys(node: Any) -> Any:
    return node if isinstance(node, dict) else range(len(node))
