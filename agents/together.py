"""Several streams of events as one, in the order in which the events come."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Sequence

from agents.events import Event


async def together(streams: Sequence[AsyncIterable[Event]]) -> AsyncGenerator[Event, None]:
    """Yield the events of all streams until the last has ended. The first error of one ends them all."""
    coming: asyncio.Queue[Event | None] = asyncio.Queue()

    async def drain(stream: AsyncIterable[Event]) -> None:
        try:
            async for event in stream:
                coming.put_nowait(event)
        finally:
            coming.put_nowait(None)

    tasks = [asyncio.ensure_future(drain(stream)) for stream in streams]
    try:
        left = len(tasks)
        while left:
            event = await coming.get()
            if event is None:
                left -= 1
                _raise_for(tasks)
            else:
                yield event
        _raise_for(tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _raise_for(tasks: Sequence[asyncio.Future[None]]) -> None:
    for task in tasks:
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            raise error
