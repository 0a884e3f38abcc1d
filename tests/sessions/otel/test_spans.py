import json
from dataclasses import replace

import pytest
from hypothesis import given

from agents.events import (
    AgentStarted,
    AnswerChosen,
    ApprovalAsked,
    ApprovalGiven,
    CallFinished,
    CallStarted,
    Event,
    HandOff,
    LimitReached,
    MeterRead,
    OriginTokens,
    RungTaken,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnFinished,
    TurnStarted,
)
from agents.message import ORIGINS, PURPOSES, Message, Sampling, ToolCall
from sessions.otel import names as n
from sessions.otel.span import Span
from sessions.otel.spans import spans_of
from sessions.tally import records_of
from tests.sessions.ladder_turns import ladder_turns
from tests.strategies import ENGINE, HOSTILE_TEXTS, turns

TURN, SESSION = "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAW"
BEGAN = 1_767_323_045_000_000_000  # 2026-01-02T03:04:05Z
S = 1_000_000_000


def finished(
    call: str, t: float, agent: str, purpose: str, *, reused: int, prefilled: int, output: int
) -> Event:
    return CallFinished(
        t, call, agent, purpose, "stop", reused + prefilled, reused, prefilled, 3, output,  # type: ignore[arg-type]
        (OriginTokens("user", reused, prefilled, 3),), 0.25, 0.0, 0.5, 0.75, 0.25, 0.0, 0.0, 30, 2048, 4096,
    )  # fmt: skip


def team() -> list[Event]:
    """A supervisor that routes to a specialist, which calls a tool after asking and reports."""
    prompt = (
        Message("system", "Be brief.", "system"),
        Message("user", "2 + 3?", "user"),
        Message("assistant", "", "history", calls=(ToolCall("calculator", {"expression": "2+3"}, "x"),)),
        Message("tool", "5", "tool_result", call=ToolCall("calculator", {}, "x")),
    )
    started = TurnStarted(
        0.0, TURN, SESSION, "multi", "2 + 3?", "2026-01-02T03:04:05+00:00", Sampling(0.5, seed=9), ENGINE,
        warm=True, factors={"tools": "by specialist"},
    )  # fmt: skip
    return [
        started,
        AgentStarted(0.0, "supervisor", "2 + 3?"),
        CallStarted(0.0, "c1", "supervisor", "route", prompt[:2], True, 8, greedy=True, model="router"),
        TextDelta(1.0, "c1", "supervisor", "route", "math", (1.0,)),
        finished("c1", 1.0, "supervisor", "route", reused=0, prefilled=20, output=1),
        HandOff(1.0, "supervisor", "math", "secret task"),
        AgentStarted(1.0, "math", "secret task"),
        ApprovalAsked(1.25, "t1", "math", "calculator", {"expression": "2+3"}),
        ApprovalGiven(1.5, "t1", "math", "calculator", "once"),
        ToolStarted(1.5, "t1", "math", "calculator", {"expression": "2+3"}),
        ToolFinished(1.75, "t1", "math", "calculator", "secret 5", "ok", 0.125, 2),
        RungTaken(1.75, "math", "c2", "repair", "secret detail"),
        LimitReached(1.75, "math", "steps", "secret limit"),
        CallStarted(1.75, "c2", "math", "handoff", prompt, False, 64),
        TextDelta(2.5, "c2", "math", "think", "secret thought", (2.25,)),
        TextDelta(2.5, "c2", "math", "handoff", "it is secret 5", (2.5,)),
        finished("c2", 2.5, "math", "handoff", reused=15, prefilled=10, output=2),
        HandOff(2.5, "math", "supervisor", "it is secret 5"),
        AnswerChosen(2.5, "math", "c2", "sure"),
        MeterRead(2.75, 1000, 2000, 3.5, 7.5, "measured", "1 processor package"),
        TurnFinished(3.0, "ok", "it is secret 5"),
    ]


