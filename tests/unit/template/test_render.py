"""Each construct of the template language: its text, and the references of its tokens."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from onefold.project.spec import Contract
from onefold.template.references import (
    ColumnReference,
    ModelReference,
    NewReference,
    ObjectReference,
    Prerequisite,
    StoredReference,
    ThisReference,
    VarReference,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.template.conftest import Author

MODELS = sorted((Path(__file__).parents[3] / "models").glob("*.yaml"))


def test_plain_text_comes_back_as_it_is(author: Author) -> None:
    """Text without tags is not changed."""
    text = "a && b || !c } }} %} 'it''s' {x} forloop.Counter"

    assert author.text(text) == text
    assert author.references(text) == {}


def test_plain_text_does_not_import_jinja() -> None:
    """A project without tags never imports Jinja2."""
    program = """
import sys
from onefold.errors import Location
from onefold.template.render import render
from onefold.template.scope import TemplateScope
scope = TemplateScope((), None, None, None, "snowflake", "s", "models/m", None, lambda _: True)
assert render("sum(a)", scope, {}, Location("m.yaml", 1, 1)).text == "sum(a)"
print("jinja2" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("spelling", "reference"),
    [
        ('{{ user.Var("spend") }}', VarReference("user", "spend")),
        ("{{user.spend}}", VarReference("user", "spend")),
        ("{{ account.spend }}", VarReference("account", "spend")),
        ('{{ orders.Var("total") }}', ColumnReference("orders", "total")),
        ("{{orders.total}}", ColumnReference("orders", "total")),
        ("{{ orders.Column }}", ColumnReference("orders", "Column")),
        ("{{ orders._fivetran_synced }}", ColumnReference("orders", "_fivetran_synced")),
        ('{{ orders["total"] }}', ColumnReference("orders", "total")),
        ("{{ this }}", ThisReference()),
        ("{{ this.DeRef('inputs/orders') }}", ModelReference("inputs/orders")),
        ("{{ this.DeRef() }}", ModelReference("models/own")),
        ("{{ warehouse.ObjRef('t') }}", ObjectReference("profiles", "t")),
        ("{{ warehouse.NamedWhObject(name='t', type='VIEW') }}", ObjectReference("profiles", "t", "VIEW")),
    ],
)
def test_references_become_tokens(author: Author, spelling: str, reference: Any) -> None:
    """A reference is one token in the text, and the token has the reference."""
    rendered = author.rendered(f"f({spelling})")

    assert rendered.text == "f(__ref_1__)"
    assert rendered.references == {"__ref_1__": reference}


def test_equal_references_share_a_token(author: Author) -> None:
    """Both spellings of one var give the same token; another name gives another."""
    rendered = author.rendered('{{ user.x }} {{ user.Var("x") }} {{ orders.x }} {{ user.X }}')

    assert rendered.text == "__ref_1__ __ref_1__ __ref_2__ __ref_3__"
    assert [*rendered.references.values()] == [
        VarReference("user", "x"), ColumnReference("orders", "x"), VarReference("user", "X"),
    ]  # fmt: skip


def test_tokens_survive_a_change_of_case(author: Author) -> None:
    """A filter that changes the case of a reference does not break it."""
    rendered = author.rendered("{{ user.x|upper }}")

    assert rendered.text == "__ref_1__"


def test_deref_takes_every_argument(author: Author) -> None:
    """All arguments of DeRef arrive in the reference."""
    template = """{{ this.DeRef("inputs/a", dependency="optional", prereqs=[this.DeRef("b"), this.DeRef("c").Except()],
        pre_existing=true, checkpoint_name="k", baseline_name="l", time_grain_spec="daily", skip_dependency=true,
        contract=BuildContract('{"is_append_only": true}')) }}"""

    assert author.references(template) == {
        "__ref_1__": ModelReference(
            "inputs/a",
            dependency="optional",
            prereqs=(Prerequisite(ModelReference("b")), Prerequisite(ModelReference("c"), negated=True)),
            pre_existing=True,
            checkpoint_name="k",
            baseline_name="l",
            time_grain_spec="daily",
            skip_dependency=True,
            contract=Contract(is_append_only=True),
        )
    }


