"""IFEval (arXiv 2311.07911): requests with instructions that can be checked on the answer alone."""

from collections.abc import Iterator, Mapping
from typing import Any

from slmtui.suites.item import NO_TOOL, Expected, Instruction, Item
from slmtui.suites.loaders.data_file import DataFile, rows_of
from slmtui.suites.loaders.row import Row
from slmtui.suites.scorers.instruction_checks import CHECKS
from slmtui.suites.scorers.instructions import check_instruction
from slmtui.suites.suite import SuiteError

LEFT_OUT = "language:response_language"
"""What would need a model of languages: items with it are left out."""


def ifeval_items(file: DataFile) -> tuple[Item, ...]:
    """Return the items of JSON lines, but for those with `LEFT_OUT`. Raises `SuiteError`."""
    rows = list(rows_of(file))
    return tuple(_item(row) for row in rows if LEFT_OUT not in row.texts("instruction_id_list"))


def _item(row: Row) -> Item:
    instructions = tuple(_instructions(row))
    expected = Expected("instructions", instructions=instructions)
    skills = ", ".join(dict.fromkeys(each.name.partition(":")[0] for each in instructions))
    return Item(f"ifeval-{row.text('key')}", "ifeval", row.text("prompt"), expected, NO_TOOL, skills)


def _instructions(row: Row) -> Iterator[Instruction]:
    names, parameters = row.texts("instruction_id_list"), row.rows("kwargs")
    if len(names) != len(parameters):
        raise row.error("kwargs", f"{len(parameters)} of them, for {len(names)} instructions")
    for name, given in zip(names, parameters, strict=True):
        if name not in CHECKS:
            raise row.error("instruction_id_list", f"there is no instruction {name!r}")
        yield _checked(Instruction(name, _parameters(given.fields)), row)


def _parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that are set; the hub's file has null for all others."""
    return {name: value for name, value in given.items() if value is not None}


def _checked(instruction: Instruction, row: Row) -> Instruction:
    try:
        check_instruction(instruction)
    except SuiteError as error:
        raise row.error("kwargs", str(error)) from error
    return instruction
