"""`slmtui compare`: the turns of sessions side by side, by paradigm."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from sessions.compare import Comparison, Figure, ParadigmFigures, compare
from sessions.export import comparison_rows, to_csv
from slmtui.cli.exits import Exit, fail
from slmtui.cli.opened import stored_sessions
from slmtui.cli.options import Db, Json
from slmtui.cli.output import emit, emit_json, table
from slmtui.cli.printed import wrapped
from slmtui.cli.sessions import STDOUT, Sessions
from slmtui.cli.written import write_file
from slmtui.tui.format import NONE, duration, significant_count, size


def compare_sessions(
    session: Sessions,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write the figures to this CSV file; - prints them.")
    ] = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Compare paradigms over sessions: turns, median and quartiles of every metric, ratio to base."""
    with stored_sessions(db) as store:
        idents = dict.fromkeys(store.session(ref).id for ref in session)
        turns = [turn for ident in idents for turn in store.turns(ident)]
    if not turns:
        fail(Exit.FAILED, "these sessions have no turns to compare")
    comparison = compare(turns)
    if csv == STDOUT:
        pass  # the figures as CSV are all there is to print
    elif as_json:
        emit_json(_object(comparison))
    else:
        emit("\n\n".join([_table(comparison), *map(wrapped, _texts(comparison))]))
    if csv is not None:
        write_file(csv, to_csv(comparison_rows(comparison), "comparison"))


def _object(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as the object that `--json` prints."""
    return {
        "paradigms": [asdict(each) for each in comparison.paradigms],
        "differences": [asdict(each) | {"text": each.text} for each in comparison.differences],
        "notes": comparison.notes,
    }


def _texts(comparison: Comparison) -> Iterator[str]:
    """Yield what to read beside the table: what the paradigms differ in, then the notes."""
    yield from (difference.text for difference in comparison.differences)
    yield from comparison.notes


def _table(comparison: Comparison) -> str:
    head = ["METRIC"]
    for paradigm in comparison.paradigms:
        head += [paradigm.paradigm.upper(), "RATIO"]
    rows = [_count_row(comparison.paradigms), *_metric_rows(comparison.paradigms)]
    return table(head, rows, right=range(1, len(head)))


def _count_row(paradigms: Iterable[ParadigmFigures]) -> list[str]:
    row = ["turns"]
    for paradigm in paradigms:
        row += [", ".join(f"{number} {status}" for status, number in paradigm.statuses.items()), ""]
    return row


def _metric_rows(paradigms: tuple[ParadigmFigures, ...]) -> Iterable[list[str]]:
    """Yield a row for each metric that is not zero in every turn: medians, quartiles and ratios to base."""
    keys = dict.fromkeys((f.metric, f.source) for paradigm in paradigms for f in paradigm.figures)
    for metric, source in keys:
        figures = [paradigm.figure(metric, source) for paradigm in paradigms]
        if any(figure and figure.maximum for figure in figures):
            row = [f"{metric} ({source})" if source else metric]
            for figure in figures:
                row += [_spread(figure), _ratio(figure)]
            yield row


def _spread(figure: Figure | None) -> str:
    if figure is None:
        return NONE
    median, low, high = (_value(number, figure.unit) for number in (figure.median, figure.q1, figure.q3))
    return median if low == median == high else f"{median} ({low} to {high})"


def _ratio(figure: Figure | None) -> str:
    return f"×{figure.ratio:.2f}" if figure and figure.ratio is not None else ""


def _value(number: float, unit: str) -> str:
    if unit == "bytes":
        return size(number)
    if unit == "s":
        return duration(number)
    return f"{significant_count(number)} {unit}".removesuffix(" tokens").rstrip()
