"""The second record of which id graphs are published, with counts and digests of their tables.

In: the registry and an engine. Out: a table, ``publication_registry``, and what does not agree between it, the
registry, and the tables of the graph. Main ids live on from run to run, so a row that is lost or changed in one of
these would give customers other main ids, without a word. Two records that are written in one transaction, and the
tables that both of them describe, disagree where one of them was damaged.

    publication_registry    model_ref, material_name, seq_no, end_ts, published_ts, contents (JSON)
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from onefold.engines.base import EngineError
from onefold.errors import Finding
from onefold.identity.main_ids.inherit import ANCHOR_COLUMNS
from onefold.identity.schema import in_version
from onefold.plan.grains import plain_ref
from onefold.plan.model import IdStitcher
from onefold.run.compiled import view_name
from onefold.run.graphs import HISTORY
from onefold.sql.dialects import render
from onefold.sql.id_graph import ANCHORS, EVIDENCE, MEMBERS, NAMES, PROFILE
from onefold.sql.statements import beside, create_empty, insert_values, row_digest
from onefold.state.records import Certificate, GraphRecord, PublishedRecord
from onefold.state.registry import literal, read_time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from onefold.engines.base import Engine
    from onefold.plan.model import Plan
    from onefold.sql.dialects import EngineDialect
    from onefold.state.registry import Registry

PUBLICATIONS = "publication_registry"
COLUMNS = {
    "model_ref": "TEXT",
    "material_name": "TEXT",
    "seq_no": "BIGINT",
    "end_ts": "TIMESTAMP",
    "published_ts": "TIMESTAMP",
    "contents": "TEXT",
}
_COUNTED = (MEMBERS, NAMES, ANCHORS, EVIDENCE)
_DIGESTED = {ANCHORS: ANCHOR_COLUMNS, NAMES: (PROFILE, "main_id")}
"""The tables that say which main id is whose, and the columns that say it."""

_PROBE = "onefold"
_HINT = "nothing was changed; `pb repair registry` puts back what can be put back, and says what cannot"


@dataclass(frozen=True)
class Contents:
    """What the tables of a graph hold, as of its version.

    Attributes:
        rows: How many rows, by table.
        digests: Sums of digests of the rows, as text, by table; empty where the engine cannot hash.
        probe: The engine's digest of a text that never changes: digests of another release may differ from these.
    """

    rows: Mapping[str, int]
    digests: Mapping[str, str]
    probe: str | None


@dataclass(frozen=True)
class Publication:
    """One publication of an id graph.

    Attributes:
        end: The end time of its rows, aware.
        published_at: Aware.
    """

    ref: str
    material: str
    seq_no: int
    end: datetime
    published_at: datetime
    graph: GraphRecord
    certificate: Certificate
    contents: Contents

    @property
    def record(self) -> PublishedRecord:
        """The same as the registry tells it."""
        return PublishedRecord(self.material, self.seq_no, self.end, self.graph, self.certificate)


class Publications:
    """The publications of one output schema."""

    def __init__(self, engine: Engine, dialect: EngineDialect) -> None:
        self._engine, self._dialect = engine, dialect

    def prepare(self) -> None:
        """Make the table where it does not exist."""
        self._engine.execute(render(create_empty(self.table(), COLUMNS), self._dialect))

    def latest(self) -> Mapping[str, Publication | None]:
        """The last publication of each id graph, by ref; None where its row cannot be read."""
        query = exp.select(*COLUMNS).from_(self.table())
        return {r["model_ref"]: _read(r) for r in self._engine.fetch(render(query, self._dialect)).to_pylist()}

    def add(self, ref: str, shown: PublishedRecord, published_at: datetime) -> None:
        """Note that a graph is published. Belongs into the transaction that moves its view."""
        same = exp.column("model_ref").eq(exp.Literal.string(ref))
        self._engine.execute(render(exp.Delete(this=self.table(), where=exp.Where(this=same)), self._dialect))
        contents = self.contents(shown)
        text = json.dumps(
            {"graph": vars(shown.graph), "certificate": vars(shown.certificate), "contents": asdict(contents)}
        )
        values = (ref, shown.material, shown.seq_no, shown.end, published_at, text)
        statement = insert_values(self.table(), tuple(COLUMNS), [literal(value) for value in values])
        self._engine.execute(render(statement, self._dialect))

    def contents(self, shown: PublishedRecord) -> Contents:
        """What the tables of a graph hold now.

        Raises:
            EngineError: One of them is not there.
        """
        assert shown.graph is not None  # noqa: S101 - callers have a graph
        base, version = self.table(shown.graph.base), shown.graph.version
        columns: list[exp.Expr] = []
        for part in _COUNTED:
            counted = exp.select(exp.Count(this=exp.Star())).from_(beside(base, part)).where(in_version(version))
            columns.append(counted.subquery().as_(f"rows_{part}"))
        hashes = self._dialect.row_hash is not None
        for part, names in _DIGESTED.items() if hashes else ():
            digest = row_digest(self._dialect, [exp.column(name) for name in names])
            summed = exp.select(exp.cast(exp.Sum(this=digest), "TEXT")).from_(beside(base, part))
            columns.append(summed.where(in_version(version)).subquery().as_(f"digest_{part}"))
        if hashes:
            probe = row_digest(self._dialect, [exp.Literal.string(_PROBE)])
            columns.append(exp.cast(probe, "TEXT").as_("probe"))
        row = self._engine.fetch(render(exp.select(*columns), self._dialect)).to_pylist()[0]
        digests = {part: str(row[f"digest_{part}"]) for part in _DIGESTED} if hashes else {}
        return Contents({part: int(row[f"rows_{part}"]) for part in _COUNTED}, digests, row.get("probe"))

    def faults(self, publication: Publication) -> list[str]:
        """What the tables of a publication no longer hold, in words."""
        try:
            now = self.contents(publication.record)
        except EngineError as error:
            return [f"its tables cannot be read: {error}"]
        was, found = publication.contents, []
        for part in _COUNTED:
            if now.rows[part] != was.rows[part]:
                name = f"{publication.graph.base}_{part}"
                found.append(
                    f"table {name} has {now.rows[part]:,} rows of it, of {was.rows[part]:,} that were published"
                )
        if not found and now.probe == was.probe:
            found += [
                f"rows of table {publication.graph.base}_{part} are not those that were published"
                for part in _DIGESTED
                if now.digests.get(part) != was.digests.get(part)
            ]
        return found

    def table(self, name: str = PUBLICATIONS) -> exp.Table:
        """A table of the output schema."""
        return exp.table_(name, db=self._engine.schema, quoted=True)


def views_of_graphs(plan: Plan) -> dict[str, str]:
    """The names of the views of id graphs, by ref; a graph as of an earlier moment has none, and is not published."""
    steps = [s for s in plan.steps.values() if isinstance(s, IdStitcher) and s.ref == plain_ref(s.ref)]
    return {step.ref: view_name(step, plan.author) for step in steps}


def disagreements(views: Mapping[str, str], registry: Registry, publications: Publications) -> dict[str, list[str]]:
    """What does not agree between the two records of what is published, and the tables that they describe.

    Args:
        views: The names of the views of id graphs, by ref of the stitcher.
        registry: The first record.
        publications: The second.

    Returns:
        In words, by ref; refs without any are left out.
    """
    there, shown, latest = registry.tables(), registry.published(), publications.latest()
    runs = {run.seq_no for run in registry.runs()}
    found = {}
    for ref, view in views.items():
        last = latest.get(ref)
        said = [f"publication_registry has a row of {ref} that cannot be read"] * (ref in latest and last is None)
        if last is not None:
            said += _of_both(ref, shown.get(ref), last, runs)
            said += publications.faults(last)
        elif ref in shown:
            said += of_certificate(ref, shown[ref], publications)
        elif f"{view}_{HISTORY}" in there:
            said.append(f"{ref} was published, as table {view}_{HISTORY} shows, and no registry has a row of it")
        if said:
            found[ref] = said
    return found


def findings(found: Mapping[str, list[str]], hint: str = _HINT) -> tuple[Finding, ...]:
    """Disagreements as errors."""
    return tuple(Finding("error", "damaged-registry", text, hint=hint) for texts in found.values() for text in texts)


def _of_both(ref: str, shown: PublishedRecord | None, latest: Publication, runs: Collection[int]) -> Iterator[str]:
    """What the registry says otherwise than the last publication."""
    if latest.seq_no not in runs:
        yield f"run_registry has no row of run {latest.seq_no}, which published {ref}"
    if shown is None:
        yield f"published_registry has no row of {ref}, which run {latest.seq_no} published"
    elif (shown.material, shown.seq_no, shown.end) != (latest.material, latest.seq_no, latest.end):
        yield (
            f"published_registry says that {ref} shows {shown.material} of run {shown.seq_no}; "
            f"{latest.material} of run {latest.seq_no} was published last"
        )
    elif (shown.graph, shown.certificate) != (latest.graph, latest.certificate):
        yield f"material_registry does not say of {latest.material} what it said when it was published"


def of_certificate(ref: str, shown: PublishedRecord, publications: Publications) -> Iterator[str]:
    """What the tables of a graph do not hold that its certificate counts. Before there was a second record."""
    if shown.graph is None or shown.certificate is None:
        yield f"material_registry has no graph of {shown.material}, which is what {ref} shows"
        return
    try:
        rows = publications.contents(shown).rows
    except EngineError as error:
        yield f"the tables of {shown.material}, which is what {ref} shows, cannot be read: {error}"
        return
    for part, counted, what in (
        (MEMBERS, shown.certificate.nodes, "ids"),
        (NAMES, shown.certificate.profiles, "profiles"),
    ):
        if rows[part] != counted:
            yield f"table {shown.graph.base}_{part} has {rows[part]:,} {what}, of {counted:,} that were published"


def _read(row: Mapping[str, Any]) -> Publication | None:
    try:
        held = json.loads(row["contents"])
        return Publication(
            ref=row["model_ref"],
            material=row["material_name"],
            seq_no=int(row["seq_no"]),
            end=read_time(row["end_ts"]),
            published_at=read_time(row["published_ts"]),
            graph=GraphRecord(**held["graph"]),
            certificate=Certificate(**held["certificate"]),
            contents=Contents(**held["contents"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
