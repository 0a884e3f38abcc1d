"""One column of a comparison, ready to be drawn."""

from dataclasses import dataclass

from sessions.run_records import ArmRecord
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain_line
from slmtui.tui.state.compare_marks import Marks
from slmtui.tui.state.compare_state import Answer, CompareState
from slmtui.tui.state.compare_table import BASELINE, UNKNOWN
from slmtui.tui.state.cost_line import SEPARATOR
from slmtui.tui.state.live_turn import LiveTurn
from slmtui.tui.state.progress_line import ProgressLine

TITLE = 40
READY = "no answer yet"
WRITING = "answers are hidden until all are written"


@dataclass(frozen=True, slots=True)
class Column:
    """What a column shows: its title, a turn or a `note` in its place, the line of figures, the marks.

    `now` is seconds since its turn began. A `bare` one shows the answer alone: steps would tell whose it is.
    """

    title: str
    marked: bool
    turn: LiveTurn | None = None
    note: str = ""
    bare: bool = False
    foot: str = ""
    progress: ProgressLine | None = None
    marks: Marks | None = None
    now: float = 0.0


def columns(state: CompareState) -> list[Column]:
    """Return the columns as they are now, from left to right."""
    order = state.order
    waiting = state.hidden and state.writing
    return [_column(state, arm, place, waiting=waiting) for place, arm in enumerate(order)]


def _column(state: CompareState, arm: ArmRecord, place: int, *, waiting: bool) -> Column:
    title, marked, answer = _title(state, arm, place), place == state.place, state.answer(arm.arm)
    if answer is None:
        return Column(title, marked, note=READY)
    marks = answer.marks if answer.can_be_marked else None
    if state.hidden:
        if waiting:
            return Column(title, marked, note=WRITING)
        note = "" if answer.live.events else "there is no answer"
        return Column(title, marked, answer.live if not note else None, note, bare=True, marks=marks)
    if note := _note(answer):
        return Column(title, marked, note=note)
    now = state.clock() - answer.begun
    progress = answer.live.progress(now)
    return Column(
        title, marked, answer.live, foot=_foot(answer.live, now), progress=progress, marks=marks, now=now
    )


def _title(state: CompareState, arm: ArmRecord, place: int) -> str:
    if state.hidden:
        return f"{place + 1} {UNKNOWN}"
    baseline = f" · {BASELINE}" if arm.arm == state.arms[0].arm else ""
    return f"{place + 1} {plain_line(arm.arm, TITLE)}{baseline}"


def _foot(turn: LiveTurn, now: float) -> str:
    """Return the line of figures; the paradigm, with which it begins at the end, is in the title."""
    line = turn.foot(now)
    return line if turn.running else line.partition(SEPARATOR)[2]


def _note(answer: Answer) -> str:
    """Return what stands in a column without a turn: that it waits, or why there is none."""
    if answer.problem:
        return f"✗ {answer.problem}"
    if answer.live.events:
        return ""
    if answer.loading is not None:
        return f"◌ loading the model {answer.loading:.0%} {fmt.bar(answer.loading, 8)}"
    return "○ waits for its turn"
