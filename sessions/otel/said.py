"""What was said in a turn, as OpenTelemetry's conventions write messages: JSON of roles and parts."""

import json
from collections.abc import Iterable
from typing import Any

from agents.message import Message


def input_messages(messages: Iterable[Message], beginning: str = "") -> str:
    """Return a prompt, in the order in which the model was told it, with what the answer was begun with."""
    told = [{"role": message.role, "parts": _parts(message)} for message in messages]
    return _json([*told, *([{"role": "assistant", "parts": [_text(beginning)]}] if beginning else [])])


def user_message(text: str) -> str:
    """Return what a user asked."""
    return _json([{"role": "user", "parts": [_text(text)]}])


def output_message(text: str, finish_reason: str) -> str:
    """Return what a model wrote, and why it stopped."""
    return _json([{"role": "assistant", "parts": [_text(text)], "finish_reason": finish_reason}])


def _parts(message: Message) -> list[dict[str, Any]]:
    if message.role == "tool" and message.call is not None:
        return [{"type": "tool_call_response", "id": message.call.id, "response": message.content}]
    calls = [
        {"type": "tool_call", "id": call.id, "name": call.name, "arguments": call.arguments}
        for call in message.calls
    ]
    return [*([_text(message.content)] if message.content or not calls else []), *calls]


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "content": text}


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
