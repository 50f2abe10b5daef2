"""The publications of id graphs: a second record next to the registry, with counts and digests of the graph's tables.

Takes the registry and an engine. Keeps the table ``publication_registry``, and finds disagreements between it, the
registry and the tables of the graph. Runs inherit main ids, so a lost or changed row would silently give customers
other main ids. Both records are written in one transaction, so they disagree with each other or with the tables if one
of them was damaged.

    publication_registry    model_ref, material_name, seq_no, end_ts, published_ts, contents (JSON)
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from onefold.engines.base import EngineError
from onefold.errors import Finding
from onefold.sql.id_graph import MEMBERS, NAMES
from onefold.sql.statements import beside, digest_total, row_digest
from onefold.state.records import Certificate, GraphRecord, PublishedRecord
from onefold.state.tables import StateTables, read_time

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

    from onefold.engines.base import Engine
    from onefold.sql.dialects import EngineDialect

PUBLICATIONS = "publication_registry"
COLUMNS = {
    "model_ref": "TEXT",
    "material_name": "TEXT",
    "seq_no": "BIGINT",
    "end_ts": "TIMESTAMP",
    "published_ts": "TIMESTAMP",
    "contents": "TEXT",
}
_PROBE = "onefold"
_HINT = "nothing was changed; `pb repair registry` restores lost rows, and lists what cannot be restored"


@dataclass(frozen=True)
class CheckedTables:
    """The tables of a graph that a publication describes.

    Attributes:
        counted: Suffixes of the tables whose rows are counted.
        digested: The digested columns, by table suffix.
        in_version: The condition that selects the rows of a version.
    """

    counted: tuple[str, ...]
    digested: Mapping[str, tuple[str, ...]]
    in_version: Callable[[int], exp.Expr]


@dataclass(frozen=True)
class Contents:
    """The content of a graph's tables in its version.

    Attributes:
        rows: Number of rows, by table.
        digests: Sum of the row digests as text, by table; empty if the engine cannot hash.
        probe: The digest of a constant text. It differs if another release of the engine hashes differently.
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
        """The same as a record of the registry."""
        return PublishedRecord(self.material, self.seq_no, self.end, self.graph, self.certificate)


class Publications:
    """The publications of one output schema."""

    def __init__(self, engine: Engine, dialect: EngineDialect, checked: CheckedTables) -> None:
        self._tables, self._checked = StateTables(engine, dialect), checked

    def prepare(self, there: Collection[str] = ()) -> None:
        """Create the table if it does not exist.

        Args:
            there: Names of the tables that exist.
        """
        if PUBLICATIONS not in there:
            self._tables.create(PUBLICATIONS, COLUMNS)

    def latest(self) -> Mapping[str, Publication | None]:
        """The last publication of each id graph, by ref; None if its row cannot be read."""
        query = exp.select(*COLUMNS).from_(self._tables.table(PUBLICATIONS))
        return {r["model_ref"]: _read(r) for r in self._tables.rows(query)}

    def add(self, published: Mapping[str, PublishedRecord], published_at: datetime) -> None:
        """Record the publication of graphs. Call it in the transaction that repoints their views.

        Args:
            published: The published graphs, by ref.
            published_at: The time of publication.
        """
        rows = []
        for ref, shown in published.items():
            described = {
                "graph": vars(shown.graph),
                "certificate": vars(shown.certificate),
                "contents": asdict(self.contents(shown)),
            }
            rows.append((ref, shown.material, shown.seq_no, shown.end, published_at, json.dumps(described)))
        if rows:
            self._tables.delete(PUBLICATIONS, "model_ref", [*published])
            self._tables.insert(PUBLICATIONS, COLUMNS, rows)

    def contents(self, shown: PublishedRecord) -> Contents:
        """The current content of a graph's tables.

        Raises:
            EngineError: If one of the tables does not exist.
        """
        assert shown.graph is not None  # noqa: S101 - callers have a graph
        base, in_version = self._tables.table(shown.graph.base), self._checked.in_version(shown.graph.version)
        dialect, digested = self._tables.dialect, self._checked.digested
        columns: list[exp.Expr] = []
        for part in self._checked.counted:
            counted = exp.select(exp.Count(this=exp.Star())).from_(beside(base, part)).where(in_version.copy())
            columns.append(counted.subquery().as_(f"rows_{part}"))
        hashes = dialect.row_hash is not None
        for part, names in digested.items() if hashes else ():
            digest = row_digest(dialect, [exp.column(name) for name in names])
            summed = exp.select(exp.cast(digest_total(digest), "TEXT")).from_(beside(base, part))
            columns.append(summed.where(in_version.copy()).subquery().as_(f"digest_{part}"))
        if hashes:
            probe = row_digest(dialect, [exp.Literal.string(_PROBE)])
            columns.append(exp.cast(probe, "TEXT").as_("probe"))
        row = self._tables.rows(exp.select(*columns))[0]
        digests = {part: str(row[f"digest_{part}"]) for part in digested} if hashes else {}
        return Contents({part: int(row[f"rows_{part}"]) for part in self._checked.counted}, digests, row.get("probe"))

    def faults(self, publication: Publication) -> list[str]:
        """Descriptions of the differences between a publication and the current tables."""
        try:
            now = self.contents(publication.record)
        except EngineError as error:
            return [f"its tables cannot be read: {error}"]
        was, found = publication.contents, []
        for part in self._checked.counted:
            if now.rows[part] != was.rows[part]:
                name = f"{publication.graph.base}_{part}"
                found.append(f"table {name} has {now.rows[part]:,} rows (expected {was.rows[part]:,}, as published)")
        if not found and now.probe == was.probe:
            found += [
                f"table {publication.graph.base}_{part} has other rows than were published"
                for part in self._checked.digested
                if now.digests.get(part) != was.digests.get(part)
            ]
        return found


