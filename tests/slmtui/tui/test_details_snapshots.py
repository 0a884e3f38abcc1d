"""What the details of a turn look like at three sizes."""

from collections.abc import Callable

from textual.pilot import Pilot

from agents import events as ev
from sessions.store import Store
from tests.slmtui.tui.detail_turns import crowd_turn, keep, samples_turn, team_turn
from tests.slmtui.tui.driving import make_app
from tests.slmtui.tui.snapshots import SIZES, Compare, Steps, fixed_surroundings, pressed, steps
from tests.slmtui.tui.test_details_screen import opened

__all__ = ["fixed_surroundings"]
Turn = Callable[[str, str], list[ev.Event]]


def details(turn: str) -> Steps:
    async def show(pilot: Pilot[int]) -> None:
        await opened(pilot, turn)

    return show


def snapshot(compare: Compare, store: Store, size: tuple[int, int], turn: Turn, *keys: str) -> bool:
    ident = keep(store, turn(store.create_session(), "T1"))
    before = steps(details(ident), pressed(*keys))
    return compare(make_app(store), terminal_size=size, run_before=before)


@SIZES
def test_a_team(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    assert snapshot(snap_compare, store, size, team_turn, "down")


@SIZES
def test_a_call(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    assert snapshot(snap_compare, store, size, team_turn, "down", "enter", "tab", *["down"] * 14)


@SIZES
def test_a_tool(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    assert snapshot(snap_compare, store, size, team_turn, *["down"] * 4, "enter")


@SIZES
def test_the_conditions(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    assert snapshot(snap_compare, store, size, team_turn, "enter")


@SIZES
def test_samples_at_once(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    assert snapshot(snap_compare, store, size, samples_turn)


@SIZES
def test_twelve_agents(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    assert snapshot(snap_compare, store, size, crowd_turn, "down")
