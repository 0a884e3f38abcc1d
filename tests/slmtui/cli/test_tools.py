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
    assert {tool["name"] for tool in with_notes} - {tool["name"] for tool in without} == {
        "search_notes", "add_note"
    }  # fmt: skip


def test_what_is_off_is_said_with_its_reason(slmtui: Slmtui, home: Path) -> None:
    settings = home / "config" / "slmtui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        '[tools]\npython = false\ndisabled = ["units*", "weekday"]\nfunctions = ["~/mine.py"]\n'
        '[[tools.mcp]]\nname = "files"\ncommand = "no-such-command-anywhere"\n',
        encoding="utf-8",
    )
    (home / "mine.py").write_text("def broken(:\n", encoding="utf-8")
    ran = slmtui("tools", "list")
    assert ran.code == 0
    assert "calculator: " in ran.out
    for line in (
        "run_python is off: `python = false` under [tools] in the settings",
        "weekday is off: named as `disabled` under [tools] in the settings",
        "units* is off: named in the settings, and there is no such tool here",
        f"mine.py is off: {home / 'mine.py'}, line 1: ",
        "files is off: the MCP server files: it cannot be started (No such file or directory)",
    ):
        assert line in ran.out
    as_json = slmtui("tools", "list", "--json")
    assert "weekday" not in {tool["name"] for tool in json.loads(as_json.out)}
    assert "weekday is off: " in as_json.err
    doctor = json.loads(slmtui("doctor", "--json").out)
    [check] = [check for check in doctor["checks"] if check["name"] == "tools"]
    assert (check["state"], check["value"].endswith("that agents may call, 3 off")) == ("note", True)
    assert any(line.startswith("mine.py is off: ") for line in check["details"])


def test_own_functions_are_listed_with_what_they_ask(slmtui: Slmtui, home: Path) -> None:
    (home / "mine.py").write_text(
        'def rate(currency: str, day: int = 1) -> str:\n    """Gives a rate.\\x1b[31m"""\n    return "1"\n',
        encoding="utf-8",
    )
    settings = home / "config" / "slmtui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[tools]\nfunctions = "~/mine.py"\nenabled = ["rate"]\n', encoding="utf-8")
    ran = slmtui("tools", "list")
    assert ran.out.startswith(
        "rate (mine.py): Gives a rate.\nIt reaches out, so it asks first.\n"
        "  currency  string\n  day?      integer\n"
    )
    [tool] = json.loads(slmtui("tools", "list", "--json").out)
    assert (tool["name"], tool["effect"], tool["source"]) == ("rate", "reaches out", "mine.py")
