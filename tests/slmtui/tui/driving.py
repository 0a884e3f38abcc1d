"""Runs the app in a test: how to make it, to wait for something to be so, and to read the screen."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from textual.pilot import Pilot
from textual.screen import Screen

from agents import events as ev
from sessions.store import Store
from slmtui.backend import Backend, TurnRequest
from slmtui.tui.app import SlmApp
from slmtui.tui.options import AppOptions
from tests.slmtui.tui.scripted import ScriptedBackend, turn_events

WIDE, NARROW = (120, 36), (80, 24)
WAIT_S = 20.0


class Clock:
    """Monotonic seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def make_app(store: Store, backend: Backend | None = None, **options: object) -> SlmApp:
    plain = AppOptions(version="0.1.0", clock=Clock())
    return SlmApp(backend or ScriptedBackend(), store, replace(plain, **options))  # type: ignore[arg-type]


async def until(pilot: Pilot[int], so: Callable[[], bool]) -> None:
    """Wait until `so` holds, however slow the machine is; fail after a long while."""
    for _ in range(int(WAIT_S / 0.02)):
        if so():
            if pilot.app.is_running:
                await pilot.pause()
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came about")


async def ready(pilot: Pilot[int]) -> None:
    """Wait until the app has loaded its model, or found none."""
    await until(pilot, lambda: app_of(pilot).chat.is_mounted and app_of(pilot).chat.engine.phase != "loading")


async def send(pilot: Pilot[int], prompt: str) -> None:
    """Put a prompt in its place, faster than typing it, and press enter."""
    app_of(pilot).chat.prompt.put(prompt)
    await pilot.press("enter")


async def ask(pilot: Pilot[int], prompt: str) -> None:
    """Send a prompt and wait for the end of its turn."""
    chat = app_of(pilot).chat
    before = len(chat.chat.records)
    await send(pilot, prompt)
    await until(pilot, lambda: len(chat.chat.records) > before and not chat.busy)


def app_of(pilot: Pilot[int]) -> SlmApp:
    assert isinstance(pilot.app, SlmApp)
    return pilot.app


def drawn(screen: Screen[object]) -> str:
    """Return what a screen shows, as text, line by line."""
    strips = screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def keep_turns(store: Store, *paradigms: str, prompt: str = "What is 347 * 29?", session: str = "") -> str:
    """Store a session with a finished turn of each paradigm, without an app; return its id."""
    ident = session or store.create_session()
    for number, paradigm in enumerate(paradigms):
        request = TurnRequest(ident, paradigm, prompt, (), AppOptions().sampling)
        turn = f"{ident}{len(store.turns(ident)):02d}{number}"
        events: list[ev.Event] = turn_events(request, turn)
        store.append(ident, turn, events)
    return ident
