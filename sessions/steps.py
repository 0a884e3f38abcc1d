"""A turn as its steps, and the first step at which two turns part.

A step is what somebody did: a model wrote, an agent called a tool, a tool came back, the turn answered.
What a model was asked is no step, for it follows from the steps before; nor is anything that costs.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Literal

from agents.events import CallFinished, CallStarted, Event, TextDelta, ToolFinished, ToolStarted, TurnFinished

StepKind = Literal["call", "tool", "result", "answer"]
BEFORE, AFTER = 20, 60
"""How many characters are shown of a text before the place where it parts from another, and after."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a turn, of an `agent` (empty for the answer).

    `about` is the purpose of a call of the model, the name of a tool, or how the turn ended, `text` what
    was written, the arguments as canonical JSON, the result, or the answer. `failed` says so of a result.
    """

    kind: StepKind
    agent: str
    about: str
    text: str
    failed: bool = False

    @property
    def act(self) -> str:
        """What was done, without its text: `agent writes for call`."""
        match self.kind:
            case "call":
                return f"{self.agent} writes for {self.about}"
            case "tool":
                return f"{self.agent} calls {self.about}"
            case "result":
                return f"{self.about} {'fails' if self.failed else 'answers'}"
            case "answer":
                return f"the turn ends {self.about}"


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first step, counted from 1, at which two turns part: that of each; None for one that has ended."""

    at: int
    first: Step | None
    second: Step | None

    @property
    def sides(self) -> tuple[str, str]:
        """What each turn did there, in words; of long texts, what stands around the place they part at."""
        first, second = self.first, self.second
        place = 0
        if first is not None and second is not None and first.act == second.act:
            place = _place(first.text, second.text)
        return _words(first, place), _words(second, place)

    @property
    def text(self) -> str:
        """Both sides in a line."""
        first, second = self.sides
        return f"step {self.at}: {first} / {second}"


def steps(events: Iterable[Event]) -> tuple[Step, ...]:
    """Return the steps of a turn, in order; calls that ran at once stand in the order they began in."""
    found: list[Step] = []
    calls: dict[str, int] = {}
    for event in events:
        match event:
            case CallStarted() | TextDelta() | CallFinished():
                if event.call not in calls:
                    calls[event.call] = len(found)
                    found.append(Step("call", event.agent, event.purpose, ""))
                if isinstance(event, TextDelta):
                    index = calls[event.call]
                    found[index] = replace(found[index], text=found[index].text + event.text)
            case ToolStarted():
                found.append(Step("tool", event.agent, event.name, canonical(event.arguments)))
            case ToolFinished():
                failed = event.status == "error"
                found.append(Step("result", event.agent, event.name, event.result, failed))
            case TurnFinished():
                found.append(Step("answer", "", event.status, event.answer))
            case _:
                pass
    return tuple(found)


def diverged(first: Iterable[Event], second: Iterable[Event]) -> Divergence | None:
    """Return where two turns part; None when their steps are the same."""
    return parted(steps(first), steps(second))


def parted(first: Sequence[Step], second: Sequence[Step]) -> Divergence | None:
    """Return the first place at which the steps differ; None when they are the same."""
    for at, (one, other) in enumerate(zip_longest(first, second), 1):
        if one != other:
            return Divergence(at, one, other)
    return None


def canonical(arguments: Mapping[str, Any]) -> str:
    """Return the arguments of a call as JSON that is the same for equal ones: 2 and 2.0 are one number."""
    return json.dumps(_canonical(arguments), sort_keys=True, separators=(",", ":"))


def _canonical(value: Any) -> Any:
    match value:
        case Mapping():
            return {str(key): _canonical(each) for key, each in value.items()}
        case list() | tuple():
            return [_canonical(each) for each in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def _place(first: str, second: str) -> int:
    """Return the index of the first character in which two texts differ."""
    pairs = enumerate(zip_longest(first, second))
    return next((index for index, (one, other) in pairs if one != other), 0)


def _words(step: Step | None, place: int) -> str:
    if step is None:
        return "nothing more"
    start = max(place - BEFORE, 0)
    text = " ".join(step.text[start : place + AFTER].split())
    head, tail = "…" if start else "", "…" if len(step.text) > place + AFTER else ""
    return f"{step.act}: {head}{text}{tail}" if step.text else f"{step.act}: (nothing)"
