"""`slmtui ledger`: where the tokens, the time and the energy of a turn, a session or a run went."""

from collections.abc import Iterable
from typing import Annotated

import typer

from sessions.ledger import Ledger, ledger_of, merged
from sessions.records import TurnRecord
from sessions.store import Store
from slmtui.cli.exits import Exit, fail
from slmtui.cli.ledger_tables import as_object, told
from slmtui.cli.opened import stored_sessions
from slmtui.cli.options import Db, Json
from slmtui.cli.output import emit, emit_json
from slmtui.cli.turn_or_session import HELP, METAVAR, turn_or_session

Ref = Annotated[
    str | None,
    typer.Argument(help=HELP, metavar=METAVAR),
]


def ledger(
    ref: Ref = None,
    run: Annotated[
        str | None,
        typer.Option("--run", help="Each arm of a run: its id, part of it, or last.", metavar="RUN"),
    ] = None,
    calls: Annotated[
        bool, typer.Option("--calls", help="A row for each call, where one turn is asked for.")
    ] = False,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Show what every token, second and joule was spent on, and what of it was not the answer.

    With --json: the cells of every table, in whole tokens, nanoseconds and nanojoules.
    """
    if (ref is None) == (run is None):
        fail(Exit.USAGE, "name a turn or a session, or a run with --run")
    with stored_sessions(db) as store:
        found = _of_run(store, run) if run is not None else [_of_ref(store, ref or "")]
    if as_json:
        objects = [{"of": title, **as_object(each)} for title, each in found]
        emit_json(objects if run is not None else objects[0])
    else:
        emit("\n\n\n".join(told(title, each, calls=calls) for title, each in found))


def _of_ref(store: Store, ref: str) -> tuple[str, Ledger]:
    """Return the ledger of the turn that is meant, or of the session."""
    found = turn_or_session(store, ref)
    if isinstance(found, TurnRecord):
        running = "" if found.status else ", still running"
        return f"turn {found.turn} ({found.paradigm}{running})", ledger_of(store.events(found.turn))
    turns = [turn.turn for turn in store.turns(found.id)]
    if not turns:
        fail(Exit.FAILED, f"session {found.id} has no turns")
    return f"session {found.id}", _of_turns(store, turns)


def _of_run(store: Store, ref: str) -> list[tuple[str, Ledger]]:
    """Return a ledger for each arm of a run, of its scored attempts."""
    run = store.suites.run(ref)
    scored = [attempt for attempt in store.suites.attempts(run.id) if attempt.state is not None]
    if not scored:
        fail(Exit.FAILED, f"run {run.id} has no scored attempts yet")
    turns = {arm.arm: [each.turn for each in scored if each.arm == arm.arm] for arm in run.arms}
    at_once = int(run.plan.get("at_once", 1))
    beside = f" (up to {at_once} turns at once: each one's seconds hold the others')" if at_once > 1 else ""
    return [
        (f"run {run.id}, arm {arm}{beside}", _of_turns(store, of_arm))
        for arm, of_arm in turns.items()
        if of_arm
    ]


def _of_turns(store: Store, turns: Iterable[str]) -> Ledger:
    return merged(ledger_of(store.events(turn)) for turn in turns)