def test_deref_that_is_only_asked_is_no_reference(author: Author) -> None:
    """Testing whether a model is enabled does not add its material to the text."""
    template = "{% if this.DeRef('models/off').IsEnabled() %}a{% else %}b{% endif %}"

    assert author.text(template) == "b"
    assert author.references(template) == {}
    assert author.text("{{ this.DeRef('models/off').IsNil() }}") == "True"


def test_time_column_of_a_model(author: Author) -> None:
    """The time column of a referenced model comes from the scope."""
    assert author.text("{{ this.DeRef('inputs/orders').GetTimeFilteringColSQL() }}") == "created_at"


def test_merge_names(author: Author) -> None:
    """In a merge, rowset names stored values and this names new ones."""
    references = author.references("{{ rowset.x }} {{ this.y }} {{ this._z }}", merging=True)

    assert [*references.values()] == [StoredReference("x"), NewReference("y"), NewReference("_z")]


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{% with a=1 b=2 %}{{a}}{{b}}{% endwith %}", "12"),
        ("{% with a=1, b=2 %}{{a}}{{b}}{% endwith %}", "12"),
        ('{% with a="x = 1 y = 2" b=[1, 2] c={"k": 3} %}{{a}} {{b[1]}} {{c.k}}{% endwith %}', "x = 1 y = 2 2 3"),
        ("{% with a=user.x\n   b=a_ is defined %}{{b}}{% endwith %}", "False"),
        ("{% set x = 1 %}{{ x + 1 }}", "2"),
        ("{% set x %}a{{ 1 }}{% endset %}{{ x }}", "a1"),
        ("{% if true && !false %}y{% endif %}", "y"),
        ("{% if false || 1 != 1 %}y{% elif !(1 == 2) %}z{% else %}n{% endif %}", "z"),
        ("{{ 'a && !b || c' }}", "a && !b || c"),
        ("a && !b {# && {{ #}|| {{ 1 }}", "a && !b || 1"),
        ("{% for x in ['a', 'b'] %}{{ x }}{% if !forloop.Last %}, {% endif %}{% endfor %}", "a, b"),
        ("{% for x in ['a'] %}{{ forloop.Counter }}{{ forloop.Counter0 }}{{ forloop.First }}{% endfor %}", "10True"),
        ("{% for x in [1, 2] %}{{ forloop.Revcounter }}{{ forloop.Revcounter0 }}{% endfor %}", "2110"),
        ("{% for x in 'ab' %}{% for y in [1] %}{{ forloop.Parentloop.Counter }}{% endfor %}{% endfor %}", "12"),
        ("{% for x in [1] %}{{ loop.index }}{{ loop.first }}{% endfor %}", "1True"),
        ("{% for x in [] %}{% empty %}none{% endfor %}", "none"),
        ("{% for x in [] %}{% else %}none{% endfor %}", "none"),
        ("{% for i in range(3) %}{% for j in range(i) %}{{ j }}{% endfor %}{% endfor %}", "001"),
        ("{% macro f(a) %}[{{ a }}]{% endmacro %}{{ f(1) }}", "[1]"),
        ("{% raw %}{{ a && b }}{% endraw %}", "{{ a && b }}"),
        ("{% comment %}{{ ( {% endcomment %}a", "a"),
        ("a {%- if 1 -%} b {%- endif -%} c", "abc"),
        ("{{ '{{' }}", "{{"),
        ("{{ nothing|default:'x' }}", "x"),
        ('{{ nothing|default:"a:b"|upper }}', "A:B"),
        ("{{ [3, 1]|sort|join:', ' }}", "1, 3"),
        ("{{ begin_time|isnil }} {{ end_time|isnil }}", "True False"),
        (
            "{{ none|default_if_none:1 }} {{ 'a'|add:'b' }} {{ 'a-b'|cut:'-' }} {{ 'a b'|split:' '|length }}",
            "1 ab ab 2",
        ),
        ("{{ 'a' ~ 1 }} {{ 'a' + 'b' }} {{ 'ab'.replace('b', 'c') }} {{ '-'.join(['a', 'b']) }}", "a1 ab ac a-b"),
        ("{{ begin_time }}", ""),
        ("{{ end_time }}", "2026-10-31 23:59:59 +0000 UTC"),
        ("{{ end_time.Format('2006-01-02 15:04:05') }}", "2026-10-31 23:59:59"),
        ("{{ end_time_sql }}", "CAST('2026-10-31 23:59:59' AS TIMESTAMP)"),
        ("{{ this.WhtCtx.TimeInfo.EndTime.Format('2006') }}", "2026"),
        ("{{ warehouse.DatabaseType() }}", "snowflake"),
        ("{{ warehouse.DataType('float') }} {{ warehouse.DataType('TEXT') }}", "FLOAT VARCHAR"),
        ("{{ warehouse.Timestamp(end_time) }}", "CAST('2026-10-31 23:59:59' AS TIMESTAMP)"),
        ('{{ warehouse.Timestamp("it\'s") }}', "CAST('it''s' AS TIMESTAMP)"),
        ("{{ warehouse.CreateReplaceTableAs('t', 'SELECT 1') }}", "CREATE OR REPLACE TABLE t AS SELECT 1"),
        ("{{ warehouse.BeginEndBlock('x;') }}", "x;"),
        ("{{ this.GetMaterialization().OutputType.ToSQL() }}", "TABLE"),
        ("{{ this.GetMaterialization().OutputType.ToSql() }}", "TABLE"),
        ("{{ this.GetMaterialization().RunType }}", "discrete"),
        ("{% if this.GetMaterialization().OutputType == 'table' %}y{% endif %}", "y"),
        ("{{ this.GetSelectTargetSQL() }}", "SELECT * FROM __ref_1__"),
        ("a\n{{ 1 }}\n", "a\n1\n"),
    ],
)
def test_constructs(author: Author, template: str, text: str) -> None:
    """Each construct of the language gives the text that the format promises."""
    assert author.text(template) == text


