"""Real outputs of many models, and what llama.cpp's own parsers make of them."""

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from agents.formats.format import CallFormat
from agents.formats.parse import Parsed, opens_thinking, parse, unfenced
from agents.formats.probe import tool_variables
from agents.formats.spec import ToolSpec
from agents.formats.stream import CallStream
from agents.formats.template import TemplateRefusedError
from tests.agents.formats.samples import REAL, SHARED, format_at, template_at
from tests.shared_data import shared

Case = dict[str, Any]


@cache
def cases() -> list[Case]:
    path = SHARED / "compat" / "golden.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def _tools(case: Case) -> tuple[ToolSpec, ...]:
    return tuple(ToolSpec.from_json(tool) for tool in case["tools"] or [])


def _set_up(case: Case) -> tuple[CallFormat, str, bool]:
    """Return the format, the output behind what the prompt held of it, and whether thoughts were open."""
    fmt = format_at(REAL / case["template"])
    kind = case.get("continue_final_message")
    if kind is None:
        return fmt, case["text"], opens_thinking(fmt, _prompt(case, fmt))
    marks = replace(fmt.reasoning, lead="")
    fmt = replace(fmt, reasoning=marks)
    begun = case["messages"][-1]
    thought = begun.get("reasoning_content", "") if case["expect"]["reasoning"] else ""
    if kind == "reasoning":
        return fmt, thought + case["text"], True
    before = marks.open + thought + marks.close if thought else ""
    return fmt, before + begun["content"] + case["text"], bool(thought) and not marks.open


def _prompt(case: Case, fmt: CallFormat) -> str:
    switch = fmt.reasoning.switch
    on, off = fmt.reasoning.on, fmt.reasoning.off
    thinking = {switch: on if case.get("enable_thinking", True) else off} if switch else {}
    messages = case.get("messages") or [{"role": "user", "content": "Hey there!"}]
    try:
        variables = tool_variables(fmt.tools, _tools(case)) | thinking
        return template_at(REAL / case["template"]).render(messages, **variables)
    except TemplateRefusedError:
        return ""


def _as_expected(case: Case, fmt: CallFormat, parsed: Parsed) -> dict[str, Any]:
    """Return what was read in the form of the case, thoughts put back where it wants them in the content."""
    content, reasoning = parsed.content, parsed.reasoning
    keeps = case.get("reasoning_format", "none") == "none" and "continue_final_message" not in case
    if reasoning and keeps:
        content, reasoning = f"{fmt.reasoning.open}{reasoning}{fmt.reasoning.close}{content}", ""
    if case.get("json_schema"):
        content = unfenced(content)
    calls = [(call.name, "" if call.arguments is None else call.arguments) for call in parsed.calls]
    return {"content": content.strip(), "reasoning": reasoning.strip(), "calls": calls}


def _wanted(case: Case) -> dict[str, Any]:
    expect = case["expect"]
    calls = [
        (call["name"], call["arguments"] if isinstance(call["arguments"], dict) else "")
        for call in expect["tool_calls"]
    ]
    content, reasoning = ((expect[key] or "").strip() for key in ("content", "reasoning"))
    return {"content": content, "reasoning": reasoning, "calls": calls}


def _right(case: Case) -> bool:
    fmt, text, thinking = _set_up(case)
    parsed = parse(fmt, text, _tools(case), partial=case["partial"], thinking=thinking)
    if _as_expected(case, fmt, parsed) != _wanted(case):
        return False
    ids = zip(parsed.calls, case["expect"]["tool_calls"], strict=True)
    return all(call.id == wanted["id"] for call, wanted in ids if "id" in wanted)


def test_every_case_parses_to_what_it_must(capsys: pytest.CaptureFixture[str]) -> None:
    shared("compat", "golden.json")
    every, right = Counter[str](), Counter[str]()
    wrong = []
    for case in cases():
        family = f"{case['family']} {'partial' if case['partial'] else 'final'}"
        every[family] += 1
        if _right(case):
            right[family] += 1
        else:
            wrong.append(case["id"])
    with capsys.disabled():
        print()
        for family in sorted(every):
            print(f"{family:<24} {right[family]:>3} of {every[family]}")
        print(f"{'all':<24} {sum(right.values()):>3} of {sum(every.values())}")
    assert wrong == []


def test_every_case_streams_to_the_same() -> None:
    shared("compat", "golden.json")
    for case in cases():
        fmt, text, thinking = _set_up(case)
        whole = parse(fmt, text, _tools(case), thinking=thinking)
        stream = CallStream(fmt, _tools(case), thinking=thinking)
        for sign in text:
            part = stream.push(sign)
            assert whole.content.startswith(part.content), case["id"]
            assert whole.reasoning.startswith(part.reasoning), case["id"]
            assert [call.name for call in part.calls] == [
                call.name for call in whole.calls[: len(part.calls)]
            ]
        assert stream.finish() == whole
