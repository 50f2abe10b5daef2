"""Which run a sequence number resumes. In: the registry, what was asked for. Out: the run, whose time window holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.errors import Finding, UsageError

if TYPE_CHECKING:
    from onefold.run.options import RunOptions
    from onefold.state.records import RunRecord
    from onefold.state.registry import Registry


def resumed_run(registry: Registry, options: RunOptions) -> RunRecord:
    """The run that options name.

    Raises:
        UsageError: If there is none, or it has another time window.
    """
    if not isinstance(options.seq_no, int) and options.seq_no != "latest":
        message = f"{options.seq_no!r} is no sequence number"
        raise UsageError(Finding("error", "unknown-seq-no", message, hint='give a number, "latest" or "new"'))
    registered = registry.runs()
    known = {record.seq_no: record for record in registered}
    wanted = max(known, default=0) if options.seq_no == "latest" else options.seq_no
    record = known.get(int(wanted))
    if record is None:
        there = f"available: {', '.join(map(str, known))}" if known else "no run has been made yet"
        message = f"there is no run with sequence number {options.seq_no}"
        raise UsageError(Finding("error", "unknown-seq-no", message, hint=f"{there}; leave --seq_no out for a new run"))
    for flag, asked, has in (
        ("--end_time", options.end_time, record.times.end),
        ("--begin_time", options.begin_time, record.times.begin),
    ):
        if asked is not None and asked != has:
            message = f"{flag} {asked:%Y-%m-%d %H:%M:%S} is not that of sequence number {record.seq_no}"
            shown = f"{has:%Y-%m-%d %H:%M:%S} UTC" if has else "without a start"
            hint = f"it is {shown}: leave {flag} out, or leave --seq_no out for a new run"
            raise UsageError(Finding("error", "other-window", message, hint=hint))
    return record
