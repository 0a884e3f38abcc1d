"""The steps of a turn while they are written: thoughts, samples, calls of tools and hand-offs."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from agents import events as ev
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain, plain_line
from slmtui.tui.state.blocks import Block, Step, StepState
from slmtui.tui.state.call_text import called_name, written_call
from slmtui.tui.state.notices import plural

DOING = {
    "think": "thinking",
    "route": "choosing an agent",
    "handoff": "handing over",
    "call": "choosing a tool",
    "repair": "repairing a call",
    "answer": "writing",
}
_CALLS = ("call", "repair")
_NO_TOOL = "none"
_TAIL = 200
_CALL_ENDS: dict[ev.FinishReason, StepState] = {"failed": "error", "cancelled": "stopped"}


@dataclass(slots=True)
class Steps:
    """Makes steps of what agents write. `add` puts one into the turn, `new_key` names it.

    A step of an agent stays pending until what follows from it is known: a tool's call, a hand-off, or
    nothing. Thoughts are kept by their call: several agents may think at once. With `sampled` calls are
    samples of one answer, so many as `samples` says; where the model `thinks_first`, a call that is asked
    by the user's own words is the thoughts before one.
    """

    add: Callable[[Block], None]
    new_key: Callable[[], str]
    sampled: bool = False
    samples: str = ""
    thinks_first: bool = False
    _pending: dict[str, Step] = field(default_factory=dict)
    _drafts: dict[str, str] = field(default_factory=dict)
    _thoughts: dict[str, Step] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _tools: dict[str, Step] = field(default_factory=dict)
    _failed: dict[str, list[Step]] = field(default_factory=dict)

    def call_started(self, event: ev.CallStarted) -> None:
        """End what the agent was writing, and count the call if it is a sample."""
        self.settle(event.agent)
        asked = event.messages[-1].origin if event.messages else "user"
        if self.sampled and not (self.thinks_first and event.purpose == "think" and asked == "user"):
            self._numbers.setdefault(event.call, len(self._numbers) + 1)

    def write(self, event: ev.TextDelta, agent: str) -> None:
        """Take in a piece of text that is no answer; `agent` is its writer's name as it is shown."""
        if event.purpose == "think" or self.sampled:
            self._think(event, agent)
            return
        self.end_thought(event.call)
        step = self._pending.get(event.agent)
        if step is None:
            if not event.text.strip() and not event.marks:
                return
            step = Step(self.new_key(), "", started=event.t)
            self._pending[event.agent] = step
            self.add(step)
        _extend(step, event)
        self._title(step, event, agent)

    def _title(self, step: Step, event: ev.TextDelta, agent: str) -> None:
        """Say what the step is: the call as far as it is written, where it is one."""
        draft = self._drafts.get(step.key, "") + _with_marks(event)
        self._drafts[step.key] = draft
        call = written_call(draft) if event.purpose in _CALLS else ""
        step.quiet = bool(call)
        if call and called_name(call) == _NO_TOOL:
            step.title, step.facts, step.quiet = f"{agent} · chose no tool", (), True
        elif call:
            step.title, step.facts = call, ()
        else:
            step.title = f"{agent} · {DOING[event.purpose]}"
            step.facts = (fmt.duration(event.t - step.started), f"{fmt.count(step.tokens)} tok")

    def _think(self, event: ev.TextDelta, agent: str) -> None:
        step = self._thoughts.get(event.call)
        if step is None:
            if not event.text.strip():
                return
            step = Step(self.new_key(), "", started=event.t, quiet=True, thought=True)
            self._thoughts[event.call] = step
            self.add(step)
        _extend(step, event)
        step.tail = step.written[-_TAIL:].rstrip().rpartition("\n")[2]
        if number := self._numbers.get(event.call):
            of = f" of {self.samples}" if self.samples else ""
            step.title = f"sample {number}{of}: {plural(step.tokens, 'token')}"
        else:
            spent = f"{fmt.duration(event.t - step.started)} · {fmt.count(step.tokens)} tok"
            step.title = f"{agent} · thought {spent}"

    def end_thought(self, call: str, state: StepState = "ok") -> None:
        """End the thought of a call: something else is written now, or nothing more."""
        step = self._thoughts.pop(call, None)
        if step is not None:
            step.state, step.tail = state, ""

    def call_finished(self, event: ev.CallFinished) -> None:
        """End what a call wrote. Its step stays pending: a tool call or a hand-off may follow from it."""
        state = _CALL_ENDS.get(event.finish_reason, "ok")
        self.end_thought(event.call, state)
        step = self._pending.get(event.agent)
        if step is not None:
            step.state = state

    def invalid(self, agent: str) -> None:
        """Say of what an agent wrote that it was no valid call."""
        step = self._pending.pop(agent, None)
        if step is not None:
            step.state, step.quiet = "invalid", False

    def settle(self, agent: str, state: StepState = "ok") -> None:
        """End the step that an agent was writing: nothing can follow from it any more."""
        step = self._pending.pop(agent, None)
        if step is None:
            return
        if step.state == "running":
            step.state = state
        if step.quiet and step.state == "ok" and not step.title.endswith("chose no tool"):
            step.state = "not called"

    def settle_all(self, state: StepState) -> None:
        """End every step: the turn is over."""
        for agent in list(self._pending):
            self.settle(agent, state)
        for call in list(self._thoughts):
            self.end_thought(call, state)
        for step in self._tools.values():
            step.state, step.facts = state, ("did not finish",)
        self._tools.clear()

    def _take_pending(self, agent: str, title: str) -> Step:
        """Return the step in which the agent wrote this call or hand-off, or a new one."""
        step = self._pending.pop(agent, None)
        if step is None:
            step = Step(self.new_key(), title)
            self.add(step)
        step.title, step.state, step.quiet = title, "running", False
        return step

    def tool_started(self, event: ev.ToolStarted) -> None:
        """Make the call that was written a call of a tool."""
        step = self._take_pending(event.agent, plain_line(event.name, 60))
        step.facts = ()
        arguments = json.dumps(event.arguments, ensure_ascii=False, indent=2, default=str)
        step.body = (("arguments", plain(arguments)),)
        self._tools[event.tool_call] = step

    def tool_finished(self, event: ev.ToolFinished) -> None:
        """Put a tool's result into its step."""
        step = self._tools.pop(event.tool_call, None)
        if step is None:
            step = self._take_pending(event.agent, plain_line(event.name, 60))
        step.facts = (fmt.duration(event.seconds),)
        step.state = event.status
        head = "result" if event.status == "ok" else "error"
        step.body = (*step.body, (head, plain(event.result)))
        self._judge(step, event)

    def _judge(self, step: Step, event: ev.ToolFinished) -> None:
        """Remember a failed call, until its agent makes one that goes well."""
        if event.status == "error":
            self._failed.setdefault(event.agent, []).append(step)
            return
        for failed in self._failed.pop(event.agent, ()):
            failed.recovered = True

    def hand_off(self, event: ev.HandOff, answer: str) -> None:
        """Make what was written a hand-off; `answer` is what the agent wrote as an answer to the other."""
        step = self._take_pending(event.source, "")
        step.title = f"{plain_line(event.source, 40)} → {plain_line(event.target, 40)}"
        task = plain_line(event.task, 60)
        step.facts, step.state = ((task,) if task else ()), "ok"
        written = (("written", text) for text in (step.written, answer) if text.strip())
        step.body = (("task", plain(event.task)), *written)


def _extend(step: Step, event: ev.TextDelta) -> None:
    step.written += plain(event.text)
    step.tokens += len(event.times)
    step.body = (("written", step.written),)


def _with_marks(event: ev.TextDelta) -> str:
    """Return a piece of text with the special tokens in it: they show where a call begins."""
    text, shift = event.text, 0
    for mark in event.marks:
        at = mark.offset + shift
        text = text[:at] + mark.token + text[at:]
        shift += len(mark.token)
    return text
