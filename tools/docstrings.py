"""Reading a function's docstring: what it does, and what each argument is (Google's style)."""

import inspect
import re

from tools.plain_text import one_line

MAX_DESCRIPTION = 300
MAX_ARGUMENT = 120

_SECTION = re.compile(r"(?i)(args|arguments|parameters):\s*")
_ARGUMENT = re.compile(r"\*{0,2}(\w+)\s*(\([^)]*\))?\s*:\s*(.*)")


def described(docstring: str) -> tuple[str, dict[str, str]]:
    """Return the first paragraph of a docstring, and the descriptions of the arguments by name.

    Each is on one line, plain and short.
    """
    lines = inspect.cleandoc(docstring).splitlines()
    end = next(
        (n for n, line in enumerate(lines) if not line.strip() or _SECTION.fullmatch(line)), len(lines)
    )
    return one_line(" ".join(lines[:end]), MAX_DESCRIPTION), _arguments(lines)


def _arguments(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    start = next((n for n, line in enumerate(lines) if _SECTION.fullmatch(line)), len(lines)) + 1
    indent, name = 0, ""
    for line in lines[start:]:
        text = line.strip()
        depth = len(line) - len(line.lstrip())
        if text and depth == 0:
            break  # the next section, or prose
        indent = indent or depth
        match = _ARGUMENT.fullmatch(text) if depth == indent else None
        if match:
            name = match[1]
            found[name] = match[3]
        elif name and text:
            found[name] = f"{found[name]} {text}"
    return {key: one_line(text, MAX_ARGUMENT) for key, text in found.items() if text}
