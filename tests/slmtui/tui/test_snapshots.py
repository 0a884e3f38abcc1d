"""What the screens look like at two sizes, from scripted events and a clock that stands still."""

import asyncio
from collections.abc import Callable

from textual.pilot import Pilot

from agents import events as ev
from sessions.money import HostedPrice, Prices
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.screens.replay import ReplayScreen
from slmtui.tui.screens.sessions import SessionsScreen
from slmtui.tui.widgets.fold_line import FoldLine
from slmtui.tui.widgets.transcript import Transcript
from tests.slmtui.tui.driving import (
    NARROW,
    WIDE,
    Clock,
    drawn,
    keep_turns,
    make_app,
    ready,
    send,
    until,
)
from tests.slmtui.tui.scripted import Script, ScriptedBackend, single_turn
from tests.slmtui.tui.snapshots import (
    SIZES,
    Compare,
    asked,
    fixed_surroundings,
    pressed,
    seen,
    steps,
    stop_blinking,
)

__all__ = ["fixed_surroundings"]
WORDS: dict[str, Callable[[str], int]] = {"words": lambda text: len(text.split())}


async def at_the_end(pilot: Pilot[int]) -> None:
    transcript = pilot.app.screen.query_one(Transcript)
    await until(pilot, lambda: transcript.scroll_offset.y >= transcript.max_scroll_y)


