"""A file of sessions for commands to work on."""

from datetime import UTC, datetime
from pathlib import Path

from agents.events import ToolFinished, ToolStarted
from sessions.store import Store
from tests.sessions.scripted import turn_id, whole_turn

HOSTILE = "\x1b[31mred\x1b]0;title\x07 \u202eback\x9b2J"


def keep_sessions(path: Path) -> list[str]:
    """Write two sessions and return their ids: one under three paradigms, one with hostile text."""
    with Store.open(path, owner="test", alive=lambda _: True, now=lambda: datetime.now(UTC)) as store:
        first, second = store.create_session(), store.create_session("Second")
        for number, paradigm in enumerate(("base", "single", "multi"), 1):
            events = whole_turn(turn_id(number), first, paradigm=paradigm, answer=["Hi"] * number, joules=2.0)
            if paradigm == "single":
                events[1:1] = [
                    ToolStarted(0.0, "t1", "agent", "calculator", {"expression": "1+1"}),
                    ToolFinished(0.0, "t1", "agent", "calculator", "2", "ok", 0.001),
                ]
            store.append(first, turn_id(number), events)
        hostile = whole_turn(turn_id(9), second, prompt=f"say {HOSTILE}", answer=[HOSTILE], status="failed")
        store.append(second, turn_id(9), hostile)
        return [first, second]
