from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from onefold.audit.mask import mask_id, masked
from onefold.audit.records import Edge, Id, NextStep, SourceEvidence

ADA, PHONE = Id("user_id", "ada@home.example"), Id("anonymous_id", "550e8400-e29b-41d4-a716-446655440000")


@dataclass(frozen=True)
class Answer:
    edge: Edge
    row: dict[str, object]
    steps: tuple[NextStep, ...]


ANSWER = Answer(
    Edge(ADA, PHONE, (SourceEvidence("inputs/logins", 2, None, None, "17"),)),
    {"email": "ada@home.example", "phone": PHONE.value, "count": 3, "at": None},
    (NextStep(f'add `value: "{PHONE.value}"`', command=f"pb audit explain {ADA.value} {PHONE.value}"),),
)


def test_emails_only() -> None:
    """Emails go wherever they stand, the domain stays, and other ids are left alone."""
    found = masked(ANSWER, "emails")

    assert "ada@home" not in repr(found)
    assert "a…@home.example~" in str(found.edge.one)
    assert found.edge.other == PHONE
    assert found.row["count"] == 3


def test_all_ids() -> None:
    """Every id goes, in rows, in advice and in commands too; what is no id stays."""
    found = masked(ANSWER, "all")

    assert PHONE.value not in repr(found)
    assert "550…~" in found.steps[0].what
    assert (found.steps[0].command or "").startswith("pb audit explain a…@home.example~")
    assert found.edge.evidence[0] == ANSWER.edge.evidence[0]


def test_none() -> None:
    """Unmasked, the answer is what it was."""
    assert masked(ANSWER, "none") is ANSWER


@given(st.lists(st.text(min_size=1), min_size=2, max_size=2, unique=True))
def test_equal_ids_stay_equal(texts: list[str]) -> None:
    """The same id is masked alike, wherever it is met, and never shown whole."""
    one, other = texts

    assert mask_id(one) == mask_id(one)
    assert one not in {mask_id(one), mask_id(other)[:-5]} or "…" in one


def test_long_texts_are_read_once() -> None:
    """Ids of a million characters, with and without an @, are masked as short ones are; no text is too long for it."""
    word = "x" * 1_000_000
    found = masked((word, f"{word}@home.example", f"see {word} and a@b.c"), "emails")
    assert found[0] == word
    assert found[1].startswith("x…@home.example~")
    assert found[2].startswith(f"see {word} and a…@b.c~")


def test_several_signs_in_a_word() -> None:
    """Of a word with two @ the part up to the second is an email, as it was before long words were read once."""
    assert masked("a@b@c <d@e.f>", "emails") == f"{mask_id('a@b')}@c <{mask_id('d@e.f')}>"


def test_a_command_that_lost_an_id_says_so() -> None:
    """A command with a masked id cannot be run as it is: its step names the flag; one that lost nothing does not."""
    steps = (
        NextStep("take it out", command=f"pb idstitch rules add exclude user_id:{ADA.value}"),
        NextStep("see", command="pb plan"),
    )

    emails, everything, none = (masked(steps, how) for how in ("emails", "all", "none"))

    assert emails[0].what == "take it out; `--no-mask` shows the command whole"
    assert everything[0].what == emails[0].what
    assert emails[1] == steps[1]
    assert none == steps
