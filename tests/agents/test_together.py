import asyncio
from collections.abc import AsyncGenerator

import pytest

from agents.events import AgentStarted, Event
from agents.together import together


def event(name: str) -> Event:
    return AgentStarted(0.0, name, "")


async def saying(
    *names: str, ended: list[str], wait: asyncio.Event | None = None
) -> AsyncGenerator[Event, None]:
    try:
        for name in names:
            await asyncio.sleep(0)
            yield event(name)
        if wait is not None:
            await wait.wait()
    finally:
        ended.append(names[0])


async def failing(after: int) -> AsyncGenerator[Event, None]:
    for _ in range(after):
        await asyncio.sleep(0)
        yield event("fails")
    raise ValueError("no such luck")


async def names(*streams: AsyncGenerator[Event, None]) -> list[str]:
    return [e.agent async for e in together(streams) if isinstance(e, AgentStarted)]


async def test_events_come_as_they_come_and_each_stream_keeps_its_order() -> None:
    ended: list[str] = []
    found = await names(saying("a", "b", "c", ended=ended), saying("1", "2", "3", ended=ended))
    assert [n for n in found if n.isalpha()] == ["a", "b", "c"]
    assert [n for n in found if n.isdigit()] == ["1", "2", "3"]
    assert found not in (["a", "b", "c", "1", "2", "3"], ["1", "2", "3", "a", "b", "c"])
    assert sorted(ended) == ["1", "a"]


async def test_no_streams_are_no_events() -> None:
    assert await names() == []


async def test_first_error_is_raised_and_cancels_the_others() -> None:
    ended: list[str] = []
    with pytest.raises(ValueError, match="no such luck"):
        await names(saying("a", ended=ended, wait=asyncio.Event()), failing(2))
    assert ended == ["a"]


async def test_leaving_early_cancels_all() -> None:
    ended: list[str] = []
    stream = together([saying(n, ended=ended, wait=asyncio.Event()) for n in "ab"])
    assert await anext(stream)
    await stream.aclose()
    assert sorted(ended) == ["a", "b"]
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
