"""What makes one arm of a comparison another: every arm has the same factors, with its own values."""

from collections.abc import Mapping

from agents.helps import MEANING, Helps

NOT_USED = "–"

FACTORS: dict[str, str] = {
    "tools": "none",
    "roles": "one agent",
    "routing": "none",
    "conversation": "one",
    "samples": "one",
    "escalation": "none",
}
"""The factors that are no switches, with base's values."""

OF_EVERY_ARM = ("structured", "format_hint", "think")
OF_TOOLS = (
    "examples", "similar", "tool_list", "shortlist", "fitting", "calibrated", "constrained", "grammar",
    "forced", "repair", "reask", "quoted", "fallback",
)  # fmt: skip
OF_JUDGES = ("sure",)

IN_OTHERS = ("votes", "unsure", "route_token")
"""Switches that say how a factor of the list above is made, and are told with it."""


def factors_of(
    own: Mapping[str, str], uses: tuple[str, ...], helps: Helps, fixed: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return every factor of an arm: what it sets of its own, and the switches that it uses.

    A factor's value may name a switch in braces. `fixed` are switches that the arm sets itself, whatever
    the user's.
    """
    told = helps.told() | dict(fixed or {})
    switches = {name: told[name] if name in uses else NOT_USED for name in MEANING if name not in IN_OTHERS}
    return FACTORS | {name: value.format(**told) for name, value in own.items()} | switches


def differences(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    """Return the factors in which two arms differ, with both values: `tools (all / none)`."""
    names = [name for name in (*one, *(n for n in other if n not in one)) if one.get(name) != other.get(name)]
    return tuple(f"{n} ({one.get(n, NOT_USED)} / {other.get(n, NOT_USED)})" for n in names)
