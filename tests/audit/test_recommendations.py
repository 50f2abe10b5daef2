"""Advice is tried before it is given: what a suggestion says is what a run gives that follows it."""

from __future__ import annotations

import random
import shlex
from typing import TYPE_CHECKING

import pytest

import onefold
from onefold.audit.explain import Chain, Profile
from onefold.audit.records import GraphSize
from onefold.project.spec import IdRule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.conftest import MakeTiny, Tiny

    from onefold.audit.records import NextStep

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_types: [user_id, device, email]}]
    id_types: [{name: user_id}, {name: device LIMIT}, {name: email}]
"""

INPUTS = """
    inputs:
      - name: logins
        app_defaults:
          table: raw.main.logins
          ids: [{select: user_id, type: user_id, entity: user}, {select: device, type: device, entity: user}]
      - name: mails
        app_defaults:
          table: raw.main.mails
          ids: [{select: user_id, type: user_id, entity: user}, {select: email, type: email, entity: user}]
"""

Pairs = list[tuple[str, str]]


def shop(tiny: MakeTiny, logins: Pairs, mails: Pairs, limit: str = "") -> Tiny:
    """A shop with who used which device, and who wrote from which address; run once."""

    def table(name: str, column: str, pairs: Pairs) -> str:
        rows = ", ".join(f"('{one}', '{other}')" for one, other in pairs) or "(NULL, NULL)"
        return f"CREATE TABLE {name} AS SELECT * FROM (VALUES {rows}) v(user_id, {column});"

    tables = table("logins", "device", logins) + table("mails", "email", mails)
    made = tiny(tables, {"pb_project.yaml": PROJECT.replace("LIMIT", limit), "models/inputs.yaml": INPUTS})
    made.run()
    return made


def kiosk(*names: str, people: int = 64) -> Pairs:
    """People with a device of their own each, who all used some other devices."""
    own = [(f"u{n}", f"d{n}") for n in range(people)]
    return own + [(f"u{n}", name) for n in range(people) for name in names]


def tried(steps: Iterable[NextStep]) -> list[NextStep]:
    return [step for step in steps if step.outcome is not None]


def figures(project: onefold.Project, seq_no: int | None = None) -> GraphSize:
    """The figures of what is published, or of one run."""
    found = project.audit(seq_no=seq_no).health().health
    return GraphSize(found.ids, found.profiles, found.largest, found.several)


def follow(made: Tiny, step: NextStep) -> GraphSize:
    """Do what a step says with the command that it gives; what the next run makes of it."""
    project, given = onefold.load(made.folder), step.command or ""
    if given.startswith("pb plan "):
        words = shlex.split(given)
        settings = [words[n + 1] for n, word in enumerate(words) if word == "--set"]
        return figures(project, project.preview(end_time="2026-10-31", settings=settings, keep=True).seq_no)
    for command in given.split(" && "):
        ends = [text.partition(":")[::2] for text in shlex.split(command)[5:]]
        assert command.startswith("pb idstitch rules add exclude ")
        (type1, id1), (type2, id2) = (ends * 2)[:2] if len(ends) > 1 else (ends[0], ("", ""))
        onefold.load(made.folder).rules.add([IdRule("user", id1, type1, id2, type2)])
    made.run()
    return figures(onefold.load(made.folder))


def test_the_report_of_a_shop_with_a_kiosk(tiny: MakeTiny) -> None:
    """The kiosk is the first thing to exclude, and every suggestion does what it says when it is followed."""
    made = shop(tiny, kiosk("kiosk-1"), [])
    project = onefold.load(made.folder)
    steps = project.report().content.conclusion.steps

    first, *others = tried(steps)
    assert first is steps[0]
    assert first.command == "pb idstitch rules add exclude device:kiosk-1"
    assert first.outcome is not None
    assert "splits 64 user_id into 64 profiles" in first.outcome.in_words
    for step in (*others, first):
        assert step.outcome is not None
        assert step.outcome.before == figures(project)
        assert step.outcome.changes_anything
        assert follow(made, step) == step.outcome.after
    assert others


def test_what_changes_nothing_is_not_advised(tiny: MakeTiny) -> None:
    """A limit that no id reaches has no suggested threshold, and no step."""
    found = onefold.load(shop(tiny, kiosk("kiosk-1"), []).folder).audit().thresholds([("user_id", "device")])

    assert tried(found.steps) == []
    assert [sweep.suggested for sweep in found.sweeps] == [None]


def test_one_notion_of_a_culprit(tiny: MakeTiny) -> None:
    """Whether one id is explained or two, the shared mailbox is the culprit, not a customer's own device."""
    logins = [(f"u{n}", f"d{n}") for n in range(9)] + [("u0b", "d0"), ("u0c", "d0")]
    mails = [(f"u{n}", "info@x") for n in range(9)] + [(f"u{n}", f"own{n}@x") for n in range(9)]
    asked = onefold.load(shop(tiny, logins, mails).folder).audit()

    answers = [asked.explain("u0b"), asked.explain("u0b", "u5"), asked.explain("d0", "d5"), asked.bridges()]

    assert isinstance(answers[0], Profile)
    assert isinstance(answers[1], Chain)
    commands = {tried(answer.steps)[0].command for answer in answers}
    assert commands == {"pb idstitch rules add exclude email:info@x"}
    assert tried(answers[1].steps)[0].what.endswith("this separates the two")


