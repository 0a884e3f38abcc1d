"""What a turn costs now in one line, with the budget's warning: all that a narrow screen has room for."""

from slmtui.tui.state.budget_guard import Guard
from slmtui.tui.state.cost_line import narrow_line
from slmtui.tui.state.live_turn import LiveTurn


def turn_in_a_line(turn: LiveTurn | None, now: float, guard: Guard) -> str:
    """Return the line at `now` seconds of the turn; nothing where there is no turn."""
    if turn is None:
        return ""
    record = turn.record
    record.paradigm = record.paradigm or turn.view.paradigm
    if turn.running:
        record.wall_s = max(record.wall_s, now)
    return narrow_line(record, guard.warning(turn.gauges.spending, record.wall_s))
