"""`slmtui compare`: the arms of a run, or the paradigms of sessions, side by side on the same items."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sessions.comparison import Comparison
from sessions.errors import UnknownRunError
from sessions.observation import METRICS, RESOURCES, Observation
from sessions.observing import observations_of_turns
from sessions.run_records import RunRecord
from sessions.store import Store
from slmtui.cli.exits import Exit, fail
from slmtui.cli.money import pricing_set
from slmtui.cli.opened import stored_sessions
from slmtui.cli.options import Db, Json
from slmtui.cli.output import emit, emit_json
from slmtui.cli.sessions import STDOUT
from slmtui.cli.written import write_file

if TYPE_CHECKING:
    from sessions.comparing.money import Money

LAST = "last"

ABOUT = {
    "arms": "Of each arm: how its attempts ended (states), rates with Wilson's interval (count of n, share of"
    " 1), spreads of what an attempt costs, per_right: all attempts' total / the right ones, at_k over"
    " repeats.",
    "pairs": "Of every two arms, on the attempts that both have (n, of items): who is right where, the"
    " difference of shares (second - first) with its interval, p of the exact McNemar test and by Holm, the"
    " smallest difference that could be shown, verdict and text; resources as means, difference and ratio"
    " (second / first); regressions: the first alone is right; by_data_set: the difference there, and without"
    " it.",
    "pareto": "By resource: accuracy and mean cost of each arm, whether it is on_front, and in what share of"
    " the resamples.",
    "differences": "The factors in which every two arms differ.",
    "audits": "What the figures themselves show to be wrong or empty.",
    "notes": "What differs among the turns, and how the figures were made.",
    "scored": "Whether anything was; without, pairs have resources alone.",
    "resamples": "Of every bootstrap; all are made with the seed.",
    "preferences": "Of two arms, whose answers a person liked better, how often, or alike (ties); p of the"
    " exact sign test.",
    "money": "What an attempt (mean) and a right answer (per_right) cost by the prices that are set.",
}
"""What the members of `--json` are. Metrics are columns of a turn; null is what there is no figure of."""

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
        found = _compared(store, refs, seed, of_run=run, all_metrics=all_metrics)
    if csv == STDOUT:
        pass  # the figures as CSV are all there is to print
    elif as_json:
        emit_json(_object(found.comparison, found.money))
    else:
        text = comparison_text(found.title, found.comparison, found.money, all_metrics=all_metrics)
        emit(text)
    if csv is not None:
        write_file(csv, to_csv(comparison_rows(found.comparison), "comparison"))


@dataclass(frozen=True, slots=True)
class _Compared:
    """What is compared, in words, the comparison, and what it all cost in money."""

    title: str
    comparison: Comparison
    money: "Money"


def _compared(store: Store, refs: Sequence[str], seed: int, *, of_run: bool, all_metrics: bool) -> _Compared:
    """Read and compare what is meant."""
    from sessions.compare import compare, compare_turns  # noqa: PLC0415  # as above

    if of_run and len(refs) > 1:
        fail(Exit.USAGE, "one run is compared at a time")
    found = _run(store, refs, of_run=of_run)
    if found is not None:
        observations = store.suites.observations(found.id, METRICS if all_metrics else RESOURCES)
        if not observations:
            fail(Exit.FAILED, f"nothing of the run {found.id} was attempted yet")
        comparison = compare(observations, store.suites.arms(found.id), seed=seed)
        money = _money(store, comparison, observations)
        return _Compared(f"{found.title} · run {found.id}{_so_far(found, observations)}", comparison, money)
    idents = dict.fromkeys(store.session(ref).id for ref in refs)
    turns = [turn for ident in idents for turn in store.turns(ident)]
    if not turns:
        fail(Exit.FAILED, "these sessions have no turns to compare")
    comparison = compare_turns(turns, seed=seed)
    money = _money(store, comparison, observations_of_turns(turns))
    return _Compared(f"session {', '.join(idents)}", comparison, money)


def _money(store: Store, comparison: Comparison, observations: Sequence[Observation]) -> "Money":
    """Return what the arms cost by the prices of the settings."""
    from sessions.comparing.money import counted_tokens, money_of  # noqa: PLC0415  # as above

    pricing = pricing_set()
    counted = counted_tokens(store.events, (each.turn for each in observations), pricing.encodings)
    return money_of(comparison, observations, pricing.prices, counted)


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


def _so_far(run: RunRecord, made: Sequence[Observation]) -> str:
    """Return how much of a run there is, as long as it is not all."""
    return "" if run.ended_at else f" · {len(made)} of {run.attempts} attempts so far"


def _object(comparison: Comparison, money: "Money") -> dict[str, Any]:
    """Return a comparison, and what its arms cost in money, as the object that `--json` prints."""
    told = [asdict(each) | {"text": each.text} for each in comparison.differences]
    return {"about": ABOUT} | asdict(comparison) | {"differences": told, "money": asdict(money)}
