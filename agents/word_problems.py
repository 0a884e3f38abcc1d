"""Word problems with the expressions that answer them: examples for the calculator, written for slmtui.

They are of every structure of one step and of many of two, with numbers that nobody needs among them.
"""

from functools import cache
from importlib.resources import files

from agents.analogy import Analogies, Solved

CALCULATOR = "calculator"
_FILE = "word_problems.txt"


@cache
def word_problems() -> tuple[Solved, ...]:
    """Return the problems, in the order of their file."""
    text = files("agents").joinpath("example_sets", _FILE).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    parts = [line.rpartition("|") for line in lines]
    return tuple(Solved(request.strip(), expression.strip()) for request, _, expression in parts)


@cache
def analogies() -> Analogies:
    """Return the problems, to be drawn on."""
    return Analogies(word_problems())
