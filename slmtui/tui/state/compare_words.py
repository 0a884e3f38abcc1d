"""A comparison in a line: which round it is, and under what the arms answer."""

from slmtui.comparing.conditions import Conditions
from slmtui.tui.plain import plain_line
from slmtui.tui.state.compare_state import CompareState

AT_ONCE = "at once: seconds and joules (~) hold the neighbours'"


def rounds_line(state: CompareState) -> str:
    """Return which of the rounds is in the columns, and its prompt."""
    of = state.round
    if of is None:
        return "no prompt yet"
    repeat = f" · repeat {of.repeat}" if of.repeat > 1 else ""
    return f"{state.shown + 1} of {len(state.rounds)}{repeat} · {plain_line(of.prompt, 60)}"


def conditions_line(conditions: Conditions, *, blind: bool) -> str:
    """Return under what the next round is answered."""
    order = AT_ONCE if conditions.shared else "one after another"
    history = "after the chat's conversation" if conditions.history_of else "without history"
    return " · ".join((order, history, *(("blind",) if blind else ())))
