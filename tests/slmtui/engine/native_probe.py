"""Does to llama.cpp, in a process of its own, what would end it; a line of JSON says what came of each."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

SEQUENCES, BATCH = 3, 32


def serve(model: Path) -> None:
    from slmtui.engine.native import ContextOptions, NativeContext, NativeError, NativeModel

    loaded = NativeModel(model, 0, lambda _fraction: None)

    def context(tokens: int = 512) -> NativeContext:
        return NativeContext(loaded, ContextOptions(tokens, BATCH, SEQUENCES, 1, 1))

    # One after the other: a case may change what the next one finds.
    for name, act in chain(cases(context, loaded.vocab.size), memory_cases(context, model)):
        print(json.dumps([name, "begun"]), flush=True)
        try:
            outcome = f"returned {act()!r}"
        except NativeError as error:
            outcome = f"refused: {error}"
        print(json.dumps([name, outcome]), flush=True)


def cases(context: Callable[[], Any], vocabulary: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    from slmtui.engine.native import Row

    def rows(count: int, *, token: int = 1, sequence: int = 0, start: int = 0) -> list[Row]:
        return [Row(token, start + n, sequence, n == count - 1) for n in range(count)]

    live = context()
    yield "a batch that fits", lambda: live.decode(rows(BATCH))
    yield "a batch that is too large", lambda: live.decode(rows(BATCH + 1))
    yield "a batch of nothing", lambda: live.decode([])
    for name, token in (("a negative", -1), ("the first beyond", vocabulary), ("a huge", 2**31 - 1)):
        yield f"{name} token", lambda t=token: live.decode(rows(1, token=t))
    for sequence in (-1, SEQUENCES, 500):
        yield f"decode in sequence {sequence}", lambda s=sequence: live.decode(rows(1, sequence=s))
        yield f"cut sequence {sequence}", lambda s=sequence: live.cut(s, 0)
        yield f"copy sequence {sequence}", lambda s=sequence: live.copy(s, 1, 4)
        yield f"copy to sequence {sequence}", lambda s=sequence: live.copy_whole(0, s)
        yield f"state of sequence {sequence}", lambda s=sequence: live.state(s)
        yield f"state to sequence {sequence}", lambda s=sequence: live.set_state(s, b"")
    yield "a position that leaves a gap", lambda: live.decode(rows(1, start=400)) != 0
    yield "logits of a row without any", lambda: (live.decode(rows(2, start=BATCH)), live.logits(0))
    yield "logits of no row", lambda: live.logits(77)
    yield "a damaged state", lambda: live.set_state(1, b"\xff" * 64)
    for name, use in uses(live, rows(1, start=BATCH + 2)).items():
        yield f"another thread: {name}", lambda u=use: elsewhere(u)
    yield "still alive", lambda: live.decode(rows(1, start=BATCH + 2))
    live.close()
    for name, use in {**uses(live, rows(1)), "close": live.close}.items():
        yield f"closed: {name}", use


def uses(live: Any, row: list[Any]) -> dict[str, Callable[[], Any]]:
    return {
        "decode": lambda: live.decode(row),
        "logits": lambda: live.logits(0),
        "cut": lambda: live.cut(1, 0),
        "clear": live.clear,
        "copy": lambda: live.copy(0, 1, 2),
        "copy_whole": lambda: live.copy_whole(0, 1),
        "state_bytes": lambda: live.state_bytes(0),
        "state": lambda: live.state(0),
        "set_state": lambda: live.set_state(1, b""),
        "set_threads": lambda: live.set_threads(1, 1),
        "set_adapters": lambda: live.set_adapters([]),
    }


def elsewhere(use: Callable[[], Any]) -> Any:
    """Return what a use of the context returns or raises in another thread."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(use())
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]


def memory_cases(context: Callable[..., Any], model: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    if sys.platform != "linux":
        return
    import resource

    from slmtui.engine.loading import load
    from slmtui.engine.protocol import Load, Threads

    silent: Any = {"emit": lambda _call, _event: None, "progress": lambda _fraction: None}
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + 256 * 2**20,) * 2)
    yield "a context beyond the limit", lambda: context(2**21).size
    yield "loading it", lambda: load(Load(str(model), context=2**21, threads=Threads(1, 1)), **silent)
    yield "a context within the limit", lambda: context(256).size


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
