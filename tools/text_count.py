"""Count what stands in a text: tokens hide letters and words from a model, so it cannot."""

import re
from collections.abc import Callable

from tools.registry import Example, Tool, ToolError
from tools.text_clusters import bounded, clusters, folded, is_letter

MAX_CHARACTERS = 2000
MAX_OF = 60

_BREAK = re.compile(r"\r\n?|\n")
_BREAK_AT_END = re.compile(r"(?:\r\n?|\n)\Z")


def count_text(text: str, what: str, of: str = "") -> str:
    """Return how many of `what` a text has, as digits. Raises `ToolError`.

    Characters are what a reader sees as one, spaces among them. Words stand between spaces and have a
    letter or digit. Occurrences of `of` are counted without case and without overlap; where some of them
    are words of their own and others are not, the result says how many are.
    """
    if what == "occurrences":
        return _occurrences(text, of)
    if of:
        raise ToolError("of is only for counting occurrences: leave it out, or set what to occurrences.")
    return str(_COUNTS[what](bounded(text)))


def _words(text: str) -> list[str]:
    return [word for word in text.split() if any(map(str.isalnum, word))]


def _lines(text: str) -> int:
    return len(_BREAK.split(_BREAK_AT_END.sub("", text))) if text else 0


_COUNTS: dict[str, Callable[[str], int]] = {
    "characters": lambda text: len(clusters(text)),
    "letters": lambda text: sum(map(is_letter, clusters(text))),
    "words": lambda text: len(_words(text)),
    "lines": _lines,
}


def _occurrences(text: str, of: str) -> str:
    wanted = clusters(folded(of))
    if not wanted:
        raise ToolError("Say in of what to look for, such as a letter or a word.")
    if len(wanted) > MAX_OF:
        raise ToolError(f"of is too long: at most {MAX_OF} characters can be looked for.")
    found = clusters(folded(text))
    starts = _starts(found, wanted)
    whole = sum(_stands_alone(found, at, len(wanted)) for at in starts)
    if whole in {0, len(starts)} or len(wanted) == 1 or not all(map(is_letter, wanted)):
        return str(len(starts))
    return f"{len(starts)}, of which {whole} as a word of its own"


def _starts(found: list[str], wanted: list[str]) -> list[int]:
    """Return where `wanted` begins in `found`, without overlap."""
    starts: list[int] = []
    at = 0
    while at <= len(found) - len(wanted):
        if found[at] == wanted[0] and found[at : at + len(wanted)] == wanted:
            starts.append(at)
            at += len(wanted)
        else:
            at += 1
    return starts


def _stands_alone(found: list[str], at: int, length: int) -> bool:
    beside = (*found[at - 1 : at], *found[at + length : at + length + 1])
    return not any(each[0].isalnum() for each in beside)


def _example(request: str, text: str, what: str, result: str, answer: str, of: str = "") -> Example:
    arguments = {"text": text, "what": what} | ({"of": of} if of else {})
    return Example(request, arguments, result, answer)


EXAMPLES = (
    _example(
        "How many letters are in the word umbrella?",
        "umbrella",
        "letters",
        "8",
        "The word umbrella has 8 letters.",
    ),
    _example(
        "How many times does the letter e occur in refrigerator?",
        "refrigerator",
        "occurrences",
        "2",
        "The letter e occurs 2 times in refrigerator.",
        of="e",
    ),
    _example(
        "how many s in Mississippi",
        "Mississippi",
        "occurrences",
        "4",
        "There are 4 s in Mississippi.",
        of="s",
    ),
    _example(
        "Count the words: the old clock ticks in the hall",
        "the old clock ticks in the hall",
        "words",
        "7",
        "There are 7 words.",
    ),
    _example(
        'How many words are in the sentence "She sells sea shells"?',
        "She sells sea shells",
        "words",
        "4",
        "The sentence has 4 words.",
    ),
    _example(
        'How many characters does "hello world" have?',
        "hello world",
        "characters",
        "11",
        '"hello world" has 11 characters.',
    ),
    _example(
        "count the letters in 'good morning'",
        "good morning",
        "letters",
        "11",
        "'good morning' has 11 letters.",
    ),
    _example(
        "How often does the word red appear in: red car, blue car, red bike?",
        "red car, blue car, red bike",
        "occurrences",
        "2",
        "The word red appears 2 times.",
        of="red",
    ),
    _example("How many a's are there in banana?", "banana", "occurrences", "3", "banana has 3 a's.", of="a"),
    _example(
        "How many lines does this text have?\nroses are red\nviolets are blue",
        "roses are red\nviolets are blue",
        "lines",
        "2",
        "The text has 2 lines.",
    ),
    _example(
        "How long is the password tulip-59x, in characters?",
        "tulip-59x",
        "characters",
        "9",
        "The password has 9 characters.",
    ),
)

COUNT_TEXT = Tool(
    name="count_text",
    description="Counts the characters, letters, words or lines of a text, or how often something occurs.",
    parameters={
        "type": "object",
        "properties": {
            "text": {
                "type": "string",
                "description": "The text to count in, such as strawberry",
                "maxLength": MAX_CHARACTERS,
            },
            "what": {
                "type": "string",
                "description": "What to count",
                "enum": [*_COUNTS, "occurrences"],
            },
            "of": {
                "type": "string",
                "description": "For occurrences: the letter or word to look for, such as r",
                "maxLength": MAX_OF,
            },
        },
        "required": ["text", "what"],
        "additionalProperties": False,
    },
    examples=EXAMPLES,
    run=count_text,
)
