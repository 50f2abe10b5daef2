"""The options of a run, shared by the command line, the Python API and the pipeline.

Takes flags or keyword arguments. Returns `RunOptions` with aware times. Every field has the name of its flag.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from onefold.errors import Finding, UsageError
from onefold.plan.model import RunTimes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

SeqNo = int | Literal["new", "latest"]
Time = datetime | date | str
"""A time: a datetime, a date (its start), ISO 8601 text, or unix seconds as text. UTC without a time zone."""


class CompileArguments(TypedDict, total=False):
    """The keyword arguments of `Project.compile`; see `RunOptions`."""

    models: Sequence[str]
    seq_no: SeqNo
    end_time: Time | None
    begin_time: Time | None
    clean_output: bool


class RunArguments(CompileArguments, total=False):
    """The keyword arguments of `Project.run`; see `RunOptions`."""

    force: bool
    rebase_incremental: bool
    reset_main_ids: bool
    publish_as_of: bool
    ignore_model_errors: bool


@dataclass(frozen=True)
class RunOptions:
    """The options of a run.

    Attributes:
        models: Build only these models and their dependencies, and publish only these; empty means all.
        seq_no: A number or ``latest`` resumes that run; ``new`` starts one.
        end_time: Exclude later rows; aware. None means now, or the end time of the resumed run.
        begin_time: Exclude earlier rows; aware.
        clean_output: First remove the SQL files of all earlier runs of the target.
        force: Rebuild finished models too.
        rebase_incremental: Rebuild id graphs from all rows, even if an incremental run is possible. Main ids stay.
        reset_main_ids: Discard all main ids and assign new ones.
        publish_as_of: Publish even if rows up to a later time are published.
        ignore_model_errors: Continue after a model fails; see `onefold.run.continue_on_error`.

    >>> RunOptions(models=("models/user_id_stitcher",), force=True).force
    True
    """

    models: tuple[str, ...] = ()
    seq_no: SeqNo = "new"
    end_time: datetime | None = None
    begin_time: datetime | None = None
    clean_output: bool = False
    force: bool = False
    rebase_incremental: bool = False
    reset_main_ids: bool = False
    publish_as_of: bool = False
    ignore_model_errors: bool = False

    def changed(self, **given: Unpack[RunArguments]) -> RunOptions:
        """A copy with other values. Times can be texts, and models any sequence of texts.

        Raises:
            UsageError: If a time or the models are of the wrong form.

        >>> RunOptions().changed(models=["models/user_id_stitcher"], force=True).models
        ('models/user_id_stitcher',)
        """
        values: dict[str, Any] = {**given}
        for name in values.keys() & {"end_time", "begin_time"}:
            values[name] = _moment(values[name])
        if "models" in values:
            values["models"] = _texts(values["models"])
        return replace(self, **values)

    def time_window(self) -> RunTimes:
        """The time window of a new run.

        Raises:
            UsageError: If it ends before it begins.

        >>> RunOptions().changed(end_time="2026-10-31").time_window().end.isoformat()
        '2026-10-31T00:00:00+00:00'
        """
        end = self.end_time or datetime.now(UTC).replace(microsecond=0)
        if self.begin_time is not None and self.begin_time > end:
            raise UsageError(Finding("error", "empty-window", "--begin_time is later than --end_time"))
        return RunTimes(end=end, begin=self.begin_time)


def _texts(models: Any) -> tuple[str, ...]:
    """The models as a tuple.

    Raises:
        UsageError: If it is one text, which would be read letter by letter, or holds what is no text.
    """
    if isinstance(models, str) or not all(isinstance(model, str) for model in models):
        message = f"models={models!r} is not a list of model names"
        hint = 'give a list, such as models=["models/user_id_stitcher"]'
        raise UsageError(Finding("error", "no-models", message, hint=hint))
    return tuple(models)


def moment(text: str) -> datetime:
    """An aware UTC time from ISO 8601 (a time without a zone is UTC) or unix seconds.

    Raises:
        ValueError: If it is neither.

    >>> moment("2026-10-31").isoformat()
    '2026-10-31T00:00:00+00:00'
    """
    if text.isdecimal() and len(text) > 8:  # noqa: PLR2004 - eight digits are a date without dashes
        return datetime.fromtimestamp(int(text), UTC)
    time = datetime.fromisoformat(text)
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _moment(time: Time | None) -> datetime | None:
    """An aware time.

    Raises:
        UsageError: If it is no time.
    """
    if time is None:
        return None
    try:
        if isinstance(time, str):
            return moment(time)
        if isinstance(time, datetime):
            return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        if isinstance(time, date):
            return datetime(time.year, time.month, time.day, tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        pass
    hint = 'give a datetime, a date, or text such as "2026-10-31" or "2026-10-31T23:59:59Z"'
    raise UsageError(Finding("error", "no-time", f"{time!r} is not a time", hint=hint))
