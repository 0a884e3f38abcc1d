from hypothesis import given
from markdown_it import MarkdownIt

from agents.message import Sampling
from slmtui.backend import TurnRequest
from slmtui.tui.state.blocks import Step
from slmtui.tui.state.live_turn import LiveTurn, finished_turn
from slmtui.tui.state.turn_markdown import (
    CodeBlock,
    _listed,
    answer_source,
    code_blocks,
    prompt_source,
    turn_markdown,
)
from tests.slmtui.tui.scripted import Script, turn_events
from tests.strategies import HOSTILE_TEXTS

REQUEST = TurnRequest("s", "single", "What is\n347 * 29?", (), Sampling())


def test_a_turn_is_quoted_listed_answered_and_priced() -> None:
    turn = finished_turn(turn_events(REQUEST, "t"))
    assert turn.foot(0.0).startswith("agent · 2 calls · 1 tool · ")
    assert turn_markdown(turn) == (
        "> What is\n> 347 * 29?\n\n"
        "- calculator · 12 ms · ok\n\n"
        '  arguments:\n\n  ```\n  {\n    "expression": "347 * 29"\n  }\n  ```\n\n'
        "  result:\n\n  ```\n  10063\n  ```\n\n"
        "347 × 29 is **10063**.\n\n"
        f"*{turn.foot(0.0)}*\n"
    )


def test_what_is_copied_is_what_was_written_not_what_is_drawn() -> None:
    script = Script(TurnRequest("s", "base", "a\tb", (), Sampling()), "t").call("base", [("answer", "x\ty")])
    turn = finished_turn(script.end())
    assert (prompt_source(turn), answer_source(turn)) == ("a\tb", "x\ty")
    assert turn.view.answer == "x    y"


def test_a_running_turn_has_what_is_written_so_far() -> None:
    turn = LiveTurn()
    for event in Script(REQUEST, "t").call("agent", [("answer", "So far")]).events:
        turn.add(event)
    assert answer_source(turn) == "So far"


def test_code_blocks_are_found_whatever_their_fence() -> None:
    text = "a\n\n~~~py x\none\n~~~\n\n    indented\n\n- b\n\n  ````\n  ```\n  ````\n\n```\nnever closed"
    assert code_blocks(text) == (
        CodeBlock("py", "one\n"),
        CodeBlock("", "indented\n"),
        CodeBlock("", "```\n"),
        CodeBlock("", "never closed"),
    )
    assert code_blocks("no `code` here") == ()


@given(HOSTILE_TEXTS)
def test_nothing_in_a_step_gets_out_of_its_fence(text: str) -> None:
    from slmtui.tui.plain import plain

    step = Step("b", "tool", state="ok", body=(("result", plain(text)),))
    tokens = MarkdownIt().parse(_listed(step))
    outside = [token.type for token in tokens if token.level == 0]
    assert outside == ["bullet_list_open", "bullet_list_close"]