@dataclass(frozen=True)
class Recorded:
    """The state of an output schema, read once.

    Attributes:
        there: Names of its tables and views before any was created.
        version: Number of publications.
        runs: When each run was published, by sequence number; None if it was not.
        published: The published material of each model, by ref.
        latest: The last publication of each id graph, by ref; None if its row cannot be read.
    """

    there: frozenset[str]
    version: int
    runs: Mapping[int, datetime | None]
    published: Mapping[str, PublishedRecord]
    latest: Mapping[str, Publication | None]


def disagreements(histories: Mapping[str, str], recorded: Recorded, publications: Publications) -> dict[str, list[str]]:
    """The disagreements between the two records of publications, and with the tables that they describe.

    Args:
        histories: Name of the table of main id events, by ref of the stitcher.
        recorded: Both records.
        publications: Reads the tables.

    Returns:
        Descriptions keyed by ref. Refs without a description are omitted.
    """
    found = {}
    for ref, history in histories.items():
        last, shown = recorded.latest.get(ref), recorded.published.get(ref)
        said = [f"publication_registry has an unreadable row for {ref}"] * (ref in recorded.latest and last is None)
        if last is not None:
            said += _of_both(ref, shown, last, recorded.runs)
            said += publications.faults(last)
        elif shown is not None:
            said += of_certificate(ref, shown, publications)
        elif history in recorded.there:
            said.append(f"{ref} was published, because table {history} exists, but no registry has a row for it")
        if said:
            found[ref] = said
    return found


def findings(found: Mapping[str, list[str]], hint: str = _HINT) -> tuple[Finding, ...]:
    """The disagreements as errors."""
    return tuple(Finding("error", "damaged-registry", text, hint=hint) for texts in found.values() for text in texts)


def _of_both(ref: str, shown: PublishedRecord | None, latest: Publication, runs: Collection[int]) -> Iterator[str]:
    """Descriptions of the differences between the registry and the last publication."""
    if latest.seq_no not in runs:
        yield f"run_registry has no row for run {latest.seq_no}, which published {ref}"
    if shown is None:
        yield f"published_registry has no row for {ref}, which run {latest.seq_no} published"
    elif (shown.material, shown.seq_no, shown.end) != (latest.material, latest.seq_no, latest.end):
        yield (
            f"published_registry names {shown.material} of run {shown.seq_no} for {ref} "
            f"(expected {latest.material} of run {latest.seq_no}, the last publication)"
        )
    elif (shown.graph, shown.certificate) != (latest.graph, latest.certificate):
        yield f"the row of {latest.material} in material_registry differs from its publication"


def of_certificate(ref: str, shown: PublishedRecord, publications: Publications) -> Iterator[str]:
    """Descriptions of the differences between a certificate and the tables, for graphs without a publication."""
    if shown.graph is None or shown.certificate is None:
        yield f"material_registry has no graph for {shown.material}, which is published as {ref}"
        return
    try:
        rows = publications.contents(shown).rows
    except EngineError as error:
        yield f"the tables of {shown.material}, which is published as {ref}, cannot be read: {error}"
        return
    for part, counted, what in (
        (MEMBERS, shown.certificate.nodes, "ids"),
        (NAMES, shown.certificate.profiles, "profiles"),
    ):
        if rows[part] != counted:
            yield f"table {shown.graph.base}_{part} has {rows[part]:,} {what} (expected {counted:,}, as published)"


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
