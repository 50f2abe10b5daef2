"""Masks ids in an answer, so that it can be shared.

Takes any record of this package. Returns the same record with masked ids. Equal ids stay equal and different ids stay
different, so that a chain can still be followed.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from onefold.audit.records import Id, NextStep
from onefold.errors import Finding, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

Mask = Literal["all", "emails", "none"]

_EMAIL = re.compile(r"(?<![^\s@\"'<>(),;:])[^\s@\"'<>(),;:]+@[^\s@\"'<>(),;:]+")
"""Starts at a word boundary, so that a long word without @ is scanned only once."""

_WORD = re.compile(r"([\s\"'=,:]+)")
_SHOWN = 3
_SHORT = 8
_DIGITS = 4


def check_mask(how: str) -> None:
    """Refuse an unknown mask, because it would show ids.

    Raises:
        UsageError: If there is no such mask.
    """
    if how not in get_args(Mask):
        message = f"mask={how!r} does not say which ids to hide"
        raise UsageError(Finding("error", "unknown-mask", message, hint=f"available: {', '.join(get_args(Mask))}"))


def masked(record: T, how: Mask) -> T:
    """Mask the ids of a record.

    Args:
        record: Any record, tuple or mapping of this package.
        how: ``emails`` hides what looks like an email, wherever it stands; ``all`` also every id. A step whose command
            has lost an id, and so cannot be run as it is, says which flag shows it whole.

    >>> masked(Id("user_id", "ada@home.example"), "emails").value
    'a…@home.example~c6a6'
    """
    if how == "none":
        return record
    known = {found.value for found in _ids(record)} if how == "all" else set()
    return _replaced(record, lambda text: mask_id(text) if text in known else _in_text(text, known), _told)  # type: ignore[no-any-return]


def with_texts(record: T, change: Callable[[str], str]) -> T:
    """Apply a function to all texts of a record, at any depth, except to keys of mappings.

    >>> with_texts(Id("user_id", "ada"), str.upper)
    Id(type='USER_ID', value='ADA')
    """
    return _replaced(record, change, lambda _, after: after)  # type: ignore[no-any-return]


def _told(before: Any, after: Any) -> Any:
    if not isinstance(before, NextStep) or before.command == after.command:
        return after
    return dataclasses.replace(after, what=f"{after.what}; `--no-mask` shows the command whole")


def _ids(value: Any) -> list[Id]:
    if isinstance(value, Id):
        return [value]
    return [found for part in _parts(value) for found in _ids(part)]


def _parts(value: Any) -> list[Any]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, f.name) for f in dataclasses.fields(value)]
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else []


def _replaced(value: Any, change: Callable[[str], str], done: Callable[[Any, Any], Any]) -> Any:
    """Apply a function to all texts of a value. ``done`` gets each record before and after, and returns the result."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _replaced(part, change, done) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_replaced(part, change, done) for part in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [f.name for f in dataclasses.fields(value) if f.init]
        changed = {name: _replaced(getattr(value, name), change, done) for name in fields}
        return done(value, dataclasses.replace(value, **changed))
    return value


def _in_text(text: str, known: set[str]) -> str:
    """Mask emails and known ids in a text, such as a command."""
    words = (mask_id(word) if word in known else word for word in _WORD.split(text)) if known else (text,)
    return mask_emails("".join(words))


def mask_emails(text: str) -> str:
    """Mask the local parts of emails in a text."""
    return _EMAIL.sub(lambda found: _masked_email(found[0]), text)


def mask_id(value: str) -> str:
    """Mask an id except for its beginning."""
    if _EMAIL.fullmatch(value):
        return _masked_email(value)
    return f"{value[:_SHOWN] if len(value) >= _SHORT else ''}…~{_digits(value)}"


def _masked_email(email: str) -> str:
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}~{_digits(email)}"


def _digits(value: str) -> str:
    """A short hash that distinguishes ids but does not identify them."""
    return hashlib.sha256(value.encode(errors="replace")).hexdigest()[:_DIGITS]
