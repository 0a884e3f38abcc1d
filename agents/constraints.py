"""What a request allows: the tools it can be for, and the values that their arguments may have."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from agents.argument_values import constrain
from agents.message import Message
from agents.offers import offers
from tools.registry import Tool

_REFERS_BACK = re.compile(
    r"\b(?:that|it|its|this|these|those|them|again|same|previous|last (?:one|answer|result)|instead|too)\b"
    r"|^and\b",
    re.IGNORECASE,
)


def held_to(request: str, history: Iterable[Message]) -> str:
    """Return the text that arguments are held to; none where the request speaks of what was said before."""
    return "" if any(True for _ in history) and _REFERS_BACK.search(request) else request


def narrowed(tool: Tool, text: str) -> Mapping[str, Any]:
    """Return the schema of a tool's arguments, narrowed to what a text allows; as it is for no text."""
    return constrain(tool, text) if text else tool.parameters


def fitting(tools: Iterable[Tool], history: Iterable[Message], request: str) -> tuple[Tool, ...]:
    """Return the tools for which a request, with what was said before, holds what they cannot do without."""
    text = "\n".join((*(message.content for message in history), request))
    return tuple(tool for tool in tools if offers(tool, text))
