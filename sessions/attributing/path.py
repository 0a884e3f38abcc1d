"""The critical path of a turn: the chain of calls and tools that it had to wait for."""

from collections.abc import Iterable

from sessions.attributing.cells import PathCell
from sessions.attributing.spans import Span


def path_of(spans: Iterable[Span], wall: int) -> tuple[PathCell, ...]:
    """Return the steps of a turn of `wall` nanoseconds, in order; they sum to it, waits included.

    Found backwards from the turn's end: what ended last is taken to be what was waited for, then what
    ended last before that began, and so on. Of what ran in parallel, only the last to end is on it.
    """
    steps: list[PathCell] = []
    at = wall
    for span in sorted(spans, key=lambda span: (span.end, span.start), reverse=True):
        if span.end > at or span.end == span.start:
            continue
        if span.end < at:
            steps.append(_wait(at - span.end))
        steps.append(_step(span))
        at = span.start
    if at:
        steps.append(_wait(at))
    return tuple(reversed(steps))


def _step(span: Span) -> PathCell:
    length = span.end - span.start
    if span.call is not None:
        return PathCell("call", span.agent, span.id, span.call.purpose, 1, length)
    return PathCell("tool", span.agent, span.id, span.run.name if span.run else "", 1, length)


def _wait(length: int) -> PathCell:
    return PathCell("wait", "", "", "", 1, length)
