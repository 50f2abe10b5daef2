"""A finished report: its data and its HTML page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.environment import write_whole
from onefold.short_repr import Short

if TYPE_CHECKING:
    from pathlib import Path

    from onefold.audit.mask import Mask
    from onefold.report.model import Report


@dataclass(frozen=True, repr=False)
class MadeReport(Short):
    """A report, masked.

    Attributes:
        content: The data.
        mask: How its ids are masked.
    """

    content: Report
    mask: Mask

    def _facts(self) -> dict[str, object]:
        """See `Short`."""
        found = self.content
        about = {"project": found.about.project, "entity": found.about.entity, "seq_no": found.about.seq_no}
        return {**about, "verdict": found.conclusion.verdict, "headline": found.conclusion.headline}

    def html(self) -> str:
        """Render the page.

        >>> project.report(thresholds=False).html()[:15]
        '<!doctype html>'
        """
        from onefold.report.render import render  # noqa: PLC0415 - not needed for the data

        return render(self.content, self.mask)

    def write(self, path: Path) -> int:
        """Write the page atomically; returns its size in bytes.

        Raises:
            AccessError: If the file cannot be written.

        >>> from pathlib import Path
        >>> project.report(thresholds=False).write(Path("report.html")) == Path("report.html").stat().st_size
        True
        """
        page = self.html().encode(errors="replace")
        write_whole(path, page)
        return len(page)
