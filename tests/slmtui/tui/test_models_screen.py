"""The model picker: the list that fills, loading, roles, and pulling."""

import threading

import pytest
from textual import events
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import OptionList

from sessions.store import Store
from slmtui.tui.app import SlmApp
from slmtui.tui.glyphs import CHOSEN
from slmtui.tui.screens.models import ModelsScreen
from slmtui.tui.widgets.download_line import DownloadLine
from tests.slmtui.tui.driving import NARROW, WIDE, app_of, drawn, make_app, ready, send, until
from tests.slmtui.tui.scripted import FACTS, ScriptedBackend
from tests.slmtui.tui.scripted_models import BROKEN, QWEN, SMOL, ScriptedDesk

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)], ids=["80x24", "120x36", "200x50"])


def loaded(**how: object) -> ScriptedBackend:
    """A backend whose model is the first of the desk's."""
    backend = ScriptedBackend(**how)  # type: ignore[arg-type]
    backend._model = SMOL.path
    return backend


async def opened(pilot: Pilot[int]) -> ModelsScreen:
    """Open the picker and wait until it has looked everywhere."""
    await ready(pilot)
    await pilot.press("f3")
    app = app_of(pilot)
    await until(pilot, lambda: isinstance(app.screen, ModelsScreen) and "4 here" in drawn(app.screen))
    assert isinstance(app.screen, ModelsScreen)
    return app.screen


def text(app: SlmApp) -> str:
    return " ".join(drawn(app.screen).split())


async def test_the_list_fills_while_the_disk_is_walked(store: Store) -> None:
    walk = threading.Event()
    desk = ScriptedDesk(walk=walk)
    app = make_app(store, loaded(), model_desk=desk)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("f3")
        await until(pilot, lambda: "looking… 1 here" in drawn(app.screen))
        assert f"{CHOSEN} smollm2 (in use)" in drawn(app.screen)
        walk.set()
        await until(pilot, lambda: "4 here" in drawn(app.screen) and "looking" not in drawn(app.screen))
        assert "✗ /models/broken.gguf is truncated" in drawn(app.screen)
        assert "31.8 tok/s in its latest turn here, 30.1 tok/s the median of 12" in text(app)


async def test_enter_loads_the_marked_model_and_esc_does_not(store: Store) -> None:
    messages: list[Message] = []
    backend = loaded()
    app = make_app(store, backend, model_desk=ScriptedDesk())
    async with app.run_test(size=NARROW, message_hook=messages.append) as pilot:
        await opened(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)
        app.chat.prompt.put("half a prompt")
        await opened(pilot)
        await pilot.press("j", "enter")  # past the broken one
        await until(pilot, lambda: app.chat.engine.phase == "ready" and backend._model == QWEN.path)
        assert app.chat.prompt.text == "half a prompt"
    assert [call for call in backend.calls if call[0] == "switch"] == [("switch", QWEN.path)]
    assert any(isinstance(message, ModelsScreen.Found) for message in messages)


async def test_typing_filters_and_enter_loads_what_is_left(store: Store) -> None:
    backend = loaded()
    app = make_app(store, backend, model_desk=ScriptedDesk())
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot)
        await pilot.press(*"qw")
        await until(pilot, lambda: "1 here" in drawn(app.screen))
        assert "smollm2" not in drawn(app.screen)
        assert screen.filter_line.value == "qw"
        await pilot.press("down", "up", "enter")
        await until(pilot, lambda: backend._model == QWEN.path)


async def test_slash_goes_to_the_filter_and_esc_empties_it(store: Store) -> None:
    app = make_app(store, loaded(), model_desk=ScriptedDesk())
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", *"jkp1 zzz")
        await until(pilot, lambda: "No model here is called that." in drawn(app.screen))
        await pilot.press("enter")
        assert app.screen is screen
        await pilot.press("escape")
        await until(pilot, lambda: "4 here" in drawn(app.screen))
        assert screen.focused is screen.listed


