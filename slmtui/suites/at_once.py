"""Several pieces of work at once, each result as it comes."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


async def at_once(
    work: Iterable[Coroutine[Any, Any, T]], most: int, go_on: Callable[[], bool]
) -> AsyncGenerator[T, None]:
    """Run pieces of work in their order, at most so many at once, and yield what they return as they end.

    A piece is taken from `work` when it begins, and no other once `go_on` says no. Those that run are
    cancelled, and waited for, when one raises (which is raised here) or the caller leaves.
    """
    waiting = iter(work)
    running: set[asyncio.Task[T]] = set()
    done: set[asyncio.Task[T]] = set()
    try:
        while True:
            while go_on() and len(running) < most and (piece := next(waiting, None)) is not None:
                running.add(asyncio.ensure_future(piece))
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, *done, return_exceptions=True)
