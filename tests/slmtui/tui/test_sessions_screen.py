import pytest
from textual.pilot import Pilot

from sessions.store import Store
from slmtui.tui.glyphs import PROMPT
from slmtui.tui.screens.ask_text import AskText
from slmtui.tui.screens.replay import ReplayScreen
from slmtui.tui.screens.sessions import SessionsScreen
from tests.sessions.comparisons import keep_run
from tests.slmtui.tui.driving import (
    NARROW,
    WIDE,
    app_of,
    ask,
    drawn,
    keep_turns,
    make_app,
    ready,
    send,
    until,
)


async def opened(pilot: Pilot[int]) -> SessionsScreen:
    await ready(pilot)
    await pilot.press("ctrl+r")
    await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen) and pilot.app.screen.is_mounted)
    screen = pilot.app.screen
    assert isinstance(screen, SessionsScreen)
    return screen


async def test_a_session_is_resumed_with_its_turns_and_goes_on(store: Store) -> None:
    session = keep_turns(store, "base", "single")
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await opened(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.chat and "347 × 29 is 10063." in drawn(app.screen))
        await ask(pilot, "and now?")
    assert [turn.paradigm for turn in store.turns(session)] == ["base", "single", "base"]


async def test_deleting_can_be_undone(store: Store) -> None:
    keep_turns(store, "base", prompt="one")
    keep_turns(store, "base", prompt="two")
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot)
        await pilot.press("d")
        await until(pilot, lambda: "Deleted «two»" in drawn(screen))
        assert [summary.title for summary in store.sessions()] == ["one"]
        await pilot.press("u")
        await until(pilot, lambda: "2 sessions" in drawn(screen))
        await pilot.press("u")
        await until(pilot, lambda: "Nothing was deleted" in drawn(screen))
    assert len(store.sessions()) == 2


async def test_deleting_the_open_session_leaves_the_chat_with_a_new_one(store: Store) -> None:
    session = keep_turns(store, "base")
    app = make_app(store, session=session)
    async with app.run_test(size=NARROW) as pilot:
        await opened(pilot)
        await pilot.press("d", "escape")
        await until(pilot, lambda: app.screen is app.chat and "new session" in drawn(app.screen))
        await ask(pilot, "afresh")
    (summary,) = store.sessions()
    assert (summary.title, summary.turns) == ("afresh", 1)


async def test_a_session_is_renamed_here_and_from_the_chat(store: Store) -> None:
    session = keep_turns(store, "base")
    app = make_app(store, session=session)
    async with app.run_test(size=NARROW) as pilot:
        await opened(pilot)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press(*"Sums", "enter")
        await until(pilot, lambda: isinstance(app.screen, SessionsScreen))
        assert store.session(session).title == "Sums"
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat and "Sums" in drawn(app.screen))
        await send(pilot, "/rename [b]Totals[/b]")
        await until(pilot, lambda: "[b]Totals[/b]" in drawn(app.screen))


async def test_search_finds_titles_and_what_was_said(store: Store) -> None:
    keep_turns(store, "multi", prompt="invoices of march")
    keep_turns(store, "base", prompt="weather")
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", *"march")
        await until(pilot, lambda: "1 of 2 by title · 1 turn by text" in drawn(screen))
        await pilot.press("escape", "slash", *"memory")
        await until(pilot, lambda: "0 of 2 by title · 1 turn by text" in drawn(screen))
        await pilot.press("enter", "enter")
        await until(pilot, lambda: app.screen is app.chat and f"{PROMPT} weather" in drawn(app.screen))


async def test_esc_in_the_search_goes_back_to_the_list_and_then_to_the_chat(store: Store) -> None:
    keep_turns(store, "base")
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", *"zzz", "escape")
        await until(pilot, lambda: "1 session" in drawn(screen))
        assert app.focused is screen.listed
        await pilot.press("escape")
        await until(pilot, lambda: app_of(pilot).screen is app.chat)


