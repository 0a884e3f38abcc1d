import json
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tools.functions import FunctionsError, as_text, function_tools
from tools.registry import Tool, Toolbox, ToolError

GOOD = '''
from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from enum import Enum
from os.path import join
from typing import Literal, Optional

LIMIT = 5

class Size(Enum):
    SMALL = "small"
    LARGE = "large"

@dataclass
class Point:
    x: float
    title: str = ""

def weather(city: str, days: int = 1, unit: Literal["C", "F"] = "C", size: Size = Size.SMALL) -> str:
    """Tells the weather of a city,
    for some days.

    It asks nobody.

    Args:
        city: Where, such as
            Oslo.
        days (int): How many days.
        colour: There is no such argument.

    Returns:
        days: not an argument
    """
    return f"{city} {days} {unit} {size.name}"

def total(numbers: list[float], factor: Optional[float] = None, loud: bool = False) -> float:
    """Adds numbers."""
    return sum(numbers) * (factor or 1)

total.effect = "none"

async def later(day: datetime.date) -> dict:
    """Names the next day."""
    return {"next": day + datetime.timedelta(days=1)}

def where(point: Point) -> str:
    """Says where a point is."""
    print("asked for", point)
    return f"{point.x} {point.title}"

def fails(kind: str) -> str:
    """Fails."""
    if kind == "exit":
        raise SystemExit(3)
    if kind == "bug":
        return [][1]
    raise ValueError(f"no {kind}\\n\\x1b[31m")

def _private(x: int) -> int:
    """Is not a tool."""
    return x

helper = lambda x: x
also = total
'''


def line_of(text: str) -> int:
    return next(n for n, line in enumerate(GOOD.splitlines(), 1) if text in line)


def written(folder: Path, source: str) -> Path:
    file = folder / "my_tools.py"
    file.write_text(textwrap.dedent(source), encoding="utf-8")
    return file


@pytest.fixture
def tools(tmp_path: Path) -> dict[str, Tool]:
    found = function_tools(written(tmp_path, GOOD))
    assert found.off == ()
    assert [path.name for path in tmp_path.iterdir()] == ["my_tools.py"]
    return {tool.name: tool for tool in found.tools}


def test_the_public_functions_of_the_file_are_tools_in_its_order(tools: dict[str, Tool]) -> None:
    assert list(tools) == ["weather", "total", "later", "where", "fails"]
    assert {tool.source for tool in tools.values()} == {"my_tools.py"}
    assert {name: tool.effect for name, tool in tools.items() if tool.effect != "reaches out"} == {
        "total": "none"
    }


def test_a_schema_comes_from_the_hints_and_the_docstring(tools: dict[str, Tool]) -> None:
    assert tools["weather"].description == "Tells the weather of a city, for some days."
    assert json.loads(json.dumps(tools["weather"].parameters)) == {
        "type": "object",
        "$defs": {"Size": {"enum": ["small", "large"], "type": "string"}},
        "properties": {
            "city": {"type": "string", "description": "Where, such as Oslo."},
            "days": {"type": "integer", "default": 1, "description": "How many days."},
            "unit": {"enum": ["C", "F"], "type": "string", "default": "C"},
            "size": {"$ref": "#/$defs/Size", "default": "small"},
        },
        "required": ["city"],
        "additionalProperties": False,
    }
    assert tools["total"].parameters["properties"] == {
        "numbers": {"type": "array", "items": {"type": "number"}},
        "factor": {"anyOf": [{"type": "number"}, {"type": "null"}], "default": None},
        "loud": {"type": "boolean", "default": False},
    }
    assert tools["where"].parameters["$defs"]["Point"]["properties"].keys() == {"x", "title"}


@pytest.mark.parametrize(
    ("name", "arguments", "text"),
    [
        ("weather", {"city": "Oslo"}, "Oslo 1 C SMALL"),
        ("weather", {"city": "Oslo", "days": 2.0, "unit": "F", "size": "large"}, "Oslo 2 F LARGE"),
        ("total", {"numbers": [1, 2.5]}, "3.5"),
        ("total", {"numbers": [1], "factor": None}, "1.0"),
        ("later", {"day": "2026-02-28"}, '{"next": "2026-03-01"}'),
        ("where", {"point": {"x": 1}}, "1.0 "),
    ],
)
async def test_a_call_gets_the_values_that_the_hints_ask_for(
    tools: dict[str, Tool],
    name: str,
    arguments: dict[str, Any],
    text: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    result = await Toolbox(tools.values()).run(name, arguments)
    assert (result.status, result.text) == ("ok", text)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("weather", {"city": "Oslo", "unit": "K"}, "unit must be one of C, F, not 'K'."),
        ("weather", {"city": "Oslo", "size": "huge"}, "size must be one of small, large, not 'huge'."),
        ("later", {"day": "tomorrow"}, "day: Input should be a valid date"),
        ("fails", {"kind": "tea"}, f"ValueError: no tea (my_tools.py, line {line_of('no {kind}')})"),
        (
            "fails",
            {"kind": "bug"},
            f"IndexError: list index out of range (my_tools.py, line {line_of('[][1]')})",
        ),
        ("fails", {"kind": "exit"}, f"SystemExit: 3 (my_tools.py, line {line_of('SystemExit')})"),
    ],
)
async def test_what_goes_wrong_is_an_error_result_on_one_line(
    tools: dict[str, Tool], name: str, arguments: dict[str, Any], says: str
) -> None:
    result = await Toolbox(tools.values()).run(name, arguments)
    assert (result.status, "\n" in result.text) == ("error", False)
    assert result.text.startswith(says)


