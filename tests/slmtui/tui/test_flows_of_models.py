"""The flows of comparing, pulling and switching models, told as messages."""

import pytest

from agents import events as ev
from sessions.store import Store
from slmtui.comparing.rounds import Over, Said
from slmtui.tui.app import SlmApp
from slmtui.tui.engine_keeper import Switched
from slmtui.tui.screens.chat.model import ChatModel
from slmtui.tui.screens.compare.running import ArmTold
from slmtui.tui.screens.compare.screen import CompareScreen
from slmtui.tui.screens.models import ModelsScreen
from slmtui.tui.widgets.download_line import DownloadLine
from tests.slmtui.tui.comparing import answered, compared, failing, opened
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, make_app, ready, send, until
from tests.slmtui.tui.flow import BASE, SENT, Flow
from tests.slmtui.tui.scripted import ScriptedBackend
from tests.slmtui.tui.scripted_models import ENTRIES, SMOL, ScriptedDesk


@pytest.fixture
def flow() -> Flow:
    return Flow()


# Comparing


def told_by_arms(flow: Flow, screen: CompareScreen) -> dict[str, list[str]]:
    """Return what each arm told, in order: events by their names, and its end."""
    told = [message.told for message in flow.messages if isinstance(message, ArmTold)]
    return {
        arm.arm: [
            type(each.event).__name__ if isinstance(each, Said) else type(each).__name__
            for each in told
            if each.arm == arm.arm
        ]
        for arm in screen.by_hand.arms
    }


async def test_arms_tell_their_turns_then_the_round_ends_then_it_is_compared(
    store: Store, flow: Flow
) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        screen = await opened(pilot, app)
        flow.forget()
        await pilot.press("enter")
        await answered(pilot, screen)
        told = told_by_arms(flow, screen)
        assert [name for name in flow.names if not name.startswith("arm ")] == [
            *SENT, "RoundEnded", "Compared"
        ]  # fmt: skip
        assert set(told) == {"base", "single", "multi"}
        for names in told.values():
            assert names[0] == "TurnStarted"
            assert names[-2:] == ["TurnFinished", "Over"]
        for arm in screen.by_hand.arms:
            (record,) = store.turns(arm.session)
            assert told[arm.arm][:-1] == [type(event).__name__ for event in store.events(record.turn)]
        flow.forget()
        await pilot.press("2")
        await compared(pilot, screen)
        assert flow.names == ["key 2", "Compared"]
    assert not flow.turn_events  # the chat has nothing to do with it


async def test_one_after_another_no_arm_begins_before_the_last_is_over(store: Store, flow: Flow) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        screen = await opened(pilot, app)
        screen.columns.focus()
        await pilot.press("o", "p")
        flow.forget()
        await pilot.press("enter")
        await answered(pilot, screen)
    arms = [name for name in flow.names if name.startswith("arm ")]
    assert sorted(arms) == ["arm base", "arm multi", "arm single"]


async def test_esc_ends_every_arm_and_the_round(store: Store, flow: Flow) -> None:
    app = make_app(store, ScriptedBackend(hold=8))
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        screen = await opened(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: "small" in drawn(screen))
        flow.forget()
        await pilot.press("escape")
        await until(pilot, lambda: not screen.state.running)
        await pilot.pause()
    told = told_by_arms(flow, screen)
    assert {tuple(names[-2:]) for names in told.values()} == {("TurnFinished", "Over")}
    assert flow.names.index("RoundEnded") > max(
        index for index, name in enumerate(flow.names) if name.startswith("arm ")
    )


async def test_an_arm_that_fails_lets_the_others_end(store: Store, flow: Flow) -> None:
    app = make_app(store, ScriptedBackend(failing("single")))
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        screen = await opened(pilot, app)
        await pilot.press("enter")
        await answered(pilot, screen)
    ends = {
        message.told.arm: message.told.event.status
        for message in flow.messages
        if isinstance(message, ArmTold)
        and isinstance(message.told, Said)
        and isinstance(message.told.event, ev.TurnFinished)
    }
    assert ends == {"base": "ok", "single": "failed", "multi": "ok"}
    over = [m.told.arm for m in flow.messages if isinstance(m, ArmTold) and isinstance(m.told, Over)]
    assert sorted(over) == ["base", "multi", "single"]


