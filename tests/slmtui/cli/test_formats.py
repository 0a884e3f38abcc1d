import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from slmtui.cli import app
from slmtui.cli.formats import formats
from tests.agents.formats.samples import OWN
from tests.models import write_tiny
from tests.slmtui.cli.conftest import Ran, Slmtui

TOOL = {
    "type": "function",
    "function": {
        "name": "find",
        "parameters": {"type": "object", "properties": {"what": {"type": "string"}}},
    },
}
Read = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command under its name, whether or not the program has it."""
    from slmtui.cli import commands

    add = commands.add_commands

    def with_formats(program: typer.Typer) -> None:
        add(program)
        if all(group.name != "formats" for group in program.registered_groups):
            program.add_typer(formats, name="formats")

    monkeypatch.setattr(commands, "add_commands", with_formats)
    if app.registered_commands and all(group.name != "formats" for group in app.registered_groups):
        app.add_typer(formats, name="formats")


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    path = tmp_path / "tools.json"
    path.write_text(json.dumps([TOOL]), encoding="utf-8")
    return path


@pytest.fixture
def read(slmtui: Slmtui, tools: Path) -> Read:
    def run(name: str, output: str, *options: str) -> dict[str, Any]:
        ran = slmtui(
            *("formats", "parse", "--template", OWN / f"{name}.jinja", "--tools", tools, *options),
            stdin=output.encode(),
        )
        assert (ran.code, ran.err) == (0, "")
        found: dict[str, Any] = json.loads(ran.out)
        return found

    return run


def test_what_a_template_tells(slmtui: Slmtui) -> None:
    ran = slmtui("formats", "show", OWN / "identified.jinja")
    assert ran.code == 0
    for line in (
        "kind            marked",
        'begins with     "<|batch|>" "<|c:begin|>"',
        "results         role tool, with id",
        'thoughts        "<|muse|>" … "<|/muse|>"',
        "switch          allow_reasoning: True or False",
        "template wants  arguments as JSON text",
    ):
        assert line in ran.out
    assert "guessed" in slmtui("formats", "show", OWN / "told_only.jinja").out
    data = json.loads(slmtui("formats", "show", OWN / "tagged_types.jinja", "--json").out)
    assert (data["kind"], data["reasoning"]["assumed"]) == ("tagged", True)


def test_the_template_of_a_model(slmtui: Slmtui, tmp_path: Path) -> None:
    source = (OWN / "wrapped_json.jinja").read_text(encoding="utf-8")
    path = write_tiny(tmp_path / "m.gguf", template=source)
    assert slmtui("formats", "show", path).out == slmtui("formats", "show", OWN / "wrapped_json.jinja").out
    ran = slmtui("formats", "show", write_tiny(tmp_path / "none.gguf", template=None))
    assert (ran.code, "holds no chat template" in ran.err) == (2, True)


def test_an_output_taken_apart(read: Read) -> None:
    text = 'I look.\n<use>\n<<use>>{"args": {"what": "a"}, "fn": "find"}<</use>>'
    assert read("wrapped_json", text) == {
        "content": "I look.\n<use>",
        "reasoning": "",
        "tool_calls": [{"name": "find", "arguments": {"what": "a"}}],
    }
    text = '<|batch|><|c:begin|>x1<|c:name|>find<|c:args|>{"what": "a"}<|c:end|><|/batch|>'
    assert read("identified", text)["tool_calls"] == [
        {"name": "find", "arguments": {"what": "a"}, "id": "x1"}
    ]


def test_thoughts_that_the_prompt_opened(read: Read) -> None:
    text = "I muse<|/muse|>Done."
    for options in ((), ("--thinking",)):
        found = read("identified", text, *options)
        assert (found["reasoning"], found["content"]) == ("I muse", "Done.")
    found = read("identified", "Done.", "--no-thinking")
    assert (found["reasoning"], found["content"]) == ("", "Done.")
    assert read("identified", "I muse", "--thinking", "--partial")["reasoning"] == "I muse"


def test_an_output_that_goes_on(read: Read) -> None:
    text = '<<use>>{"args": {"wh'
    assert read("wrapped_json", text, "--partial") == {"content": "", "reasoning": "", "tool_calls": []}
    text = '<requests>{"name": "find", "arguments": {"wh'
    for options in ((), ("--partial",)):
        calls = read("arguments_as_text", text, *options)["tool_calls"]
        assert calls == [{"name": "find", "arguments": '{"wh'}]


def test_no_output_reaches_the_terminal_as_it_is(slmtui: Slmtui, tmp_path: Path) -> None:
    template = tmp_path / "t.jinja"
    source = (OWN / "wrapped_json.jinja").read_text(encoding="utf-8")
    template.write_text(source.replace("<<use>>", "<<u\x1b[31m>>"), encoding="utf-8")
    ran = slmtui("formats", "parse", "--template", template, stdin=b"\x1b]0;x\x07 \xff \xe2\x80\xae[red]")
    assert "\x1b" not in ran.out
    assert json.loads(ran.out)["content"] == "\x1b]0;x\x07 \ufffd \u202e[red]"
    shown = slmtui("formats", "show", template)
    assert "\x1b" not in shown.out
    assert "<<u\\u001b[31m>>" in shown.out


def _failed(ran: Ran, *words: str) -> None:
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("slmtui: ")
    assert len(ran.err.splitlines()) == 1
    for word in words:
        assert word in ran.err


def test_bad_input(slmtui: Slmtui, tmp_path: Path) -> None:
    good = OWN / "wrapped_json.jinja"
    bad = tmp_path / "bad"
    _failed(slmtui("formats", "show", tmp_path / "nowhere"), "nowhere")
    _failed(slmtui("formats", "show", tmp_path), str(tmp_path))
    bad.write_text("{% if", encoding="utf-8")
    _failed(slmtui("formats", "show", bad), "does not compile")
    bad.write_bytes(b"\xff\xfe")
    _failed(slmtui("formats", "show", bad), "neither a GGUF file nor text")
    bad.write_bytes(b"GGUF\x03")
    _failed(slmtui("formats", "show", bad), "bad")
    for text, words in (
        ("nope", "is no JSON"),
        ("[1]", "a tool needs a name"),
        ('[{"name": "x", "parameters": 3}]', "no JSON Schema"),
        ("[" * 9999, "is no JSON"),
    ):
        bad.write_text(text, encoding="utf-8")
        _failed(slmtui("formats", "parse", "--template", good, "--tools", bad), words)
    _failed(slmtui("formats", "parse", "--template", good, "--tools", tmp_path / "none.json"), "none.json")
    _failed(slmtui("formats", "parse"), "--template")


def test_one_bare_function(slmtui: Slmtui, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(
        '{"name": "find", "parameters": {"properties": {"n": {"type": "string"}}}}', encoding="utf-8"
    )
    text = "[[CALL find]]\n@n:\n12\n@end\n[[/CALL]]"
    ran = slmtui(
        "formats", "parse", "--template", OWN / "tagged_lines.jinja", "--tools", path, stdin=text.encode()
    )
    assert json.loads(ran.out)["tool_calls"] == [{"name": "find", "arguments": {"n": "12"}}]
    ran = slmtui("formats", "parse", "--template", OWN / "tagged_lines.jinja", stdin=text.encode())
    assert json.loads(ran.out)["tool_calls"] == [{"name": "find", "arguments": {"n": 12}}]
