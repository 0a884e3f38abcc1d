"""Every flow of the app, told as the messages that it is made of, in the order in which they are taken in."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from itertools import groupby

import pytest
from textual import events
from textual.message import Message

from agents import events as ev
from sessions.store import Store
from slmtui.backend import BackendError, TurnRequest
from slmtui.comparing.rounds import Over, Said
from slmtui.tui.app import SlmApp
from slmtui.tui.engine_keeper import EngineChanged, Restored, Switched
from slmtui.tui.screens.chat.model import ChatModel
from slmtui.tui.screens.compare.running import ArmTold, Compared, RoundEnded
from slmtui.tui.screens.compare.screen import CompareScreen
from slmtui.tui.screens.models import ModelsScreen
from slmtui.tui.turn_runner import TurnEnded, TurnEvent
from slmtui.tui.widgets.compare_prompt import ComparePrompt
from slmtui.tui.widgets.download_line import DownloadLine
from slmtui.tui.widgets.prompt_area import PromptArea
from tests.slmtui.tui.comparing import answered, compared, failing, opened
from tests.slmtui.tui.driving import NARROW, WIDE, ask, drawn, make_app, ready, send, until
from tests.slmtui.tui.scripted import Script, ScriptedBackend, turn_events
from tests.slmtui.tui.scripted_models import ENTRIES, SMOL, ScriptedDesk

FLOWING = (
    PromptArea.Submitted, ComparePrompt.Submitted, TurnEvent, TurnEnded, EngineChanged, Switched, Restored,
    ArmTold, RoundEnded, Compared, ModelsScreen.Found, ModelsScreen.Measured, DownloadLine.Pressed,
    ChatModel.PullEnded, events.Key,
)  # fmt: skip
CALL = ["CallStarted", "PrefillProgress", "TextDelta", "CallFinished"]
BASE = ["TurnStarted", *CALL, "MeterRead", "TurnFinished", "TurnEnded"]
SENT = ["key enter", "Submitted"]


class Flow:
    """A message hook. The hook sees a message again wherever it bubbles to; here it is once."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._seen: set[int] = set()

    def __call__(self, message: Message) -> None:
        if isinstance(message, FLOWING) and id(message) not in self._seen:
            self._seen.add(id(message))
            self.messages.append(message)  # which also keeps its id its own

    def forget(self) -> None:
        self.messages.clear()
        self._seen.clear()

    @property
    def names(self) -> list[str]:
        """What came, in order; several of one name after each other are one."""
        return [name for name, _ in groupby(map(name_of, self.messages))]

    def all(self, kind: type[Message]) -> Iterator[Message]:
        return (message for message in self.messages if isinstance(message, kind))

    @property
    def turn_events(self) -> list[ev.Event]:
        return [message.event for message in self.messages if isinstance(message, TurnEvent)]

    @property
    def problems(self) -> list[str]:
        return [message.problem for message in self.messages if isinstance(message, TurnEnded)]


def name_of(message: Message) -> str:
    match message:
        case TurnEvent():
            return type(message.event).__name__
        case EngineChanged():
            return f"engine {message.state.phase}"
        case ArmTold():
            return f"arm {message.told.arm}"
        case events.Key():
            return f"key {message.key}"
        case ModelsScreen.Found():
            return "Found" if message.entry else "Found all"
        case _:
            return type(message).__name__


class Failing(ScriptedBackend):
    """Raises `error` after so many events of every turn whose prompt is "fail"."""

    def __init__(self, error: Exception, after: int) -> None:
        super().__init__()
        self.error, self.after = error, after

    async def run(self, request: TurnRequest, stop: asyncio.Event) -> AsyncGenerator[ev.Event, None]:
        count = 0
        async for event in super().run(request, stop):
            if request.prompt == "fail" and count == self.after:
                raise self.error
            count += 1
            yield event


@pytest.fixture
def flow() -> Flow:
    return Flow()


# A turn


