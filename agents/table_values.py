"""What a request asks of a table: the table and the columns that it names, the measure, and of which rows."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_MEASURES = {
    "average": r"average|mean",
    "sum": r"sum|total|add up|altogether",
    "max": r"highest|largest|biggest|greatest|maximum|max|most|oldest|longest|latest",
    "min": r"lowest|smallest|least|minimum|min|youngest|shortest|earliest|fewest",
    "count": r"how many|number of|count",
    "list": r"list|which values",
}
_CONDITION = re.compile(
    r"\b(?:where|whose|with|for|equals?|of those|among|in which|if|only|of the|from the|as)\b", re.IGNORECASE
)
_EQUALS = re.compile(r"[^\W_][\w'’-]*(?:\.\d+)?")
_SMALL_TEXT = """
a an and are as at by do does for from give has have how i in is it its many me much my of on or tell that
the their there they this those to up was what what's when where which who whose with work out look at add
sum total average mean count number rows row column table entries equals equal value values highest lowest
largest smallest biggest show find according old oldest youngest
"""
_SMALL = frozenset(_SMALL_TEXT.split())


def figured(request: str, schema: Mapping[str, Any]) -> Mapping[str, Sequence[Any] | None]:
    """Return values for the arguments of `table_figure`, as far as a request names them."""
    properties = schema["properties"]
    tables = _named(request, properties["table"].get("enum", ()))
    columns = _named(request, properties["column"].get("enum", ()))
    measures = [
        name for name, words in _MEASURES.items() if re.search(rf"\b(?:{words})\b", request, re.IGNORECASE)
    ]
    values = _values(request, {*tables, *columns}) if _CONDITION.search(request) else []
    held: dict[str, Sequence[Any] | None] = {"table": tables, "measure": measures, "column": columns}
    if not (values and columns):
        return {**held, "where": None, "equals": None}
    if len(columns) == 1 and not {"count", "list"} & set(measures):
        others = [name for name in properties["column"].get("enum", ()) if name not in columns]
        held["column"] = others  # the one that is named is the condition's
    return {**held, "where": columns, "equals": values}


def _named(request: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if re.search(rf"\b{re.escape(name)}\b", request, re.IGNORECASE)]


def _values(request: str, names: set[str]) -> list[str]:
    """Return the words that are no names of columns and do not ask: one of them is what rows must have."""
    left_out = _SMALL | {name.lower() for name in names} | {"csv"}
    return [word for word in _EQUALS.findall(request) if word.lower() not in left_out]
