"""The tools of an MCP server as tools of ours. What a server says of them is untrusted: cleaned, and cut."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tools.docstrings import MAX_DESCRIPTION
from tools.extras import ToolOff
from tools.foreign_schema import ForeignSchemaError, cleaned_schema
from tools.mcp_server import McpError, McpServer
from tools.plain_text import one_line
from tools.registry import Effect, Tool

if TYPE_CHECKING:
    from mcp.types import Tool as ListedTool

MAX_NAME = 64
_SLACK_SECONDS = 2.0


def mcp_tools(server: McpServer) -> tuple[list[Tool], list[ToolOff]]:
    """Return a server's tools, and what of it is off and why. Waits until the server has told them."""
    source = server.command.name
    try:
        listed = server.listing()
    except McpError as error:
        return [], [ToolOff(source, f"the MCP server {source}: {error}")]
    return _tools(listed, server)


def _tools(listed: "Iterable[ListedTool]", server: McpServer) -> tuple[list[Tool], list[ToolOff]]:
    tools: dict[str, Tool] = {}
    off = []
    for each in listed:
        name, why = tool_name(server.command.name, each.name), "another of its tools has that name already"
        try:
            tool = _tool(name, each, server)
        except ForeignSchemaError as error:
            tool, why = None, str(error)
        if tool is not None and name not in tools:
            tools[name] = tool
        else:
            off.append(ToolOff(name, f"the MCP server {server.command.name}: {why}"))
    return list(tools.values()), off


def tool_name(server: str, tool: str) -> str:
    """Return the name of a server's tool here: an identifier, such as `files_read_file`."""
    return re.sub(r"\W", "_", f"{server}_{tool}", flags=re.ASCII)[:MAX_NAME]


def _tool(name: str, listed: "ListedTool", server: McpServer) -> Tool:
    told = listed.name  # what the server calls it

    def run(**arguments: Any) -> str:
        return server.call(told, arguments)

    return Tool(
        name=name,
        description=one_line(listed.description or listed.title or told, MAX_DESCRIPTION),
        parameters=cleaned_schema(listed.input_schema),
        examples=(),
        run=run,
        effect=_effect(listed),
        source=f"MCP server {server.command.name}",
        timeout=server.command.timeout + _SLACK_SECONDS,
    )


def _effect(listed: "ListedTool") -> Effect:
    """Return the effect by the server's hints, which default to the worst."""
    hints = listed.annotations
    if hints is None or hints.open_world_hint is not False:
        return "reaches out"
    return "none" if hints.read_only_hint is True else "writes"
