from hypothesis import given
from hypothesis import strategies as st

from agents import events as ev
from agents.message import Sampling
from slmtui.backend import TurnRequest
from slmtui.tui.state.blocks import Answer, Notice, Step
from slmtui.tui.state.turn_view import TurnView
from tests.slmtui.tui.scripted import Script, turn_events
from tests.strategies import HOSTILE_TEXTS, turns

REQUEST = TurnRequest("s", "single", "What is 347 * 29?", (), Sampling())


def view_of(events: list[ev.Event]) -> TurnView:
    view = TurnView()
    for event in events:
        view.apply(event)
    return view


def view_under(paradigm: str) -> TurnView:
    return view_of(turn_events(TurnRequest("s", paradigm, "What is 347 * 29?", (), Sampling()), "t"))


def lines(view: TurnView) -> list[str]:
    return [block.text if isinstance(block, Answer) else block.line for block in view.blocks]


def test_base_is_the_answer_alone() -> None:
    view = view_under("base")
    assert [type(block) for block in view.blocks] == [Answer]
    assert view.answer.startswith("A **small** model")
    assert (view.status, view.prompt) == ("ok", "What is 347 * 29?")


def test_a_tool_call_takes_the_place_of_the_text_that_asked_for_it() -> None:
    view = view_under("single")
    assert lines(view) == ["calculator · 12 ms · ok", "347 × 29 is **10063**."]
    step = view.blocks[0]
    assert isinstance(step, Step)
    assert dict(step.body) == {"arguments": '{\n  "expression": "347 * 29"\n}', "result": "10063"}


def test_hand_offs_are_one_line_each_and_what_a_specialist_wrote_is_inside() -> None:
    assert lines(view_under("multi")) == [
        "supervisor → math · Work out 347 * 29 · ok",
        "calculator · 12 ms · ok",
        "math → supervisor · The result is 10063. · ok",
        "It is **10063**.",
    ]


def test_a_failed_tool_is_marked_by_glyph_and_word() -> None:
    script = Script(REQUEST, "t").call("agent", [("call", "{…}")])
    script.tool("agent", "units", {"to": "parsecs"}, "I know no such unit.", status="error")
    view = view_of(script.call("agent", [("answer", "Sorry.")]).end())
    assert lines(view)[0] == "✗ units · 12 ms · error"
    assert view.blocks[0].body[-1] == ("error", "I know no such unit.")  # type: ignore[union-attr]


def test_a_choice_of_no_tool_stays_as_a_step_of_its_own() -> None:
    script = Script(REQUEST, "t").call("agent", [("call", '{"tool": "none"}')])
    view = view_of(script.call("agent", [("answer", "Hello!")]).end())
    assert lines(view) == ["agent · chose no tool", "Hello!"]


def test_a_thought_is_folded_with_its_seconds_and_tokens_and_left_alone_by_the_call_after_it() -> None:
    script = Script(REQUEST, "t").call("agent", [("think", "Let me see ."), ("call", "{…}")])
    view = view_of(script.tool("agent", "calculator", {}, "1").end())
    assert lines(view) == ["agent · thought 90 ms · 4 tok", "calculator · 12 ms · ok"]


def test_only_the_last_answer_is_drawn_as_one() -> None:
    script = Script(REQUEST, "t").call("agent", [("answer", "A draft.")])
    view = view_of(script.call("agent", [("answer", "The answer.")]).end())
    assert lines(view) == ["agent answered · ok", "The answer."]


def test_dropped_turns_are_told_with_the_rule() -> None:
    trimmed = ev.ContextTrimmed(0, "c", 4, 2310, 1980, 2048, "the oldest turns first")
    view = view_of(Script(REQUEST, "t").add(trimmed).end())
    text = "context full: 4 messages left out, 2 310 → 1 980 of 2 048 tokens · rule: the oldest turns first"
    assert lines(view) == [f"✂ {text}"]


def test_a_limit_says_who_and_why() -> None:
    limit = ev.LimitReached(0, "agent", "steps", "5 tool calls were made")
    repeat = ev.LimitReached(0, "agent", "repeat", "the same call again")
    assert lines(view_of(Script(REQUEST, "t").add(limit).add(repeat).end())) == [
        "■ agent stopped by its limit of steps · 5 tool calls were made",
        "■ agent stopped: it repeated itself · the same call again",
    ]


def test_a_cancelled_turn_keeps_what_was_written_and_says_so() -> None:
    script = Script(REQUEST, "t").call("base", [("answer", "Half an")], finish="cancelled")
    view = view_of(script.end("cancelled", "stopped by the user"))
    assert lines(view) == ["Half an", "■ cancelled · stopped by the user"]
    assert isinstance(view.blocks[-1], Notice)


def test_what_never_ended_is_marked_when_the_turn_fails() -> None:
    script = Script(REQUEST, "t").add(ev.ToolStarted(0, "x", "agent", "notes", {}))
    view = view_of(script.end("failed", "the engine died"))
    assert lines(view) == ["✗ notes · did not finish · error", "✗ failed · the engine died"]


def test_the_answer_that_the_turn_ended_with_is_the_one_shown() -> None:
    script = Script(REQUEST, "t").call("base", [("answer", "Streamed one way")])
    script.answer = "Ended another way"
    assert view_of(script.end()).answer == "Ended another way"


def test_a_step_that_was_under_way_is_marked_stopped_when_the_user_stops() -> None:
    script = Script(REQUEST, "t").call("agent", [("call", '{"tool":')], finish="cancelled")
    view = view_of(script.end("cancelled", "stopped by the user"))
    assert lines(view)[0] == "agent · choosing a tool · 0 ms · 1 tok · stopped"


def test_an_answer_with_a_thought_in_it_is_drawn_once() -> None:
    script = Script(REQUEST, "t").call("agent", [("answer", "It is "), ("think", "hm"), ("answer", "ten.")])
    script.answer = "It is ten."
    assert lines(view_of(script.end()))[::2] == ["It is ", "ten."]
    script.answer = "It is 10."
    assert lines(view_of(script.end()))[1:] == ["It is 10."]


@given(turns(texts=HOSTILE_TEXTS) | turns(texts=HOSTILE_TEXTS, finished=False), st.randoms())
def test_any_events_in_any_order_are_drawn_without_control_characters(events: list[ev.Event], random) -> None:
    for order in (events, random.sample(events, len(events))):
        view = view_of(order)
        text = "".join(lines(view)) + view.prompt + view.phase
        text += "".join(body for b in view.blocks if isinstance(b, Step) for _, body in b.body)
        assert not any(c in text for c in "\x00\x1b\x07\x9b\r\u202e\u2066")


@given(turns())
def test_every_output_token_is_counted(events: list[ev.Event]) -> None:
    told = sum(len(event.times) for event in events if isinstance(event, ev.TextDelta))
    assert view_of(events).output_tokens == told


@given(turns())
def test_a_finished_turn_has_nothing_running_in_it(events: list[ev.Event]) -> None:
    view = view_of(events)
    assert view.status is not None
    assert all(block.state != "running" for block in view.blocks if isinstance(block, Step))
    assert all(view.blocks.count(block) == 1 for block in view.blocks)
