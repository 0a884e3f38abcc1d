"""`slmtui tools`: what the agents may call."""

from typing import Any

import typer

from slmtui.assemble import settings_of, surroundings
from slmtui.cli.exits import say, user_errors
from slmtui.cli.options import Json, Notes, overrides
from slmtui.cli.output import emit, emit_json, fields
from slmtui.cli.printed import one_line
from slmtui.toolboxes import gather_tools
from tools.extras import ToolOff
from tools.registry import Tool

tools = typer.Typer(help="The tools that agents may call.")


OWN = "slmtui"
ASKS = {"writes": "It writes, so it asks first.", "reaches out": "It reaches out, so it asks first."}


@tools.command("list")
def list_tools(notes: Notes = None, as_json: Json = False) -> None:
    """List the tools with what they take, and those that are off with the reason.

    The user's functions are loaded and the MCP servers started for it, and ended again. With --json, the
    reasons go to standard error.
    """
    with user_errors():
        supply = gather_tools(settings_of(surroundings(), overrides(notes=notes)))
        supply.close()
    if as_json:
        emit_json([_tool_object(tool) for tool in supply.tools])
        for each in supply.off:
            say(_off(each))
    else:
        emit("\n\n".join([*map(_shown, supply.tools), *map(_off, supply.off)]))


def _off(off: ToolOff) -> str:
    return f"{one_line(off.name)} is off: {one_line(off.reason)}"


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
        "effect": tool.effect,
        "source": tool.source,
        "examples": examples,
    }


def _shown(tool: Tool) -> str:
    properties = tool.parameters.get("properties", {})
    required = tool.parameters.get("required", ())
    takes = [
        (f"  {name}{'' if name in required else '?'}", str(schema.get("description", schema.get("type", ""))))
        for name, schema in properties.items()
    ]
    origin = "" if tool.source == OWN else f" ({tool.source})"
    asks = [ASKS[tool.effect]] if tool.effect != "none" else []
    return "\n".join([f"{tool.name}{origin}: {tool.description}", *asks, *([fields(takes)] if takes else [])])
