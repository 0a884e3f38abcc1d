"""What an MCP server answered, as text for a model."""

import json
from collections.abc import Iterator
from typing import Any

from tools.registry import ToolError

NOTHING = "The tool gave no text."


def result_text(result: Any) -> str:
    """Return the text of a `CallToolResult`; what is no text is named. Raises `ToolError` for an error."""
    text = "\n".join(filter(None, map(_part, result.content or ())))
    if not text and result.structured_content is not None:
        text = json.dumps(result.structured_content, ensure_ascii=False)
    if result.is_error:
        raise ToolError(text or "The tool failed and did not say why.")
    return text or NOTHING


def _part(block: Any) -> str:
    """Return one block of a result: its own text, or that of the resource in it."""
    for holder in (block, getattr(block, "resource", None)):
        text = getattr(holder, "text", None)
        if isinstance(text, str):
            return text
    return f"[{' '.join(_names(block)) or 'something'} that is not text]"


def _names(block: Any) -> Iterator[str]:
    kind = getattr(block, "type", None)
    if isinstance(kind, str):
        yield kind.replace("_", " ")
    name = getattr(block, "name", None) or getattr(block, "uri", None)
    if name:
        yield str(name)
