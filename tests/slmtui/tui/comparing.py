"""Backends and steps for the tests of the compare screen: several models, arms that fail, ask or wait."""

from collections.abc import Callable

from textual.pilot import Pilot

from agents import events as ev
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.app import SlmApp
from slmtui.tui.screens.compare.screen import CompareScreen
from tests.slmtui.tui.driving import ready, until
from tests.slmtui.tui.scripted import Script, turn_events

PROMPT = "What is 347 * 29?"
Turn = Callable[[TurnRequest, str], list[ev.Event]]


def failing(paradigm: str) -> Turn:
    """Every paradigm answers as usual, but for one whose engine stops."""

    def turn(request: TurnRequest, ident: str) -> list[ev.Event]:
        if request.paradigm != paradigm:
            return turn_events(request, ident)
        script = Script(request, ident).call(paradigm, [("answer", "It is")], finish="failed")
        return script.end("failed", "the engine stopped (signal 9)")

    return turn


async def opened(pilot: Pilot[int], app: SlmApp, prompt: str = PROMPT) -> CompareScreen:
    """Open the compare screen from the chat with a prompt typed there."""
    await ready(pilot)
    app.chat.prompt.put(prompt)
    await pilot.press("f4")
    await until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.is_mounted)
    assert isinstance(app.screen, CompareScreen)
    screen = app.screen
    await until(pilot, lambda: screen.focused is screen.prompt)
    return screen


async def answered(pilot: Pilot[int], screen: CompareScreen, rounds: int = 1) -> None:
    """Wait until so many rounds were answered, and compared."""
    await until(pilot, lambda: len(screen.state.rounds) >= rounds and not screen.state.running)
    await compared(pilot, screen)


async def compared(pilot: Pilot[int], screen: CompareScreen) -> None:
    """Wait until nothing is being worked out."""
    await pilot.pause()
    await until(pilot, lambda: not _working(screen) and bool(screen.sentences))


def _working(screen: CompareScreen) -> bool:
    return any(not worker.is_finished for worker in screen.workers if worker.node is screen)


async def asked(pilot: Pilot[int], app: SlmApp, prompt: str = PROMPT) -> CompareScreen:
    """Open the screen, ask every arm, and wait for the answers."""
    screen = await opened(pilot, app, prompt)
    await pilot.press("enter")
    await answered(pilot, screen)
    return screen


def attempts(store: Store, screen: CompareScreen) -> dict[tuple[str, int], tuple[bool | None, bool | None]]:
    """Return what is stored of the answers, by arm and repeat: right, preferred."""
    assert screen.by_hand.run is not None
    found = store.suites.attempts(screen.by_hand.run.id)
    return {(each.arm, each.repeat): (each.strict, each.preferred) for each in found}
