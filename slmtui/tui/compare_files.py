"""A comparison as files: the figures as CSV and the report as HTML, as the command line writes them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sessions.money import Prices
from sessions.store import Store
from slmtui.tui import format as numbers

ENDINGS = (".csv", ".html")


def files_of(name: str) -> tuple[Path, ...]:
    """Return the files that a name stands for, whichever of the endings it has."""
    path = Path(name).expanduser()
    base = path.with_suffix("") if path.suffix in ENDINGS else path
    return tuple(base.with_name(base.name + ending) for ending in ENDINGS)


def write_files(
    store: Path, run: str, name: str, prices: Prices, encodings: Mapping[str, Callable[[str], int]]
) -> tuple[Path, ...]:
    """Write a run's files in place of what is there, and return them. It takes its time: call it in a thread.

    `store` is the store's file, which is opened once more. Raises `OSError` and `SessionsError`.
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
    for path, text in zip(files, texts, strict=True):
        _replace(path, text)
    return files


def _replace(path: Path, text: str) -> None:
    """Write a file in place of what it held: all of it or nothing."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
