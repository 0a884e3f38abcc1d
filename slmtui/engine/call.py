"""One running call in the engine's process: its prompt, what it wrote, and its times."""

from dataclasses import dataclass, field
from enum import Enum, auto

from agents.events import CallFinished, FinishReason, TextDelta
from agents.message import Purpose
from agents.model import Request
from slmtui.engine.prompt import Prompt
from slmtui.engine.sampling import Sampler
from slmtui.engine.sequences import Lease
from slmtui.engine.text import PurposeTracker, Utf8Stream

FLUSH_S = 0.05
"""Text goes to the app at most this often: every token keeps its own time, the pipe stays quiet."""


class State(Enum):
    """Where a call is."""

    PREFILL = auto()
    DECODE = auto()
    DONE = auto()


@dataclass(slots=True)
class Times:
    """Moments of a call on the machine's monotonic clock, in seconds."""

    received: float
    begun: float = 0.0
    prompt_ready: float = 0.0
    prefilled: float | None = None
    flushed: float = 0.0
    tokens: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Call:
    """One request being worked on. `decoded` tokens of the prompt, then of the output, are in the cache."""

    request: Request
    prompt: Prompt
    lease: Lease
    sampler: Sampler
    times: Times
    state: State = State.PREFILL
    reused: int = 0
    output: list[int] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    text: Utf8Stream = field(default_factory=Utf8Stream)
    tracker: PurposeTracker = field(init=False)
    _pending: str = field(default="", init=False)
    _pending_times: list[float] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.tracker = PurposeTracker(self.request.purpose, self.request.switches)
        self.reused = self.lease.reused

    @property
    def decoded(self) -> int:
        """How many tokens of the call its sequence holds."""
        return len(self.lease.sequence.tokens)

    @property
    def next_prompt(self) -> list[int]:
        """The prompt tokens that are still to be decoded."""
        return self.prompt.tokens[self.decoded :]

    def take(self, token: int, piece: bytes, now: float) -> TextDelta | None:
        """Take a drawn token with its bytes; return the text that is due to be shown, if any is."""
        self.times.tokens.append(now)
        self.output.append(token)
        text = self.text.push(piece)
        self.written.append(text)
        self._pending += text
        self._pending_times.append(now - self.request.started)
        purpose = self.tracker.push(text)
        first, switched = len(self.output) == 1, purpose != self.tracker.current
        if first or switched or now - self.times.flushed >= FLUSH_S:
            return self.flush(purpose, now)
        return None

    def flush(self, purpose: Purpose, now: float) -> TextDelta | None:
        """Return what was written and not shown yet, or None."""
        if not self._pending_times:
            return None
        delta = TextDelta(
            t=now - self.request.started,
            call=self.request.call,
            agent=self.request.agent,
            purpose=purpose,
            text=self._pending,
            times=tuple(self._pending_times),
        )
        self._pending, self._pending_times = "", []
        self.times.flushed = now
        return delta

    def last_delta(self, now: float) -> TextDelta | None:
        """Return the rest of the text when the call ends, an unfinished character included."""
        self._pending += (rest := self.text.finish())
        self.written.append(rest)
        return self.flush(self.tracker.current, now)

    def finished(
        self, reason: FinishReason, now: float, *, context_size: int, kv_bytes: int, error: str = ""
    ) -> CallFinished:
        """Return the account of the call; of a prompt whose prefill was cut short, the part that was read."""
        times = self.times
        read = max(self.reused, min(self.decoded, len(self.prompt.tokens)))
        prefilled = read - self.reused
        first = times.tokens[0] if times.tokens else None
        prefilled_at = times.prefilled if times.prefilled is not None else now
        return CallFinished(
            t=now - self.request.started,
            call=self.request.call,
            agent=self.request.agent,
            purpose=self.request.purpose,
            finish_reason=reason,
            prompt_tokens=read,
            reused_tokens=self.reused,
            prefilled_tokens=prefilled,
            avoidable_tokens=min(self.lease.avoidable, prefilled),
            output_tokens=len(self.output),
            origins=self.prompt.origins(self.reused, read),
            queue_s=times.begun - times.received,
            template_s=times.prompt_ready - times.begun,
            prefill_s=prefilled_at - times.prompt_ready,
            ttft_s=None if first is None else first - times.received,
            decode_s=times.tokens[-1] - times.tokens[0] if times.tokens else 0.0,
            sampling_s=self.sampler.sampling_s,
            grammar_s=self.sampler.grammar_s,
            context_used=self.decoded,
            context_size=context_size,
            kv_bytes=kv_bytes,
            error=error,
        )
