"""What goes on within a turn: thoughts, samples, calls while they are written, rungs, and other asides."""

from dataclasses import replace

import pytest
from rich.cells import cell_len

from agents import events as ev
from agents.message import Message, Purpose, Sampling
from slmtui.backend import TurnRequest
from slmtui.tui.state.blocks import Answer, Notice, Step
from slmtui.tui.state.turn_view import TurnView
from slmtui.tui.widgets.fold_line import end_of, fold_content
from tests.slmtui.tui.scripted import Script
from tests.slmtui.tui.state.test_turn_view import lines, view_of


def script_of(paradigm: str = "single", **factors: str) -> Script:
    script = Script(TurnRequest("s", paradigm, "What is 12 * 31?", (), Sampling()), "t")
    started = script.events[0]
    assert isinstance(started, ev.TurnStarted)
    script.events[0] = replace(started, factors=factors)
    return script


def delta(
    call: str,
    purpose: Purpose,
    text: str,
    t: float = 0.0,
    *,
    agent: str = "agent",
    marks: tuple[ev.Mark, ...] = (),
) -> ev.TextDelta:
    return ev.TextDelta(t, call, agent, purpose, text, (t,), marks)


def written(*deltas: ev.TextDelta) -> TurnView:
    view = view_of(script_of().events)
    for each in deltas:
        view.apply(each)
    return view


def step_of(view: TurnView, index: int = 0) -> Step:
    step = view.blocks[index]
    assert isinstance(step, Step)
    return step


def test_a_thought_shows_its_last_line_while_it_is_written_and_then_what_it_cost() -> None:
    view = written(delta("c", "think", "First this.\nThen "), delta("c", "think", "that", 1.2))
    step = step_of(view)
    assert (step.line, step.tail) == ("agent · thought 1.20 s · 2 tok · …", "Then that")
    assert fold_content(step, is_open=False).plain == f"▸ {step.line}  Then that"
    view.apply(delta("c", "answer", "12.", 1.3))
    assert (step.line, step.tail) == ("agent · thought 1.20 s · 2 tok", "")
    assert step.body == (("written", "First this.\nThen that"),)
    assert view.answer == "12."


def test_a_long_line_of_a_thought_shows_its_end() -> None:
    step = step_of(written(delta("c", "think", "word " * 500 + "end")))
    line = fold_content(step, is_open=False, width=70).plain
    assert len(line) == 70
    assert line.startswith("▸ agent · thought 0 ms · 1 tok")
    assert "  …" in line
    assert line.endswith("word end")


def test_the_end_of_a_line_fits_whatever_its_letters_are_wide() -> None:
    for text in ("abc" * 30, "東京" * 30, ""):
        for width in range(-2, 200):
            cut = end_of(text, width)
            assert cell_len(cut) <= max(width, 0)
            assert text.endswith(cut.removeprefix("…"))


def test_samples_that_are_written_at_once_are_told_apart_and_counted_in_the_order_they_were_asked() -> None:
    script = script_of("vote", samples="3, majority")
    for call in "abc":
        script.events.append(ev.CallStarted(0, call, "assistant", "think", (), False, 9))
    for call, text in (("b", "It is "), ("a", "Is it 9?"), ("b", "372."), ("c", "372")):
        script.events.append(delta(call, "think", text, agent="assistant"))
    view = view_of(script.events)
    assert lines(view) == [
        "sample 2 of 3: 2 tokens · …", "sample 1 of 3: 1 token · …", "sample 3 of 3: 1 token · …",
    ]  # fmt: skip
    script.answer = "It is 372."
    script.events.append(ev.AnswerChosen(1, "assistant", "b", "2 of 3 agree", 2, 3))
    view = view_of(script.end())
    assert lines(view) == [
        "sample 2 of 3: 2 tokens", "sample 1 of 3: 1 token", "sample 3 of 3: 1 token",
        "✓ chosen by vote: 2 of 3 agree", "It is 372.",
    ]  # fmt: skip


