"""What a suite asks, and what a right answer is."""

from dataclasses import dataclass, field
from typing import Any, Literal

NO_TOOL = "none"
"""Where no tool is right."""

Kind = Literal[
    "exact", "number", "choice", "contains", "regex", "date", "word", "first", "sequence", "text",
    "calls", "no_call", "instructions", "function",
]  # fmt: skip
"""How an answer is compared with the right one; `slmtui.suites.scorers` has one scorer for each."""


@dataclass(frozen=True, slots=True)
class ExpectedCall:
    """A right call of a tool. `arguments` has the values allowed for each; "" among them allows none."""

    name: str
    arguments: dict[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction that can be checked on the answer alone, by its IFEval name, with its parameters."""

    name: str
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expected:
    """A right answer.

    `value` is it, and `values` others as good, or for `word`, `first` and `sequence` the words among which
    it is. A `number` may be off by `relative` of itself or by `absolute`. `choice` is the letter of one of
    `values`, the texts of the options in order. `calls` are right in any order, `instructions` all
    of them to be followed. `function` is `file.py:name`, a function of the user's that says whether an
    answer is right. It goes through JSON and back without loss.
    """

    kind: Kind
    value: str = ""
    values: tuple[str, ...] = ()
    relative: float = 0.0
    absolute: float = 1e-6
    calls: tuple[ExpectedCall, ...] = ()
    instructions: tuple[Instruction, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """A function that an item brings along, described to the model and never run."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to ask. `id` is unique within its data set.

    `tool` is the right tool: `none` where none is right, empty where that is not known. `offered` are the
    tools of an item that brings its own; without, agents have those of the suite. `skill` and `level`
    (easy, medium or hard) are empty where not known.
    """

    id: str
    data_set: str
    prompt: str
    expected: Expected
    tool: str = ""
    skill: str = ""
    level: str = ""
    offered: tuple[OfferedTool, ...] = ()


@dataclass(frozen=True, slots=True)
class Called:
    """A call of a tool in a turn, and what came back."""

    agent: str
    name: str
    arguments: dict[str, Any]
    result: str = ""
    error: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn did, for a scorer: `cut` says that the answer ran into its limit of tokens."""

    answer: str
    status: str
    called: tuple[Called, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """Whether an answer is right: `strict` by what it comes to, `flexible` by what is somewhere in it.

    On small models the gap between the two is format. `extracted` is what the answer was read as.
    """

    strict: bool
    flexible: bool
    extracted: str = ""
