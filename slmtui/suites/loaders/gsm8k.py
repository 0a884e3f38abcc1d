"""GSM8K (arXiv 2110.14168): word problems of grade school, whose solutions end in `#### N`."""

from slmtui.suites.item import Expected, Item
from slmtui.suites.loaders.data_file import DataFile, rows_of
from slmtui.suites.loaders.row import Row


def gsm8k_items(file: DataFile) -> tuple[Item, ...]:
    """Return the problems of a file, named by it and their place in it. Raises `SuiteError`."""
    return tuple(_item(f"{file.stem}-{number}", row) for number, row in enumerate(rows_of(file), 1))


def _item(name: str, row: Row) -> Item:
    _, mark, final = row.text("answer").rpartition("####")
    if not mark:
        raise row.error("answer", "this should end in #### and the number")
    number = Row(row.place, {"answer": final.strip().lstrip("$")}).number("answer")
    return Item(name, "gsm8k", row.text("question"), Expected("number", repr(number)), "calculator")
