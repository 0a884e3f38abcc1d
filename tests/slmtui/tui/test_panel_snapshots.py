"""What the cost panel and the log look like at three sizes, from scripted events and a fixed clock."""

from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from agents import events as ev
from agents.budget import Limits
from sessions.money import HostedPrice, Prices
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.screens.log import LogScreen
from tests.slmtui.tui.driving import NARROW, WIDE, Clock, ask, drawn, make_app, ready, send, until
from tests.slmtui.tui.scripted import Script, ScriptedBackend
from tests.slmtui.tui.snapshots import SIZES, Compare, fixed_surroundings, stop_blinking

__all__ = ["fixed_surroundings"]
LIMITS = Limits(max_tokens=64, max_joules=10.0)


def long_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    origins = tuple(
        ev.OriginTokens(origin, 0, tokens)  # type: ignore[arg-type]
        for origin, tokens in (
            ("system", 60), ("tools", 210), ("history", 300), ("user", 20), ("tool_result", 90),
            ("template", 20),
        )
    )  # fmt: skip
    script = Script(request, turn).agent("agent", request.prompt).meter(rss=398_000_000, joules=0.4)
    script.call("agent", [("call", "calculator " * 12)], prompt=700, reused=0).meter(joules=2.0)
    script.tool("agent", "calculator", {"expression": "347 * 29"}, "10063", seconds=0.6)
    script.call("agent", [("answer", "It is 10063. " * 14)], prompt=700, reused=600).meter(joules=5.2)
    return [
        replace(each, origins=origins) if isinstance(each, ev.CallFinished) else each for each in script.end()
    ]


async def still(pilot: Pilot[int]) -> None:
    stop_blinking(pilot)
    pilot.app.screen.query_one("StatusLine").forget()  # type: ignore[attr-defined]
    await pilot.pause()


@SIZES
def test_panel_while_a_turn_runs(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    backend = ScriptedBackend(long_turn, hold=38)
    app = make_app(store, backend, paradigm="single", limits=LIMITS, memory_limit=16_800_000_000)

    async def run(pilot: Pilot[int]) -> None:
        await ready(pilot)
        await send(pilot, "What is 347 * 29?")
        await until(pilot, lambda: app.chat.chat.latest is not None and app.chat.chat.latest.events == 38)
        clock = app.options.clock
        assert isinstance(clock, Clock)
        clock.now += 2.3
        await app.chat.draw_now()
        await still(pilot)

    assert snap_compare(app, terminal_size=size, run_before=run)


@SIZES
def test_panel_after_three_turns(snap_compare: Compare, store: Store, size: tuple[int, int]) -> None:
    prices = Prices(0.36, "EUR", (HostedPrice("mini", 0.1, 0.4, "words"),))
    app = make_app(store, limits=LIMITS, memory_limit=16_800_000_000, prices=prices)

    async def run(pilot: Pilot[int]) -> None:
        await ready(pilot)
        for _ in range(3):
            await ask(pilot, "What is 347 * 29?")
            await pilot.press("shift+tab")
        await still(pilot)

    assert snap_compare(app, terminal_size=size, run_before=run)


def test_panel_folded_and_paused(snap_compare: Compare, store: Store) -> None:
    app = make_app(store, ScriptedBackend(long_turn), paradigm="single", limits=Limits(max_tokens=50))

    async def run(pilot: Pilot[int]) -> None:
        await ready(pilot)
        await ask(pilot, "What is 347 * 29?")
        await pilot.press("f8")
        await until(pilot, lambda: app.chat.panel.has_focus)
        await pilot.press("2", "5", "p")
        await still(pilot)

    assert snap_compare(app, terminal_size=WIDE, run_before=run)


@SIZES
def test_log(snap_compare: Compare, store: Store, tmp_path: Path, size: tuple[int, int]) -> None:
    log = tmp_path / "engine.log"
    lines = [f"llama_model_loader: - kv {n:3}: tokenizer.ggml.tokens" for n in range(60)]
    log.write_text("\n".join([*lines, "warning: [slow] \x1b[31mred\x1b[0m"]) + "\n", encoding="utf-8")
    app = make_app(store, engine_log=log)

    async def run(pilot: Pilot[int]) -> None:
        await ready(pilot)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: "[slow]" in drawn(app.screen))
        if size != NARROW:
            await pilot.press("slash", *"slow")
            await until(pilot, lambda: "1 of 61" in drawn(app.screen))
        assert isinstance(app.screen, LogScreen)
        app.screen.status.show_summary("61 lines")  # the path is this machine's
        await still(pilot)

    assert snap_compare(app, terminal_size=size, run_before=run)
