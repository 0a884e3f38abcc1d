"""What of a tool's result an answer must hold word for word, and nothing of its kind behind it.

A small model that has the result before its eyes still miscopies a digit, or goes on until it has
contradicted itself. So the answer is one line: some words, what the result comes to, and no number after
it. Of a result of several lines, the answer holds one.
"""

import re

from agents.string_grammar import literal

LONGEST = 160
"""Characters of a line up to which it can be quoted."""
MOST_LINES = 24
WORDS, LONGEST_WORD, BEHIND = 14, 15, 40
"""Words that may stand before what is quoted, their characters, and those behind it.

A model that wanders is led back.
"""

_EQUATION = re.compile(r".* = (-?[\d.,]+(?:e[+-]?\d+)?)\b.*")
_IS_A = re.compile(r"\S+ is a ([A-Z][a-z]+)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PLACE = re.compile(r"(?:\d+: |\S+:\d+: (?:[^:]{1,60}: )?)")


def essence(result: str) -> str:
    """Return what a result of one line comes to: the right side of an equation, the day of a date, or all."""
    for pattern in (_EQUATION, _IS_A):
        if match := pattern.fullmatch(result):
            return match[1]
    return result


def quoted_answer(result: str) -> str | None:
    """Return the GBNF expression of an answer that reports a result; None where it is too long for that.

    What is written begins with neither a brace nor a space, so that it is not taken for a call.
    """
    lines = [_PLACE.sub("", line, count=1).strip() for line in result.splitlines()]
    lines = [line for line in dict.fromkeys(lines) if line and not line.startswith(("{", "#"))]
    if not 0 < len(lines) <= MOST_LINES or len(lines[0]) > LONGEST:
        return None
    several = len(lines) > 1
    quoted = [line for line in lines if len(line) <= LONGEST] if several else [essence(lines[0])]
    behind = r"[^\n\x00]" if several else r"[^0-9\n\x00]"
    # A word that begins as a quotation is one: with two ways to read each character, the grammar would
    # cost more than the model. Before a list no other is begun, nor another date before a date.
    begins = "".join(sorted({_in_class(each[0]) for each in quoted}))
    apart = "," if ", " in quoted[0] else "0-9" if _DATE.fullmatch(quoted[0]) else ""
    word = rf'[^{{$\x00-\x20{begins}{apart}] [^\x00-\x20{apart}]{{0,{LONGEST_WORD}}} " "'
    quotation = f'"$"? ({" | ".join(map(literal, quoted))})'
    return rf'(({word}){{1,{WORDS}}} {quotation} {behind}{{0,{BEHIND}}} | {quotation} "."?)'


def _in_class(character: str) -> str:
    return f"\\U{ord(character):08X}"
