"""Asking the user before a tool writes or reaches out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from tools.registry import Tool

Decision = Literal["once", "session", "no"]
"""What the user says: this once, always for this session, or no."""


class Approver(Protocol):
    """Whoever can be asked."""

    async def ask(self, tool: Tool, arguments: Mapping[str, Any]) -> Decision:
        """Ask whether a tool may be called with these arguments."""
        ...


class _DenyAll:
    async def ask(self, tool: Tool, arguments: Mapping[str, Any]) -> Decision:  # noqa: ARG002
        """Say no: there is nobody to ask."""
        return "no"


DENY_ALL: Approver = _DenyAll()


@dataclass(slots=True)
class Approvals:
    """The tools that the user allowed for the rest of a session."""

    allowed: set[str] = field(default_factory=set)

    def needed(self, tool: Tool) -> bool:
        """Whether the user must be asked before this tool is called."""
        return tool.effect != "none" and tool.name not in self.allowed

    def allow(self, name: str) -> None:
        """Ask no more for a tool."""
        self.allowed.add(name)