# Pulling


def offered(app: SlmApp) -> bool:
    return "Enter pulls it" in " ".join(drawn(app.screen).split())


async def test_a_pull_is_offered_confirmed_told_of_and_found(store: Store, flow: Flow) -> None:
    desk = ScriptedDesk()
    app = make_app(store, model_desk=desk)
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await pilot.press("f3")
        await until(pilot, lambda: "Found all" in flow.names)
        assert flow.names == ["key f3", "Measured", "Found", "Found all"]
        assert len(list(flow.all(ModelsScreen.Found))) == len(ENTRIES) + 1
        await pilot.press("end", "p")
        await until(pilot, lambda: offered(app))
        flow.forget()
        await pilot.click(DownloadLine)
        await until(pilot, lambda: desk.pulls.state.phase == "pulling")
        assert flow.names == ["Pressed"]
        desk.go.release(3)
        await until(pilot, lambda: {"PullEnded", "Found all"} <= set(flow.names))
    (end,) = (message for message in flow.messages if isinstance(message, ChatModel.PullEnded))
    assert (end.state.phase, end.state.path) == ("done", "/hub/Qwen3-0.6B-Q8_0.gguf")
    assert len(list(flow.all(ModelsScreen.Found))) == len(ENTRIES) + 2


async def test_a_pull_that_is_stopped_ends_once_and_nothing_is_looked_for(store: Store, flow: Flow) -> None:
    desk = ScriptedDesk()
    app = make_app(store, model_desk=desk)
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        await ready(pilot)
        await send(pilot, "/pull qwen3-0.6b")
        await until(pilot, lambda: offered(app) and "Found all" in flow.names)
        await pilot.press("enter")
        await until(pilot, lambda: desk.pulls.state.phase == "pulling")
        flow.forget()
        await pilot.press("escape")
        await until(pilot, lambda: "PullEnded" in flow.names)
        await pilot.pause(0.3)
    assert flow.names == ["key escape", "PullEnded"]


# Models


async def test_another_model_is_loaded_then_told_then_the_session_is_brought_back(
    store: Store, flow: Flow
) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        await ready(pilot)
        assert flow.names == ["engine loading", "engine ready"]
        await ask(pilot, "before")
        backend.kept[store.sessions()[0].id] = 40
        flow.forget()
        await send(pilot, "/model qwen3")
        await until(pilot, lambda: "Restored" in flow.names)
        assert flow.names == [*SENT, "engine loading", "Switched", "Restored"]
        flow.forget()
        await ask(pilot, "after")
    assert flow.names == [*SENT, *BASE]


async def test_a_model_is_chosen_in_the_picker(store: Store, flow: Flow) -> None:
    backend = ScriptedBackend()
    backend._model = SMOL.path
    app = make_app(store, backend, model_desk=ScriptedDesk())
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        await ready(pilot)
        await pilot.press("f3")
        await until(pilot, lambda: "4 here" in drawn(app.screen))
        flow.forget()
        await pilot.press("j", "enter")
        await until(pilot, lambda: "Switched" in flow.names)
    assert flow.names == ["key j", "key enter", "engine loading", "Switched"]


async def test_a_model_that_does_not_come_is_told_and_the_next_prompt_loads_the_one_before(
    store: Store, flow: Flow
) -> None:
    backend = ScriptedBackend()
    backend.wrong["none"] = "There is no model none."
    app = make_app(store, backend)
    async with app.run_test(size=NARROW, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await send(pilot, "/model none")
        await until(pilot, lambda: "Switched" in flow.names)
        assert flow.names == [*SENT, "engine loading", "Switched"]
        (switched,) = (message for message in flow.messages if isinstance(message, Switched))
        assert switched.problem == "There is no model none."
        flow.forget()
        await ask(pilot, "still there?")
    assert flow.names == [*SENT, "engine loading", "engine ready", *BASE]
