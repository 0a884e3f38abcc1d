"""A tool that writes asks first: nothing but a meant choice allows it."""

import asyncio

import pytest
from textual.pilot import Pilot

from agents import events as ev
from sessions.store import Store
from slmtui.backend import TurnRequest
from slmtui.tui.app import SlmApp
from slmtui.tui.approver import ScreenApprover
from slmtui.tui.screens.approval import ApprovalScreen
from slmtui.tui.screens.help import HelpScreen
from slmtui.tui.screens.replay import ReplayScreen
from slmtui.tui.state.key_gate import GAP_S, GRACE_S
from slmtui.tui.widgets.approval_choices import CHOICES, ApprovalChoices, choice_at
from tests.slmtui.tui.driving import NARROW, WIDE, Clock, drawn, keep_turns, make_app, ready, send, until
from tests.slmtui.tui.scripted import Script, ScriptedBackend
from tools.registry import Tool

NOTE = {"text": "The plumber comes on Friday at 9"}


def asking_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    """A turn that asks once for each word of its prompt after the first."""
    script = Script(request, turn).agent("agent", request.prompt)
    for index, _ in enumerate(request.prompt.split()[1:]):
        script.add(ev.ApprovalAsked(0, f"{turn}-{index}", "agent", "add_note", dict(NOTE)))
    return script.call("agent", [("answer", "Done.")]).end()


def decisions(app: SlmApp, store: Store) -> list[str]:
    assert app.chat.chat.session is not None
    (record,) = store.turns(app.chat.chat.session)
    return [event.decision for event in store.events(record.turn) if isinstance(event, ev.ApprovalGiven)]


async def asked(pilot: Pilot[int], app: SlmApp, prompt: str = "Note that") -> None:
    await ready(pilot)
    await send(pilot, prompt)
    await until(pilot, lambda: isinstance(app.screen, ApprovalScreen) and app.screen.is_mounted)


async def meant(pilot: Pilot[int], app: SlmApp, *keys: str) -> None:
    """Press keys as somebody does who has read the question: slowly, and not at once."""
    clock = app.options.clock
    assert isinstance(clock, Clock)
    clock.now += GRACE_S
    for key in keys:
        clock.now += GAP_S
        await pilot.press(key)


async def ended(pilot: Pilot[int], app: SlmApp) -> None:
    await until(pilot, lambda: app.screen is app.chat and bool(app.chat.chat.records) and not app.chat.busy)


async def test_what_was_being_typed_allows_nothing_and_is_not_even_a_no(store: Store) -> None:
    app = make_app(store, ScriptedBackend(asking_turn))
    typed = [*"yes yes ", "enter", "enter", "right", "enter", "tab", "tab", "enter", "escape", "y", "1", "a"]
    async with app.run_test(size=WIDE) as pilot:
        await asked(pilot, app)
        clock = app.options.clock
        assert isinstance(clock, Clock)
        for wait in (0.0, 0.1, GAP_S - 0.01):  # the last goes on far beyond the first moments
            for key in typed:
                clock.now += wait
                await pilot.press(key)
        assert isinstance(app.screen, ApprovalScreen)
        assert app.screen.choices.marked == 0
        await meant(pilot, app, "enter")
        await ended(pilot, app)
        assert "not allowed: add_note" in drawn(app.screen)
        assert decisions(app, store) == ["no"]
        assert app.chat.prompt.text == ""


async def test_typing_on_slowly_after_the_first_moments_says_no_at_worst(store: Store) -> None:
    app = make_app(store, ScriptedBackend(asking_turn))
    async with app.run_test(size=WIDE) as pilot:
        await asked(pilot, app)
        await meant(pilot, app, *"yes yes", "space", "enter")
        await ended(pilot, app)
        assert decisions(app, store) == ["no"]


@pytest.mark.parametrize(
    ("keys", "decision"),
    [
        (["enter"], "no"),
        (["escape"], "no"),
        (["right", "escape"], "no"),
        (["right", "left", "left", "enter"], "no"),
        (["right", "enter"], "once"),
        (["tab", "enter"], "once"),
        (["right", "right", "right", "enter"], "session"),
    ],
)
async def test_the_keys_choose(store: Store, keys: list[str], decision: str) -> None:
    app = make_app(store, ScriptedBackend(asking_turn))
    async with app.run_test(size=NARROW) as pilot:
        await asked(pilot, app)
        screen = drawn(app.screen)
        assert "It writes: something of yours is changed." in screen
        assert NOTE["text"] in screen
        await meant(pilot, app, *keys)
        await ended(pilot, app)
        assert decisions(app, store) == [decision]


async def test_a_click_chooses_once_the_first_moments_are_over(store: Store) -> None:
    app = make_app(store, ScriptedBackend(asking_turn))
    async with app.run_test(size=WIDE) as pilot:
        await asked(pilot, app)
        once = next(x for x in range(60) if choice_at(x, 0) == "once")
        assert {choice_at(x, 0) for x in range(80)} == {*(decision for decision, _ in CHOICES), None}
        await pilot.click(ApprovalChoices, offset=(once + 2, 0))
        assert isinstance(app.screen, ApprovalScreen)
        await meant(pilot, app)
        await pilot.click(ApprovalChoices, offset=(once + 2, 0))
        await ended(pilot, app)
        assert decisions(app, store) == ["once"]


