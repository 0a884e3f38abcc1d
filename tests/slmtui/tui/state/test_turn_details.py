from hypothesis import given
from hypothesis import strategies as st

from agents import events as ev
from agents.message import Message, ToolCall
from slmtui.tui.plain import plain
from slmtui.tui.state.call_lines import with_marks
from slmtui.tui.state.detail_lines import Line, hidden_characters
from slmtui.tui.state.entry_lines import entry_lines, entry_rows
from slmtui.tui.state.prompt_lines import prompt_text
from slmtui.tui.state.turn_details import CallDetails, TurnDetails, details_of, entry_kind
from tests.slmtui.tui.detail_turns import HOSTILE, call, message, renamed, started, team_turn
from tests.strategies import HOSTILE_TEXTS, turns

TURN = "T"


def lines_of(events: list[ev.Event], entry: int) -> list[Line]:
    details = details_of(events)
    return entry_lines(details.entries[entry], details)


def text_of(events: list[ev.Event], entry: int) -> str:
    return "\n".join(f"{line.gutter}{line.text}" for line in lines_of(events, entry))


def one_call(**how: object) -> list[ev.Event]:
    return [started("S", TURN, "base"), *call(0.0, "c", "agent", "Yes it is", **how)]  # type: ignore[arg-type]


def test_the_parts_stand_in_the_order_in_which_they_began() -> None:
    details = details_of(team_turn("S", TURN))
    kinds = [entry_kind(entry) for entry in details.entries]
    assert kinds == ["turn", "call", "hand-off", "call", "tool", "call", "tool", "call", "hand-off", "call"]
    rows = entry_rows(details)
    assert rows[1].startswith(" 1 supervisor · route")
    assert rows[4].endswith("0.20 s · error")
    assert "→ math" in rows[2]


def test_a_call_shows_its_prompt_by_origin_and_what_was_reused() -> None:
    text = text_of(team_turn("S", TURN), 1)
    assert "░SYS│You are a careful assistant." in text
    assert "✂HIS│An old question" in text
    assert "✂ context full: 2 messages left out, 120 → 90 of 96 tokens" in text
    before, _, after = text.partition("── reused up to here: 59 tokens ──")
    assert "EXA│" in before
    assert "USR│" not in before
    assert "█USR│Work out 347 * 29" in after


def test_a_call_tells_its_figures_and_they_sum_to_the_prompt() -> None:
    text = text_of(team_turn("S", TURN), 1)
    facts = {tuple(line.split()[:6]) for line in text.splitlines()}
    assert ("USR", "user", "0", "17", "5", "22") in facts
    assert ("total", "59", "26", "5", "90") in {each[:5] for each in facts}
    assert "math     93.0%" in text
    assert "grammar      held the output" in text
    assert "seed 7" in text
    assert "⟦<|im_end|>⟧" in text


def test_a_message_that_was_reused_in_part_is_cut_at_about_its_line() -> None:
    seen = (message("user", "first line\nsecond line\nthird line"),)
    text = text_of(one_call(messages=seen, origins=(ev.OriginTokens("user", 4, 6),)), 1)
    expected = "░USR│second line\n── ~ reused up to about here: 4 tokens ──\n█USR│third line"
    assert expected in text


def test_a_call_that_runs_tells_what_is_known() -> None:
    text = text_of(one_call(messages=(message("user", "Is it?"),))[:3], 1)
    assert "not yet" in text
    assert " USR│Is it?" in text
    assert "They are told when the call ends." in text


def test_calls_and_results_of_the_template_are_spelled_out() -> None:
    called = ToolCall("units", {"to": "km"})
    seen = (
        Message("assistant", "", "history", calls=(called,)),
        Message("tool", "3 km", "tool_result", call=called),
    )
    events = one_call(messages=seen, tools=("units",))
    text = text_of(events, 1)
    assert '⚙ calls units({"to": "km"})' in text
    assert "what units came back with" in text
    assert "tools too (TLS): units" in text
    details = details_of(events)
    assert isinstance(details.parts[0], CallDetails)
    assert prompt_text(details.parts[0]).startswith('[assistant]\n{"name": "units"')


def test_what_is_copied_is_what_was_kept_of_the_prompt() -> None:
    (first, *_) = (part for part in details_of(team_turn("S", TURN)).parts if isinstance(part, CallDetails))
    copied = prompt_text(first)
    assert copied.startswith("[system]\nYou are a careful assistant.\n\n[user]\nWhat is 2 + 2?")
    assert "An old question" not in copied


def test_a_tool_and_a_hand_off_open_to_their_texts() -> None:
    tool, hand_off = text_of(team_turn("S", TURN), 4), text_of(team_turn("S", TURN), 2)
    assert "status  error · 0.20 s" in tool
    assert '"expression": "347 * 29"' in tool
    assert "there is no such tool" in tool
    assert "supervisor hands over to math" in hand_off
    assert "say it in words" in hand_off


def test_the_turn_tells_its_conditions_and_switches() -> None:
    text = text_of(team_turn("S", TURN), 0)
    for fact in ("Q4_1", "2 048 tokens", "2 to decode, 2 to prefill", "warm", "examples   2", "0.3.36"):
        assert fact in text


def test_marks_are_spelled_out_wherever_they_are() -> None:
    marks = (ev.Mark(9, "<b>"), ev.Mark(1, "<a>"), ev.Mark(1, "<c>"))
    delta = ev.TextDelta(0.0, "c", "a", "answer", "xy", (0.0,), marks)
    assert with_marks(delta) == "x⟦<a>⟧⟦<c>⟧y⟦<b>⟧"


def test_characters_that_cannot_be_shown_are_counted() -> None:
    assert hidden_characters("a\u200b\u200bb\x1b\r\n\t") == 3
    text = text_of(one_call(messages=(message("user", "a\u200bb"),)), 1)
    assert "USR│ab" in text
    assert "(1 character that cannot be shown left out)" in text


@given(st.booleans().flatmap(lambda finished: turns(finished=finished, busy=True, texts=HOSTILE_TEXTS)))
def test_whatever_happened_every_line_is_plain(events: list[ev.Event]) -> None:
    details: TurnDetails = details_of(renamed(events, "assistant", HOSTILE))
    assert len(entry_rows(details)) == len(details.entries)
    lines = [line for entry in details.entries for line in entry_lines(entry, details)]
    shown = [*entry_rows(details), *(line.text for line in lines)]
    assert all(plain(text) == text and "\n" not in text for text in shown)