@pytest.mark.parametrize("paradigm", ["base", "single", "multi"])
async def test_every_event_that_is_stored_reaches_the_screen_once_and_in_order(
    store: Store, flow: Flow, paradigm: str
) -> None:
    app = make_app(store, paradigm=paradigm)
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await ask(pilot, "What is 347 * 29?")
    assert flow.names[:3] == [*SENT, "TurnStarted"]
    assert flow.names[-2:] == ["TurnFinished", "TurnEnded"]
    (record,) = store.turns(store.sessions()[0].id)
    assert flow.turn_events == store.events(record.turn)
    assert flow.problems == [""]


async def test_esc_in_mid_answer_ends_the_turn_and_nothing_comes_after(store: Store, flow: Flow) -> None:
    app = make_app(store, ScriptedBackend(hold=10))
    async with app.run_test(size=NARROW, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await send(pilot, "tell me")
        await until(pilot, lambda: "A small model" in drawn(app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: not app.chat.busy)
        await pilot.pause()
    written = ["TurnStarted", "CallStarted", "PrefillProgress", "TextDelta"]
    assert flow.names == [*SENT, *written, "key escape", "TurnFinished", "TurnEnded"]
    (last,) = (event for event in flow.turn_events if isinstance(event, ev.TurnFinished))
    assert (last.status, last.reason) == ("cancelled", "stopped by the user")


# Prompts that wait


async def test_a_prompt_that_waits_begins_only_when_the_turn_before_it_is_over(
    store: Store, flow: Flow
) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await send(pilot, "first")
        await until(pilot, lambda: "A small model" in drawn(app.screen))
        await send(pilot, "second")
        await until(pilot, lambda: len(app.chat.queue.waiting) == 1)
        backend.go.set()
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
    begun = ["TurnStarted", "CallStarted", "PrefillProgress", "TextDelta"]
    assert flow.names == [
        *SENT, *begun, *SENT, "TextDelta", "CallFinished", "MeterRead", "TurnFinished", "TurnEnded", *BASE
    ]  # fmt: skip
    started = [event.prompt for event in flow.turn_events if isinstance(event, ev.TurnStarted)]
    assert started == ["first", "second"]


async def test_a_stopped_turn_holds_the_queue_until_enter(store: Store, flow: Flow) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW, message_hook=flow) as pilot:
        await ready(pilot)
        await send(pilot, "first")
        await until(pilot, lambda: "A small model" in drawn(app.screen))
        await send(pilot, "second")
        flow.forget()
        await pilot.press("escape")
        await until(pilot, lambda: bool(app.chat.queue.paused))
        assert flow.names == ["key escape", "TurnFinished", "TurnEnded"]
        backend.go.set()
        app.chat.prompt.put("")
        await pilot.press("enter")
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
    assert flow.names[3:] == [*SENT, *BASE]


async def test_now_ends_what_runs_before_the_other_begins(store: Store, flow: Flow) -> None:
    backend = ScriptedBackend(hold=10)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW, message_hook=flow) as pilot:
        await ready(pilot)
        await send(pilot, "first")
        await until(pilot, lambda: "A small model" in drawn(app.screen))
        flow.forget()
        app.chat.prompt.put("at once")
        await pilot.press("alt+enter")
        await until(pilot, lambda: len(backend.requests) == 2)
        backend.go.set()
        await until(pilot, lambda: len(app.chat.chat.records) == 2 and not app.chat.busy)
    assert flow.names == ["key alt+enter", "TurnFinished", "TurnEnded", *BASE]


# Another answer


async def test_another_answer_is_a_turn_beside_the_first_and_no_prompt_is_sent(
    store: Store, flow: Flow
) -> None:
    backend = ScriptedBackend()
    app = make_app(store, backend)
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        await ready(pilot)
        await ask(pilot, "once")
        await ask(pilot, "twice")
        await pilot.press("alt+up")
        flow.forget()
        await pilot.press("r")
        await until(pilot, lambda: len(app.chat.chat.records) == 3 and not app.chat.busy)
        assert flow.names == ["key r", *BASE]
        flow.forget()
        await pilot.press("left_square_bracket")
        newest = f"turn-{backend.requests[-1].session}-3"
        await until(pilot, lambda: app.chat.chat.path.records[-1].turn != newest)
        assert flow.names == ["key left_square_bracket"]
    turns = store.turns(store.sessions()[0].id)
    assert [turn.prompt for turn in turns] == ["once", "twice", "twice"]
    assert turns[1].parent == turns[2].parent == turns[0].turn
    assert [request.sampling.seed for request in backend.requests[1:]] == [0, 1]


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


