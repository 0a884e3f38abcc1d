"""What a line says of an event: one short sentence, or nothing."""

from collections.abc import Mapping
from typing import Any

from agents.events import (
    AnswerChosen,
    ApprovalAsked,
    ApprovalGiven,
    CallFinished,
    CallSkipped,
    ContextTrimmed,
    Decision,
    Event,
    HandOff,
    LimitReached,
    Rung,
    RungTaken,
    ToolFinished,
    ToolStarted,
)

RUNGS: dict[Rung, str] = {
    "repair": "call mended",
    "reask": "asked once more",
    "no_tools": "goes on without tools",
    "fallback": "leaves the answer to the base model",
}
DECISIONS: dict[Decision, str] = {
    "once": "allowed once",
    "session": "allowed for this session",
    "no": "refused",
}


def note(event: Event) -> str:
    """Return what a line says of an event; empty for those that need none."""
    return _note_on_tool(event) or _note_on_call(event)


def _note_on_tool(event: Event) -> str:
    match event:
        case ApprovalAsked():
            return f"{event.agent} asks whether it may call {_called(event.name, event.arguments)}"
        case ApprovalGiven():
            return f"{event.name} was {DECISIONS[event.decision]}"
        case ToolStarted():
            return f"{event.agent} calls {_called(event.name, event.arguments)}"
        case ToolFinished():
            cut = f" (~{event.cut_tokens} tokens cut)" if event.cut_tokens else ""
            return f"{event.name} {'answers' if event.status == 'ok' else 'fails'}{cut}: {event.result}"
        case _:
            return ""


def _note_on_call(event: Event) -> str:
    told = ""
    match event:
        case HandOff():
            told = f"{event.source} → {event.target}: {event.task}"
        case ContextTrimmed():
            told = f"context full: {_trimmed(event)} ({event.rule})"
        case LimitReached():
            told = f"{event.agent} ended by its limit on {event.limit}: {event.detail}"
        case RungTaken():
            told = f"{event.agent}: {RUNGS[event.rung]}: {event.detail}"
        case AnswerChosen():
            votes = f", {event.votes} of {event.voters} votes" if event.voters > 1 else ""
            told = f"{event.agent} takes the answer of a call ({event.reason}{votes})"
        case CallSkipped():
            saved = f"~{event.prompt_tokens} prompt tokens saved, ~{event.new_tokens} of them new"
            told = f"{event.agent}: no call to {event.purpose} was needed ({event.reason}): {saved}"
        case CallFinished(finish_reason="failed"):
            told = f"the call failed: {event.error}"
    return told


def _called(name: str, arguments: Mapping[str, Any]) -> str:
    return f"{name}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"


def _trimmed(event: ContextTrimmed) -> str:
    parts = [f"{event.cut_observations} results of tools shortened"] if event.cut_observations else []
    if event.dropped_messages or not parts:
        parts.append(f"{event.dropped_messages} messages left out")
    return ", ".join(parts)
