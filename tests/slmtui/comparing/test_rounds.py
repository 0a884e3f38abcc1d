"""A comparison without a screen: what is asked of the engines, what is told, and what the store has of it."""

import asyncio
from collections.abc import Callable

import pytest

from agents.message import Message, Sampling
from sessions.compare import compare
from sessions.errors import SessionsError
from sessions.store import Store
from slmtui.backend import Backend, TurnRequest
from slmtui.comparing.by_hand import ByHand
from slmtui.comparing.conditions import Conditions
from slmtui.comparing.engines import NO_OTHERS, Engines
from slmtui.comparing.rounds import NOT_BEGUN, Loading, Over, Rounds, Said, Told
from tests.slmtui.tui.comparing import PROMPT, failing
from tests.slmtui.tui.scripted import FACTS, ScriptedBackend
from tools.approval import DENY_ALL

MODEL = FACTS.model
OTHER = "/models/other.gguf"


async def loads(backend: ScriptedBackend) -> str:
    await backend.start(lambda _share: None)
    return ""


async def until(so: Callable[[], bool]) -> None:
    """Wait until `so` holds, as long as it takes."""
    while not so():  # noqa: ASYNC110 - there is no event to wait for
        await asyncio.sleep(0)


class Comparison:
    """A comparison with scripted engines; `told` is all that it said."""

    def __init__(
        self,
        store: Store,
        backend: ScriptedBackend,
        conditions: Conditions | None = None,
        make: Callable[[str], Backend] | None = None,
        history: tuple[Message, ...] = (),
    ) -> None:
        given = conditions or Conditions(models=(MODEL,), loaded=MODEL)
        self.engines = Engines(backend, MODEL, lambda: loads(backend), make)
        self.by_hand = ByHand(store, given)
        self.told: list[Told] = []
        self.stop = asyncio.Event()
        self.rounds = Rounds(self.by_hand, self.engines, self.told.append, history)

    async def ask(self, prompt: str = PROMPT) -> None:
        await self.rounds.go(self.by_hand.begin(prompt), DENY_ALL, self.stop)

    def over(self) -> dict[str, str]:
        return {told.arm: told.problem for told in self.told if isinstance(told, Over)}

    def order(self) -> list[str]:
        """The arms in the order in which their events came, each run of them once."""
        arms = [told.arm for told in self.told if isinstance(told, Said)]
        return [arm for n, arm in enumerate(arms) if n == 0 or arms[n - 1] != arm]


async def test_every_arm_answers_and_is_an_attempt_of_one_run(store: Store) -> None:
    made = Comparison(store, ScriptedBackend())
    await made.ask()
    assert made.over() == {"base": "", "single": "", "multi": ""}
    (run,) = store.suites.runs()
    attempts = store.suites.attempts(run.id)
    assert {each.arm for each in attempts} == {"base", "single", "multi"}
    assert all(each.state is None and store.turn(each.turn).status == "ok" for each in attempts)
    assert [item.prompt for item in store.suites.items(run.id)] == [PROMPT]
    assert store.sessions() == []  # the arms' sessions are no chats


async def test_at_once_the_arms_take_turns_and_else_one_comes_after_the_other(store: Store) -> None:
    made = Comparison(store, ScriptedBackend())
    await made.ask()
    assert len(made.order()) > 3
    alone = Comparison(store, ScriptedBackend(), Conditions(models=(MODEL,), loaded=MODEL, at_once=False))
    await alone.ask()
    assert sorted(alone.order()) == ["base", "multi", "single"]


async def test_one_after_another_no_arm_is_always_the_first(store: Store) -> None:
    """Whoever comes later finds in the KV cache what the others left there."""
    firsts = set()
    made = Comparison(store, ScriptedBackend(), Conditions(models=(MODEL,), loaded=MODEL, at_once=False))
    for number in range(8):
        made.told.clear()
        await made.ask(f"Question {number}")
        firsts.add(made.order()[0])
    assert firsts == {"base", "single", "multi"}


async def test_prompts_and_repeats_join_the_run_and_repeats_have_seeds_of_their_own(
    store: Store,
) -> None:
    backend = ScriptedBackend()
    conditions = Conditions(("base",), (MODEL,), MODEL, sampling=Sampling(seed=40))
    made = Comparison(store, backend, conditions)
    for prompt in (PROMPT, "Another?", PROMPT):
        await made.ask(prompt)
    assert [(each.item, each.repeat) for each in made.by_hand.rounds] == [
        ("by hand/1", 1), ("by hand/2", 1), ("by hand/1", 2)
    ]  # fmt: skip
    assert [request.sampling.seed for request in backend.requests] == [41, 41, 42]
    assert len(store.suites.runs()) == 1


async def test_a_turn_has_no_history_unless_it_is_asked_for(store: Store) -> None:
    backend, before = ScriptedBackend(), (Message("user", "Hello", "history"),)
    made = Comparison(store, backend)
    await made.ask()
    await made.ask()
    assert {request.history for request in backend.requests} == {()}
    with_it = Comparison(store, other := ScriptedBackend(), history=before)
    await with_it.ask()
    assert {request.history for request in other.requests} == {before}


