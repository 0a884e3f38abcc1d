"""A turn as it is drawn: its events in, a list of blocks out."""

import json
from dataclasses import dataclass, field

from agents import events as ev
from slmtui.tui import format as fmt
from slmtui.tui.plain import plain, plain_line
from slmtui.tui.state.blocks import Answer, Block, Notice, NoticeKind, Step, StepState

_DOING = {
    "think": "thought",
    "route": "choosing an agent",
    "handoff": "handing over",
    "call": "choosing a tool",
    "repair": "repairing a call",
}
_CALL_ENDS: dict[ev.FinishReason, StepState] = {"failed": "error", "cancelled": "stopped"}
_STEP_ENDS: dict[ev.Status, StepState] = {"ok": "ok", "failed": "error"}
"""How a step that was under way ends with its turn; with any other status it was stopped."""


@dataclass(slots=True)
class TurnView:
    """One turn on the screen, live or replayed. `status` is None while it runs.

    `phase` says in a few words what goes on now. `output_tokens` counts as they arrive.
    """

    turn: str = ""
    paradigm: str = "base"
    prompt: str = ""
    status: ev.Status | None = None
    reason: str = ""
    phase: str = ""
    blocks: list[Block] = field(default_factory=list)
    output_tokens: int = 0
    _serial: int = 0
    _pending: dict[str, Step] = field(default_factory=dict)
    _calls: dict[str, str] = field(default_factory=dict)
    _tools: dict[str, Step] = field(default_factory=dict)

    @property
    def answer(self) -> str:
        """The text of the last answer, as Markdown."""
        return next((b.text for b in reversed(self.blocks) if isinstance(b, Answer)), "")

    def apply(self, event: ev.Event) -> None:
        """Take in one event, in the order in which they were stored."""
        match event:
            case ev.TurnStarted():
                self._turn_started(event)
            case ev.CallStarted():
                self._call_started(event)
            case ev.PrefillProgress():
                self._prefill(event)
            case ev.ContextTrimmed():
                self._trimmed(event)
            case ev.TextDelta():
                self._text(event)
            case ev.CallFinished():
                self._call_finished(event)
            case ev.TurnFinished():
                self._turn_finished(event)
            case ev.LimitReached():
                self._limit(event)
            case _:
                self._apply_step(event)

    def _apply_step(self, event: ev.Event) -> None:
        match event:
            case ev.ToolStarted():
                self._tool_started(event)
            case ev.ToolFinished():
                self._tool_finished(event)
            case ev.HandOff():
                self._hand_off(event)
            case _:
                pass

    def _add(self, block: Block) -> None:
        self.blocks.append(block)

    def _key(self) -> str:
        self._serial += 1
        return f"b{self._serial}"

    def _turn_started(self, event: ev.TurnStarted) -> None:
        self.turn, self.paradigm = event.turn, event.paradigm
        self.prompt, self.phase = plain(event.prompt), "starting"

    def _call_started(self, event: ev.CallStarted) -> None:
        self._calls[event.call] = event.agent
        self.phase = f"{plain_line(event.agent, 40)}: prefill"
        self._fold_answers()
        self._settle(event.agent)

    def _fold_answers(self) -> None:
        """Fold what was written as an answer before: a later call writes the one that counts."""
        for index, block in enumerate(self.blocks):
            if isinstance(block, Answer):  # never blank: it begins with the first visible character
                title = f"{block.agent} answered"
                step = Step(self._key(), title, state="ok", body=(("answer", block.text),))
                self.blocks[index] = step

    def _prefill(self, event: ev.PrefillProgress) -> None:
        agent = plain_line(self._calls.get(event.call, ""), 40)
        self.phase = f"{agent}: prefill".lstrip(": ")

    def _trimmed(self, event: ev.ContextTrimmed) -> None:
        before, after, limit = (fmt.count(n) for n in (event.tokens_before, event.tokens_after, event.limit))
        left_out = f"{event.dropped_messages} message{'' if event.dropped_messages == 1 else 's'} left out"
        text = f"context full: {left_out}, {before} → {after} of {limit} tokens"
        rule = plain_line(event.rule)
        self._add(Notice(self._key(), "trim", f"{text} · rule: {rule}" if rule else text))

    def _text(self, event: ev.TextDelta) -> None:
        self.output_tokens += len(event.times)
        agent = plain_line(event.agent, 40)
        self.phase = f"{agent}: {'writing' if event.purpose == 'answer' else _DOING[event.purpose]}"
        if event.purpose == "answer":
            self._answer_text(agent, plain(event.text))
        else:
            self._step_text(event, agent)

    def _answer_text(self, agent: str, text: str) -> None:
        last = self.blocks[-1] if self.blocks else None
        if not isinstance(last, Answer):
            if not text.strip():
                return
            last = Answer(self._key(), agent)
            self._add(last)
            text = text.lstrip()
        last.text += text

    def _step_text(self, event: ev.TextDelta, agent: str) -> None:
        step = self._pending.get(event.agent)
        title = f"{agent} · {_DOING[event.purpose]}"
        thought = _DOING["think"]
        if step is None or (step.title.endswith(thought) != title.endswith(thought)):
            if not event.text.strip():
                return
            self._settle(event.agent)
            step = Step(self._key(), title, started=event.t)
            self._pending[event.agent] = step
            self._add(step)
        step.title = title
        step.written += plain(event.text)
        step.tokens += len(event.times)
        step.facts = (fmt.duration(event.t - step.started), f"{fmt.count(step.tokens)} tok")
        step.body = (("written", step.written),)

    def _settle(self, agent: str, state: StepState = "ok") -> None:
        """End the step that an agent was writing: nothing can follow from it any more."""
        step = self._pending.pop(agent, None)
        if step is not None and step.state == "running":
            step.state = state

    def _take_pending(self, agent: str, title: str) -> Step:
        """Return the step in which the agent wrote this call or hand-off, or a new one."""
        step = self._pending.get(agent)
        if step is None or step.title.endswith(_DOING["think"]):
            self._settle(agent)
            step = Step(self._key(), title)
            self._add(step)
        self._pending.pop(agent, None)
        step.title, step.state = title, "running"
        return step

    def _tool_started(self, event: ev.ToolStarted) -> None:
        name = plain_line(event.name, 60)
        step = self._take_pending(event.agent, name)
        step.facts = ()
        arguments = json.dumps(event.arguments, ensure_ascii=False, indent=2, default=str)
        step.body = (("arguments", plain(arguments)),)
        self._tools[event.tool_call] = step
        self.phase = f"{plain_line(event.agent, 40)}: {name}"

    def _tool_finished(self, event: ev.ToolFinished) -> None:
        step = self._tools.pop(event.tool_call, None)
        if step is None:
            step = self._take_pending(event.agent, plain_line(event.name, 60))
        step.facts = (fmt.duration(event.seconds),)
        step.state = event.status
        head = "result" if event.status == "ok" else "error"
        step.body = (*step.body, (head, plain(event.result)))

    def _hand_off(self, event: ev.HandOff) -> None:
        title = f"{plain_line(event.source, 40)} → {plain_line(event.target, 40)}"
        last = self.blocks[-1] if self.blocks else None
        answer = last.text if isinstance(last, Answer) else ""
        if isinstance(last, Answer):  # it was written to another agent
            self.blocks.pop()
        step = self._take_pending(event.source, title)
        task = plain_line(event.task, 60)
        step.facts, step.state = ((task,) if task else ()), "ok"
        written = (("written", text) for text in (step.written, answer) if text.strip())
        step.body = (("task", plain(event.task)), *written)

    def _call_finished(self, event: ev.CallFinished) -> None:
        step = self._pending.get(event.agent)
        if step is not None:  # it stays pending: a tool call or a hand-off may follow from it
            step.state = _CALL_ENDS.get(event.finish_reason, "ok")

    def _limit(self, event: ev.LimitReached) -> None:
        detail = plain_line(event.detail)
        text = f"{plain_line(event.agent, 40)} stopped by its limit of {event.limit}"
        if event.limit == "repeat":
            text = f"{plain_line(event.agent, 40)} stopped: it repeated itself"
        self._add(Notice(self._key(), "limit", f"{text} · {detail}" if detail else text))

    def _turn_finished(self, event: ev.TurnFinished) -> None:
        self.status, self.phase = event.status, ""
        self.reason = plain_line(event.reason, 500)
        ended = _STEP_ENDS.get(event.status, "stopped")
        for agent in list(self._pending):
            self._settle(agent, ended)
        for step in self._tools.values():
            step.state, step.facts = ended, ("did not finish",)
        self._settle_answer(plain(event.answer).strip())
        if event.status != "ok":
            self._add(Notice(self._key(), _notice_kind(event.status), self._ending()))

    def _ending(self) -> str:
        word = {"cancelled": "cancelled", "failed": "failed"}.get(str(self.status), "interrupted")
        return f"{word} · {self.reason}" if self.reason else word

    def _settle_answer(self, text: str) -> None:
        """Make the drawn answer the one that the turn ended with, if they differ."""
        answers = [block for block in self.blocks if isinstance(block, Answer)]
        if text and not answers:
            answers = [Answer(self._key(), "")]
            self._add(answers[0])
        if text and "".join(answer.text for answer in answers).strip() != text:
            answers[-1].text = text
            self.blocks = [block for block in self.blocks if block not in answers[:-1]]
        for answer in answers:
            answer.done = True


def _notice_kind(status: ev.Status) -> NoticeKind:
    return status if status != "ok" else "limit"
