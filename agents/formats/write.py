"""Calls as the model would write them."""

import json
from collections.abc import Sequence
from itertools import pairwise

from agents.formats.calls import Call
from agents.formats.format import CallFormat
from agents.formats.patterns import filled, parts
from agents.formats.values import written_pairs


def written(fmt: CallFormat, calls: Sequence[Call]) -> str:
    """Return calls as the model would write them, in the spelling of its template; empty for no calls.

    A call whose arguments could not be read is written with the text that stood for them.
    """
    if not calls:
        return ""
    texts = [_call(fmt, call, index) for index, call in enumerate(calls)]
    return fmt.section_open + fmt.separator.join(texts) + fmt.section_close


def _call(fmt: CallFormat, call: Call, index: int) -> str:
    pattern = fmt.empty if fmt.empty and call.arguments == {} else fmt.call
    name = json.dumps(call.name, ensure_ascii=False)[1:-1] if fmt.kind == "json" else call.name
    return filled(
        pattern,
        name=name,
        arguments=arguments_text(fmt, call),
        id=call.id or identifier(fmt, call.name, index),
        index=index,
        number=index + 1,
    )


def arguments_text(fmt: CallFormat, call: Call) -> str:
    """Return the arguments of a call as they are written in it."""
    if call.arguments is None:
        return call.raw
    if fmt.arguments.style == "pairs":
        return written_pairs(call.arguments, fmt.arguments)
    text = json.dumps(call.arguments, ensure_ascii=False)
    return json.dumps(text, ensure_ascii=False) if fmt.arguments.style == "text" else text


def identifier(fmt: CallFormat, name: str, index: int) -> str:
    """Return an identifier for a call, nine letters and digits as the strictest templates want them.

    Where calls are numbered in a word with their name, it is that word.
    """
    word = id_word(fmt)
    return filled(word, name=name, index=index, number=index + 1) if word else f"call{index:05d}"


def id_word(fmt: CallFormat) -> str:
    """Return the pattern of the word that names and numbers a call, as in `functions.{name}:{index}`.

    Empty where the format has none.
    """
    pieces = parts(fmt.call)
    for (before, hole), (between, following) in pairwise(pieces):
        if hole == "name" and following in ("index", "number") and between and not between.strip(":.#-_"):
            start = len(before)
            while start and (before[start - 1].isalnum() or before[start - 1] in "._-"):
                start -= 1
            return f"{before[start:]}{{name}}{between}{{{following}}}"
    return ""
