import re
from pathlib import Path

from slmtui.settings import load_settings
from tools.functions import function_tools

DOCUMENT = (Path(__file__).parents[2] / "docs" / "own-tools.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    [found] = re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    return str(found)


def test_the_settings_shown_are_settings(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(block("toml"), encoding="utf-8")
    tools = load_settings(environ={"HOME": "/home/ada"}, config_dir=tmp_path).tools
    assert (tools.folder, tools.mcp[0].args[2]) == (Path("/home/ada/papers"), "/home/ada/papers")


def test_the_function_shown_is_a_tool(tmp_path: Path) -> None:
    (tmp_path / "my_tools.py").write_text(block("python"), encoding="utf-8")
    found = function_tools(tmp_path / "my_tools.py")
    assert found.off == ()
    [tool] = found.tools
    assert (tool.name, tool.effect, tool.run(currency="EUR")) == ("exchange_rate", "none", "1.25")
    assert tool.parameters["properties"]["day"]["description"] == "How many days ago."
