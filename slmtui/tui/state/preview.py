"""The last turns of a session in a few lines each, for the side of the sessions picker."""

from collections.abc import Sequence
from dataclasses import dataclass

from sessions.records import TurnRecord
from slmtui.tui.plain import plain, plain_line
from slmtui.tui.state.cost_line import short_cost

TURNS = 3
PROMPT, ANSWER = 240, 600


@dataclass(frozen=True, slots=True)
class TurnPreview:
    """A turn: what was asked, how the answer begins, how it ended, and what it cost."""

    prompt: str
    answer: str
    ended: str
    cost: str


def previews(turns: Sequence[TurnRecord]) -> list[TurnPreview]:
    """Return the last turns, the latest last."""
    return [_preview(turn) for turn in turns[-TURNS:]]


def _preview(turn: TurnRecord) -> TurnPreview:
    answer = plain(turn.answer[: ANSWER + 1]).strip()
    ended = "" if turn.status == "ok" else (turn.status or "running")
    cut = answer if len(answer) <= ANSWER else f"{answer[: ANSWER - 1].rstrip()}…"
    return TurnPreview(plain_line(turn.prompt, PROMPT), cut, ended, short_cost(turn))
