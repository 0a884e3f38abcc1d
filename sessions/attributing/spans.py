"""When each call of a turn, and each call of a tool, ran, and what it was doing: laid out along the turn."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sessions.attributing.cells import State
from sessions.attributing.facts import Facts, ToolRun
from sessions.attributing.sharing import Piece, apportion, nanos
from sessions.records import CallRecord

WRITING: tuple[State, ...] = ("decode", "sampling", "grammar")
"""What alternates from token to token, and is spread evenly over the time in which a call writes."""

WAITING: frozenset[State] = frozenset({"queue", "idle"})


@dataclass(slots=True, eq=False)
class Span:
    """From when to when something ran, in nanoseconds of the turn, with its pieces without a gap.

    It is a call of the model (`call`), or of a tool (`run`).
    """

    start: int
    end: int
    call: CallRecord | None = None
    run: ToolRun | None = None
    pieces: list[Piece] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id of the call, or of the tool call."""
        return self.call.call if self.call else self.run.id if self.run else ""

    @property
    def agent(self) -> str:
        """The agent that made it."""
        return self.call.agent if self.call else self.run.agent if self.run else ""

    @property
    def nanoseconds(self) -> int:
        """Its share of the turn's time."""
        return sum(piece.nanoseconds for piece in self.pieces)

    @property
    def nanojoules(self) -> int:
        """Its share of the turn's energy."""
        return sum(piece.nanojoules for piece in self.pieces)


def spans_of(facts: Facts, wall: int) -> list[Span]:
    """Return what ran in a turn of `wall` nanoseconds, calls first, each kind in the order of its start.

    What was not heard to end ran until the turn's end.
    """
    calls = (_call_span(facts, call, wall) for call in facts.records.calls)
    return [*calls, *(_tool_span(run, wall) for run in facts.tools.values())]


def _tool_span(run: ToolRun, wall: int) -> Span:
    start, end = _interval(run.start, run.end, wall)
    return Span(start, end, run=run, pieces=[Piece(start, end, {"tool": 1})])


def _call_span(facts: Facts, call: CallRecord, wall: int) -> Span:
    ended = call.started_s + call.wall_s if call.finish_reason else None
    start, end = _interval(call.started_s, ended, wall)
    stretches = _told(call) if call.finish_reason else _heard(facts, call)
    received = nanos(facts.first_token.get(call.call)) - nanos(call.ttft_s)
    span = Span(start, end, call=call)
    span.pieces = list(_laid_out(start, end, stretches, received))
    return span


def _interval(start: float, end: float | None, wall: int) -> tuple[int, int]:
    begun = min(nanos(start), wall)
    return begun, wall if end is None else max(begun, min(nanos(end), wall))


def _told(call: CallRecord) -> list[dict[State, int]]:
    """Return how long a finished call was in what states, in order, by the engine's own account.

    It writes from the end of the prefill, and so longer than `decode_s`, which begins at the first token.
    """
    template, queue, prefill = map(nanos, (call.template_s, call.queue_s, call.prefill_s))
    sampling, grammar = nanos(call.sampling_s), nanos(call.grammar_s)
    writing = nanos(call.decode_s)
    if call.ttft_s is not None:
        writing = max(writing, writing + nanos(call.ttft_s) - template - queue - prefill)
    decode = max(0, writing - sampling - grammar)
    writes = dict(zip(WRITING, (decode, sampling, grammar), strict=True))
    return [{"template": template}, {"queue": queue}, {"prefill": prefill}, writes]


def _heard(facts: Facts, call: CallRecord) -> list[dict[State, int]]:
    """Return the same of a call that was cut off: it read until its first token, or as far as it told."""
    read = facts.read_until.get(call.call, call.started_s) - call.started_s
    return [{"prefill": nanos(call.ttft_s or read)}, {"decode": nanos(call.decode_s)}]


def _laid_out(start: int, end: int, stretches: list[dict[State, int]], received: int) -> Iterator[Piece]:
    """Yield the pieces of a call: its stretches from when the engine received it, and idle around them.

    Stretches that are longer than the call are scaled.
    """
    lengths = [sum(stretch.values()) for stretch in stretches]
    room = end - start
    if sum(lengths) > room:
        lengths = apportion(room, lengths)
    at = start + max(0, min(received - start, room - sum(lengths)))
    yield Piece(start, at, {"idle": 1}, waits=True)
    for length, stretch in zip(lengths, stretches, strict=True):
        yield Piece(at, at + length, stretch, waits=WAITING.issuperset(stretch))
        at += length
    yield Piece(at, end, {"idle": 1}, waits=True)
