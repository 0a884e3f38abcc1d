"""`slmtui tools`: what the agents may call."""

from typing import Any

import typer

from slmtui.assemble import make_toolbox, settings_of, surroundings
from slmtui.cli.exits import user_errors
from slmtui.cli.options import Json, Notes, overrides
from slmtui.cli.output import emit, emit_json, fields
from tools.registry import Tool

tools = typer.Typer(help="The tools that agents may call.")


@tools.command("list")
def list_tools(notes: Notes = None, as_json: Json = False) -> None:
    """List the tools with what they take. The search in notes needs a folder of notes."""
    with user_errors():
        box = make_toolbox(settings_of(surroundings(), overrides(notes=notes)))
    if as_json:
        emit_json([_tool_object(tool) for tool in box])
    else:
        emit("\n\n".join(map(_shown, box)))


def _tool_object(tool: Tool) -> dict[str, Any]:
    examples = [
        {
            "request": example.request,
            "arguments": dict(example.arguments),
            "result": example.result,
            "answer": example.answer,
        }
        for example in tool.examples
    ]
    return {
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters),
        "examples": examples,
    }


def _shown(tool: Tool) -> str:
    properties = tool.parameters.get("properties", {})
    required = tool.parameters.get("required", ())
    takes = [
        (f"  {name}{'' if name in required else '?'}", str(schema.get("description", schema.get("type", ""))))
        for name, schema in properties.items()
    ]
    return "\n".join([f"{tool.name}: {tool.description}", fields(takes)])
