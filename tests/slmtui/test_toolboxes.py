import datetime
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.grammar import object_grammar
from slmtui.settings import Settings
from slmtui.tool_schemas import fitting, has_grammar
from slmtui.toolboxes import ToolSupply, gather_tools
from tools.note_files import NotesError
from tools.registry import Tool

ALWAYS = [
    "calculator", "convert_units", "days_between", "add_days", "weekday",
    "count_text", "sort_list", "compare_texts", "spell_text",
]  # fmt: skip
SERVER = str(Path(__file__).parents[1] / "tools" / "mcp_server_script.py")
RAW = str(Path(__file__).parents[1] / "tools" / "raw_mcp_server.py")


def now() -> datetime.datetime:
    return datetime.datetime(2026, 11, 23)


def supply_of(notes: Path | None = None, **tools: Any) -> ToolSupply:
    return gather_tools(Settings(notes=notes, tools={"python": False, **tools}), now=now)


def names(supply: ToolSupply) -> list[str]:
    return [tool.name for tool in supply.tools]


def reasons(supply: ToolSupply) -> dict[str, str]:
    return {off.name: off.reason for off in supply.off if off.asked}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "sales.csv"
    file.write_text("city,sold\nOslo,3\nRome,5\n", encoding="utf-8")
    return file


def test_what_is_not_configured_is_off_without_being_asked_for() -> None:
    supply = supply_of()
    assert names(supply) == ALWAYS
    assert reasons(supply) == {}
    assert [off.name for off in supply.off] == [
        "search_notes", "add_note", "read_file", "table_figure", "query_table", "run_python"
    ]  # fmt: skip
    assert gather_tools(Settings(tools={"python": False})).box().names == tuple(ALWAYS)


def test_what_is_configured_is_there(tmp_path: Path, table: Path) -> None:
    (tmp_path / "a.md").write_text("Tea.", encoding="utf-8")
    supply = supply_of(tmp_path, folder=tmp_path, tables=[table])
    assert names(supply) == [
        *ALWAYS, "search_notes", "add_note", "read_file", "table_figure", "query_table"
    ]  # fmt: skip
    assert {tool.name: tool.effect for tool in supply.tools if tool.effect != "none"} == {
        "add_note": "writes"
    }


async def test_python_is_there_with_its_optional_part() -> None:
    pytest.importorskip("pydantic_monty")
    supply = supply_of(python=True)
    assert names(supply) == [*ALWAYS, "run_python"]
    box = supply.box()
    code = "from datetime import date\ndate.today().isoformat()"
    assert (await box.run("run_python", {"code": code})).text == "2026-11-23"
    supply.close()


def test_without_optional_parts_their_tools_are_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    supply = supply_of(python=True, mcp=[{"name": "files", "command": "x"}])
    assert names(supply) == ALWAYS
    assert reasons(supply) == {
        "files": "the optional part is not installed: `pip install 'slmtui[mcp]'` adds it",
        "run_python": "the optional part is not installed: `pip install 'slmtui[python]'` adds it",
    }


