import datetime
import subprocess
import sys

from tools.notes_index import NotesIndex
from tools.toolbox import standard_tools


def now() -> datetime.datetime:
    return datetime.datetime(2026, 11, 23)


def test_the_order_is_fixed_and_notes_need_an_index() -> None:
    names = [
        "calculator", "convert_units", "days_between", "add_days", "weekday",
        "count_text", "sort_list", "compare_texts", "spell_text",
    ]  # fmt: skip
    assert [tool.name for tool in standard_tools(now=now, notes=None)] == names
    assert [tool.name for tool in standard_tools(now=now, notes=NotesIndex())] == [*names, "search_notes"]


def test_every_schema_is_flat_and_bounded() -> None:
    for tool in standard_tools(now=now, notes=NotesIndex()):
        assert set(tool.parameters["required"]) <= set(tool.parameters["properties"])
        assert tool.parameters["additionalProperties"] is False
        for schema in tool.parameters["properties"].values():
            assert schema["description"]
            assert schema["type"] != "string" or "enum" in schema or schema["maxLength"] <= 2000


def test_importing_the_tools_loads_neither_pint_nor_anything_of_the_app() -> None:
    unwanted = "{'pint', 'numpy', 'agents', 'sessions', 'slmtui', 'textual', 'llama_cpp'}"
    script = f"import sys, tools.toolbox; print(sorted({unwanted} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
