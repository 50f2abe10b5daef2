"""Fingerprints cover definitions: changes that affect rows change them, and time does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onefold.plan.fingerprint import fingerprints
from onefold.plan.model import InputStep, SqlTemplate, SqlText

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from onefold.plan.model import Plan

_VARS = """
var_groups:
  - name: g
    entity_key: user
    vars:
      - entity_var: {name: n, from: inputs/orders, select: SELECTED}
      - entity_var: {name: v, from: inputs/visits, select: count(*)}
"""


def _models(selected: str) -> str:
    return _VARS.replace("SELECTED", selected)


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    return {ref for ref in before if before[ref] != after[ref]}


def test_fingerprint_is_eight_hex_digits(plan_of: Callable[..., Plan]) -> None:
    """Each step has a fingerprint of 8 hex digits, and they differ."""
    prints = plan_of(_models("count(*)")).fingerprints

    assert all(re.fullmatch(r"[0-9a-f]{8}", digits) for digits in prints.values())
    assert len(set(prints.values())) == len(prints) == 8


def test_same_definition_has_the_same_fingerprint_at_any_time(plan_of: Callable[..., Plan]) -> None:
    """Neither the end time nor white space in the files affects a fingerprint."""
    models = _models("count(*)")
    early = plan_of(models, end="2026-01-01").fingerprints

    assert plan_of(models, end="2026-12-31").fingerprints == early
    assert plan_of(models.replace("    vars:", "    vars:  # of orders\n")).fingerprints == early


def test_end_time_in_a_template_does_not_change_the_fingerprint(plan_of: Callable[..., Plan]) -> None:
    """A fingerprint covers the template, not the rendered text."""
    models = _models("\"datediff(day, max(ts), '{{ end_time.Format('2006-01-02') }}')\"")

    one, other = plan_of(models, end="2026-01-01"), plan_of(models, end="2026-12-31")

    assert one.steps["user/vars/inputs_orders"] != other.steps["user/vars/inputs_orders"]
    assert one.fingerprints == other.fingerprints


def test_change_reaches_what_reads_it_and_nothing_else(plan_of: Callable[..., Plan]) -> None:
    """A changed var changes its scan, the table after it and the view, and nothing else."""
    before, after = plan_of(_models("count(*)")).fingerprints, plan_of(_models("max(ts)")).fingerprints

    assert _changed(before, after) == {"user/vars/inputs_orders", "user/var_table", "user/all/feature_view"}


def test_same_definition_under_another_kind_or_name_differs() -> None:
    """Kind, name and output are part of a fingerprint."""
    steps = [
        InputStep(ref="a", name="a", definition="d", table="t"),
        InputStep(ref="b", name="b", definition="d", table="t"),
        SqlTemplate(ref="c", name="a", definition="d", body=SqlText("")),
        SqlTemplate(ref="d", name="a", definition="d", body=SqlText(""), output="table"),
    ]

    assert len(set(fingerprints(steps).values())) == 4
