"""Random calls with the tools they are of, for hypothesis: what a format can write at all."""

import string
from typing import Any

from hypothesis import strategies as st

from agents.formats.calls import Call
from agents.formats.format import CallFormat
from agents.formats.patterns import literal, split_at
from agents.formats.schema_types import json_type
from agents.formats.spec import ToolSpec

_FIRST, _REST = string.ascii_letters + "_", string.ascii_letters + string.digits + "_"
_KEYS = st.builds(str.__add__, st.sampled_from(_FIRST), st.text(_REST, max_size=8)).filter(
    lambda k: k != "item"
)
_HARD = [
    '"',
    "'",
    "\\",
    "\n",
    "\n\n",
    "{",
    "}}",
    "</",
    "<",
    "é",
    "😀",
    "\t",
    " x ",
    "[1]",
    "true",
    "42",
    "None",
    "`",
]


def calls(fmt: CallFormat) -> st.SearchStrategy[tuple[list[Call], list[ToolSpec]]]:
    """Return one to three calls, or one where the format has no more."""
    arguments = st.dictionaries(_KEYS, _values(_texts(fmt)), max_size=4)
    return st.lists(arguments, min_size=1, max_size=3 if fmt.several else 1).map(_made)


def _made(all_arguments: list[dict[str, Any]]) -> tuple[list[Call], list[ToolSpec]]:
    found = [Call(f"t_{n}", arguments) for n, arguments in enumerate(all_arguments)]
    return found, [ToolSpec(call.name, "", _schema(call.arguments)) for call in found]


def _schema(value: object) -> dict[str, Any]:
    """Return a schema that says the type of a value and of all in it."""
    kind = json_type(value)
    schema: dict[str, Any] = {"type": kind}
    if isinstance(value, dict):
        schema["properties"] = {key: _schema(below) for key, below in value.items()}
    if isinstance(value, list) and value:
        schema["items"] = _schema(value[0])
    return schema


def _texts(fmt: CallFormat) -> st.SearchStrategy[str]:
    """Return texts without what would end them: between tags, nothing is escaped."""
    ends = [fmt.arguments.quote]
    if fmt.arguments.style == "pairs":
        head, tail = split_at(fmt.arguments.pair, "value")
        ends += [literal(tail).strip(), literal(head).strip()]
    ends = [end for end in ends if len(end) > 1]
    texts = st.lists(st.sampled_from([*"ab 0中", *_HARD]), max_size=6).map("".join)
    return texts.filter(lambda text: not any(end in text for end in ends))


def _values(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    numbers = st.one_of(
        st.integers(-(10**12), 10**12), st.floats(allow_nan=False, allow_infinity=False, width=32)
    )
    plain = st.one_of(texts, numbers, st.booleans())
    lists = st.one_of(st.lists(texts, max_size=3), st.lists(st.integers(-9, 9), max_size=3))
    nested = st.dictionaries(_KEYS, st.one_of(plain, lists), max_size=3)
    return st.one_of(plain, st.none(), lists, nested, st.lists(nested, min_size=1, max_size=1))
