"""The tools over the user's tables: one figure for small models, SQL for able ones."""

from collections.abc import Sequence
from pathlib import Path

from tools.registry import Tool
from tools.table_catalogue import Catalogue, open_tables
from tools.table_examples import figure_examples, query_examples
from tools.table_figure import figure_tool
from tools.table_query import query_tool


def table_tools(paths: Sequence[Path]) -> tuple[Tool, ...]:
    """Return `table_figure` and `query_table` over CSV and SQLite files. Raises `TablesError`.

    The files are looked into in processes of their own, which takes some tenths of a second.
    """
    return tools_of(open_tables(paths))


def tools_of(catalogue: Catalogue) -> tuple[Tool, ...]:
    """Return the tools over tables that were opened."""
    return (
        figure_tool(catalogue, figure_examples(catalogue)),
        query_tool(catalogue, query_examples(catalogue)),
    )