def test_kiosks_that_only_together_hold(tiny: MakeTiny) -> None:
    """Where two devices hold the same people, excluding one does nothing: they are advised together."""
    made = shop(tiny, kiosk("kiosk-1", "kiosk-2", people=12), [])

    (step,) = tried(onefold.load(made.folder).audit().bridges().steps)

    assert step.command is not None
    assert step.command.count("rules add exclude device:kiosk-") == 2
    assert step.outcome is not None
    assert step.outcome.split is not None
    assert (step.outcome.split.persons, step.outcome.split.parts) == (12, 12)
    assert follow(made, step) == step.outcome.after


def test_a_sound_graph_has_nothing_to_exclude(tiny: MakeTiny) -> None:
    """Two devices of one person, and two people of one household, are no reason to exclude anything."""
    made = shop(tiny, [("u1", "d1"), ("u1", "d2"), ("u2", "d2")], [("u1", "a@x")])

    assert tried(onefold.load(made.folder).audit().bridges().steps) == []


def test_a_link_that_a_limit_cut_comes_back(tiny: MakeTiny) -> None:
    """Excluding an id can bring another one back under its limit: the figures say so, as the run does."""
    mails = [(f"u{n}", "info@x") for n in range(8)] + [(f"u{n}", f"own{n}@x") for n in range(8)]
    logins = [(f"u{n}", f"d{n}") for n in range(8)]
    # The device has three people, one too many; without the shared address it still has.
    logins += [("u0", "tablet"), ("u1", "tablet"), ("info-desk", "tablet")]
    made = shop(tiny, logins, mails, ", maximum_edges: [{user_id: 2}]")
    project = onefold.load(made.folder)
    project.rules.add(
        [IdRule("user", "u2", "user_id", "own2@x", "email"), IdRule("user", "u3", "user_id", "d0", "device", "INCLUDE")]
    )
    made.run()

    (step,) = tried(onefold.load(made.folder).audit().bridges().steps)

    assert step.command == "pb idstitch rules add exclude email:info@x"
    assert step.outcome is not None
    assert step.outcome.before == figures(onefold.load(made.folder))
    assert follow(made, step) == step.outcome.after


@pytest.mark.parametrize("seed", range(4))
def test_any_graph(tiny: MakeTiny, seed: int) -> None:
    """On random graphs with a limit and rules, each exclusion that is advised gives the figures that it names."""
    draw = random.Random(seed)  # noqa: S311
    logins = [(f"u{draw.randrange(25)}", f"d{draw.randrange(14)}") for _ in range(45)]
    mails = [(f"u{draw.randrange(25)}", f"m{draw.randrange(12)}") for _ in range(26)]
    made = shop(tiny, logins, mails, ", maximum_edges: [{user_id: 3}]" if seed % 2 else "")
    if seed > 1:
        rules = [IdRule("user", *pair[:1], "user_id", pair[1], "email") for pair in sorted(set(mails))[:3]]
        rules.append(IdRule("user", "d1", "device", "m1", "email", "INCLUDE"))
        onefold.load(made.folder).rules.add(rules)
        made.run()
    project = onefold.load(made.folder)

    for step in tried(project.audit().bridges().steps)[:1]:
        assert step.outcome is not None
        assert step.outcome.before == figures(project)
        assert follow(made, step) == step.outcome.after


def test_rules_that_are_switched_off(tiny: MakeTiny) -> None:
    """Where the project says that rules do not count, a filter is advised, at the place of its type's filters."""
    made = shop(tiny, kiosk("kiosk-1", people=8), [])
    file = made.folder / "pb_project.yaml"
    file.write_text(file.read_text() + "id_stitcher_rules: {enabled: false}\n")

    step = tried(onefold.load(made.folder).audit().bridges().steps)[0]

    assert step.command is None
    assert '{type: exclude, value: "kiosk-1"}' in step.what
    assert (step.where or "").startswith("pb_project.yaml:7")