def spans(events: list[Event], *, content: bool = False) -> list[Span]:
    return spans_of(records_of(events), events, content=content)


def named(found: list[Span], name: str) -> Span:
    (span,) = [span for span in found if span.name == name]
    return span


def test_a_turn_has_its_agents_in_it_and_these_their_calls() -> None:
    found = spans(team())
    names = {span.id: span.name for span in found}
    tree = [(span.name, names.get(span.parent or 0)) for span in found]
    assert tree == [
        ("invoke_workflow multi", None),
        ("invoke_agent supervisor", "invoke_workflow multi"),
        ("invoke_agent math", "invoke_workflow multi"),
        ("chat router", "invoke_agent supervisor"),
        ("chat tiny", "invoke_agent math"),
        ("execute_tool calculator", "invoke_agent math"),
    ]
    assert [span.remote for span in found] == [False, False, False, True, True, False]
    assert {span.trace for span in found} == {
        int.from_bytes(bytes.fromhex("01563e3ab5d3d6764c61efb99302bd5b"))
    }


def test_times_are_the_events_after_the_moment_of_the_prompt() -> None:
    times = {s.name: ((s.start_ns - BEGAN) / S, (s.end_ns - BEGAN) / S) for s in spans(team())}
    assert times == {
        "invoke_workflow multi": (0.0, 3.0),
        "invoke_agent supervisor": (0.0, 1.0),
        "invoke_agent math": (1.0, 2.5),
        "chat router": (0.0, 1.0),
        "chat tiny": (1.75, 2.5),
        "execute_tool calculator": (1.5, 1.75),  # not the time that the user took to allow it
    }


def test_what_a_turn_tells() -> None:
    told = named(spans(team()), "invoke_workflow multi").attributes
    expected = {
        "gen_ai.operation.name": "invoke_workflow",
        "gen_ai.provider.name": "llama.cpp",
        "gen_ai.conversation.id": SESSION,
        "gen_ai.workflow.name": "multi",
        "gen_ai.agent.name": "multi",
        "gen_ai.request.model": "tiny",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.seed": 9,
        "gen_ai.usage.input_tokens": 45,
        "gen_ai.usage.cache_read.input_tokens": 15,
        "gen_ai.usage.output_tokens": 3,
        "gen_ai.usage.reasoning.output_tokens": 1,
        "gen_ai.response.time_to_first_chunk": 2.5,
        "slmtui.turn": TURN,
        "slmtui.status": "ok",
        "slmtui.warm": True,
        "slmtui.cold": False,
        "slmtui.tokens.prefilled": 30,
        "slmtui.tokens.avoidable": 6,
        "slmtui.tokens.answer": 1,
        "slmtui.tokens.handoff": 0,
        "slmtui.tokens.in.user": 45,
        "slmtui.energy.joules": 7.5,
        "slmtui.energy.source": "measured",
        "slmtui.energy.scope": "1 processor package",
        "slmtui.cpu.seconds": 3.5,
        "slmtui.memory.peak_bytes": 2000,
        "slmtui.factor.tools": "by specialist",
    }
    assert told.items() >= expected.items()
    assert "error.type" not in told


def test_what_agents_calls_and_tools_tell() -> None:
    found = spans(team())
    agent = named(found, "invoke_agent math").attributes
    assert (agent["gen_ai.agent.name"], agent["slmtui.agent.role"]) == ("math", "specialist")
    route = named(found, "chat router").attributes
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "router",
        "gen_ai.response.model": "router",
        "gen_ai.response.id": "c1",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.response.time_to_first_chunk": 0.75,
        "gen_ai.request.temperature": 0.0,  # a choice is greedy whatever the turn's sampling
        "gen_ai.request.max_tokens": 8,
        "gen_ai.usage.input_tokens": 20,
        "slmtui.agent.role": "supervisor",
        "slmtui.call.purpose": "route",
        "slmtui.call.constrained": True,
        "slmtui.tokens.route": 1,
        "slmtui.seconds.queue": 0.25,
        "slmtui.seconds.prefill": 0.5,
    }
    assert route.items() >= expected.items()
    assert named(found, "chat tiny").attributes["gen_ai.request.temperature"] == 0.5
    tool = named(found, "execute_tool calculator").attributes
    assert tool["gen_ai.tool.name"] == "calculator"
    assert tool["gen_ai.tool.call.id"] == "t1"
    assert (tool["slmtui.tool.approval"], tool["slmtui.tool.cut_tokens"]) == ("once", 2)


