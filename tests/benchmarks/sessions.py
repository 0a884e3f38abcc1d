"""The benchmark of the store: a million turns, and what a person waits for, beside plain sqlite3.

`python -m tests.benchmarks.sessions` makes the store (a few minutes and some 4 GB; `--store FILE` keeps
it, and takes it up again), does each thing by our code and by plain sqlite3 in turns, and prints medians
with their ratio. Where the whole table can be read for an answer, the time of that is beside it.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.big_store import build, open_store
from tests.benchmarks.session_sides import Sides, sides


def seconds(what: Callable[[], object]) -> float:
    """Return how long something takes."""
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def measured(each: Sides, rounds: int) -> str:
    """Return a line of the table: both sides in turns, after one of each to warm up."""
    each.ours()
    each.plain()
    pairs = [(seconds(each.ours), seconds(each.plain)) for _ in range(rounds)]
    ours, plain = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    scan = ""
    if each.scan is not None:
        whole = min(seconds(each.scan) for _ in range(3))
        scan = f"{whole * 1000:10.1f} ms  {ours / whole:6.3f}"
    return f"{each.name:32} {ours * 1000:10.2f} ms {plain * 1000:10.2f} ms  {ratio:5.2f}  {scan}"


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=1_000_000)
    parser.add_argument("--exported", type=int, default=100_000, help="turns of the session that is exported")
    parser.add_argument("--items", type=int, default=10_000, help="paired items of the comparison")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--store", type=Path, help="the file to make, or to take up again")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path: Path = args.store or Path(folder) / "sessions.db"
        if not path.exists():
            took = seconds(lambda: build(path, args.turns, args.exported, args.items))
            print(f"made {args.turns:,} turns in {took:.0f} s")
        print(f"{'':32} {'ours':>13} {'plain':>13}  ratio  {'whole table':>13}  ours / whole")
        with open_store(path) as store:
            for each in sides(store, path, Path(folder)):
                rounds = args.rounds * 40 if "write" in each.name or "search" in each.name else args.rounds
                print(measured(each, rounds), flush=True)


if __name__ == "__main__":
    main()
