from pathlib import Path
from typing import Any

import pytest

from slmtui.settings import FILE_NAME, Settings, SettingsError, load_settings
from slmtui.settings_tools import McpTable, ToolsTable


def load(folder: Path, text: str = "", **environ: str) -> Settings:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return load_settings(environ={"HOME": "/home/ada", **environ}, config_dir=folder)


def test_without_any_setting_only_python_is_on(tmp_path: Path) -> None:
    assert load(tmp_path).tools == ToolsTable(python=True)


def test_a_whole_table_with_the_users_own_folder(tmp_path: Path) -> None:
    text = """
    [tools]
    folder = "~/papers"
    tables = ["~/sales.csv", "/data/x.db"]
    functions = "~/my_tools.py"
    python = false
    enabled = "calculator"
    disabled = ["files_*"]

    [[tools.mcp]]
    name = "files"
    command = "~/bin/files-server"
    args = ["--root", "~/papers", "a~b"]
    env = { TOKEN = "~" }
    timeout = 5

    [[tools.mcp]]
    name = "git-hub_2"
    command = "npx"
    """
    tools = load(tmp_path, text).tools
    assert tools == ToolsTable(
        folder=Path("/home/ada/papers"),
        tables=(Path("/home/ada/sales.csv"), Path("/data/x.db")),
        functions=(Path("/home/ada/my_tools.py"),),
        mcp=(
            McpTable(
                name="files",
                command="/home/ada/bin/files-server",
                args=("--root", "/home/ada/papers", "a~b"),
                env={"TOKEN": "~"},
                timeout=5,
            ),
            McpTable(name="git-hub_2", command="npx"),
        ),
        python=False,
        enabled=("calculator",),
        disabled=("files_*",),
    )


def test_variables_set_them_too(tmp_path: Path) -> None:
    tools = load(
        tmp_path,
        "[tools]\npython = true\n",
        SLMTUI_TOOLS__PYTHON="false",
        SLMTUI_TOOLS__TABLES='["a.csv"]',
        SLMTUI_TOOLS__MCP='[{"name": "a", "command": "b"}]',
    ).tools
    assert (tools.python, tools.tables, tools.mcp[0].command) == (False, (Path("a.csv"),), "b")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "[tools]\nfolders = 'x'",
            r"tools.folders is not a setting; known are: folder, tables, functions, mcp",
        ),
        ("[tools]\npython = 'maybe'", r"tools.python is 'maybe'; it should be a valid boolean"),
        ("[[tools.mcp]]\nname = 'a'", r"tools.mcp.0.command is missing"),
        (
            "[[tools.mcp]]\nname = 'a b'\ncommand = 'x'",
            r"tools.mcp.0.name is 'a b'; String should match pattern",
        ),
        (
            "[[tools.mcp]]\nname = 'a'\ncommand = 'x'\nurl = 'y'",
            r"tools.mcp.0.url is not a setting; known are: name",
        ),
        (
            "[[tools.mcp]]\nname = 'a'\ncommand = 'x'\ntimeout = 0",
            r"tools.mcp.0.timeout is 0; it should be greater",
        ),
        (
            "[[tools.mcp]]\nname = 'a'\ncommand = 'x'\n[[tools.mcp]]\nname = 'a'\ncommand = 'y'",
            r"two servers have the same name; each should have its own",
        ),
    ],
)
def test_what_is_wrong_is_told_on_one_line(tmp_path: Path, text: str, says: Any) -> None:
    with pytest.raises(SettingsError, match=says) as caught:
        load(tmp_path, text)
    assert "\n" not in str(caught.value)