def test_what_is_wrong_is_off_and_the_others_stay(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("1 / 0", encoding="utf-8")
    good = tmp_path / "good.py"
    good.write_text(
        'def fine() -> str:\n    """Does."""\n    return ""\n'
        'def calculator(x: int) -> str:\n    """Computes."""\n    return ""\n'
        'def bare(x: int) -> str:\n    return ""\n',
        encoding="utf-8",
    )
    supply = supply_of(folder=tmp_path / "none", tables=[tmp_path / "none.csv"], functions=[broken, good])
    assert names(supply) == [*ALWAYS, "fine"]
    told = reasons(supply)
    assert told.keys() == {"read_file", "table_figure", "query_table", "broken.py", "bare", "calculator"}
    assert told["broken.py"] == f"{broken}, line 1: ZeroDivisionError: division by zero"
    assert told["calculator"] == "good.py: there is a tool of that name already; give it another"
    assert told["bare"].startswith(f"{good}, line 7: it has no docstring")
    with pytest.raises(NotesError):
        supply_of(tmp_path / "none")


@pytest.mark.parametrize(
    ("choice", "kept", "unknown"),
    [
        ({"enabled": ["calculator", "add_days"]}, ["calculator", "add_days"], []),
        ({"enabled": ["*_text", "calculator"], "disabled": ["spell*"]}, ["calculator", "count_text"], []),
        ({"disabled": ["*"]}, [], []),
        ({"enabled": ["calculater"]}, [], ["calculater"]),
        ({"disabled": ["nothing", "nothing"]}, ALWAYS, ["nothing"]),
    ],
)
def test_tools_are_enabled_and_disabled_by_name(choice: Any, kept: list[str], unknown: list[str]) -> None:
    supply = supply_of(**choice)
    assert names(supply) == kept
    assert list(reasons(supply)) == unknown


async def test_every_session_has_its_own_box_at_no_cost() -> None:
    supply = supply_of()
    one, other = supply.box(), supply.box(count=len, max_tokens=3)
    assert one.names == other.names
    assert (await one.run("calculator", {"expression": "100 * 100"})).cut_tokens == 0
    assert (await other.run("calculator", {"expression": "100 * 100"})).text == "100 … (2 more tokens cut)"


@pytest.fixture
def served() -> Iterator[ToolSupply]:
    pytest.importorskip("mcp")
    supply = supply_of(
        mcp=[
            {"name": "little", "command": sys.executable, "args": [SERVER]},
            {"name": "raw", "command": sys.executable, "args": [RAW, "fine"]},
            {"name": "gone", "command": sys.executable, "args": [RAW, "deaf"]},
        ]
    )
    yield supply
    supply.close()


async def test_mcp_servers_bring_their_tools_and_go_with_the_supply(served: ToolSupply) -> None:
    found = names(served)[len(ALWAYS) :]
    assert found == [
        *("little_add", "little_echo", "little_note_write", "little_fail", "little_environment"),
        *("raw_fine", "raw_odd"),
    ]
    assert reasons(served)["gone"] == "the MCP server gone: it ended: cannot open the index"
    assert all(has_grammar(tool.parameters) for tool in served.tools)
    box = served.box()
    assert (await box.run("little_add", {"first": 2})).text == "3"
    # Other tests' engines and interpreters may still be ending.
    children = [
        child for child in psutil.Process().children(recursive=True) if {SERVER, RAW} & set(child.cmdline())
    ]
    served.close()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert children
    assert alive == []
    assert (await box.run("little_add", {"first": 2})).text == "The server little failed: it was closed."


def test_an_odd_schema_is_loosened_until_it_has_a_grammar(served: ToolSupply) -> None:
    odd = served.box().get("raw_odd")
    assert odd.parameters["properties"] == {
        "tree": {"type": "object", "properties": {"left": {}}, "required": []},
        "code": {"type": "string"},
        "many": {"type": "array", "items": {"type": "integer"}},
    }
    assert odd.parameters["required"] == ["code"]


def test_a_program_that_forgets_to_close_leaves_no_server(tmp_path: Path) -> None:
    pytest.importorskip("mcp")
    mark = tmp_path / "pids"
    script = (
        "import sys\nfrom slmtui.settings import Settings\nfrom slmtui.toolboxes import gather_tools\n"
        f"server = dict(name='s', command=sys.executable, args=[{SERVER!r}, {str(mark)!r}])\n"
        "print(len(gather_tools(Settings(tools={'mcp': [server], 'python': False})).tools))"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, timeout=60)
    for pid in mark.read_text(encoding="utf-8").split():
        assert not psutil.pid_exists(int(pid)) or psutil.Process(int(pid)).status() == psutil.STATUS_ZOMBIE


def foreign(properties: Any, **more: Any) -> Tool:
    return Tool("x", "", {"type": "object", "properties": properties, **more}, (), str, "reaches out", "file")


def test_a_schema_that_has_a_grammar_stays_as_it_is() -> None:
    tool = foreign({"x": {"type": "string"}})
    assert fitting(tool) is tool


def test_one_odd_argument_is_loosened_alone() -> None:
    odd = {"type": "number", "minimum": 0.5, "description": "How much."}
    fitted = fitting(foreign({"x": odd, "y": {"type": "string"}}))
    assert fitted is not None
    assert fitted.parameters["properties"] == {
        "x": {"type": "number", "description": "How much."},
        "y": {"type": "string"},
    }
    fitted = fitting(foreign({"x": {"type": "url", "description": "Where."}}))
    assert fitted is not None
    assert fitted.parameters["properties"] == {"x": {"description": "Where."}}
    assert (fitted.name, fitted.effect, fitted.source) == ("x", "reaches out", "file")


KEYS = st.sampled_from(
    ["type", "properties", "items", "enum", "anyOf", "oneOf", "allOf", "$ref", "required", "x"]
)
LEAVES = st.sampled_from(
    ["string", "object", "array", "integer", "#/properties/x", "odd", 3, 2.5, None, True]
)
JSON = st.recursive(
    LEAVES,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, st.dictionaries(KEYS, JSON, max_size=4), max_size=3))
def test_whatever_a_server_sends_fits_or_is_left_out(properties: dict[str, Any]) -> None:
    fitted = fitting(foreign(properties))
    assert fitted is None or "root ::= " in object_grammar(fitted.parameters)
