"""Spell a text, forwards letter by letter or backwards as one word."""

from tools.registry import Example, Tool, ToolError
from tools.text_clusters import clusters

MAX_CHARACTERS = 400


def spell_text(text: str, direction: str) -> str:
    """Return the characters of a text with `-` between them, or, backwards, joined from last to first.

    A character is what a reader sees as one, so an accent stays with its letter. Raises `ToolError`.
    """
    characters = clusters(" ".join(text.split()))
    if not characters:
        raise ToolError("There is nothing to spell: write a word.")
    return "".join(reversed(characters)) if direction == "backwards" else "-".join(characters)


def _example(request: str, text: str, direction: str, result: str, answer: str) -> Example:
    return Example(request, {"text": text, "direction": direction}, result, answer)


EXAMPLES = (
    _example("Spell the word rhythm", "rhythm", "forwards", "r-h-y-t-h-m", "rhythm is spelled r-h-y-t-h-m."),
    _example(
        "how do you spell accommodate letter by letter?",
        "accommodate",
        "forwards",
        "a-c-c-o-m-m-o-d-a-t-e",
        "You spell it a-c-c-o-m-m-o-d-a-t-e.",
    ),
    _example(
        "What are the letters of Ngozi, one by one?",
        "Ngozi",
        "forwards",
        "N-g-o-z-i",
        "The letters are N-g-o-z-i.",
    ),
    _example("Spell out the code QX7 for me", "QX7", "forwards", "Q-X-7", "The code is spelled Q-X-7."),
    _example("Spell planet backwards", "planet", "backwards", "tenalp", "planet backwards is tenalp."),
    _example("reverse the word drawer", "drawer", "backwards", "reward", "drawer reversed is reward."),
    _example(
        'Write "good night" backwards', "good night", "backwards", "thgin doog", "Backwards it is thgin doog."
    ),
    _example("What is 48213 read from right to left?", "48213", "backwards", "31284", "It reads 31284."),
    _example(
        "Is racecar the same backwards?",
        "racecar",
        "backwards",
        "racecar",
        "Backwards it is racecar, so it is the same.",
    ),
)

SPELL_TEXT = Tool(
    name="spell_text",
    description="Spells a word letter by letter, or writes it backwards.",
    parameters={
        "type": "object",
        "properties": {
            "text": {
                "type": "string",
                "description": "The word to spell, such as rhythm",
                "maxLength": MAX_CHARACTERS,
            },
            "direction": {"type": "string", "description": "Which way", "enum": ["forwards", "backwards"]},
        },
        "required": ["text", "direction"],
        "additionalProperties": False,
    },
    examples=EXAMPLES,
    run=spell_text,
)
