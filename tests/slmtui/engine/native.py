"""A tiny model whose template knows tools, in the manner of Qwen's, and whose vocabulary has their tokens."""

import json
from typing import Any

from agents.formats.spec import ToolSpec
from agents.message import Message, ToolCall
from tests.slmtui.engine.conftest import Heard

TEMPLATE = (
    "{% if tools %}<|im_start|>tools\n{% for tool in tools %}{{ tool | tojson }}\n{% endfor %}<|im_end|>\n"
    "{% endif %}"
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}"
    "{% if m.reasoning_content %}{{ '<think>\n' + m.reasoning_content + '\n</think>\n\n' }}{% endif %}"
    "{% if m.content %}{{ m.content }}{% endif %}"
    '{% for call in m.tool_calls or [] %}{{ \'<tool_call>\n{"name": "\' + call.function.name + '
    "'\", \"arguments\": ' }}{{ call.function.arguments | tojson }}{{ '}\n</tool_call>' }}{% endfor %}"
    "{{ '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}"
    "{% if enable_thinking is defined and not enable_thinking %}{{ '<think>\n\n</think>\n\n' }}{% endif %}"
    "{% endif %}"
)
TOOL = ToolSpec(
    "look",
    "Looks a word up.",
    {"type": "object", "properties": {"word": {"type": "string", "description": "what"}}},
)
CALL = (
    r'root ::= "<tool_call>\n{\"name\": \"look\", \"arguments\": "'
    r' "{\"word\": \"" [a-z]{4,12} "\"}}\n</tool_call>"'
)


def raw(heard: Heard) -> str:
    """Return what was written, special tokens spelled out, but for the one that ends it."""
    text = ""
    for delta in heard.deltas:
        at = 0
        for mark in delta.marks:
            text += delta.text[at : mark.offset] + mark.token
            at = mark.offset
        text += delta.text[at:]
    last = heard.deltas[-1].marks[-1:]
    return text.removesuffix(last[0].token) if last and heard.finished.finish_reason == "stop" else text


def called(heard: Heard) -> ToolCall:
    """Return the call that a model wrote under `CALL`."""
    call: dict[str, Any] = json.loads(raw(heard).removeprefix("<tool_call>").removesuffix("</tool_call>"))
    return ToolCall(call["name"], call["arguments"])


def said(*calls: ToolCall, content: str = "") -> Message:
    return Message("assistant", content, "history", calls=calls)


def result(call: ToolCall, text: str) -> Message:
    return Message("tool", text, "tool_result", call=call)
