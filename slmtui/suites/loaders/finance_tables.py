"""Questions about a table and the texts beside it: TAT-QA (arXiv 2105.07624) and FinQA (arXiv 2109.00122).

Numbers may be off by half a per cent of themselves, which is what rounding to three figures costs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from slmtui.suites.item import NO_TOOL, Expected, Instruction, Item
from slmtui.suites.loaders.data_file import DataFile, rows_of
from slmtui.suites.loaders.row import Row
from slmtui.suites.scorers.numbers import numbers_in

RELATIVE = 5e-3
_SCALES = {"": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "percent": 0.01}


def tatqa_items(file: DataFile) -> tuple[Item, ...]:
    """Return the questions of a file of TAT-QA. Raises `SuiteError`."""
    return tuple(item for row in rows_of(file) for item in _tatqa(row))


def finqa_items(file: DataFile) -> tuple[Item, ...]:
    """Return the questions of a file of FinQA. Raises `SuiteError`."""
    return tuple(map(_finqa, rows_of(file)))


def table_text(rows: Sequence[Sequence[Any]]) -> str:
    """Return a table as lines, with bars between its cells."""
    return "\n".join("| " + " | ".join(" ".join(str(cell).split()) for cell in row) + " |" for row in rows)


def _tatqa(row: Row) -> Iterator[Item]:
    table = table_text(row.list("table.table"))
    texts = "\n".join(paragraph.text("text") for paragraph in row.rows("paragraphs"))
    for question in row.rows("questions"):
        kind = question.text("answer_type")
        expected = _tatqa_expected(question)
        tool = "calculator" if kind == "arithmetic" else NO_TOOL
        prompt = f"{table}\n\n{texts}\n\n{question.text('question')}"
        yield Item(question.text("uid"), "tatqa", prompt, expected, tool, kind)


def _tatqa_expected(row: Row) -> Expected:
    scale = row.text("scale") if row.fields.get("scale") else ""
    if scale not in _SCALES:
        raise row.error("scale", f"{scale!r} is none of thousand, million, billion and percent")
    answer = row.value("answer")
    if isinstance(answer, int | float):
        return _scaled(row.number("answer"), scale)
    spans = row.texts("answer") if isinstance(answer, list) else (row.text("answer"),)
    if not spans:
        raise row.error("answer", "this is empty")
    if len(spans) > 1:
        every = Instruction("keywords:existence", {"keywords": list(spans)})
        return Expected("instructions", instructions=(every,))
    return _span(spans[0], "percent" if "%" in spans[0] else scale)


def _span(span: str, scale: str) -> Expected:
    numbers = numbers_in(span) if _is_number(span) else []
    if len(numbers) != 1:
        return Expected("exact", span)
    expected = _scaled(numbers[0], scale)
    if "(" not in span:
        return expected
    # Between brackets, a table has what is less than nothing.
    negative = (repr(-float(each)) for each in (expected.value, *expected.values))
    return replace(expected, values=(*expected.values, *negative))


def _scaled(number: float, scale: str) -> Expected:
    """Expect a number in its scale (12.6, million) or written out (12,600,000)."""
    others = () if not scale else (repr(number * _SCALES[scale]),)
    return Expected("number", repr(number), others, relative=RELATIVE)


def _is_number(span: str) -> bool:
    return not span.strip("$€£%()-−., 0123456789") and any(map(str.isdigit, span))


def _finqa(row: Row) -> Item:
    question = row.row("qa")
    texts = ("\n".join(row.texts(name)) for name in ("pre_text", "post_text"))
    before, after = texts
    prompt = "\n\n".join(
        filter(None, (before, table_text(row.list("table")), after, question.text("question")))
    )
    answer = str(question.value("exe_ans"))
    if answer in {"yes", "no"}:
        return Item(
            row.text("id"),
            "finqa",
            prompt,
            Expected("word", answer, ("yes", "no")),
            "calculator",
            "yes or no",
        )
    return Item(row.text("id"), "finqa", prompt, _finqa_number(question), "calculator", "number")


def _finqa_number(row: Row) -> Expected:
    """Expect the result of the question's program, or the answer as its author wrote it, often rounded."""
    number = row.number("exe_ans")
    written = str(row.fields.get("answer") or "")
    others = numbers_in(written) if _is_number(written) else []
    if "%" in written:
        others += [number * 100, *(other / 100 for other in others)]
    return Expected("number", repr(number), tuple(map(repr, others)), relative=RELATIVE)
