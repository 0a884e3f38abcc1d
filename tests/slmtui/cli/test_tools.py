import json
from pathlib import Path

from tests.slmtui.cli.conftest import Slmtui


def test_the_tools_with_their_arguments(slmtui: Slmtui) -> None:
    tools = json.loads(slmtui("tools", "list", "--json").out)
    names = [tool["name"] for tool in tools]
    assert "calculator" in names
    assert all(tool["description"] and tool["examples"] and tool["parameters"] for tool in tools)
    out = slmtui("tools", "list").out
    assert all(f"{name}: " in out for name in names)
    assert "expression  " in out


def test_notes_bring_the_search_in_notes(slmtui: Slmtui, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    without = json.loads(slmtui("tools", "list", "--json").out)
    with_notes = json.loads(slmtui("tools", "list", "--json", "--notes", tmp_path / "notes").out)
    assert len(with_notes) == len(without) + 1
