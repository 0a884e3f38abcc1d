"""`slmtui report`: a run of suites as HTML, Markdown, JSON or CSV, from the store alone."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from sessions.store import Store
from slmtui.cli.exits import Exit, fail
from slmtui.cli.money import pricing_set
from slmtui.cli.opened import stored_sessions
from slmtui.cli.options import Db
from slmtui.cli.output import emit
from slmtui.cli.printed import one_line, wrapped
from slmtui.cli.written import write_file
from slmtui.tui import format as numbers

if TYPE_CHECKING:
    from sessions.report.data import Report

MORE = "-o report.html has every item with what each arm made of it, and what made the figures."

Format = Literal["html", "md", "json", "csv"]

SUFFIXES: dict[str, Format] = {
    ".html": "html", ".htm": "html", ".md": "md", ".markdown": "md", ".json": "json", ".csv": "csv",
}  # fmt: skip


def report(
    run: Annotated[
        str, typer.Argument(help="A run: its id, the beginning or the end of it, or last.", metavar="RUN")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file to write, as its ending says; - is standard output."),
    ] = None,
    format_: Annotated[
        Format | None, typer.Option("--format", help="html, md, json or csv, whatever the ending says.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the resamples that intervals are made of.")] = 0,
    db: Db = None,
) -> None:
    """Report a run: verdicts, charts, tables and every item. Without a file, print it, charts and all."""
    chosen = format_ or format_of(output)
    with stored_sessions(db) as store:
        found = _read(store, run, seed)
    if output is None and format_ is None:
        _print(found)
    else:
        write_file(output or Path("-"), _writer(chosen)(found))


def write_report(store: Store, run: str, output: Path) -> None:
    """Write the report of a run into a file, as its ending says."""
    write_file(output, _writer(format_of(output))(_read(store, run, 0)))


def _read(store: Store, run: str, seed: int) -> "Report":
    # Imported here: it loads NumPy, for which no other command should wait.
    from sessions.report.data import read_report  # noqa: PLC0415

    pricing = pricing_set()
    return read_report(store, run, seed=seed, prices=pricing.prices, encodings=pricing.encodings)


def format_of(output: Path | None) -> Format:
    """Return the format that the ending of a file asks for; Markdown for standard output.

    An ending that says nothing ends the command.
    """
    if output is None or str(output) == "-":
        return "md"
    found = SUFFIXES.get(output.suffix.lower())
    if found is None:
        known = ", ".join(get_args(Format))
        fail(Exit.USAGE, f"{one_line(output.name)} does not say what to write; add --format, one of {known}")
    return found


def _writer(chosen: Format) -> Callable[["Report"], str]:
    """Return what writes a report in a format."""
    from sessions.report.as_json import to_json  # noqa: PLC0415  # as above
    from sessions.report.figures import Figures  # noqa: PLC0415
    from sessions.report.html import to_html  # noqa: PLC0415
    from sessions.report.markdown import to_markdown  # noqa: PLC0415

    figures = Figures(numbers)
    writers: dict[Format, Callable[[Report], str]] = {
        "html": lambda found: to_html(found, figures),
        "md": lambda found: to_markdown(found, figures),
        "json": to_json,
        "csv": _items_csv,
    }
    return writers[chosen]


def _items_csv(found: "Report") -> str:
    """Return the items of a run as CSV."""
    from sessions.export import to_csv  # noqa: PLC0415  # as above
    from sessions.item_rows import item_names, item_rows  # noqa: PLC0415

    rows = item_rows(found.run.id, found.run.repeats, found.items, found.attempts, found.turns)
    return to_csv(rows, "item", item_names(found.arms))


def _print(found: "Report") -> None:
    """Print a report for a reader at a terminal: words and tables that have room there, then charts."""
    from sessions.report.markdown import title  # noqa: PLC0415  # as above
    from slmtui.cli.charts import charts  # noqa: PLC0415
    from slmtui.cli.comparison_text import comparison_text  # noqa: PLC0415

    emit(f"{comparison_text(title(found), found.comparison, found.money)}\n")
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 100
    emit("\n\n".join(charts(found, width, sys.stdout.encoding or "ascii")))
    emit(f"\n{wrapped(MORE)}")
