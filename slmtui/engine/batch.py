"""What goes into the next batch: a token of every call that writes, then parts of the prompts being read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from slmtui.engine.call import Call, State
from slmtui.engine.native import Row

MIXED_CHUNK = 32
"""Prompt tokens in a batch that also carries a stream, at most: reading is as fast in small chunks, and
no stream waits for a large one."""


@dataclass(frozen=True, slots=True)
class Share:
    """A call's part of a batch: its tokens, and the row whose logits it needs, or -1."""

    call: Call
    tokens: list[int]
    row: int


@dataclass(slots=True)
class Batch:
    """The rows of one batch, and whose they are."""

    rows: list[Row] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)

    def add(self, call: Call, tokens: list[int], *, logits: bool) -> None:
        """Add tokens of a call, with the logits of the last one if they are needed."""
        sequence = call.lease.sequence.id
        self.rows += [Row(t, call.decoded + i, sequence, logits=False) for i, t in enumerate(tokens)]
        self.rows[-1].logits = logits
        self.shares.append(Share(call, tokens, len(self.rows) - 1 if logits else -1))


def next_batch(running: Sequence[Call], size: int) -> Batch:
    """Return the next batch of at most `size` rows; empty when no call has anything to decode."""
    batch = Batch()
    for call in running:
        if call.state is State.DECODE and len(batch.rows) < size:
            batch.add(call, call.output[-1:], logits=True)
    room = min(size, len(batch.rows) + MIXED_CHUNK) if batch.rows else size
    reading = [call for call in running if call.state is State.PREFILL]
    for i, call in enumerate(reading):
        part = call.next_prompt[: (room - len(batch.rows)) // (len(reading) - i)]
        if part:
            last = call.decoded + len(part) == len(call.prompt.tokens)
            batch.add(call, part, logits=last)
    return batch
