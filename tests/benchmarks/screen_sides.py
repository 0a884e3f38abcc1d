"""What a person waits for in a chat: on a long session and on a short one, in the whole app, headless."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from textual import events
from textual.pilot import Pilot

from agents.events import Event
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.app import SlmApp
from slmtui.tui.options import AppOptions
from slmtui.tui.screens.chat.screen import ChatScreen
from tests.benchmarks.long_session import ANSWER, LAST
from tests.benchmarks.painting import Painted
from tests.slmtui.tui.driving import drawn
from tests.slmtui.tui.scripted import Script, ScriptedBackend

PACE_S = 0.008
EMPTY = "f1 help · ctrl+p commands"
"""What only the empty chat shows."""


@dataclass(frozen=True)
class Visit:
    """The app with a chat open, ready for the next thing."""

    app: SlmApp
    pilot: Pilot[int]
    painted: Painted

    @property
    def chat(self) -> ChatScreen:
        """The chat."""
        return self.app.chat

    def shows(self, text: str) -> bool:
        """Whether a text is on the screen."""
        return text in drawn(self.chat)


@asynccontextmanager
async def visit(store: Store, session: str | None = None) -> AsyncGenerator[Visit, None]:
    """Open the app on a session, or on none."""
    app = SlmApp(ScriptedBackend(_story, pace=PACE_S), store, AppOptions(session=session))
    async with app.run_test(size=(120, 36)) as pilot:
        await _until(lambda: app.chat.is_mounted and app.chat.engine.phase in {"ready", "warm"})
        await quiet(pilot)
        with Painted(app).watching() as painted:
            yield Visit(app, pilot, painted)


async def opening(here: Visit, session: str | None) -> float:
    """Return the seconds from the wish to open a session until its last answer is painted."""
    wanted = LAST if session else EMPTY
    await _empty_view(here, wanted)

    def act() -> None:
        here.chat.run_worker(here.chat.open_session(session))

    seconds = await here.painted.after(act, lambda: here.shows(wanted))
    await quiet(here.pilot)
    return seconds


async def streaming(here: Visit) -> float:
    """Return the CPU seconds of a second in which an answer is written; stored turns come before it."""
    done = len(here.chat.chat.records)
    here.chat.prompt.put("Go on with the story of the mill.")
    await here.pilot.press("enter")
    await _until(lambda: here.chat.chat.latest is not None and bool(here.chat.chat.latest.events))
    began, cpu = time.perf_counter(), time.process_time()
    await _until(lambda: len(here.chat.chat.records) > done)
    seconds = (time.process_time() - cpu) / (time.perf_counter() - began)
    await _until(lambda: not here.chat.busy)
    await quiet(here.pilot)
    return seconds


async def key(here: Visit) -> float:
    """Return the seconds from a key in the prompt until its letter is painted."""
    text = here.chat.prompt.text
    here.chat.prompt.focus()
    typed = events.Key("x", "x")
    seconds = await here.painted.after(
        lambda: here.app.post_message(typed), lambda: here.chat.prompt.text == text + "x"
    )
    here.chat.prompt.text = ""
    await quiet(here.pilot)
    return seconds


async def page_up(here: Visit) -> float:
    """Return the seconds of a page up; at the top of what is drawn, of loading more above as well."""
    transcript = here.chat.pane.transcript
    before = transcript.scroll_offset.y
    seconds = await here.painted.after(
        lambda: here.chat.action_scroll_chat(-1),
        lambda: transcript.scroll_offset.y != before,  # also after loading: what was in view is put back
    )
    await quiet(here.pilot)
    return seconds


async def _empty_view(here: Visit, wanted: str) -> None:
    """Show something else than what is to be opened."""
    if here.shows(wanted):
        await here.chat.open_session(None if wanted == LAST else here.app.options.session)
        await quiet(here.pilot)


async def quiet(pilot: Pilot[int]) -> None:
    """Wait until the app has nothing more to do."""
    for _ in range(3):
        await pilot.pause()


async def _until(so: Callable[[], bool]) -> None:
    while not so():  # noqa: ASYNC110 - the app tells nobody beside it
        await asyncio.sleep(0.01)


def _story(request: TurnRequest, turn: str) -> list[Event]:
    answer = ANSWER.format(number=1, last="") * 2
    turn = f"{turn}-{time.monotonic_ns()}"  # each visit has a backend that numbers its turns from 1
    return Script(request, turn).call("base", [("answer", answer)]).meter().end()
