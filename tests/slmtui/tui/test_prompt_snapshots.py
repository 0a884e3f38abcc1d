"""What the prompt and its windows look like at three sizes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from agents.message import Sampling
from sessions.store import Store
from slmtui.tui.widgets.attachment_line import AttachmentLine
from slmtui.tui.widgets.line_input import LineInput
from tests.slmtui.tui.driving import app_of, drawn, keep_turns, make_app, ready, send, until
from tests.slmtui.tui.scripted import ScriptedBackend
from tests.slmtui.tui.snapshots import SIZES, Compare, fixed_surroundings, stop_blinking

__all__ = ["fixed_surroundings"]
Size = tuple[int, int]


async def still(pilot: Pilot[int]) -> None:
    """Wait until the tokens are counted, and stop the cursor."""
    app_of(pilot).chat.status.forget()
    stop_blinking(pilot)
    await pilot.pause()


async def counted(pilot: Pilot[int], said: str) -> None:
    await until(pilot, lambda: said in drawn(app_of(pilot).screen))


@SIZES
def test_completing_a_command(snap_compare: Compare, store: Store, size: Size) -> None:
    async def steps(pilot: Pilot[int]) -> None:
        await ready(pilot)
        await pilot.press(*"/s", "down")
        await still(pilot)

    assert snap_compare(make_app(store), terminal_size=size, run_before=steps)


@SIZES
def test_a_paste_and_a_file(snap_compare: Compare, store: Store, tmp_path: Path, size: Size) -> None:
    (tmp_path / "notes.txt").write_text("milk and bread", encoding="utf-8")

    async def steps(pilot: Pilot[int]) -> None:
        await ready(pilot)
        prompt = app_of(pilot).chat.prompt
        prompt.insert("Compare ")
        prompt.take_paste("a line of text\n" * 1000)
        prompt.insert(" with @notes.txt please")
        await until(pilot, lambda: app_of(pilot).screen.query_one(AttachmentLine).display)
        await still(pilot)

    assert snap_compare(make_app(store, folder=tmp_path), terminal_size=size, run_before=steps)


@SIZES
def test_prompts_that_wait(snap_compare: Compare, store: Store, size: Size) -> None:
    async def steps(pilot: Pilot[int]) -> None:
        await ready(pilot)
        chat = app_of(pilot).chat
        await send(pilot, "first")
        await until(pilot, lambda: chat.chat.latest is not None and chat.chat.latest.events >= 10)
        for text in ("second [b]prompt[/b]", "third", "fourth", "fifth"):
            await send(pilot, text)
        await chat.draw_now()
        await still(pilot)

    assert snap_compare(make_app(store, ScriptedBackend(hold=10)), terminal_size=size, run_before=steps)


@SIZES
def test_the_search_for_a_prompt(snap_compare: Compare, store: Store, size: Size) -> None:
    keep_turns(store, "base", prompt="What is a lark?\nAnd a wren?")
    keep_turns(store, "base", prompt="Add 17 % to 1 240")

    async def steps(pilot: Pilot[int]) -> None:
        await ready(pilot)
        await pilot.press("ctrl+f")
        await counted(pilot, "What is a lark? And a wren?  (+1 line)")
        await still(pilot)

    assert snap_compare(make_app(store), terminal_size=size, run_before=steps)


async def _system(pilot: Pilot[int]) -> None:
    app_of(pilot).chat.chat.system = "Answer briefly.\nSay what you do not know."
    app_of(pilot).chat.action_own_system()
    await counted(pilot, "Say what you do not know.")


async def _sampling(pilot: Pilot[int]) -> None:
    app_of(pilot).chat.chat.sampling = Sampling(temperature=0.2)
    app_of(pilot).chat.action_own_sampling()
    await counted(pilot, "repeat_penalty")
    app_of(pilot).screen.query_one(LineInput).value = "9"
    await counted(pilot, "✗ temperature is 9")


@SIZES
@pytest.mark.parametrize("window", [_system, _sampling], ids=["system", "sampling"])
def test_the_windows_of_the_sessions_settings(
    snap_compare: Compare, store: Store, size: Size, window: Callable[[Pilot[int]], object]
) -> None:
    async def steps(pilot: Pilot[int]) -> None:
        await ready(pilot)
        await window(pilot)  # type: ignore[misc]
        await still(pilot)

    assert snap_compare(make_app(store), terminal_size=size, run_before=steps)
