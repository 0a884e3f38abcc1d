"""What thoughts, votes, calls, rungs, questions, switches and notes look like at two sizes."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from sessions.store import Store
from tests.slmtui.tui.agent_turns import mended_turn, noting_turn, thinking_turn, voting_turn
from tests.slmtui.tui.driving import NARROW, WIDE, app_of, ask, drawn, make_app, send, until
from tests.slmtui.tui.scripted import ScriptedBackend
from tests.slmtui.tui.snapshots import (
    SIZES,
    Compare,
    Steps,
    asked,
    fixed_surroundings,
    pressed,
    seen,
    steps,
)
from tests.slmtui.tui.test_notes_and_switches import Desk

__all__ = ["fixed_surroundings"]
PROMPT = "Thirty pens and one more at 12 each?"


def begun(prompt: str, shown: Callable[[str], bool]) -> Steps:
    """Send a prompt, and draw when `shown` holds of the screen."""

    async def run(pilot: Pilot[int]) -> None:
        await send(pilot, prompt)
        await until(pilot, lambda: shown(drawn(pilot.app.screen)))
        await app_of(pilot).chat.draw_now()

    return run


@SIZES
def test_thinking(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, ScriptedBackend(thinking_turn, hold=18), paradigm="single")
    before = steps(begun(PROMPT, lambda screen: "31 of" in screen))
    assert snap_compare(app, terminal_size=size, run_before=before)


@SIZES
def test_call_being_written(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, ScriptedBackend(thinking_turn, hold=26), paradigm="single")
    before = steps(begun(PROMPT, lambda screen: "calculator(expression:" in screen))
    assert snap_compare(app, terminal_size=size, run_before=before)


@SIZES
def test_samples(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, ScriptedBackend(voting_turn, hold=14), paradigm="vote")
    before = steps(begun(PROMPT, lambda screen: "sample 3 of 3: 3 tokens" in screen))
    assert snap_compare(app, terminal_size=size, run_before=before)


@SIZES
def test_voted(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, ScriptedBackend(voting_turn), paradigm="vote")
    assert snap_compare(app, terminal_size=size, run_before=steps(asked(PROMPT)))


@SIZES
def test_mended(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, ScriptedBackend(mended_turn), paradigm="multi")
    assert snap_compare(app, terminal_size=size, run_before=steps(asked(PROMPT)))


def test_mended_and_frozen(snap_compare: Compare, store: Store) -> None:
    app = make_app(store, ScriptedBackend(mended_turn), paradigm="multi")

    async def reopen(pilot: Pilot[int]) -> None:
        await ask(pilot, PROMPT)
        await app.chat.open_session(app.chat.chat.session)

    assert snap_compare(app, terminal_size=NARROW, run_before=steps(reopen))


@SIZES
def test_approval(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, ScriptedBackend(noting_turn), paradigm="single")
    before = steps(begun("Note that the plumber comes", lambda screen: "[ No ]" in screen))
    assert snap_compare(app, terminal_size=size, run_before=before)


SWITCHES = {
    "examples": "so many of the stored examples are shown as earlier turns",
    "tool_list": "the prompt lists the tools (auto: for models of a billion parameters and more, "
    "which can read them)",
    "think": "the model thinks in words before it acts",
}


@SIZES
def test_switches(
    snap_compare: Compare, store: Store, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slmtui.tui.screens.switches.MEANING", SWITCHES)

    async def change(pilot: Pilot[int]) -> None:
        await send(pilot, "/switch examples 2")
        await send(pilot, "/switches")

    before = steps(change, seen("set in this session"))
    assert snap_compare(make_app(store), terminal_size=size, run_before=before)


def test_notes(snap_compare: Compare, store: Store) -> None:
    async def list_them(pilot: Pilot[int]) -> None:
        await send(pilot, "/notes")

    app = make_app(store, notes=Desk("house.md", "recipes/pancakes.md"))
    assert snap_compare(app, terminal_size=NARROW, run_before=steps(list_them, seen("pancakes")))


def test_paradigm_menu_on_a_wide_screen(snap_compare: Compare, store: Store) -> None:
    before = steps(pressed("ctrl+o"), seen("unsure"))
    assert snap_compare(make_app(store, paradigm="cascade"), terminal_size=WIDE, run_before=before)
