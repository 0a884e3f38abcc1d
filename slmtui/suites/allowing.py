"""Who is asked before a tool writes or reaches out while nobody watches."""

from collections.abc import Collection, Mapping
from typing import Any

from tools.approval import Decision
from tools.registry import Tool


class NamedTools:
    """Allows the tools that were named before the run, and no other."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = allowed

    async def ask(self, tool: Tool, arguments: Mapping[str, Any]) -> Decision:  # noqa: ARG002
        """Allow a call, or refuse it."""
        return "once" if tool.name in self._allowed else "no"
