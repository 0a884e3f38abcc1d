"""What the cost panel costs the engine: tokens a second with the panel on over those with it off.

`python -m tests.benchmarks.panel` runs the whole app, headless, with the embedded model in its child
process. The same prompt is answered with the panel shown and hidden in turns, and the speed of each turn is
taken from its stored `CallFinished`. A round is four turns: shown, hidden, hidden, shown. Where two of them
that differ in nothing are further apart than `ALIKE`, something else ran on the machine: the round is left
out, and another one made, for at most `PATIENCE` times as many rounds.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
from textual.pilot import Pilot

from agents.events import CallFinished, MeterRead
from sessions.store import Store
from slmtui.assemble import Surroundings, make_backend, open_store, settings_of, surroundings
from slmtui.local_backend import LocalBackend
from slmtui.memory_limit import memory_limit
from slmtui.tui.app import SlmApp
from slmtui.tui.options import AppOptions
from tests.benchmarks.engine import Row
from tests.models import embedded_model

PROMPT = "Write a long story about a river, a mill and the people who live beside them."
TARGET = "≥ 0.98"
ALIKE = 0.08
PATIENCE = 5

Round = tuple["Side", "Side", "Side", "Side"]


@dataclass(frozen=True)
class Side:
    """One turn: tokens a second of decoding, and the app's own CPU seconds for a second of the turn."""

    tok_s: float
    app_cpu: float


def _around(folder: Path) -> Surroundings:
    found = surroundings()
    return replace(found, cache=folder, runtime=folder / "run", logs=folder / "logs")


def _backend(around: Surroundings, tokens: int) -> tuple[LocalBackend, AppOptions]:
    flags = {"model": str(embedded_model()), "limits": {"max_tokens": tokens}, "sampling": {"temperature": 0}}
    settings = settings_of(around, {**flags, "db": around.cache / "bench.db"})
    options = AppOptions(
        limits=settings.limits_of_turn(), sampling=settings.sampling_of_turn(), memory_limit=memory_limit()
    )
    return make_backend(settings, around), options


async def _answered(app: SlmApp, pilot: Pilot[int], store: Store, *, panel: bool) -> Side:
    """Answer the prompt in a new session, and return what its turn was like."""
    chat = app.chat
    await pilot.press("ctrl+n")
    chat.set_class(not panel, "-no-panel")
    chat.prompt.put(PROMPT)
    cpu, began = _cpu(), time.monotonic()
    await pilot.press("enter")
    await _until(lambda: bool(chat.chat.records))
    seconds, cpu = time.monotonic() - began, _cpu() - cpu
    await _until(lambda: not chat.busy)
    assert chat.panel.display is panel
    assert chat.chat.session is not None
    events = store.events(store.turns(chat.chat.session)[-1].turn)
    done = next(event for event in events if isinstance(event, CallFinished))
    assert any(isinstance(event, MeterRead) for event in events)
    return Side((done.output_tokens - 1) / done.decode_s, cpu / seconds)


async def _until(so: Callable[[], bool]) -> None:
    while not so():  # noqa: ASYNC110 - the app tells nobody beside it
        await asyncio.sleep(0.05)


def _cpu() -> float:
    times = psutil.Process(os.getpid()).cpu_times()
    return times.user + times.system


def undisturbed(one: Round) -> bool:
    """Whether the turns that differ in nothing went alike."""
    pairs = ((one[0].tok_s, one[3].tok_s), (one[1].tok_s, one[2].tok_s))
    return all(max(pair) <= min(pair) * (1 + ALIKE) for pair in pairs)


async def measured(rounds: int, tokens: int, size: tuple[int, int]) -> list[Round]:
    """Return undisturbed rounds: with the panel, without, without, with; the first round is not kept."""
    found: list[Round] = []
    with tempfile.TemporaryDirectory() as folder:
        around = _around(Path(folder))
        backend, options = _backend(around, tokens)
        settings = settings_of(around, {"db": around.cache / "bench.db"})
        with open_store(settings, around) as store:
            app = SlmApp(backend, store, options)
            async with app.run_test(size=size) as pilot:
                await _until(lambda: app.chat.engine.phase in {"ready", "warm"})
                for number in range(rounds * PATIENCE + 1):
                    shown = (True, False, False, True)
                    sides = [await _answered(app, pilot, store, panel=panel) for panel in shown]
                    one = (sides[0], sides[1], sides[2], sides[3])
                    speeds = " ".join(f"{side.tok_s:6.1f}" for side in one)
                    print(speeds, "" if undisturbed(one) else "disturbed", file=sys.stderr, flush=True)
                    found += [one] if number and undisturbed(one) else []
                    if len(found) == rounds:
                        break
    return found


def rows(found: list[Round]) -> list[Row]:
    """Return the ratio, how much two sides that are alike differ, and the app's own share of a core."""
    on = [side for first, _, _, last in found for side in (first, last)]
    off = [side for _, second, third, _ in found for side in (second, third)]
    ratios = [(a.tok_s + d.tok_s) / (b.tok_s + c.tok_s) for a, b, c, d in found]
    alike = [pair[0].tok_s / pair[1].tok_s for a, b, c, d in found for pair in ((a, d), (b, c))]
    speeds = f"{_median(s.tok_s for s in on):.1f} / {_median(s.tok_s for s in off):.1f} tok/s"
    cpu = f"{_median(s.app_cpu for s in on):.3f} / {_median(s.app_cpu for s in off):.3f} CPU s a second"
    spread = f"{len(found)} rounds, alike sides {min(alike):.3f} to {max(alike):.3f}"
    return [
        Row("decode, panel on over panel off", statistics.median(ratios), TARGET, f"{speeds}; {spread}"),
        Row(
            "the app's CPU, panel on over panel off",
            _median(s.app_cpu for s in on) / _median(s.app_cpu for s in off),
            "≤ 1.5",
            cpu,
        ),
    ]


def _median(numbers: Iterable[float]) -> float:
    return statistics.median(numbers)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--tokens", type=int, default=192)
    parser.add_argument("--columns", type=int, default=120)
    parser.add_argument("--rows", type=int, default=36)
    args = parser.parse_args()
    found = asyncio.run(measured(args.rounds, args.tokens, (args.columns, args.rows)))
    if not found:
        sys.exit("the machine was never quiet for a whole round")
    print(f"{'figure':44} {'ratio':>6}  {'wanted':8} sides")
    for row in rows(found):
        mark = "" if row.reached else "  not reached"
        print(f"{row.figure:44} {row.ratio:6.3f}  {row.target:8} {row.sides}{mark}")


if __name__ == "__main__":
    main()
