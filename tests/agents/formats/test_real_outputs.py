"""Outputs as the models of real templates write them, where there is no golden case for them: our own."""

from typing import Any

import pytest

from agents.formats.parse import opens_thinking, parse
from agents.formats.probe import tool_variables
from agents.formats.spec import ToolSpec
from tests.agents.formats.samples import REAL, format_at, template_at
from tests.shared_data import shared

STRING = {"type": "string", "description": "text"}
TOOLS = [
    ToolSpec(
        "get_w",
        "weather",
        {"type": "object", "properties": {"city": STRING, "n": {"type": "integer", "description": "days"}}},
    ),
    ToolSpec("get_t", "time", {"type": "object", "properties": {}}),
]
ROME = ("get_w", {"city": "Rome"})
ROME_3 = ("get_w", {"city": "Rome", "n": 3})
TIME: tuple[str, dict[str, Any]] = ("get_t", {})
OSS, LLAMA = "openai-gpt-oss-120b", "meta-llama-Llama-3.1-8B-Instruct"
FUNCTIONARY, QWEN = "meetkai-functionary-medium-v3.2", "Qwen-Qwen3-0.6B"
K3 = (
    "Hm<|close|>think<|sep|><|open|>response<|sep|>Hi<|close|>response<|sep|><|open|>tools<|sep|>"
    '<|open|>call tool="get_w" index="1"<|sep|><|open|>argument key="city" type="string"<|sep|>Rome'
    '<|close|>argument<|sep|><|open|>argument key="n" type="number"<|sep|>3<|close|>argument<|sep|>'
    "<|close|>call<|sep|><|close|>tools<|sep|><|close|>message<|sep|>"
)
CASES: list[tuple[str, str, str, str, list[Any]]] = [
    (
        OSS,
        "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>Hi",
        "Hm",
        "Hi",
        [],
    ),
    (
        OSS,
        "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>commentary to=functions.get_w "
        '<|constrain|>json<|message|>{"city": "Rome"}<|call|>',
        "Hm",
        "",
        [ROME],
    ),
    (
        OSS,
        "<|channel|>commentary<|message|>I look<|end|><|start|>assistant<|channel|>commentary "
        'to=functions.get_w<|message|>{"city": "Rome"}',
        "",
        "I look",
        [ROME],
    ),
    (OSS, " to=functions.get_t<|channel|>commentary json<|message|>{}", "", "", [TIME]),
    (
        "google-gemma-4-31B-it",
        '<|channel>thought\nHm\n<channel|>Hi<|tool_call>call:get_w{city:<|"|>Rome<|"|>,n:3}<tool_call|>',
        "Hm",
        "Hi",
        [ROME_3],
    ),
    ("google-gemma-4-31B-it", "<|tool_call>call:get_t{}<tool_call|>", "", "", [TIME]),
    (FUNCTIONARY, "all\nHi >>> there", "", "Hi >>> there", []),
    (FUNCTIONARY, 'all\nHi\n>>>get_w\n{"city": "Rome"}>>>get_t\n{}', "", "Hi", [ROME, TIME]),
    (FUNCTIONARY, 'get_w\n{"city": "Rome"}', "", "", [ROME]),
    (
        "LFM2-8B-A1B",
        '<|tool_call_start|>[get_w(city="Rome", n=3), get_t()]<|tool_call_end|>',
        "",
        "",
        [ROME_3, TIME],
    ),
    (
        "LFM2-8B-A1B",
        '<|tool_call_start|>[{"name": "get_w", "arguments": {"city": "Rome"}}]<|tool_call_end|>',
        "",
        "",
        [ROME],
    ),
    ("LFM2.5-Instruct", "<|tool_call_start|>[get_w(city='Rome')]<|tool_call_end|>Hi", "", "Hi", [ROME]),
    (
        "mistralai-Ministral-3-14B-Reasoning-2512",
        '[THINK]Hm[/THINK]Hi[TOOL_CALLS]get_w[ARGS]{"city": "Rome"}[TOOL_CALLS]get_t[ARGS]{}',
        "Hm",
        "Hi",
        [ROME, TIME],
    ),
    (
        "Mistral-Small-3.2-24B-Instruct-2506",
        '[TOOL_CALLS]get_w[CALL_ID]1a[ARGS]{"city": "Rome"}',
        "",
        "",
        [ROME],
    ),
    ("Mistral-Small-3.2-24B-Instruct-2506", '[TOOL_CALLS]get_w[ARGS]{"city": "Rome"}', "", "", [ROME]),
    (
        "ByteDance-Seed-OSS",
        "<seed:think>Hm</seed:think>Hi<seed:tool_call>\n<function=get_w>\n<parameter=city>Rome</parameter>\n"
        "<parameter=n>3</parameter>\n</function>\n</seed:tool_call>",
        "Hm",
        "Hi",
        [ROME_3],
    ),
    (
        "Qwen3-Coder",
        "<function=get_w>\n<parameter=city>\nRome\n</parameter>\n</function>\n</tool_call>",
        "",
        "",
        [ROME],
    ),
    (
        "NVIDIA-Nemotron-3-Nano-30B-A3B-BF16",
        "Hm\n</think>\n<tool_call>\n<function=get_w>\n<parameter=city>\nRome\n</parameter>\n"
        "<parameter=n>\n3\n"
        "</parameter>\n</function>\n</tool_call>",
        "Hm",
        "",
        [ROME_3],
    ),
    (
        "GLM-4.6",
        "\n<think>Hm</think>\n<tool_call>get_w\n<arg_key>city</arg_key>\n<arg_value>Rome</arg_value>\n"
        "<arg_key>n</arg_key>\n<arg_value>3</arg_value>\n</tool_call>\n<tool_call>get_t\n</tool_call>",
        "Hm",
        "",
        [ROME_3, TIME],
    ),
    ("Kimi-K3", K3, "Hm", "Hi", [ROME_3]),
    (
        "CohereForAI-c4ai-command-r-plus-tool_use",
        'Action: ```json\n[\n    {\n        "tool_name": "get_w",\n        "parameters": '
        '{"city": "Rome"}\n    }\n]```',
        "",
        "",
        [ROME],
    ),
    (
        "ibm-granite-granite-3.3-2B-Instruct",
        '<|tool_call|>[{"name": "get_w", "arguments": {"city": "Rome"}}, {"name": "get_t", "arguments": {}}]',
        "",
        "",
        [ROME, TIME],
    ),
    (
        "ibm-granite-granite-4.0",
        '<tool_call>\n{"name": "get_t", "arguments": {}}\n</tool_call>',
        "",
        "",
        [TIME],
    ),
    (
        "MiniMax-M1",
        '<tool_calls>\n{"name": "get_w", "arguments": {"city": "Rome"}}\n{"name": "get_t", '
        '"arguments": {}}\n</tool_calls>',
        "",
        "",
        [ROME, TIME],
    ),
    (LLAMA, '{"name": "get_w", "parameters": {"city": "Rome"}}', "", "", [ROME]),
    (LLAMA, '<|python_tag|>{"name": "get_w", "parameters": {"city": "Rome"}}', "", "", [ROME]),
    (LLAMA, 'As in {"name": "Bob"}.', "", 'As in {"name": "Bob"}.', []),
    (
        QWEN,
        '<think>\nHm\n</think>\n\n<tool_call>\n{"name": "get_w", "arguments": {"city": '
        '"Rome"}}\n</tool_call>',
        "Hm",
        "",
        [ROME],
    ),
    (QWEN, "A <tool_call> is a tag.", "", "A <tool_call> is a tag.", []),
    ("HuggingFaceTB-SmolLM3-3B", "<think>Hm</think>Hi", "Hm", "Hi", []),
    ("microsoft-Phi-3.5-mini-instruct", '{"tool": "get_w", "arguments": {"city": "Rome"}}', "", "", [ROME]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_outputs_of_real_models(case: tuple[str, str, str, str, list[Any]]) -> None:
    name, text, reasoning, content, calls = case
    path = shared("compat", "templates", f"{name}.jinja")
    fmt = format_at(REAL / path.name)
    prompt = template_at(path).render([{"role": "user", "content": "u"}], **tool_variables(fmt.tools, TOOLS))
    parsed = parse(fmt, text, TOOLS, thinking=opens_thinking(fmt, prompt))
    assert [(call.name, call.arguments) for call in parsed.calls] == calls
    assert (parsed.reasoning, parsed.content) == (reasoning, content)
