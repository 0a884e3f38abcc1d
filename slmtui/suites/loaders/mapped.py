"""Any JSON lines or CSV, with a mapping that says which field is what.

The keys `prompt`, `answer`, `options`, `id`, `tool`, `skill` and `level` name fields, with dots into objects
and lists (`choices.0.text`); a prompt may be of several, `passage+question`, and so may options that are no
list, `A+B+C+D`. The keys `scorer`, `relative`, `absolute`, `function` and `data_set` are values. Without a
mapping for them, `prompt` and `answer` are the fields of these names.
"""

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast, get_args

import msgspec

from slmtui.suites.item import NO_TOOL, Expected, ExpectedCall, Instruction, Item, Kind
from slmtui.suites.loaders.data_file import DataFile, rows_of
from slmtui.suites.loaders.multiple_choice import choice_expected, choice_prompt
from slmtui.suites.loaders.row import Row
from slmtui.suites.scorers.dates import dates_in
from slmtui.suites.scorers.functions import user_function
from slmtui.suites.scorers.instructions import check_instruction
from slmtui.suites.scorers.patterns import check_pattern
from slmtui.suites.suite import SuiteError

_FIELDS = ("prompt", "answer", "options", "id", "tool", "skill", "level")
_VALUES = ("scorer", "relative", "absolute", "function", "data_set")
KEYS = (*_FIELDS, *_VALUES)
"""What a mapping may have."""

MapTo = Callable[[Row, Mapping[str, str]], Expected]


def mapped_items(file: DataFile, mapping: Mapping[str, str]) -> tuple[Item, ...]:
    """Return the rows of a file as items, as a mapping tells. Raises `SuiteError`."""
    mapping = _checked(mapping)
    kind = cast("Kind", mapping["scorer"])
    data_set = mapping.get("data_set", file.stem)
    return tuple(_item(number, row, kind, data_set, mapping) for number, row in enumerate(rows_of(file), 1))


def _checked(given: Mapping[str, str]) -> dict[str, str]:
    for key in given:
        if key not in KEYS:
            raise SuiteError(f"--map {key}: there is no such key; known are {', '.join(KEYS)}")
    usual = "choice" if "options" in given else "function" if "function" in given else "exact"
    off = {"relative": "0", "absolute": "1e-6"}
    mapping = {"prompt": "prompt", "answer": "answer", "scorer": usual, **off, **given}
    if mapping["scorer"] not in get_args(Kind):
        raise SuiteError(f"--map scorer={mapping['scorer']}: known are {', '.join(get_args(Kind))}")
    given_row = Row("--map", mapping)
    for key in off:
        if given_row.number(key) < 0:
            raise given_row.error(key, "this should not be below 0")
    return mapping


def _item(number: int, row: Row, kind: Kind, data_set: str, mapping: Mapping[str, str]) -> Item:
    expected = _EXPECTED.get(kind, _plain)(row, mapping)
    prompt = _prompt(row, mapping["prompt"])
    if expected.kind == "choice":
        prompt = choice_prompt(prompt, expected.values)
    tool, skill, level = (
        row.text(mapping[key]) if key in mapping else "" for key in ("tool", "skill", "level")
    )
    if kind == "no_call":
        tool = tool or NO_TOOL
    name = row.text(mapping["id"]) if "id" in mapping else f"{data_set}-{number}"
    return Item(name, data_set, prompt, expected, tool, skill, level)


def _prompt(row: Row, names: str) -> str:
    if names in row.fields:
        return row.text(names)
    return "\n\n".join(row.text(name.strip()) for name in names.split("+"))


def _plain(row: Row, mapping: Mapping[str, str]) -> Expected:
    """Expect the answer's field; where that is a list, its first, or any other of it."""
    name = mapping["answer"]
    values = row.texts(name) if isinstance(row.value(name), list) else (row.text(name),)
    if not values:
        raise row.error(name, "this is empty")
    return Expected(cast("Kind", mapping["scorer"]), values[0], values[1:])


def _number(row: Row, mapping: Mapping[str, str]) -> Expected:
    name, plain = mapping["answer"], _plain(row, mapping)
    first, *others = (
        repr(Row(row.place, {name: each}).number(name)) for each in (plain.value, *plain.values)
    )
    relative, absolute = float(mapping["relative"]), float(mapping["absolute"])
    return Expected("number", first, tuple(others), relative, absolute)


def _date(row: Row, mapping: Mapping[str, str]) -> Expected:
    name = mapping["answer"]
    found = dates_in(row.text(name))
    if len(found) != 1:
        raise row.error(name, "this should be one date, such as 2024-03-05")
    return Expected("date", found[0].isoformat())


def _choice(row: Row, mapping: Mapping[str, str]) -> Expected:
    return choice_expected(row, mapping["answer"], _options(row, mapping))


def _options(row: Row, mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Return the options: a list, or several fields with a plus between, as in CSV."""
    name = mapping.get("options", "options")
    if row.has(name) or "+" not in name:
        return row.texts(name)
    return tuple(row.text(each.strip()) for each in name.split("+"))


def _among(row: Row, mapping: Mapping[str, str]) -> Expected:
    """Expect one of the options, as a word."""
    kind = cast("Kind", mapping["scorer"])
    options = _options(row, mapping)
    answer = ", ".join(options) if kind == "sequence" else row.text(mapping["answer"])
    if kind != "sequence" and answer not in options:
        raise row.error(mapping["answer"], f"{answer[:40]!r} is none of the options")
    return Expected(kind, answer, options)


def _regex(row: Row, mapping: Mapping[str, str]) -> Expected:
    expected = _plain(row, mapping)
    try:
        check_pattern(expected.value)
    except SuiteError as error:
        raise row.error(mapping["answer"], str(error)) from error
    return expected


def _calls(row: Row, mapping: Mapping[str, str]) -> Expected:
    return Expected("calls", calls=_converted(row, mapping["answer"], tuple[ExpectedCall, ...]))


def _instructions(row: Row, mapping: Mapping[str, str]) -> Expected:
    instructions = _converted(row, mapping["answer"], tuple[Instruction, ...])
    for each in instructions:
        try:
            check_instruction(each)
        except SuiteError as error:
            raise row.error(mapping["answer"], str(error)) from error
    return Expected("instructions", instructions=instructions)


def _converted(row: Row, name: str, to: Any) -> Any:
    value = row.value(name)
    try:
        # A cell of CSV has it as JSON.
        return msgspec.json.decode(value, type=to) if isinstance(value, str) else msgspec.convert(value, to)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise row.error(name, str(error)) from error


def _no_call(_row: Row, _mapping: Mapping[str, str]) -> Expected:
    return Expected("no_call")


def _function(_row: Row, mapping: Mapping[str, str]) -> Expected:
    if "function" not in mapping:
        raise SuiteError("--map scorer=function needs --map function=file.py:name")
    return Expected("function", _whole(mapping["function"]))


@functools.cache
def _whole(reference: str) -> str:
    """Return the reference with the whole path, so that a run can go on from another folder."""
    file, _, name = reference.rpartition(":")
    whole = f"{Path(file).absolute()}:{name}"
    user_function(whole if file else reference)
    return whole


_EXPECTED: Mapping[Kind, MapTo] = {
    "number": _number,
    "date": _date,
    "choice": _choice,
    "word": _among,
    "first": _among,
    "sequence": _among,
    "regex": _regex,
    "calls": _calls,
    "no_call": _no_call,
    "instructions": _instructions,
    "function": _function,
}
