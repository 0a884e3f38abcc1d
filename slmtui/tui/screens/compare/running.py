"""A round of a comparison: prompt → `ask` → worker → `ArmTold` → `RoundEnded` → `Compared`."""

import asyncio
from dataclasses import replace

from textual import on
from textual.message import Message
from textual.timer import Timer
from textual.worker import Worker

from sessions.comparison import Comparison
from sessions.errors import SessionsError
from slmtui.comparing.by_hand import ByHand, Round
from slmtui.comparing.conditions import Conditions
from slmtui.comparing.rounds import Over, Rounds, Told
from slmtui.tui.approver import ScreenApprover
from slmtui.tui.plain import plain_line
from slmtui.tui.screens.compare.view import CompareView
from slmtui.tui.state.compare_verdict import verdict
from slmtui.tui.widgets.compare_prompt import ComparePrompt

FLUSH_S, MEASURING_S = 0.1, 0.25
"""Seconds between two drawings: fewer where the figures are to be the arm's own."""

STILL = "An answer is being written: esc stops it first."


class ArmTold(Message):
    """Something happened in an arm."""

    def __init__(self, told: Told) -> None:
        super().__init__()
        self.told = told


class RoundEnded(Message):
    """No arm has anything to tell any more."""


class Compared(Message):
    """What the store has of this comparison was compared; None where there is nothing."""

    def __init__(self, comparison: Comparison | None, run: str) -> None:
        super().__init__()
        self.comparison, self.run = comparison, run


class CompareRunning(CompareView):
    """Runs one round at a time, and takes in what it does."""

    _rounds: Rounds | None = None
    _stop: asyncio.Event | None = None
    _worker: Worker[None] | None = None
    _pace: Timer | None = None
    _asked = ""

    @on(ComparePrompt.Submitted)
    async def _submit(self, message: ComparePrompt.Submitted) -> None:
        message.stop()
        await self.ask(message.text)

    async def ask(self, prompt: str) -> None:
        """Let every arm answer a prompt: begin its columns, and run them in a worker."""
        if self.state.running:
            self.note(STILL)
            return
        try:
            of = self.by_hand.begin(prompt)
        except SessionsError as error:
            self.note(str(error))
            return
        self._asked = prompt
        self.prompt.put("")
        self.columns.focus()
        self.state.begin(of, self.by_hand.arms)
        self._stop = asyncio.Event()
        if self._rounds is None:
            history = self.history if self.conditions.history_of else ()
            self._rounds = Rounds(self.by_hand, self.engines, self._tell, history)
        self._pace = self.set_interval(self._seconds, lambda: self.call_later(self.draw_columns))
        self.status.forget()
        await self.draw()
        self._worker = self.run_worker(
            self._go(self._rounds, of, self._stop), group="round", exclusive=True, exit_on_error=False
        )

    @property
    def _seconds(self) -> float:
        return FLUSH_S if self.conditions.at_once else MEASURING_S

    def _tell(self, told: Told) -> None:
        self.post_message(ArmTold(told))

    async def _go(self, rounds: Rounds, of: Round, stop: asyncio.Event) -> None:
        try:
            await rounds.go(of, ScreenApprover(self, stop), stop)
        finally:
            self.post_message(RoundEnded())

    @on(ArmTold)
    def _take(self, message: ArmTold) -> None:
        message.stop()
        self.state.take(message.told)
        if isinstance(message.told, Over):
            self.draw_figures()

    @on(RoundEnded)
    async def _end(self, message: RoundEnded) -> None:
        message.stop()
        self.state.running = False
        if self._pace is not None:
            self._pace.stop()
        await self.draw()
        if self.stands:
            self.work_out()

    def stop_round(self) -> bool:
        """Stop what runs; return whether anything did. What was written is kept, as cancelled."""
        if not self.state.running or self._stop is None:
            return False
        if not self._stop.is_set():
            self._stop.set()
            self.note("Stopped: what was written is kept.")
        return True

    async def action_again(self) -> None:
        """Ask the prompt in the columns again."""
        of = self.state.round
        prompt = self._asked if of is None else of.prompt  # other conditions begin without a round
        if prompt:
            await self.ask(prompt)
        else:
            self.note("There is no prompt to repeat yet: type one, and press enter.")
            self.prompt.focus()

    async def change(self, conditions: Conditions, told: str) -> None:
        """Answer what comes under other conditions: that is another comparison, and this one stays kept."""
        if self.state.running:
            self.note(STILL)
            return
        begun = self.by_hand.run is not None
        if self.state.round is not None:
            self._asked = self.state.round.prompt
        self.by_hand, self._rounds = ByHand(self.store, conditions), None
        self.state.forget(conditions.arms)
        self.sentences = []
        await self.engines.keep(conditions.models)
        await self.draw()
        self.note(
            f"{told} The next prompt, or r, begins another comparison; the last is kept." if begun else told
        )

    # The comparison in words

    def work_out(self) -> None:
        """Compare what the store has of this run, in a thread."""
        run = self.by_hand.run
        if run is not None:
            self.run_worker(self._compare(run.id), group="verdict", exclusive=True, exit_on_error=False)

    async def _compare(self, run: str) -> None:
        from sessions.compare import compare  # noqa: PLC0415 - it loads NumPy

        try:
            observations, arms = self.by_hand.read()
        except SessionsError as error:
            self.note(plain_line(str(error)))
            return
        made = await asyncio.to_thread(compare, observations, arms) if observations else None
        self.post_message(Compared(made, run))

    @on(Compared)
    def _compared(self, message: Compared) -> None:
        message.stop()
        run = self.by_hand.run
        if run is None or run.id != message.run or not self.stands:
            return
        self.sentences = verdict(message.comparison, self.state.arms[0].arm, shared=self.conditions.shared)
        self.draw_figures()

    def other(self, **changed: object) -> Conditions:
        """Return the conditions with something changed."""
        return replace(self.conditions, **changed)  # type: ignore[arg-type]
