from pathlib import Path
from typing import Any

import msgspec
import pytest

from agents.formats.calls import Call
from agents.formats.detect import detect
from agents.formats.format import CallFormat, Reasoning, Results, Tools
from agents.formats.probe import tool_variables
from agents.formats.spec import ToolSpec
from agents.formats.template import TemplateRefusedError
from agents.formats.write import identifier, written
from tests.agents.formats.samples import OWN, format_at, own, own_names, real_paths, template_at
from tests.shared_data import shared

TOOLS = [
    ToolSpec(
        name,
        "does it",
        {
            "type": "object",
            "properties": {key: {"type": "string", "description": key} for key in ("what", "n", "deep")},
        },
    )
    for name in ("look_up", "put_down")
]
KINDS = {
    "arguments_as_text": "json",
    "bare_array": "json",
    "bare_json": "json",
    "bare_python": "python",
    "blocks_of_thought": "marked",
    "fenced_text": "marked",
    "framed_answers": "json",
    "functions_as_text": "json",
    "identified": "marked",
    "name_as_key": "json",
    "nested_fields": "json",
    "prompted": "marked",
    "python_calls": "python",
    "python_lines": "python",
    "quoted_braces": "python",
    "tagged_lines": "tagged",
    "tagged_nested": "tagged",
    "tagged_types": "tagged",
    "told_only": "json",
    "untold": "generic",
    "wrapped_json": "json",
}


def test_kinds_of_our_own_templates() -> None:
    assert {name: own(name).kind for name in own_names()} == KINDS
    assert [name for name in KINDS if own(name).guessed] == ["told_only"]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_format_is_plain_data_that_can_be_kept(name: str) -> None:
    fmt = own(name)
    assert msgspec.json.decode(msgspec.json.encode(fmt), type=CallFormat) == fmt


@pytest.mark.parametrize("name", sorted(KINDS))
def test_special_tokens_without_text_change_nothing_of_the_calls(name: str) -> None:
    bare = detect(template_at(OWN / f"{name}.jinja", bos="", eos=""))
    assert (bare.kind, bare.call, bare.arguments) == (own(name).kind, own(name).call, own(name).arguments)


def test_what_the_patterns_are() -> None:
    assert own("wrapped_json").call == '<<use>>{{"args": {arguments}, "fn": "{name}"}}<</use>>'
    assert own("nested_fields").fields.name == ("op", "title")
    assert own("nested_fields").fields.arguments == ("op", "inputs")
    assert own("nested_fields").fields.id == ("ref",)
    assert own("name_as_key").fields.name == ()
    assert own("identified").call == "<|c:begin|>{id}<|c:name|>{name}<|c:args|>{arguments}<|c:end|>"
    assert (own("identified").section_open, own("identified").section_close) == ("<|batch|>", "<|/batch|>")
    assert dict(own("tagged_types").arguments.types)["integer"] == "data"
    assert own("tagged_nested").arguments.item == "each"
    assert own("quoted_braces").arguments.quote == "<|q|>"
    assert own("framed_answers").answer.open == "<|START_SPEECH|>"
    assert own("prompted").prompted == "<|to|>"
    assert not own("bare_json").several
    assert (own("fenced_text").section_open, own("fenced_text").separator) == ("<calls>", "\n")
    assert (own("bare_python").section_open, own("bare_array").section_open) == ("[", "[")


def test_what_a_template_wants() -> None:
    assert not own("identified").dict_arguments
    assert own("wrapped_json").dict_arguments
    assert own("fenced_text").null_content
    assert own("identified").results == Results("tool", name=False, id=True)
    assert own("wrapped_json").results == Results("tool", name=True)
    assert own("bare_json").results == Results("function")
    assert own("functions_as_text").tools == Tools("functions", "text", ("today_is",))
    assert own("untold").tools == Tools()