async def test_a_model_that_is_wrong_is_neither_loaded_nor_given_a_role(store: Store) -> None:
    backend = loaded()
    app = make_app(store, backend, model_desk=ScriptedDesk((BROKEN,)))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("f3")
        await until(pilot, lambda: "1 here" in drawn(app.screen))
        screen = app.screen
        assert isinstance(screen, ModelsScreen)
        screen.listed.highlighted = 0
        await pilot.press("1")
        await until(pilot, lambda: screen.filter_line.value == "1")
        assert app.screen is screen
    assert not any(call[0] in {"switch", "give_role"} for call in backend.calls)


async def test_two_models_for_two_roles(store: Store) -> None:
    backend = loaded()
    app = make_app(store, backend, model_desk=ScriptedDesk())
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await pilot.press("j", "1")
        await until(pilot, lambda: "(supervisor)" in drawn(app.screen))
        assert "The supervisor has qwen3-1.7b-q8 from the next prompt on." in text(app)
        assert "Together 2 models take ~2.8 GB, ~2.3 GB of it still to load: fits" in text(app)
        assert "supervisor: qwen3-1.7b-q8" in text(app)
        await pilot.press("2")
        await until(pilot, lambda: "(supervisor, specialist)" in drawn(app.screen))
        await pilot.press("1")
        await until(pilot, lambda: "(specialist)" in drawn(app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)
        assert "specialist: qwen3-1.7b-q8" in drawn(app.screen)
    assert [call for call in backend.calls if call[0] == "give_role"] == [
        ("give_role", "supervisor", QWEN.path),
        ("give_role", "specialist", QWEN.path),
        ("give_role", "supervisor", "-"),
    ]


async def test_a_model_is_pulled_after_its_licence_was_told(store: Store) -> None:
    desk = ScriptedDesk()
    backend = loaded()
    app = make_app(store, backend, model_desk=desk)
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await pilot.press(*"/qwen3-0.6b")
        await until(pilot, lambda: "0 here" in drawn(app.screen))
        await pilot.press("enter")  # from the filter: there is nothing else to load
        await until(pilot, lambda: "licence apache-2.0 · to /hub, where 51.0 GB are free" in text(app))
        assert desk.asked == ["qwen3-0.6b"]
        await pilot.press("enter")
        desk.go.release()
        await until(pilot, lambda: "50%" in drawn(app.screen) and "319 MB of 639 MB" in drawn(app.screen))
        desk.go.release(2)
        await until(pilot, lambda: "✓ Qwen3-0.6B-Q8_0.gguf is here, checked and complete." in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "5 here" in drawn(app.screen))
        await until(pilot, lambda: "/hub/Qwen3-0.6B-Q8_0.gguf" in drawn(app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: backend._model == "/hub/Qwen3-0.6B-Q8_0.gguf")


async def test_esc_stops_a_pull_and_turns_an_offer_down(store: Store) -> None:
    desk = ScriptedDesk()
    app = make_app(store, loaded(), model_desk=desk)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot)
        await pilot.press("end", "p")
        await until(pilot, lambda: "Enter pulls it" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: not screen.download.display)
        await pilot.press("p")
        await until(pilot, lambda: "Enter pulls it" in text(app))
        await pilot.press("p")
        await until(pilot, lambda: desk.pulls.state.phase == "pulling")
        await pilot.press("p")
        await until(pilot, lambda: "One model at a time" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "stopped; what came so far is kept" in text(app))
        assert app.screen is screen
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)


async def test_a_pull_goes_on_behind_the_chat_and_says_when_it_ends(store: Store) -> None:
    desk = ScriptedDesk()
    app = make_app(store, loaded(), model_desk=desk)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await send(pilot, "/pull qwen3-0.6b")
        await until(pilot, lambda: "Enter pulls it" in text(app))
        await pilot.click(DownloadLine)
        await until(pilot, lambda: desk.pulls.state.phase == "pulling")
        await pilot.press("f3")
        await until(pilot, lambda: app.screen is app.chat)
        desk.problem = "the disk is full"
        desk.go.release(3)
        await until(pilot, lambda: "✗ Qwen3-0.6B-Q8_0.gguf was not pulled: the disk is full" in text(app))


