"""Compare two texts: are they equal, where do they differ first, which is longer, which comes first."""

from collections.abc import Callable

from tools.plain_text import quoted
from tools.registry import Example, Tool
from tools.text_clusters import alphabetical, clusters, folded

MAX_CHARACTERS = 1000

_SHOWN = 40
_BLANKS = {" ": "a space", "\n": "a line break", "\r\n": "a line break", "\t": "a tab"}


def compare_texts(first: str, second: str, what: str) -> str:
    """Return what a comparison found, as a short clause. Raises `ToolError` for a text that is too long.

    Characters are what a reader sees as one; accents written in two ways are the same.
    """
    return _COMPARISONS[what](clusters(first), clusters(second))


def _equal(first: list[str], second: list[str]) -> str:
    if first == second:
        return "yes, they are the same"
    one, other = "".join(first), "".join(second)
    if folded(one) == folded(other):
        return "no, they differ in capital letters only"
    if one.split() == other.split():
        return "no, they differ in spaces only"
    return "no, they are different"


def _difference(first: list[str], second: list[str]) -> str:
    if first == second:
        return "none, they are the same"
    shorter = min(len(first), len(second))
    at = next((n for n in range(shorter) if first[n] != second[n]), shorter)
    return f"character {at + 1}: {_at(first, at)} in the first, {_at(second, at)} in the second"


def _at(text: list[str], at: int) -> str:
    if at >= len(text):
        return "nothing"
    return _BLANKS.get(text[at]) or quoted(text[at], 8)


def _longer(first: list[str], second: list[str]) -> str:
    if len(first) == len(second):
        return f"neither, both have {len(first)} characters"
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    return f"{_shown(longer)}, with {len(longer)} characters against {len(shorter)}"


def _before(first: list[str], second: list[str]) -> str:
    one, other = sorted((first, second), key=lambda text: alphabetical("".join(text)))
    if one == other:
        return "neither, they are the same"
    return f"{_shown(one)} comes before {_shown(other)}"


def _shown(text: list[str]) -> str:
    return quoted("".join(text), _SHOWN)


_COMPARISONS: dict[str, Callable[[list[str], list[str]], str]] = {
    "equal": _equal,
    "first difference": _difference,
    "longer": _longer,
    "alphabetically first": _before,
}


def _example(request: str, first: str, second: str, what: str, result: str, answer: str) -> Example:
    return Example(request, {"first": first, "second": second, "what": what}, result, answer)


EXAMPLES = (
    _example(
        'Are "colour" and "color" the same?',
        "colour",
        "color",
        "equal",
        "no, they are different",
        "No, they are different.",
    ),
    _example(
        "is KX-20417 identical to KX-20417",
        "KX-20417",
        "KX-20417",
        "equal",
        "yes, they are the same",
        "Yes, they are the same.",
    ),
    _example(
        "Do Paris and PARIS match exactly?",
        "Paris",
        "PARIS",
        "equal",
        "no, they differ in capital letters only",
        "No, they differ in capital letters only.",
    ),
    _example(
        "Where do the codes 8841-AB and 8847-AB differ?",
        "8841-AB",
        "8847-AB",
        "first difference",
        "character 4: '1' in the first, '7' in the second",
        "They differ at character 4: '1' in the first, '7' in the second.",
    ),
    _example(
        "find the first difference between receive and recieve",
        "receive",
        "recieve",
        "first difference",
        "character 4: 'e' in the first, 'i' in the second",
        "The first difference is at character 4: 'e' in the first, 'i' in the second.",
    ),
    _example(
        "Which word is longer, giraffe or elephant?",
        "giraffe",
        "elephant",
        "longer",
        "'elephant', with 8 characters against 7",
        "The longer word is 'elephant', with 8 characters against 7.",
    ),
    _example(
        "which of these names is longest: Maximilian or Bartholomew",
        "Maximilian",
        "Bartholomew",
        "longer",
        "'Bartholomew', with 11 characters against 10",
        "The longest is 'Bartholomew', with 11 characters against 10.",
    ),
    _example(
        "Which comes first in the dictionary, lemon or lemming?",
        "lemon",
        "lemming",
        "alphabetically first",
        "'lemming' comes before 'lemon'",
        "In the dictionary 'lemming' comes before 'lemon'.",
    ),
    _example(
        "Does Novak come before Nowak in the alphabet?",
        "Novak",
        "Nowak",
        "alphabetically first",
        "'Novak' comes before 'Nowak'",
        "Yes, 'Novak' comes before 'Nowak'.",
    ),
)

COMPARE_TEXTS = Tool(
    name="compare_texts",
    description="Compares two texts: are they equal, where do they differ, which is longer or comes first.",
    parameters={
        "type": "object",
        "properties": {
            "first": {
                "type": "string",
                "description": "The first text, such as colour",
                "maxLength": MAX_CHARACTERS,
            },
            "second": {
                "type": "string",
                "description": "The second text, such as color",
                "maxLength": MAX_CHARACTERS,
            },
            "what": {"type": "string", "description": "What to compare", "enum": [*_COMPARISONS]},
        },
        "required": ["first", "second", "what"],
        "additionalProperties": False,
    },
    examples=EXAMPLES,
    run=compare_texts,
)
