"""`slmtui compare`: the arms of a run, or the paradigms of sessions, side by side on the same items."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from sessions.comparison import Comparison
from sessions.errors import UnknownRunError
from sessions.run_records import RunRecord
from sessions.store import Store
from slmtui.cli.exits import Exit, fail
from slmtui.cli.opened import stored_sessions
from slmtui.cli.options import Db, Json
from slmtui.cli.output import emit, emit_json
from slmtui.cli.sessions import STDOUT
from slmtui.cli.written import write_file

LAST = "last"

Refs = Annotated[
    list[str],
    typer.Argument(
        help="A run of `slmtui bench`, or sessions: ids, parts of ids, or last, which is the last session;"
        " with --run, the last run.",
        metavar="RUN|SESSION…",
    ),
]


def compare_sessions(
    refs: Refs,
    run: Annotated[bool, typer.Option("--run", help="Of a run, not of sessions.")] = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write the figures to this CSV file; - prints them.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the resamples that intervals are made of.")] = 0,
    all_metrics: Annotated[
        bool, typer.Option("--all-metrics", help="Every resource, and every two arms, not the main ones.")
    ] = False,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Compare the arms of a run, or the paradigms of sessions: paired, with intervals and verdicts."""
    # Imported here: they load NumPy, for which no other command should wait.
    from sessions.comparison_rows import comparison_rows  # noqa: PLC0415
    from sessions.export import to_csv  # noqa: PLC0415
    from slmtui.cli.comparison_text import comparison_text  # noqa: PLC0415

    if seed < 0:
        fail(Exit.USAGE, f"--seed {seed}: it is 0 or more")
    with stored_sessions(db) as store:
        title, comparison = _compared(store, refs, seed, of_run=run)
    if csv == STDOUT:
        pass  # the figures as CSV are all there is to print
    elif as_json:
        emit_json(_object(comparison))
    else:
        emit(comparison_text(title, comparison, all_metrics=all_metrics))
    if csv is not None:
        write_file(csv, to_csv(comparison_rows(comparison), "comparison"))


def _compared(store: Store, refs: Sequence[str], seed: int, *, of_run: bool) -> tuple[str, Comparison]:
    """Return what is compared, in words, and the comparison."""
    from sessions.compare import compare, compare_turns  # noqa: PLC0415  # as above

    if of_run and len(refs) > 1:
        fail(Exit.USAGE, "one run is compared at a time")
    found = _run(store, refs, of_run=of_run)
    if found is not None:
        observations = store.suites.observations(found.id)
        if not observations:
            fail(Exit.FAILED, f"nothing of the run {found.id} was attempted yet")
        arms = store.suites.arms(found.id)
        return f"{found.title} · run {found.id}", compare(observations, arms, seed=seed)
    idents = dict.fromkeys(store.session(ref).id for ref in refs)
    turns = [turn for ident in idents for turn in store.turns(ident)]
    if not turns:
        fail(Exit.FAILED, "these sessions have no turns to compare")
    return f"session {', '.join(idents)}", compare_turns(turns, seed=seed)


def _run(store: Store, refs: Sequence[str], *, of_run: bool) -> RunRecord | None:
    """Return the run that is meant; None if sessions are. The id of a run says itself which it is."""
    if of_run:
        return store.suites.run(refs[0])
    if len(refs) > 1 or refs[0] == LAST:
        return None
    try:
        return store.suites.run(refs[0])
    except UnknownRunError:
        return None


def _object(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as the object that `--json` prints."""
    told = [asdict(each) | {"text": each.text} for each in comparison.differences]
    return asdict(comparison) | {"differences": told}
