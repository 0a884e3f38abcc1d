"""`slmtui runs`: the runs of suites that are kept."""

import shutil
import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer

from sessions.run_records import RunRecord
from slmtui.cli.bench_texts import arms_text, as_objects, paper_text, preview
from slmtui.cli.exits import say
from slmtui.cli.opened import stored_sessions
from slmtui.cli.options import Db, Json
from slmtui.cli.output import emit, emit_json, fields, short, table
from slmtui.cli.printed import wrapped
from slmtui.suites.arm_totals import totals
from slmtui.suites.plan import plan_of
from slmtui.suites.run_lock import sole_worker
from slmtui.tui.format import count

runs = typer.Typer(help="The runs of suites that are kept.", invoke_without_command=True)

Run = Annotated[
    str, typer.Argument(help="A run: its id, the beginning or the end of it, or last.", metavar="RUN")
]
TITLE_WIDTH, OTHERS_WIDTH = 48, 71
"""Characters of a title at most, and of the columns before it as runs usually are."""


@runs.callback()
def list_runs(
    context: typer.Context,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, help="So many at most.")] = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """List the runs, the latest first, unless a command is given."""
    if context.invoked_subcommand is not None:
        return
    with stored_sessions(db) as store:
        found = [(run, store.suites.scored(run.id)) for run in store.suites.runs(limit)]
    if as_json:
        emit_json([_object(run, scored) for run, scored in found])
    elif found:
        head = ("RUN", "STARTED", "ITEMS", "DONE", "ENDED", "TITLE")
        emit(table(head, [_row(run, scored) for run, scored in found], right=(2, 3)))
    else:
        say("There is no run yet. Start one with `slmtui bench`.")


@runs.command("show")
def show_run(run: Run, db: Db = None, as_json: Json = False) -> None:
    """Show a run: what was asked for, where its items come from, and how every arm did."""
    with stored_sessions(db) as store:
        record = store.suites.run(run)
        scored = store.suites.scored(record.id)
        arms = totals([arm.arm for arm in record.arms], store.suites.observations(record.id))
        plan = plan_of(record.plan)
    if as_json:
        emit_json(_object(record, scored) | {"figures": as_objects(arms)})
        return
    pairs = [
        ("started", _moment(record.started_at)),
        ("ended", "no" if record.ended_at is None else _moment(record.ended_at)),
        *([("why", record.stopped)] if record.stopped else []),
        ("command", record.command),
    ]
    told = map(wrapped, preview(record, plan, scored))
    emit("\n".join([*told, "", fields(pairs), "", arms_text(arms)]))
    if plan.preset == "paper":
        emit(f"\n{paper_text(arms)}")


@runs.command("delete")
def delete_run(run: Run, db: Db = None) -> None:
    """Remove a run with all its turns, for good."""
    with stored_sessions(db) as store:
        ident = store.suites.run(run).id
        with sole_worker(store.path, ident):
            say(f"Removed {store.suites.delete(ident)} for good.")


def _object(run: RunRecord, scored: int) -> dict[str, Any]:
    return asdict(run) | {"repeats": run.repeats, "attempts": run.attempts, "scored": scored}


def _row(run: RunRecord, scored: int) -> tuple[str, ...]:
    done = f"{count(scored)}/{count(run.attempts)}"
    ended = "no" if run.ended_at is None else "early" if run.stopped else "yes"
    return run.id, _moment(run.started_at), count(run.items), done, ended, short(run.title, _title_room())


def _title_room() -> int:
    """Return how long a title may be: as long as fits in a terminal's line."""
    if not sys.stdout.isatty():
        return TITLE_WIDTH
    return min(TITLE_WIDTH, max(shutil.get_terminal_size().columns - OTHERS_WIDTH, 8))


def _moment(stamp: str) -> str:
    """Return a stored moment to the minute, in UTC as it is kept."""
    return stamp[:16].replace("T", " ")
