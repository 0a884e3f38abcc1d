"""A comparison as files: the figures as CSV and the report as HTML, as the command line writes them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sessions.money import Prices
from sessions.store import Store
from slmtui.tui import format as numbers
from slmtui.tui.exports import REPLACE, Target, target

ENDINGS = (".csv", ".html")


def files_of(name: str) -> tuple[Target, ...]:
    """Return the files that a name stands for, whichever of the endings it has, there already or not.

    Raises `ExportError` where no such file can be.
    """
    ending = next((each for each in ENDINGS if name.endswith(each)), "")
    return tuple(target(f"{name.removesuffix(ending)}{each}{REPLACE}", ENDINGS) for each in ENDINGS)


def write_files(
    store: Path, run: str, name: str, prices: Prices, encodings: Mapping[str, Callable[[str], int]]
) -> tuple[Path, ...]:
    """Write a run's files in place of what is there, and return them. It takes its time: call it in a thread.

    `store` is the store's file, which is opened once more. Raises `ExportError` and `SessionsError`.
    """
    from sessions.comparison_rows import comparison_rows  # noqa: PLC0415 - loads NumPy
    from sessions.export import to_csv  # noqa: PLC0415 - loads NumPy
    from sessions.report.data import read_report  # noqa: PLC0415 - loads NumPy
    from sessions.report.figures import Figures  # noqa: PLC0415 - loads NumPy
    from sessions.report.html import to_html  # noqa: PLC0415 - loads NumPy

    with Store.open(store, owner="", alive=lambda _owner: True, now=lambda: datetime.now(UTC)) as reader:
        report = read_report(reader, run, prices=prices, encodings=encodings)
    texts = to_csv(comparison_rows(report.comparison), "comparison"), to_html(report, Figures(numbers))
    files = files_of(name)
    for file, text in zip(files, texts, strict=True):
        file.write(text)
    return tuple(file.path for file in files)
