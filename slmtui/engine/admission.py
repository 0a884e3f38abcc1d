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
    """A request that has not begun. `prompt` is built once, in the time from `begun` to `ready`.

    `held` is how much of it could be reused when it was first considered; -1 before.
    """

    request: Request
    received: float
    begun: float = 0.0
    ready: float = 0.0
    prompt: Prompt | None = None
    held: int = -1


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
    waiting.held = held if waiting.held < 0 else waiting.held
    coming = _coming(prompt.tokens, running)
    if pool.can_cut and coming > held and coming - waiting.held >= WORTH_WAITING:
        return False  # to the last token of it: what was worth waiting for is not read in part again
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
