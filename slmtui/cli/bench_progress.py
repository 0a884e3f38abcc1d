"""How a run is seen while it goes on: bars in a terminal, lines elsewhere; on standard error."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeAlias

from slmtui.cli.exits import say
from slmtui.cli.printed import one_line
from slmtui.suites.progress import ArmStanding, AttemptScored, ModelLoaded, ModelLoading, Progress, Standing
from slmtui.tui.format import duration, rate

Show: TypeAlias = Callable[[Progress], None]

LINES = 10
"""Where there are no bars, a run has about so many lines."""


@contextmanager
def shown(standing: Standing) -> Generator[Show, None, None]:
    """Show a run as it goes on; give every progress to the function."""
    drawing = _bars(standing) if sys.stderr.isatty() else _lines(standing)
    with drawing as draw:

        def show(progress: Progress) -> None:
            standing.add(progress, time.monotonic())
            draw(progress)

        yield show


@contextmanager
def _lines(standing: Standing) -> Generator[Show, None, None]:
    every = max(1, standing.planned // LINES)

    def draw(progress: Progress) -> None:
        if isinstance(progress, AttemptScored) and standing.done % every == 0:
            say(line(standing, time.monotonic()))
        elif (text := _aside(progress)) is not None:
            say(text)

    yield draw


@contextmanager
def _bars(standing: Standing) -> Generator[Show, None, None]:
    from rich.console import Console  # noqa: PLC0415 - a pipe need not wait for it
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    name = TextColumn("{task.description}", markup=False)
    figures = TextColumn("{task.fields[figures]}", markup=False)
    with Bars(name, BarColumn(24), MofNCompleteColumn(), figures, console=Console(stderr=True)) as bars:
        total = bars.add_task("all", total=standing.planned, figures="")
        tasks = {
            arm.arm: bars.add_task(one_line(arm.arm), total=arm.planned, figures="")
            for arm in standing.arms.values()
        }

        def draw(progress: Progress) -> None:
            figures = _aside(progress) or pace(standing, time.monotonic())
            bars.update(total, completed=standing.done, figures=figures)
            for arm, task in tasks.items():
                of_arm = standing.arms[arm]
                bars.update(task, completed=of_arm.done, figures=accuracy(of_arm))

        yield draw


def line(standing: Standing, now: float) -> str:
    """Return how a run stands, in a line."""
    arms = [f"{one_line(arm.arm)} {accuracy(arm)}" for arm in standing.arms.values()]
    return " · ".join([f"{standing.done}/{standing.planned}", pace(standing, now), *arms])


def pace(standing: Standing, now: float) -> str:
    """Return how long a run will take, and how fast it writes."""
    left = duration(standing.seconds_left(now))
    return f"{left} left · {rate(standing.tokens_per_second(now))}"


def accuracy(arm: ArmStanding) -> str:
    """Return an arm's share of right answers with its interval: 3/4 right (30 to 95 %)."""
    if arm.interval is None:
        return "nothing yet"
    low, high = arm.interval
    return f"{arm.right}/{arm.done} right ({low * 100:.0f} to {high * 100:.0f} %)"


def _aside(progress: Progress) -> str | None:
    """Return what is said of a model, or None."""
    if isinstance(progress, ModelLoading):
        return f"Loading {one_line(progress.model) or 'the model'} …"
    if isinstance(progress, ModelLoaded) and progress.engine is not None:
        engine = progress.engine
        return one_line(f"{engine.model} {engine.quantisation}, {engine.n_threads} threads, {engine.machine}")
    return None
