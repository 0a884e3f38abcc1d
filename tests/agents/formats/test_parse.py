from typing import Any

import pytest

from agents.formats.calls import Call
from agents.formats.format import GENERIC
from agents.formats.json_spans import as_object, decoded, members, span_at
from agents.formats.loose import LooseReader, loose_value
from agents.formats.parse import opens_thinking, parse, unfenced
from agents.formats.patterns import MismatchError, UnfinishedError, match
from agents.formats.spec import ToolSpec, ToolSpecError, named
from agents.formats.stream import CallStream
from tests.agents.formats.samples import own


def tool(name: str, **properties: dict[str, Any]) -> ToolSpec:
    return ToolSpec(name, "", {"type": "object", "properties": properties})


FIND = tool("find", what={"type": "string"}, n={"type": "integer"})


@pytest.mark.parametrize(
    ("name", "text", "content", "calls"),
    [
        ("wrapped_json", "no call here", "no call here", []),
        ("wrapped_json", "<<use>> is how one calls", "<<use>> is how one calls", []),
        ("wrapped_json", "ends in <<use>>", "ends in <<use>>", []),
        ("wrapped_json", "ends in <<us", "ends in <<us", []),
        ("wrapped_json", '<<use>>{"x": 1}<</use>>', '<<use>>{"x": 1}<</use>>', []),
        ("wrapped_json", '<<use>> {"fn":"find","args":{}} <</use>> b', "b", [("find", {})]),
        ("wrapped_json", 'a<<use>>{"fn": "find"}<</use>>b', "ab", [("find", {})]),
        ("wrapped_json", '<<use>>{"fn": "find", "args": null}', "", [("find", {})]),
        ("wrapped_json", '<<use>>{"fn": "find", "args": "{\\"n\\": 1}"}', "", [("find", {"n": 1})]),
        ("wrapped_json", '<<use>>{"name": "find", "arguments": {"n": 1}}', "", [("find", {"n": 1})]),
        ("wrapped_json", '<<use>>[{"fn": "find", "args": {}}]<</use>>', "", [("find", {})]),
        ("wrapped_json", '<<use>>{"fn": "find", "args": {"what": "a\nb"}}', "", [("find", {"what": "a\nb"})]),
        ("wrapped_json", '<<use>>{"fn": "find", "args": {"n": 1]}<</use>>x', "x", [("find", None)]),
        ("wrapped_json", '<<use>>{"fn": "find", "args": {"n": ', "", [("find", None)]),
        ("wrapped_json", '<<use>>{"fn": "find", "args": {n: 1}}<</use>>', "", [("find", None)]),
        ("nested_fields", "<|ops|>[]<|/ops|>none", "none", []),
        (
            "nested_fields",
            '<|ops|>[{"op": {"title": "find", "inputs": {"n": 2}}, "ref": "r"}, {"op": {"title": "b"}}]',
            "",
            [("find", {"n": 2}), ("b", {})],
        ),
        ("name_as_key", '<|do|>[{"find": {"n": 1}}, {"b": {}}]<|done|>', "", [("find", {"n": 1}), ("b", {})]),
        (
            "identified",
            "<|batch|><|c:begin|>1<|c:name|>find<|c:args|>",
            "<|batch|><|c:begin|>1<|c:name|>find<|c:args|>",
            [],
        ),
        ("identified", "<|c:begin|>1<|c:name|>find<|c:args|>{}", "", [("find", {})]),
        ("identified", "<|c:name|>find<|c:args|>{}", "<|c:name|>find<|c:args|>{}", []),
        ("identified", "<|c:begin|>1<|c:name|>find<|c:end|>", "<|c:begin|>1<|c:name|>find<|c:end|>", []),
        (
            "identified",
            '<|batch|><|c:begin|>1<|c:name|>find<|c:args|>{"n": 1}<|c:begin|>2<|c:name|>b<|c:args|>{}',
            "",
            [("find", {"n": 1}), ("b", {})],
        ),
        (
            "tagged_types",
            '<actions><use tool="find" no="1"><given key="what" kind="text">12</given>'
            '<given key="n" kind="data">12</given></use></actions>',
            "",
            [("find", {"what": "12", "n": 12})],
        ),
        ("tagged_lines", "[[CALL find]]\n@n:\n12\n@end\n[[/CALL]] ok", "ok", [("find", {"n": 12})]),
        ("tagged_lines", "[[CALL find]]@what: 12 @end[[/CALL]]", "", [("find", {"what": " 12 "})]),
        ("tagged_lines", "[[CALL find]]\n@n:\n12\n@end", "", [("find", {"n": 12})]),
        ("tagged_lines", "[[CALL find]]\n@n:\n12", "", [("find", None)]),
        ("tagged_lines", "[[CALL find]]\n@other:\n[1, true]\n@end", "", [("find", {"other": [1, True]})]),
        ("tagged_lines", '[[CALL find]]{"n": 3}[[/CALL]]', "", [("find", {"n": 3})]),
        (
            "python_calls",
            "<|py|>find(what='a', n=-1.5, ok=True); b()<|/py|>",
            "",
            [("find", {"what": "a", "n": -1.5, "ok": True}), ("b", {})],
        ),
        (
            "python_calls",
            "<|py|>find(what=\"a\\n'\", l=[1, {\"k\": None}])",
            "",
            [('find', {'what': "a\n'", 'l': [1, {'k': None}]})],
        ),
        ("python_calls", '<|py|>{"name": "find", "arguments": {"n": 1}}<|/py|>', "", [("find", {"n": 1})]),
        ("python_calls", "<|py|>find(1 + 2)<|/py|>x", "x", [("find", None)]),
        (
            "quoted_braces",
            '<go>do find{what:<|q|>a "b" {<|q|>,l:[<|q|>c<|q|>,1]}<og>',
            "",
            [('find', {'what': 'a "b" {', 'l': ['c', 1]})],
        ),
        ("prompted", "everyone\nhello <|to|> all", "hello <|to|> all", []),
        ("prompted", 'find\n{"n": 1}', "", [("find", {"n": 1})]),
        ("prompted", 'everyone\nhello<|to|>find\n{"n": 1}', "hello", [("find", {"n": 1})]),
        ("bare_json", '{"tool_name": "find", "parameters": {"n": 1}}', "", [("find", {"n": 1})]),
        (
            "bare_json",
            '```json\n{"tool_name": "find", "parameters": {"n": 1}}\n```',
            "",
            [("find", {"n": 1})],
        ),
        (
            "bare_json",
            'As {"a": {"tool_name": 1}} and {"tool_name": "x"} {',
            'As {"a": {"tool_name": 1}} and {"tool_name": "x"} {',
            [],
        ),
        ("framed_answers", "<|START_SPEECH|>hi<|END_SPEECH|>", "hi", []),
        (
            "framed_answers",
            '<|START_JOBS|>[{"job_id": "0", "job": "find", "with": {}}]<|END_JOBS|>',
            "",
            [("find", {})],
        ),
        ("bare_python", "See [a](b), [f(x)] and [1].", "See [a](b), [f(x)] and [1].", []),
        ("bare_python", "[find(n=1), b()]", "", [("find", {"n": 1}), ("b", {})]),
        (
            "bare_array",
            '[{"name": "find", "arguments": {}}, {"name": "b", "arguments": {}}]',
            "",
            [("find", {}), ("b", {})],
        ),
        ("bare_array", '[1, 2] [{"name": "find"}]', '[1, 2] [{"name": "find"}]', []),
        (
            "python_lines",
            "hi<invocations>\nfind(n=1)\nb()\n</invocations>",
            "hi",
            [("find", {"n": 1}), ("b", {})],
        ),
        ("untold", '{"tool": "find", "arguments": {"n": 1}}', "", [("find", {"n": 1})]),
    ],
)  # fmt: skip
def test_outputs(name: str, text: str, content: str, calls: list[tuple[str, Any]]) -> None:
    fmt = own(name)
    parsed = parse(fmt, text, [FIND], thinking=False)
    assert parsed.content == content
    assert [(call.name, call.arguments) for call in parsed.calls] == calls
    stream = CallStream(fmt, [FIND], thinking=False)
    for sign in text:
        stream.push(sign)
    assert stream.finish() == parsed


