"""A process that works on a run is killed at any moment, over and over: nothing is lost or runs twice."""

import asyncio
import random
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from slmtui.suites.progress import AttemptScored, Progress
from tests.sessions.apps import CONTEXT, start_app
from tests.slmtui.suites.sums import Work, answer, begin, check_whole, key, open_store
from tests.slmtui.tui.scripted import ScriptedBackend

ITEMS, REPEATS, KILLS = 10, 2, 8
PACE_S = 0.002
Ack = tuple[tuple[str, str, int], str]


def work_on(path: Path, owner: str, acknowledge: Connection) -> None:
    """Go on with the run, and tell of every attempt that is scored."""

    def tell(progress: Progress) -> None:
        if isinstance(progress, AttemptScored):
            acknowledge.send((key(progress.attempt), progress.attempt.turn))

    with open_store(path, owner) as store:
        work = Work(store, store.suites.run("last"), lambda: ScriptedBackend(answer, pace=PACE_S))
        asyncio.run(work.go(tell))


def run_and_kill(path: Path, owner: str, dice: random.Random) -> list[Ack]:
    """Let a process work on the run, kill it with SIGKILL, and return what it had told of until then."""
    ours, theirs = CONTEXT.Pipe(duplex=False)
    app = start_app(work_on, path, owner, theirs)
    theirs.close()
    acks: list[Ack] = []
    with suppress(EOFError):
        acks += [ours.recv() for _ in range(dice.randint(1, 3))]
        time.sleep(dice.random() * 0.05)
        app.kill()
        while True:
            acks.append(ours.recv())
    app.join()
    assert app.exitcode == -9
    return acks


def test_a_run_that_is_killed_over_and_over_ends_with_every_attempt_once(tmp_path: Path) -> None:
    path, dice = tmp_path / "s.db", random.Random(20260415)
    with open_store(path, "maker") as store:
        run = begin(store, ITEMS, repeats=REPEATS, at_once=3)
    told: dict[tuple[str, str, int], str] = {}
    for number in range(KILLS):
        for attempt, turn in run_and_kill(path, f"worker {number}", dice):
            assert attempt not in told  # nothing runs twice
            told[attempt] = turn
        with open_store(path) as store:
            kept = {key(a): a.turn for a in store.suites.attempts(run.id) if a.state is not None}
            assert told.items() <= kept.items()  # nothing is lost
            told = kept
    assert 0 < len(told) < run.attempts
    with open_store(path) as store:
        work = asyncio.run(Work(store, store.suites.run(run.id)).go())
        assert len(work.scored) == run.attempts - len(told)
        check_whole(store, run.id)
        kept = {key(attempt): attempt.turn for attempt in store.suites.attempts(run.id)}
        assert told.items() <= kept.items()
        statuses = [turn.status for arm in run.arms for turn in store.turns(arm.session)]
        assert statuses.count("ok") == run.attempts
        assert statuses.count("interrupted") > 0  # some were killed in the middle of a turn
        assert len(statuses) == statuses.count("ok") + statuses.count("interrupted")
