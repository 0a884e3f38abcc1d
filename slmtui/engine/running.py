"""A loaded model at work: calls, turns, saved states, and threads measured again when it slows down."""

import sys
from collections.abc import Callable
from pathlib import Path

from agents.model import Request
from slmtui.engine.calibrate import CalibrationError, SpeedWatch, calibrate
from slmtui.engine.fitting import PromptTooLongError
from slmtui.engine.memo import Memo
from slmtui.engine.memory import Memory
from slmtui.engine.native import NativeContext, NativeError
from slmtui.engine.prompt import PromptBuilder
from slmtui.engine.protocol import RestoreState, SaveState, StateDone, Threads, ThreadsChanged
from slmtui.engine.scheduler import Scheduler
from slmtui.engine.states import SavedState, StateError, read_state, write_state
from slmtui.engine.template import ChatTemplateError


class RunningEngine:
    """What the worker drives. One thread calls everything but `cancel`, `cpu_by_turn` and `warm`."""

    def __init__(
        self,
        context: NativeContext,
        scheduler: Scheduler,
        builder: PromptBuilder,
        memory: Memory,
        memo: Memo,
        watch: SpeedWatch | None,
        *,
        threads: Threads,
        limit: int,
        clock: Callable[[], float],
        keep: tuple[object, ...] = (),
    ) -> None:
        self._context = context
        self._scheduler = scheduler
        self._builder = builder
        self._memory = memory
        self._memo = memo
        self._watch = watch
        self._limit = limit
        self._clock = clock
        self._keep = keep  # what llama.cpp still points to
        self._threads = threads
        self._changed: ThreadsChanged | None = None

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return self._scheduler.idle

    @property
    def warm(self) -> bool:
        """Whether any sequence holds tokens. Safe from any thread."""
        return self._memory.pool.warm

    def submit(self, request: Request) -> None:
        """Take a call in; it begins with one of the next steps."""
        self._scheduler.submit(request)

    def cancel(self, call: str) -> None:
        """End a call within one step. Safe from any thread."""
        self._scheduler.cancel(call)

    def cpu_by_turn(self) -> dict[str, float]:
        """Return the CPU seconds of every turn that has not ended. Safe from any thread."""
        return self._scheduler.accounts.by_turn()

    def end_turn(self, turn: str) -> float:
        """Let go of what a turn needed, and return the CPU seconds that it took."""
        return self._scheduler.end_turn(turn)

    def step(self) -> None:
        """Decode one batch, and measure the threads again when decoding has become slow."""
        started = self._clock()
        batch = self._scheduler.step()
        if self._watch is not None and len(batch.rows) == 1:
            self._watch.add(self._clock() - started, batch.rows[0].position)
            if self._watch.slow:
                self._measure_again(self._watch)

    def take_threads_changed(self) -> ThreadsChanged | None:
        """Return that the threads were changed since this was last asked, once."""
        changed, self._changed = self._changed, None
        return changed

    def save(self, command: SaveState) -> StateDone:
        """Write what is held of a conversation to a file."""
        try:
            prompt = self._builder.build(command.messages, self._limit)
            held = self._memory.export(prompt.tokens)
            if held is None:
                return StateDone(command.id)
            tokens, state = held
            texts = self._memo.of(m.content for m in command.messages if m.role == "assistant")
            size = write_state(Path(command.path), command.fingerprint, SavedState(tokens, state, texts))
        except (StateError, NativeError, PromptTooLongError, ChatTemplateError) as error:
            return StateDone(command.id, error=str(error))
        return StateDone(command.id, len(tokens), size)

    def restore(self, command: RestoreState) -> StateDone:
        """Read a saved state into an idle sequence."""
        try:
            saved = read_state(Path(command.path), command.fingerprint)
        except StateError as error:
            return StateDone(command.id, error=str(error))
        if len(saved.tokens) > self._limit or not self._memory.adopt(saved.tokens, saved.state):
            return StateDone(command.id, error="the state cannot be read in, or there is no room for it")
        for text, tokens in saved.texts.items():
            self._memo.remember(text, tokens)
        return StateDone(command.id, len(saved.tokens), len(saved.state))

    def close(self) -> None:
        """Free the context."""
        self._context.close()

    def _measure_again(self, watch: SpeedWatch) -> None:
        try:
            threads, speeds = calibrate(self._context, self._clock, self._memory.spare)
        except CalibrationError as error:
            sys.stderr.write(f"threads were not measured: {error}\n")
            self._context.set_threads(self._threads.decode, self._threads.batch)
            watch.measured(0.0)
            return
        watch.measured(threads.speed)
        self._threads = threads
        self._changed = ThreadsChanged(threads, speeds)
