"""The details of a turn as they are used: opened, walked through, copied, and while the turn runs."""

from unittest.mock import Mock

import pytest
from textual.pilot import Pilot

from agents import events as ev
from sessions.store import Store
from slmtui.tui.app import SlmApp
from slmtui.tui.screens.details import DetailsScreen, open_details
from slmtui.tui.state.timeline import TimelineFeed
from slmtui.tui.widgets.timeline_strip import TimelineStrip
from tests.slmtui.tui.detail_turns import (
    HOSTILE,
    call,
    crowd_turn,
    keep,
    message,
    renamed,
    samples_turn,
    started,
    team_turn,
)
from tests.slmtui.tui.driving import NARROW, WIDE, app_of, ask, drawn, make_app, ready, send, until


async def opened(pilot: Pilot[int], turn: str) -> DetailsScreen:
    """Show the details of a turn that is stored."""
    await ready(pilot)
    app = app_of(pilot)
    open_details(app, app.chat.store, app.options, turn, app.chat.note)
    await until(pilot, lambda: isinstance(app.screen, DetailsScreen) and "the turn" in drawn(app.screen))
    assert isinstance(app.screen, DetailsScreen)
    return app.screen


def text(app: SlmApp) -> str:
    return drawn(app.screen)


async def test_f9_shows_the_latest_turn_and_escape_comes_back(store: Store) -> None:
    app = make_app(store, paradigm="multi")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("f9")
        await until(pilot, lambda: "There is no turn yet" in text(app))
        await ask(pilot, "What is 347 * 29?")
        await pilot.press("f9")
        await until(pilot, lambda: "supervisor → math" in text(app))
        assert isinstance(app.screen, DetailsScreen)
        await pilot.press("escape")
        assert app.screen is app.chat


async def test_a_turn_is_named_by_its_number_or_its_id(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "The first question")
        await ask(pilot, "The second question")
        await send(pilot, "/details 1")
        await until(pilot, lambda: isinstance(app.screen, DetailsScreen))
        assert app.screen.turn_id == app.chat.chat.records[0].turn  # type: ignore[attr-defined]
        await pilot.press("escape")
        await send(pilot, "/details 99")
        await until(pilot, lambda: "99" in app.chat.status.content.plain)  # type: ignore[union-attr]
        assert app.screen is app.chat


async def test_enter_opens_and_closes_a_call(store: Store) -> None:
    turn = keep(store, team_turn(store.create_session(), "T1"))
    async with make_app(store).run_test(size=NARROW) as pilot:
        screen = await opened(pilot, turn)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "call 1 of 5 · supervisor · route" in drawn(screen))
        await pilot.press("tab", "end")
        await until(pilot, lambda: "⟦<|im_end|>⟧" in drawn(screen))
        await pilot.press("escape")
        assert not screen.is_open
        assert screen.focused is screen.listed
        await pilot.press("enter", "enter")
        assert not screen.is_open


async def test_the_marked_call_is_marked_in_the_timeline(store: Store) -> None:
    turn = keep(store, team_turn(store.create_session(), "T1"))
    async with make_app(store).run_test(size=WIDE) as pilot:
        screen = await opened(pilot, turn)
        assert "▲" not in drawn(screen)
        await pilot.press("down")
        await until(pilot, lambda: "▲" in drawn(screen))


async def test_y_copies_the_prompt_of_a_call_and_the_text_of_another_part(store: Store) -> None:
    turn = keep(store, team_turn(store.create_session(), "T1"))
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, turn)
        await pilot.press("down", "y")
        assert app.clipboard.startswith("[system]\nYou are a careful assistant.")
        assert "Copied the prompt" in drawn(screen)
        await pilot.press("down", "y")
        assert "supervisor hands over to math" in app.clipboard


async def test_brackets_go_through_the_turns_of_the_session(store: Store) -> None:
    session = store.create_session()
    keep(store, team_turn(session, "T1"))
    keep(store, samples_turn(session, "T2"))
    async with make_app(store).run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "T1")
        await pilot.press("left_square_bracket")
        assert "This is the first turn." in drawn(screen)
        await pilot.press("right_square_bracket")
        assert screen.turn_id == "T2"
        await until(pilot, lambda: "3 assistant · think" in drawn(screen))
        await pilot.press("left_square_bracket")
        assert screen.turn_id == "T1"