async def test_a_failed_arm_is_kept_as_such_and_the_others_go_on(store: Store) -> None:
    made = Comparison(store, ScriptedBackend(failing("single")))
    await made.ask()
    run = made.by_hand.run
    assert run is not None
    made.by_hand.mark("base", made.by_hand.rounds[0], right=True, preferred=None)
    states = {each.arm: each.state for each in store.suites.attempts(run.id)}
    assert states == {"base": "right", "single": "failed", "multi": None}


async def test_a_backend_that_raises_ends_its_arm_alone(store: Store) -> None:
    class Broken(ScriptedBackend):
        def run(self, request: TurnRequest, stop: asyncio.Event):  # type: ignore[no-untyped-def]
            if request.paradigm == "multi":
                raise RuntimeError("no luck")
            return super().run(request, stop)

    made = Comparison(store, Broken())
    await made.ask()
    assert "no luck" in made.over()["multi"]
    assert made.over()["base"] == made.over()["single"] == ""


async def test_stopping_cancels_what_runs_and_begins_nothing_more(store: Store) -> None:
    backend = ScriptedBackend(hold=8)
    made = Comparison(store, backend, Conditions(models=(MODEL,), loaded=MODEL, at_once=False))
    asked = asyncio.create_task(made.ask())
    await until(lambda: len(made.told) >= 8)
    made.stop.set()
    await asked
    assert sorted(made.over().values()) == ["", NOT_BEGUN, NOT_BEGUN]
    assert made.by_hand.run is not None
    (turn,) = (turn for arm in made.by_hand.arms for turn in store.turns(arm.session))
    assert turn.status == "cancelled"
    assert turn.answer
    assert store.suites.attempts(made.by_hand.run.id) == []  # half an answer would make its arm look cheap


async def test_another_model_has_an_engine_of_its_own_which_is_closed(store: Store) -> None:
    own, made_of = ScriptedBackend(), {}
    two = Conditions(("base",), (MODEL, OTHER), MODEL)

    def make(model: str) -> Backend:
        made_of[model] = ScriptedBackend()
        return made_of[model]

    made = Comparison(store, own, two, make)
    await made.ask()
    await made.ask()
    assert list(made_of) == [OTHER]
    assert len(own.requests) == len(made_of[OTHER].requests) == 2
    assert made.told[0] == Loading("base @other", 0.45)
    await made.engines.close()
    assert made_of[OTHER].closed
    assert not own.closed


async def test_a_model_that_does_not_come_costs_its_arms_alone(store: Store) -> None:
    two = Conditions(("base", "single"), (MODEL, OTHER), MODEL)
    made = Comparison(store, ScriptedBackend(), two, lambda _model: ScriptedBackend(problem="no memory left"))
    await made.ask()
    assert made.over() == {
        f"base @{MODEL}": "", f"single @{MODEL}": "",
        "base @other": "no memory left", "single @other": "no memory left",
    }  # fmt: skip
    refused = Comparison(store, ScriptedBackend(), two)
    await refused.ask()
    assert refused.over()["base @other"] == NO_OTHERS


async def test_stopping_while_a_model_loads_ends_at_once(store: Store) -> None:
    never = ScriptedBackend(load=asyncio.Event())
    made = Comparison(store, never)
    asked = asyncio.create_task(made.ask())
    await until(lambda: bool(never.calls))
    made.stop.set()
    await asked
    assert set(made.over().values()) == {NOT_BEGUN}
    assert made.by_hand.read()[0] == []


async def test_once_it_is_stopped_no_other_model_begins_to_load(store: Store) -> None:
    made_of: list[str] = []

    def make(model: str) -> Backend:
        made_of.append(model)
        return ScriptedBackend()

    never = ScriptedBackend(load=asyncio.Event())
    made = Comparison(store, never, Conditions(("base",), (MODEL, OTHER), MODEL), make)
    asked = asyncio.create_task(made.ask())
    await until(lambda: bool(never.calls))
    made.stop.set()
    await asked
    assert made_of == []
    assert set(made.over().values()) == {NOT_BEGUN}


async def test_marks_are_in_the_comparison_at_once_and_can_be_taken_back(store: Store) -> None:
    made = Comparison(store, ScriptedBackend())
    await made.ask()
    (of,) = made.by_hand.rounds
    made.by_hand.mark("base", of, right=False, preferred=False)
    made.by_hand.mark("single", of, right=True, preferred=True)
    found = compare(*made.by_hand.read())
    pair = found.pair("base", "single")
    assert pair is not None
    assert (pair.n, pair.second_only) == (1, 1)
    (preference,) = (each for each in found.preferences if (each.first, each.second) == ("base", "single"))
    assert (preference.first_better, preference.second_better) == (0, 1)
    made.by_hand.mark("single", of, right=None, preferred=None)
    again = compare(*made.by_hand.read()).pair("base", "single")
    assert again is not None
    assert again.n == 0


def test_nothing_is_stored_before_the_first_prompt(store: Store) -> None:
    made = ByHand(store, Conditions(models=(MODEL,), loaded=MODEL))
    assert made.read() == ([], [])
    assert store.suites.runs() == []


def test_an_unknown_attempt_is_an_error_for_the_user(store: Store) -> None:
    made = ByHand(store, Conditions(models=(MODEL,), loaded=MODEL))
    of = made.begin(PROMPT)
    with pytest.raises(SessionsError):
        made.mark("base", of, right=True, preferred=None)
