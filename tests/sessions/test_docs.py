from dataclasses import fields
from pathlib import Path

from sessions.columns import COLUMNS, MEANINGS
from sessions.docs import columns_markdown, schema_markdown, write
from sessions.records import CallRecord, ToolCallRecord, TurnRecord

DOCS = Path(__file__).parents[2] / "docs"


def test_the_documents_are_in_step_with_the_code(tmp_path: Path) -> None:
    write(tmp_path)
    for name in ("columns.md", "schema.md"):
        made = (tmp_path / name).read_text(encoding="utf-8")
        kept = (DOCS / name).read_text(encoding="utf-8")
        assert kept == made, f"docs/{name} is out of step: run `python -m sessions.docs docs`"


def test_every_field_of_a_record_is_a_column_with_a_meaning() -> None:
    for by, cls in (("turn", TurnRecord), ("call", CallRecord), ("tool_call", ToolCallRecord)):
        names = [column.name for column in COLUMNS[by]]
        assert len(set(names)) == len(names)
        assert {item.name for item in fields(cls)} <= set(names)
        assert all(column.description.endswith(".") for column in COLUMNS[by])


def test_no_meaning_is_left_over() -> None:
    used = {column.name for by in ("turn", "call", "tool_call") for column in COLUMNS[by]}
    assert set(MEANINGS) == used


def test_names_tell_the_units() -> None:
    for columns in COLUMNS.values():
        for column in columns:
            if column.name.endswith("_s"):
                assert column.unit == ("tok/s" if column.name.endswith("tok_s") else "s")
            if column.name.endswith(("_tokens", "_bytes")):
                assert column.unit == column.name.rsplit("_", 1)[1]


def test_the_documents_show_tables_views_and_columns() -> None:
    schema = schema_markdown()
    for name in (
        "sessions",
        "events",
        "turns",
        "calls",
        "tool_calls",
        "turns_text",
        "cost_by_paradigm",
        "rungs_by_paradigm",
    ):
        assert f"### {name}\n" in schema
    assert "sqlite_" not in schema.split("## Tables")[1]
    assert "| `ttft_s` | s |" in columns_markdown()
