"""The user's own tools: the public functions of a Python file, with type hints and a docstring.

The description is the docstring's first paragraph; an `Args:` section in Google's style describes the
arguments. A function may be async, and returns text or anything that `str` or JSON can show. It runs the
user's own code, so it asks before every use, unless the file says otherwise below the function:
`my_function.effect = "none"`. What it prints goes to the log.
"""

import asyncio
import inspect
import json
import logging
import sys
import types
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as TooLong
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from tools.docstrings import described
from tools.extras import ToolOff
from tools.function_schema import SignatureError, arguments_schema, checked_call, told
from tools.plain_text import one_line, visible
from tools.registry import Effect, Tool, ToolError
from tools.threads import started

LOAD_SECONDS = 10.0
_log = logging.getLogger(__name__)


class FunctionsError(Exception):
    """A file of functions cannot be used; the text names the file and the line, and says what is wrong."""


@dataclass(frozen=True, slots=True)
class Functions:
    """The tools of a file, and the functions in it that could not become one."""

    tools: tuple[Tool, ...]
    off: tuple[ToolOff, ...]


def function_tools(file: Path, *, load_seconds: float = LOAD_SECONDS) -> Functions:
    """Run a Python file and return its functions as tools, in their order. Raises `FunctionsError`."""
    future = started(lambda: _loaded(file), f"load {file.name}")
    try:
        module = future.result(load_seconds)
    except TooLong as error:
        future.cancel()
        raise FunctionsError(
            f"{visible(str(file))} took longer than {load_seconds:g} s to load: move its work into functions"
        ) from error
    tools, off = [], []
    for name, function in _public(module):
        try:
            tools.append(_tool(name, function, file))
        except SignatureError as error:
            line = function.__code__.co_firstlineno
            off.append(ToolOff(name, f"{visible(str(file))}, line {line}: {error}"))
    return Functions(tuple(tools), tuple(off))


def _loaded(file: Path) -> types.ModuleType:
    """Return the file as a module. Nothing is written beside it, unlike with an import."""
    shown = visible(str(file))
    try:
        source = file.read_bytes()
    except OSError as error:
        raise FunctionsError(
            f"{shown} cannot be read ({error.strerror or error}): name another file"
        ) from error
    module = types.ModuleType(f"slmtui_functions_{len(sys.modules)}_{file.stem}")
    module.__file__ = str(file)
    module.__dict__["print"] = _print
    sys.modules[module.__name__] = module  # dataclasses and enumerations look their module up
    code = _compiled(source, file)
    try:
        exec(code, module.__dict__)  # noqa: S102 - the user named the file
    except (Exception, SystemExit) as error:  # whatever the file does when it runs
        line, said = _where(error, file)
        raise FunctionsError(f"{shown}, line {line}: {said}") from error
    return module


def _compiled(source: bytes, file: Path) -> types.CodeType:
    try:
        return compile(source, str(file), "exec", dont_inherit=True)
    except SyntaxError as error:
        line = f"line {error.lineno or 1}: {one_line(error.msg, 200)}"
        raise FunctionsError(f"{visible(str(file))}, {line}") from error
    except ValueError as error:  # null bytes
        raise FunctionsError(f"{visible(str(file))} is not a Python file: {error}") from error


def _where(error: BaseException, file: Path) -> tuple[int, str]:
    """Return the last line of the file that had a part in an error, and what went wrong, on one line."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(file):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line, one_line(f"{type(error).__name__}: {error}", 200)


def _print(*values: object, **_how: object) -> None:
    _log.info("%s", one_line(" ".join(map(str, values)), 500))


def _public(module: types.ModuleType) -> Iterator[tuple[str, types.FunctionType]]:
    for name, value in vars(module).items():
        if name.startswith("_") or value is _print or not inspect.isfunction(value):
            continue
        if value.__module__ == module.__name__ and value.__name__ == name:
            yield name, value


def _tool(name: str, function: types.FunctionType, file: Path) -> Tool:
    if not (function.__doc__ or "").strip():
        raise SignatureError("it has no docstring; its first paragraph tells the model what it does")
    description, arguments = described(function.__doc__ or "")
    effect = getattr(function, "effect", "reaches out")
    if effect not in get_args(Effect):
        known = ", ".join(map(repr, get_args(Effect)))
        raise SignatureError(f"its effect is {one_line(repr(effect), 40)}; it should be one of {known}")
    return Tool(
        name=name,
        description=description,
        parameters=arguments_schema(function, arguments),
        examples=(),
        run=_runner(function, file),
        effect=cast("Effect", effect),
        source=visible(file.name),
    )


def _runner(function: Callable[..., Any], file: Path) -> Callable[..., str]:
    checked = checked_call(function)

    def run(**arguments: object) -> str:
        try:
            result = checked(**arguments)
            if inspect.iscoroutine(result):
                result = asyncio.run(result)
        except (ValidationError, ToolError) as error:
            raise ToolError(told(error) if isinstance(error, ValidationError) else str(error)) from error
        except (Exception, SystemExit) as error:
            line, said = _where(error, file)
            raise ToolError(f"{said} ({visible(file.name)}, line {line})") from error
        return as_text(result)

    return run


def as_text(value: object) -> str:
    """Return what a function returned, as text: JSON where it is made of lists and objects."""
    if value is None:
        return "Done."
    if isinstance(value, str):
        return value
    try:
        return json.dumps(to_jsonable_python(value), ensure_ascii=False)
    except ValueError:  # what JSON has no way to write
        return str(value)
