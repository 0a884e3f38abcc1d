"""A function of the user's that says whether an answer is right: `file.py:name`.

It gets the answer and the item (a dictionary with the fields of `Item`), and returns whether the answer is
right, or a pair: strictly, flexibly.
"""

import functools
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from slmtui.suites.item import Item, Outcome, Score
from slmtui.suites.suite import SuiteError
from tools.plain_text import one_line, visible

UserFunction = Callable[[str, dict[str, Any]], object]


def score_function(item: Item, outcome: Outcome) -> Score:
    """Ask the user's function. Raises `SuiteError` where it fails or returns anything else."""
    reference = item.expected.value
    function = user_function(reference)
    try:
        result = function(outcome.answer, msgspec.to_builtins(item))
    except (Exception, SystemExit) as error:
        raise SuiteError(f"{visible(reference)} failed at item {item.id}: {_said(error)}") from error
    match result:
        case bool():
            return Score(result, result)
        case (bool() as strict, bool() as flexible):
            return Score(strict, flexible)
    raise SuiteError(
        f"{visible(reference)} returned {one_line(repr(result), 80)} for item {item.id}: "
        "it should return True or False, or a pair of them (strictly, flexibly)"
    )


@functools.cache
def user_function(reference: str) -> UserFunction:
    """Return the function that `file.py:name` names, its file run once. Raises `SuiteError`."""
    file, _, name = reference.rpartition(":")
    if not file or not name.isidentifier():
        raise SuiteError(f"{visible(reference)} names no function: write it as file.py:name")
    found = vars(_module(Path(file))).get(name)
    if not callable(found):
        raise SuiteError(f"{visible(file)} has no function {name}")
    function: UserFunction = found
    return function


@functools.cache
def _module(file: Path) -> types.ModuleType:
    """Return the file as a module. Nothing is written beside it, unlike with an import."""
    module = types.ModuleType(f"slmtui_scorer_{len(sys.modules)}_{file.stem}")
    module.__file__ = str(file)
    sys.modules[module.__name__] = module  # dataclasses and enumerations look their module up
    try:
        code = compile(file.read_bytes(), str(file), "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 - the user named the file
    except OSError as error:
        raise SuiteError(f"{visible(str(file))} cannot be read: {error.strerror or error}") from error
    except (Exception, SystemExit) as error:  # whatever the file does when it runs
        raise SuiteError(f"{visible(str(file))} does not run: {_said(error)}") from error
    return module


def _said(error: BaseException) -> str:
    return one_line(f"{type(error).__name__}: {error}", 200)
