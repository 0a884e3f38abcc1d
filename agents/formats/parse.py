"""A whole output taken apart."""

import re
from collections.abc import Sequence

from agents.formats.calls import Call, Parsed
from agents.formats.format import CallFormat
from agents.formats.reader import OutputReader
from agents.formats.spec import ToolSpec

_FENCED = re.compile(r"\s*```\w*\n(.*?)\n?```\s*", re.DOTALL)

__all__ = ["Call", "Parsed", "opens_thinking", "parse", "unfenced"]


def parse(
    fmt: CallFormat,
    text: str,
    tools: Sequence[ToolSpec] = (),
    *,
    partial: bool = False,
    thinking: bool | None = None,
) -> Parsed:
    """Take an output apart, whatever it is: never raises.

    `text` is what the model wrote behind its prompt, control tokens spelled out. `thinking` says that
    the prompt had opened the thoughts, as `opens_thinking` tells; by default as the template does, and
    also where the text itself tells: it closes thoughts that it does not open.
    With `partial` the output goes on: what may still become something else is held back.
    """
    opened = thinking if thinking is not None else fmt.reasoning.opened or _closes_thoughts(fmt, text)
    reader = OutputReader(fmt, tools, thinking=opened)
    reader.push(text)
    if not partial:
        reader.finish()
    return reader.parsed()


def _closes_thoughts(fmt: CallFormat, text: str) -> bool:
    """Whether a text closes thoughts that it does not open, so that the prompt must have opened them."""
    opening, closing = fmt.reasoning.open.strip(), fmt.reasoning.close.strip()
    end = text.find(closing) if closing and not fmt.reasoning.assumed else -1
    return end >= 0 and not (opening and opening in text[:end])


def opens_thinking(fmt: CallFormat, prompt: str) -> bool:
    """Whether a prompt ends inside thoughts: they were opened in it and not closed since."""
    opening, closing = fmt.reasoning.open.strip() or fmt.reasoning.lead.strip(), fmt.reasoning.close.strip()
    if not opening or not closing:
        return False
    opened = prompt.rfind(opening)
    return opened >= 0 and not prompt[opened + len(opening) :].strip()


def unfenced(text: str) -> str:
    """Return what stands in a text that is one fenced block of code, else the text."""
    found = _FENCED.fullmatch(text)
    return found[1] if found else text