def test_thoughts() -> None:
    assert own("identified").reasoning == Reasoning(
        "<|muse|>",
        "<|/muse|>",
        opened_on=True,
        field="reasoning",
        switch="allow_reasoning",
        on=True,
        off=False,
    )
    assert own("framed_answers").reasoning.open == "<|START_PONDER|>"
    assert own("framed_answers").reasoning.field == "thinking"
    assert own("blocks_of_thought").reasoning == Reasoning("[MULL]", "[/MULL]", field="content")
    assert own("fenced_text").reasoning.opened
    assert own("tagged_lines").reasoning.assumed


def test_a_template_that_refuses_everything(tmp_path: Path) -> None:
    path = tmp_path / "no.jinja"
    path.write_text("{{ raise_exception('no') }}", encoding="utf-8")
    assert detect(template_at(path)).kind == "generic"
    path.write_text("{% for i in range(90000) %}{{ tools | tojson * 9 }}{% endfor %}", encoding="utf-8")
    assert detect(template_at(path)).kind == "generic"
    path.write_text("", encoding="utf-8")
    assert detect(template_at(path)).kind == "generic"


def _rendered(path: Path, calls: list[Call]) -> str | None:
    fmt = format_at(path)
    given: list[dict[str, Any]] = [
        {
            "id": call.id,
            "type": "function",
            "function": {
                "name": call.name,
                "arguments": call.arguments
                if fmt.dict_arguments
                else msgspec.json.encode(call.arguments).decode(),
            },
        }
        for call in calls
    ]
    message = {"role": "assistant", "content": None if fmt.null_content else "", "tool_calls": given}
    try:
        return template_at(path).render(
            [{"role": "user", "content": "u"}, message],
            add_generation_prompt=False,
            **tool_variables(fmt.tools, TOOLS),
        )
    except TemplateRefusedError:
        return None


def _packed(text: str) -> str:
    """Return a text without spaces: some templates lay out their JSON."""
    return "".join(text.split())


@pytest.mark.parametrize("path", [*sorted(OWN.glob("*.jinja")), *real_paths()], ids=lambda path: path.stem)
def test_calls_are_written_as_the_template_writes_them(path: Path) -> None:
    fmt = format_at(path)
    if fmt.guessed or fmt.kind == "generic":
        return
    arguments = [{"n": 3, "what": "a <c>"}, {"deep": {"k": True}}, {}]
    if fmt.arguments.style != "pairs" and not fmt.dict_arguments:
        arguments = [{}]  # the spacing of JSON text is ours
    for some in arguments:
        calls = [Call("look_up", some, "", identifier(fmt, "look_up", 0))]
        rendered = _rendered(path, calls)
        assert rendered is not None
        call = written(fmt, calls).strip()
        one = call.removeprefix(fmt.section_open.strip()).removesuffix(fmt.section_close.strip()).strip()
        assert _packed(one) in _packed(rendered)
    if fmt.several:
        calls = [
            Call(tool.name, {"what": "x"}, "", identifier(fmt, tool.name, n)) for n, tool in enumerate(TOOLS)
        ]
        rendered = _rendered(path, calls)
        assert rendered is not None
        assert not fmt.dict_arguments or _packed(written(fmt, calls)) in _packed(rendered)


def test_every_real_template_with_tools_has_a_format(capsys: pytest.CaptureFixture[str]) -> None:
    shared("compat", "templates")
    formats = {path.stem: format_at(path) for path in real_paths()}
    told = {name: fmt for name, fmt in formats.items() if fmt.tools.variable}
    with capsys.disabled():
        print(f"\n{len(formats)} templates, {len(told)} of them told of tools, formats:", end=" ")
        kinds = [fmt.kind for fmt in formats.values()]
        print(", ".join(f"{kind} {kinds.count(kind)}" for kind in dict.fromkeys(kinds)))
    assert len(told) >= 45
    assert [name for name, fmt in told.items() if fmt.kind == "generic"] == []