def test_default_takes_a_whole_reference(author: Author) -> None:
    """The argument after a colon includes dots and calls."""
    assert author.references("{{ n|default:user.x }} {{ n|default:orders.Var('y')|lower }}") == {
        "__ref_1__": VarReference("user", "x"),
        "__ref_2__": ColumnReference("orders", "y"),
    }


def test_times_are_written_in_utc(author: Author) -> None:
    """A time in another zone is converted, not relabelled."""
    east = datetime(2026, 11, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))

    assert author.text("{{ begin_time.Format('2006-01-02 15:04') }}", begin_time=east) == "2026-10-31 23:30"
    assert author.text("{{ end_time_sql }}", end_time=east.astimezone(UTC)) == (
        "CAST('2026-10-31 23:30:00' AS TIMESTAMP)"
    )


def test_types_of_another_dialect(author: Author) -> None:
    """Type names follow the author dialect."""
    assert author.text("{{ warehouse.DataType('float') }}", author="bigquery") == "FLOAT64"


def test_exec_renders_a_file(author: Author) -> None:
    """A file that is read inside exec is rendered; outside it is text."""
    author.files["models/x.sql"] = "SELECT {{ user.x }}"

    assert author.text('{% exec %}{{ this.ReadFile("models/x.sql") }}{% endexec %}') == "SELECT __ref_1__"
    assert author.text('{{ this.ReadFile("models/x.sql") }}') == "SELECT {{ user.x }}"


def _texts(value: Any, model: str | None) -> Iterator[tuple[str, str | None]]:
    if isinstance(value, dict):
        source = value.get("from")
        model = source.rsplit("/", 1)[-1] if isinstance(source, str) else model
        for part in value.values():
            yield from _texts(part, model)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, model)
    elif isinstance(value, str):
        yield value, model


@pytest.mark.parametrize("file", MODELS, ids=lambda file: file.name)
def test_every_template_of_the_ecommerce_project_renders(author: Author, file: Path) -> None:
    """No text of the shipped models is rejected, and none keeps a tag."""
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    for other in MODELS:
        for macro in yaml.safe_load(other.read_text(encoding="utf-8")).get("macros", ()):
            author.macro(macro["name"], macro["value"], *macro.get("inputs", ()))
    texts = [*_texts({key: part for key, part in content.items() if key != "macros"}, None)]

    assert texts
    for text, model in texts:
        assert "{{" not in author.text(text, model=model)
        assert "{%" not in author.text(text, model=model)
