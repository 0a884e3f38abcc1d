import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slmtui.tui.state.call_text import WIDTH, called_name, written_call
from tests.strategies import HOSTILE_TEXTS, JSON_VALUES

ARGUMENTS = st.dictionaries(st.text("abcxyz", min_size=1, max_size=8), JSON_VALUES, max_size=3)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"to', ""),
        ('{"tool": "calcu', "calcu…"),
        ('{"tool": "calculator", "arguments": {"expression": "12 * (3', "calculator(expression: 12 * (3…"),
        ('{"tool": "calculator", "arguments": {"expression": "12 * 3"}}', "calculator(expression: 12 * 3)"),
        ('{"tool": "none"}', "none()"),
        ('\n{"name": "f", "arguments": {"x": [1, {"y": 2}]}}\n</tool_call>', 'f(x: [1, {"y": 2}])'),
        ('{"name": "f", "parameters": {"x": 1', "f(x: 1…"),
        ('{"type": "function", "function": {"name": "f", "arguments": {"x": 1}}}', "f(x: 1)"),
        ('[{"name": "f", "arguments": {"x": 1}}, {"name": "g", "arguments": {"y": "Pa', "g(y: Pa…"),
        ('[TOOL_CALLS]calculator[ARGS]{"expression": "3', "calculator(expression: 3…"),
        ('>>>f\n{"a": 1}', "f(a: 1)"),
        ("<function=calc", "calc…"),
        ("<function=f>\n<parameter=e>\n3*4\n</parameter>\n<parameter=g>\nx", "f(e: 3*4, g: x…"),
        ("<function=f>\n<parameter=e>\n3\n</parameter>\n</function>", "f(e: 3)"),
        ('<function=f>{"a": "b', "f(a: b…"),
        ("<tool_call>f\n<arg_key>k</arg_key>\n<arg_value>v", "f(k: v…"),
        ("call:f{expression:<escape>3*4<escape>}", "f(expression:3*4)"),
        ('call:f{expression:<|"|>3*', "f(expression: 3*…"),
        ('commentary to=functions.f <|constrain|>json<|message|>{"a": "b', "f(a: b…"),
        ('<|tool_call_start|>[f(a="x", b=2', 'f(a="x", b=2…'),
        ("[f()]", "f()"),
        ("hello there", ""),
        ("[red]x[/red]", ""),
    ],
)
def test_a_call_is_read_in_every_shape_as_far_as_it_goes(text: str, shown: str) -> None:
    assert written_call(text).replace(": ", ":") == shown.replace(": ", ":")


@given(st.sampled_from(["calculator", "convert_units", "no.such-tool"]), ARGUMENTS, st.data())
def test_every_beginning_of_a_call_shows_a_beginning_of_its_name(
    name: str, arguments: dict[str, object], data: st.DataObject
) -> None:
    whole = json.dumps({"tool": name, "arguments": arguments})
    shown = written_call(whole[: data.draw(st.integers(0, len(whole)))])
    assert name.startswith(called_name(shown))
    assert called_name(written_call(whole)) == name


@given(
    HOSTILE_TEXTS
    | st.lists(
        st.sampled_from(
            ["<function=", "{", '"', "name", ":", "<arg_key>", "f(", "[", "}", "\x1b[31m", " ", "\\u"]
        )
    ).map("".join)
)
def test_anything_may_be_written_and_is_one_clean_short_line(text: str) -> None:
    shown = written_call(text)
    assert len(shown) <= WIDTH
    assert not any(character in shown for character in "\n\r\x00\x1b\x9b\u202e\ud800")


@pytest.mark.parametrize("piece", ["{", " ", "a", "<parameter=", '{"a":', "<arg_key>a"])
def test_what_a_model_goes_on_writing_for_ever_is_read_no_further_than_it_is_shown(piece: str) -> None:
    text = piece * 50_000
    assert len(written_call(text)) <= WIDTH
    assert written_call("<function=f>" + text).startswith("f")
