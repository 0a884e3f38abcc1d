"""Which optional parts are installed, and why a tool is off."""

import importlib.util
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToolOff:
    """A tool, or a source of tools, that is not there, and why: one line that says what to do.

    `asked` says that somebody asked for it, so that its absence is worth a word.
    """

    name: str
    reason: str
    asked: bool = True


def missing_extra(module: str, extra: str) -> str | None:
    """Return why what needs an optional module is off, or None where the module is installed."""
    if importlib.util.find_spec(module) is not None:
        return None
    return f"the optional part is not installed: `pip install 'slmtui[{extra}]'` adds it"
