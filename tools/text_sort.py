"""Sort a list that stands in a text: names, words, numbers, or things with a number in them."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tools.plain_text import quoted
from tools.registry import Example, Tool, ToolError
from tools.text_clusters import alphabetical, bounded, clusters

MAX_CHARACTERS = 2000
MAX_ITEMS = 10_000

_NUMBER = re.compile(r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d{1,40})(?:\.\d{1,40})?", re.ASCII)
_THOUSANDS = re.compile(r"[^,\d]*\d{1,3}(?:,\d{3})+(?:\.\d+)?[^,\d]*", re.ASCII)


def sort_list(items: str, order: str) -> str:
    """Return the items in order, separated as they were given. Raises `ToolError`.

    Items stand on lines, or between semicolons, or between commas. Numeric orders go by the first
    number of each item; equal items keep their places.
    """
    separator, found = _items(bounded(items))
    if not found:
        raise ToolError("There is nothing to sort: write the items with commas between them.")
    if len(found) > MAX_ITEMS:
        raise ToolError(f"There are too many items: {len(found)}, of which {MAX_ITEMS} are allowed.")
    key, backwards = _ORDERS[order]
    return separator.join(sorted(found, key=key, reverse=backwards))


def _items(text: str) -> tuple[str, list[str]]:
    """Return what to join the items with, and the items."""
    stripped = text.strip()
    if "\n" in stripped:
        return "\n", _cleaned(stripped.splitlines())
    if ";" in stripped:
        return "; ", _cleaned(stripped.split(";"))
    return ", ", _cleaned(_between_commas(stripped))


def _between_commas(text: str) -> list[str]:
    """Split at commas, but not within 12,500 where the other commas have spaces behind them."""
    pieces = re.split(r",\s+", text)
    if len(pieces) > 1 and all("," not in piece or _THOUSANDS.fullmatch(piece) for piece in pieces):
        return pieces
    return text.split(",")


def _cleaned(pieces: list[str]) -> list[str]:
    stripped = [" ".join(piece.split()) for piece in pieces]
    if len(stripped) > 1:  # "pears, apples, and plums"
        stripped[-1] = stripped[-1].removeprefix("and ")
    return [piece for piece in stripped if piece]


def _number(item: str) -> Fraction:
    match = _NUMBER.search(item)
    if match is None:
        raise ToolError(f"{quoted(item, 40)} has no number to sort by: choose another order.")
    return Fraction(match[0].replace(",", "").replace("−", "-"))


_ORDERS: dict[str, tuple[Callable[[str], Any], bool]] = {
    "alphabetical": (alphabetical, False),
    "reverse alphabetical": (alphabetical, True),
    "numeric ascending": (_number, False),
    "numeric descending": (_number, True),
    "by length": (lambda item: len(clusters(item)), False),
}


def _example(request: str, items: str, order: str, result: str, answer: str) -> Example:
    return Example(request, {"items": items, "order": order}, result, answer)


EXAMPLES = (
    _example(
        "Sort these names alphabetically: Omar, Lena, Björn, Ada",
        "Omar, Lena, Björn, Ada",
        "alphabetical",
        "Ada, Björn, Lena, Omar",
        "In alphabetical order: Ada, Björn, Lena, Omar.",
    ),
    _example(
        "put the words pear, fig, apple and lime in alphabetical order",
        "pear, fig, apple, lime",
        "alphabetical",
        "apple, fig, lime, pear",
        "apple, fig, lime, pear",
    ),
    _example(
        "Arrange tiger, ant, zebra, moose from Z to A",
        "tiger, ant, zebra, moose",
        "reverse alphabetical",
        "zebra, tiger, moose, ant",
        "From Z to A: zebra, tiger, moose, ant.",
    ),
    _example(
        "Sort 41, 7, 156, 23 from smallest to largest",
        "41, 7, 156, 23",
        "numeric ascending",
        "7, 23, 41, 156",
        "From smallest to largest: 7, 23, 41, 156.",
    ),
    _example(
        "order these numbers: 9.5, -3, 12, 0.25",
        "9.5, -3, 12, 0.25",
        "numeric ascending",
        "-3, 0.25, 9.5, 12",
        "In order: -3, 0.25, 9.5, 12.",
    ),
    _example(
        "List the scores 88, 92, 75, 100 from highest to lowest",
        "88, 92, 75, 100",
        "numeric descending",
        "100, 92, 88, 75",
        "From highest to lowest: 100, 92, 88, 75.",
    ),
    _example(
        "Rank the teams by points, most first: Lions 14, Bears 21, Wolves 9",
        "Lions 14, Bears 21, Wolves 9",
        "numeric descending",
        "Bears 21, Lions 14, Wolves 9",
        "Most points first: Bears 21, Lions 14, Wolves 9.",
    ),
    _example(
        "sort elephant, cat, horse by length",
        "elephant, cat, horse",
        "by length",
        "cat, horse, elephant",
        "By length: cat, horse, elephant.",
    ),
    _example(
        "Which order do these prices have, cheapest first: $1,200, $950, $1,075?",
        "$1,200, $950, $1,075",
        "numeric ascending",
        "$950, $1,075, $1,200",
        "Cheapest first: $950, $1,075, $1,200.",
    ),
)

SORT_LIST = Tool(
    name="sort_list",
    description="Sorts a list of words or numbers.",
    parameters={
        "type": "object",
        "properties": {
            "items": {
                "type": "string",
                "description": "The items with commas between them, such as pear, fig, apple",
                "maxLength": MAX_CHARACTERS,
            },
            "order": {"type": "string", "description": "How to sort them", "enum": [*_ORDERS]},
        },
        "required": ["items", "order"],
        "additionalProperties": False,
    },
    examples=EXAMPLES,
    run=sort_list,
)
