"""The main job in a real terminal: three paradigms, resuming, comparing, replaying, and when things break."""

import signal
from pathlib import Path

import pytest

from tests.terminal.screen import terminal

pytestmark = pytest.mark.model
NARROW, WIDE = (80, 24), (120, 36)
QUESTION = "What is 347 * 29?"


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x36"])
async def test_three_paradigms_then_resumed(tmp_path: Path, smollm: Path, size: tuple[int, int]) -> None:
    with terminal(tmp_path, size, smollm) as window:
        window.type("slmtui")
        await window.until("ready, cold")
        window.type(QUESTION)
        await window.until(lambda drawn: "base · 1 call" in drawn and "warm" in drawn)
        window.keys("BTab")
        await window.until("[Agent]")
        window.type(QUESTION)
        drawn = await window.until("agent · 2 calls")
        assert "calculator" in drawn
        assert "10063" in drawn
        window.keys("BTab")
        window.type(QUESTION)
        await window.until("multi ·")
        window.keys("C-q")
        await window.until("sh>")
        assert window.state() == "0 0 1"  # the terminal is as it was found

        window.type("clear; slmtui --continue")
        drawn = await window.until("multi ·")
        assert "10063" in drawn
        window.keys("C-c")
        await window.until("ctrl+c again quits")
        window.keys("C-c")
        await window.until("sh>")
        assert window.state() == "0 0 1"


async def test_one_prompt_to_three_arms(tmp_path: Path, smollm: Path) -> None:
    with terminal(tmp_path, WIDE, smollm) as window:
        window.type("slmtui")
        await window.until("ready, cold")
        window.type(f"/compare {QUESTION}")
        await window.until("3 multi")
        window.keys("Enter")
        drawn = await window.until("one answer of every arm")
        assert "base (baseline)" in drawn
        assert "tokens in" in drawn
        await window.until("▲")
        window.keys("s")
        await window.until(lambda drawn: "✗ wrong" in drawn and "right" in drawn)
        window.keys("Right", "a")
        await window.until("▲ 1 of 1")
        window.keys("Escape")
        await window.until("[Base]")
        window.keys("C-q")
        await window.until(lambda drawn: "[Base]" not in drawn)
        window.type("clear; slmtui runs")
        await window.until(QUESTION[:12])


async def test_a_session_is_played_again(tmp_path: Path, smollm: Path) -> None:
    with terminal(tmp_path, NARROW, smollm) as window:
        window.type("slmtui --paradigm single")
        await window.until("ready, cold")
        window.type(QUESTION)
        await window.until("agent · 2 calls")
        window.keys("F5")
        await window.until("at the end")
        window.keys("Home")
        await window.until(lambda drawn: "agent · 2 calls" not in drawn)
        window.keys("]", "]", "]", "]")
        await window.until("max speed")
        window.keys("Space")
        await window.until(lambda drawn: "agent · 2 calls" in drawn and "at the end" in drawn)
        window.keys("Escape")
        await window.until(lambda drawn: "REPLAY" not in drawn and "[Agent]" in drawn)


async def test_the_engine_is_killed_in_mid_answer(tmp_path: Path, smollm: Path) -> None:
    with terminal(tmp_path, WIDE, smollm) as window:
        window.type("slmtui")
        await window.until("ready, cold")
        window.type("Tell me a long story about a lighthouse.")
        await window.until("↓2")
        engine = window.child("slmtui.engine.worker")
        assert engine is not None
        engine.send_signal(signal.SIGKILL)
        drawn = await window.until("your prompt is back")
        assert "✗" in drawn
        window.tmux("resize-window", "-x", "80", "-y", "24")
        window.keys("Enter")
        await window.until("base · 1 call")
        window.tmux("resize-window", "-x", "120", "-y", "36")
        window.keys("C-q")
        await window.until(lambda drawn: "[Base]" not in drawn)
        window.type("clear; slmtui sessions list --json")
        await window.until("lighthouse")


async def test_resized_while_it_writes(tmp_path: Path, smollm: Path) -> None:
    with terminal(tmp_path, WIDE, smollm) as window:
        window.type("slmtui")
        await window.until("ready, cold")
        window.type("Tell me a long story about a lighthouse.")
        await window.until("● ")
        for width, height in ((80, 24), (40, 12), (200, 50), (120, 36)):
            window.tmux("resize-window", "-x", str(width), "-y", str(height))
        await window.until("base · 1 call")


@pytest.mark.parametrize("term", ["xterm-256color", "screen-256color", "linux", "dumb"])
async def test_other_terminals(tmp_path: Path, smollm: Path, term: str) -> None:
    with terminal(tmp_path, NARROW, smollm, term) as window:
        window.type("slmtui")
        await window.until("ready, cold")
        window.keys("F1")
        await window.until(lambda drawn: "ctrl+p" in drawn)
        window.keys("Escape", "C-q")
        await window.until(lambda drawn: "ctrl+p" not in drawn)


async def test_without_a_terminal_it_says_what_to_do(tmp_path: Path, smollm: Path) -> None:
    with terminal(tmp_path, NARROW, smollm) as window:
        window.type("echo | slmtui")
        await window.until("`slmtui ask` works without one")