def test_the_thoughts_before_a_sample_are_no_sample() -> None:
    script = script_of("vote", samples="2, majority", think="on")
    asked, go_on = Message("user", "How much?", "user"), Message("user", "Now answer.", "system")
    for call, messages in (("a", (asked,)), ("b", (asked,)), ("c", (asked, go_on)), ("d", (asked, go_on))):
        script.events.append(ev.CallStarted(0, call, "assistant", "think", messages, False, 9))
        script.events.append(delta(call, "think", "Hm. ", agent="assistant"))
    assert lines(view_of(script.events)) == [
        *["assistant · thought 0 ms · 1 tok · …"] * 2,
        "sample 1 of 2: 1 token · …", "sample 2 of 2: 1 token · …",
    ]  # fmt: skip
    native = script_of("vote", samples="1, majority", think="on")
    native.events.append(ev.CallStarted(0, "a", "assistant", "answer", (asked,), False, 9))
    native.events += [delta("a", "think", "Hm. "), delta("a", "answer", "Two.")]
    assert lines(view_of(native.events)) == ["sample 1 of 1: 2 tokens · …"]


def test_a_report_that_needs_no_judge_is_the_answer_and_the_reason_is_told_once() -> None:
    reason = "the router was sure (0.97) and math succeeded"
    script = script_of("multi").call("math", [("think", "hm"), ("handoff", "The result is 372.")])
    call = script.events[-1]
    assert isinstance(call, ev.CallFinished)
    script.hand_off("math", "supervisor", "The result is 372.")
    script.add(ev.CallSkipped(0, "supervisor", "answer", reason, 1312, 40))
    script.add(ev.AnswerChosen(0, "math", call.call, reason))
    script.answer = "The result is 372."
    assert lines(view_of(script.end())) == [
        "math · thought 0 ms · 1 tok",
        "math → supervisor · The result is 372. · ok",
        f"» judge skipped: {reason}, ~1 312 prompt tokens saved, ~40 of them new",
        "The result is 372.",
    ]


def test_a_chosen_answer_that_stands_there_is_left_and_another_one_is_folded() -> None:
    script = script_of("cascade").call("assistant", [("answer", "It is 372.")])
    first = script.events[-1]
    assert isinstance(first, ev.CallFinished)
    sure = ev.AnswerChosen(0, "assistant", first.call, "the base model was sure")
    assert lines(view_of(script.add(sure).events)) == [
        "It is 372.", "✓ the answer is what assistant wrote: the base model was sure",
    ]  # fmt: skip
    other = script_of().call("agent", [("handoff", "A report.")])
    report = other.events[-1]
    assert isinstance(report, ev.CallFinished)
    other.call("agent", [("answer", "A draft.")]).add(replace(sure, call=report.call))
    view = view_of(other.events)
    assert [type(block) for block in view.blocks] == [Step, Step, Notice, Answer]
    assert view.answer == "A report."


@pytest.mark.parametrize("purpose", ["call", "repair"])
def test_a_call_is_shown_while_it_is_written_and_becomes_the_tool_s_line(purpose: Purpose) -> None:
    view = written(delta("c", purpose, '{"tool": "calc'))
    assert step_of(view).line == "calc…"
    view.apply(delta("c", purpose, 'ulator", "arguments": {"expression": "12 * (3'))
    assert step_of(view).line == "calculator(expression: 12 * (3…"
    view.apply(delta("c", purpose, '0 + 1)"}}'))
    view.apply(ev.ToolStarted(1, "x", "agent", "calculator", {"expression": "12 * (30 + 1)"}))
    assert [step_of(view).line, len(view.blocks)] == ["calculator · …", 1]


def test_the_marks_of_a_native_call_are_read_but_not_shown() -> None:
    marks = (ev.Mark(0, "[TOOL_CALLS]"),)
    view = written(
        delta("c", "call", "", marks=marks),
        delta("c", "call", "calculator", marks=(ev.Mark(10, "[ARGS]"),)),
        delta("c", "call", '{"expression": "3'),
    )
    assert step_of(view).line == "calculator(expression: 3…"
    assert dict(step_of(view).body)["written"] == 'calculator{"expression": "3'