def test_the_joules_of_calls_tools_and_idle_moments_are_the_turns() -> None:
    found = {span.name: span.attributes for span in spans(team())}
    # 7.5 J in 2.75 s: the calls took 1.0 and 0.75 s of these, the tool 0.25 s, and nothing the rest.
    joules = {name: told.get("slmtui.energy.joules") for name, told in found.items()}
    assert joules == {
        "invoke_workflow multi": 7.5,
        "invoke_agent supervisor": None,
        "invoke_agent math": None,
        "chat router": pytest.approx(7.5 / 2.75),
        "chat tiny": pytest.approx(7.5 * 0.75 / 2.75),
        "execute_tool calculator": pytest.approx(7.5 * 0.25 / 2.75),
    }
    assert found["chat tiny"]["slmtui.energy.source"] == "measured"
    assert found["invoke_workflow multi"]["slmtui.energy.idle_joules"] == pytest.approx(7.5 * 0.75 / 2.75)


@given(turns(busy=True))
def test_the_joules_of_a_turn_are_split_exactly_or_not_told(events: list[Event]) -> None:
    turn, *others = (span.attributes for span in spans(events))
    parts = [told[n.JOULES] for told in others if n.JOULES in told]
    if n.JOULES in turn:
        assert sum(parts, turn[n.IDLE_JOULES]) == pytest.approx(turn[n.JOULES])  # type: ignore[arg-type]
        assert len(parts) == sum(told[n.OPERATION] in (n.CHAT, n.EXECUTE_TOOL) for told in others)
    else:
        assert (parts, n.IDLE_JOULES in turn) == ([], False)


def test_what_happened_in_between_are_events_of_the_turn() -> None:
    events = named(spans(team()), "invoke_workflow multi").events
    assert [(event.name, (event.at_ns - BEGAN) / S) for event in events] == [
        ("slmtui.hand_off", 1.0),
        ("slmtui.rung", 1.75),
        ("slmtui.limit", 1.75),
        ("slmtui.hand_off", 2.5),
    ]
    assert events[0].attributes == {n.SOURCE: "supervisor", n.TARGET: "math"}


def test_what_was_said_is_written_only_when_asked_for() -> None:
    silent = spans(team())
    assert "secret" not in repr(silent)
    assert "2 + 3" not in repr(silent)
    assert "2+3" not in repr(silent)
    found = spans(team(), content=True)
    call = named(found, "chat tiny").attributes
    assert json.loads(str(call["gen_ai.input.messages"])) == [
        {"role": "system", "parts": [{"type": "text", "content": "Be brief."}]},
        {"role": "user", "parts": [{"type": "text", "content": "2 + 3?"}]},
        {
            "role": "assistant",
            "parts": [
                {"type": "tool_call", "id": "x", "name": "calculator", "arguments": {"expression": "2+3"}}
            ],
        },
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "x", "response": "5"}]},
    ]
    assert json.loads(str(call["gen_ai.output.messages"])) == [
        {
            "role": "assistant",
            "parts": [{"type": "text", "content": "secret thoughtit is secret 5"}],
            "finish_reason": "stop",
        }
    ]
    tool = named(found, "execute_tool calculator").attributes
    assert json.loads(str(tool["gen_ai.tool.call.arguments"])) == {"expression": "2+3"}
    assert tool["gen_ai.tool.call.result"] == "secret 5"
    turn = named(found, "invoke_workflow multi").attributes
    assert json.loads(str(turn["gen_ai.input.messages"]))[0]["parts"][0]["content"] == "2 + 3?"
    without = [replace(span, attributes={}) for span in silent]
    assert [replace(span, attributes={}) for span in found] == without