def test_identifiers() -> None:
    text = "<|batch|><|c:begin|>x7<|c:name|>find<|c:args|>{}<|c:end|><|/batch|>"
    assert parse(own("identified"), text).calls == (Call("find", {}, "{}", "x7"),)
    text = '<|START_JOBS|>[{"job_id": "3", "job": "find", "with": {}}]'
    assert parse(own("framed_answers"), text).calls[0].id == "3"


def test_types_of_values_between_tags() -> None:
    tools = [
        tool(
            "find",
            a={"anyOf": [{"type": "string"}, {"type": "integer"}]},
            b={"type": ["string", "null"]},
            c={"enum": [1, 2]},
            d={"enum": ["1", "2"]},
            e={"type": "boolean"},
            f={"type": "integer"},
        )
    ]
    pairs = {"a": "1", "b": "null", "c": "1", "d": "1", "e": "True", "f": "many", "g": "1", "h": "true x"}
    text = "".join(f"@{key}:\n{value}\n@end\n" for key, value in pairs.items())
    [call] = parse(own("tagged_lines"), f"[[CALL find]]\n{text}[[/CALL]]", tools).calls
    assert call.arguments == {
        "a": "1", "b": None, "c": 1, "d": "1", "e": True, "f": "many", "g": 1, "h": "true x"
    }  # fmt: skip


