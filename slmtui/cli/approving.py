"""Asking on the terminal before a tool writes or reaches out."""

import asyncio
import sys
from collections.abc import Collection, Mapping
from typing import Any

from slmtui.cli.exits import say
from slmtui.cli.printed import one_line
from tools.approval import Decision
from tools.registry import Tool

_ANSWERS: dict[str, Decision] = {"once": "once", "session": "session"}


class TerminalApprover:
    """Allows the tools that were named on the command line, asks about others on a terminal, else refuses.

    Allowing takes a whole word, so that a key pressed by accident allows nothing.
    """

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = allowed

    async def ask(self, tool: Tool, arguments: Mapping[str, Any]) -> Decision:
        """Ask about one call."""
        if tool.name in self._allowed:
            return "once"
        called = f"{tool.name}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            say(f"slmtui: {one_line(called)} was refused; --allow {tool.name} lets it run")
            return "no"
        say(f"\n{one_line(called)} {tool.effect}. Type once or session to allow it, anything else to refuse:")
        return _ANSWERS.get((await asyncio.to_thread(sys.stdin.readline)).strip().lower(), "no")
