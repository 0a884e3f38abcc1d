"""The benchmark of the screen: what a person waits for, on a long session and on a short one.

`python -m tests.benchmarks.screen` runs the whole app, headless, with a scripted engine, on sessions of
2,000, 20 and 2 turns in turns, and its lists with 500 rows and with 5. It starts it in a terminal of its
own, beside an empty Textual app that imports the same modules (all that `slmtui` has imported when its
first frame is drawn), one that imports `textual` alone, and a bare Python. Each line is a median of ratios.
`--only start` or `--only session` leaves the other half out.
"""

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sessions.store import Store
from tests.benchmarks import screen_lists as lists
from tests.benchmarks import screen_sides as sides
from tests.benchmarks import starting
from tests.benchmarks.engine import Row
from tests.benchmarks.long_session import LAST, keep_long

LONG, MIDDLE, SHORT = 2000, 20, 2
KEYS, PAGES, WRITTEN = 20, 15, 2
PAGES_UP = 150
"""Of the some 1,300 of 2,000 turns: each is followed by a rest, and all of them take minutes."""
NO_TARGET = "≥ 0"


def row(figure: str, target: str, pairs: Sequence[tuple[float, float]], unit: str = "ms") -> Row:
    """Return a line from pairs of seconds that were measured one after the other."""
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    scale = 1000 if unit == "ms" else 1
    ratio = statistics.median(one / other for one, other in pairs)
    return Row(figure, ratio, target, f"{ours * scale:.3g} / {theirs * scale:.3g} {unit}")


def start_rows(home: Path, rounds: int) -> list[Row]:
    """Return how soon the app is drawn, and how soon the version is told."""
    modules = str(home / "modules")
    starting.seconds_to_paint(starting.RECORD + starting.SLMTUI, home, modules)
    programs = {
        "slmtui": (starting.SLMTUI,),
        "no model": (starting.NO_MODEL,),
        "same": (starting.IMPORTS + starting.EMPTY, modules),
        "empty": (starting.EMPTY,),
    }
    took: dict[str, list[float]] = {name: [] for name in (*programs, "version", "pass")}
    for _ in range(rounds + 1):
        for name, (code, *given) in programs.items():
            took[name].append(starting.seconds_to_paint(code, home, *given))
        took["version"].append(starting.seconds_to_end(("-m", "slmtui", "--version"), home))
        took["pass"].append(starting.seconds_to_end(("-c", "pass"), home))
    took = {name: each[1:] for name, each in took.items()}  # the first of each warms up

    def line(figure: str, target: str, one: str, other: str) -> Row:
        return row(figure, target, list(zip(took[one], took[other], strict=True)))

    return [
        line("first paint, over an empty app with its imports", "≤ 1.5", "slmtui", "same"),
        line("the same, with no model to load", "≤ 1.5", "no model", "same"),
        line("first paint, over an empty app with textual", NO_TARGET, "slmtui", "empty"),
        line("--version, over a bare Python", NO_TARGET, "version", "pass"),
    ]


def resume_row(store: Store, home: Path, session: str, rounds: int) -> Row:
    """Return how soon the end of a long session is drawn, from the start of the program on."""
    db, last = ("--db", str(store.path)), LAST.encode()
    pairs = []
    for _ in range(rounds + 1):
        resumed = starting.seconds_to_paint(starting.SLMTUI, home, *db, "--resume", session, mark=last)
        pairs.append((resumed, starting.seconds_to_paint(starting.SLMTUI, home, *db)))
    return row("starting with 2,000 turns, over with none", "≤ 2", pairs[1:])