def test_nested_values() -> None:
    tools = [
        tool(
            "find",
            place={"type": "object", "properties": {"x": {"type": "string"}, "in": {"type": "object"}}},
            names={"type": "array", "items": {"type": "string"}},
            free={},
        )
    ]
    text = (
        "<|run|>find<|with|><~place~><~x~>1</~x~><~in~><~x~>2</~x~></~in~></~place~>"
        "<~names~><~each~>7</~each~><~each~>b</~each~></~names~><~free~><~each~>7</~each~></~free~><|ran|>"
    )
    [call] = parse(own("tagged_nested"), text, tools).calls
    assert call.arguments == {"place": {"x": "1", "in": {"x": 2}}, "names": ["7", "b"], "free": [7]}


@pytest.mark.parametrize(
    ("text", "thinking", "reasoning", "content", "calls"),
    [
        ("<|muse|>a<|/muse|>b", False, "a", "b", 0),
        ("a<|/muse|>b", True, "a", "b", 0),
        ("<|muse|>a<|/muse|>b", True, "a", "b", 0),
        ("a<|/muse|>b", None, "a", "b", 0),
        ("<|/muse|>b", False, "", "b", 0),
        ("b <|/muse|>", False, "", "b <|/muse|>", 0),
        ("x<|muse|>a<|/muse|>b<|muse|>c<|/muse|>d", False, "ac", "xbd", 0),
        ("a", True, "a", "", 0),
        ("<|muse|>a", False, "a", "", 0),
        ("a<|c:begin|>1<|c:name|>f<|c:args|>{}<|c:end|>", True, "a", "", 1),
        ("a <|c:begin|> b", True, "a <|c:begin|> b", "", 0),
        (
            "a<|c:begin|>1<|c:name|>f<|c:args|>{}<|c:end|>b<|/muse|>c",
            True,
            "a<|c:begin|>1<|c:name|>f<|c:args|>{}<|c:end|>b",
            "c",
            0,
        ),
    ],
)  # fmt: skip
def test_thoughts(text: str, thinking: bool | None, reasoning: str, content: str, calls: int) -> None:
    parsed = parse(own("identified"), text, thinking=thinking)
    assert (parsed.reasoning, parsed.content, len(parsed.calls)) == (reasoning, content, calls)


def test_half_a_mark_is_never_shown() -> None:
    stream = CallStream(own("identified"), [FIND])
    assert stream.push("Hello <|ba").content == "Hello"
    assert stream.push("d").content == "Hello <|bad"
    assert stream.push(" <|batch|>").content == "Hello <|bad"
    assert stream.push("<|c:begin|>1<|c:name|>fi").calls == ()
    assert stream.push('nd<|c:args|>{"n": 1').calls == (Call("find", None, '{"n": 1', "1"),)
    assert stream.push("2").calls == (Call("find", None, '{"n": 12', "1"),)
    assert stream.push("}").calls == (Call("find", {"n": 12}, '{"n": 12}', "1"),)
    assert stream.push("<|c:end|><|/batch|>").content == "Hello <|bad"
    assert stream.finish().calls == (Call("find", {"n": 12}, '{"n": 12}', "1"),)


