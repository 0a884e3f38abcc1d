"""What the tests of pictures share: surroundings, sizes, and steps after which the screen stands still."""

import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Protocol

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from slmtui.tui.app import SlmApp
from tests.slmtui.tui.driving import NARROW, WIDE, app_of, ask, drawn, ready, until

Steps = Callable[[Pilot[int]], Awaitable[None]]
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE, (200, 50)], ids=["80x24", "120x36", "200x50"])


class Compare(Protocol):
    def __call__(self, app: SlmApp, *, terminal_size: tuple[int, int], run_before: Steps) -> bool: ...


@pytest.fixture(autouse=True)
def fixed_surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.delenv("NO_COLOR", raising=False)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def stop_blinking(pilot: Pilot[int]) -> None:
    for widget in pilot.app.screen.query("*"):
        if isinstance(widget, TextArea | Input):
            widget.cursor_blink = False
            widget._pause_blink(visible=widget.has_focus)


def steps(*each: Steps) -> Steps:
    """Run steps one after another, then make the screen stand still."""

    async def run(pilot: Pilot[int]) -> None:
        await ready(pilot)
        stop_blinking(pilot)
        for step in each:
            await step(pilot)
        stop_blinking(pilot)
        chat = app_of(pilot).chat
        if chat.prompt.text.strip():
            await until(pilot, lambda: bool(chat.box.border_subtitle))
        chat.status.forget()
        pilot.app.screen.refresh()  # reading a modal screen beside the app leaves what is behind it undrawn
        await pilot.pause()

    return run


def asked(prompt: str) -> Steps:
    return lambda pilot: ask(pilot, prompt)


def pressed(*keys: str) -> Steps:
    return lambda pilot: pilot.press(*keys)


def seen(text: str) -> Steps:
    return lambda pilot: until(pilot, lambda: text in drawn(pilot.app.screen))
