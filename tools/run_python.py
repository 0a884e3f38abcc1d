"""Python for agents: a Rust interpreter in a process of its own, without files, network or other modules.

The interpreter is `pydantic-monty`, an optional part. What it may take is bounded twice: by its own limits,
and by the parent, which kills a worker that does not keep them. The clock is the user's, `random` begins
with the same seed every time, and waiting takes no time: the same code gives the same result.
"""

import ast
import contextlib
import threading
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tools.date_text import Now
from tools.extras import missing_extra
from tools.plain_text import one_line
from tools.python_examples import EXAMPLES
from tools.registry import Tool, ToolError

if TYPE_CHECKING:
    from pydantic_monty import Monty, MontySession, ResourceLimits

NAME = "run_python"
MAX_CODE = 2000
MAX_SHOWN = 8000
MAX_SECONDS = 3.0
MAX_MEMORY = 64 * 2**20
MAX_DEPTH = 300
_RESULT = "result_of_the_last_line"
# Written without the names of functions, which a program may have given to something else.
_SHOW = f"'' if {_RESULT} is None else f'{{{_RESULT}}}'[:{MAX_SHOWN}]"


def why_no_python() -> str | None:
    """Return why the tool is off, or None where it can be had."""
    return missing_extra("pydantic_monty", "python")


def python_tool(runner: "PythonRunner") -> Tool:
    """Return the tool `run_python`."""
    return Tool(
        name=NAME,
        description="Runs a short Python program and gives what it prints and the value of its last line.",
        parameters={
            "type": "object",
            "properties": {
                "code": {
                    "type": "string",
                    "description": "The program, such as sum(n * n for n in range(1, 11))",
                    "maxLength": MAX_CODE,
                }
            },
            "required": ["code"],
            "additionalProperties": False,
        },
        examples=EXAMPLES,
        run=runner.run,
    )


class PythonRunner:
    """Runs programs, each in a session of its own. Workers are started when first needed.

    `now` is the user's local time. Close it when no more is to be run.
    """

    def __init__(self, now: Now) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._pool: Monty | None = None

    def run(self, code: str) -> str:
        """Return what a program prints, and the value of its last line. Raises `ToolError`."""
        from pydantic_monty import MontyError  # noqa: PLC0415 - an optional part

        printed = _Printed()
        source, has_value = _with_last_value(code)
        try:
            with self._session() as session:
                session.feed_run(source, print_callback=printed)
                value = session.feed_run(_SHOW, print_callback=printed) if has_value else ""
        except MontyError as error:
            raise ToolError(_told(error, printed.text)) from error
        except (OSError, RuntimeError, ValueError) as error:  # the worker is gone, or cannot be started
            raise ToolError(f"Python could not run it: {one_line(str(error), 120)}") from error
        shown = printed.text + (value if isinstance(value, str) else "")
        return (
            shown.strip("\n") or "It ran and showed nothing: print the result, or write it as the last line."
        )

    def close(self) -> None:
        """Stop the workers."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.__exit__(None, None, None)

    def _session(self) -> "MontySession":
        limits: ResourceLimits = {
            "max_feed_duration_secs": MAX_SECONDS,
            "max_memory": MAX_MEMORY,
            "max_recursion_depth": MAX_DEPTH,
        }
        now: datetime = self._now()
        return self._started().checkout(
            limits=limits, os_policy={"datetime": now, "sleep": "zero", "random_start": {"seed": 0}}
        )

    def _started(self) -> "Monty":
        from pydantic_monty import Monty  # noqa: PLC0415 - an optional part

        with self._lock:
            if self._pool is None:
                pool = Monty(
                    min_processes=0,
                    max_processes=2,
                    checkout_timeout=MAX_SECONDS,
                    request_timeout=MAX_SECONDS + 2,
                )
                self._pool = pool.__enter__()
            return self._pool


class _Printed:
    """What a program printed, the beginning of it."""

    def __init__(self) -> None:
        self.text = ""

    def __call__(self, _stream: str, text: str) -> None:
        self.text += text[: MAX_SHOWN - len(self.text)]


def _with_last_value(code: str) -> tuple[str, bool]:
    """Return the code with its last expression kept under a name, and whether it has one.

    The value then stays in the worker, whatever its size; lines keep their numbers.
    """
    last: Any = None
    with contextlib.suppress(SyntaxError, ValueError, MemoryError, RecursionError):
        body = ast.parse(code).body  # nothing is run; what cannot be read here, the worker explains
        last = body[-1] if body else None
    if not isinstance(last, ast.Expr) or last.end_lineno is None or last.end_col_offset is None:
        return code, False
    lines = [line.encode() for line in code.splitlines(keepends=True)]
    end, start = last.end_lineno - 1, last.lineno - 1
    if len(lines) <= end:
        return code, False  # odd line breaks: Python counts them differently
    lines[end] = lines[end][: last.end_col_offset] + b")" + lines[end][last.end_col_offset :]
    opening = f"{_RESULT} = (".encode()
    lines[start] = lines[start][: last.col_offset] + opening + lines[start][last.col_offset :]
    return b"".join(lines).decode(errors="replace"), True


def _told(error: Exception, printed: str) -> str:
    """Return an error of a program as one line for a model, after what it had printed."""
    from pydantic_monty import MontyCrashedError, MontyRuntimeError, MontySyntaxError  # noqa: PLC0415

    if isinstance(error, MontyCrashedError):
        line = (
            f"the program took longer than {MAX_SECONDS:g} s"
            if error.timed_out
            else "the program crashed Python"
        )
    elif isinstance(error, MontyRuntimeError | MontySyntaxError):
        frames = error.traceback()
        where = f" (line {frames[-1].line})" if frames else ""
        line = one_line(error.display("type-msg"), 200) + where
    else:
        line = one_line(str(error), 200)
    return f"{printed.rstrip()}\n{line}".lstrip()
