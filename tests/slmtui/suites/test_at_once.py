import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import aclosing

import pytest

from slmtui.suites.at_once import at_once


class Desk:
    """Pieces of work that end when they are let go; it knows which have begun and which were cancelled."""

    def __init__(self, count: int) -> None:
        self.gates = [asyncio.Event() for _ in range(count)]
        self.begun: list[int] = []
        self.cancelled: list[int] = []

    async def piece(self, number: int) -> int:
        self.begun.append(number)
        try:
            await self.gates[number].wait()
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise
        if number == 99:
            raise ValueError("piece 99")
        return number

    def work(self) -> Iterator[Coroutine[None, None, int]]:
        return (self.piece(number) for number in range(len(self.gates)))


async def test_so_many_run_at_once_and_results_come_as_they_end() -> None:
    desk = Desk(5)
    got = []
    async with aclosing(at_once(desk.work(), 2, lambda: True)) as results:
        desk.gates[1].set()
        got.append(await anext(results))
        assert desk.begun == [0, 1]
        desk.gates[2].set()
        got.append(await anext(results))
        for gate in desk.gates:
            gate.set()
        got += [result async for result in results]
    assert (got[:2], sorted(got)) == ([1, 2], [0, 1, 2, 3, 4])


async def test_what_runs_is_finished_when_nothing_more_may_begin() -> None:
    desk, may = Desk(5), [True]
    for gate in desk.gates:
        gate.set()
    got = []
    async for result in at_once(desk.work(), 2, lambda: may[0]):
        got.append(result)
        may[0] = False
    assert sorted(got) == [0, 1]
    assert desk.begun == [0, 1]


async def test_who_leaves_has_the_rest_cancelled_and_waited_for() -> None:
    desk = Desk(3)
    async with aclosing(at_once(desk.work(), 3, lambda: True)) as results:
        desk.gates[0].set()
        assert await anext(results) == 0
    assert sorted(desk.cancelled) == [1, 2]


async def test_an_error_is_raised_once_the_others_are_cancelled() -> None:
    desk = Desk(100)
    for gate in desk.gates[90:]:
        gate.set()
    desk.gates[:90] = [desk.gates[99]] * 90
    with pytest.raises(ValueError, match="piece 99"):
        async for _ in at_once(desk.work(), 100, lambda: True):
            pass