@SIZES
def test_empty(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    assert snap_compare(make_app(store), terminal_size=size, run_before=steps())


@SIZES
def test_no_model(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    problem = "No model was found: --model, SLMTUI_MODEL and the usual places have none."
    first_run = "Get one with\n\n  pip install 'slmtui[smollm2]'\n\nor name a GGUF file: slmtui --model FILE"
    app = make_app(store, ScriptedBackend(problem=problem), first_run=first_run)
    assert snap_compare(app, terminal_size=size, run_before=steps())


@SIZES
def test_streaming(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, ScriptedBackend(hold=14))

    async def begin(pilot: Pilot[int]) -> None:
        await send(pilot, "What is a small model?")
        await until(pilot, lambda: "it fits" in drawn(app.screen))
        clock = app.options.clock
        assert isinstance(clock, Clock)
        clock.now += 0.56
        await app.chat.draw_now()

    assert snap_compare(app, terminal_size=size, run_before=steps(begin))


def reading_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    read = (128, 384, 640, 896, 1152)
    script = Script(request, turn).agent("agent", request.prompt)
    return script.call("agent", [("answer", "Yes.")], prompt=2210, read=read).end()


@SIZES
def test_prefill(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, ScriptedBackend(reading_turn, hold=8), paradigm="single")

    async def begin(pilot: Pilot[int]) -> None:
        await send(pilot, "Summarise this report: …")
        await until(pilot, lambda: "1 152 / 2 210" in drawn(app.screen))
        clock = app.options.clock
        assert isinstance(clock, Clock)
        clock.now += 2.14
        await app.chat.draw_now()

    assert snap_compare(app, terminal_size=size, run_before=steps(begin))


@SIZES
def test_loading(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, ScriptedBackend(load=asyncio.Event()))

    async def look(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: "45%" in drawn(app.screen))
        stop_blinking(pilot)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=look)


@SIZES
def test_loading_for_a_prompt(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    load = asyncio.Event()
    load.set()
    app = make_app(store, ScriptedBackend(load=load))

    async def begin(pilot: Pilot[int]) -> None:
        await send(pilot, "/unload")
        await until(pilot, lambda: "○ unloaded" in drawn(app.screen))
        load.clear()
        await send(pilot, "What is a small model?")
        await until(pilot, lambda: "loading the model 45%" in drawn(app.screen))

    assert snap_compare(app, terminal_size=size, run_before=steps(begin))


def test_not_switched(snap_compare: Compare, store: Store) -> None:
    backend = ScriptedBackend()
    names = "tiny-q4, tiny-q8, unsloth/tiny-llama-1.1b-chat-GGUF/tiny"
    backend.wrong["tiny"] = f"tiny fits several models: {names}. Write more of the name."
    app = make_app(store, backend)

    async def switch(pilot: Pilot[int]) -> None:
        await ready(pilot)
        await send(pilot, "/model tiny")
        await until(pilot, lambda: "○ unloaded" in drawn(app.screen))
        stop_blinking(pilot)
        await pilot.pause()

    assert snap_compare(app, terminal_size=NARROW, run_before=switch)


@SIZES
def test_three_paradigms(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(
        store, prices=Prices(0.36, "EUR", (HostedPrice("mini", 0.1, 0.4, "words"),)), encodings=lambda: WORDS
    )
    next_paradigm = pressed("shift+tab")
    prompt = asked("What is 347 * 29?")
    before = steps(
        *(prompt, next_paradigm, prompt, next_paradigm, prompt),
        *(pressed(*"and 348 * 29?"), seen("~4 tokens"), at_the_end),
    )
    assert snap_compare(app, terminal_size=size, run_before=before)


@SIZES
def test_resumed(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, session=keep_turns(store, "base", "single", "multi"))
    assert snap_compare(app, terminal_size=size, run_before=steps())


def test_tool_call_open(snap_compare: Compare, store: Store) -> None:
    app = make_app(store, paradigm="single")

    async def open_it(pilot: Pilot[int]) -> None:
        app.screen.query_one(FoldLine).focus()
        await pilot.press("space")

    assert snap_compare(app, terminal_size=NARROW, run_before=steps(asked("What is 347 * 29?"), open_it))


def failing_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    if request.prompt == "fine":
        return single_turn(request, turn)
    script = Script(request, turn).agent("agent", request.prompt)
    rule = "the oldest turns go first, the system text and the question stay"
    script.call("agent", [("call", "{…}")], prompt=900)
    script.add(ev.ContextTrimmed(0, "c", 4, 2310, 1980, 2048, rule))
    script.tool(
        "agent", "units", {"value": 5, "to": "parsecs"}, "5 kg is a mass, not a length.", status="error"
    )
    script.add(ev.LimitReached(0, "agent", "steps", "5 tool calls were made"))
    script.call("agent", [("answer", "Five kilograms are")], finish="failed").meter(
        joules=None, source="none"
    )
    return script.end("failed", "the engine stopped (signal 9); it starts again with the next prompt")


@SIZES
def test_failed(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, ScriptedBackend(failing_turn), paradigm="single")
    before = steps(asked("fine"), asked("Convert 5 kilograms to parsecs"))
    assert snap_compare(app, terminal_size=size, run_before=before)


def test_cancelled(snap_compare: Compare, store: Store) -> None:
    app = make_app(store, ScriptedBackend(hold=14))

    async def stop(pilot: Pilot[int]) -> None:
        await send(pilot, "Tell me everything")
        await until(pilot, lambda: "it fits" in drawn(app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: not app.chat.busy)
        await until(pilot, lambda: "~3 tokens" in drawn(app.screen))

    assert snap_compare(app, terminal_size=NARROW, run_before=steps(stop))


def test_paradigm_menu(snap_compare: Compare, store: Store) -> None:
    before = steps(pressed("ctrl+o"), seen("judges its result"))
    assert snap_compare(make_app(store), terminal_size=NARROW, run_before=before)


@SIZES
def test_sessions(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    keep_turns(store, "base", "single", "multi", prompt="What is the total of invoice 4?")
    keep_turns(store, "single", prompt="How many days are there between 2023-05-06 and 2023-07-01?")
    app = make_app(store)

    async def search(pilot: Pilot[int]) -> None:
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, SessionsScreen) and app.screen.is_mounted)
        if size == WIDE:
            await pilot.press("slash", *"invoice")
        await until(pilot, lambda: "3 turn" in drawn(app.screen))

    assert snap_compare(app, terminal_size=size, run_before=steps(search))


@SIZES
def test_replay(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, session=keep_turns(store, "base", "multi"))

    async def play(pilot: Pilot[int]) -> None:
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, ReplayScreen) and app.screen.is_mounted)
        await pilot.press("space", "full_stop", *(["right"] * 24), "right_square_bracket")
        await until(pilot, lambda: "event 25 of" in drawn(app.screen) and "×2" in drawn(app.screen))

    assert snap_compare(app, terminal_size=size, run_before=steps(play))


def test_help(snap_compare: Compare, store: Store) -> None:
    assert snap_compare(
        make_app(store), terminal_size=NARROW, run_before=steps(pressed("f1"), seen("slmtui 0.1.0"))
    )
