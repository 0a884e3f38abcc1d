"""Who worked when in a turn: the stints of its agents, and the calls that were made in each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from agents.events import AgentStarted, CallStarted, Event, HandOff, ToolStarted

Role = Literal["supervisor", "specialist", "agent"]


@dataclass(slots=True)
class Stint:
    """One time that an agent worked, the `number`th of a turn, from 1. `start` is in seconds of the turn.

    `calls` has the ids of its calls, of the model and of tools.
    """

    agent: str
    number: int
    start: float
    calls: set[str] = field(default_factory=set)


def stints(events: Iterable[Event]) -> list[Stint]:
    """Return the stints of a turn, in order. One begins with `AgentStarted`, or with a call of nobody's."""
    found: list[Stint] = []
    current: dict[str, Stint] = {}

    def begin(agent: str, t: float) -> Stint:
        current[agent] = Stint(agent, len(found) + 1, t)
        found.append(current[agent])
        return current[agent]

    for event in events:
        match event:
            case AgentStarted():
                begin(event.agent, event.t)
            case CallStarted(call=ident) | ToolStarted(tool_call=ident):
                (current.get(event.agent) or begin(event.agent, event.t)).calls.add(ident)
            case _:
                pass
    return found


def roles(events: Iterable[Event]) -> dict[str, Role]:
    """Return the roles of agents that handed work on: who gave first, and who were given some."""
    found: dict[str, Role] = {}
    for event in events:
        if isinstance(event, HandOff):
            if not found:
                found[event.source] = "supervisor"
            found.setdefault(event.target, "specialist")
    return found