def test_what_went_wrong_is_an_error_and_what_never_ended_ends_with_the_turn() -> None:
    events = team()
    broken = [
        *events[:10],
        CallStarted(1.75, "c2", "math", "handoff", (), False, 64),
        TurnFinished(2.0, "cancelled", "", "stopped by the user"),
    ]
    found = spans(broken)
    turn, call, tool = (
        named(found, name) for name in ("invoke_workflow multi", "chat tiny", "execute_tool calculator")
    )
    assert (turn.failed, turn.reason, turn.attributes["error.type"]) == (
        True,
        "stopped by the user",
        "cancelled",
    )
    assert (call.failed, call.attributes["error.type"]) == (True, "unfinished")
    assert call.attributes["gen_ai.response.finish_reasons"] == ("error",)
    assert "gen_ai.usage.input_tokens" not in call.attributes
    assert (call.end_ns - BEGAN, tool.end_ns - BEGAN) == (2 * S, 2 * S)
    failed = [
        replace(e, finish_reason="failed", error="no memory") if isinstance(e, CallFinished) else
        replace(e, status="error") if isinstance(e, ToolFinished) else e
        for e in events
    ]  # fmt: skip
    found = spans(failed)
    assert named(found, "chat router").reason == "no memory"
    assert named(found, "chat router").attributes["error.type"] == "failed"
    assert named(found, "execute_tool calculator").attributes["error.type"] == "error"


@given(ladder_turns(texts=HOSTILE_TEXTS))
def test_every_turn_is_a_tree_of_spans_that_keeps_its_sums(events: list[Event]) -> None:
    records = records_of(events)
    found = spans_of(records, events, content=True)
    assert found == spans_of(records, events, content=True)
    by_id = {span.id: span for span in found}
    assert len(by_id) == len(found)
    (root,) = [span for span in found if span.parent is None]
    assert root is found[0]
    for span in found[1:]:
        parent = by_id[span.parent or 0]
        assert parent.start_ns <= span.start_ns <= span.end_ns <= parent.end_ns
    calls = [span for span in found if span.attributes[n.OPERATION] == n.CHAT]
    assert len(calls) == records.turn.calls
    assert (
        sum(1 for span in found if span.attributes[n.OPERATION] == n.EXECUTE_TOOL) == records.turn.tool_calls
    )
    for span in (root, *calls):
        told = span.attributes
        assert sum(int(told[n.of_purpose(p)]) for p in PURPOSES) == told[n.OUTPUT_TOKENS]  # type: ignore[arg-type]
        if n.INPUT_TOKENS in told:
            assert sum(int(told[n.of_origin(o)]) for o in ORIGINS) == told[n.INPUT_TOKENS]  # type: ignore[arg-type]
            assert told[n.CACHE_READ] <= told[n.INPUT_TOKENS]  # type: ignore[operator]
    if all(call.finish_reason for call in records.calls):
        for name in (n.INPUT_TOKENS, n.CACHE_READ, n.OUTPUT_TOKENS, n.AVOIDABLE):
            assert sum(int(span.attributes[name]) for span in calls) == root.attributes[name]  # type: ignore[arg-type]


def test_a_moment_that_is_none_costs_no_export() -> None:
    events = team()
    events[0] = replace(events[0], started_at="yesterday")  # type: ignore[call-arg]
    assert named(spans(events), "invoke_workflow multi").end_ns == 3 * S
    events[0] = replace(events[0], started_at="2026-01-02T03:04:05")  # type: ignore[call-arg]
    assert named(spans(events), "invoke_workflow multi").start_ns == BEGAN