async def test_leaving_the_app_stops_a_pull(store: Store) -> None:
    desk = ScriptedDesk()
    app = make_app(store, loaded(), model_desk=desk)
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        desk.pulls.ask("qwen3-0.6b")
        await until(pilot, lambda: desk.pulls.state.phase == "offered")
        desk.pulls.begin()
        await until(pilot, lambda: desk.pulls.state.phase == "pulling")
        await app.action_quit()
    desk.pulls.wait(20)
    assert desk.pulls.state.phase == "stopped"


async def test_a_repository_that_is_typed_is_asked_for(store: Store) -> None:
    desk = ScriptedDesk()
    app = make_app(store, loaded(), model_desk=desk)
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await pilot.press(*"owner/gone")
        await until(pilot, lambda: "enter asks what it is" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "✗ owner/gone was not pulled: the hub has no repository" in text(app))
    assert desk.asked == ["owner/gone"]


async def test_what_is_here_cannot_be_pulled_and_its_letter_filters(store: Store) -> None:
    desk = ScriptedDesk()
    app = make_app(store, loaded(), model_desk=desk)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot)
        await pilot.press(*"phi")
        await until(pilot, lambda: "1 here" in drawn(app.screen))
        assert screen.filter_line.value == "phi"
    assert desk.asked == []


async def test_keys_that_come_faster_than_the_focus_moves_all_filter(store: Store) -> None:
    backend = loaded()
    app = make_app(store, backend, model_desk=ScriptedDesk())
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot)
        for key in "ollamajp12":
            app.post_message(events.Key(key, key))
        await until(pilot, lambda: len(screen.filter_line.value) == 10)
        assert screen.filter_line.value == "ollamajp12"
        await pilot.press("escape")
        await until(pilot, lambda: "4 here" in drawn(app.screen))
        for key in ("slash", "j", "k", "1"):
            app.post_message(events.Key(key, "/" if key == "slash" else key))
        await until(pilot, lambda: screen.filter_line.value == "jk1")
    assert not any(call[0] == "give_role" for call in backend.calls)


async def test_the_mouse_does_it_too(store: Store) -> None:
    backend = loaded()
    app = make_app(store, backend, model_desk=ScriptedDesk())
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await pilot.click(OptionList, offset=(4, 2))
        await until(pilot, lambda: "1 720 000 000 parameters" in drawn(app.screen))
        assert not any(call[0] == "switch" for call in backend.calls)
        await pilot.click(OptionList, offset=(4, 2))
        await until(pilot, lambda: backend._model == QWEN.path)


async def test_an_app_that_was_told_of_no_models_says_so(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await pilot.press("f3")
        await until(
            pilot, lambda: "No model was found. /model PATH loads any GGUF file." in drawn(app.screen)
        )


@SIZES
async def test_nothing_is_cut_off_below(store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, loaded(), model_desk=ScriptedDesk())
    async with app.run_test(size=size) as pilot:
        screen = await opened(pilot)
        lines = drawn(screen).splitlines()
        assert "load" in lines[-1]
        assert "back" in lines[-1]
        assert "Speed" in text(app)
        assert screen.listed.size.height >= 5
        assert FACTS.quantisation in text(app)


async def test_the_model_that_is_loaded_is_not_loaded_again(store: Store) -> None:
    backend = loaded()
    app = make_app(store, backend, model_desk=ScriptedDesk())
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.chat)
        await send(pilot, "/unload")
        await until(pilot, lambda: app.chat.engine.phase == "unloaded")
        await opened(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.engine.phase == "ready")
    assert [call for call in backend.calls if call[0] == "switch"] == [("switch", SMOL.path)]