@pytest.mark.parametrize(
    ("source", "name", "says"),
    [
        ('def f(x) -> str:\n    """Does."""', "f", "line 1: x has no type hint"),
        ("\ndef f(x: int) -> str:\n    return ''", "f", "line 2: it has no docstring"),
        ('def f(*x: int) -> str:\n    """Does."""', "f", r"\*x: int has no fixed names"),
        ('def f(x: int, /) -> str:\n    """Does."""', "f", "x can only be given by position"),
        ('def f(x: "Nowhere") -> str:\n    """Does."""', "f", "'Nowhere' in its type hints is not known"),
        ('class A: pass\ndef f(x: A) -> str:\n    """Does."""', "f", "its type hints have no JSON Schema"),
        (
            'def f(x: int) -> str:\n    """Does."""\nf.effect = "magic"',
            "f",
            "its effect is 'magic'; it should be",
        ),
    ],
)
def test_a_function_that_cannot_be_a_tool_is_left_out_with_a_reason(
    tmp_path: Path, source: str, name: str, says: str
) -> None:
    found = function_tools(
        written(tmp_path, source + '\ndef good() -> str:\n    """Does."""\n    return "yes"\n')
    )
    assert [tool.name for tool in found.tools] == ["good"]
    assert [off.name for off in found.off] == [name]
    with pytest.raises(ValueError, match=says):
        raise ValueError(found.off[0].reason)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("x = 1\ndef f(:\n    pass", r"my_tools.py, line 2: invalid syntax"),
        ("import os\n\n1 / 0", "line 3: ZeroDivisionError: division by zero"),
        ("def f():\n    raise KeyError('a')\n\nf()", "line 2: KeyError: 'a'"),
        ("import nowhere_at_all", "line 1: ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("import sys\nsys.exit('bye')", "line 2: SystemExit: bye"),
        ("x = '\0'", "my_tools.py"),
        ("raise ValueError('\\x1b[31mred\\n' * 500)", "line 1: ValueError: red red"),
    ],
)
def test_an_error_in_the_file_is_told_with_its_line(tmp_path: Path, source: str, says: str) -> None:
    with pytest.raises(FunctionsError, match=says) as caught:
        function_tools(written(tmp_path, source))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        FunctionsError, match=r"missing.py cannot be read \(No such file or directory\): name"
    ):
        function_tools(tmp_path / "missing.py")
    with pytest.raises(FunctionsError, match="cannot be read"):
        function_tools(tmp_path)
    binary = tmp_path / "binary.py"
    binary.write_bytes(bytes(range(256)))
    with pytest.raises(FunctionsError, match=r"binary\.py"):
        function_tools(binary)


def test_a_file_that_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    file = written(tmp_path, "import threading\nthreading.Event().wait(20)")
    with pytest.raises(
        FunctionsError, match=r"took longer than 0.05 s to load: move its work into functions"
    ):
        function_tools(file, load_seconds=0.05)


async def test_a_function_that_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    source = 'import asyncio\nasync def slow() -> str:\n    """Waits."""\n    await asyncio.sleep(20)\n'
    box = Toolbox(function_tools(written(tmp_path, source)).tools, timeout=0.05)
    assert (await box.run("slow", {})).text == "slow took longer than 0.05 s."


def test_two_files_of_one_name_do_not_meet(tmp_path: Path) -> None:
    sources = [
        'def which() -> str:\n    """Says."""\n    return NAME\nNAME = "' + name + '"\n' for name in "ab"
    ]
    runs = []
    for source in sources:
        folder = tmp_path / str(len(runs))
        folder.mkdir()
        runs.append(function_tools(written(folder, source)).tools[0].run)
    assert [run() for run in runs] == ["a", "b"]


def test_its_own_error_class_is_said_as_it_is(tmp_path: Path) -> None:
    source = (
        'from tools.registry import ToolError as E\ndef f() -> str:\n    """Does."""\n    raise E("No tea.")'
    )
    tool = function_tools(written(tmp_path, source)).tools[0]
    with pytest.raises(ToolError, match=r"^No tea\.$"):
        tool.run()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "Done."),
        ("a", "a"),
        (5, "5"),
        (True, "true"),
        ([1, "é"], '[1, "é"]'),
        ({"a": {1, 2}}, '{"a": [1, 2]}'),
        (float("nan"), "NaN"),
    ],
)
def test_what_a_function_returns_becomes_text(value: object, text: str) -> None:
    assert as_text(value) == text


def test_what_json_cannot_write_is_text_too() -> None:
    class Odd:
        def __str__(self) -> str:
            return "odd"

    assert as_text(Odd()) == "odd"
