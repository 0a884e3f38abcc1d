from pathlib import Path

import pytest

from slmtui.settings import Settings
from slmtui.settings_tools import ToolsTable
from slmtui.suites import offered
from slmtui.suites.item import OfferedTool
from slmtui.suites.offered import RESULT, offered_box
from slmtui.suites.suite import SuiteError, World
from slmtui.suites.world_tools import tools_of


def write(home: Path) -> None:
    (home / "notes").mkdir()
    (home / "notes" / "house.md").write_text("# Boiler\n\nThe serial number is BX-20417.\n")
    (home / "ages.csv").write_text("name,age\nAda,36\nBo,41\n")


WORLD = World(write, "notes", ".", ("ages.csv",), "2026-04-15")


async def test_the_tools_are_over_the_world_and_its_day(tmp_path: Path) -> None:
    supply = tools_of(WORLD, tmp_path, Settings())
    box = supply.box()
    try:
        assert "BX-20417" in (await box.run("search_notes", {"query": "boiler serial number"})).text
        assert "BX-20417" in (await box.run("read_file", {"path": "notes/house.md"})).text
        figure = {"table": "ages", "measure": "max", "column": "age"}
        assert (await box.run("table_figure", figure)).text == "41 (Bo)"
        assert (await box.run("weekday", {"date": "today"})).text == "2026-04-15 is a Wednesday"
    finally:
        supply.close()


def test_no_tool_is_there_that_could_change_the_world(tmp_path: Path) -> None:
    supply = tools_of(WORLD, tmp_path, Settings())
    assert "add_note" not in supply.box().names
    assert all(tool.effect != "writes" for tool in supply.tools)
    supply.close()


@pytest.mark.parametrize(
    ("table", "names"),
    [
        (ToolsTable(enabled=("calculator", "search_notes", "add_note")), {"calculator", "search_notes"}),
        (ToolsTable(enabled=("*_days", "weekday"), disabled=("add_*",)), {"weekday"}),
    ],
)
def test_the_settings_still_say_which_tools_there_are(
    table: ToolsTable, names: set[str], tmp_path: Path
) -> None:
    supply = tools_of(WORLD, tmp_path, Settings(tools=table))
    assert {*supply.box().names} == names
    supply.close()


def test_the_users_own_folder_notes_and_tables_are_left_alone(tmp_path: Path) -> None:
    own, home = tmp_path / "own", tmp_path / "home"
    own.mkdir()
    home.mkdir()
    (own / "secret.csv").write_text("a,b\n1,2\n")
    settings = Settings(notes=own, tools=ToolsTable(folder=own, tables=(own / "secret.csv",)))
    supply = tools_of(WORLD, home, settings)
    shown = "".join(tool.description + str(tool.parameters) for tool in supply.tools)
    assert "secret" not in shown
    assert "ages" in shown
    assert [path.name for path in own.iterdir()] == ["secret.csv"]
    supply.close()


WEATHER = OfferedTool(
    "get_weather",
    "Tells the weather of a place.",
    {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
)


async def test_offered_tools_are_described_and_never_run() -> None:
    box = offered_box([WEATHER])
    assert box.names == ("get_weather",)
    assert box.get("get_weather").description == WEATHER.description
    assert box.get("get_weather").effect == "none"
    result = await box.run("get_weather", {"place": "Oslo"})
    assert (result.text, result.status) == (RESULT, "ok")
    assert (await box.run("get_weather", {"town": "Oslo"})).status == "error"


async def test_arguments_may_have_any_name() -> None:
    names = {name: {"type": "integer"} for name in ("self", "name", "arguments", "class")}
    box = offered_box([OfferedTool("odd", "Odd.", {"type": "object", "properties": names})])
    assert (await box.run("odd", dict.fromkeys(names, 1))).text == RESULT


def test_two_tools_of_one_name_are_told_of() -> None:
    with pytest.raises(SuiteError, match="get_weather"):
        offered_box([WEATHER, WEATHER])


def test_arguments_that_no_grammar_can_hold_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offered, "fitting", lambda tool: None)
    with pytest.raises(SuiteError, match=r"get_weather .*grammar"):
        offered_box([WEATHER])


def test_arguments_that_are_odd_are_loosened() -> None:
    schema = {"type": "object", "properties": {"at": {"type": "string", "format": "place", "pattern": "a|b"}}}
    (tool,) = offered_box([OfferedTool("odd", "Odd.", schema)])
    assert tool.parameters["properties"] == {"at": {"type": "string"}}
