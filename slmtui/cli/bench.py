"""`slmtui bench`: suites of items through every arm, paired, scored and kept."""

import asyncio
import shlex
import sys
import tempfile
import time
from contextlib import aclosing, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from sessions.run_records import RunRecord
from sessions.store import Store
from slmtui.assemble import (
    Surroundings,
    choose_model,
    make_backend,
    open_store,
    settings_of,
    surroundings,
)
from slmtui.cli import bench_options as options
from slmtui.cli.bench_progress import shown
from slmtui.cli.bench_texts import arms_text, as_objects, paper_text, preview
from slmtui.cli.exits import Exit, say, user_errors
from slmtui.cli.interrupts import stop_on_interrupt
from slmtui.cli.options import Allow, Cold, Db, Json, Switches, overrides
from slmtui.cli.output import emit, emit_json
from slmtui.cli.printed import wrapped
from slmtui.cli.report import format_of, write_report
from slmtui.models.describe import describe
from slmtui.settings import Settings
from slmtui.suites.allowing import NamedTools
from slmtui.suites.arm_totals import totals
from slmtui.suites.asked import Asked, check_same, make_plan
from slmtui.suites.boxes import Boxes
from slmtui.suites.budget import settings_for
from slmtui.suites.new_run import create_run
from slmtui.suites.plan import Plan, plan_of
from slmtui.suites.plan_suites import suite_of, worlds_of
from slmtui.suites.progress import Progress, RunEnded, RunPaused, Standing
from slmtui.suites.run_lock import sole_worker
from slmtui.suites.runner import Runner
from slmtui.suites.suite import SuiteError
from slmtui.tui.format import count


def bench(
    suites: options.Suites = None,
    paradigm: options.Paradigms = None,
    model: options.Models = None,
    switch: Switches = None,
    vary: options.Vary = None,
    limit: options.Limit = None,
    repeats: options.Repeats = None,
    seed: options.Seed = None,
    temperature: options.Temperature = None,
    max_tokens: options.MaxTokens = None,
    budget_tokens: options.BudgetTokens = None,
    cold: Cold = False,
    at_once: options.AtOnce = None,
    split: options.TheSplit = None,
    data: options.Data = None,
    mapping: options.Map = None,
    preset: options.ThePreset = None,
    stop_early: options.StopEarly = False,
    resume: options.Resume = None,
    allow: Allow = None,
    report: options.Report = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Run suites of items through every arm, score the answers, and keep it all.

    Arms are paradigms × models × switches that vary. Every arm answers the same items, in an order that the
    seed makes. ^C, a crash or a kill loses nothing that was scored: --resume goes on.
    """
    if report is not None:
        format_of(report)  # an ending that says nothing is told before anything runs
    with user_errors():
        asked = options.asked_of(
            suites=suites, paradigm=paradigm, model=model, switch=switch, vary=vary, split=split, data=data,
            map=mapping, limit=limit, repeats=repeats, seed=seed, temperature=temperature,
            max_tokens=max_tokens, budget_tokens=budget_tokens, cold=cold, at_once=at_once, preset=preset,
            stop_early=stop_early, allow=allow,
        )  # fmt: skip
        _bench(asked, resume, db, report, as_json=as_json)


def _bench(asked: Asked, resume: str | None, db: Path | None, report: Path | None, *, as_json: bool) -> None:
    around = surroundings()
    settings = settings_of(around, overrides(db=db))
    with open_store(settings, around) as store:
        work = _Work(store, settings, around)
        run = work.resumed(resume, asked) if resume else work.new(asked)
        go_on = f"`slmtui bench --resume {run.id}` goes on"
        with sole_worker(store.path, run.id):
            try:
                last = work.go(run)
            except BaseException:
                say(f"{go_on}.")
                raise
        _print_results(store, run, as_json=as_json)
        if report is not None and isinstance(last, RunEnded):
            write_report(store, run.id, report)
    if isinstance(last, RunPaused):
        left = f"{count(last.left)} attempt{'s' * (last.left != 1)}"
        say(wrapped(f"slmtui: stopped with {left} left; {go_on}"))
        raise typer.Exit(Exit.INTERRUPTED)
    if last.stopped:
        say(wrapped(last.stopped))
    say(wrapped(f"Kept as run {run.id}. Next: `slmtui compare {run.id}`, `slmtui report {run.id}`."))


@dataclass(frozen=True, slots=True)
class _Work:
    """The parts that a run is made with."""

    store: Store
    settings: Settings
    around: Surroundings

    def new(self, asked: Asked) -> RunRecord:
        """Begin a run, once all that it needs is found. Raises as its parts do."""
        plan = make_plan(asked, self.settings)
        for model in plan.models:
            describe(choose_model(settings_for(plan, model, self.settings), self.around).path)
        suites = {name: suite_of(plan, name) for name in plan.suites}
        return create_run(self.store, plan, suites, shlex.join(["slmtui", *sys.argv[1:]]))

    def resumed(self, ref: str, asked: Asked) -> RunRecord:
        """Return the run that is gone on with. Raises `SuiteError` where flags contradict its plan.

        So it does for a run by hand, which has none.
        """
        run = self.store.suites.run(ref)
        if run.by_hand:
            raise SuiteError(f"The run {run.id} was made by hand: go on with it in the app, with `slmtui`.")
        check_same(asked, plan_of(run.plan))
        return run

    def go(self, run: RunRecord) -> RunEnded | RunPaused:
        """Make the attempts that are left, and return how it ended."""
        run = self.store.suites.run(run.id)  # another process may have gone on with it meanwhile
        plan = plan_of(run.plan)
        for text in preview(run, plan, self.store.suites.scored(run.id)):
            say(wrapped(text))
        with (
            tempfile.TemporaryDirectory(prefix="slmtui-") as home,
            closing(Boxes(self.settings, worlds_of(plan), Path(home))) as boxes,
        ):
            return asyncio.run(self._attempts(run, plan, boxes))

    async def _attempts(self, run: RunRecord, plan: Plan, boxes: Boxes) -> RunEnded | RunPaused:
        runner = Runner(
            self.store,
            run,
            plan,
            backend_of=lambda model: make_backend(settings_for(plan, model, self.settings), self.around),
            box_of=boxes.box,
            approver=NamedTools(plan.allow),
            stop=stop_on_interrupt(),
        )
        standing = Standing.of_run(run, self.store.suites.attempts(run.id), time.monotonic())
        last: Progress = RunPaused(standing.planned - standing.done)
        with shown(standing) as show:
            async with aclosing(runner.go()) as told:
                async for last in told:
                    show(last)
        assert isinstance(last, RunEnded | RunPaused)
        return last


def _print_results(store: Store, run: RunRecord, *, as_json: bool) -> None:
    """Print how every arm did, on standard output."""
    arms = totals([arm.arm for arm in run.arms], store.suites.observations(run.id))
    if as_json:
        emit_json(_object(store.suites.run(run.id), as_objects(arms)))
        return
    emit(arms_text(arms))
    if plan_of(run.plan).preset == "paper":
        emit(f"\n{paper_text(arms)}")


def _object(run: RunRecord, arms: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "run": run.id,
        "title": run.title,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "stopped": run.stopped,
        "attempts": run.attempts,
        "arms": arms,
    }
