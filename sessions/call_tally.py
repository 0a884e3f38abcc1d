"""Adds up the events of one call of the model."""

from dataclasses import replace
from typing import get_args

from agents.events import CallFinished, CallStarted, NamedChance, OriginTokens, TextDelta
from agents.message import PURPOSES, Origin, Purpose
from sessions.choices import entropy_bits, likeliest
from sessions.records import CallRecord


class CallTally:
    """The record of one call while its events come in, and the token times that no record keeps."""

    def __init__(self, turn: str, position: int, event: CallStarted | TextDelta | CallFinished) -> None:
        self.record = CallRecord(
            call=event.call,
            turn=turn,
            position=position,
            agent=event.agent,
            purpose=event.purpose,
            started_s=event.t,
        )
        if isinstance(event, CallStarted):
            self.record.agent_model = event.model
            self.record.constrained = event.constrained
            self.record.tools_shown = len(event.tools)
        self.answering = False
        self.kv_bytes: int | None = None
        self.context_used: int | None = None
        self.context_size: int | None = None
        self._texts: dict[Purpose, str] = {}
        self._first_of: dict[Purpose, float] = {}
        self._first_token: float | None = None
        self._last_token = 0.0
        self._timed = 0

    def copied(self) -> CallRecord:
        """Return a copy of the record, which later events leave alone."""
        return replace(self.record)

    def wrote(self, purpose: Purpose) -> bool:
        """Whether anything was written for a purpose."""
        return getattr(self.record, PURPOSE_FIELDS[purpose]) > 0 or bool(self.text_for(purpose))

    def text_for(self, purpose: Purpose) -> str:
        """Return what the call wrote for a purpose."""
        return self._texts.get(purpose, "")

    def first_token_for(self, purpose: Purpose) -> float | None:
        """Return when the first token for a purpose came, in seconds of the turn; None without one."""
        return self._first_of.get(purpose)

    def add_text(self, event: TextDelta) -> None:
        """Count the tokens of a delta; until the call has finished, times follow from theirs."""
        record = self.record
        record.text += event.text
        self._texts[event.purpose] = self.text_for(event.purpose) + event.text
        record.wall_s = event.t - record.started_s
        if event.logprobs:
            record.logprob_sum = (record.logprob_sum or 0.0) + sum(event.logprobs)
        if not event.times:
            return
        if self._first_token is None:
            self._first_token = event.times[0]
            record.ttft_s = self._first_token - record.started_s
        self._first_of.setdefault(event.purpose, event.times[0])
        self._last_token = event.times[-1]
        self._timed += len(event.times)
        self._count(event.purpose, len(event.times))
        self._time_tokens()

    def finish(self, event: CallFinished) -> None:
        """Take over the engine's own numbers.

        Tokens that no delta told of are counted for the call's own purpose, so that the purposes
        always sum to the output.
        """
        record = self.record
        for name in FROM_FINISHED:
            setattr(record, name, getattr(event, name))
        record.wall_s = event.t - record.started_s
        untold = event.output_tokens - record.output_tokens
        if untold > 0:
            self._count(event.purpose, untold)
        self._count_origins(event.origins)
        self._choose(event.choices)
        self.kv_bytes = event.kv_bytes
        self.context_used = event.context_used
        self.context_size = event.context_size

    def _count_origins(self, origins: tuple[OriginTokens, ...]) -> None:
        """Count the prompt's tokens by origin; what has none is the template's, so that they always sum."""
        counts = dict.fromkeys(ORIGIN_FIELDS, 0)
        for part in origins:
            counts[part.origin] += part.reused + part.prefilled
        counts["template"] += max(0, self.record.prompt_tokens - sum(counts.values()))
        for origin, name in ORIGIN_FIELDS.items():
            setattr(self.record, name, counts[origin])

    def _choose(self, chances: tuple[NamedChance, ...]) -> None:
        first = likeliest(chances)
        self.record.choice = first.name if first else None
        self.record.choice_probability = first.probability if first else None
        self.record.choice_entropy = entropy_bits(chances)

    def _count(self, purpose: Purpose, tokens: int) -> None:
        name = PURPOSE_FIELDS[purpose]
        setattr(self.record, name, getattr(self.record, name) + tokens)
        self.record.output_tokens += tokens

    def _time_tokens(self) -> None:
        """Set the time per output token: (last - first) / (n - 1), from the moments of the tokens."""
        record = self.record
        if self._first_token is None:
            return
        seconds = self._last_token - self._first_token
        record.decode_s = seconds
        if self._timed > 1:
            record.tpot_s = seconds / (self._timed - 1)
            record.decode_tok_s = 1 / record.tpot_s if record.tpot_s > 0 else None


PURPOSE_FIELDS: dict[Purpose, str] = {purpose: f"{purpose}_tokens" for purpose in PURPOSES}
"""The field of a record that counts the output tokens of a purpose."""

ORIGIN_FIELDS: dict[Origin, str] = {origin: f"{origin}_in_tokens" for origin in get_args(Origin)}
"""The field of a record that counts the prompt tokens of an origin."""

FROM_FINISHED = (
    "finish_reason",
    "prompt_tokens",
    "reused_tokens",
    "prefilled_tokens",
    "avoidable_tokens",
    "queue_s",
    "template_s",
    "prefill_s",
    "ttft_s",
    "decode_s",
    "sampling_s",
    "grammar_s",
    "error",
)
"""The fields of a call's record that hold what its `CallFinished` says."""
