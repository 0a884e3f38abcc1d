"""`slmtui formats`: how a model writes calls of tools, and what one of its outputs says."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from agents.formats.calls import Call, Parsed
from agents.formats.detect import detect
from agents.formats.format import CallFormat
from agents.formats.parse import parse
from agents.formats.shape import shape_of
from agents.formats.spec import ToolSpec, ToolSpecError
from agents.formats.template import Template, TemplateRefusedError
from agents.formats.write import written
from slmtui.cli.exits import Exit, fail, user_errors
from slmtui.cli.options import Json
from slmtui.cli.output import emit, emit_json, fields
from slmtui.models.describe import describe

formats = typer.Typer(help="How models write calls of tools, found out from their chat templates.")

_GGUF = b"GGUF"
_SAMPLE = (Call("get_weather", {"city": "Rome", "days": 3}, "", "call00000"),)
_STYLES = {"json": "one JSON object", "text": "a JSON object as a string", "pairs": "one by one: "}


@formats.command("show")
def show(
    template: Annotated[Path, typer.Argument(help="A chat template (Jinja), or a GGUF file with one.")],
    as_json: Json = False,
) -> None:
    """Print what a chat template tells of calls, results and thoughts."""
    fmt = detect(_template(template))
    if as_json:
        emit_json(msgspec.to_builtins(fmt))
    else:
        emit(fields(_described(fmt)))


@formats.command("parse")
def parse_output(
    template: Annotated[Path, typer.Option(help="The model's chat template (Jinja), or its GGUF file.")],
    tools: Annotated[
        Path | None, typer.Option(help="The tools it was told of: a JSON list, as for OpenAI or bare.")
    ] = None,
    thinking: Annotated[
        bool | None,
        typer.Option("--thinking/--no-thinking", help="Its prompt had thinking switched on, or off."),
    ] = None,
    partial: Annotated[bool, typer.Option("--partial", help="The output goes on.")] = False,
) -> None:
    """Print what a model's output on standard input says, as JSON: content, reasoning, and calls."""
    fmt = detect(_template(template))
    specs = () if tools is None else _tools(tools)
    text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    emit_json(_object(parse(fmt, text, specs, partial=partial, thinking=_opened(fmt, thinking))))


def _opened(fmt: CallFormat, thinking: bool | None) -> bool | None:
    """Return whether the prompt had opened the thoughts, None where nothing was said of it."""
    if thinking is None:
        return None
    return fmt.reasoning.opened_on if thinking else fmt.reasoning.opened_off


def _object(parsed: Parsed) -> dict[str, Any]:
    calls = []
    for call in parsed.calls:
        one: dict[str, Any] = {
            "name": call.name,
            "arguments": call.raw if call.arguments is None else call.arguments,
        }
        calls.append(one | ({"id": call.id} if call.id else {}))
    return {"content": parsed.content, "reasoning": parsed.reasoning, "tool_calls": calls}


def _template(path: Path) -> Template:
    """Return the template in a file, or end with what is wrong with it."""
    with user_errors():
        data = _read(path)
        if data.startswith(_GGUF):
            source = describe(path).chat_template
            if source is None:
                fail(Exit.USAGE, f"{path} holds no chat template; give one as a Jinja file")
        else:
            source = _decoded(path, data)
        try:
            return Template(source, today=datetime.now)
        except TemplateRefusedError as error:
            fail(Exit.USAGE, f"{path}: {error}")


def _read(path: Path) -> bytes:
    """Return a template's bytes, of a GGUF file only the beginning."""
    with path.open("rb") as file:
        start = file.read(len(_GGUF))
        return start if start == _GGUF else start + file.read()


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        fail(Exit.USAGE, f"{path} is neither a GGUF file nor text in UTF-8")


def _tools(path: Path) -> tuple[ToolSpec, ...]:
    """Return the tools in a JSON file, or end with what is wrong with it."""
    with user_errors():
        data = _decoded(path, path.read_bytes())
    try:
        listed = json.loads(data)
        return tuple(map(ToolSpec.from_json, listed if isinstance(listed, list) else [listed]))
    except ToolSpecError as error:
        fail(Exit.USAGE, f"{path}: {error}")
    except (ValueError, RecursionError) as error:
        fail(Exit.USAGE, f"{path} is no JSON: {error}")


def _described(fmt: CallFormat) -> list[tuple[str, str]]:
    """Return a format in words, name by name."""
    told = f"{fmt.tools.variable}, as {fmt.tools.form}" if fmt.tools.variable else "not told of them"
    return [
        ("kind", f"{fmt.kind}{' (guessed: the template writes no calls)' if fmt.guessed else ''}"),
        ("a call", json.dumps(written(fmt, _SAMPLE), ensure_ascii=False)),
        ("begins with", "  ".join(_quoted(text) for text in shape_of(fmt).triggers)),
        ("pattern", _quoted(fmt.call)),
        ("section", f"{_quoted(fmt.section_open)} … {_quoted(fmt.section_close)}"),
        ("several calls", f"yes, with {_quoted(fmt.separator)} between" if fmt.several else "no"),
        ("arguments", _arguments(fmt)),
        ("template wants", f"arguments as {'an object' if fmt.dict_arguments else 'JSON text'}"),
        ("tools", told),
        ("results", _results(fmt)),
        *_thoughts(fmt),
    ]


def _arguments(fmt: CallFormat) -> str:
    style = _STYLES[fmt.arguments.style]
    return style + _quoted(fmt.arguments.pair) if fmt.arguments.pair else style


def _results(fmt: CallFormat) -> str:
    needed = [word for word, needs in (("name", fmt.results.name), ("id", fmt.results.id)) if needs]
    return f"role {fmt.results.role}" + (f", with {' and '.join(needed)}" if needed else "")


def _thoughts(fmt: CallFormat) -> list[tuple[str, str]]:
    reasoning = fmt.reasoning
    assumed = " (assumed: the template does not say)" if reasoning.assumed else ""
    opened = "the prompt" if reasoning.opened else "the model"
    switch = f"{reasoning.switch}: {reasoning.on!r} or {reasoning.off!r}" if reasoning.switch else "none"
    return [
        ("thoughts", f"{_quoted(reasoning.open or reasoning.lead)} … {_quoted(reasoning.close)}{assumed}"),
        ("opened by", opened),
        ("switch", switch),
    ]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