async def session_rows(store: Store, ids: dict[int, str], rounds: int) -> list[Row]:
    """Return what a long session costs over a short one."""
    over_none, over_middle = await _openings(store, ids, rounds)
    keys = await _in_turns(store, ids, (LONG, SHORT), rounds, _keys)
    pages = await _in_turns(store, ids, (LONG, MIDDLE), rounds, _pages)
    written = await _in_turns(store, ids, (LONG, SHORT), rounds, _written)
    return [
        row("opening 2,000 turns in a running app, over none", "≤ 2", over_none),
        row("opening 2,000 turns in a running app, over 20", "≤ 2", over_middle),
        row("CPU while an answer is written, 2,000 over 2", "≤ 1.5", written, "CPU s a second"),
        row("key to paint, 2,000 over 2", "≤ 1.5", keys),
        row("a page up, 2,000 over 20", "≤ 1.5", pages),
        await _far_up(store, ids[LONG]),
    ]


async def _openings(
    store: Store, ids: dict[int, str], rounds: int
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Return the openings of the long session, beside those of an empty chat and of a session of 20."""
    over_none, over_middle = [], []
    async with sides.visit(store, ids[LONG]) as here:
        for _ in range(rounds + 1):
            empty = await sides.opening(here, None)
            long = await sides.opening(here, ids[LONG])
            over_none.append((long, empty))
            over_middle.append((long, await sides.opening(here, ids[MIDDLE])))
    return over_none[1:], over_middle[1:]  # the first of each warms up


async def _in_turns(
    store: Store,
    ids: dict[int, str],
    two: tuple[int, int],
    rounds: int,
    measure: Callable[[sides.Visit], Awaitable[float]],
) -> list[tuple[float, float]]:
    pairs = []
    for _ in range(rounds):
        found = []
        for turns in two:
            async with sides.visit(store, ids[turns]) as here:
                found.append(await measure(here))
        pairs.append((found[0], found[1]))
    return pairs


async def _keys(here: sides.Visit) -> float:
    return statistics.median([await sides.key(here) for _ in range(KEYS)])


async def _pages(here: sides.Visit) -> float:
    """Pages of what is drawn already, which both sides have."""
    took: list[float] = []
    while len(took) < PAGES and here.chat.pane.transcript.scroll_offset.y > 0:
        took.append(await sides.page_up(here))
    return statistics.median(took)


async def _written(here: sides.Visit) -> float:
    return statistics.median([await sides.streaming(here) for _ in range(WRITTEN)])


async def _far_up(store: Store, session: str) -> Row:
    """Scroll far up through a session: the worst step, which loads more, over the middle one."""
    async with sides.visit(store, session) as here:
        steps = [await sides.page_up(here) for _ in range(PAGES_UP)]
        turns = here.chat.chat.path.later
    worst, middle = max(steps), statistics.median(steps)
    sizes = f"{worst * 1000:.0f} / {middle * 1000:.0f} ms, {len(steps)} pages, {turns} turns left below"
    return Row("a page up in 2,000, worst step over median", worst / middle, NO_TARGET, sizes)


async def list_rows(folder: Path, rounds: int) -> list[Row]:
    """Return what a long list costs over a short one."""
    return [
        row(f"the {name} screen, {lists.MANY} rows over {lists.FEW}", NO_TARGET, pairs)
        for name, pairs in (await lists.mounted(folder, rounds)).items()
    ]


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=("start", "session"))
    args = parser.parse_args()
    print(f"{'figure':48} {'ratio':>6}  {'wanted':8} sides", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        if args.only != "session":
            _print(start_rows(Path(folder), args.rounds))
        if args.only != "start":
            path = Path(folder) / "sessions.db"
            with Store.open(path, owner="b", alive=lambda _: False, now=lambda: datetime.now(UTC)) as store:
                ids = {turns: keep_long(store, turns) for turns in (LONG, MIDDLE, SHORT)}
                _print([resume_row(store, Path(folder), ids[LONG], args.rounds)])
                _print(asyncio.run(session_rows(store, ids, args.rounds)))
            _print(asyncio.run(list_rows(Path(folder), args.rounds)))


def _print(rows: Sequence[Row]) -> None:
    for each in rows:
        mark = "" if each.reached else "  not reached"
        print(f"{each.figure:48} {each.ratio:6.2f}  {each.target:8} {each.sides}{mark}", flush=True)


if __name__ == "__main__":
    main()
