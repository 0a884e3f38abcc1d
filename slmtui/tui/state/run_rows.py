"""The rows of the list of runs: suites that were run, and comparisons that were made by hand."""

from collections.abc import Iterable
from dataclasses import dataclass

from sessions.run_records import RunRecord
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.session_rows import UNTITLED, local_time


@dataclass(frozen=True, slots=True)
class RunRow:
    """One row: the run it opens, its first line, when it was, and a second line of facts."""

    run: str
    title: str
    when: str
    facts: str


def run_rows(runs: Iterable[tuple[RunRecord, int]], query: str) -> list[RunRow]:
    """Return the runs whose row holds every word of `query`, each given with its scored attempts."""
    words = query.casefold().split()
    rows = [_row(run, scored) for run, scored in runs]
    return [row for row in rows if all(word in f"{row.title} {row.facts}".casefold() for word in words)]


def run_state(run: RunRecord, scored: int) -> str:
    """Return how far a run is, in a glyph and words."""
    if run.by_hand:
        return "✎ by hand"
    if run.stopped:
        return f"■ stopped: {plain_line(run.stopped, 60)}"
    if run.ended_at is not None:
        return "✓ ended"
    return f"… not ended: {fmt.count(run.attempts - scored)} attempts left to make"


def _row(run: RunRecord, scored: int) -> RunRow:
    arms = plain_line(", ".join(arm.arm for arm in run.arms), 60)
    things = "prompt" if run.by_hand else "item"
    facts = [
        arms,
        f"{fmt.count(run.items)} {things}{'' if run.items == 1 else 's'}",
        f"{fmt.count(scored)} of {fmt.count(run.attempts)} {'judged' if run.by_hand else 'done'}",
        run_state(run, scored),
    ]
    title = plain_line(run.title, 80) or arms or UNTITLED
    return RunRow(run.id, title, local_time(run.started_at), " · ".join(fact for fact in facts if fact))
