"""Which waiting call may begin: not before a prefix that it shares is read, nor without room to write."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.model import Request
from slmtui.engine.call import Call, State
from slmtui.engine.prefix_tree import agreement
from slmtui.engine.prompt import Prompt
from slmtui.engine.sequences import SequencePool

WORTH_WAITING = 16
"""Tokens: a call waits for a prefix that another one is reading when it saves at least so many."""

ROOM = 256
"""Tokens of output that a call must have room for beside the calls that run; it may write more."""


@dataclass(slots=True)
class Waiting:
    """A request that has not begun. `prompt` is built once, in the time from `begun` to `ready`."""

    request: Request
    received: float
    begun: float = 0.0
    ready: float = 0.0
    prompt: Prompt | None = None


def may_begin(waiting: Waiting, running: Sequence[Call], pool: SequencePool, cells: int) -> bool:
    """Whether a call with its prompt built may begin beside those that run on a context of `cells`."""
    prompt = waiting.prompt
    if prompt is None or any(call.request.cold for call in running):
        return False
    if not running:
        return True
    if waiting.request.cold:
        return False
    held = pool.held(prompt.tokens)
    if _coming(prompt.tokens, running) - held >= WORTH_WAITING and pool.can_cut:
        return False
    new = len(prompt.tokens) - held + min(waiting.request.max_tokens, ROOM)
    return new + held + sum(map(_committed, running)) <= cells


def blocks_others(waiting: Waiting) -> bool:
    """Whether those behind must wait too: a cold call runs alone, and would otherwise never come to run."""
    return waiting.request.cold


def _committed(call: Call) -> int:
    """Return the cells that a running call takes of its own, at least."""
    wanted = min(call.request.max_tokens, ROOM)
    return len(call.prompt.tokens) - call.reused + max(wanted, len(call.output))


def _coming(tokens: list[int], running: Sequence[Call]) -> int:
    """Return how many tokens of a prompt will be held when the calls that read theirs now have done so."""
    return max((agreement(c.prompt.tokens, tokens, 0) for c in _reading(running)), default=0)


def _reading(running: Sequence[Call]) -> Iterator[Call]:
    return (call for call in running if call.state is State.PREFILL)
