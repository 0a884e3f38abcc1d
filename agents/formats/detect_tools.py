"""How a template is told of tools."""

import re
from collections.abc import Iterator

from agents.formats.format import Tools
from agents.formats.probe import NAMES, Probe

_NAMED = re.compile(r"tool|function|plugin|api", re.IGNORECASE)


def detect_tools(probe: Probe) -> Tools:
    """Return how a template is told of tools, without a variable where it tells the model of none."""
    for tools in _candidates(probe):
        rendered = probe.with_(tools=tools).prompt()
        if rendered is not None and NAMES[0] in rendered:
            return tools
    return Tools()


def _candidates(probe: Probe) -> Iterator[Tools]:
    yield Tools("tools")
    names = sorted(probe.template.variables - {"tools"})
    others = tuple(name for name in names if not _NAMED.search(name))
    for name in names:
        if _NAMED.search(name):
            yield Tools(name)
            yield Tools(name, "text")
            yield Tools(name, "text", tuple(other for other in others if _needed(probe, name, other, others)))


def _needed(probe: Probe, variable: str, name: str, others: tuple[str, ...]) -> bool:
    """Whether a template refuses to tell of tools without a variable."""
    rest = tuple(other for other in others if other != name and other not in _OWN)
    return name not in _OWN and probe.with_(tools=Tools(variable, "text", rest)).prompt() is None


_OWN = frozenset(["messages", "bos_token", "eos_token", "add_generation_prompt"])