async def test_a_session_is_replayed_from_the_list(store: Store) -> None:
    keep_turns(store, "base")
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await opened(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, ReplayScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, SessionsScreen))


async def test_a_list_that_is_cut_says_so_and_the_search_finds_the_rest(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slmtui.tui.state.session_list.LISTED", 1)
    keep_turns(store, "base", prompt="one")
    keep_turns(store, "base", prompt="two")
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot)
        assert "latest 1 session" in drawn(screen)
        await pilot.press("slash", *"one")
        await until(pilot, lambda: "0 of the latest 1 by title · 1 turn by text" in drawn(screen))


async def test_an_empty_store_has_an_empty_list(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot)
        assert "0 sessions" in drawn(screen)
        await pilot.press("enter", "d", "r", "f5", "u")
        assert app.screen is screen


async def test_resuming_what_is_not_there_is_told_in_one_line(store: Store) -> None:
    app = make_app(store, session="01NOSUCHSESSION")
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await until(pilot, lambda: "There is no session" in drawn(app.screen))
        await ask(pilot, "it goes on")


async def test_several_are_brought_back_one_by_one_after_leaving_too(store: Store) -> None:
    for prompt in ("one", "two", "three"):
        keep_turns(store, "base", prompt=prompt)
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot)
        await pilot.press("d", "d")
        await until(pilot, lambda: "1 session" in drawn(screen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)
        again = await opened(pilot)
        await pilot.press("u")
        await until(pilot, lambda: "«two» is back. u brings back 1 more." in drawn(again))
        await pilot.press("u")
        await until(pilot, lambda: "«three» is back." in drawn(again))
    assert [summary.title for summary in store.sessions()] == ["three", "two", "one"]


async def test_tags_are_changed_here_and_from_the_chat_and_found(store: Store) -> None:
    session = keep_turns(store, "base", prompt="one")
    keep_turns(store, "base", prompt="two")
    app = make_app(store, session=session)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "/tag Sums")
        await until(pilot, lambda: "Tags: #sums" in drawn(app.screen))
        screen = await opened(pilot)
        await pilot.press("down", "t")
        await until(pilot, lambda: isinstance(app.screen, AskText) and "sums" in drawn(app.screen))
        await pilot.press("end", *" march", "enter")
        await until(pilot, lambda: "#march #sums" in drawn(screen))
        await pilot.press("slash", *"tag:march")
        await until(pilot, lambda: "1 of 2 by tag" in drawn(screen))
        await pilot.press("enter", "t")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press("backspace", "enter")
        await until(pilot, lambda: "No tags." in drawn(screen))
    assert store.tags() == {}


async def test_a_tag_that_is_none_is_told(store: Store) -> None:
    app = make_app(store, session=keep_turns(store, "base"))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "/tag !!")
        await until(pilot, lambda: "is no tag" in drawn(app.screen))


async def test_those_of_runs_are_listed_when_asked_for_and_only_replayed(store: Store) -> None:
    run = keep_run(store, 2, arms=("base", "single"))
    keep_turns(store, "base", prompt="mine")
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot)
        assert "1 session" in drawn(screen)
        await pilot.press("k")
        await until(pilot, lambda: "3 sessions of every kind" in drawn(screen))
        assert "of a run" in drawn(screen)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReplayScreen))
        await pilot.press("escape", "slash", *"miles", "enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReplayScreen))
    assert all(store.session(arm.session).turns == 2 for arm in run.arms)


async def test_the_end_of_what_is_marked_is_shown_where_there_is_room(store: Store) -> None:
    keep_turns(store, "base", prompt="one")
    keep_turns(store, "single", prompt="two [b]\x1b[2J")
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot)
        await until(
            pilot, lambda: "347 × 29 is **10063**." in drawn(screen) and "two [b][2J" in drawn(screen)
        )
        await pilot.press("down")
        await until(pilot, lambda: "it answers fast." in drawn(screen))
        await pilot.resize_terminal(*NARROW)
        await until(pilot, lambda: "last turns" not in drawn(screen))