def test_thoughts_are_shown_up_to_what_may_be_a_call() -> None:
    stream = CallStream(own("identified"), [FIND], thinking=True)
    assert stream.push("Hm <|c:begin|> or <|").reasoning == "Hm"
    assert stream.push("/muse|>So").reasoning == "Hm <|c:begin|> or"
    assert stream.finish().content == "So"


def test_partial_holds_back_what_may_change() -> None:
    assert parse(own("wrapped_json"), "so <<us", partial=True).content == "so"
    assert parse(own("wrapped_json"), "so <<us").content == "so <<us"
    assert parse(GENERIC, '{"tool": "x", "arg', partial=True).content == ""


def test_whether_a_prompt_opens_thoughts() -> None:
    fmt = own("identified")
    assert opens_thinking(fmt, "x<|model|><|muse|>\n")
    assert not opens_thinking(fmt, "x<|model|><|muse|><|/muse|>")
    assert not opens_thinking(fmt, "x")


def test_a_fenced_answer() -> None:
    assert unfenced('```json\n"42"\n```\n') == '"42"'
    assert unfenced('"42"') == '"42"'


def test_patterns() -> None:
    found = match("<a  x: y7 >b", 0, "<a x:{name}>{{b".replace("{{", ""))
    assert (found.values["name"], found.end) == ("y7", 12)
    for text in ("<a x", "<a x: ", "<a x: y"):
        with pytest.raises(UnfinishedError):
            match(text, 0, "<a x:{name}>")
    for text in ("<b", "<a x: {>", "<a x: a\nb>", "<a x: >", "<a x:" + "y" * 300):
        with pytest.raises(MismatchError):
            match(text, 0, "<a x:{name}>")


def test_places_of_json() -> None:
    text = '{"a": [1, "]"], "b": {"c": "\\""}, "d": tru'
    found = {key: span.text(text) for key, span in members(text, 0)}
    assert found == {"a": '[1, "]"]', "b": '{"c": "\\""}', "d": "tru"}
    assert span_at(text, 0).end is None
    for text, at in (("", 0), ("a", 1)):
        with pytest.raises(UnfinishedError):
            span_at(text, at)
    for text in (":", "[}", "[" * 200):
        with pytest.raises(MismatchError):
            span_at(text, 0)
    assert (decoded("NaN"), decoded("9" * 9999), as_object("[1]"), as_object('"{}"')) == (
        None,
        None,
        None,
        {},
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'a\\'b'", "a'b"),
        ('"a\\nb"', "a\nb"),
        ("'''a'b'''", "a'b"),
        ("[1, 'a', True, None, {'k': false}]", [1, "a", True, None, {"k": False}]),
        ("{a: 1, 'b': [2,]}", {"a": 1, "b": [2]}),
        ("bare", "bare"),
        ("-1.5e3", -1500.0),
        ("'\\x'", "\\x"),
    ],
)
def test_loose_values(text: str, value: Any) -> None:
    assert loose_value(text) == value


@pytest.mark.parametrize("text", ["", "[", "'a", "{a", "{1 2}", "[1 2]", "a b", "[" * 99, "(1)"])
def test_what_is_no_loose_value(text: str) -> None:
    with pytest.raises(MismatchError):
        loose_value(text)


def test_loose_values_with_a_token_for_quotes() -> None:
    reader = LooseReader("{a:~~x, '}~~,b:[~~y~~]} ", "~~")
    assert reader.value(0)[0] == {"a": "x, '}", "b": ["y"]}
    with pytest.raises(UnfinishedError):
        LooseReader("{a:~", "~~").value(0)


def test_tools() -> None:
    spec = ToolSpec.from_json({"type": "function", "function": {"name": "f", "parameters": None}})
    assert spec == ToolSpec("f", "", {})
    assert ToolSpec.from_json(FIND.as_openai()) == FIND
    assert named([FIND], "find") is FIND
    assert named([FIND], "other").schema("x") == {}
    for bad in (1, {}, {"name": ""}, {"name": "x", "parameters": []}):
        with pytest.raises(ToolSpecError):
            ToolSpec.from_json(bad)
