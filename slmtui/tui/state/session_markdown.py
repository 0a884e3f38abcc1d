"""A session as Markdown: its facts in front, then every prompt with its answer and what it cost."""

import json
from collections.abc import Iterator, Sequence

from sessions.listing import SessionSummary
from sessions.records import TurnRecord
from slmtui.tui.plain import plain, plain_line
from slmtui.tui.state.cost_line import cost_line
from slmtui.tui.state.paradigms import title_of


def session_markdown(summary: SessionSummary, turns: Sequence[TurnRecord]) -> str:
    """Return the session. Prompts are quoted; answers stand as the model wrote them, which is Markdown."""
    return "\n".join((*_front(summary), "", f"# {plain_line(summary.title)}", "", *_turns(turns)))


def _front(summary: SessionSummary) -> Iterator[str]:
    facts = {
        "session": summary.id,
        "title": plain_line(summary.title),
        "created": summary.created_at,
        "updated": summary.updated_at,
        "models": [plain_line(model) for model in summary.models],
        "paradigms": list(summary.paradigms),
        "tags": list(summary.tags),
        "turns": summary.turns,
        "output_tokens": summary.output_tokens,
        "joules": summary.joules,
        "energy_source": summary.energy_source,
    }
    yield "---"
    yield from (f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items())
    yield "---"


def _turns(turns: Sequence[TurnRecord]) -> Iterator[str]:
    for number, turn in enumerate(turns, 1):
        ended = "" if turn.status == "ok" else f" · {turn.status or 'running'}"
        yield f"## {number} · {plain_line(title_of(turn.paradigm), 40)}{ended}\n"
        yield "\n".join(f"> {line}" for line in plain(turn.prompt).strip().split("\n")) + "\n"
        if answer := plain(turn.answer).strip():
            yield f"{answer}\n"
        yield f"*{cost_line(turn)}*\n"
