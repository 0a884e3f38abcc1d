import json
from dataclasses import replace

from hypothesis import given

from agents.events import (
    ApprovalAsked,
    ApprovalGiven,
    CallSkipped,
    ContextTrimmed,
    Event,
    LimitReached,
    OriginTokens,
    RungTaken,
    ToolFinished,
    ToolStarted,
    TurnFinished,
)
from sessions.tally import records_of
from tests.sessions.ladder_turns import ladder_turns
from tests.sessions.scripted import call_finished, started, words

WHO = ("k1", "agent", "notes")


def test_rungs_are_counted_each() -> None:
    taken = ["repair", "reask", "repair", "no_tools", "fallback"]
    rungs = [RungTaken(1.0, "agent", "c1", rung, "detail") for rung in taken]
    turn = records_of([started("T", "S"), *rungs]).turn
    assert (turn.repairs, turn.reasks, turn.no_tools, turn.fallbacks) == (2, 1, 1, 1)


def test_skipped_calls_sum_their_estimates() -> None:
    skipped = [CallSkipped(1.0, "judge", "answer", "sure", tokens, 7) for tokens in (100, 20)]
    turn = records_of([started("T", "S"), *skipped]).turn
    assert (turn.calls_skipped, turn.calls) == (2, 0)
    assert (turn.est_skipped_prompt_tokens, turn.est_skipped_new_tokens) == (120, 14)
    assert turn.prompt_tokens == 0  # an estimate is no count


def test_the_new_limits_are_named() -> None:
    limits = [LimitReached(1.0, "agent", limit, "") for limit in ("joules", "tool_calls", "text", "joules")]
    assert records_of([started("T", "S"), *limits]).turn.limit_reached == "joules, tool_calls, text"


def test_what_was_cut_is_counted_apart() -> None:
    turn = records_of(
        [
            started("T", "S"),
            ContextTrimmed(0.5, "c1", 2, 900, 500, 512, "rule", cut_observations=3),
            ContextTrimmed(0.6, "c2", 0, 900, 500, 512, "rule", cut_observations=1),
            ToolFinished(1.0, *WHO, "text", "ok", 0.1, cut_tokens=40),
            ToolFinished(1.0, "k2", "agent", "notes", "text", "ok", 0.1, cut_tokens=2),
        ]
    ).turn
    assert (turn.dropped_messages, turn.cut_observations, turn.cut_tokens) == (2, 4, 42)


def test_a_question_its_answer_and_the_call_are_one_row() -> None:
    asked = [
        ApprovalAsked(1.0, *WHO, {"text": "x"}),
        ApprovalGiven(4.0, *WHO, "once"),
        ToolStarted(4.5, *WHO, {"text": "x"}),
        ToolFinished(5.0, *WHO, "kept", "ok", 0.25, 0),
    ]
    found = records_of([started("T", "S"), *asked])
    (row,) = found.tool_calls
    assert (row.approval, row.arguments, row.started_s, row.status) == ("once", '{"text":"x"}', 4.5, "ok")
    assert (found.turn.approvals_asked, found.turn.approvals_refused, found.turn.tool_calls) == (1, 0, 1)


def test_a_refused_call_and_one_without_an_answer_keep_their_rows() -> None:
    events = [
        ApprovalAsked(1.0, *WHO, {"text": "x"}),
        ApprovalGiven(2.0, *WHO, "no"),
        ApprovalAsked(3.0, "k2", "agent", "notes", {}),
    ]
    found = records_of([started("T", "S"), *events])
    assert [row.approval for row in found.tool_calls] == ["no", "asked"]
    assert [row.status for row in found.tool_calls] == [None, None]
    assert (found.turn.approvals_asked, found.turn.approvals_refused) == (2, 1)


def test_a_call_tells_its_model_its_grammar_and_the_tools_it_saw() -> None:
    begun, *deltas = words(["hi"])
    told = replace(begun, model="router", constrained=True, tools=("calculator", "units"))
    (call,) = records_of([started("T", "S"), told, *deltas]).calls
    assert (call.agent_model, call.constrained, call.tools_shown) == ("router", True, 2)
    (call,) = records_of([started("T", "S"), *deltas]).calls  # its start was lost
    assert (call.agent_model, call.constrained, call.tools_shown) == ("", False, 0)


def test_prompt_tokens_by_origin_with_the_rest_for_the_template() -> None:
    origins = (OriginTokens("system", 4, 1), OriginTokens("example", 0, 2))
    found = records_of([started("T", "S"), *words(["hi"]), replace(call_finished(1), origins=origins)])
    for record in (found.turn, found.calls[0]):
        assert (record.system_in_tokens, record.example_in_tokens, record.template_in_tokens) == (5, 2, 2)
        assert record.prompt_tokens == 9


def test_factors_are_kept_as_json_that_every_reader_of_sqlite_takes() -> None:
    event = replace(started("T", "S"), factors={"tools": "none", "odd": "a\ud800\0"})
    turn = records_of([event, TurnFinished(1.0, "ok", "")]).turn
    assert json.loads(turn.factors) == {"tools": "none", "odd": "a\ufffd\ufffd"}
    assert records_of([started("T", "S")]).turn.factors == "{}"


@given(ladder_turns())
def test_every_event_is_counted_where_it_belongs(events: list[Event]) -> None:
    turn = records_of(events).turn
    rungs = [event for event in events if isinstance(event, RungTaken)]
    assert turn.repairs + turn.reasks + turn.no_tools + turn.fallbacks == len(rungs)
    assert turn.approvals_asked == sum(isinstance(event, ApprovalAsked) for event in events)
    refused = [event for event in events if isinstance(event, ApprovalGiven) and event.decision == "no"]
    assert turn.approvals_refused == len(refused)
    assert turn.cut_tokens == sum(event.cut_tokens for event in events if isinstance(event, ToolFinished))
    assert turn.calls_skipped == sum(isinstance(event, CallSkipped) for event in events)
