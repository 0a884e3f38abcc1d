"""A call that needs a yes or no, in words: what it does, and its arguments in full."""

import json
from collections.abc import Mapping
from typing import Any

from slmtui.tui import format as fmt
from slmtui.tui.plain import plain, plain_line

EFFECTS = {
    "writes": "It writes: something of yours is changed.",
    "reaches out": "It reaches out: it runs a program, or asks something outside of slmtui.",
}
UNKNOWN_EFFECT = "It does more than answer."
FOLD_LINES, FOLD_CHARACTERS = 8, 600
"""From here on a value is folded until it is opened."""


def effect_in_words(effect: str) -> str:
    """Return what a tool does beside answering, as a sentence."""
    return EFFECTS.get(effect, UNKNOWN_EFFECT)


def arguments_text(arguments: Mapping[str, Any], *, unfolded: bool) -> str:
    """Return the arguments one under another, long ones folded unless `unfolded`; hidden text is told."""
    if not arguments:
        return "without arguments"
    parts = [f"{plain_line(str(key), 60)}\n{_value(value, unfolded)}" for key, value in arguments.items()]
    return "\n".join(parts)


def is_long(arguments: Mapping[str, Any]) -> bool:
    """Whether something of the arguments is folded."""
    return arguments_text(arguments, unfolded=False) != arguments_text(arguments, unfolded=True)


def _value(value: object, unfolded: bool) -> str:
    raw = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2, default=str)
    text = plain(raw)
    shown = text if unfolded else "\n".join(text.split("\n")[:FOLD_LINES])[:FOLD_CHARACTERS]
    lines = shown.split("\n")
    if len(shown) < len(text):
        lines.append(f"… {fmt.count(len(text) - len(shown))} more characters")
    if any(not plain(character) for character in raw.replace("\r", "")):
        lines.append("(it holds characters that cannot be shown)")
    return "\n".join(f"    {line}" for line in lines)
