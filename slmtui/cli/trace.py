"""`slmtui trace`: stored turns as OpenTelemetry spans, in a file or sent to an endpoint."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

import slmtui
from sessions.otel.span import Span
from sessions.otel.spans import spans_of
from sessions.records import TurnRecord, TurnRecords
from sessions.store import Store
from slmtui.cli.exits import Exit, fail, say
from slmtui.cli.opened import stored_sessions
from slmtui.cli.options import Db
from slmtui.cli.turn_or_session import HELP, METAVAR, turn_or_session
from slmtui.cli.written import file_to_write
from slmtui.tui.format import count

HTTP = ("http://", "https://")


def trace(
    to: Annotated[
        str, typer.Option("--to", metavar="FILE|URL", help="A file of OTLP/JSON, - or an OTLP/HTTP endpoint.")
    ],
    ref: Annotated[
        str | None,
        typer.Argument(help=HELP, metavar=METAVAR),
    ] = None,
    run: Annotated[
        str | None, typer.Option("--run", help="All turns of a run: its id, part of it, or last.")
    ] = None,
    content: Annotated[
        bool, typer.Option("--content", help="With prompts, answers, and arguments and results of tools.")
    ] = False,
    db: Db = None,
) -> None:
    """Write turns as OpenTelemetry spans with the names of its conventions for generative AI.

    A turn is a trace. What was said in it is left out, unless --content asks for it.
    """
    if (ref is None) == (run is None):
        fail(Exit.USAGE, "name a turn or a session, or a run with --run")
    with stored_sessions(db) as store:
        turns = _of_run(store, run) if run is not None else _of_ref(store, ref or "")
        ended = [records for records in turns if records.turn.status is not None]
        if not ended:
            fail(Exit.FAILED, "there is no turn that has ended to write as spans")
        batches = (spans_of(each, store.events(each.turn.turn), content=content) for each in ended)
        spans = _send(to, batches) if to.startswith(HTTP) else _write(to, batches)
    left_out = len(turns) - len(ended)
    running = f"; {count(left_out)} still running left out" if left_out else ""
    turns_told = "1 turn" if len(ended) == 1 else f"{count(len(ended))} turns"
    say(f"Wrote {count(spans)} spans of {turns_told}{running}.")


def _of_ref(store: Store, ref: str) -> list[TurnRecords]:
    """Return the turn that is meant, or the turns of the session."""
    found = turn_or_session(store, ref)
    if isinstance(found, TurnRecord):
        return [store.turn_records(found.turn)]
    return store.records(found.id)


def _of_run(store: Store, run: str) -> list[TurnRecords]:
    return [store.turn_records(attempt.turn) for attempt in store.suites.attempts(run)]


def _write(to: str, batches: Iterable[list[Span]]) -> int:
    """Write a line of OTLP/JSON for each turn, and return the number of spans."""
    from sessions.otel.sdk import otlp_json  # noqa: PLC0415 - an optional part

    spans = 0
    with file_to_write(Path(to)) as out:
        for batch in batches:
            spans += len(batch)
            out.write(otlp_json(batch, slmtui.__version__) + "\n")
    return spans


def _send(to: str, batches: Iterable[list[Span]]) -> int:
    """Send a request for each turn, and return the number of spans."""
    from sessions.otel.sdk import Endpoint  # noqa: PLC0415 - an optional part

    endpoint = Endpoint(to, slmtui.__version__)
    spans = 0
    try:
        for batch in batches:
            endpoint.send(batch)
            spans += len(batch)
    finally:
        endpoint.close()
    return spans
