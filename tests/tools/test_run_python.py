import datetime
import sys
from collections.abc import Iterator

import psutil
import pytest

pytest.importorskip("pydantic_monty", reason="the optional Python for agents is not here")

from tools import run_python
from tools.arguments import complaint
from tools.registry import Example, Toolbox, ToolError
from tools.run_python import MAX_CODE, MAX_SHOWN, PythonRunner, python_tool, why_no_python

NOTHING = "It ran and showed nothing: print the result, or write it as the last line."


@pytest.fixture(scope="module")
def runner() -> Iterator[PythonRunner]:
    runner = PythonRunner(lambda: datetime.datetime(2026, 11, 23, 18, 30))
    yield runner
    runner.close()


@pytest.mark.parametrize("example", run_python.EXAMPLES, ids=lambda each: each.request)
def test_the_examples_show_what_they_say(runner: PythonRunner, example: Example) -> None:
    assert runner.run(**example.arguments) == example.result
    assert example.result in example.answer
    assert complaint(example.arguments, python_tool(runner).parameters) is None


def test_there_are_enough_different_examples() -> None:
    assert 8 <= len({example.request for example in run_python.EXAMPLES}) <= 14


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("1 + 1", "2"),
        ("'text'", "text"),
        ("print('a')\nprint('b')\n40 + 2  # the answer", "a\nb\n42"),
        ("x = 1; x + 1", "2"),
        ("é = 'ä'; é * 2", "ää"),
        ("[1,\n 2,\n][0]", "1"),
        ("1, 'a'", "(1, 'a')"),
        ("None", NOTHING),
        ("", NOTHING),
        ("print('only')", "only"),
        ("def f(n):\n    return n * 2\nf(4)", "8"),
        (
            "for n in range(3):\n    n",
            NOTHING,
        ),
        ("from datetime import date\ndate.today().isoformat()", "2026-11-23"),
        ("import time\ntime.sleep(1000)\n'awake'", "awake"),
    ],
)
def test_what_is_printed_and_the_last_value_are_shown(runner: PythonRunner, code: str, shown: str) -> None:
    assert runner.run(code) == shown


def test_nothing_is_kept_from_one_program_to_the_next(runner: PythonRunner) -> None:
    assert runner.run("x = 5\nx") == "5"
    with pytest.raises(ToolError, match=r"NameError: name 'x' is not defined \(line 1\)"):
        runner.run("x")
    assert runner.run("import random\nrandom.random()") == runner.run("import random\nrandom.random()")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("1 / 0", r"^ZeroDivisionError: division by zero \(line 1\)$"),
        ("print('before')\n[][3]", r"^before\nIndexError: list index out of range \(line 2\)$"),
        ("def f(:", r"^SyntaxError: .* \(line 1\)$"),
        ("raise ValueError('\x1b[31mred\\nline')", r"^ValueError: red line \(line 1\)$"),
        ("raise SystemExit('bye')", "^SystemExit: bye"),
        ("import statistics", "^ModuleNotFoundError: No module named 'statistics'"),
        ("(" * 900, "SyntaxError"),
    ],
)
def test_an_error_is_one_line_that_a_model_can_read(runner: PythonRunner, code: str, says: str) -> None:
    with pytest.raises(ToolError, match=says):
        runner.run(code)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("9**9**9", "MemoryError"),
        ("2**(10**8)", "MemoryError"),
        ("1 << 10**10", "MemoryError|OverflowError"),
        ("'a' * 10**10", "MemoryError"),
        ("f'{1:>{10**10}}'", "MemoryError"),
        ("[x for x in range(10**9)]", "MemoryError"),
        ("while True: pass", "TimeoutError"),
        ("while True: print('x' * 1000)", "TimeoutError"),
        ("x = 3**10**7\nwhile True: x * x", "TimeoutError|took longer"),
        ("def f(n): return f(n + 1)\nf(0)", "RecursionError"),
        ("().__class__.__mro__[1].__subclasses__()", "AttributeError"),
        ("open('/etc/passwd').read()", "PermissionError"),
        ("import os\nos.listdir('/')", "PermissionError"),
        ("import os\nos.environ['HOME']", "Error"),
        ("import subprocess", "ModuleNotFoundError"),
        ("import socket", "ModuleNotFoundError"),
        ("import ctypes", "ModuleNotFoundError"),
        ("__import__('os').system('ls')", "NameError"),
        ("'{0.__class__}'.format(1)", "Error"),
        ("class A:\n    def __repr__(self): return self.__class__.__mro__\nA()", "Error"),
    ],
)
def test_hostile_programs_come_to_an_error(runner: PythonRunner, code: str, says: str) -> None:
    with pytest.raises(ToolError, match=says):
        runner.run(code)
    assert runner.run("1 + 1") == "2"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("import re\nre.match('(a+)+$', 'a' * 40 + 'b') is None", "True"),
        ("print('x' * 10**7)", "x" * MAX_SHOWN),
        ("'x' * 10**7", "x" * MAX_SHOWN),
        ("list(range(10**5))", str(list(range(5000)))[:MAX_SHOWN]),
        ("(" * 500 + ")" * 500, NOTHING),
        ("repr = str = type = lambda value: 5\n['a', 1]", "['a', 1]"),
        ("class A:\n    def __repr__(self): return 'x' * 10**6\nA()", "x" * MAX_SHOWN),
    ],
)
def test_large_and_odd_results_stay_small_and_text(runner: PythonRunner, code: str, shown: str) -> None:
    told = runner.run(code)
    assert len(told) <= MAX_SHOWN
    assert told == shown


def test_a_value_that_holds_itself_is_shown_once(runner: PythonRunner) -> None:
    assert runner.run("a = []\na.append(a)\na").strip("[]") == "..."


def test_a_number_too_long_to_show_is_an_error(runner: PythonRunner) -> None:
    with pytest.raises(ToolError, match=r"ValueError|digits"):
        runner.run("10**5000")


async def test_in_a_box_it_is_a_tool_without_effect(runner: PythonRunner) -> None:
    tool = python_tool(runner)
    result = await Toolbox([tool]).run("run_python", {"code": "print('\\x1b[31m<tool_call>')"})
    assert (result.text, result.status, tool.effect) == ("<tool_call>", "ok", "none")
    too_long = await Toolbox([tool]).run("run_python", {"code": "x" * (MAX_CODE + 1)})
    assert too_long.status == "error"


def test_closing_stops_the_workers_and_a_new_call_starts_them() -> None:
    before = set(psutil.Process().children())
    runner = PythonRunner(lambda: datetime.datetime(2026, 1, 2))
    assert set(psutil.Process().children()) == before
    assert runner.run("2") == "2"
    workers = set(psutil.Process().children()) - before
    runner.close()
    psutil.wait_procs(workers, timeout=10)
    assert workers
    assert not any(worker.is_running() for worker in workers)
    assert runner.run("3") == "3"
    runner.close()
    runner.close()


def test_without_the_optional_part_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert why_no_python() is None
    monkeypatch.setitem(sys.modules, "pydantic_monty", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert why_no_python() == ("the optional part is not installed: `pip install 'slmtui[python]'` adds it")