async def test_one_question_comes_after_the_other_each_with_its_first_moments(store: Store) -> None:
    app = make_app(store, ScriptedBackend(asking_turn))
    async with app.run_test(size=WIDE) as pilot:
        await asked(pilot, app, "Note that twice")
        first = app.screen
        await meant(pilot, app, "right", "enter")
        await until(pilot, lambda: isinstance(app.screen, ApprovalScreen) and app.screen is not first)
        await pilot.press("right", "enter")
        assert isinstance(app.screen, ApprovalScreen)
        await meant(pilot, app, "enter")
        await ended(pilot, app)
        assert decisions(app, store) == ["once", "no"]


async def test_stopping_the_turn_closes_the_question(store: Store) -> None:
    app = make_app(store, ScriptedBackend(asking_turn))
    async with app.run_test(size=WIDE) as pilot:
        await asked(pilot, app)
        await pilot.press("ctrl+c")
        await ended(pilot, app)
        assert decisions(app, store) in ([], ["no"])
        assert app.chat.chat.records[-1].status == "cancelled"


async def test_stopping_while_another_screen_is_over_the_question_closes_it_on_return(store: Store) -> None:
    app = make_app(store, ScriptedBackend(asking_turn))
    async with app.run_test(size=WIDE) as pilot:
        await asked(pilot, app)
        await meant(pilot, app, "right")
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        app.chat.stop_turn()
        await until(pilot, lambda: not app.chat.busy)
        await pilot.press("f1")
        await ended(pilot, app)


async def test_the_question_begins_anew_after_another_screen_was_over_it(store: Store) -> None:
    app = make_app(store, ScriptedBackend(asking_turn))
    async with app.run_test(size=WIDE) as pilot:
        await asked(pilot, app)
        await meant(pilot, app, "right")
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ApprovalScreen))
        await pilot.press("enter")
        assert isinstance(app.screen, ApprovalScreen)
        await meant(pilot, app, "enter")
        await ended(pilot, app)
        assert decisions(app, store) == ["once"]


async def test_the_question_waits_while_the_chat_is_not_in_front(store: Store) -> None:
    backend = ScriptedBackend(asking_turn, hold=2)
    session = keep_turns(store, "base")
    app = make_app(store, backend)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await ready(pilot)
        await send(pilot, "Note that")
        await until(pilot, lambda: bool(backend.requests))
        await send(pilot, f"/replay {session}")
        await until(pilot, lambda: isinstance(app.screen, ReplayScreen) and app.screen.is_mounted)
        backend.go.set()
        await until(pilot, lambda: "add_note waits for" in drawn(app.screen))
        assert isinstance(app.screen, ReplayScreen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ApprovalScreen) and app.screen.is_mounted)
        await meant(pilot, app, "right", "enter")
        await ended(pilot, app)
        assert decisions(app, store) == ["once"]


async def test_leaving_the_app_while_it_asks_stores_the_end_of_the_turn(store: Store) -> None:
    app = make_app(store, ScriptedBackend(asking_turn))
    async with app.run_test(size=WIDE) as pilot:
        await asked(pilot, app)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.return_code == 0 and not app.is_running)
    (summary,) = store.sessions()
    assert store.turns(summary.id)[0].status == "cancelled"


async def test_what_was_allowed_for_the_session_is_remembered_by_it(store: Store) -> None:
    backend = ScriptedBackend(asking_turn)
    app = make_app(store, backend)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        for _ in range(2):
            await send(pilot, "hello")
            await ended(pilot, app)
        await pilot.press("ctrl+n")
        await send(pilot, "hello")
        await until(pilot, lambda: len(backend.requests) == 3 and not app.chat.busy)
    one, two, other = (request.approvals for request in backend.requests)
    assert one is two
    assert other is not one


HOSTILE: dict[str, object] = {
    "[bold]path[/]": "\x1b[2J/etc/\u202epasswd [red]x[/red]",
    "text": "long " * 400,
    "nested": {"a": ["[@click=app.quit]b[/]", None]},
}


def hostile_turn(request: TurnRequest, turn: str) -> list[ev.Event]:
    script = Script(request, turn)
    return script.add(ev.ApprovalAsked(0, "x", "agent", "[b]run[/b]\x1b[31m", dict(HOSTILE))).end()


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_arguments_are_shown_clean_folded_and_in_full(store: Store, size: tuple[int, int]) -> None:
    app = make_app(store, ScriptedBackend(hostile_turn))
    async with app.run_test(size=size) as pilot:
        await asked(pilot, app)
        screen = drawn(app.screen)
        assert not set(screen) & {"\x1b", "\u202e"}
        assert "[b]run[/b][31m" in screen
        assert "[bold]path[/]" in screen
        assert "[2J/etc/passwd [red]x[/red]" in screen
        assert "(it holds characters that cannot be shown)" in screen
        assert "[ No ]" in screen
        assert isinstance(app.screen, ApprovalScreen)
        view = app.screen.scroll
        before = view.max_scroll_y
        await meant(pilot, app, "space")
        await until(pilot, lambda: view.max_scroll_y > before)
        await meant(pilot, app, *["pagedown"] * 12)
        await until(pilot, lambda: "[@click=app.quit]b[/]" in drawn(app.screen))
        assert "[ No ]" in drawn(app.screen)
        await meant(pilot, app, "escape")
        await ended(pilot, app)


async def test_nobody_is_asked_by_a_turn_that_was_stopped_before() -> None:
    posted: list[object] = []

    class Target:
        def post_message(self, message: object) -> bool:
            posted.append(message)
            return True

    stop = asyncio.Event()
    stop.set()
    tool = Tool("f", "", {}, (), str, effect="writes")
    assert await ScreenApprover(Target(), stop).ask(tool, {}) == "no"  # type: ignore[arg-type]
    assert posted == []
