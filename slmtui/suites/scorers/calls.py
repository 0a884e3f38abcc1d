"""Right calls of tools, compared as the Berkeley Function-Calling Leaderboard compares them.

Texts are compared without case, spaces and the marks `, . / - _ * ^`, numbers by value (5 is 5.0), lists in
order. An argument may be missing where "" is among the values allowed for it. Calls may stand in any order.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from slmtui.suites.item import Called, ExpectedCall, Item, Outcome, Score


def score_calls(item: Item, outcome: Outcome) -> Score:
    """Strictly, the right calls were made and no others; flexibly, the first call was of a right tool."""
    wanted, called = item.expected.calls, outcome.called
    strict = len(called) == len(wanted) and _paired(wanted, called)
    first = bool(called) and _bare(called[0].name) in {_bare(call.name) for call in wanted}
    return Score(strict, first, ", ".join(map(_shown, called)))


def score_no_call(_item: Item, outcome: Outcome) -> Score:
    """No tool was called in a turn that ended well; strictly, something was answered too."""
    none = not outcome.called and outcome.status == "ok"
    return Score(none and bool(outcome.answer.strip()), none, ", ".join(map(_shown, outcome.called)))


def _paired(wanted: tuple[ExpectedCall, ...], called: tuple[Called, ...]) -> bool:
    """Whether each right call has a call of its own that matches it."""
    if not wanted:
        return True
    rest = (called[:at] + called[at + 1 :] for at, call in enumerate(called) if _matches(call, wanted[0]))
    return any(_paired(wanted[1:], others) for others in rest)


def _matches(call: Called, wanted: ExpectedCall) -> bool:
    return _bare(call.name) == _bare(wanted.name) and _fits(call.arguments, wanted.arguments)


def _bare(name: str) -> str:
    """Return the name of a tool with dots as underscores: not every template can write a dot in one."""
    return name.replace(".", "_")


def _fits(given: Mapping[str, Any], allowed: Mapping[str, Any]) -> bool:
    """Whether arguments, or the entries of one, are all allowed and none that is needed is missing."""
    return all(
        name in allowed and _among(value, _several(allowed[name])) for name, value in given.items()
    ) and all(name in given or "" in _several(values) for name, values in allowed.items())


def _several(values: Any) -> Sequence[Any]:
    return values if isinstance(values, list | tuple) else [values]


def _among(value: Any, allowed: Sequence[Any]) -> bool:
    return any(_same(value, each) for each in allowed)


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return _plain(value) == _plain(wanted)
    if isinstance(value, Mapping) and isinstance(wanted, Mapping):
        return _fits(value, wanted)
    if isinstance(value, list | tuple) and isinstance(wanted, list | tuple):
        return len(value) == len(wanted) and all(map(_same, value, wanted))
    if isinstance(value, bool) or isinstance(wanted, bool):  # in Python, True is 1
        return value is wanted
    return bool(value == wanted)


def _plain(text: str) -> str:
    return re.sub(r"[ ,./\-_*^]", "", text).lower().replace("'", '"')


def _shown(call: Called) -> str:
    return f"{call.name}({msgspec.json.encode(call.arguments).decode()})"
