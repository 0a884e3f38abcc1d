"""A turn as it is drawn: its events in, a list of blocks out."""

import re
from dataclasses import dataclass, field

from agents import events as ev
from slmtui.tui.plain import plain, plain_line
from slmtui.tui.state import notices
from slmtui.tui.state.blocks import Answer, Block, Notice, NoticeKind, Step, StepState
from slmtui.tui.state.steps import DOING, Steps

SAMPLED = "vote"
"""The paradigm whose calls are samples of one answer."""

_NUMBER = re.compile(r"\d{1,4}")
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
    _skipped: str = ""
    _beginning: str = ""
    _calls: dict[str, str] = field(default_factory=dict)
    _written: dict[str, dict[str, str]] = field(default_factory=dict)
    _steps: Steps = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._steps = Steps(self._add, self._key)

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
            case ev.TextDelta():
                self._text(event)
            case ev.CallFinished():
                self._steps.call_finished(event)
            case ev.AnswerChosen():
                self._answer_chosen(event)
            case ev.TurnFinished():
                self._turn_finished(event)
            case _:
                self._apply_step(event)

    def _apply_step(self, event: ev.Event) -> None:
        match event:
            case ev.ToolStarted():
                self._steps.tool_started(event)
                self.phase = f"{plain_line(event.agent, 40)}: {plain_line(event.name, 60)}"
            case ev.ToolFinished():
                self._steps.tool_finished(event)
                if event.cut_tokens:
                    self._note("cut", notices.cut(event))
            case ev.HandOff():
                self._hand_off(event)
            case ev.RungTaken():
                self._rung(event)
            case _:
                self._apply_notice(event)

    def _apply_notice(self, event: ev.Event) -> None:
        match event:
            case ev.ContextTrimmed():
                self._note("trim", notices.trimmed(event))
            case ev.LimitReached():
                self._note("limit", notices.limit(event))
            case ev.CallSkipped():
                self._skipped = event.reason
                self._note("skipped", notices.skipped(event))
            case ev.ApprovalAsked():
                self.phase = f"waiting for your word on {plain_line(event.name, 60)}"
            case ev.ApprovalGiven():
                self._note("approval", notices.approval(event))
            case _:
                pass

    def _add(self, block: Block) -> None:
        self.blocks.append(block)

    def _note(self, kind: NoticeKind, text: str) -> None:
        self._add(Notice(self._key(), kind, text))

    def _key(self) -> str:
        self._serial += 1
        return f"b{self._serial}"

    def _turn_started(self, event: ev.TurnStarted) -> None:
        self.turn, self.paradigm = event.turn, event.paradigm
        self.prompt, self.phase = plain(event.prompt), "starting"
        self._begin_answer(plain(event.beginning))
        self._steps.sampled = event.paradigm == SAMPLED
        number = _NUMBER.match(event.factors.get("samples", ""))
        self._steps.samples = number[0] if number else ""
        self._steps.thinks_first = event.factors.get("think") == "on"

    def _begin_answer(self, text: str) -> None:
        """Draw what the answer was made to begin with: the first call writes on behind it."""
        if text.strip():
            self._beginning = text
            self._add(Answer(self._key(), "", text.lstrip()))

    def _call_started(self, event: ev.CallStarted) -> None:
        self.phase = f"{plain_line(event.agent, 40)}: prefill"
        if self._calls or not self._beginning:
            self._fold_answers()
        self._calls[event.call] = event.agent
        self._steps.call_started(event)

    def _fold_answers(self) -> None:
        """Fold what was written as an answer before: another text is the one that counts."""
        for index, block in enumerate(self.blocks):
            if isinstance(block, Answer):  # never blank: it begins with the first visible character
                title = f"{block.agent} answered"
                step = Step(self._key(), title, state="ok", body=(("answer", block.text),))
                self.blocks[index] = step

    def _prefill(self, event: ev.PrefillProgress) -> None:
        agent = plain_line(self._calls.get(event.call, ""), 40)
        self.phase = f"{agent}: prefill".lstrip(": ")

    def _text(self, event: ev.TextDelta) -> None:
        self.output_tokens += len(event.times)
        agent = plain_line(event.agent, 40)
        self.phase = f"{agent}: {'sampling' if self._steps.sampled else DOING[event.purpose]}"
        text = plain(event.text)
        written = self._written.setdefault(event.call, {})
        written[event.purpose] = written.get(event.purpose, "") + text
        if event.purpose == "answer" and not self._steps.sampled:
            self._steps.end_thought(event.call)
            self._answer_text(agent, text)
        else:
            self._steps.write(event, agent)

    def _answer_text(self, agent: str, text: str) -> None:
        last = self.blocks[-1] if self.blocks else None
        if not isinstance(last, Answer):
            if not text.strip():
                return
            last = Answer(self._key(), agent)
            self._add(last)
            text = text.lstrip()
        last.text += text

    def _answer_chosen(self, event: ev.AnswerChosen) -> None:
        """Make what a call wrote the answer, without its thoughts unless it wrote nothing else."""
        written = self._written.get(event.call, {})
        text = "".join(part for purpose, part in written.items() if purpose != "think")
        text = (text.strip() or written.get("think", "")).strip()
        if text and self.answer.strip() != text:
            self._fold_answers()
        if not event.reason or event.reason != self._skipped:  # it was told already
            self._note("chosen", notices.chosen(event))
        if text and not any(isinstance(block, Answer) for block in self.blocks):
            self._add(Answer(self._key(), plain_line(event.agent, 40), text))

    def _rung(self, event: ev.RungTaken) -> None:
        if event.rung != "repair":  # a call that was mended is the one that is called
            self._steps.invalid(event.agent)
        if event.rung == "reask":
            self._fold_answers()
        self._note("rung", notices.rung(event))

    def _hand_off(self, event: ev.HandOff) -> None:
        last = self.blocks[-1] if self.blocks else None
        answer = last.text if isinstance(last, Answer) else ""
        if isinstance(last, Answer):  # it was written to another agent
            self.blocks.pop()
        self._steps.hand_off(event, answer)

    def _turn_finished(self, event: ev.TurnFinished) -> None:
        self.status, self.phase = event.status, ""
        self.reason = plain_line(event.reason, 500)
        self._steps.settle_all(_STEP_ENDS.get(event.status, "stopped"))
        self._settle_answer(plain(event.answer).strip())
        if event.status != "ok":
            self._note(_notice_kind(event.status), self._ending())

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
