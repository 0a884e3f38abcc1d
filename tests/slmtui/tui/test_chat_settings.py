"""The session's own system prompt and sampling, from the prompt and from their windows."""

from agents.message import Sampling
from sessions.store import Store
from slmtui.tui.app import SlmApp
from slmtui.tui.widgets.line_input import LineInput
from slmtui.tui.widgets.status_line import StatusLine
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, make_app, ready, send, until
from tests.slmtui.tui.scripted import ScriptedBackend


def note(app: SlmApp) -> str:
    return str(app.screen.query_one(StatusLine).content)


async def test_a_system_prompt_set_before_the_first_prompt_is_sent_and_kept(store: Store) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "/system Answer in [b]rhymes[/b].\x1b[31m")
        await until(pilot, lambda: "own system" in drawn(app.screen))
        await ask(pilot, "hello")
        await ask(pilot, "again")
        assert [each.system for each in backend.requests] == ["Answer in [b]rhymes[/b].[31m"] * 2
        assert "hello · own system" in drawn(app.screen)
        session = str(app.chat.chat.session)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: "own system" not in drawn(app.screen))
        await ask(pilot, "plain")
        assert backend.requests[-1].system == ""
        await app.chat.open_session(session)
        assert app.chat.chat.system == "Answer in [b]rhymes[/b].[31m"
    assert store.session(session).system == "Answer in [b]rhymes[/b].[31m"


async def test_the_system_prompt_is_written_in_a_window_and_taken_away_there(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await ask(pilot, "hello")
        await send(pilot, "/system")
        await until(pilot, lambda: "System prompt of this session" in drawn(app.screen))
        await pilot.press(*"Be kind.", "enter", *"Be brief.", "ctrl+s")
        await until(pilot, lambda: app.screen is app.chat)
        session = str(app.chat.chat.session)
        assert store.session(session).system == "Be kind.\nBe brief."
        await send(pilot, "/system")
        await until(pilot, lambda: "Be brief." in drawn(app.screen))
        await pilot.press("x", "escape")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.chat.chat.system == "Be kind.\nBe brief."
        await send(pilot, "/system")
        await until(pilot, lambda: app.screen is not app.chat)
        await pilot.click("#usual")
        await until(pilot, lambda: app.screen is app.chat)
        assert store.session(session).system is None
        assert "that of the settings" in note(app)


async def test_one_sampling_setting_is_set_by_name_and_used_by_the_next_turn(store: Store) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await ask(pilot, "before")
        await send(pilot, "/set temperature 0.2")
        await until(pilot, lambda: "temperature 0.2 from the next prompt on" in note(app))
        await send(pilot, "/set top_k=5")
        await ask(pilot, "after")
        assert [each.sampling for each in backend.requests] == [
            Sampling(),
            Sampling(temperature=0.2, top_k=5),
        ]
        assert "own sampling" in drawn(app.screen)
        session = str(app.chat.chat.session)
    assert store.session(session).sampling == Sampling(temperature=0.2, top_k=5)


async def test_a_wrong_setting_is_refused_in_words(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "/set temperature 9")
        await until(pilot, lambda: "temperature is 9; it should be a number from 0 to 5." in note(app))
        await send(pilot, "/set heat 1")
        await until(pilot, lambda: "There is no sampling setting 'heat'" in note(app))
        await send(pilot, "/set seed")
        await until(pilot, lambda: "A setting needs a value" in note(app))
        assert app.chat.chat.sampling == Sampling()


async def test_the_form_says_what_is_wrong_and_takes_what_is_right(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await send(pilot, "/set")
        await until(pilot, lambda: "Sampling of this session" in drawn(app.screen))
        app.screen.query_one(LineInput).value = "9"
        await until(pilot, lambda: "✗ temperature is 9" in drawn(app.screen))
        await pilot.press("enter")
        assert app.screen is not app.chat
        app.screen.query_one(LineInput).value = "0"
        await until(pilot, lambda: "✗" not in drawn(app.screen))
        await pilot.press("down", "down", "up")
        assert app.focused is not None
        assert app.focused.name == "top_k"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.chat.chat.sampling == Sampling(temperature=0.0)
        await send(pilot, "/set")
        await until(pilot, lambda: app.screen is not app.chat)
        await pilot.click("#usual")
        await until(pilot, lambda: app.chat.chat.sampling == Sampling())
