"""The charts of a run as text, drawn in a thread."""

from threading import Lock

from slmtui.cli.charts import charts
from slmtui.tui.report_reading import Subject

_DRAWING = Lock()
"""plotext draws on one canvas for the whole process."""

NOTHING = "There is nothing to draw yet: no attempt is scored, and no turn is stored."


def charts_text(subject: Subject, width: int) -> str:
    """Return every chart that there is something to draw for, in `width` cells. It reads the whole run."""
    report = subject.report()
    with _DRAWING:
        return "\n\n".join(charts(report, width, "utf-8")) or NOTHING