# A backend that fails


async def test_without_a_model_a_prompt_begins_nothing(store: Store, flow: Flow) -> None:
    app = make_app(store, ScriptedBackend(problem="No model was found."))
    async with app.run_test(size=NARROW, message_hook=flow) as pilot:
        await ready(pilot)
        assert flow.names == ["engine loading", "engine missing"]
        flow.forget()
        await send(pilot, "hello")
        await until(pilot, lambda: "Your prompt is kept" in drawn(app.screen))
    assert flow.names == SENT


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BackendError("The engine stopped (signal SIGSEGV)."), "The engine stopped (signal SIGSEGV)."),
        (ValueError("[b]no[/b]"), "internal error: ValueError('[b]no[/b]')"),
    ],
)
@pytest.mark.parametrize(
    ("after", "told"), [(0, []), (4, ["TurnStarted", "CallStarted", "PrefillProgress", "TextDelta"])]
)
async def test_a_backend_that_raises_ends_the_turn_and_the_next_one_goes_well(
    store: Store, flow: Flow, error: Exception, said: str, after: int, told: list[str]
) -> None:
    app = make_app(store, Failing(error, after))
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await ask(pilot, "fail")
        assert flow.names == [*SENT, *told, "TurnEnded"]
        assert flow.problems == [said]
        assert f"✗ failed · {said}" in drawn(app.screen)
        flow.forget()
        await ask(pilot, "hello")
    assert flow.names == [*SENT, *BASE]
    assert flow.problems == [""]
    stored = [turn.status for turn in store.turns(store.sessions()[0].id)]
    assert stored == (["interrupted", "ok"] if told else ["ok"])


async def test_an_engine_that_died_is_loaded_before_the_next_turn_begins(store: Store, flow: Flow) -> None:
    def script(request: TurnRequest, turn: str) -> list[ev.Event]:
        if request.prompt != "crash":
            return turn_events(request, turn)
        backend.die()
        half = Script(request, turn).call("base", [("answer", "Half")], finish="failed")
        return half.end("failed", "The engine stopped (signal SIGSEGV).")

    backend = ScriptedBackend(script)
    app = make_app(store, backend)
    async with app.run_test(size=WIDE, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await ask(pilot, "crash")
        assert flow.names == [*SENT, "TurnStarted", *CALL, "TurnFinished", "TurnEnded"]
        assert flow.problems == [""]
        flow.forget()
        await ask(pilot, "hello")
    assert flow.names == [*SENT, "engine loading", "engine ready", *BASE]


async def test_what_waits_is_held_when_a_turn_fails(store: Store, flow: Flow) -> None:
    def script(request: TurnRequest, turn: str) -> list[ev.Event]:
        return Script(request, turn).call("base", [("answer", "So it is")]).end("failed", "died")

    backend = ScriptedBackend(script, hold=4)
    app = make_app(store, backend)
    async with app.run_test(size=NARROW, message_hook=flow) as pilot:
        await ready(pilot)
        flow.forget()
        await send(pilot, "first")
        await until(pilot, lambda: "TextDelta" in flow.names)
        await send(pilot, "second")
        await until(pilot, lambda: len(app.chat.queue.waiting) == 1)
        backend.go.set()
        await until(pilot, lambda: app.chat.queue.paused == "the turn failed")
    assert flow.names[-2:] == ["TurnFinished", "TurnEnded"]
    assert flow.names.count("TurnStarted") == 1
    assert [request.prompt for request in backend.requests] == ["first"]
