"""How a tool's result goes back to a template."""

from typing import Any

from agents.formats.format import Results
from agents.formats.probe import IDS, NAMES, RESULT, Probe

_ROLES = ("tool", "function", "ipython", "observation", "user")


def detect_results(probe: Probe) -> Results:
    """Return the first role under which a template writes results, and what it needs beside them."""
    for role in _ROLES:
        plain: dict[str, Any] = {"role": role, "content": RESULT}
        named, called = plain | {"name": NAMES[0]}, plain | {"tool_call_id": IDS[0]}
        full = named | called
        everything = _written(probe, full)
        if everything is None:
            continue
        if role == "user":
            return Results(role)
        return Results(role, _written(probe, called) != everything, _written(probe, named) != everything)
    return Results("user")


def _written(probe: Probe, message: dict[str, Any]) -> str | None:
    rendered = probe.result(message)
    return rendered if rendered is not None and RESULT in rendered else None
