"""Find the run that a sequence number resumes. Takes the registry and run options; returns the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.errors import Finding, UsageError

if TYPE_CHECKING:
    from onefold.run.options import RunOptions
    from onefold.state.records import RunRecord
    from onefold.state.registry import Registry


def resumed_run(registry: Registry, options: RunOptions) -> RunRecord:
    """The run to resume.

    Raises:
        UsageError: If there is no such run, or it has another time window.
    """
    if not isinstance(options.seq_no, int) and options.seq_no != "latest":
        message = f"{options.seq_no!r} is not a sequence number"
        raise UsageError(Finding("error", "unknown-seq-no", message, hint='give a number, "latest" or "new"'))
    registered = registry.runs()
    known = {record.seq_no: record for record in registered}
    wanted = max(known, default=0) if options.seq_no == "latest" else options.seq_no
    record = known.get(int(wanted))
    if record is None:
        there = f"available: {', '.join(map(str, known))}" if known else "no run has been made yet"
        message = f"there is no run with sequence number {options.seq_no}"
        raise UsageError(Finding("error", "unknown-seq-no", message, hint=f"{there}; omit --seq_no to start a new run"))
    for flag, asked, has in (
        ("--end_time", options.end_time, record.times.end),
        ("--begin_time", options.begin_time, record.times.begin),
    ):
        if asked is not None and asked != has:
            message = f"{flag} {asked:%Y-%m-%d %H:%M:%S} differs from that of sequence number {record.seq_no}"
            shown = f"{has:%Y-%m-%d %H:%M:%S} UTC" if has else "without a start"
            hint = f"it is {shown}: omit {flag}, or omit --seq_no to start a new run"
            raise UsageError(Finding("error", "other-window", message, hint=hint))
    return record