async def test_long_lines_are_wrapped_or_scrolled(store: Store) -> None:
    seen = (message("user", "first\n" + "word " * 100 + "the end"),)
    events = [started(store.create_session(), "T1", "base"), *call(0.0, "c", "agent", "Yes", messages=seen)]
    keep(store, [*events, ev.TurnFinished(2.0, "ok", "Yes")])
    async with make_app(store).run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "T1")
        await pilot.press("down", "enter", "tab", "end")
        await until(pilot, lambda: "the end" in drawn(screen))
        await pilot.press("w")
        await until(pilot, lambda: "the end" not in drawn(screen))
        assert screen.text.virtual_size.width > 500
        await pilot.press("w")
        await until(pilot, lambda: "the end" in drawn(screen))


async def test_a_prompt_of_100_kb_makes_no_more_widgets_and_lays_out_only_rows(store: Store) -> None:
    long = "\n".join(f"line {n} [b]of[/b] a long document" for n in range(3000)) + "x" * 20_000
    seen = (message("user", long),)
    events = [started(store.create_session(), "T1", "base"), *call(0.0, "c", "agent", "Yes", messages=seen)]
    keep(store, [*events, ev.TurnFinished(2.0, "ok", "Yes")])
    async with make_app(store).run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "T1")
        before = len(screen.query("*"))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "USR│" in drawn(screen))
        assert len(screen.query("*")) == before
        assert screen.text.virtual_size.height > 3000
        await pilot.press("tab", "end")
        await until(pilot, lambda: "for answer" in drawn(screen))


async def test_a_running_turn_is_read_again_and_the_reader_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slmtui.tui.screens.details.LIVE_S", 0.02)
    session = store.create_session()
    events = team_turn(session, "T1")
    store.append(session, "T1", events[:8])
    async with make_app(store).run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "T1")
        assert screen.header.engine == "running"
        await pilot.press("down")
        store.append(session, "T1", events[8:])
        await until(pilot, lambda: screen.header.engine == "ok")
        assert "5 supervisor · answer" in drawn(screen)
        assert screen.listed.highlighted == 1


async def test_going_from_turn_to_turn_leaves_one_reading_to_come(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = store.create_session()
    for turn in ("T1", "T2"):
        store.append(session, turn, team_turn(session, turn)[:8])
    async with make_app(store).run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "T1")
        timers: list[Mock] = []
        monkeypatch.setattr(screen, "set_timer", lambda *_given: timers.append(Mock()) or timers[-1])
        for direction in (1, -1, 1):
            screen.action_turn(direction)
        assert screen.turn_id == "T2"
        assert [timer.stop.called for timer in timers] == [True, True, False]


async def test_a_turn_that_is_gone_is_told(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        open_details(app, store, app.options, "nothing", app.chat.note)
        await until(pilot, lambda: "nothing" in text(app))
        assert app.screen is app.chat


async def test_hostile_texts_are_drawn_plain(store: Store) -> None:
    session = store.create_session()
    seen = (message("user", f"[link]{HOSTILE}\x00" * 9),)
    parts = call(0.0, "c", "math", "[/b] \x1b[2J", messages=seen, mark="[bold]\x07")
    keep(store, renamed([started(session, "T1", "base", HOSTILE), *parts], "math", HOSTILE))
    async with make_app(store).run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "T1")
        await pilot.press("down", "enter", "tab", "end")
        await until(pilot, lambda: "⟦[bold]⟧" in drawn(screen))
        assert not any(character in drawn(screen) for character in "\x1b\x00\x07\u202e")


async def test_the_mouse_opens_a_call_and_selects_text_without_tags(store: Store) -> None:
    turn = keep(store, team_turn(store.create_session(), "T1"))
    async with make_app(store).run_test(size=WIDE) as pilot:
        screen = await opened(pilot, turn)
        await pilot.click("EntryList", offset=(10, 1))
        await until(pilot, lambda: "call 1 of 5" in drawn(screen))
        row = next(n for n, line in enumerate(screen.text._rows) if "You are a" in screen.text._text(n))
        screen.text.scroll_to(0, row, animate=False, immediate=True)
        await pilot.pause()
        at = next(n for n, line in enumerate(drawn(screen).splitlines()) if "You are a" in line)
        column = drawn(screen).splitlines()[at].index("You")
        await pilot.mouse_down(offset=(column, at))
        await pilot.hover(offset=(column + 8, at))
        await pilot.mouse_up(offset=(column + 8, at))
        assert (screen.get_selected_text() or "").startswith("You are")


async def test_the_strip_is_drawn_from_a_feed_in_six_rows(store: Store) -> None:
    events, feed = crowd_turn("S", "T", 12, 3.0), TimelineFeed()
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        strip = TimelineStrip()
        await app.chat.mount(strip, before=0)
        for event in events[: len(events) // 2]:
            feed.add(event)
        strip.show(feed, now=2.0)
        await until(pilot, lambda: "agent number 0" in text(app))
        strip.show(events)
        await until(pilot, lambda: "7 others" in text(app))
        assert strip.size.height == 6
