"""One running call in the engine's process: its prompt, what it wrote, and its times."""

from dataclasses import dataclass, field
from enum import Enum, auto

from agents.events import CallFinished, FinishReason, Mark, NamedChance, TextDelta
from agents.message import Purpose
from agents.model import Request
from slmtui.engine.prompt import Prompt
from slmtui.engine.sampling import Draw, Sampler
from slmtui.engine.sequences import Lease
from slmtui.engine.text import PlaceWatch, PurposeTracker, Utf8Stream

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
class _Unsent:
    """What was written and not yet sent."""

    text: str = ""
    times: list[float] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Call:
    """One request being worked on. `decoded` tokens of the prompt, then of the output, are in the cache.

    `choices` is the answer to the request's named set, once its place was reached. At `checkpoint`
    tokens, unless that is zero, what was read is to be kept for other calls.
    """

    request: Request
    prompt: Prompt
    lease: Lease
    sampler: Sampler
    times: Times
    decoded: int
    reused: int
    state: State = State.PREFILL
    output: list[int] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    marked: bool = False
    choices: tuple[NamedChance, ...] = ()
    checkpoint: int = 0
    place: PlaceWatch | None = field(init=False)
    _text: Utf8Stream = field(default_factory=Utf8Stream, init=False)
    _tracker: PurposeTracker = field(init=False)
    _unsent: _Unsent = field(default_factory=_Unsent, init=False)

    def __post_init__(self) -> None:
        self._tracker = PurposeTracker(self.request.purpose, self.request.switches)
        self.place = PlaceWatch(self.request.named.marker) if self.request.named else None

    @property
    def next_prompt(self) -> list[int]:
        """The prompt tokens that are still to be decoded, as far as the checkpoint."""
        end = self.checkpoint if self.decoded < self.checkpoint else len(self.prompt.tokens)
        return self.prompt.tokens[self.decoded : end]

    def take(self, draw: Draw, piece: bytes, special: str, now: float) -> TextDelta | None:
        """Take a drawn token; return the text that is due to be shown, if any is.

        `piece` is its bytes; a special token has none, and its own text in `special`.
        """
        unsent = self._unsent
        self.times.tokens.append(now)
        self.output.append(draw.token)
        # A character that is not complete stays so, and stands before the special token that broke it off.
        text = self._text.finish() if special else self._text.push(piece)
        if special:
            unsent.marks.append(Mark(len(unsent.text) + len(text), special))
        self.written.append(text)
        unsent.text += text
        unsent.times.append(now - self.request.started)
        if draw.logprob is not None:
            unsent.logprobs.append(draw.logprob)
        if self.place is not None:
            self.place.push(text + special)
        purpose = self._tracker.push(text + special)
        if self._tracker.undecided:
            return None
        first, switched = not self.times.flushed, purpose != self._tracker.current
        if first or switched or now - self.times.flushed >= FLUSH_S:
            return self._flush(purpose, now)
        return None

    def last_delta(self, now: float) -> TextDelta | None:
        """Return the rest of the text when the call ends, an unfinished character included."""
        rest = self._text.finish()
        self._unsent.text += rest
        self.written.append(rest)
        return self._flush(self._tracker.current, now)

    def _flush(self, purpose: Purpose, now: float) -> TextDelta | None:
        unsent = self._unsent
        if not unsent.times and not unsent.text:
            return None
        self._unsent = _Unsent()
        self.times.flushed = now
        return TextDelta(
            t=now - self.request.started,
            call=self.request.call,
            agent=self.request.agent,
            purpose=purpose,
            text=unsent.text,
            times=tuple(unsent.times),
            marks=tuple(unsent.marks),
            logprobs=tuple(unsent.logprobs),
        )

    def finished(
        self, reason: FinishReason, now: float, *, context_size: int, kv_bytes: int, error: str = ""
    ) -> CallFinished:
        """Return the account of the call; of a prompt whose prefill was cut short, the part that was read."""
        times = self.times
        read = max(self.reused, min(self.decoded, len(self.prompt.tokens)))
        prefilled = read - self.reused
        avoidable = self._avoidable(read)
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
            avoidable_tokens=avoidable,
            output_tokens=len(self.output),
            origins=self.prompt.origins(self.reused, read, avoidable),
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
            choices=self.choices,
        )

    def _avoidable(self, read: int) -> int:
        """Return how many of the first `read` prompt tokens were read though some sequence had held them."""
        # A call that had to begin again reads what it had reused, too.
        held = self.lease.reused + self.lease.avoidable
        return max(0, min(held, read) - self.reused)
