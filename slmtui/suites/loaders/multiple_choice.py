"""Multiple choice as MMLU has it (arXiv 2009.03300): a question, options, and the letter of the right one.

The CSV files of MMLU have no header: question, the options, the letter. JSON lines, as on the Hugging Face
hub, have `question`, `choices` and `answer`, an index from 0.
"""

import string
from collections.abc import Iterator

from slmtui.suites.item import Expected, Item
from slmtui.suites.loaders.data_file import DataFile, records_of, rows_of
from slmtui.suites.loaders.row import Row
from slmtui.suites.suite import SuiteError

_LETTERS = string.ascii_uppercase


def mmlu_items(file: DataFile) -> tuple[Item, ...]:
    """Return the questions of a file; its name is the subject where no field is. Raises `SuiteError`."""
    subject = file.stem.removesuffix("_test").removesuffix("_val").removesuffix("_dev")
    rows = _csv(file) if file.name.lower().endswith(".csv") else rows_of(file)
    return tuple(_item(number, row, subject) for number, row in enumerate(rows, 1))


def choice_prompt(question: str, options: tuple[str, ...]) -> str:
    """Return a question with its options, each with a letter, and how to answer."""
    listed = "\n".join(f"{letter}. {option}" for letter, option in zip(_LETTERS, options, strict=False))
    return f"{question}\n\n{listed}\n\nEnd your reply with 'Answer: ' and the letter of the right option."


def choice_expected(row: Row, name: str, options: tuple[str, ...]) -> Expected:
    """Expect the option that a field names, by its letter, its index from 0 or its text."""
    if not 2 <= len(options) <= len(_LETTERS):
        raise row.error(name, f"there are {len(options)} options; between 2 and 26 can be asked for")
    return Expected("choice", _letter(row, name, options), options)


def _letter(row: Row, name: str, options: tuple[str, ...]) -> str:
    letters = _LETTERS[: len(options)]
    given = row.value(name)
    text = str(given).strip().strip("().").upper()
    if len(text) == 1 and text in letters:
        return text
    if isinstance(given, str) and given.strip() in options:
        return letters[options.index(given.strip())]
    if text.isdecimal() and int(text) < len(options):
        return letters[int(text)]
    raise row.error(name, f"{str(given)[:40]!r} is none of the {len(options)} options")


def _item(number: int, row: Row, subject: str) -> Item:
    subject = row.text("subject") if row.has("subject") else subject
    options = row.texts("choices")
    expected = choice_expected(row, "answer", options)
    return Item(
        f"{subject}-{number}", "mmlu", choice_prompt(row.text("question"), options), expected, "", subject
    )


def _csv(file: DataFile) -> Iterator[Row]:
    for line, record in records_of(file):
        if line == 1 and [field.strip().lower() for field in record[-2:]] == ["d", "answer"]:
            continue  # a header
        if len(record) < 4:
            raise SuiteError(f"{file.name}, line {line}: a question, two options and a letter are needed")
        question, *options, answer = record
        yield Row(f"{file.name}, line {line}", {"question": question, "choices": options, "answer": answer})