def test_a_call_that_was_not_made_says_so() -> None:
    script = script_of().call("agent", [("call", '{"tool": "calculator", "arguments": {"expression": "1"}}')])
    script.add(ev.LimitReached(0, "agent", "tool_calls", "8 tool calls were made"))
    view = view_of(script.call("agent", [("answer", "One.")]).end())
    assert lines(view) == [
        "calculator(expression: 1) · not called",
        "■ agent stopped by its limit of tool calls · 8 tool calls were made",
        "One.",
    ]


def test_a_mended_call_and_one_that_was_asked_for_again() -> None:
    bad = '{"tool": "calculater", "arguments": {"expression": "1"}}'
    script = script_of().call("agent", [("call", bad)])
    script.add(ev.RungTaken(0, "agent", "c", "repair", "the name nearest to 'calculater' is calculator"))
    script.tool("agent", "calculator", {"expression": "1"}, "1").call("agent", [("call", '{"tool": "x"}')])
    script.add(ev.RungTaken(0, "agent", "c", "reask", "There is no tool of that name."))
    script.call("agent", [("repair", "{no")]).add(ev.RungTaken(0, "agent", "c", "no_tools", ""))
    view = view_of(script.call("agent", [("answer", "One.")]).end())
    assert lines(view) == [
        "calculator · 12 ms · ok",
        "↻ repaired: the name nearest to 'calculater' is calculator",
        "x() · invalid",
        "↻ asked again: There is no tool of that name.",
        "agent · repairing a call · 0 ms · 1 tok · invalid",
        "↻ answered without tools",
        "One.",
    ]


def test_a_call_that_was_written_as_an_answer_is_no_answer() -> None:
    script = script_of().call("agent", [("answer", "calculator of 3")])
    script.add(ev.RungTaken(0, "agent", "c", "reask", "It is not written in the form of a call."))
    view = view_of(script.events)
    assert lines(view) == ["agent answered · ok", "↻ asked again: It is not written in the form of a call."]


def test_falling_back_leaves_one_answer() -> None:
    script = script_of().call("agent", [("answer", "Hm")])
    script.add(ev.RungTaken(0, "agent", "c", "fallback", "the agent said nothing"))
    view = view_of(script.call("assistant", [("answer", "It is 372.")]).end())
    assert lines(view) == ["agent answered · ok", "↻ fell back to base: the agent said nothing", "It is 372."]


def test_asides_are_lines_of_their_own_with_a_word() -> None:
    script = script_of().add(ev.ContextTrimmed(0, "c", 0, 2310, 1980, 2048, "", cut_observations=2))
    asked = ev.ApprovalAsked(0, "x", "agent", "add_note", {})
    view = view_of(script.add(asked).events)
    assert view.phase == "waiting for your word on add_note"
    script.add(ev.ApprovalGiven(0, "x", "agent", "add_note", "session"))
    script.add(ev.ToolStarted(0, "x", "agent", "add_note", {}))
    script.add(ev.ToolFinished(0, "x", "agent", "add_note", "saved", "ok", 0.5, 1204))
    script.add(ev.ApprovalGiven(0, "y", "agent", "web.ask", "no"))
    script.add(ev.LimitReached(0, "agent", "text", ""))
    blocks = view_of(script.end()).blocks
    notices = [block for block in blocks if isinstance(block, Notice)]
    assert [notice.line for notice in notices] == [
        "✂ context full: 2 results shortened, 2 310 → 1 980 of 2 048 tokens",
        "? allowed for this session: add_note",
        "✂ result cut: 1 204 tokens left out",
        "? not allowed: web.ask",
        "■ agent stopped: it wrote the same again",
    ]
    assert [notice.is_aside for notice in notices] == [False, True, True, True, False]
