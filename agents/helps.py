"""The switches of the help that small models get, each of which can be measured alone."""

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

ToolList = Literal["auto", "on", "off"]

SMALL = 1_000_000_000
"""Parameters below which a model is shown examples instead of a list of tools, if the switch is `auto`."""


@dataclass(frozen=True, slots=True)
class Helps:
    """The switches. Numbers at 0 and `False` switch a help off; what each does is told by `MEANING`."""

    examples: int = 4
    similar: bool = True
    tool_list: ToolList = "auto"
    shortlist: int = 0
    fitting: bool = True
    calibrated: bool = False
    constrained: bool = True
    grammar: bool = True
    forced: bool = True
    repair: bool = True
    reask: bool = True
    quoted: bool = True
    route_token: bool = True
    sure: float = 0.9
    structured: bool = False
    format_hint: bool = False
    think: bool = False
    fallback: bool = True
    votes: int = 5
    unsure: float = -0.5

    def lists_tools(self, parameters: int) -> bool:
        """Whether a model of so many parameters is told its tools in words."""
        return self.tool_list == "on" or (self.tool_list == "auto" and parameters >= SMALL)

    def told(self) -> dict[str, str]:
        """Return the value of each switch, as a person reads it."""
        return {name: shown(getattr(self, name)) for name in MEANING}


MEANING: dict[str, str] = {
    "examples": "so many of the stored examples nearest to the request are shown as earlier turns",
    "similar": "examples are ranked by structure too, not by words alone",
    "tool_list": "the prompt lists the tools (auto: for models of a billion parameters and more)",
    "shortlist": "only so many tools, those nearest to the request, are offered (0: all)",
    "fitting": "only tools are offered for which the request holds what they need (own calls: all are)",
    "calibrated": "a tool's score is weighed against its score for an empty request",
    "constrained": "arguments are held to what the request allows: its numbers, units that exist",
    "grammar": "a call is held to a grammar from its first character on",
    "forced": "the first step must be a choice among the tools and none (for models without own calls)",
    "repair": "an invalid call is mended once: nearest name, loose JSON, unknown arguments dropped",
    "reask": "an invalid call that could not be mended is asked for once more, with the error",
    "quoted": "an answer must hold the tool's result word for word, where that is short",
    "route_token": "the router chooses by one constrained token instead of writing a task",
    "sure": "from this probability of the route on, a specialist that succeeded is not judged (0: always is)",
    "structured": "the prompt tells the steps to take, in a fixed form",
    "format_hint": "the prompt says how the answer should be written",
    "think": "the model thinks in words before it acts",
    "fallback": "an agent that fails its turn leaves it to the base model",
    "votes": "so many answers vote, where an arm votes",
    "unsure": "a cascade takes the agent's answer where the base model's has less than this mean "
    "log-probability a token",
}
"""What each switch does when it is on, in the order of `Helps`."""


_KINDS = {int: "whole number", float: "number"}
_RANGES: dict[str, tuple[float, float]] = {
    "examples": (0, 32),
    "shortlist": (0, 1000),
    "votes": (1, 99),
    "sure": (0, 1),
    "unsure": (-100, 0),
}
"""The least and the most that a number may be."""


def shown(value: object) -> str:
    """Return a switch's value as a word: on, off, or the number."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def switched(helps: Helps, name: str, text: str) -> Helps:
    """Return the switches with one of them set from text, such as `examples` and `0`.

    Raises `ValueError`, which says what is allowed.
    """
    kinds = {field.name: type(field.default) for field in fields(Helps)}
    if name not in kinds:
        raise ValueError(f"there is no switch named {name!r}; the switches are: {', '.join(kinds)}")
    return replace(helps, **{name: _value(name, kinds[name], text)})


def _value(name: str, kind: type, text: str) -> Any:
    if kind is bool:
        words = {"on": True, "off": False, "true": True, "false": False, "1": True, "0": False}
        if text.lower() not in words:
            raise ValueError(f"{name} is {text!r}; it should be on or off")
        return words[text.lower()]
    if kind is str:
        if text not in ("auto", "on", "off"):
            raise ValueError(f"{name} is {text!r}; it should be auto, on or off")
        return text
    try:
        value = kind(text)
    except ValueError as error:
        raise ValueError(f"{name} is {text!r}; it should be a {_KINDS[kind]}") from error
    low, high = _RANGES[name]
    if not low <= value <= high:  # which is also false of nan
        raise ValueError(f"{name} is {text!r}; it should be from {low:g} to {high:g}")
    return value
